// SPDX-FileCopyrightText: 2026 The Countersign authors
// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once
#include "base/Result.h"
#include "server/Limits.h"
#include <QLocalServer>
#include <QLocalSocket>
#include <functional>

namespace mcpcore {

// A local socket for this user only: mode 0600, the peer's user checked by the kernel's record, a bounded number of
// connections. Whoever listens owns the profile (holds its lock), so a socket that is already there is left over and removed.
class LocalListener final : public QObject
{
    Q_OBJECT
public:
    // `accepted` takes a connection of this user; the socket is its own child's to delete.
    LocalListener(const Limits &limits, std::function<void(QLocalSocket *)> accepted, QObject *parent = nullptr);
    ~LocalListener() override;
    Result<> listen(const QString &path);

private:
    void onNewConnection();
    const Limits &m_limits;
    std::function<void(QLocalSocket *)> m_accepted;
    QLocalServer m_server;
    int m_open = 0;
};

// Splits what a local socket reads into lines, up to a length; longer ones end the connection.
class LineReader
{
public:
    explicit LineReader(qsizetype longest) : m_longest(longest) {}
    // False when a line is longer than allowed: nothing more is read then.
    bool read(QLocalSocket &socket);
    // The next whole line without its end; nothing when there is none yet.
    std::optional<QByteArray> next();

private:
    qsizetype m_longest;
    QByteArray m_bytes;
    qsizetype m_at = 0;      // start of the next line
    qsizetype m_scanned = 0; // no line end before this
};

} // namespace mcpcore
