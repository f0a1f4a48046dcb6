// SPDX-FileCopyrightText: 2026 The Countersign authors
// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once
#include "base/Clock.h"
#include "base/Completion.h"
#include "model/Client.h"
#include "packs/EnvironmentCheck.h"
#include "upstream/ServedClient.h"
#include <QHash>

namespace mcpcore {

class Locks;
class Upstream;
class UpstreamPool;
class WorkspaceFile;

// The one way to an upstream: looks at pause, lock, alarm, connection and key first, then asks the pool. Lives in the core
// thread.
class UpstreamAccess
{
public:
    UpstreamAccess(const WorkspaceFile &workspace, const Locks &locks, UpstreamPool &pool, const QList<Pack> &packs, const Clock &clock)
        : m_workspace(workspace), m_locks(locks), m_pool(pool), m_packs(packs), m_clock(clock)
    {}

    // What keeps calls to this connection from being sent now: Paused, Locked, NotFound (no such connection there),
    // SecretUnavailable (no key, or one that ended), Conflict (the key is for another environment, or an answer came from
    // one). `client` chooses among keys.
    Result<> admit(const ClientId &client, const ConnectionId &connection, const EnvironmentId &environment) const;
    // admit(), then the running upstream for such a client, started if need be.
    void get(const ClientId &client, const ConnectionId &connection, const EnvironmentId &environment, const ServedClient &served,
             Completion<Upstream *> done) const;
    // The slot that such a call goes to; none when there is no such connection and environment.
    std::optional<CheckedSlot> slotFor(const ClientId &client, const ConnectionId &connection, const EnvironmentId &environment) const;

private:
    const Pack *packAt(const Connection &connection, const EnvironmentId &environment) const;

    const WorkspaceFile &m_workspace;
    const Locks &m_locks;
    UpstreamPool &m_pool;
    const QList<Pack> &m_packs;
    const Clock &m_clock;
    // Which pack is at which place, as long as the workspace is the same: finding it reads addresses.
    mutable QHash<QPair<ConnectionId, EnvironmentId>, const Pack *> m_packAt;
    mutable QByteArray m_packsAsOf; // digest of the workspace
};

} // namespace mcpcore
