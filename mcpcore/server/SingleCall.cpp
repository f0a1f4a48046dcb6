// SPDX-FileCopyrightText: 2026 The Countersign authors
// SPDX-License-Identifier: GPL-3.0-or-later
#include "server/SingleCall.h"
#include "base/Post.h"
#include "protocol/ErrorMapping.h"
#include "protocol/Message.h"

namespace mcpcore {

namespace {

// Longer than any id that a client would choose, and never sent to one.
const QByteArray handshakeId = QByteArrayLiteral("\"countersign-handshake-of-a-single-call\"");

} // namespace

SingleCall::SingleCall(std::shared_ptr<Exchange> exchange, QByteArray request, QObject *parent)
    : QObject(parent), m_exchange(std::move(exchange)), m_request(std::move(request))
{
    m_exchange->onGone(this, [this] { deleteLater(); });
}

Result<> SingleCall::start(FrontDoor &frontDoor)
{
    auto session = frontDoor.open(m_exchange->client(), Peer{}, m_exchange->scope(), *this);
    if (!session)
        return failure(session.error());
    m_session = std::move(*session);
    connect(m_session.get(), &ClientSession::shutOut, this, [this] {
        const Error error{Error::Kind::Unauthorized, QStringLiteral("This client was removed or revoked in Countersign.")};
        m_exchange->respond(httpStatusOf(error.kind), QByteArrayLiteral("application/json"), errorMessage(m_request, error));
        deleteLater();
    });
    m_session->receive(RawJson("{\"jsonrpc\":\"2.0\",\"id\":" + handshakeId
                               + ",\"method\":\"initialize\",\"params\":{\"protocolVersion\":\"2025-11-25\",\"capabilities\":{},"
                                 "\"clientInfo\":{\"name\":\"single call\",\"version\":\"1\"}}}"));
    return {};
}

void SingleCall::answer(const QByteArray &request, const QByteArray &message)
{
    if (request != handshakeId)
        return respond(message);
    if (m_session->protocolVersion().isEmpty())
        return respond(withMembers(RawJson(message), {{"id", m_request}}));
    // The handshake can be answered while it is being handed over; the call follows after that.
    post(this, [this] {
        m_session->receive(RawJson(QByteArrayLiteral("{\"jsonrpc\":\"2.0\",\"method\":\"notifications/initialized\"}")));
        m_session->receive(RawJson(m_exchange->body()));
    });
}

void SingleCall::push(const QByteArray &, const QByteArray &) {}

void SingleCall::respond(const QByteArray &message)
{
    m_exchange->respond(200, QByteArrayLiteral("application/json"), message);
    deleteLater();
}

} // namespace mcpcore
