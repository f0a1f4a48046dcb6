// SPDX-FileCopyrightText: 2026 The Countersign authors
// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once
#include "ui/connections/ConnectionText.h"
#include "ui/shell/Desk.h"
#include <QHash>

namespace ui {

// The sign-ins that were begun in this window, and what came of them. Owned by the page; sends intents, decides nothing.
class SignIns final : public QObject
{
    Q_OBJECT
public:
    SignIns(Desk &desk, QObject *parent) : QObject(parent), m_desk(desk) {}

    // Null when nothing was begun here since the place was last looked at anew.
    const SignInProgress *at(const Place &place) const;
    void begin(const Place &place);
    void cancel(const Place &place);
    void signOut(const Place &place);

Q_SIGNALS:
    void changed();
    // One line for the window's foot.
    void said(const QString &sentence);

private:
    struct Entry {
        SignInProgress progress;
        quint64 number = 0; // what an earlier one still has to say is not listened to
    };
    quint64 start(const Place &place, SignInProgress::Phase phase);
    Entry *find(const Place &place, quint64 number);
    void finish(const Place &place, quint64 number, const mcpcore::Result<> &how);

    Desk &m_desk;
    QHash<Place, Entry> m_entries;
    quint64 m_last = 0;
};

} // namespace ui
