// SPDX-FileCopyrightText: 2026 The Countersign authors
// SPDX-License-Identifier: GPL-3.0-or-later
#include "packs/VerifyAnswer.h"
#include "base/Json.h"
#include <algorithm>

namespace mcpcore {

namespace {

using How = VerifyAnswer::Verdict;
using Meaning = VerifyRules::Meaning;

constexpr qsizetype kLongest = 120;
constexpr size_t kPartOfKey = 8; // so many characters in a row of a key are a part of it
constexpr int kMaximumTold = 3;

// Some vendors repeat the key in their errors.
bool holdsPartOf(std::string_view key, std::string_view text)
{
    for (size_t at = 0; at + kPartOfKey <= key.size(); ++at)
        if (text.find(key.substr(at, kPartOfKey)) != std::string_view::npos)
            return true;
    return false;
}

const Json *at(const Json &json, const QString &pointer)
{
    if (pointer.isEmpty())
        return nullptr;
    const Json::json_pointer place(pointer.toStdString());
    return json.contains(place) ? &json.at(place) : nullptr;
}

bool isShown(char32_t c)
{
    return QChar::isPrint(c) && QChar::category(c) != QChar::Other_Format && c != U'<' && c != U'>';
}

QString cleaned(const Json *value, std::string_view key)
{
    const std::string *text = value ? value->get_ptr<const std::string *>() : nullptr;
    if (!text || holdsPartOf(key, *text))
        return {};
    QList<uint> characters = QString::fromUtf8(text->data(), qsizetype(std::min<size_t>(text->size(), 2000))).toUcs4();
    for (uint &c : characters)
        if (!isShown(c))
            c = U' ';
    const QList<uint> clean =
        QString::fromUcs4(reinterpret_cast<const char32_t *>(characters.constData()), characters.size()).simplified().toUcs4();
    const bool fits = clean.size() <= kLongest;
    const QString shown = QString::fromUcs4(reinterpret_cast<const char32_t *>(clean.constData()), fits ? clean.size() : kLongest - 1);
    return fits ? shown : shown + QChar(0x2026);
}

VerifyAnswer notAsked(const Pack &pack, const QString &what)
{
    VerifyAnswer answer;
    answer.reason = QStringLiteral("%1 %2.").arg(pack.name, what);
    return answer;
}

void readTold(const Json &json, const VerifyCall &call, std::string_view key, VerifyAnswer &answer)
{
    answer.tellsWhat = call.tellsWhat;
    const auto add = [&](const Json *value) {
        if (const QString text = cleaned(value, key); !text.isEmpty() && answer.tells.size() < kMaximumTold)
            answer.tells.append(text);
    };
    const qsizetype star = call.tells.indexOf(QLatin1String("/*"));
    if (star < 0)
        return add(at(json, call.tells));
    const Json *list = star > 0 ? at(json, call.tells.left(star)) : &json;
    const QString rest = call.tells.mid(star + 2);
    if (list && list->is_array())
        for (const Json &element : *list)
            add(rest.isEmpty() ? &element : at(element, rest));
}

VerifyAnswer readAccepted(const Pack &pack, const VerifyCall &call, const Json &json, std::string_view key)
{
    const auto unknown = [&] { return notAsked(pack, QStringLiteral("answered something else than it is known to answer")); };
    VerifyAnswer answer;
    if (!call.live.isEmpty()) {
        const Json *live = at(json, call.live);
        if (!live || !live->is_boolean())
            return unknown();
        answer.said.mode = live->get<bool>() ? KeyVerification::Mode::Live : KeyVerification::Mode::Test;
    }
    if (!call.account.isEmpty()) {
        // The first half of a key may hold it.
        answer.said.account = cleaned(at(json, call.account), key.substr(key.size() / 2));
        // A shortened one could be two.
        if (answer.said.account.isEmpty() || answer.said.account.endsWith(QChar(0x2026)))
            return unknown();
    }
    for (const QString &name : call.names)
        if (answer.said.accountName.isEmpty())
            answer.said.accountName = cleaned(at(json, name), key);
    if (!call.tells.isEmpty())
        readTold(json, call, key, answer);
    answer.verdict = How::Accepted;
    answer.said.abilities = {QStringLiteral("May %1.").arg(call.shows)};
    return answer;
}

} // namespace

VerifyAnswer readVerification(const Pack &pack, const VerifyCall &call, int status, std::string_view body, std::string_view key)
{
    const auto meaning = pack.verify.statuses.constFind(status);
    if (meaning == pack.verify.statuses.cend()) {
        if (status >= 300 && status < 400)
            return notAsked(pack, QStringLiteral("sends us elsewhere (%1), which is not followed").arg(status));
        if (status == 429)
            return notAsked(pack, QStringLiteral("was asked too often (429)"));
        return notAsked(pack, QStringLiteral("answered with an error (%1)").arg(status));
    }
    const auto json = parseJson(body);
    const bool isObject = json && json->is_object();
    VerifyAnswer answer;
    switch (*meaning) {
    case Meaning::Refused:
        answer.verdict = How::Refused;
        answer.status = status;
        if (isObject)
            answer.reason = cleaned(at(*json, pack.verify.error), key);
        return answer;
    case Meaning::Limited:
        // What stands between us and the vendor says 403 as well, though not in JSON.
        if (!isObject)
            return notAsked(pack, QStringLiteral("answered %1 without saying why").arg(status));
        answer.verdict = How::Accepted;
        answer.said.abilities = {QStringLiteral("May not %1.").arg(call.shows)};
        return answer;
    case Meaning::Accepted:
        return isObject ? readAccepted(pack, call, *json, key) : notAsked(pack, QStringLiteral("answered with something that is no JSON"));
    }
    Q_UNREACHABLE();
}

VerifyAnswer together(const QList<VerifyAnswer> &answers)
{
    for (const How bad : {How::Refused, How::NotAsked})
        for (const VerifyAnswer &one : answers)
            if (one.verdict == bad)
                return one;
    VerifyAnswer all;
    for (const VerifyAnswer &one : answers) {
        all.verdict = How::Accepted;
        if (one.said.mode != KeyVerification::Mode::NotSaid)
            all.said.mode = one.said.mode;
        if (!one.said.account.isEmpty())
            all.said.account = one.said.account;
        if (!one.said.accountName.isEmpty())
            all.said.accountName = one.said.accountName;
        all.said.abilities += one.said.abilities;
        if (!one.tells.isEmpty()) {
            all.tellsWhat = one.tellsWhat;
            all.tells = one.tells;
        }
    }
    return all;
}

} // namespace mcpcore
