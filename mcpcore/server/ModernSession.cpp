// SPDX-FileCopyrightText: 2026 The Countersign authors
// SPDX-License-Identifier: GPL-3.0-or-later
#include "server/ModernSession.h"
#include "base/Post.h"
#include "protocol/ErrorMapping.h"
#include "server/ModernAnswer.h"

namespace mcpcore {

namespace {

const QByteArray handshakeId = QByteArrayLiteral("\"begin\"");
// What nobody waits for: answers to requests that this class makes by itself.
const QByteArray ownPrefix = QByteArrayLiteral("\"own-");

bool readsStreams(const Exchange &exchange)
{
    return acceptanceOf(exchange.head(), "text/event-stream") != Acceptance::No;
}

// A call that could not begin is told to the model; anything else is an error.
ModernAnswer refusalOf(const ModernRequest &request, const RawJson &error)
{
    const QByteArray id = request.message.id.bytes();
    if (request.message.method == QLatin1String("tools/call"))
        if (const auto why = textOf(memberOf(error, "message")))
            return {200, modernResultMessage(id, RawJson(withMembers(RawJson(toolErrorResult(*why)), {{"resultType", "\"complete\""}})))};
    return {200, "{\"jsonrpc\":\"2.0\",\"id\":" + id + ",\"error\":" + error.bytes() + '}'};
}

} // namespace

ModernSession::ModernSession(ClientId client, Scope scope, QByteArray capabilities, const RequestSeal &seal, Ids &ids, const Clock &clock,
                             const Limits &limits)
    : m_client(std::move(client)),
      m_scope(std::move(scope)),
      m_capabilities(std::move(capabilities)),
      m_seal(seal),
      m_ids(ids),
      m_clock(clock),
      m_limits(limits)
{}

ModernSession::~ModernSession()
{
    m_listeners.end();
    m_running.clear();
}

Result<> ModernSession::open(FrontDoor &frontDoor)
{
    auto session = frontDoor.open(m_client, Peer{}, m_scope, *this);
    if (!session)
        return failure(session.error());
    m_session = std::move(*session);
    connect(m_session.get(), &ClientSession::shutOut, this, &ModernSession::ended);
    say("{\"jsonrpc\":\"2.0\",\"id\":" + handshakeId
        + ",\"method\":\"initialize\",\"params\":{\"protocolVersion\":\"2025-11-25\",\"capabilities\":" + m_capabilities
        + ",\"clientInfo\":{\"name\":\"stateless client\",\"version\":\"\"}}}");
    return {};
}

void ModernSession::begun(const RawJson &answer)
{
    const RawJson error = memberOf(answer, "error");
    auto early = std::exchange(m_early, {});
    if (!error.isEmpty()) {
        for (const auto &[exchange, request] : early)
            respond(*exchange, refusalOf(request, error));
        Q_EMIT ended();
        return;
    }
    m_initialized = RawJson(memberOf(answer, "result").bytes());
    say(QByteArrayLiteral("{\"jsonrpc\":\"2.0\",\"method\":\"notifications/initialized\"}"));
    for (const auto &[exchange, request] : early)
        serve(exchange, request);
}

void ModernSession::serve(const std::shared_ptr<Exchange> &exchange, const ModernRequest &request)
{
    const QString &method = request.message.method;
    if (m_initialized.isEmpty()) {
        m_early.emplace_back(exchange, request);
        exchange->onGone(this, [this, weak = std::weak_ptr(exchange)] {
            std::erase_if(m_early, [gone = weak.lock()](const auto &early) { return early.first == gone; });
        });
    } else if (method == QLatin1String("server/discover")) {
        respond(*exchange, {200, modernResultMessage(request.message.id.bytes(), discovered(m_initialized))});
    } else if (method == QLatin1String("subscriptions/listen")) {
        listen(exchange, request);
    } else if (!request.requestState.isEmpty()) {
        if (!retryAfterPages(exchange, request))
            retry(exchange, request);
    } else {
        start(exchange, request);
    }
}

void ModernSession::start(const std::shared_ptr<Exchange> &exchange, const ModernRequest &request)
{
    if (request.log)
        wantLog(*request.log);
    const QByteArray id = QByteArray::number(++m_lastId);
    Running &running = m_running[id];
    running.progressToken = request.progressToken;
    attach(id, running, exchange, request);
    say(requestMessage(id, request.message.method, request.params.view()));
}

void ModernSession::attach(const QByteArray &id, Running &running, const std::shared_ptr<Exchange> &exchange, const ModernRequest &request)
{
    running.round = request;
    running.exchange = exchange;
    exchange->onGone(this, [this, id, weak = std::weak_ptr(exchange)] {
        const auto found = m_running.find(id);
        if (found != m_running.end() && found->second.exchange == weak.lock())
            cancel(id, "The client went away.");
    });
    m_clock.after(m_limits.modernStreamAfter, this, [this, weak = std::weak_ptr(exchange)] {
        if (const auto waiting = weak.lock(); waiting && readsStreams(*waiting))
            openStream(waiting);
    });
}

void ModernSession::openStream(const std::shared_ptr<Exchange> &exchange)
{
    if (exchange->isStreaming())
        return;
    exchange->beginStream();
    if (exchange->isStreaming())
        Q_EMIT streamOpened(exchange);
}

// The most talkative level that anybody wanted; each request is told what it wants of that.
void ModernSession::wantLog(LogLevel level)
{
    if (m_log && *m_log <= level)
        return;
    m_log = level;
    say("{\"jsonrpc\":\"2.0\",\"id\":" + ownPrefix + QByteArray::number(++m_lastId)
        + "\",\"method\":\"logging/setLevel\",\"params\":{\"level\":" + textOf(level) + "}}");
}

void ModernSession::cancel(const QByteArray &id, const char *why)
{
    if (m_running.erase(id) > 0)
        say("{\"jsonrpc\":\"2.0\",\"method\":\"notifications/cancelled\",\"params\":{\"requestId\":" + id + ",\"reason\":\"" + why
            + "\"}}");
}

void ModernSession::answer(const QByteArray &request, const QByteArray &message)
{
    if (request == handshakeId)
        // It may be answered while it is handed over.
        return post(this, [this, message] { begun(RawJson(message)); });
    const auto found = m_running.find(request);
    if (found == m_running.end())
        return;
    if (found->second.exchange)
        finish(request, message);
    else
        found->second.early = message;
}

void ModernSession::finish(const QByteArray &id, const QByteArray &answer)
{
    auto taken = m_running.extract(id);
    const Running &running = taken.mapped();
    const Message &message = running.round.message;
    if (askForPages(running, RawJson(answer)))
        return;
    respond(*running.exchange, modernAnswer(message.id.bytes(), message.method, message.params, RawJson(answer)));
}

void ModernSession::push(const QByteArray &request, const QByteArray &bytes)
{
    const auto message = readMessage(RawJson(bytes));
    if (!message)
        return;
    if (request.isEmpty() && message->method != QLatin1String("notifications/message"))
        return m_listeners.deliver(message->method, message->params);
    const auto found = m_running.find(request);
    if (found == m_running.end() || !found->second.exchange)
        return;
    const Running &running = found->second;
    QByteArray told = bytes;
    if (message->method == QLatin1String("notifications/message")) {
        if (!running.round.log || !isWanted(message->params, *running.round.log))
            return;
    } else if (message->method == QLatin1String("notifications/progress")) {
        if (running.round.progressToken.isEmpty())
            return;
        if (running.round.progressToken != running.progressToken) {
            const QByteArray params = withMembers(message->params, {{"progressToken", running.round.progressToken}});
            told = requestMessage({}, message->method, {params.constData(), size_t(params.size())});
        }
    } else {
        return; // nothing else belongs on the stream of a request
    }
    if (readsStreams(*running.exchange))
        openStream(running.exchange);
    running.exchange->event(told);
}

void ModernSession::listen(const std::shared_ptr<Exchange> &exchange, const ModernRequest &request)
{
    const QByteArray id = request.message.id.bytes();
    const auto wanted = filterFrom(memberOf(request.message.params, "notifications"));
    if (!wanted || wanted->uris.size() > m_limits.subscriptions)
        return respond(*exchange,
                       {400, errorMessage(id, wanted ? Error{Error::Kind::InvalidArgument, QStringLiteral("Too many resources are named.")}
                                                     : wanted.error())});
    if (m_listeners.count() >= m_limits.listeners)
        return respond(*exchange, {429, errorMessage(id, Error{Error::Kind::Busy, QStringLiteral("Too many subscriptions are open.")})});
    if (!readsStreams(*exchange))
        return respond(*exchange, {406, errorMessage(id, -32600, QStringLiteral("The client must accept text/event-stream."))});
    const RawJson capabilities = memberOf(m_initialized, "capabilities");
    const SubscriptionFilter offered = filterOffered(capabilities);
    const RawJson resources = memberOf(capabilities, "resources");
    const bool subscribes = !resources.isEmpty() && memberOf(resources, "subscribe").view() == "true";
    const SubscriptionFilter granted{wanted->tools && offered.tools, wanted->prompts && offered.prompts,
                                     wanted->resources && offered.resources, subscribes ? wanted->uris : QList<QByteArray>()};
    const QList<QByteArray> before = m_listeners.uris();
    exchange->onGone(this, [this, gone = exchange.get()] { listenerGone(gone); });
    m_listeners.add(exchange, id, granted);
    Q_EMIT streamOpened(exchange);
    for (const QByteArray &uri : granted.uris)
        if (!before.contains(uri))
            say("{\"jsonrpc\":\"2.0\",\"id\":" + ownPrefix + QByteArray::number(++m_lastId)
                + "\",\"method\":\"resources/subscribe\",\"params\":{\"uri\":" + uri + "}}");
}

void ModernSession::listenerGone(const Exchange *exchange)
{
    const QList<QByteArray> before = m_listeners.uris();
    m_listeners.remove(exchange);
    const QList<QByteArray> now = m_listeners.uris();
    for (const QByteArray &uri : before)
        if (!now.contains(uri))
            say("{\"jsonrpc\":\"2.0\",\"id\":" + ownPrefix + QByteArray::number(++m_lastId)
                + "\",\"method\":\"resources/unsubscribe\",\"params\":{\"uri\":" + uri + "}}");
}

} // namespace mcpcore
