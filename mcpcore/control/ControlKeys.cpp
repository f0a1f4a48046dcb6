// SPDX-FileCopyrightText: 2026 The Countersign authors
// SPDX-License-Identifier: GPL-3.0-or-later
#include "audit/ActivityLog.h"
#include "base/Json.h"
#include "control/Control.h"
#include "control/ProfileSeal.h"
#include "gateway/Gateway.h"
#include "packs/KeyRules.h"
#include "packs/Packs.h"
#include "secrets/KeyRing.h"
#include "store/WorkspaceFile.h"
#include "upstream/UpstreamPool.h"

namespace mcpcore {

namespace {

Json toJson(const KeyRecord &key)
{
    Json out{{"id", key.id.text}, {"connection", key.connection.text}, {"environment", key.environment.text}};
    if (key.client)
        out["client"] = key.client->text;
    out["label"] = key.label;
    out["prefix"] = key.prefix;
    out["lastFour"] = key.lastFour;
    out["destination"] = key.destination;
    out["store"] = key.store;
    out["created"] = toIsoText(key.created);
    return out;
}

// The public part of a key: its kind, up to the last underscore within the first 12 characters ("rk_live_").
QString publicPrefix(std::string_view key)
{
    const size_t border = key.substr(0, 12).rfind('_');
    return border != std::string_view::npos && border > 0 && key.size() >= 20 ? QString::fromLatin1(key.data(), qsizetype(border) + 1)
                                                                              : QString();
}

// The key in the parameters without the spaces around it; empty when it is no key. A view of the parameters: not a copy.
std::string_view keyIn(const Json &parameters)
{
    const Json *member = memberAt(parameters, "secret");
    const std::string *text = member ? member->get_ptr<const std::string *>() : nullptr;
    if (!text)
        return {};
    std::string_view key = *text;
    while (!key.empty() && uchar(key.front()) <= ' ')
        key.remove_prefix(1);
    while (!key.empty() && uchar(key.back()) <= ' ')
        key.remove_suffix(1);
    const bool printable = std::all_of(key.begin(), key.end(), [](char c) { return uchar(c) > 0x20 && uchar(c) < 0x7f; });
    return printable && key.size() <= 8192 ? key : std::string_view();
}

// Keys that name their own environment must agree with the slot (D14).
Result<> checkSlot(const QString &prefix, const Environment &environment)
{
    const bool live = prefix.contains(QLatin1String("_live_"));
    const bool test = prefix.contains(QLatin1String("_test_"));
    if (live && environment.kind != EnvironmentKind::Production)
        return failure(Error::Kind::InvalidArgument,
                       QStringLiteral("Key refused: this is a live key (%1) in the %2 slot. A %2 call with it would change real data. "
                                      "Put it under production.")
                           .arg(prefix, environment.id.text));
    if (test && environment.kind == EnvironmentKind::Production)
        return failure(
            Error::Kind::InvalidArgument,
            QStringLiteral("Key refused: this is a test key (%1) in the %2 slot. Put it under sandbox.").arg(prefix, environment.id.text));
    return {};
}

// Which key is meant: a connection that takes one, in one of its environments.
struct Slot {
    const Connection *connection;
    const Environment *environment;
};

Result<Slot> slotAt(const Workspace &workspace, const Json &parameters)
{
    const ConnectionId connectionId{stringAt(parameters, "connection", {})};
    const EnvironmentId environmentId{stringAt(parameters, "environment", {})};
    const Slot slot{find(workspace, connectionId), find(workspace, environmentId)};
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

// No pack says yet how to ask a vendor: nothing is claimed of any key.
const char *const kNotVerified = "Not verified: whether the vendor accepts this key was not asked. This version cannot ask yet.";

// Every key of the person, for the rule that none serves two kinds of environment.
QList<OtherKey> keysIn(const Workspace &workspace)
{
    QList<OtherKey> keys;
    for (const KeyRecord &key : workspace.keys) {
        const Environment *place = find(workspace, key.environment);
        const Connection *connection = find(workspace, key.connection);
        if (place && connection)
            keys.append({key.fingerprint, QStringLiteral("%1 in %2").arg(key.connection.text, key.environment.text), place->kind,
                         connection->vendor});
    }
    return keys;
}

// What the pack of the vendor adds to the answer about a key.
void addWhatIsKnown(const AcceptedKey &known, const KeyRecord &record, Json &answer)
{
    QString note = QString::fromLatin1(kNotVerified);
    answer["kind"] = known.kind;
    switch (known.environmentBy) {
    case AcceptedKey::EnvironmentBy::Key: answer["environmentSaidBy"] = "key"; break;
    case AcceptedKey::EnvironmentBy::Person:
        answer["environmentSaidBy"] = "person";
        note += QStringLiteral(" That it belongs to %1 is your word: such a key does not say it.").arg(record.environment.text);
        break;
    }
    if (!known.note.isEmpty())
        note += QLatin1Char(' ') + known.note;
    answer["note"] = note;
}

} // namespace

void Control::addKeyCommands()
{
    m_commands[QStringLiteral("key set")] = {&Control::setKey, [](const Json &parameters) -> Result<QString> {
                                                 return QStringLiteral("Set the key of %1 in %2?")
                                                     .arg(stringAt(parameters, "connection", {}), stringAt(parameters, "environment", {}));
                                             }};
    m_commands[QStringLiteral("key list")] = {&Control::listKeys, {}};
    m_commands[QStringLiteral("key test")] = {&Control::testKey, {}};
    // Without a key of its own a client gets the one for all, which may open more.
    m_commands[QStringLiteral("key delete")] = {
        &Control::deleteKey, [this](const Json &parameters) -> Result<QString> {
            const KeyId id{stringAt(parameters, "id", {})};
            for (const KeyRecord &key : workspace().keys) {
                const KeyRecord *after = key.id == id && key.client ? findKey(workspace(), key.connection, key.environment, {}) : nullptr;
                if (after)
                    return QStringLiteral("Delete the key of %1 for %2 in %3? From then on it gets the key for all clients.")
                        .arg(key.client->text, key.connection.text, key.environment.text);
            }
            return QString();
        }};
}

void Control::setKey(const Json &parameters, Completion<Json> done)
{
    const std::string_view given = keyIn(parameters);
    const auto slot = slotAt(workspace(), parameters);
    if (!slot)
        return done(failure(slot.error()));
    if (given.empty())
        return done(failure(Error::Kind::InvalidArgument,
                            QStringLiteral("This is no key: give one line of printable characters without spaces on standard input.")));
    const auto client = clientAt(workspace(), parameters);
    if (!client)
        return done(failure(client.error()));
    KeyRecord record;
    record.connection = slot->connection->id;
    record.environment = slot->environment->id;
    record.client = *client;
    record.prefix = publicPrefix(given);
    record.fingerprint = m_services.seal.fingerprintOf(given);
    const auto packs = builtInPacks();
    if (!packs)
        return done(failure(packs.error()));
    std::optional<AcceptedKey> known; // by the pack of its vendor
    const EnvironmentKind kind = slot->environment->kind;
    if (const Pack *pack = find(*packs, slot->connection->vendor)) {
        const auto checked =
            checkKey(given, {*packs, *pack, kind, stringAt(parameters, "madeBy", {}), record.fingerprint, keysIn(workspace())});
        if (!checked)
            return done(failure(checked.error()));
        known = *checked;
        record.prefix = known->prefix;
    } else if (const auto agrees = checkSlot(record.prefix, *slot->environment); !agrees) {
        return done(failure(agrees.error()));
    }
    record.id = {QStringLiteral("key-") + m_services.ids.next()};
    record.label = stringAt(parameters, "label", {});
    record.destination = destinationOf(*slot->connection, record.environment);
    record.lastFour = given.size() >= 20 ? QString::fromLatin1(given.data() + given.size() - 4, 4) : QString();
    record.store = m_services.keys.storeKind();
    record.created = m_services.clock.wall();
    m_services.keys.write(
        record.id, Secret(given), record.destination,
        Completion<>(
            this, [this, record, known, kind, vendor = slot->connection->vendor, done = std::move(done)](Result<> written) mutable {
                if (!written)
                    return done(failure(written.error()));
                QList<KeyId> replaced;
                const auto changed = change(
                    QStringLiteral("Set a key of %1 in %2.").arg(record.connection.text, record.environment.text),
                    [&](Workspace &edited) -> Result<> {
                        // Another key may have been set while the keychain was busy.
                        if (const auto single = checkReuse(record.fingerprint, vendor, kind, keysIn(edited)); known && !single)
                            return single;
                        for (const KeyRecord &key : std::as_const(edited.keys))
                            if (key.connection == record.connection && key.environment == record.environment && key.client == record.client)
                                replaced.append(key.id);
                        edited.keys.removeIf([&](const KeyRecord &key) { return replaced.contains(key.id); });
                        edited.keys.append(record);
                        return {};
                    });
                const QList<KeyId> unused = changed ? replaced : QList<KeyId>{record.id};
                for (const KeyId &old : unused)
                    m_services.keys.remove(old, Completion<>(this, [](Result<>) {}));
                if (!changed)
                    return done(failure(changed.error()));
                m_services.log.append(
                    {LogRow::Kind::Key,
                     {},
                     QStringLiteral("Set the key %1 of %2 in %3.").arg(record.id.text, record.connection.text, record.environment.text),
                     {}});
                Json answer = toJson(record);
                answer["verified"] = false;
                answer["note"] = kNotVerified;
                if (known)
                    addWhatIsKnown(*known, record, answer);
                done(std::move(answer));
            }));
}

void Control::listKeys(const Json &, Completion<Json> done)
{
    Json keys = Json::array();
    for (const KeyRecord &key : workspace().keys)
        keys.push_back(toJson(key));
    done(Json{{"keys", keys}});
}

// The key is there, can be read and may go where the connection goes, and the server lets us connect with it.
void Control::testKey(const Json &parameters, Completion<Json> done)
{
    const auto slot = slotAt(workspace(), parameters);
    const auto client = slot ? clientAt(workspace(), parameters) : failure(slot.error());
    if (!client)
        return done(failure(client.error()));
    const ClientId forWhom = client->value_or(ClientId{});
    const ConnectionId connection = slot->connection->id;
    const EnvironmentId environment = slot->environment->id;
    const KeyRecord *record = findKey(workspace(), connection, environment, forWhom);
    if (!record)
        return done(failure(
            Error::Kind::NotFound,
            QStringLiteral("There is no key for %1 in %2. Set one: countersignctl key set %1 %2.").arg(connection.text, environment.text)));
    if (const auto admitted = m_services.gateway.access().admit(forWhom, connection, environment); !admitted)
        return done(failure(admitted.error()));
    auto connected = [this, forWhom, connection, environment, key = *record, done = std::move(done)](Result<Secret> found) mutable {
        if (!found)
            return done(failure(found.error()));
        const bool open = m_services.upstreams.running({connection, environment, key.id, kEverything}) != nullptr;
        m_services.upstreams.forgetFailures(connection);
        m_services.gateway.access().get(
            forWhom, connection, environment, kEverything,
            Completion<Upstream *>(this, [key, open, done = std::move(done)](Result<Upstream *> upstream) mutable {
                if (!upstream)
                    return done(failure(
                        upstream.error().kind,
                        QStringLiteral("The key can be read, but no connection can be made with it. %1").arg(upstream.error().message)));
                Json answer = toJson(key);
                answer["readable"] = true;
                answer["connected"] = open ? "before" : "now";
                answer["verified"] = false;
                answer["note"] = kNotVerified;
                done(std::move(answer));
            }));
    };
    m_services.keys.read(record->id, slot->environment->kind, destinationOf(*slot->connection, environment),
                         Completion<Secret>(this, std::move(connected)));
}

void Control::deleteKey(const Json &parameters, Completion<Json> done)
{
    const KeyId id{stringAt(parameters, "id", {})};
    const bool known = std::any_of(workspace().keys.begin(), workspace().keys.end(), [&](const KeyRecord &key) { return key.id == id; });
    if (!known)
        return done(failure(Error::Kind::NotFound, QStringLiteral("There is no key %1. See: countersignctl key list.").arg(id.text)));
    m_services.keys.remove(id, Completion<>(this, [this, id, done = std::move(done)](Result<> removed) mutable {
                               if (!removed)
                                   return done(failure(removed.error()));
                               const auto changed =
                                   change(QStringLiteral("Deleted the key %1.").arg(id.text), [&](Workspace &edited) -> Result<> {
                                       edited.keys.removeIf([&](const KeyRecord &key) { return key.id == id; });
                                       return {};
                                   });
                               if (!changed)
                                   return done(failure(changed.error()));
                               m_services.log.append({LogRow::Kind::Key, {}, QStringLiteral("Deleted the key %1.").arg(id.text), {}});
                               done(Json{{"deleted", id.text}});
                           }));
}

} // namespace mcpcore
