// SPDX-FileCopyrightText: 2026 The Countersign authors
// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once
#include "gateway/Catalogs.h"
#include "gateway/FrontDoor.h"
#include "gateway/Locks.h"
#include "gateway/PendingCall.h"
#include "model/Workspace.h"

namespace mcpcore {

class Ids;
class Questions;
class UpstreamPool;

// The middle of the program: knows the clients, opens their sessions, and takes back what a switch, a lock or a pause
// makes void. Lives in the core thread.
class Gateway : public QObject, public FrontDoor
{
    Q_OBJECT
public:
    // `questions`: null when there is no window, so nobody whom a server could ask.
    Gateway(WorkspaceFile &workspace, Locks &locks, UpstreamPool &upstreams, ActivityLog &log, ApprovalQueue &approvals,
            Questions *questions, const QList<Pack> &packs, KeptTools &kept, const Clock &clock, Ids &ids, QObject *parent = nullptr);

    enum class ShutOut { Everywhere, ByToken, ByBridge };
    std::optional<ClientId> clientOfToken(std::string_view token) const override;
    Result<ClientId> bridgeClient(const QString &id, Peer &peer) override;
    Result<std::unique_ptr<ClientSession>> open(const ClientId &client, const Peer &peer, const Scope &scope,
                                                SessionOutput &output) override;
    void refused(const QString &why) override;

    Catalogs &catalogs() { return m_catalogs; }
    const UpstreamAccess &access() const { return m_access; }
    // A token that nobody has: whose it was before is noted.
    void noteWrongToken(std::string_view token);
    ClientSeen seenOf(const ClientId &client) const { return m_clientsSeen.value(client); }
    // Sessions open now, by client.
    QHash<ClientId, int> sessions() const;
    // The connections there are asked for their tools, so that the first list is ready.
    void warmUp(const EnvironmentId &environment);

    // The client of `countersignctl try` and of the window's test call: always there, sandbox only, never in the workspace.
    static Client sampleClient();

Q_SIGNALS:
    // Live state of calls that were decided for.
    void callStateChanged(const mcpcore::CallId &call, mcpcore::PendingCall::State state, const QString &detail,
                          std::chrono::milliseconds took);
    void sessionsChanged();
    void clientsSeenChanged();
    // What is open for the client ends: all of it, or what came in by its token or its bridge.
    void clientShutOut(const mcpcore::ClientId &client, mcpcore::Gateway::ShutOut what);

private:
    void workspaceChanged();
    void raiseAlarm(const ToolCall &call, const QString &what);

    WorkspaceFile &m_workspace;
    Locks &m_locks;
    UpstreamPool &m_upstreams;
    ActivityLog &m_log;
    ApprovalQueue &m_approvals;
    Questions *const m_questions;
    const Clock &m_clock;
    Ids &m_ids;
    const QList<Pack> &m_packs;
    UpstreamAccess m_access;
    Catalogs m_catalogs;
    QHash<QByteArray, ClientId> m_tokens; // by SHA-256 digest
    QHash<QByteArray, ClientId> m_formerTokens;
    QHash<ClientId, ClientSeen> m_clientsSeen;
    QHash<ClientId, std::weak_ptr<int>> m_inFlight;
    QHash<ClientId, int> m_sessions;
    Workspace m_seen; // the workspace as of the last change
    int m_refusedInBurst = 0;
    QString m_lastRefusal;
};

} // namespace mcpcore
