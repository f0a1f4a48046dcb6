// SPDX-FileCopyrightText: 2026 The Countersign authors
// SPDX-License-Identifier: GPL-3.0-or-later
#include "server/Exchange.h"
#include "base/Post.h"
#include "protocol/ErrorMapping.h"
#include "server/ConnectionGuard.h"

namespace mcpcore {

namespace {

QByteArray padded(QByteArray body)
{
    padForReading(body);
    return body;
}

} // namespace

Exchange::Exchange(ConnectionGuard &connection, RequestHead head, Admitted admitted, QByteArray body)
    : m_connection(&connection), m_head(std::move(head)), m_admitted(std::move(admitted)), m_body(padded(std::move(body)))
{}

Exchange::~Exchange()
{
    m_gone = nullptr;
    if (m_state == State::Streaming)
        endStream();
    else if (m_state == State::Waiting)
        respond(500, QByteArrayLiteral("application/json"),
                errorMessage({}, Error{Error::Kind::Abandoned, QStringLiteral("The request was dropped before it was answered.")}));
}

void Exchange::respond(int status, const QByteArray &contentType, const QByteArray &body, const std::vector<HeaderField> &fields)
{
    if (m_state != State::Waiting || !m_connection)
        return;
    send({responseHead(status, contentType, body, m_connection->afterResponse(), fields), body});
    finished();
}

void Exchange::beginStream()
{
    if (m_state != State::Waiting || !m_connection)
        return;
    m_state = State::Streaming;
    send({streamHead(m_connection->afterResponse())});
}

void Exchange::prime(const QByteArray &id)
{
    if (m_state == State::Streaming)
        send({primingChunk(id)});
}

void Exchange::event(const QByteArray &message, const QByteArray &id)
{
    if (m_state != State::Streaming)
        return;
    std::vector<QByteArray> pieces;
    addEvent(pieces, message, id);
    send(pieces);
}

void Exchange::endStream()
{
    if (m_state != State::Streaming)
        return;
    send({lastChunk()});
    finished();
}

void Exchange::endStream(const QByteArray &lastMessage, const QByteArray &id)
{
    if (m_state == State::Answered || !m_connection)
        return;
    std::vector<QByteArray> pieces;
    pieces.reserve(5);
    if (m_state == State::Waiting)
        pieces.push_back(streamHead(m_connection->afterResponse()));
    addEvent(pieces, lastMessage, id);
    pieces.push_back(lastChunk());
    send(pieces);
    finished();
}

void Exchange::keepAlive()
{
    if (++m_quietTicks >= 2 && m_state == State::Streaming)
        send({commentChunk()});
}

void Exchange::onGone(QObject *context, std::function<void()> function)
{
    m_goneContext = context;
    m_gone = std::move(function);
    if (m_lost)
        connectionLost();
}

void Exchange::connectionLost()
{
    m_connection = nullptr;
    m_lost = true;
    m_state = State::Answered;
    if (m_gone && m_goneContext)
        post(m_goneContext.data(), std::exchange(m_gone, nullptr));
}

void Exchange::send(const std::vector<QByteArray> &pieces)
{
    m_quietTicks = 0;
    if (m_connection)
        m_connection->send(pieces);
}

void Exchange::finished()
{
    m_state = State::Answered;
    m_gone = nullptr;
    if (const auto connection = std::exchange(m_connection, nullptr))
        connection->finish();
}

} // namespace mcpcore
