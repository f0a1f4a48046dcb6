// SPDX-FileCopyrightText: 2026 The Countersign authors
// SPDX-License-Identifier: GPL-3.0-or-later
#include "base/Post.h"
#include "gateway/Session.h"
#include "protocol/ErrorMapping.h"
#include "store/WorkspaceFile.h"

namespace mcpcore {

namespace {
// What a server hears that asks a client which acts in another environment now.
const QByteArray kElsewhere = QByteArrayLiteral("{\"code\":-32603,\"message\":\"The client is not here any more.\"}");
} // namespace

void Session::withUpstream(Completion<Upstream *> done)
{
    m_services.calls.access.get(m_client, *m_scope.connection, *m_scope.environment, m_told,
                                Completion<Upstream *>(this, [this, done = std::move(done)](Result<Upstream *> upstream) mutable {
                                    // It may have taken a while to start.
                                    if (const auto environment = environmentNow(); !environment)
                                        return done(failure(environment.error()));
                                    if (upstream)
                                        follow(*upstream);
                                    done(std::move(upstream));
                                }));
}

void Session::follow(Upstream *upstream)
{
    if (m_upstream == upstream)
        return;
    m_upstream = upstream;
    connect(upstream, &Upstream::unsolicited, this, &Session::unsolicited);
    subscribeAgain();
}

void Session::relayRequest(const Message &message)
{
    const QByteArray id = message.id.bytes();
    if (const auto environment = environmentNow(); !environment)
        return answerError(id, environment.error());
    Running &running = m_running[id];
    ++*m_inFlight;
    running.progressToken = memberOf(memberOf(message.params, "_meta"), "progressToken").bytes();
    running.relayed = message.method;
    const QByteArray uri = memberOf(message.params, "uri").bytes();
    const bool subscribes = message.method == QLatin1String("resources/subscribe");
    // Counted once a session, whatever its client repeats.
    if (subscribes ? m_subscribed.contains(uri) : message.method == QLatin1String("resources/unsubscribe") && !m_subscribed.remove(uri))
        return callAnswered(id, UpstreamAnswer{RawJson(QByteArrayLiteral("{}")), {}});
    relay(id, message, Attempt::First);
}

void Session::relay(const QByteArray &id, const Message &message, Attempt attempt)
{
    withUpstream(Completion<Upstream *>(this, [this, id, message, attempt](Result<Upstream *> upstream) {
        const auto waiting = m_running.find(id);
        if (waiting == m_running.end())
            return;
        if (!upstream)
            return callAnswered(id, failure(upstream.error()));
        waiting->second.upstream = *upstream;
        waiting->second.handle = (*upstream)->request(
            message.method, message.params, [this, id](const UpstreamMessage &fromUpstream) { relayed(id, fromUpstream); },
            Completion<UpstreamAnswer>(this, [this, id, message, attempt](Result<UpstreamAnswer> answer) {
                if (answer || attempt == Attempt::Again)
                    return relayAnswered(id, message, answer);
                // The server began anew and forgot the session. What only reads is asked again, once; a call never is.
                post(this, [this, id, message, answer] {
                    const auto waits = m_running.find(id);
                    if (waits != m_running.end() && !(waits->second.upstream && waits->second.upstream->isReady()))
                        return relay(id, message, Attempt::Again);
                    relayAnswered(id, message, answer);
                });
            }));
    }));
}

void Session::relayAnswered(const QByteArray &id, const Message &message, const Result<UpstreamAnswer> &answer)
{
    if (answer && answer->error.isEmpty() && message.method == QLatin1String("resources/subscribe"))
        m_subscribed.insert(memberOf(message.params, "uri").bytes(), RawJson(message.params.bytes()));
    callAnswered(id, answer);
}

// A server that began anew knows nothing of what it was asked for before.
void Session::subscribeAgain()
{
    for (const RawJson &params : std::as_const(m_subscribed))
        m_upstream->request(QStringLiteral("resources/subscribe"), params, {}, {});
}

void Session::unsubscribeAll()
{
    for (const RawJson &params : std::exchange(m_subscribed, {}))
        if (m_upstream)
            m_upstream->request(QStringLiteral("resources/unsubscribe"), params, {}, {});
}

// The switch takes back what this client has there: later nothing of it reaches that server.
void Session::leaveUpstream()
{
    QList<qint64> relayed; // cancelling answers, and so ends what runs
    for (const auto &[id, running] : m_running)
        if (!running.call)
            relayed.append(running.handle);
    for (const qint64 handle : std::as_const(relayed))
        if (m_upstream)
            m_upstream->cancel(handle, QStringLiteral("The environment was switched."));
    unsubscribeAll();
    for (const Asked &asked : std::exchange(m_asked, {}))
        if (asked.upstream)
            asked.upstream->respond(asked.id, {}, RawJson(kElsewhere));
}

// What reaches all sessions of a server, but is not for each of them.
bool Session::wants(const QString &method, const RawJson &params) const
{
    if (method == QLatin1String("notifications/resources/updated"))
        return !m_subscribed.isEmpty();
    return method != QLatin1String("notifications/message") || !m_logLevel || isWanted(params, *m_logLevel);
}

void Session::unsolicited(const UpstreamMessage &message)
{
    // What goes on there is not for a client that acts elsewhere now.
    if (!environmentNow())
        return message.kind == UpstreamMessage::Kind::Request && m_upstream ? m_upstream->respond(message.id, {}, RawJson(kElsewhere))
                                                                            : void();
    if (message.kind == UpstreamMessage::Kind::Request)
        return askClient({}, m_upstream, message);
    // The tools of a client are those of its catalog, which speaks for itself.
    if (m_initialized && message.method != QLatin1String("notifications/tools/list_changed") && wants(message.method, message.params))
        m_output.push({}, requestMessage({}, message.method, message.params.view()));
}

// A server asks its client (sampling, elicitation, roots): relayed to a client that declared it can answer; an elicitation is
// else the person's; the rest is refused.
void Session::askClient(const QByteArray &relatedRequest, Upstream *upstream, const UpstreamMessage &message)
{
    if (!upstream)
        return;
    const RawJson capabilities(m_clientCapabilities);
    if (!isDeclared(capabilities, message.method, message.params)) {
        if (m_services.questions && message.method == QLatin1String("elicitation/create"))
            return askPerson(relatedRequest, upstream, message);
        return upstream->respond(message.id, {}, RawJson(refusalOfInput(message.method, capabilities)));
    }
    const QByteArray id = QByteArray::number(++m_lastAskId);
    m_asked.insert(id, {upstream, message.id});
    m_output.ask(relatedRequest, message.key, requestMessage(id, message.method, message.params.view()));
}

void Session::clientAnswered(const Message &message)
{
    const Asked asked = m_asked.take(message.id.bytes());
    if (!asked.upstream)
        return;
    // Switched meanwhile: nothing the client says goes there any more, and the server does not wait for it.
    if (!environmentNow())
        return asked.upstream->respond(asked.id, {}, RawJson(kElsewhere));
    asked.upstream->respond(asked.id, message.result, message.error);
}

} // namespace mcpcore
