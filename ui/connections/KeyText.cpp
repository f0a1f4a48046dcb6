// SPDX-FileCopyrightText: 2026 The Countersign authors
// SPDX-License-Identifier: GPL-3.0-or-later
#include "ui/connections/KeyText.h"
#include "ui/widgets/VisibleMarks.h"
#include <QDateTime>
#include <QLocale>

namespace ui {

using mcpcore::KeyRecord;
using std::chrono::milliseconds;
using State = KeyText::State;

namespace {

constexpr milliseconds kSoon = std::chrono::hours(1);
constexpr milliseconds kDay = std::chrono::hours(24);

int daysBetween(milliseconds early, milliseconds late)
{
    return int(QDateTime::fromMSecsSinceEpoch(early.count()).date().daysTo(QDateTime::fromMSecsSinceEpoch(late.count()).date()));
}

bool isDue(const KeyRecord &key, milliseconds now)
{
    return key.rotationDays > 0 && key.created.count() > 0 && now - key.created >= key.rotationDays * kDay;
}

QString dayOf(milliseconds wall, milliseconds now)
{
    const QDate day = QDateTime::fromMSecsSinceEpoch(wall.count()).date();
    const bool thisYear = day.year() == QDateTime::fromMSecsSinceEpoch(now.count()).date().year();
    return QLocale().toString(day, thisYear ? QStringLiteral("d MMMM") : QStringLiteral("d MMMM yyyy"));
}

} // namespace

QList<KeyRecord> keysAt(const mcpcore::Workspace &workspace, const Place &place)
{
    QList<KeyRecord> keys;
    for (const KeyRecord &key : workspace.keys)
        if (key.connection == place.connection && key.environment == place.environment)
            keys.append(key);
    std::stable_partition(keys.begin(), keys.end(), [](const KeyRecord &key) { return !key.client; });
    return keys;
}

const KeyRecord *keyOf(const mcpcore::Workspace &workspace, const Place &place, const mcpcore::ClientId &client)
{
    for (const KeyRecord &key : workspace.keys)
        if (key.connection == place.connection && key.environment == place.environment
            && key.client.value_or(mcpcore::ClientId()) == client)
            return &key;
    return nullptr;
}

State KeyText::stateOf(const KeyRecord &key, const ConnectionText::Known &known)
{
    const KeyProgress *progress = known.keyProgress;
    if (progress && progress->phase == KeyProgress::Phase::Asking)
        return State::Asking;
    if (key.expires.count() > 0 && key.expires <= known.now)
        return State::Ended;
    if (progress && progress->phase == KeyProgress::Phase::Refused)
        return State::Refused;
    if (!known.store.trouble.isEmpty())
        return State::StoreShut;
    if (key.expires.count() > 0 && key.expires - known.now <= kSoon)
        return State::EndsSoon;
    if (!key.foundIn.isEmpty())
        return State::Exposed;
    if (isDue(key, known.now))
        return State::Due;
    if (key.verified)
        return State::Verified;
    return known.vendor ? State::NotVerified : State::Set;
}

bool KeyText::needsCare(State state)
{
    switch (state) {
    case State::Ended:
    case State::Refused:
    case State::StoreShut:
    case State::EndsSoon:
    case State::Exposed:
    case State::Due: return true;
    case State::Asking:
    case State::Verified:
    case State::NotVerified:
    case State::Set: return false;
    }
    Q_UNREACHABLE();
}

QString KeyText::span(milliseconds left)
{
    const int minutes = int(std::chrono::ceil<std::chrono::minutes>(left).count());
    if (minutes < 120)
        return minutes == 1 ? tr("1 minute") : tr("%1 minutes").arg(minutes);
    return minutes < 48 * 60 ? tr("%1 hours").arg(minutes / 60) : tr("%1 days").arg(minutes / (24 * 60));
}

QString KeyText::stateText(State state, const KeyRecord &key, const ConnectionText::Known &known)
{
    switch (state) {
    case State::Asking: return tr("Asking %1").arg(vendorName(known));
    case State::Ended: return tr("Key ended");
    case State::Refused: return tr("Refused by %1").arg(vendorName(known));
    case State::StoreShut: return shut(known.store);
    case State::EndsSoon: return tr("Ends in %1").arg(span(key.expires - known.now));
    case State::Exposed: return tr("Was in plain text");
    case State::Due: return tr("Rotate: %1 days old").arg(daysBetween(key.created, known.now));
    case State::Verified: {
        const bool today = daysBetween(key.verified->at, known.now) == 0;
        return tr("Verified %1").arg(today ? ConnectionText::time(key.verified->at, known.now) : dayOf(key.verified->at, known.now));
    }
    case State::NotVerified: return tr("Not verified");
    case State::Set: return tr("Key set");
    }
    Q_UNREACHABLE();
}

QString KeyText::exposed(const KeyRecord &key, const ConnectionText::Known &known)
{
    return tr("It stood in %1, where others may have read it. Make a new one, replace this one, and revoke it at %2.")
        .arg(visibleText(key.foundIn), vendorName(known));
}

milliseconds KeyText::nextChange(const KeyRecord &key, milliseconds now)
{
    milliseconds next{};
    const auto consider = [&next, now](milliseconds at) {
        if (at > now && (next.count() == 0 || at < next))
            next = at;
    };
    if (key.expires.count() > 0) {
        consider(key.expires);
        consider(key.expires - kSoon);
        // The minutes that are left are shown.
        if (key.expires > now && key.expires - now <= kSoon)
            consider(now + std::chrono::minutes(1));
    }
    if (key.rotationDays > 0)
        consider(key.created + key.rotationDays * kDay);
    return next;
}

QString KeyText::vendorName(const ConnectionText::Known &known)
{
    return known.vendor ? ConnectionText::name(known.vendor->name) : ConnectionText::name(known.connection.id.text);
}

QString KeyText::kind(const KeyRecord &key)
{
    return key.kind.isEmpty() ? tr("Key") : tr("Key, %1", "kind, in the vendor's words").arg(ConnectionText::name(key.kind));
}

QString KeyText::clientName(const mcpcore::Workspace &workspace, const mcpcore::ClientId &client)
{
    const mcpcore::Client *known = mcpcore::find(workspace, client);
    return ConnectionText::name(known && !known->label.isEmpty() ? known->label : client.text);
}

QString KeyText::forWhom(const KeyRecord &key, const mcpcore::Workspace &workspace)
{
    return key.client ? tr("for %1 only").arg(clientName(workspace, *key.client)) : tr("for all clients");
}

QString KeyText::asking(const KeyStore &store)
{
    return store.inFile ? tr("Asking the key file") : tr("Asking the keychain");
}

QString KeyText::shut(const KeyStore &store)
{
    if (store.inFile)
        return store.locked ? tr("Key file locked") : tr("Key file not readable");
    return store.locked ? tr("Keychain locked") : tr("Keychain not readable");
}

QString KeyText::store(const KeyRecord &key)
{
    return key.store == QLatin1String("file") ? tr("the encrypted file of this profile") : tr("the system keychain");
}

QString KeyText::dayAndAge(milliseconds wall, milliseconds now)
{
    const int days = daysBetween(wall, now);
    const QString age = days <= 0 ? tr("today") : days == 1 ? tr("1 day ago") : tr("%1 days ago").arg(days);
    return tr("%1, %2", "day, how long ago").arg(dayOf(wall, now), age);
}

QString KeyText::rotateBy(const KeyRecord &key, milliseconds now)
{
    if (key.rotationDays <= 0)
        return tr("no reminder");
    const milliseconds due = key.created + key.rotationDays * kDay;
    const int days = daysBetween(now, due);
    if (isDue(key, now))
        return days == 0 ? tr("%1, due today").arg(dayOf(due, now)) : tr("%1, %2 days over").arg(dayOf(due, now)).arg(-days);
    return days <= 1 ? tr("%1, within a day").arg(dayOf(due, now)) : tr("%1, in %2 days").arg(dayOf(due, now)).arg(days);
}

QString KeyText::ends(const KeyRecord &key, milliseconds now)
{
    if (key.expires.count() == 0)
        return {};
    const QString at = ConnectionText::time(key.expires, now);
    return key.expires <= now ? tr("ended %1, and is not sent any more").arg(at) : tr("%1, in %2").arg(at, span(key.expires - now));
}

QString KeyText::mode(const mcpcore::KeyVerification &verified, mcpcore::EnvironmentKind kind)
{
    const bool production = kind == mcpcore::EnvironmentKind::Production;
    switch (verified.mode) {
    case mcpcore::KeyVerification::Mode::NotSaid: return tr("not said");
    case mcpcore::KeyVerification::Mode::Test: return production ? tr("test, which is not this slot") : tr("test, agrees with the slot");
    case mcpcore::KeyVerification::Mode::Live: return production ? tr("live, agrees with the slot") : tr("live, which is not this slot");
    }
    Q_UNREACHABLE();
}

QString KeyText::lostWith(const KeyRecord &key, const mcpcore::Workspace &workspace)
{
    const QString connection = ConnectionText::name(key.connection.text), environment = ConnectionText::name(key.environment.text);
    const bool common = keyOf(workspace, {key.connection, key.environment}, {}) != nullptr;
    if (key.client && common)
        return tr("%1 gets the key for all clients of %2 in %3 then, which may open more.")
            .arg(clientName(workspace, *key.client), connection, environment);
    if (key.client)
        return tr("Calls of %1 to %2 in %3 are not sent any more.").arg(clientName(workspace, *key.client), connection, environment);
    QStringList own;
    for (const KeyRecord &other : keysAt(workspace, {key.connection, key.environment}))
        if (other.client)
            own.append(clientName(workspace, *other.client));
    if (own.isEmpty())
        return tr("Calls to %1 in %2 are not sent any more.").arg(connection, environment);
    return tr("Calls to %1 in %2 are not sent any more, but for those of %3.").arg(connection, environment, own.join(QStringLiteral(", ")));
}

} // namespace ui
