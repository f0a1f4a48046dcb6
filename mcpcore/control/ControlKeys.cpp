// SPDX-FileCopyrightText: 2026 The Countersign authors
// SPDX-License-Identifier: GPL-3.0-or-later
#include "audit/ActivityLog.h"
#include "audit/LogReader.h"
#include "base/Json.h"
#include "control/Control.h"
#include "control/KeyFacts.h"
#include "control/KeySlots.h"
#include "control/VendorCheck.h"
#include "gateway/Gateway.h"
#include "packs/KeyRules.h"
#include "secrets/KeyRing.h"
#include "store/WorkspaceFile.h"
#include "upstream/UpstreamPool.h"

namespace mcpcore {

namespace {

// So many of the newest rows of the log are looked at for the last use of keys.
constexpr qint64 kUseRows = 20'000;

void addUse(const QList<KeyUse> &uses, const KeyId &key, Json &out)
{
    Json by = Json::array();
    std::chrono::milliseconds last{};
    for (const KeyUse &use : uses) {
        if (use.key != key.text)
            continue;
        by.push_back({{"client", use.client}, {"at", toIsoText(use.last)}});
        last = std::max(last, use.last);
    }
    if (last.count() > 0)
        out["lastUsed"] = toIsoText(last);
    out["usedBy"] = by;
}

// What a second answer of a vendor says otherwise than the one before.
QString changesBetween(const std::optional<KeyVerification> &before, const KeyVerification &now)
{
    QStringList changes;
    if (before && before->account != now.account)
        changes.append(QStringLiteral("The account changed: it was %1, and is %2.")
                           .arg(before->account.isEmpty() ? QStringLiteral("not said") : before->account,
                                now.account.isEmpty() ? QStringLiteral("not said") : now.account));
    if (before && before->mode != now.mode)
        changes.append(QStringLiteral("It was %1, and is %2.").arg(toText(before->mode), toText(now.mode)));
    return changes.join(QLatin1Char(' '));
}

} // namespace

void Control::addKeyCommands()
{
    m_commands[QStringLiteral("key set")] = {&Control::setKey, [](const Json &parameters) -> Result<QString> {
                                                 return QStringLiteral("Set the key of %1 in %2?")
                                                     .arg(stringAt(parameters, "connection", {}), stringAt(parameters, "environment", {}));
                                             }};
    m_commands[QStringLiteral("key cancel")] = {&Control::cancelKey, {}};
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

void Control::listKeys(const Json &, Completion<Json> done)
{
    const auto reader = LogReader::open(m_services.log.path());
    const auto uses = reader ? (*reader)->keyUses(kUseRows) : failure(reader.error());
    Json keys = Json::array();
    for (const KeyRecord &key : workspace().keys) {
        keys.push_back(toJson(key, m_services.clock.wall()));
        if (uses)
            addUse(*uses, key.id, keys.back());
    }
    done(Json{{"keys", keys}, {"reminders", remindersOf(workspace(), m_services.clock.wall())}, {"useRows", uses ? kUseRows : 0}});
}

// The key is there, can be read, and its vendor says what it makes of it. Where no vendor can be asked: it may go where the
// connection goes, and the server lets us connect with it.
void Control::testKey(const Json &parameters, Completion<Json> done)
{
    const auto slot = slotAt(m_services.packs, workspace(), parameters);
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
    auto route = slot->pack ? routeTo(*slot->pack, *slot->connection, *slot->environment) : std::nullopt;
    auto found = [this, forWhom, key = *record, route = std::move(route), done = std::move(done)](Result<Secret> secret) mutable {
        if (!secret)
            return done(failure(secret.error()));
        if (!route)
            return connectWith(key, forWhom, std::move(done));
        const Pack pack = route->pack;
        m_vendors->ask(std::move(*route), std::move(*secret),
                       Completion<VerifyAnswer>(this, [this, key, pack, done = std::move(done)](Result<VerifyAnswer> answer) mutable {
                           if (!answer)
                               return done(failure(answer.error()));
                           takeTested(key, pack, *answer, std::move(done));
                       }));
    };
    m_services.keys.read(record->id, slot->environment->kind, destinationOf(*slot->connection, environment),
                         Completion<Secret>(this, std::move(found)));
}

void Control::connectWith(const KeyRecord &key, const ClientId &client, Completion<Json> done)
{
    const bool open = m_services.upstreams.running({key.connection, key.environment, key.id, kEverything}) != nullptr;
    m_services.upstreams.forgetFailures(key.connection);
    m_services.gateway.access().get(
        client, key.connection, key.environment, kEverything,
        Completion<Upstream *>(this, [this, key, open, done = std::move(done)](Result<Upstream *> upstream) mutable {
            if (!upstream)
                return done(failure(
                    upstream.error().kind,
                    QStringLiteral("The key can be read, but no connection can be made with it. %1").arg(upstream.error().message)));
            Json answer = toJson(key, m_services.clock.wall());
            answer["readable"] = true;
            answer["connected"] = open ? "before" : "now";
            answer["note"] = kNobodyToAsk;
            done(std::move(answer));
        }));
}

void Control::takeTested(const KeyRecord &key, const Pack &pack, const VerifyAnswer &answer, Completion<Json> done)
{
    const QString place = QStringLiteral("%1 in %2").arg(key.connection.text, key.environment.text);
    const Environment *environment = find(workspace(), key.environment);
    const auto isIt = [&key](const KeyRecord &one) { return one.id == key.id; };
    const auto was = std::find_if(workspace().keys.begin(), workspace().keys.end(), isIt);
    if (!environment || was == workspace().keys.end())
        return done(failure(Error::Kind::Conflict,
                            QStringLiteral("The key of %1 was changed while %2 was asked. Test again.").arg(place, pack.name)));
    const auto record = [&](const QString &what, const std::optional<KeyVerification> &verified, const std::optional<Alarm> &alarm) {
        m_services.log.append({LogRow::Kind::Key, {}, what, {}});
        return change(what, [&](Workspace &edited) -> Result<> {
            for (KeyRecord &one : edited.keys)
                if (one.id == key.id)
                    one.verified = verified;
            if (alarm && !findAlarm(edited, key.connection, key.environment))
                edited.alarms.append(*alarm);
            return {};
        });
    };
    Error refusal{Error::Kind::UpstreamFailed, QStringLiteral("Not verified: %1 Try again later.").arg(answer.reason)};
    switch (answer.verdict) {
    case VerifyAnswer::Verdict::NotAsked: return done(failure(refusal));
    case VerifyAnswer::Verdict::Refused:
        refusal = refusedBy(pack, environment->kind, answer);
        if (const auto changed = record(QStringLiteral("%1 refused the key %2 of %3.").arg(pack.name, key.id.text, place), {}, {});
            !changed)
            return done(failure(changed.error()));
        return done(failure(refusal));
    case VerifyAnswer::Verdict::Accepted: break;
    }
    KeyVerification said = answer.said;
    said.at = m_services.clock.wall();
    const QString changes = changesBetween(was->verified, said);
    QList<OtherKey> others = otherKeys(m_services.packs, workspace());
    if (const auto agrees = checkSaid(said, {m_services.packs, pack, environment->kind, {}, {}, others}); !agrees) {
        const QString what = QStringLiteral("%1 says that the key of %2 is for another environment.").arg(pack.name, place);
        const auto changed = record(what, said, Alarm{key.connection, key.environment, what, said.at});
        return done(failure(changed ? Error{Error::Kind::Conflict, QStringLiteral("%1 %2 is stopped.").arg(agrees.error().message, place)}
                                    : changed.error()));
    }
    if (const auto changed =
            record(QStringLiteral("%1 accepted the key %2 of %3. %4").arg(pack.name, key.id.text, place, changes).trimmed(), said, {});
        !changed)
        return done(failure(changed.error()));
    Json out = toJson(*std::find_if(workspace().keys.begin(), workspace().keys.end(), isIt), said.at);
    out["readable"] = true;
    addTells(answer, out);
    out["note"] = QStringLiteral("%1 accepts it. %2").arg(pack.name, changes).trimmed();
    done(std::move(out));
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
