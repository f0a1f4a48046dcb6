// SPDX-FileCopyrightText: 2026 The Countersign authors
// SPDX-License-Identifier: GPL-3.0-or-later
#include "server/McpEndpoint.h"
#include "base/Post.h"
#include "protocol/ErrorMapping.h"
#include "protocol/StrictJson.h"
#include "server/Generation.h"
#include "server/SingleCall.h"
#include <algorithm>

namespace mcpcore {

namespace {

constexpr int parseErrorCode = -32700;
constexpr int invalidRequestCode = -32600;

void respond(Exchange &exchange, int status, const QByteArray &message)
{
    exchange.respond(status, QByteArrayLiteral("application/json"), message);
}

void refuse(Exchange &exchange, int status, const char *why, const QByteArray &id = {}, int code = invalidRequestCode)
{
    respond(exchange, status, errorMessage(id, code, QString::fromLatin1(why)));
}

// Requests during which a server may ask or tell the client something.
bool wantsStream(const QString &method)
{
    return method == QLatin1String("tools/call") || method == QLatin1String("prompts/get") || method == QLatin1String("resources/read");
}

bool isArray(const RawJson &body)
{
    const std::string_view text = body.view();
    const size_t first = text.find_first_not_of(" \t\r\n");
    return first != std::string_view::npos && text[first] == '[';
}

void refuseUnreadable(Exchange &exchange, const RawJson &body, const Error &error)
{
    const auto json = checkStrictJson(body.view());
    respond(exchange, 400,
            json ? errorMessage(idOfUnreadable(body), invalidRequestCode, error.message)
                 : errorMessage({}, parseErrorCode, json.error().message));
}

} // namespace

McpEndpoint::McpEndpoint(FrontDoor &frontDoor, Ids &ids, const Clock &clock, const Limits &limits, QObject *parent)
    : QObject(parent), m_frontDoor(frontDoor), m_ids(ids), m_clock(clock), m_limits(limits), m_modern(frontDoor, ids, clock, limits)
{
    connect(&m_modern, &ModernEndpoint::streamOpened, this, &McpEndpoint::watchStream);
}

McpEndpoint::~McpEndpoint()
{
    for (const auto &known : std::exchange(m_sessions, {}))
        known->session->close();
}

void McpEndpoint::handle(const std::shared_ptr<Exchange> &exchange)
{
    switch (exchange->head().method) {
    case RequestHead::Method::Post: return post(exchange);
    case RequestHead::Method::Get: return get(exchange);
    case RequestHead::Method::Delete: return remove(exchange);
    case RequestHead::Method::Other: break; // not admitted
    }
    Q_UNREACHABLE();
}

void McpEndpoint::post(const std::shared_ptr<Exchange> &exchange)
{
    if (acceptanceOf(exchange->head(), "application/json") == Acceptance::No)
        return refuse(*exchange, 406, "The client must accept application/json and text/event-stream.");
    const RawJson body(exchange->body());
    if (isArray(body))
        return postBatch(exchange, body);
    const auto message = readMessage(body);
    if (!message)
        return refuseUnreadable(*exchange, body, message.error());
    if (message->method == QLatin1String("server/discover") || generationOf(exchange->head(), body) == ClientGeneration::Modern)
        return m_modern.post(exchange);
    if (!exchange->head().field("mcp-session-id"))
        return postWithoutSession(exchange, *message);
    HttpSession *session = sessionOf(exchange);
    if (!session)
        return;
    if (message->method == QLatin1String("initialize"))
        return refuse(*exchange, 400, "This session is initialized already. Send initialize without Mcp-Session-Id.", message->id.bytes());
    postMessage(exchange, *session, *message);
}

void McpEndpoint::postWithoutSession(const std::shared_ptr<Exchange> &exchange, const Message &message)
{
    const RequestHead &head = exchange->head();
    if (message.kind == Message::Kind::Request && message.method == QLatin1String("initialize"))
        return initialize(exchange, message);
    const bool bare = !head.field("mcp-protocol-version") && acceptanceOf(head, "text/event-stream") != Acceptance::Named;
    if (message.kind != Message::Kind::Request || message.method != QLatin1String("tools/call") || !bare)
        return refuse(*exchange, 400, "Mcp-Session-Id is missing. Send initialize first and repeat the id that it answers.",
                      message.id.bytes());
    auto *call = new SingleCall(exchange, message.id.bytes(), this);
    if (const auto started = call->start(m_frontDoor); !started) {
        delete call;
        respond(*exchange, httpStatusOf(started.error().kind), errorMessage(message.id.bytes(), started.error()));
    }
}

void McpEndpoint::initialize(const std::shared_ptr<Exchange> &exchange, const Message &message)
{
    const QByteArray request = message.id.bytes();
    if (acceptanceOf(exchange->head(), "text/event-stream") == Acceptance::No)
        return refuse(*exchange, 406, "The client must accept application/json and text/event-stream.", request);
    const auto ofClient = std::count_if(m_sessions.begin(), m_sessions.end(),
                                        [&](const auto &known) { return known->session->client() == exchange->client(); });
    if (ofClient >= m_limits.sessionsPerClient || m_sessions.size() >= m_limits.sessions)
        return respond(
            *exchange, httpStatusOf(Error::Kind::Busy),
            errorMessage(request, Error{Error::Kind::Busy, QStringLiteral("Too many sessions are open. End one with DELETE, or wait for "
                                                                          "an idle one to be dropped.")}));
    const QByteArray id = newToken(m_ids, {}).toLatin1();
    auto session = std::make_unique<HttpSession>(id, exchange->client(), exchange->scope(), m_clock, m_limits);
    if (const auto opened = session->open(m_frontDoor); !opened)
        return respond(*exchange, httpStatusOf(opened.error().kind), errorMessage(request, opened.error()));
    connect(session.get(), &HttpSession::streamOpened, this, &McpEndpoint::watchStream);
    connect(session.get(), &HttpSession::streamOwed, this, [this, session = session.get()] { openSoon(session); });
    connect(
        session.get(), &HttpSession::neverBegan, this, [this, id] { drop(id); }, Qt::QueuedConnection);
    connect(
        session.get(), &HttpSession::shutOut, this, [this, id] { drop(id); }, Qt::QueuedConnection);
    HttpSession &created = *session;
    m_sessions.insert(id, std::make_shared<Known>(Known{std::move(session), m_clock.monotonic()}));
    watchSessions();
    created.expectBeginning(exchange, request);
    created.receive(RawJson(exchange->body()), request);
}

void McpEndpoint::postMessage(const std::shared_ptr<Exchange> &exchange, HttpSession &session, const Message &message)
{
    const RawJson body(exchange->body());
    if (message.kind != Message::Kind::Request) {
        deliver(session, body, message);
        return exchange->respond(202, {}, {});
    }
    const QByteArray request = message.id.bytes();
    if (acceptanceOf(exchange->head(), "text/event-stream") == Acceptance::No)
        return refuse(*exchange, 406, "The client must accept application/json and text/event-stream.", request);
    if (session.isWaitingFor(request))
        return refuse(*exchange, 400, "A request with this id is running already. Ids must not repeat.", request);
    session.expect(exchange, {request}, wantsStream(message.method) ? HttpSession::Reply::Stream : HttpSession::Reply::Whole);
    session.receive(body, request);
}

void McpEndpoint::deliver(HttpSession &session, const RawJson &bytes, const Message &message)
{
    session.receive(bytes, message.kind == Message::Kind::Request ? message.id.bytes() : QByteArray());
    if (message.kind == Message::Kind::Notification && message.method == QLatin1String("notifications/cancelled"))
        session.cancelled(memberOf(message.params, "requestId").bytes());
}

void McpEndpoint::postBatch(const std::shared_ptr<Exchange> &exchange, const RawJson &body)
{
    if (!exchange->head().field("mcp-session-id"))
        return refuse(*exchange, 400, "A batch needs a session of version 2025-03-26.");
    HttpSession *session = sessionOf(exchange);
    if (!session)
        return;
    if (session->protocolVersion() != QLatin1String("2025-03-26"))
        return refuse(*exchange, 400, "Batches exist in version 2025-03-26 only. Send one message at a time.");
    if (const auto strict = checkStrictJson(body.view()); !strict)
        return respond(*exchange, 400, errorMessage({}, parseErrorCode, strict.error().message));
    const auto elements = elementsOf(body);
    if (!elements || elements->empty() || int(elements->size()) > m_limits.batch)
        return refuse(*exchange, 400, "A batch holds at least one message, and not more than the limit.");
    std::vector<Message> messages;
    QList<QByteArray> requests;
    for (const RawJson &element : *elements) {
        const auto message = readMessage(element);
        if (!message)
            return refuse(*exchange, 400, "A message of the batch is not a JSON-RPC message.");
        if (message->method == QLatin1String("initialize"))
            return refuse(*exchange, 400, "initialize may not be part of a batch.");
        if (message->kind == Message::Kind::Request) {
            const QByteArray request = message->id.bytes();
            if (requests.contains(request) || session->isWaitingFor(request))
                return refuse(*exchange, 400, "A request with this id is running already. Ids must not repeat.");
            requests.push_back(request);
        }
        messages.push_back(*message);
    }
    if (requests.isEmpty())
        exchange->respond(202, {}, {});
    else
        session->expect(exchange, requests, HttpSession::Reply::Stream);
    for (size_t i = 0; i < messages.size(); ++i)
        deliver(*session, (*elements)[i], messages[i]);
}

void McpEndpoint::get(const std::shared_ptr<Exchange> &exchange)
{
    if (acceptanceOf(exchange->head(), "text/event-stream") == Acceptance::No)
        return refuse(*exchange, 406, "The client must accept text/event-stream.");
    if (!exchange->head().field("mcp-session-id"))
        return refuse(*exchange, 400, "Mcp-Session-Id is missing. Send initialize first and repeat the id that it answers.");
    HttpSession *session = sessionOf(exchange);
    if (!session)
        return;
    if (const auto last = exchange->head().field("last-event-id"); last && session->resume(exchange, *last))
        return;
    if (session->isListening())
        return refuse(*exchange, 409, "The stream of this session is open already.");
    session->listen(exchange);
}

void McpEndpoint::remove(const std::shared_ptr<Exchange> &exchange)
{
    if (!exchange->head().field("mcp-session-id"))
        return refuse(*exchange, 400, "Mcp-Session-Id is missing.");
    if (const HttpSession *session = sessionOf(exchange)) {
        drop(QByteArray(session->id()));
        exchange->respond(200, {}, {});
    }
}

HttpSession *McpEndpoint::sessionOf(const std::shared_ptr<Exchange> &exchange)
{
    const std::string_view id = exchange->head().field("mcp-session-id").value_or("");
    const auto known = m_sessions.value(QByteArray::fromRawData(id.data(), qsizetype(id.size())));
    if (!known || !known->session->isReachableBy(*exchange) || known->session->protocolVersion().isEmpty()) {
        refuse(*exchange, 404, "There is no such session. Send initialize to begin one.");
        return nullptr;
    }
    if (const auto version = exchange->head().field("mcp-protocol-version"); version && !isLegacyVersion(*version)) {
        refuse(*exchange, 400, "MCP-Protocol-Version names a version that this session does not speak.");
        return nullptr;
    }
    known->lastUsed = m_clock.monotonic();
    return known->session.get();
}

void McpEndpoint::drop(const QByteArray &id)
{
    if (const auto known = m_sessions.take(id))
        known->session->close();
}

// A call that a rule allows is answered within this time, head and all in one piece. One tick for all that wait.
void McpEndpoint::openSoon(HttpSession *session)
{
    m_owing.emplace_back(session);
    if (m_owing.size() > 1)
        return;
    m_clock.after(m_limits.streamAfter, this, [this] {
        for (const auto &owing : std::exchange(m_owing, {}))
            if (owing)
                owing->openStreams();
    });
}

void McpEndpoint::watchStream(const std::shared_ptr<Exchange> &exchange)
{
    // Ended ones are let go when they may outnumber the others, so that a busy endpoint does not gather them between two ticks.
    if (m_streams.size() >= m_pruneAt)
        pruneStreams();
    m_streams.push_back(exchange);
    if (!std::exchange(m_keepAliveArmed, true))
        m_clock.after(m_limits.keepAlive / 2, this, [this] { onKeepAlive(); });
}

void McpEndpoint::pruneStreams()
{
    std::erase_if(m_streams, [](const auto &stream) {
        const auto exchange = stream.lock();
        return !exchange || !exchange->isStreaming();
    });
    m_pruneAt = std::max<size_t>(64, 2 * m_streams.size());
}

void McpEndpoint::onKeepAlive()
{
    pruneStreams();
    const auto streams = m_streams;
    for (const auto &stream : streams)
        if (const auto exchange = stream.lock())
            exchange->keepAlive();
    m_keepAliveArmed = !m_streams.empty();
    if (m_keepAliveArmed)
        m_clock.after(m_limits.keepAlive / 2, this, [this] { onKeepAlive(); });
}

void McpEndpoint::watchSessions()
{
    if (!m_sessions.isEmpty() && !std::exchange(m_sweepArmed, true))
        m_clock.after(m_limits.sessionIdle / 4, this, [this] { onSessionSweep(); });
}

void McpEndpoint::onSessionSweep()
{
    m_sweepArmed = false;
    const Milliseconds now = m_clock.monotonic();
    QList<QByteArray> idle;
    for (const auto &known : std::as_const(m_sessions)) {
        if (!known->session->isQuiet())
            known->lastUsed = now;
        else if (now - known->lastUsed >= m_limits.sessionIdle)
            idle.push_back(known->session->id());
    }
    for (const QByteArray &id : std::as_const(idle))
        drop(id);
    watchSessions();
}

} // namespace mcpcore
