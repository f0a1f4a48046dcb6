// SPDX-FileCopyrightText: 2026 The Countersign authors
// SPDX-License-Identifier: GPL-3.0-or-later
#include "gateway/UpstreamAccess.h"
#include "gateway/Locks.h"
#include "packs/Packs.h"
#include "store/WorkspaceFile.h"
#include "upstream/UpstreamPool.h"

namespace mcpcore {

Result<> UpstreamAccess::admit(const ClientId &client, const ConnectionId &connectionId, const EnvironmentId &environmentId) const
{
    const Workspace &workspace = m_workspace.current();
    if (workspace.paused)
        return failure(Error::Kind::Paused, QStringLiteral("Paused by a person."));
    if (m_locks.isHeld())
        return failure(Error::Kind::Paused, m_locks.heldBecause());
    const Connection *connection = find(workspace, connectionId);
    const Environment *environment = find(workspace, environmentId);
    if (!connection || !environment || !connection->environments.contains(environmentId))
        return failure(Error::Kind::NotFound,
                       QStringLiteral("There is no connection %1 in %2.").arg(connectionId.text, environmentId.text));
    if (m_locks.isLocked(*environment))
        return failure(Error::Kind::Locked, environmentId.text == QLatin1String("production")
                                                ? QStringLiteral("Production is locked by a person.")
                                                : QStringLiteral("%1 is locked by a person.").arg(environmentId.text));
    if (const Alarm *alarm = findAlarm(workspace, connectionId, environmentId))
        return failure(
            Error::Kind::Conflict,
            QStringLiteral("Not sent: %1 is stopped. %2 A person must look at it in Countersign.").arg(connectionId.text, alarm->what));
    const auto slot = slotFor(client, connectionId, environmentId);
    if (needsKey(*connection) && !slot->key)
        return failure(
            Error::Kind::SecretUnavailable,
            QStringLiteral("Not sent: there is no key for %1 in %2. Set one in Countersign.").arg(connectionId.text, environmentId.text));
    return checkKeyOf(*slot, m_clock.wall());
}

std::optional<CheckedSlot> UpstreamAccess::slotFor(const ClientId &client, const ConnectionId &connectionId,
                                                   const EnvironmentId &environmentId) const
{
    const Workspace &workspace = m_workspace.current();
    const Connection *connection = find(workspace, connectionId);
    const Environment *environment = find(workspace, environmentId);
    if (!connection || !environment)
        return {};
    const KeyRecord *key = needsKey(*connection) ? findKey(workspace, connectionId, environmentId, client) : nullptr;
    return CheckedSlot{packAt(*connection, environmentId), key, connectionId, *environment};
}

const Pack *UpstreamAccess::packAt(const Connection &connection, const EnvironmentId &environment) const
{
    if (m_packsAsOf != m_workspace.digest()) {
        m_packAt.clear();
        m_packsAsOf = m_workspace.digest();
    }
    const auto known = m_packAt.constFind({connection.id, environment});
    return known != m_packAt.cend() ? *known : *m_packAt.insert({connection.id, environment}, packOf(m_packs, connection, environment));
}

void UpstreamAccess::get(const ClientId &client, const ConnectionId &connectionId, const EnvironmentId &environmentId,
                         const ServedClient &served, Completion<Upstream *> done) const
{
    if (const auto admitted = admit(client, connectionId, environmentId); !admitted)
        return done(failure(admitted.error()));
    const Workspace &workspace = m_workspace.current();
    const Connection &connection = *find(workspace, connectionId);
    const KeyRecord *key = needsKey(connection) ? findKey(workspace, connectionId, environmentId, client) : nullptr;
    m_pool.get(connection, *find(workspace, environmentId), key ? std::optional(key->id) : std::nullopt, served, std::move(done));
}

} // namespace mcpcore
