// SPDX-FileCopyrightText: 2026 The Countersign authors
// SPDX-License-Identifier: GPL-3.0-or-later
#include "upstream/Upstream.h"
#include "base/Post.h"
#include "protocol/ErrorMapping.h"
#include <QMetaMethod>
#include <QPointer>
#include <algorithm>
#include <charconv>

namespace mcpcore {

namespace {

constexpr Milliseconds initializeLimit{60'000}; // npx may have to fetch a package first
constexpr size_t maximumPending = 1024;
const QStringList &knownVersions()
{
    static const QStringList versions{QStringLiteral("2025-11-25"), QStringLiteral("2025-06-18"), QStringLiteral("2025-03-26"),
                                      QStringLiteral("2024-11-05")};
    return versions;
}

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

Upstream::Upstream(std::unique_ptr<Transport> transport, const Clock &clock, QByteArray clientCapabilities, QObject *parent)
    : QObject(parent), m_transport(std::move(transport)), m_clock(clock), m_clientCapabilities(std::move(clientCapabilities))
{
    connect(m_transport.get(), &Transport::started, this, &Upstream::initialize);
    connect(m_transport.get(), &Transport::received, this, &Upstream::take);
    connect(m_transport.get(), &Transport::failed, this, [this](qint64 request, const Error &error) { answer(request, failure(error)); });
    connect(m_transport.get(), &Transport::closed, this, &Upstream::end);
}

Upstream::~Upstream()
{
    stop();
}

void Upstream::start(Completion<> ready)
{
    Q_ASSERT(m_state == State::New);
    m_state = State::Starting;
    m_ready = std::move(ready);
    m_clock.after(initializeLimit, this, [this] {
        if (m_state == State::Starting)
            end({Error::Kind::UpstreamFailed, QStringLiteral("The server did not get ready within a minute.")});
    });
    m_transport->start();
}

void Upstream::initialize()
{
    if (m_state != State::Starting)
        return;
    const qint64 id = ++m_lastId;
    Pending pending;
    pending.done = Completion<UpstreamAnswer>(this, [this](Result<UpstreamAnswer> result) { takeInitialized(result); });
    m_pending.emplace(id, std::move(pending));
    const QByteArray params = "{\"protocolVersion\":\"2025-11-25\",\"capabilities\":" + m_clientCapabilities
                              + ",\"clientInfo\":{\"name\":\"countersign\",\"title\":\"Countersign\",\"version\":\"" COUNTERSIGN_VERSION
                                "\"}}";
    m_transport->send(requestMessage(QByteArray::number(id), QStringLiteral("initialize"), {params.constData(), size_t(params.size())}),
                      id);
}

void Upstream::takeInitialized(const Result<UpstreamAnswer> &result)
{
    if (m_state != State::Starting)
        return;
    if (!result)
        return end({Error::Kind::UpstreamFailed, result.error().message});
    const auto fail = [this](const QString &text) { end({Error::Kind::UpstreamFailed, text}); };
    if (!result->error.isEmpty()) {
        const auto why = textOf(memberOf(result->error, "message"));
        return fail(
            QStringLiteral("The server refused to start a session: %1").arg(why ? why->left(500) : QStringLiteral("no reason given")));
    }
    const auto members = membersOf(result->result);
    const auto version = members ? textOf(memberOf(*members, "protocolVersion")) : Result<QString>(failure(members.error()));
    if (!version)
        return fail(QStringLiteral("The server's answer to initialize is not valid."));
    if (!knownVersions().contains(*version))
        return fail(QStringLiteral("The server speaks another version of the protocol (%1).").arg(version->left(40)));
    m_protocolVersion = *version;
    m_serverCapabilities = memberOf(*members, "capabilities");
    m_serverInfo = memberOf(*members, "serverInfo");
    if (const RawJson instructions = memberOf(*members, "instructions"); !instructions.isEmpty())
        m_instructions = textOf(instructions).value_or(QString());

    m_state = State::Ready;
    const QPointer<Upstream> alive(this);
    m_transport->negotiated(m_protocolVersion);
    m_transport->send(requestMessage({}, QStringLiteral("notifications/initialized"), {}), 0);
    if (alive && m_state == State::Ready)
        std::exchange(m_ready, {})({});
    // What waited leaves in the order it came; answers may cancel or add requests meanwhile.
    std::vector<qint64> waiting;
    if (alive)
        for (const auto &[id, pending] : m_pending)
            waiting.push_back(id);
    for (const qint64 id : waiting) {
        if (!alive || m_state != State::Ready)
            return;
        if (const auto found = m_pending.find(id); found != m_pending.end() && !found->second.message.isEmpty())
            m_transport->send(std::exchange(found->second.message, {}), id);
    }
}

qint64 Upstream::call(ApprovedCall approved, Relay relay, Completion<UpstreamAnswer> done)
{
    const ToolCall &call = approved.call();
    std::vector<Replacement> replacements{{"name", quoted(call.tool)}};
    // What was approved is what is sent, whatever `params` says.
    replacements.push_back({"arguments", call.arguments.bytes()});
    const QByteArray params = withMembers(call.params, replacements);
    return submit(QStringLiteral("tools/call"), RawJson(params), std::move(relay), std::move(done));
}

qint64 Upstream::request(const QString &method, const RawJson &params, Relay relay, Completion<UpstreamAnswer> done)
{
    if (method == QLatin1String("tools/call") || method == QLatin1String("initialize"))
        return refuse({Error::Kind::Denied, QStringLiteral("Not sent: a tool call needs an approval.")}, std::move(done));
    return submit(method, params, std::move(relay), std::move(done));
}

qint64 Upstream::submit(const QString &method, const RawJson &params, Relay relay, Completion<UpstreamAnswer> done)
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
    if (params.view().find("\"_meta\"") != std::string_view::npos) {
        const auto meta = membersOf(memberOf(params, "_meta"));
        if (meta && std::any_of(meta->begin(), meta->end(), [](const RawMember &m) { return m.key.find('\\') != std::string_view::npos; }))
            return refuse({Error::Kind::InvalidRequest, QStringLiteral("Not sent: a key of \"_meta\" is written with an escape.")},
                          std::move(done));
        if (meta)
            pending.progressToken = memberOf(*meta, "progressToken");
        if (!pending.progressToken.isEmpty())
            outgoing = RawJson(spliced(params, pending.progressToken, {idText.constData(), size_t(idText.size())}));
    }
    pending.relay = std::move(relay);
    pending.done = std::move(done);
    QByteArray message = requestMessage(idText, method, outgoing.view());
    if (m_state != State::Ready) {
        pending.message = std::move(message);
        m_pending.emplace(id, std::move(pending));
        return id;
    }
    m_pending.emplace(id, std::move(pending));
    const qint64 outer = std::exchange(m_submitting, id);
    m_transport->send(message, id);
    m_submitting = outer;
    return id;
}

qint64 Upstream::refuse(Error error, Completion<UpstreamAnswer> done)
{
    post(this, [error = std::move(error), done = std::move(done)]() mutable { done(failure(std::move(error))); });
    return ++m_lastId;
}

void Upstream::notify(const QString &method, const RawJson &params)
{
    if (m_state == State::Ready)
        m_transport->send(requestMessage({}, method, params.view()), 0);
}

void Upstream::cancel(qint64 handle, const QString &reason)
{
    const auto found = m_pending.find(handle);
    if (found == m_pending.end())
        return;
    if (found->second.message.isEmpty() && m_state == State::Ready) {
        const QByteArray params = "{\"requestId\":" + QByteArray::number(handle) + ",\"reason\":" + quoted(reason) + '}';
        m_transport->send(requestMessage({}, QStringLiteral("notifications/cancelled"), {params.constData(), size_t(params.size())}), 0);
        m_transport->abandon(handle);
    }
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

void Upstream::takeResponse(const Message &message)
{
    // Late and unknown ones are nobody's.
    const qint64 id = numberOf(message.id.view());
    if (const auto found = m_pending.find(id); found != m_pending.end() && found->second.message.isEmpty())
        answer(id, UpstreamAnswer{message.result, message.error});
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
    } else if (!concernsAll(message.method)) {
        owner = ownerOf(relatedRequest);
    }
    deliver(owner, out);
}

void Upstream::takeRequest(const Message &message, qint64 relatedRequest)
{
    if (message.method == QLatin1String("ping"))
        return sendResponse(message.id, RawJson(QByteArrayLiteral("{}")), {});
    const qint64 owner = ownerOf(relatedRequest);
    const auto found = m_pending.find(owner);
    const bool taken =
        (found != m_pending.end() && found->second.relay) || isSignalConnected(QMetaMethod::fromSignal(&Upstream::unsolicited));
    const QByteArray id = message.id.bytes();
    if (!taken || m_serverRequests.contains(id) || size_t(m_serverRequests.size()) >= maximumPending) {
        const auto error = QByteArrayLiteral("{\"code\":-32601,\"message\":\"Nobody here can answer this request.\"}");
        return sendResponse(message.id, {}, RawJson(error));
    }
    m_serverRequests.insert(id, owner);
    deliver(owner, {UpstreamMessage::Kind::Request, message.method, message.params, message.id});
}

// Where a message of the server belongs: to the request on whose stream it came, else to the only one that runs.
qint64 Upstream::ownerOf(qint64 relatedRequest) const
{
    if (relatedRequest != 0)
        return relatedRequest;
    qint64 only = 0;
    for (const auto &[id, pending] : m_pending) {
        if (!pending.relay || !pending.message.isEmpty())
            continue;
        if (only != 0)
            return 0;
        only = id;
    }
    return only;
}

void Upstream::deliver(qint64 request, const UpstreamMessage &message)
{
    const auto found = m_pending.find(request);
    if (found == m_pending.end() || !found->second.relay) {
        Q_EMIT unsolicited(message);
        return;
    }
    const Relay relay = found->second.relay; // it may end its own request
    relay(message);
}

void Upstream::respond(const RawJson &id, const RawJson &result, const RawJson &error)
{
    if (m_serverRequests.remove(id.bytes()) > 0 && m_state == State::Ready)
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
    for (auto &[id, request] : std::exchange(m_pending, {})) {
        if (request.message.isEmpty())
            request.done(
                failure(Error::Kind::OutcomeUnknown, why.message + QStringLiteral(" It may have been done: check before you try again.")));
        else
            request.done(failure(Error::Kind::UpstreamFailed, QStringLiteral("Not sent: ") + why.message));
    }
}

} // namespace mcpcore
