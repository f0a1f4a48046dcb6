// SPDX-FileCopyrightText: 2026 The Countersign authors
// SPDX-License-Identifier: GPL-3.0-or-later
#include "server/HttpSession.h"
#include <algorithm>

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
    watch(waiting);
}

void HttpSession::watch(const std::shared_ptr<Waiting> &waiting)
{
    waiting->exchange->onGone(this, [this, weak = std::weak_ptr(waiting), gone = waiting->exchange.get()] {
        if (const auto left = weak.lock(); left && left->exchange.get() == gone)
            lost(left);
    });
}

// A client that knows an event of the stream may come back for the rest; nobody can read the answer of any other.
void HttpSession::lost(const std::shared_ptr<Waiting> &waiting)
{
    if (waiting->stream == 0)
        return giveUp(waiting);
    waiting->isAwaited = true;
    const auto stillAway = [waiting = std::weak_ptr(waiting), exchange = std::weak_ptr(waiting->exchange)] {
        const auto away = waiting.lock();
        return away && away->isAwaited && away->exchange == exchange.lock() ? away : nullptr;
    };
    m_clock.after(m_limits.returnTime, this, [this, stillAway] {
        if (const auto away = stillAway())
            for (const QByteArray &request : QList<QByteArray>(away->requests))
                m_session->requestStreamLost(request);
    });
    m_clock.after(m_limits.answerTime, this, [this, stillAway] {
        if (const auto away = stillAway())
            for (const QByteArray &request : std::as_const(away->requests))
                m_waiting.remove(request);
    });
}

void HttpSession::giveUp(const std::shared_ptr<Waiting> &waiting)
{
    for (const QByteArray &request : std::as_const(waiting->requests)) {
        m_waiting.remove(request);
        m_session->requestStreamLost(request);
    }
    if (waiting->isBeginning)
        Q_EMIT neverBegan();
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
        if (waiting->reply == Reply::Stream && !waiting->exchange->isStreaming() && !waiting->isAwaited)
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
    if (!exchange.isStreaming() && waiting->reply == Reply::Stream && !waiting->requests.isEmpty() && !waiting->isAwaited)
        stream(*waiting);
    if (waiting->stream == 0 && waiting->reply == Reply::Whole)
        exchange.respond(200, QByteArrayLiteral("application/json"), message, fields);
    else if (waiting->requests.isEmpty())
        exchange.endStream(message, waiting->stream == 0 ? QByteArray() : m_log.add(waiting->stream, message));
    else
        send(*waiting, message);
}

void HttpSession::push(const QByteArray &request, const QByteArray &message)
{
    if (const auto waiting = m_waiting.value(request)) {
        if (!waiting->isBeginning && waiting->stream == 0 && acceptanceOf(waiting->exchange->head(), "text/event-stream") != Acceptance::No)
            stream(*waiting);
        if (waiting->stream != 0)
            return send(*waiting, message);
    }
    if (isListening())
        sendUnrelated(message);
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
    if (m_streamNumber == 0)
        m_streamNumber = m_log.newStream();
    if (canPrime())
        exchange->prime(m_log.mark(m_streamNumber));
    for (const QByteArray &message : std::exchange(m_kept, {}))
        sendUnrelated(message);
    m_keptBytes = 0;
}

bool HttpSession::resume(const std::shared_ptr<Exchange> &exchange, std::string_view lastEventId)
{
    const auto place = m_log.placeOf(lastEventId);
    if (!place)
        return false;
    const std::vector<EventLog::Event> missed = m_log.after(*place);
    const auto replay = [&] {
        for (const EventLog::Event &event : missed)
            exchange->event(event.message, event.id());
    };
    if (place->stream == m_streamNumber) {
        if (isListening())
            return false; // one at a time
        m_stream = exchange;
        exchange->onGone(this, [this, gone = exchange.get()] {
            if (m_stream.get() == gone)
                m_stream.reset();
        });
        exchange->beginStream();
        Q_EMIT streamOpened(exchange);
        replay();
        for (const QByteArray &message : std::exchange(m_kept, {}))
            sendUnrelated(message);
        m_keptBytes = 0;
        return true;
    }
    const auto running = std::find_if(m_waiting.cbegin(), m_waiting.cend(), [&](const auto &w) { return w->stream == place->stream; });
    exchange->beginStream();
    replay();
    if (running == m_waiting.cend()) {
        exchange->endStream();
        return true;
    }
    const std::shared_ptr<Waiting> waiting = *running;
    std::exchange(waiting->exchange, exchange)->endStream(); // the old one may only seem to be open
    waiting->isAwaited = false;
    watch(waiting);
    Q_EMIT streamOpened(exchange);
    return true;
}

void HttpSession::close()
{
    m_session.reset();
    for (const auto &waiting : std::exchange(m_waiting, {}))
        if (waiting->exchange->isStreaming())
            waiting->exchange->endStream();
    m_stream.reset();
}

void HttpSession::stream(Waiting &waiting)
{
    waiting.exchange->beginStream();
    if (!waiting.exchange->isStreaming())
        return; // its client is gone, which is told soon
    waiting.stream = m_log.newStream();
    if (canPrime())
        waiting.exchange->prime(m_log.mark(waiting.stream));
    Q_EMIT streamOpened(waiting.exchange);
}

void HttpSession::send(Waiting &waiting, const QByteArray &message)
{
    waiting.exchange->event(message, m_log.add(waiting.stream, message));
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
