// SPDX-FileCopyrightText: 2026 The Countersign authors
// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once
#include <QByteArray>
#include <QString>
#include <QtGlobal>
#include <optional>
#include <vector>

namespace mcpcore {

// What Qt has no call for, per operating system (SocketCalls_<os>.cpp).

// Tells the other end that nothing more comes; reading goes on.
void shutDownWriting(qintptr descriptor);
// Writes what the system takes now of these pieces, in their order: the number of bytes, or -1 when the connection broke.
// (QTcpSocket switches a notifier on and off for every write; with GLib that costs four more system calls an answer.)
qint64 sendNow(qintptr descriptor, const std::vector<QByteArray> &pieces);
// As many connections as the system allows this process.
void raiseDescriptorLimit();

struct LocalPeer {
    qint64 pid = 0;
    qint64 user = -1;
};
// Who is at the other end of a local socket, as the kernel recorded it when the connection was made.
std::optional<LocalPeer> localPeerOf(qintptr descriptor);
qint64 ownUser();
// The process that started this one; 0 = not known.
qint64 parentOf(qint64 pid);
// The path of a process's executable; empty = not known.
QString programOf(qint64 pid);

} // namespace mcpcore
