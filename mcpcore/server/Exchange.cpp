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
    send(wholeResponse(status, contentType, body, m_connection->afterResponse(), fields));
    finished();
}

void Exchange::beginStream(const std::vector<HeaderField> &fields)
{
    if (m_state != State::Waiting || !m_connection)
        return;
    m_state = State::Streaming;
    send(streamHead(m_connection->afterResponse(), fields));
}

void Exchange::event(const QByteArray &message)
{
    if (m_state == State::Streaming)
        send(eventChunk(message));
}

void Exchange::endStream()
{
    if (m_state != State::Streaming)
        return;
    send(lastChunk());
    finished();
}

void Exchange::endStream(const QByteArray &lastMessage)
{
    if (m_state != State::Streaming)
        return;
    send(eventChunk(lastMessage) + lastChunk());
    finished();
}

void Exchange::keepAlive()
{
    if (++m_quietTicks >= 2 && m_state == State::Streaming)
        send(commentChunk());
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

void Exchange::send(const QByteArray &bytes)
{
    m_quietTicks = 0;
    if (m_connection)
        m_connection->send(bytes);
}

void Exchange::finished()
{
    m_state = State::Answered;
    m_gone = nullptr;
    if (const auto connection = std::exchange(m_connection, nullptr))
        connection->finish();
}

} // namespace mcpcore
