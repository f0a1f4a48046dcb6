// SPDX-FileCopyrightText: 2026 The Countersign authors
// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once
#include "ui/connections/ConnectionText.h"
#include "ui/shell/Desk.h"
#include <QHash>

namespace ui {

// The keys that were asked about in this window, and what came of it. Owned by the page; sends intents, decides nothing.
class KeyActs final : public QObject
{
    Q_OBJECT
public:
    KeyActs(Desk &desk, QObject *parent) : QObject(parent), m_desk(desk) {}

    // Null when nobody asked about this key here since it was set.
    const KeyProgress *at(const mcpcore::KeyId &key) const;
    void verify(const mcpcore::KeyRecord &key);
    // Every key that is not being asked about.
    void verifyAll();

Q_SIGNALS:
    void changed();

private:
    void finish(const mcpcore::KeyId &key, const mcpcore::Result<QString> &said);

    Desk &m_desk;
    QHash<QString, KeyProgress> m_entries; // by id: a replaced key is another one
};

} // namespace ui
