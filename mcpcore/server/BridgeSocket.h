// SPDX-FileCopyrightText: 2026 The Countersign authors
// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once
#include "gateway/FrontDoor.h"
#include "server/LocalListener.h"

namespace mcpcore {

// bridge.sock: one connection is one client's conversation. The first line says who: {"bridge":1,"client":"ID"} and
// perhaps "connection" and "environment"; it is answered by {"ok":true}, or by {"error":{"kind","message"}} and the end.
// After that JSON-RPC both ways, one message a line. Core thread; `frontDoor` outlives it.
class BridgeSocket final : public QObject
{
    Q_OBJECT
public:
    BridgeSocket(FrontDoor &frontDoor, const Limits &limits, QObject *parent = nullptr);
    Result<> listen(const QString &path) { return m_listener.listen(path); }

private:
    FrontDoor &m_frontDoor;
    const Limits &m_limits;
    LocalListener m_listener;
};

// One connection of the bridge. A child of its socket.
class BridgeConnection final : public QObject, public SessionOutput
{
    Q_OBJECT
public:
    BridgeConnection(FrontDoor &frontDoor, const Limits &limits, QLocalSocket &socket);
    ~BridgeConnection() override;

    void answer(const QByteArray &request, const QByteArray &message) override;
    void push(const QByteArray &request, const QByteArray &message) override;

private:
    void onReadyRead();
    void greet(const QByteArray &line);
    void receive(QByteArray line);
    void refuse(const Error &error);
    void send(const QByteArray &message);
    FrontDoor &m_frontDoor;
    const Limits &m_limits;
    QLocalSocket &m_socket;
    LineReader m_lines;
    std::unique_ptr<ClientSession> m_session;
};

} // namespace mcpcore
