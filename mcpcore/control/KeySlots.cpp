// SPDX-FileCopyrightText: 2026 The Countersign authors
// SPDX-License-Identifier: GPL-3.0-or-later
#include "control/KeySlots.h"
#include "base/Json.h"
#include "packs/Packs.h"

namespace mcpcore {

Result<SlotAt> slotAt(const QList<Pack> &packs, const Workspace &workspace, const Json &parameters)
{
    const ConnectionId connectionId{stringAt(parameters, "connection", {})};
    const EnvironmentId environmentId{stringAt(parameters, "environment", {})};
    SlotAt slot{find(workspace, connectionId), find(workspace, environmentId), nullptr};
    if (slot.connection && slot.environment) {
        slot.pack = packOf(packs, *slot.connection, environmentId);
        if (const QString why = slot.pack ? slot.pack->impossibleIn(slot.environment->kind) : QString(); !why.isEmpty())
            return failure(Error::Kind::InvalidArgument,
                           QStringLiteral("Key refused: this slot is for %1. %2").arg(environmentId.text, why));
    }
    if (!slot.connection || !slot.environment || !slot.connection->environments.contains(environmentId))
        return failure(Error::Kind::NotFound,
                       QStringLiteral("There is no connection %1 in %2. Add it first.").arg(connectionId.text, environmentId.text));
    if (!needsKey(*slot.connection))
        return failure(
            Error::Kind::InvalidArgument,
            QStringLiteral("%1 takes no key. Add the connection with --auth or --secret-env to give it one.").arg(connectionId.text));
    return slot;
}

Result<std::optional<ClientId>> clientAt(const Workspace &workspace, const Json &parameters)
{
    const ClientId client{stringAt(parameters, "client", {})};
    if (client.isEmpty())
        return std::optional<ClientId>();
    if (!find(workspace, client))
        return failure(Error::Kind::NotFound, QStringLiteral("There is no client %1.").arg(client.text));
    return std::optional(client);
}

QList<OtherKey> otherKeys(const QList<Pack> &packs, const Workspace &workspace)
{
    QList<OtherKey> keys;
    for (const KeyRecord &key : workspace.keys) {
        const Environment *place = find(workspace, key.environment);
        const Connection *connection = find(workspace, key.connection);
        if (!place || !connection)
            continue;
        const Pack *pack = packOf(packs, *connection, key.environment);
        keys.append({key.fingerprint, QStringLiteral("%1 in %2").arg(key.connection.text, key.environment.text), place->kind,
                     pack ? pack->id : connection->vendor, key.verified ? key.verified->account : QString()});
    }
    return keys;
}

Error refusedBy(const Pack &pack, EnvironmentKind kind, const VerifyAnswer &answer)
{
    const QString status =
        answer.reason.isEmpty() ? QString::number(answer.status) : QStringLiteral("%1, %2").arg(answer.status).arg(answer.reason);
    const PackEnvironment place = pack.environments.value(kind);
    const QString where = place.keysUrl.isEmpty() ? place.keysSteps : QStringLiteral("%1 (%2)").arg(place.keysSteps, place.keysUrl);
    return {Error::Kind::Unauthorized,
            QStringLiteral("Key refused: %1 does not accept it (%2). Copy it again, or make a new one: %3.").arg(pack.name, status, where)};
}

void addTells(const VerifyAnswer &answer, Json &out)
{
    if (answer.tells.isEmpty())
        return;
    Json values = Json::array();
    for (const QString &one : answer.tells)
        values.push_back(one);
    out["tells"] = {{"what", answer.tellsWhat}, {"values", values}};
}

} // namespace mcpcore
