// SPDX-FileCopyrightText: 2026 The Countersign authors
// SPDX-License-Identifier: GPL-3.0-or-later
#include "audit/ActivityLog.h"
#include "base/Json.h"
#include "control/Control.h"
#include "control/KeyFacts.h"
#include "control/KeySlots.h"
#include "control/ProfileSeal.h"
#include "control/VendorCheck.h"
#include "gateway/Locks.h"
#include "packs/KeyEnd.h"
#include "secrets/KeyRing.h"
#include "store/WorkspaceFile.h"

// A key goes a long way before it is kept: its form, its end, its vendor's word, the keychain. The old one stays until then,
// and whatever changes meanwhile ends it.

namespace mcpcore {

namespace {

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

QList<KeyId> keysOfSlot(const Workspace &workspace, const KeyRecord &record)
{
    QList<KeyId> keys;
    for (const KeyRecord &key : workspace.keys)
        if (key.connection == record.connection && key.environment == record.environment && key.client == record.client)
            keys.append(key.id);
    return keys;
}

} // namespace

// One key on its way.
struct Control::NewKey {
    explicit NewKey(const QList<Pack> &known) : packs(known) {}

    const QList<Pack> &packs;
    KeyRecord record;
    Secret secret;
    EnvironmentKind kind = EnvironmentKind::Sandbox;
    std::optional<Pack> pack;
    std::optional<AcceptedKey> form; // by the rules of the pack
    QList<KeyId> before;             // in the slot
    VerifyAnswer answer;             // of the vendor
    QString note;                    // why there is none
    Completion<Json> done;

