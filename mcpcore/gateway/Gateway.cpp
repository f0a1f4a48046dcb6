// SPDX-FileCopyrightText: 2026 The Countersign authors
// SPDX-License-Identifier: GPL-3.0-or-later
#include "gateway/Gateway.h"
#include "approvals/ApprovalQueue.h"
#include "audit/ActivityLog.h"
#include "base/Secret.h"
#include "gateway/Session.h"
#include "store/WorkspaceFile.h"
#include "upstream/UpstreamPool.h"

namespace mcpcore {

namespace {
constexpr Milliseconds kRefusalBurst = std::chrono::seconds(10);
}

Gateway::Gateway(WorkspaceFile &workspace, Locks &locks, UpstreamPool &upstreams, ActivityLog &log, ApprovalQueue &approvals,
                 Questions *questions, const QList<Pack> &packs, KeptTools &kept, const Clock &clock, Ids &ids, QObject *parent)
    : QObject(parent),
      m_workspace(workspace),
      m_locks(locks),
      m_upstreams(upstreams),
      m_log(log),
      m_approvals(approvals),
      m_questions(questions),
      m_clock(clock),
      m_ids(ids),
      m_packs(packs),
      m_access(workspace, locks, upstreams, m_packs, clock),
      m_catalogs(workspace, m_access, kept)
{
    connect(&workspace, &WorkspaceFile::changed, this, &Gateway::workspaceChanged);
    connect(&locks, &Locks::locked, this, [this](const EnvironmentId &id, LockCause cause) {
        m_log.append({LogRow::Kind::Environment, {}, sentenceOf(id, cause), {}});
    });
    connect(&locks, &Locks::changed, this, [this](const EnvironmentId &id) {
        const Environment *environment = find(m_workspace.current(), id);
        if (!environment || !m_locks.isLocked(*environment))
            return;
        for (const Approval &approval : m_approvals.pending())
            if (approval.call->environment == id)
                m_approvals.withdraw(approval.call->id);
        m_upstreams.close(id);
    });
    workspaceChanged();
}

Client Gateway::sampleClient()
{
    Client client;
    client.id = {QStringLiteral("try")};
    client.label = QStringLiteral("Sample client");
    client.kind = QStringLiteral("sample");
    client.environment = EnvironmentId{QStringLiteral("sandbox")};
    return client;
}

std::optional<ClientId> Gateway::clientOfToken(std::string_view token) const
{
    // The table is keyed by digest: how long a look-up takes tells nothing of the tokens.
    const auto client = m_tokens.constFind(sha256(token));
    return client == m_tokens.cend() ? std::nullopt : std::optional(*client);
}

void Gateway::noteWrongToken(std::string_view token)
{
    const auto client = m_formerTokens.constFind(sha256(token));
    if (client == m_formerTokens.cend())
        return;
    m_clientsSeen[*client].wrongToken = m_clock.wall();
    Q_EMIT clientsSeenChanged();
}

Result<ClientId> Gateway::bridgeClient(const QString &id, Peer &peer)
{
    const Client *client = find(m_workspace.current(), ClientId{id});
    if (!client || client->revoked)
        return failure(Error::Kind::Unauthorized,
                       QStringLiteral("There is no client %1 in Countersign. Add it there first.").arg(id.left(40)));
    if (client->bridgeProgram.isEmpty() && !peer.program.isEmpty()) {
        const auto recorded = m_workspace.change([&](Workspace &workspace) -> Result<> {
            for (Client &known : workspace.clients)
                if (known.id.text == id)
                    known.bridgeProgram = peer.program;
            return {};
        });
        if (!recorded)
            return failure(recorded.error());
    } else if (client->bridgeProgram != peer.program) {
        peer.stranger = true;
        m_clientsSeen[client->id].stranger = peer.program;
        Q_EMIT clientsSeenChanged();
    }
    return ClientId{id};
}

Result<std::unique_ptr<ClientSession>> Gateway::open(const ClientId &id, const Peer &peer, const Scope &scope, SessionOutput &output)
{
    const Workspace &workspace = m_workspace.current();
    const Client sample = sampleClient();
    const Client *client = id == sample.id ? &sample : find(workspace, id);
    if (!client || client->revoked)
        return failure(Error::Kind::Unauthorized, QStringLiteral("This client was removed or revoked in Countersign."));
    if (scope.connection) {
        const Connection *connection = find(workspace, *scope.connection);
        if (!connection || !scope.environment || !connection->environments.contains(*scope.environment))
            return failure(Error::Kind::NotFound, QStringLiteral("There is no such connection and environment."));
        if (environmentOf(workspace, *client) != *scope.environment)
            return failure(Error::Kind::Denied, QStringLiteral("%1 acts in %2. This address is for %3.")
                                                    .arg(client->label, environmentOf(workspace, *client).text, scope.environment->text));
    }
    std::shared_ptr<int> inFlight = m_inFlight.value(id).lock();
    if (!inFlight)
        m_inFlight[id] = inFlight = std::make_shared<int>(0);
    SessionServices services{
        {m_workspace, m_access, m_log, m_approvals, m_clock, [this](const ToolCall &call, const QString &what) { raiseAlarm(call, what); }},
        m_catalogs,
        m_ids,
        m_questions,
        [this](PendingCall &call) {
            connect(&call, &PendingCall::stateChanged, this,
                    [this, id = call.call().id, begin = m_clock.monotonic()](PendingCall::State state, const QString &detail) mutable {
                        if (state == PendingCall::State::Sending)
                            begin = m_clock.monotonic(); // the person's time is not the call's
                        Q_EMIT callStateChanged(id, state, detail, m_clock.monotonic() - begin);
                    });
        },
        [this, id](const QString &version) {
            ClientSeen &seen = m_clientsSeen[id];
            seen.at = m_clock.wall();
            if (!version.isEmpty()) // a client without sessions does not say it
                seen.version = version.left(40);
            seen.wrongToken = {};
            Q_EMIT clientsSeenChanged();
        }};
    auto session = std::make_unique<Session>(std::move(services), *client, peer, scope, std::move(inFlight), output);
    connect(this, &Gateway::clientShutOut, session.get(),
            [session = session.get(), id, way = peer.way](const ClientId &which, ShutOut what) {
                const bool shut = what == ShutOut::Everywhere || way == (what == ShutOut::ByToken ? Peer::Way::Http : Peer::Way::Bridge);
                if (which == id && shut)
                    Q_EMIT session->shutOut();
            });
    ++m_sessions[id];
    connect(session.get(), &QObject::destroyed, this, [this, id] {
        if (--m_sessions[id] <= 0)
            m_sessions.remove(id);
        Q_EMIT sessionsChanged();
    });
    Q_EMIT sessionsChanged();
    return session;
}

QHash<ClientId, int> Gateway::sessions() const
{
    return m_sessions;
}

// The answer was given already: what can be stopped is what would come next.
void Gateway::raiseAlarm(const ToolCall &call, const QString &what)
{
    if (findAlarm(m_workspace.current(), call.connection, call.environment))
        return;
    const QString sentence = QStringLiteral("%1 The slot holds the wrong key or the wrong endpoint.").arg(what);
    m_log.append({LogRow::Kind::Environment,
                  {},
                  QStringLiteral("Stopped %1 in %2: %3").arg(call.connection.text, call.environment.text, sentence),
                  QByteArrayLiteral("{\"call\":") + quoted(call.id.text) + '}'});
    const auto stopped = m_workspace.change([&](Workspace &edited) -> Result<> {
        edited.alarms.append({call.connection, call.environment, sentence, m_clock.wall()});
        return {};
    });
    // Where it cannot be kept, nothing is sent at all.
    if (!stopped)
        m_locks.hold(QStringLiteral("Not sent: %1 It could not be recorded: %2").arg(sentence, stopped.error().message));
}

// One row per burst: whoever knocks without a token must not be able to fill the log.
void Gateway::refused(const QString &why)
{
    m_lastRefusal = why;
    if (++m_refusedInBurst > 1)
        return;
    m_clock.after(kRefusalBurst, this, [this] {
        const QString title =
            m_refusedInBurst == 1
                ? QStringLiteral("Refused a request: %1").arg(m_lastRefusal)
                : QStringLiteral("Refused %1 requests within 10 seconds, the last: %2").arg(m_refusedInBurst).arg(m_lastRefusal);
        m_refusedInBurst = 0;
        m_log.append({LogRow::Kind::Refused, {}, title, {}});
    });
}

void Gateway::warmUp(const EnvironmentId &environment)
{
    const ServedClient told = Session::toldOf(QByteArrayLiteral("{}"), Generation::Sessions, m_questions);
    for (const Connection &connection : m_workspace.current().connections)
        if (connection.environments.contains(environment))
            m_catalogs.at(connection.id, environment, told).whenLoaded({}, {});
}

void Gateway::workspaceChanged()
{
    const Workspace &workspace = m_workspace.current();
    m_tokens.clear();
    m_formerTokens.clear();
    for (const Client &client : workspace.clients) {
        if (!client.revoked && !client.tokenDigest.isEmpty())
            m_tokens.insert(client.tokenDigest, client.id);
        if (!client.formerTokenDigest.isEmpty())
            m_formerTokens.insert(client.formerTokenDigest, client.id);
    }

    if (workspace.paused && !m_seen.paused) {
        m_locks.lockAll(LockCause::Pause);
        m_approvals.denyAll(QStringLiteral("Paused by a person."));
        m_upstreams.stopAll();
    }
    // A card that was asked for another environment, client, connection or definition than now is void.
    for (const Approval &approval : m_approvals.pending()) {
        const ToolCall &call = *approval.call;
        const Client *client = find(workspace, call.client);
        const Connection *connection = find(workspace, call.connection);
        const ToolTrust *trust = findTrust(workspace, call.connection, call.environment, call.tool);
        const KeyRecord *key =
            connection && needsKey(*connection) ? findKey(workspace, call.connection, call.environment, call.client) : nullptr;
        const bool sample = call.client == sampleClient().id;
        const bool stands = !findAlarm(workspace, call.connection, call.environment)
                            && (sample || (client && !client->revoked && environmentOf(workspace, *client) == call.environment))
                            && connection && destinationOf(*connection, call.environment) == call.destination
                            && (key ? key->id : KeyId()) == call.key && (call.pin.isEmpty() || (trust && trust->pin == call.pin))
                            && !hiddenTools(workspace, call.client, call.connection, call.environment).contains(call.tool);
        if (!stands)
            m_approvals.withdraw(call.id);
    }
    for (const Client &before : m_seen.clients) {
        const Client *now = find(workspace, before.id);
        if (!before.revoked && (!now || now->revoked))
            Q_EMIT clientShutOut(before.id, ShutOut::Everywhere);
        else if (now && now->tokenDigest != before.tokenDigest)
            Q_EMIT clientShutOut(before.id, ShutOut::ByToken);
        // Who was a stranger comes anew, and is known or one now.
        if (now && !now->revoked && !before.bridgeProgram.isEmpty() && now->bridgeProgram != before.bridgeProgram) {
            m_clientsSeen[before.id].stranger.clear();
            Q_EMIT clientShutOut(before.id, ShutOut::ByBridge);
        }
    }
    for (const Connection &before : m_seen.connections) {
        const Connection *now = find(workspace, before.id);
        for (const EnvironmentId &environment : before.environments)
            if (!now || destinationOf(*now, environment) != destinationOf(before, environment)) {
                m_upstreams.stop(before.id);
                break;
            }
    }
    for (const KeyRecord &before : m_seen.keys)
        if (std::none_of(workspace.keys.begin(), workspace.keys.end(),
                         [&](const KeyRecord &key) { return key.id == before.id && key.created == before.created; }))
            m_upstreams.stop(before.id);
    m_seen = workspace;
}

} // namespace mcpcore
