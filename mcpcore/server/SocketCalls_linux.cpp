// SPDX-FileCopyrightText: 2026 The Countersign authors
// SPDX-License-Identifier: GPL-3.0-or-later
#include "server/SocketCalls.h"
#include <QFile>
#include <cerrno>
#include <sys/resource.h>
#include <sys/socket.h>
#include <sys/uio.h>
#include <unistd.h>

namespace mcpcore {

void shutDownWriting(qintptr descriptor)
{
    ::shutdown(int(descriptor), SHUT_WR);
}

qint64 sendNow(qintptr descriptor, const std::vector<QByteArray> &pieces)
{
    std::vector<iovec> parts;
    parts.reserve(pieces.size());
    for (const QByteArray &piece : pieces)
        parts.push_back({const_cast<char *>(piece.constData()), size_t(piece.size())});
    msghdr message{};
    message.msg_iov = parts.data();
    message.msg_iovlen = parts.size();
    ssize_t sent = 0;
    do {
        sent = ::sendmsg(int(descriptor), &message, MSG_NOSIGNAL | MSG_DONTWAIT);
    } while (sent < 0 && errno == EINTR);
    if (sent < 0)
        return errno == EAGAIN || errno == EWOULDBLOCK ? 0 : -1;
    return sent;
}

void raiseDescriptorLimit()
{
    rlimit limit{};
    if (::getrlimit(RLIMIT_NOFILE, &limit) == 0 && limit.rlim_cur < limit.rlim_max) {
        limit.rlim_cur = limit.rlim_max;
        ::setrlimit(RLIMIT_NOFILE, &limit);
    }
}

std::optional<LocalPeer> localPeerOf(qintptr descriptor)
{
    ucred credentials{};
    socklen_t size = sizeof credentials;
    if (::getsockopt(int(descriptor), SOL_SOCKET, SO_PEERCRED, &credentials, &size) != 0)
        return std::nullopt;
    return LocalPeer{credentials.pid, qint64(credentials.uid)};
}

qint64 ownUser()
{
    return qint64(::geteuid());
}

qint64 parentOf(qint64 pid)
{
    QFile file(QStringLiteral("/proc/%1/stat").arg(pid));
    if (!file.open(QIODevice::ReadOnly))
        return 0;
    // pid (name) state parent ...; the name may hold anything, so it is skipped from behind.
    const QByteArray stat = file.readAll();
    const QList<QByteArray> fields = stat.mid(stat.lastIndexOf(')') + 2).split(' ');
    return fields.size() > 1 ? fields[1].toLongLong() : 0;
}

QString programOf(qint64 pid)
{
    char path[4096];
    const ssize_t size = ::readlink(QStringLiteral("/proc/%1/exe").arg(pid).toLatin1().constData(), path, sizeof path);
    if (size <= 0)
        return {};
    QString program = QFile::decodeName(QByteArray(path, size));
    // The program was replaced by an update while it runs.
    if (const QString deleted = QStringLiteral(" (deleted)"); program.endsWith(deleted))
        program.chop(deleted.size());
    return program;
}

} // namespace mcpcore
