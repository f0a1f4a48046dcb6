// SPDX-FileCopyrightText: 2026 The Countersign authors
// SPDX-License-Identifier: GPL-3.0-or-later
#include "server/LocalListener.h"
#include "server/SocketCalls.h"
#include <QFileInfo>

namespace mcpcore {

LocalListener::LocalListener(const Limits &limits, std::function<void(QLocalSocket *)> accepted, QObject *parent)
    : QObject(parent), m_limits(limits), m_accepted(std::move(accepted))
{
    m_server.setSocketOptions(QLocalServer::UserAccessOption);
    m_server.setMaxPendingConnections(m_limits.localConnections);
    connect(&m_server, &QLocalServer::newConnection, this, &LocalListener::onNewConnection);
}

LocalListener::~LocalListener()
{
    m_server.close();
}

Result<> LocalListener::listen(const QString &path)
{
    // A socket of another user, or something that is no socket, is not ours to remove.
    const QFileInfo there(path);
    if (there.exists() && (there.isFile() || there.isDir() || there.isSymLink() || qint64(there.ownerId()) != ownUser()))
        return failure(Error::Kind::FileFailed, QStringLiteral("%1 is in the way. Remove it.").arg(path));
    QLocalServer::removeServer(path);
    if (!m_server.listen(path))
        return failure(Error::Kind::FileFailed, QStringLiteral("Cannot listen on %1: %2.").arg(path, m_server.errorString()));
    return {};
}

void LocalListener::onNewConnection()
{
    while (QLocalSocket *socket = m_server.nextPendingConnection()) {
        const auto peer = localPeerOf(socket->socketDescriptor());
        connect(socket, &QLocalSocket::disconnected, socket, &QObject::deleteLater);
        if (!peer || peer->user != ownUser() || m_open >= m_limits.localConnections) {
            socket->abort();
            socket->deleteLater();
            continue;
        }
        ++m_open;
        connect(socket, &QObject::destroyed, this, [this] { --m_open; });
        m_accepted(socket);
    }
}

bool LineReader::read(QLocalSocket &socket)
{
    if (m_at > 0) {
        m_bytes.remove(0, m_at);
        m_scanned -= m_at;
        m_at = 0;
    }
    m_bytes += socket.readAll();
    // Whole lines are taken out one by one by next(); what counts here is the unfinished one.
    const qsizetype lastEnd = m_bytes.lastIndexOf('\n');
    return m_bytes.size() - (lastEnd + 1) <= m_longest;
}

std::optional<QByteArray> LineReader::next()
{
    const qsizetype end = m_bytes.indexOf('\n', m_scanned);
    if (end < 0) {
        m_scanned = m_bytes.size();
        return std::nullopt;
    }
    QByteArray line = m_bytes.mid(m_at, end - m_at);
    if (line.endsWith('\r'))
        line.chop(1);
    m_at = m_scanned = end + 1;
    return line;
}

} // namespace mcpcore
