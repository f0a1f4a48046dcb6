// SPDX-FileCopyrightText: 2026 The Countersign authors
// SPDX-License-Identifier: GPL-3.0-or-later
#include "control/KeyFacts.h"
#include "base/Clock.h"
#include "base/Json.h"

namespace mcpcore {

namespace {

using namespace std::chrono;
using Days = duration<qint64, std::ratio<86400>>;

constexpr Days kEndsSoon{7};

QString counted(qint64 number, const char *one)
{
    return QStringLiteral("%1 %2%3").arg(number).arg(QLatin1String(one), number == 1 ? QString() : QStringLiteral("s"));
}

// "40 minutes", the unit in which the number is not small.
QString spanText(milliseconds span)
{
    if (span < hours(2))
        return counted(duration_cast<minutes>(span).count(), "minute");
    if (span < Days(2))
        return counted(duration_cast<hours>(span).count(), "hour");
    return counted(duration_cast<Days>(span).count(), "day");
}

milliseconds dueTime(const KeyRecord &key)
{
    if (key.rotationDays == 0 || key.created.count() == 0)
        return milliseconds(0);
    return key.created + Days(key.rotationDays);
}

} // namespace

QString endText(milliseconds end, milliseconds now)
{
    return end > now ? QStringLiteral("It ends at %1, in %2.").arg(toIsoText(end), spanText(end - now))
                     : QStringLiteral("It ended at %1.").arg(toIsoText(end));
}

QString reminderOf(const KeyRecord &key, milliseconds now)
{
    const QString place = QStringLiteral("%1 in %2").arg(key.connection.text, key.environment.text);
    if (key.expires.count() > 0 && key.expires <= now)
        return QStringLiteral("The key of %1 ended at %2 and is not sent any more. Set a new one.").arg(place, toIsoText(key.expires));
    if (key.expires.count() > 0 && key.expires - now <= kEndsSoon)
        return QStringLiteral("The key of %1 ends in %2, at %3. Set a new one before that.")
            .arg(place, spanText(key.expires - now), toIsoText(key.expires));
    if (!key.foundIn.isEmpty())
        return QStringLiteral("The key of %1 stood in plain text in %2. Make a new one, set it, and revoke this one at the vendor.")
            .arg(place, key.foundIn);
    if (const milliseconds due = dueTime(key); due.count() > 0 && due <= now)
        return QStringLiteral(
                   "The key of %1 is %2 old, and a new one was due after %3. Make one, set it, and delete the old one at the vendor.")
            .arg(place, counted(duration_cast<Days>(now - key.created).count(), "day"), counted(key.rotationDays, "day"));
    return {};
}

Json remindersOf(const Workspace &workspace, milliseconds now)
{
    Json reminders = Json::array();
    for (const KeyRecord &key : workspace.keys)
        if (const QString text = reminderOf(key, now); !text.isEmpty())
            reminders.push_back(
                {{"key", key.id.text}, {"connection", key.connection.text}, {"environment", key.environment.text}, {"text", text}});
    return reminders;
}

Json toJson(const KeyRecord &key, milliseconds now)
{
    Json out{{"id", key.id.text}, {"connection", key.connection.text}, {"environment", key.environment.text}};
    if (key.client)
        out["client"] = key.client->text;
    out["label"] = key.label;
    out["kind"] = key.kind;
    out["prefix"] = key.prefix;
    out["lastFour"] = key.lastFour;
    out["destination"] = key.destination;
    out["store"] = key.store;
    out["created"] = toIsoText(key.created);
    out["ageDays"] = std::max<qint64>(0, duration_cast<Days>(now - key.created).count());
    out["rotationDays"] = key.rotationDays;
    if (const milliseconds due = dueTime(key); due.count() > 0)
        out["rotationDue"] = toIsoText(due);
    if (!key.foundIn.isEmpty())
        out["foundIn"] = key.foundIn;
    if (key.expires.count() > 0)
        out["expires"] = toIsoText(key.expires);
    out["verified"] = key.verified.has_value();
    if (key.verified) {
        Json abilities = Json::array();
        for (const QString &ability : key.verified->abilities)
            abilities.push_back(ability);
        out["verification"] = {{"at", toIsoText(key.verified->at)},
                               {"mode", toText(key.verified->mode)},
                               {"account", key.verified->account},
                               {"accountName", key.verified->accountName},
                               {"abilities", abilities}};
    }
    if (const QString reminder = reminderOf(key, now); !reminder.isEmpty())
        out["reminder"] = reminder;
    return out;
}

} // namespace mcpcore
