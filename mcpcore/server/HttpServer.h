// SPDX-FileCopyrightText: 2026 The Countersign authors
// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once
#include "server/Exchange.h"
#include "server/GuardedTcpServer.h"
#include <QObject>

namespace mcpcore {

// The HTTP endpoint on 127.0.0.1: Qt HttpServer behind the guard. Hands every admitted request to `handle`.
class HttpServer final : public QObject
{
    Q_OBJECT
public:
    using Handle = std::function<void(std::shared_ptr<Exchange>)>;
    HttpServer(GuardRules rules, Handle handle, QObject *parent = nullptr);
    ~HttpServer() override;

    // 0 = any free port (tests). Conflict when the port is taken: another port is never chosen silently.
    Result<quint16> listen(quint16 port);
    quint16 port() const { return m_tcp->serverPort(); }
    // Takes no new connections; open ones go on.
    void stopListening() { m_tcp->close(); }

private:
    class Glue;
    std::unique_ptr<GuardedTcpServer> m_tcp;
    std::unique_ptr<Glue> m_glue;
};

} // namespace mcpcore