    QString place() const { return QStringLiteral("%1 in %2").arg(record.connection.text, record.environment.text); }
    Result<> fits(const Workspace &workspace) const;
    KeySlot slotIn(const Workspace &workspace) const { return {packs, *pack, kind, {}, record.fingerprint, otherKeys(packs, workspace)}; }
};

// Nothing it depends on has changed since it was given.
Result<> Control::NewKey::fits(const Workspace &workspace) const
{
    const Connection *connection = find(workspace, record.connection);
    const Environment *environment = find(workspace, record.environment);
    if (!connection || !environment || !connection->environments.contains(record.environment) || environment->kind != kind
        || destinationOf(*connection, record.environment) != record.destination || (record.client && !find(workspace, *record.client)))
        return failure(Error::Kind::Conflict,
                       QStringLiteral("Not saved: the connection was changed meanwhile. Look at %1, and set its key again.").arg(place()));
    if (keysOfSlot(workspace, record) != before)
        return failure(
            Error::Kind::Conflict,
            QStringLiteral("Not saved: the key of %1 was changed meanwhile. Look at it, and set this one again if it is to be it.")
                .arg(place()));
    if (!form)
        return {};
    return checkReuse(record.fingerprint, pack->id, kind, otherKeys(packs, workspace));
}

void Control::setKey(const Json &parameters, Completion<Json> done)
{
    const std::string_view given = keyIn(parameters);
    const auto slot = slotAt(m_services.packs, workspace(), parameters);
    if (!slot)
        return done(failure(slot.error()));
    if (given.empty())
        return done(failure(Error::Kind::InvalidArgument,
                            QStringLiteral("This is no key: give one line of printable characters without spaces on standard input.")));
    const auto client = clientAt(workspace(), parameters);
    if (!client)
        return done(failure(client.error()));
    const auto key = std::make_shared<NewKey>(m_services.packs);
    KeyRecord &record = key->record;
    record.connection = slot->connection->id;
    record.environment = slot->environment->id;
    record.client = *client;
    record.prefix = publicPrefix(given);
    record.fingerprint = m_services.seal.fingerprintOf(given);
    key->kind = slot->environment->kind;
    if (slot->pack) {
        const auto form = checkKey(given, {m_services.packs, *slot->pack, key->kind, stringAt(parameters, "madeBy", {}), record.fingerprint,
                                           otherKeys(m_services.packs, workspace())});
        if (!form)
            return done(failure(form.error()));
        key->pack = *slot->pack;
        key->form = *form;
        record.prefix = form->prefix;
        record.kind = form->kind;
    } else if (const auto agrees = checkSlot(record.prefix, *slot->environment); !agrees) {
        return done(failure(agrees.error()));
    }
    const Milliseconds now = m_services.clock.wall();
    record.expires = endOf(given);
    if (record.expires.count() > 0 && record.expires <= now)
        return done(failure(Error::Kind::InvalidArgument,
                            QStringLiteral("Key refused: it ended at %1. Make a new one.").arg(toIsoText(record.expires))));
    const qint64 days = integerAt(parameters, "rotateDays", kUsualRotationDays);
    if (days < 0 || days > 3650)
        return done(failure(Error::Kind::InvalidArgument, QStringLiteral("Reminders come after 1 to 3650 days, or never with 0.")));
    record.rotationDays = int(days);
    record.id = {QStringLiteral("key-") + m_services.ids.next()};
    record.label = stringAt(parameters, "label", {});
    record.foundIn = stringAt(parameters, "foundIn", {});
    record.destination = destinationOf(*slot->connection, record.environment);
    record.lastFour = given.size() >= 20 ? QString::fromLatin1(given.data() + given.size() - 4, 4) : QString();
    record.store = m_services.keys.storeKind();
    record.created = now;
    key->secret = Secret(given);
    key->before = keysOfSlot(workspace(), record);
    key->done = std::move(done);

    auto route = key->pack ? routeTo(*key->pack, *slot->connection, *slot->environment) : std::nullopt;
    if (!route) {
        key->note = QString::fromLatin1(kNobodyToAsk);
        return storeKey(key);
    }
    if (boolAt(parameters, "unverified", false)) {
        // What the vendor said of it a moment ago still holds.
        const auto said = m_contradictions.constFind(record.fingerprint);
        if (said != m_contradictions.cend() && !record.fingerprint.isEmpty())
            if (const auto agrees = checkSaid(*said, key->slotIn(workspace())); !agrees)
                return key->done(failure(Error::Kind::Conflict, agrees.error().message));
        key->note = QStringLiteral("Not verified: %1 was not asked whether it accepts this key.").arg(key->pack->name);
        return storeKey(key);
    }
    if (workspace().paused || m_services.locks.isHeld())
        return key->done(
            failure(Error::Kind::Paused,
                    QStringLiteral("Not saved: everything is paused, so %1 is not asked. Resume first.").arg(key->pack->name)));
    std::erase_if(m_newKeys, [](const std::weak_ptr<NewKey> &one) { return one.expired(); });
    m_newKeys.push_back(key);
    m_vendors->ask(std::move(*route), key->secret.duplicate(), Completion<VerifyAnswer>(this, [this, key](Result<VerifyAnswer> answer) {
                       if (!answer)
                           return key->done(failure(answer.error()));
                       key->answer = std::move(*answer);
                       takeWord(key);
                   }));
}

// A key whose vendor is still being asked is not saved.
void Control::cancelKey(const Json &parameters, Completion<Json> done)
{
    int cancelled = 0;
    for (const std::weak_ptr<NewKey> &asked : std::exchange(m_newKeys, {})) {
        const auto key = asked.lock();
        if (!key || !key->done)
            continue;
        const bool isIt = key->record.connection.text == stringAt(parameters, "connection", {})
                          && key->record.environment.text == stringAt(parameters, "environment", {})
                          && key->record.client.value_or(ClientId{}).text == stringAt(parameters, "client", {});
        if (!isIt) {
            m_newKeys.push_back(key);
            continue;
        }
        ++cancelled;
        key->done(failure(Error::Kind::Cancelled, QStringLiteral("Not saved: cancelled while %1 was asked.").arg(key->pack->name)));
    }
    done(Json{{"cancelled", cancelled}});
}

// The vendor has answered.
void Control::takeWord(const std::shared_ptr<NewKey> &key)
{
    if (!key->done)
        return; // cancelled
    const Pack &pack = *key->pack;
    switch (key->answer.verdict) {
    case VerifyAnswer::Verdict::NotAsked:
        return key->done(failure(Error::Kind::UpstreamFailed,
                                 QStringLiteral("Not saved: %1 Try again, or save it unverified.").arg(key->answer.reason)));
    case VerifyAnswer::Verdict::Refused:
        m_services.log.append({LogRow::Kind::Key, {}, QStringLiteral("%1 refused a key for %2.").arg(pack.name, key->place()), {}});
        return key->done(failure(refusedBy(pack, key->kind, key->answer)));
    case VerifyAnswer::Verdict::Accepted: break;
    }
    if (const auto fits = key->fits(workspace()); !fits)
        return key->done(failure(fits.error()));
    if (const auto agrees = checkSaid(key->answer.said, key->slotIn(workspace())); !agrees) {
        if (!key->record.fingerprint.isEmpty())
            m_contradictions.insert(key->record.fingerprint, key->answer.said);
        m_services.log.append(
            {LogRow::Kind::Key,
             {},
             QStringLiteral("%1 says that a key for %2 is for another environment: not saved.").arg(pack.name, key->place()),
             {}});
        return key->done(failure(Error::Kind::Conflict, agrees.error().message));
    }
    key->record.verified = key->answer.said;
    key->record.verified->at = m_services.clock.wall();
    storeKey(key);
}

void Control::storeKey(const std::shared_ptr<NewKey> &key)
{
    m_services.keys.write(key->record.id, std::move(key->secret), key->record.destination,
                          Completion<>(this, [this, key](Result<> written) {
                              if (!written)
                                  return key->done(failure(written.error()));
                              takeStored(key);
                          }));
}

// It is in the keychain: from now on it is the key of its slot, or goes again.
void Control::takeStored(const std::shared_ptr<NewKey> &key)
{
    const auto changed = change(QStringLiteral("Set a key of %1.").arg(key->place()), [&](Workspace &edited) -> Result<> {
        // The keychain may have taken its time.
        if (const auto fits = key->fits(edited); !fits)
            return fits;
        if (key->record.verified)
            if (const auto agrees = checkSaid(*key->record.verified, key->slotIn(edited)); !agrees)
                return agrees;
        edited.keys.removeIf([&](const KeyRecord &one) { return key->before.contains(one.id); });
        edited.keys.append(key->record);
        return {};
    });
    for (const KeyId &unused : changed ? key->before : QList<KeyId>{key->record.id})
        m_services.keys.remove(unused, Completion<>(this, [](Result<>) {}));
    if (!changed)
        return key->done(failure(changed.error()));
    const QString vendor = key->pack ? key->pack->name : QString();
    m_services.log.append({LogRow::Kind::Key,
                           {},
                           QStringLiteral("Set the key %1 of %2, %3.")
                               .arg(key->record.id.text, key->place(),
                                    key->record.verified ? QStringLiteral("accepted by %1").arg(vendor) : QStringLiteral("not verified")),
                           {}});
    Json answer = toJson(key->record, m_services.clock.wall());
    QStringList notes{key->record.verified ? QStringLiteral("%1 accepts it.").arg(vendor) : key->note};
    if (key->form) {
        const bool byPerson = key->form->environmentBy == AcceptedKey::EnvironmentBy::Person;
        answer["environmentSaidBy"] = byPerson ? "person" : "key";
        if (byPerson)
            notes.append(
                QStringLiteral("That it belongs to %1 is your word: such a key does not say it.").arg(key->record.environment.text));
        if (!key->form->note.isEmpty())
            notes.append(key->form->note);
    }
    if (key->record.expires.count() > 0)
        notes.append(endText(key->record.expires, m_services.clock.wall()));
    addTells(key->answer, answer);
    answer["note"] = notes.join(QLatin1Char(' '));
    key->done(std::move(answer));
}

} // namespace mcpcore
