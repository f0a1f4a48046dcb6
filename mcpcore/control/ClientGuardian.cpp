// SPDX-FileCopyrightText: 2026 The Countersign authors
// SPDX-License-Identifier: GPL-3.0-or-later
#include "control/ClientGuardian.h"
#include "audit/ActivityLog.h"
#include "base/Json.h"
#include "control/ClientConnector.h"
#include <QFileInfo>
#include <QPointer>

namespace mcpcore {

namespace {

// A client writes its file in several steps; what counts is how it is when they are over.
constexpr std::chrono::milliseconds kCalm{1000};

QString sentenceFor(const WatchedEntry &entry)
{
    switch (entry.state) {
    case EntryState::Kind::Gone: return QStringLiteral("The entry of %1 is gone from %2: somebody took it out.");
    case EntryState::Kind::Altered: return QStringLiteral("The entry of %1 in %2 was altered by somebody else.");
    case EntryState::Kind::Unreadable: return QStringLiteral("The entry of %1 cannot be looked at any more: %2 cannot be read.");
    case EntryState::Kind::Ours: return QStringLiteral("The entry of %1 in %2 is as Countersign wrote it again.");
    case EntryState::Kind::None: return {};
    }
    Q_UNREACHABLE();
}

} // namespace

ClientGuardian::ClientGuardian(ClientConnector &clients, ActivityLog &log, const Clock &clock, QObject *parent)
    : QObject(parent), m_clients(clients), m_log(log), m_clock(clock)
{
    // A file that is replaced is watched no more; its folder tells of the new one.
    connect(&m_watcher, &QFileSystemWatcher::fileChanged, this, &ClientGuardian::lookSoon);
    connect(&m_watcher, &QFileSystemWatcher::directoryChanged, this, &ClientGuardian::lookSoon);
    connect(&m_clients, &ClientConnector::wrote, this, &ClientGuardian::lookSoon);
    look();
}

void ClientGuardian::lookSoon()
{
    if (std::exchange(m_looksSoon, true))
        return;
    m_clock.after(kCalm, this, [this] { look(); });
}

void ClientGuardian::look()
{
    m_looksSoon = false;
    m_clients.watched([self = QPointer(this)](const QList<WatchedEntry> &entries) {
        if (self)
            self->take(entries);
    });
}

void ClientGuardian::take(const QList<WatchedEntry> &entries)
{
    QHash<QString, EntryState::Kind> now;
    bool differs = false;
    for (const WatchedEntry &entry : entries) {
        const QString key = entry.file + QLatin1Char('\n') + entry.name;
        now.insert(key, entry.state);
        // What was so before this program started is news, too, unless it is good.
        const EntryState::Kind before = m_known.value(key, EntryState::Kind::Ours);
        if (before == entry.state)
            continue;
        differs = true;
        m_log.append({LogRow::Kind::Client, {}, sentenceFor(entry).arg(entry.client, entry.file), {}});
    }
    differs |= now.size() != m_known.size();
    m_known = now;
    for (const WatchedEntry &entry : entries)
        for (const QString &path : {entry.file, QFileInfo(entry.file).path()})
            if (!m_watcher.files().contains(path) && !m_watcher.directories().contains(path) && QFileInfo::exists(path))
                m_watcher.addPath(path);
    if (differs)
        Q_EMIT changed();
}

} // namespace mcpcore
