// SPDX-FileCopyrightText: 2026 The Countersign authors
// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once
#include "base/Clock.h"
#include "control/ClientSights.h"
#include <QFileSystemWatcher>
#include <QHash>

namespace mcpcore {

class ActivityLog;
class ClientConnector;

// Watches the files in which clients are connected: an entry of ours that somebody takes out or alters is recorded and told, once, and so is its
// return. It never writes by itself: who took an entry out may have meant it, so a person decides over a repair. Core thread, while the gateway listens.
class ClientGuardian : public QObject
{
    Q_OBJECT
public:
    ClientGuardian(ClientConnector &clients, ActivityLog &log, const Clock &clock, QObject *parent = nullptr);

Q_SIGNALS:
    void changed(); // an entry stands otherwise than before

private:
    void lookSoon();
    void look();
    void take(const QList<WatchedEntry> &entries);

    ClientConnector &m_clients;
    ActivityLog &m_log;
    const Clock &m_clock;
    QFileSystemWatcher m_watcher;
    QHash<QString, EntryState::Kind> m_known; // by file and name of the entry
    bool m_looksSoon = false;
};

} // namespace mcpcore
