// SPDX-FileCopyrightText: 2026 The Countersign authors
// SPDX-License-Identifier: GPL-3.0-or-later
#include "upstream/Upstream.h"
#include "base/Post.h"
#include "protocol/ToolHeaders.h"
#include "upstream/Listener.h"
#include <QMetaMethod>
#include <QPointer>
#include <algorithm>
#include <charconv>

namespace mcpcore {

namespace {

constexpr size_t maximumPending = 1024;

// Our ids are positive integers; anything else is nobody's.
qint64 numberOf(std::string_view text)
{
    qint64 number = 0;
    const auto end = std::from_chars(text.data(), text.data() + text.size(), number);
    return end.ec == std::errc() && end.ptr == text.data() + text.size() ? number : 0;
}

// `outer` with the bytes of `inner`, a slice of it, replaced.
QByteArray spliced(const RawJson &outer, const RawJson &inner, std::string_view replacement)
{
    const std::string_view all = outer.view();
    const size_t at = size_t(inner.view().data() - all.data());
    const std::string_view rest = all.substr(at + inner.view().size());
    QByteArray out;
    out.reserve(qsizetype(all.size() + replacement.size()) + 64);
    out.append(all.data(), qsizetype(at));
    out.append(replacement.data(), qsizetype(replacement.size()));
    out.append(rest.data(), qsizetype(rest.size()));
    return out;
}

// Lists that changed concern everybody, on whatever stream they come.
bool concernsAll(const QString &method)
{
    return method.endsWith(QLatin1String("/list_changed")) || method == QLatin1String("notifications/resources/updated");
}

Error notRunning()
{
    return {Error::Kind::UpstreamFailed, QStringLiteral("Not sent: the connection to the server has ended. Try again.")};
}

} // namespace

Upstream::Upstream(std::unique_ptr<Transport> transport, const Clock &clock, ServedClient client, QObject *parent)
    : QObject(parent), m_transport(std::move(transport)), m_clock(clock), m_client(std::move(client))
{
    connect(m_transport.get(), &Transport::started, this, &Upstream::begin);
    connect(m_transport.get(), &Transport::received, this, &Upstream::take);
    connect(m_transport.get(), &Transport::failed, this, &Upstream::takeFailure);
    connect(m_transport.get(), &Transport::closed, this, [this](const Error &error) {
        if (!startsAgain())
            end(error);
    });
}

Upstream::~Upstream()
{
    stop();
}

qint64 Upstream::call(ApprovedCall approved, Relay relay, Completion<UpstreamAnswer> done)
{
    const ToolCall &call = approved.call();
    std::vector<Replacement> replacements{{"name", quoted(call.tool)}};
    // What was approved is what is sent, whatever `params` says.
    replacements.push_back({"arguments", call.arguments.bytes()});
    // An answer to a question that nobody saw is not a part of it.
    if (m_generation != Generation::Sessions) {
        replacements.push_back({"inputResponses", {}});
        replacements.push_back({"requestState", {}});
    }
    QByteArrayList fields;
    if (m_generation != Generation::Sessions && m_transport->isHttp())
        if (const auto headers = toolHeadersOf(call.toolDefinition))
            fields = toolHeaderFields(*headers, call.arguments);
    const QByteArray params = withMembers(call.params, replacements);
    return submit(QStringLiteral("tools/call"), RawJson(params), std::move(fields), std::move(relay), std::move(done));
}

qint64 Upstream::request(const QString &method, const RawJson &params, Relay relay, Completion<UpstreamAnswer> done)
{
    if (method == QLatin1String("tools/call") || method == QLatin1String("initialize"))
        return refuse({Error::Kind::Denied, QStringLiteral("Not sent: a tool call needs an approval.")}, std::move(done));
    if (m_generation == Generation::Stateless && answersItself(method, params, done))
        return ++m_lastId;
    if (m_generation == Generation::Sessions
        && (method == QLatin1String("resources/subscribe") || method == QLatin1String("resources/unsubscribe")))
        return subscribe(method, params, std::move(done));
    return submit(method, params, {}, std::move(relay), std::move(done));
}

void Upstream::answerLater(Result<UpstreamAnswer> answer, Completion<UpstreamAnswer> done)
{
    post(this, [answer = std::move(answer), done = std::move(done)]() mutable { done(std::move(answer)); });
}

// A server with sessions has one for all who use it, and a second unsubscribe would take the resource from the others.
qint64 Upstream::subscribe(const QString &method, const RawJson &params, Completion<UpstreamAnswer> done)
{
    const QByteArray uri = params.isEmpty() ? QByteArray() : memberOf(params, "uri").bytes();
    const bool begins = method == QLatin1String("resources/subscribe");
    const int before = m_subscribers.value(uri);
    if (begins ? before > 0 : before > 1) {
        m_subscribers[uri] += begins ? 1 : -1;
        answerLater(UpstreamAnswer{RawJson(QByteArrayLiteral("{}")), {}}, std::move(done));
        return ++m_lastId;
    }
    if (!begins) {
        m_subscribers.remove(uri);
        return submit(method, params, {}, {}, std::move(done));
    }
    return submit(method, params, {}, {},
                  Completion<UpstreamAnswer>(this, [this, uri, done = std::move(done)](Result<UpstreamAnswer> answer) mutable {
                      if (answer && answer->error.isEmpty())
                          ++m_subscribers[uri];
                      done(std::move(answer));
                  }));
}

qint64 Upstream::submit(const QString &method, const RawJson &params, QByteArrayList fields, Relay relay, Completion<UpstreamAnswer> done)
{
    if (m_state == State::Ended)
        return refuse(notRunning(), std::move(done));
    if (m_pending.size() >= maximumPending)
        return refuse({Error::Kind::Busy, QStringLiteral("Not sent: too many requests wait for this server. Try again later.")},
                      std::move(done));

    const qint64 id = ++m_lastId;
    const QByteArray idText = QByteArray::number(id);
    Pending pending;
    RawJson outgoing = params;
    // Our id stands for the caller's token: unique per upstream, and nobody can name another caller's.
    pending.hasMeta = params.view().find("\"_meta\"") != std::string_view::npos;
    if (pending.hasMeta) {
        const auto meta = membersOf(memberOf(params, "_meta"));
        if (meta && std::any_of(meta->begin(), meta->end(), [](const RawMember &m) { return m.key.find('\\') != std::string_view::npos; }))
            return refuse({Error::Kind::InvalidRequest, QStringLiteral("Not sent: a key of \"_meta\" is written with an escape.")},
                          std::move(done));
        if (meta)
            pending.progressToken = memberOf(*meta, "progressToken");
        if (!pending.progressToken.isEmpty())
            outgoing = RawJson(spliced(params, pending.progressToken, {idText.constData(), size_t(idText.size())}));
    }
    pending.method = method;
    pending.params = outgoing;
    pending.fields = std::move(fields);
    pending.relay = std::move(relay);
    pending.done = std::move(done);
    const auto at = m_pending.emplace(id, std::move(pending)).first;
    if (m_state != State::Ready)
        return id;
    const qint64 outer = std::exchange(m_submitting, id);
    transmit(id, at->second);
    m_submitting = outer;
    return id;
}

// Its answer may come, and end everything, before this returns.
void Upstream::transmit(qint64 handle, Pending &pending)
{
    if (m_generation == Generation::Stateless)
        return transmitStateless(handle, pending);
    pending.sentAs = handle;
    if (pending.hasMeta) {
        if (const auto level = logLevelOf(pending.params))
            wantLogs(*level);
        pending.params = paramsForLegacy(pending.params);
    }
    m_transport->send(requestMessage(QByteArray::number(handle), pending.method, pending.params.view()), handle);
}

// A session has one level for all its requests: the most talkative that anybody wanted.
void Upstream::wantLogs(LogLevel level)
{
    if ((m_logLevel && *m_logLevel <= level) || m_serverCapabilities.isEmpty() || memberOf(m_serverCapabilities, "logging").isEmpty())
        return;
    m_logLevel = level;
    request(QStringLiteral("logging/setLevel"), RawJson("{\"level\":" + textOf(level) + '}'), {}, {});
}

qint64 Upstream::refuse(Error error, Completion<UpstreamAnswer> done)
{
    post(this, [error = std::move(error), done = std::move(done)]() mutable { done(failure(std::move(error))); });
    return ++m_lastId;
}

void Upstream::notify(const QString &method, const RawJson &params)
{
    if (m_state == State::Ready && m_generation == Generation::Sessions) // stateless servers take none of them
        m_transport->send(requestMessage({}, method, params.view()), 0);
}

void Upstream::cancel(qint64 handle, const QString &reason)
{
    const auto found = m_pending.find(handle);
    if (found == m_pending.end())
        return;
    if (const qint64 sentAs = found->second.sentAs; sentAs != 0 && m_state == State::Ready)
        giveUp(sentAs, reason);
    answer(handle, failure(Error::Kind::Cancelled, reason));
}

void Upstream::take(const Message &message, qint64 relatedRequest)
{
    if (m_state == State::Ended)
        return;
    switch (message.kind) {
    case Message::Kind::Response: return takeResponse(message);
    case Message::Kind::Notification: return takeNotification(message, relatedRequest);
    case Message::Kind::Request: return takeRequest(message, relatedRequest);
    }
}

// By the id it was sent with last: answers to earlier rounds are nobody's.
Upstream::Pendings::iterator Upstream::findSent(qint64 sentAs)
{
    const auto found = m_pending.find(m_later.isEmpty() ? sentAs : m_later.value(sentAs, sentAs));
    return found != m_pending.end() && found->second.sentAs == sentAs ? found : m_pending.end();
}

void Upstream::takeResponse(const Message &message)
{
    // Late and unknown ones are nobody's.
    const qint64 id = numberOf(message.id.view());
    if (id == 0)
        return;
    if (const auto found = findSent(id); found != m_pending.end()) {
        if (m_generation == Generation::Stateless)
            return takeStatelessResponse(found->first, found->second, message);
        if (found->second.method == QLatin1String("logging/setLevel") && message.error.isEmpty()) {
            if (const auto level = logLevelFrom(memberOf(found->second.params, "level")))
                m_logLevel = std::min(*level, m_logLevel.value_or(*level));
        }
        return answer(id, UpstreamAnswer{message.result, message.error});
    }
    if (m_listener && m_listener->owns(id))
        m_listener->takeEnd(id, message.error.isEmpty() ? std::nullopt
                                                        : std::optional(Error{Error::Kind::UpstreamFailed,
                                                                              QStringLiteral("The server has no subscriptions.")}));
}

void Upstream::takeFailure(qint64 sentAs, const Error &error)
{
    if (const auto found = findSent(sentAs); found != m_pending.end())
        return answer(found->first, failure(error));
    if (m_listener && m_listener->owns(sentAs))
        m_listener->takeEnd(sentAs, std::nullopt);
}

void Upstream::takeNotification(const Message &message, qint64 relatedRequest)
{
    UpstreamMessage out{UpstreamMessage::Kind::Notification, message.method, message.params, {}};
    qint64 owner = 0;
    if (message.method == QLatin1String("notifications/progress")) {
        const RawJson token = message.params.isEmpty() ? RawJson() : memberOf(message.params, "progressToken");
        owner = numberOf(token.view());
        const auto found = m_pending.find(owner);
        if (found == m_pending.end() || found->second.progressToken.isEmpty())
            return;
        out.params = RawJson(spliced(message.params, token, found->second.progressToken.view()));
    } else if (message.method == QLatin1String("notifications/cancelled")) {
        const auto found = m_serverRequests.constFind(memberOf(message.params, "requestId").bytes());
        if (found == m_serverRequests.constEnd())
            return;
        owner = *found;
        m_serverRequests.erase(found);
    } else if (message.method == QLatin1String("notifications/subscriptions/acknowledged")) {
        if (m_listener) // some write the number as a text
            m_listener->takeAcknowledged(subscriptionOf(message.params).bytes().replace('"', "").toLongLong());
        return;
    } else if (!concernsAll(message.method)) {
        owner = ownerOf(relatedRequest);
    }
    deliver(owner, out);
}

void Upstream::takeRequest(const Message &message, qint64 relatedRequest)
{
    if (m_generation == Generation::Stateless)
        return; // has no requests of the server, and nothing to answer them with
    if (message.method == QLatin1String("ping"))
        return sendResponse(message.id, RawJson(QByteArrayLiteral("{}")), {});
    const QByteArray id = message.id.bytes();
    const auto refuse = [&] {
        const auto error = QByteArrayLiteral("{\"code\":-32601,\"message\":\"Nobody here can answer this request.\"}");
        sendResponse(message.id, {}, RawJson(error));
    };
    if (m_serverRequests.contains(id) || size_t(m_serverRequests.size()) >= maximumPending)
        return refuse();
    const qint64 owner = ownerOf(relatedRequest);
    m_serverRequests.insert(id, owner);
    const QPointer<Upstream> alive(this);
    if (!deliver(owner, {UpstreamMessage::Kind::Request, message.method, message.params, message.id}) && alive) {
        m_serverRequests.remove(id);
        refuse();
    }
}

// Where a message of the server belongs: to the request on whose stream it came, else to the only one that runs.
qint64 Upstream::ownerOf(qint64 relatedRequest) const
{
    if (relatedRequest != 0)
        return m_later.isEmpty() ? relatedRequest : m_later.value(relatedRequest, relatedRequest);
    qint64 only = 0;
    for (const auto &[id, pending] : m_pending) {
        if (!pending.relay || pending.sentAs == 0)
            continue;
        if (only != 0)
            return 0;
        only = id;
    }
    return only;
}

// False: nobody is there to take it.
bool Upstream::deliver(qint64 request, const UpstreamMessage &message)
{
    const auto found = m_pending.find(request);
    if (found == m_pending.end() || !found->second.relay) {
        const bool taken = isSignalConnected(QMetaMethod::fromSignal(&Upstream::unsolicited));
        Q_EMIT unsolicited(message);
        return taken;
    }
    const Relay relay = found->second.relay; // it may end its own request
    relay(message);
    return true;
}

void Upstream::respond(const RawJson &id, const RawJson &result, const RawJson &error)
{
    const QByteArray key = id.bytes();
    const auto found = m_serverRequests.constFind(key);
    if (found == m_serverRequests.constEnd())
        return;
    const qint64 owner = *found;
    m_serverRequests.erase(found);
    if (m_state != State::Ready)
        return;
    if (m_generation == Generation::Stateless)
        takeInputAnswer(owner, key, result, error);
    else
        sendResponse(id, result, error);
}

void Upstream::sendResponse(const RawJson &id, const RawJson &result, const RawJson &error)
{
    const RawJson &value = error.isEmpty() ? result : error;
    QByteArray message;
    message.reserve(value.size() + id.size() + 48);
    message += "{\"jsonrpc\":\"2.0\",\"id\":";
    message.append(id.view().data(), id.size());
    message += error.isEmpty() ? ",\"result\":" : ",\"error\":";
    message.append(value.view().data(), value.size());
    message += '}';
    m_transport->send(message, 0);
}

void Upstream::answer(qint64 request, Result<UpstreamAnswer> result)
{
    const auto found = m_pending.find(request);
    if (found == m_pending.end())
        return;
    Completion<UpstreamAnswer> done = std::move(found->second.done);
    if (m_generation == Generation::Stateless)
        forgetQuestions(found->second);
    m_pending.erase(found);
    if (request != m_submitting)
        return done(std::move(result));
    post(this, [done = std::move(done), result = std::move(result)]() mutable { done(std::move(result)); });
}

void Upstream::stop()
{
    if (m_state == State::Ended)
        return;
    m_ready = {};
    finish({Error::Kind::UpstreamFailed, QStringLiteral("The connection to the server was ended here.")});
}

void Upstream::end(const Error &error)
{
    if (m_state == State::Ended)
        return;
    const bool wasReady = m_state == State::Ready;
    const QPointer<Upstream> alive(this);
    finish(error);
    if (!alive)
        return;
    if (wasReady)
        Q_EMIT closed(error);
    else
        std::exchange(m_ready, {})(failure(error));
}

// Answers each as what it is for it: a request that left may have been done.
void Upstream::finish(const Error &why)
{
    m_state = State::Ended;
    m_transport->stop();
    m_serverRequests.clear();
    m_listener.reset();
    for (auto &[id, request] : std::exchange(m_pending, {})) {
        if (request.sentAs != 0 || request.rounds > 0)
            request.done(
                failure(Error::Kind::OutcomeUnknown, why.message + QStringLiteral(" It may have been done: check before you try again.")));
        else
            request.done(failure(Error::Kind::UpstreamFailed, QStringLiteral("Not sent: ") + why.message));
    }
}

} // namespace mcpcore
