// SPDX-FileCopyrightText: 2026 The Countersign authors
// SPDX-License-Identifier: GPL-3.0-or-later
#include "server/BridgeSocket.h"
#include "protocol/ErrorMapping.h"
#include "protocol/Message.h"
#include "server/Response.h"
#include "server/SocketCalls.h"

namespace mcpcore {

namespace {

constexpr int parseErrorCode = -32700;

Peer peerOf(qintptr descriptor)
{
    Peer peer;
    peer.way = Peer::Way::Bridge;
    if (const auto bridge = localPeerOf(descriptor)) {
        peer.pid = parentOf(bridge->pid);
        peer.program = programOf(peer.pid);
    }
    return peer;
}

QString textAt(const std::vector<RawMember> &members, std::string_view key)
{
    const auto text = textOf(memberOf(members, key));
    return text ? *text : QString();
}

bool isBatch(const RawJson &line)
{
    const size_t first = line.view().find_first_not_of(" \t\r");
    return first != std::string_view::npos && line.view()[first] == '[';
}

} // namespace

BridgeSocket::BridgeSocket(FrontDoor &frontDoor, const Limits &limits, QObject *parent)
    : QObject(parent),
      m_frontDoor(frontDoor),
      m_limits(limits),
      m_listener(limits, [this](QLocalSocket *socket) { new BridgeConnection(m_frontDoor, m_limits, *socket); })
{}

BridgeConnection::BridgeConnection(FrontDoor &frontDoor, const Limits &limits, QLocalSocket &socket)
    : QObject(&socket), m_frontDoor(frontDoor), m_limits(limits), m_socket(socket), m_lines(limits.bridgeLine)
{
    connect(&socket, &QLocalSocket::readyRead, this, &BridgeConnection::onReadyRead);
    // The client is gone: what runs for it ends now, not when the socket object does.
    connect(&socket, &QLocalSocket::disconnected, this, [this] { deleteLater(); });
}

BridgeConnection::~BridgeConnection() = default;

void BridgeConnection::onReadyRead()
{
    const bool fits = m_lines.read(m_socket);
    while (const auto line = m_lines.next()) {
        if (m_socket.state() != QLocalSocket::ConnectedState)
            return;
        if (line->size() > m_limits.bridgeLine)
            return refuse({Error::Kind::InvalidRequest, QStringLiteral("A message is longer than %1 bytes.").arg(m_limits.bridgeLine)});
        if (!m_session)
            greet(*line);
        else if (!line->isEmpty())
            receive(*line);
    }
    if (!fits)
        refuse({Error::Kind::InvalidRequest, QStringLiteral("A message is longer than %1 bytes.").arg(m_limits.bridgeLine)});
}

void BridgeConnection::greet(const QByteArray &line)
{
    const auto hello = membersOf(RawJson(line));
    if (!hello || memberOf(*hello, "bridge").view() != "1")
        return refuse({Error::Kind::InvalidRequest, QStringLiteral("This bridge is of another version. Install bridge and app together.")});
    Peer peer = peerOf(m_socket.socketDescriptor());
    const auto client = m_frontDoor.bridgeClient(textAt(*hello, "client"), peer);
    if (!client)
        return refuse(client.error());
    Scope scope;
    const QString connection = textAt(*hello, "connection");
    const QString environment = textAt(*hello, "environment");
    if (connection.isEmpty() != environment.isEmpty())
        return refuse({Error::Kind::InvalidArgument, QStringLiteral("Name both the connection and the environment, or neither.")});
    if (!connection.isEmpty())
        scope = {ConnectionId{connection}, EnvironmentId{environment}};
    auto session = m_frontDoor.open(*client, peer, scope, *this);
    if (!session)
        return refuse(session.error());
    m_session = std::move(*session);
    connect(
        m_session.get(), &ClientSession::shutOut, this,
        [this] {
            refuse({Error::Kind::Unauthorized, QStringLiteral("This client was removed or revoked in Countersign.")});
        },
        Qt::QueuedConnection);
    send(QByteArrayLiteral("{\"ok\":true}"));
}

void BridgeConnection::receive(QByteArray line)
{
    padForReading(line);
    const RawJson message(line);
    if (!isBatch(message))
        return m_session->receive(message);
    const auto elements = elementsOf(message);
    if (!elements)
        return send(errorMessage({}, parseErrorCode, elements.error().message));
    if (m_session->protocolVersion() != QLatin1String("2025-03-26") || elements->empty() || int(elements->size()) > m_limits.batch)
        return send(errorMessage({}, Error{Error::Kind::InvalidRequest,
                                           QStringLiteral("Batches exist in version 2025-03-26 only. Send one message at a time.")}));
    for (const RawJson &element : *elements)
        m_session->receive(element);
}

void BridgeConnection::answer(const QByteArray &, const QByteArray &message)
{
    send(message);
}

void BridgeConnection::push(const QByteArray &, const QByteArray &message)
{
    send(message);
}

void BridgeConnection::refuse(const Error &error)
{
    m_frontDoor.refused(error.message);
    if (m_session)
        send(errorMessage({}, error));
    else
        send("{\"error\":{\"kind\":" + quoted(nameOf(error.kind)) + ",\"message\":" + quoted(error.message) + "}}");
    m_socket.disconnectFromServer();
}

void BridgeConnection::send(const QByteArray &message)
{
    if (m_socket.state() != QLocalSocket::ConnectedState)
        return;
    if (m_socket.bytesToWrite() > m_limits.queuedOutput)
        return m_socket.abort();
    m_socket.write(onOneLine(message) + '\n');
    m_socket.flush();
}

} // namespace mcpcore
