// SPDX-FileCopyrightText: 2026 The Countersign authors
// SPDX-License-Identifier: GPL-3.0-or-later
#include "server/HttpSession.h"

namespace mcpcore {

Result<> HttpSession::open(FrontDoor &frontDoor)
{
    auto session = frontDoor.open(m_client, Peer{}, m_scope, *this);
    if (!session)
        return failure(session.error());
    m_session = std::move(*session);
    connect(m_session.get(), &ClientSession::shutOut, this, &HttpSession::shutOut);
    return {};
}

bool HttpSession::isReachableBy(const Exchange &exchange) const
{
    return exchange.client() == m_client && exchange.scope().connection == m_scope.connection
           && exchange.scope().environment == m_scope.environment;
}

void HttpSession::expect(const std::shared_ptr<Exchange> &exchange, const QList<QByteArray> &requests, Reply reply)
{
    wait(std::make_shared<Waiting>(Waiting{exchange, requests, reply}));
}

void HttpSession::expectBeginning(const std::shared_ptr<Exchange> &exchange, const QByteArray &request)
{
    wait(std::make_shared<Waiting>(Waiting{exchange, {request}, Reply::Whole, true}));
}

void HttpSession::wait(const std::shared_ptr<Waiting> &waiting)
{
    for (const QByteArray &request : std::as_const(waiting->requests))
        m_waiting.insert(request, waiting);
    waiting->exchange->onGone(this, [this, weak = std::weak_ptr(waiting)] {
        const auto lost = weak.lock();
        if (!lost)
            return;
        for (const QByteArray &request : std::as_const(lost->requests)) {
            m_waiting.remove(request);
            m_session->requestStreamLost(request);
        }
        if (lost->isBeginning)
            Q_EMIT neverBegan();
    });
}

void HttpSession::receive(const RawJson &message, const QByteArray &request)
{
    m_receiving = request;
    m_session->receive(message);
    m_receiving.clear();
    if (const auto waiting = m_waiting.value(request); waiting && waiting->reply == Reply::Stream && !waiting->exchange->isStreaming())
        Q_EMIT streamOwed();
}

void HttpSession::openStreams()
{
    const auto open = m_waiting;
    for (const auto &waiting : open)
        if (waiting->reply == Reply::Stream && !waiting->exchange->isStreaming())
            stream(*waiting);
}

void HttpSession::answer(const QByteArray &request, const QByteArray &message)
{
    // An unreadable request is answered without its id, at once.
    const auto waiting = m_waiting.take(request.isEmpty() ? m_receiving : request);
    if (!waiting)
        return; // nobody waits any more
    waiting->requests.removeOne(request.isEmpty() ? m_receiving : request);
    Exchange &exchange = *waiting->exchange;
    std::vector<HeaderField> fields;
    if (waiting->isBeginning) {
        if (memberOf(RawJson(message), "error").isEmpty())
            fields.push_back({"Mcp-Session-Id", m_id});
        else
            Q_EMIT neverBegan();
    }
    if (!exchange.isStreaming() && waiting->reply == Reply::Stream && !waiting->requests.isEmpty())
        stream(*waiting);
    if (!exchange.isStreaming() && waiting->reply == Reply::Whole)
        exchange.respond(200, QByteArrayLiteral("application/json"), message, fields);
    else if (waiting->requests.isEmpty())
        exchange.endStream(message);
    else
        exchange.event(message);
}

void HttpSession::push(const QByteArray &request, const QByteArray &message)
{
    if (const auto waiting = m_waiting.value(request)) {
        if (!waiting->isBeginning && !waiting->exchange->isStreaming()
            && acceptanceOf(waiting->exchange->head(), "text/event-stream") != Acceptance::No)
            stream(*waiting);
        if (waiting->exchange->isStreaming())
            return waiting->exchange->event(message);
    }
    if (isListening())
        m_stream->event(message);
    else
        keep(message);
}

void HttpSession::cancelled(const QByteArray &request)
{
    const auto waiting = m_waiting.take(request);
    if (!waiting)
        return;
    waiting->requests.removeOne(request);
    if (!waiting->requests.isEmpty())
        return;
    if (waiting->exchange->isStreaming())
        waiting->exchange->endStream();
    else
        waiting->exchange->respond(202, {}, {});
}

void HttpSession::listen(const std::shared_ptr<Exchange> &exchange)
{
    m_stream = exchange;
    exchange->onGone(this, [this, weak = std::weak_ptr(exchange)] {
        if (m_stream == weak.lock())
            m_stream.reset();
    });
    exchange->beginStream();
    Q_EMIT streamOpened(exchange);
    for (const QByteArray &message : std::exchange(m_kept, {}))
        exchange->event(message);
    m_keptBytes = 0;
}

void HttpSession::close()
{
    m_session.reset();
    for (const auto &waiting : std::exchange(m_waiting, {}))
        if (waiting->exchange->isStreaming())
            waiting->exchange->endStream();
    m_stream.reset();
}

void HttpSession::stream(const Waiting &waiting)
{
    waiting.exchange->beginStream();
    Q_EMIT streamOpened(waiting.exchange);
}

void HttpSession::keep(const QByteArray &message)
{
    if (message.size() > m_limits.keptBytes)
        return;
    m_kept.push_back(message);
    m_keptBytes += message.size();
    while (int(m_kept.size()) > m_limits.keptMessages || m_keptBytes > m_limits.keptBytes) {
        m_keptBytes -= m_kept.front().size();
        m_kept.pop_front();
    }
}

} // namespace mcpcore
