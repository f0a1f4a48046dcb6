// SPDX-FileCopyrightText: 2026 The Countersign authors
// SPDX-License-Identifier: GPL-3.0-or-later
#include "packs/EnvironmentCheck.h"
#include "base/Clock.h"

namespace mcpcore {

namespace {

using Mode = KeyVerification::Mode;

bool isProduction(const CheckedSlot &slot)
{
    return slot.environment.kind == EnvironmentKind::Production;
}

tl::unexpected<Error> refused(const QString &why)
{
    return failure(Error::Kind::Conflict, QStringLiteral("Not sent: ") + why);
}

// "stripe in sandbox"
QString nameOf(const CheckedSlot &slot)
{
    return QStringLiteral("%1 in %2").arg(slot.connection.text, slot.environment.id.text);
}

// Where a form with this prefix may be set; empty when the pack knows no such form.
QList<EnvironmentKind> environmentsOf(const Pack &pack, const QString &prefix)
{
    for (const KeyForm &form : pack.accepted)
        if (form.prefix == prefix)
            return form.environments;
    return {};
}

// The member is written with escapes where a client wants to hide it: "livemod\u0065".
bool isNamed(const RawMember &member, const QString &name)
{
    if (member.key.find('\\') == std::string_view::npos)
        return member.key == name.toStdString();
    const auto text = textOf(RawJson('"' + QByteArray(member.key.data(), qsizetype(member.key.size())) + '"'));
    return text && *text == name;
}

Result<> checkLive(const CheckedSlot &slot, const QString &argument, std::string_view value)
{
    if (value != "true" && value != "false")
        return refused(QStringLiteral("the argument %1 must be true or false.").arg(argument));
    if ((value == "true") == isProduction(slot))
        return {};
    return refused(
        isProduction(slot)
            ? QStringLiteral("the arguments say %1 false, and %2 holds real data. Say true, or make the call where test data is.")
                  .arg(argument, slot.environment.id.text)
            : QStringLiteral("the arguments say %1 true, which is real data, and this is %2. Say false, or have the person "
                             "switch to production.")
                  .arg(argument, slot.environment.id.text));
}

Result<> checkAccount(const CheckedSlot &slot, const QString &argument, const RawJson &value)
{
    const QString account = slot.key && slot.key->verified ? slot.key->verified->account : QString();
    if (account.isEmpty())
        return {};
    const auto given = textOf(value);
    if (given && *given == account)
        return {};
    return refused(QStringLiteral("the argument %1 names another account than %2, which the key of %3 belongs to.")
                       .arg(argument, account.left(60), nameOf(slot)));
}

// What follows a member's name in JSON text: its closing quote, a colon and the value, with `escapes` backslashes before
// the quote (1 where the JSON is itself a JSON string).
bool isFollowedByTrue(std::string_view rest, size_t escapes)
{
    const std::string_view quote = escapes == 0 ? "\"" : "\\\"";
    if (rest.substr(0, quote.size()) != quote)
        return false;
    rest.remove_prefix(quote.size());
    const auto skipSpaces = [&rest] {
        while (!rest.empty() && (rest.front() == ' ' || rest.front() == '\t' || rest.front() == '\r' || rest.front() == '\n'))
            rest.remove_prefix(1);
    };
    skipSpaces();
    if (rest.empty() || rest.front() != ':')
        return false;
    rest.remove_prefix(1);
    skipSpaces();
    return rest.substr(0, 4) == "true" && (rest.size() == 4 || !isalnum(uchar(rest[4])));
}

// Whether a member of this name is true anywhere in the answer, or in JSON that the answer holds as a text. Deeper escapes
// are what others wrote into texts of their own, and say nothing.
bool saysTrue(std::string_view json, const std::string &member)
{
    for (size_t at = json.find(member); at != std::string_view::npos; at = json.find(member, at + 1)) {
        if (at == 0 || json[at - 1] != '"')
            continue;
        size_t escapes = 0;
        while (escapes + 1 < at && json[at - 2 - escapes] == '\\')
            ++escapes;
        if (escapes <= 1 && isFollowedByTrue(json.substr(at + member.size()), escapes))
            return true;
    }
    return false;
}

} // namespace

Result<> checkKeyOf(const CheckedSlot &slot, std::chrono::milliseconds now)
{
    if (const QString why = slot.pack ? slot.pack->impossibleIn(slot.environment.kind) : QString(); !why.isEmpty())
        return refused(QStringLiteral("%1 cannot be used. %2").arg(nameOf(slot), why));
    if (!slot.key)
        return {};
    if (slot.key->expires.count() != 0 && slot.key->expires <= now)
        return refused(QStringLiteral("the key of %1 ended by itself at %2. Set a new one in Countersign.")
                           .arg(nameOf(slot), toIsoText(slot.key->expires)));
    const auto kinds = slot.pack ? environmentsOf(*slot.pack, slot.key->prefix) : QList<EnvironmentKind>();
    if (!kinds.isEmpty() && !kinds.contains(slot.environment.kind))
        return refused(QStringLiteral("the key of %1 begins with %2, which no key for %3 does. Set another one in Countersign.")
                           .arg(nameOf(slot), slot.key->prefix, toText(slot.environment.kind)));
    const Mode mode = slot.key->verified ? slot.key->verified->mode : Mode::NotSaid;
    if (mode != Mode::NotSaid && (mode == Mode::Live) != isProduction(slot))
        return refused(QStringLiteral("%1 says that the key of %2 is for %3 data. Set another one in Countersign.")
                           .arg(slot.pack ? slot.pack->name : slot.connection.text, nameOf(slot), toText(mode)));
    return {};
}

Result<> checkArguments(const CheckedSlot &slot, const RawJson &arguments)
{
    if (!slot.pack || slot.pack->hints.isEmpty() || arguments.isEmpty())
        return {};
    const auto members = membersOf(arguments);
    if (!members)
        return failure(members.error());
    for (const RawMember &member : *members)
        for (const EnvironmentHint &hint : slot.pack->hints) {
            if (!isNamed(member, hint.argument))
                continue;
            const auto checked = hint.says == EnvironmentHint::Says::Live ? checkLive(slot, hint.argument, member.value.view())
                                                                          : checkAccount(slot, hint.argument, member.value);
            if (!checked)
                return checked;
        }
    return {};
}

QString contradictionIn(const CheckedSlot &slot, const QString &tool, const RawJson &result)
{
    if (!slot.pack || isProduction(slot))
        return {};
    for (const AnswerHint &hint : slot.pack->answers)
        if (!hint.exceptTools.contains(tool) && saysTrue(result.view(), hint.member.toStdString()))
            return QStringLiteral("%1 answered %2 true to a %3 call.").arg(slot.pack->name, hint.member, slot.environment.id.text);
    return {};
}

} // namespace mcpcore
