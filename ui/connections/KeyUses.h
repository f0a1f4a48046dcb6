// SPDX-FileCopyrightText: 2026 The Countersign authors
// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once
#include "ui/connections/ConnectionText.h"
#include "ui/shell/Desk.h"
#include <QHash>
#include <QThreadPool>

namespace ui {

// Which clients used the keys of a place, by the newest calls in the activity log. Read in a thread of its own: the log may be
// long. Owned by the page.
class KeyUses final : public QObject
{
    Q_OBJECT
public:
    KeyUses(Desk &desk, QObject *parent);

    void look(const Place &place);
    // Null until the log was read for its place.
    const KeyUse *at(const mcpcore::KeyId &key) const;

Q_SIGNALS:
    void changed();

private:
    struct Call {
        QString client;
        std::chrono::milliseconds time;
    };
    void take(const Place &place, const QList<Call> &calls);

    Desk &m_desk;
    QHash<QString, KeyUse> m_uses; // by id of the key
    bool m_reading = false;
    Place m_next;
    QThreadPool m_pool; // last: it ends before the rest goes
};

} // namespace ui
