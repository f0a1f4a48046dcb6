// SPDX-FileCopyrightText: 2026 The Countersign authors
// SPDX-License-Identifier: GPL-3.0-or-later
#include "policy/Conditions.h"
#include "policy/Policy.h"
#include <QSet>
#include <algorithm>

namespace mcpcore {

namespace {

// `*` stands for any characters, `?` for one. Linear in practice: only the last star is ever taken back.
bool globMatches(const QString &glob, const QString &text)
{
    qsizetype g = 0;
    qsizetype t = 0;
    qsizetype star = -1;
    qsizetype starAt = 0;
    while (t < text.size()) {
        if (g < glob.size() && glob[g] == QLatin1Char('*')) {
            star = g++;
            starAt = t;
        } else if (g < glob.size() && (glob[g] == QLatin1Char('?') || glob[g] == text[t])) {
            ++g;
            ++t;
        } else if (star >= 0) {
            g = star + 1;
            t = ++starAt;
        } else {
            return false;
        }
    }
    while (g < glob.size() && glob[g] == QLatin1Char('*'))
        ++g;
    return g == glob.size();
}

bool accepts(const QString &glob, const QString &text)
{
    return glob.isEmpty() || globMatches(glob, text);
}

// The words of a name, split at everything that is no letter and at a capital after a small letter ("deleteURLNow").
QStringList wordsOf(const QString &name)
{
    QStringList words;
    QString word;
    const auto end = [&] {
        if (!word.isEmpty())
            words.append(word.toLower());
        word.clear();
    };
    for (qsizetype i = 0; i < name.size(); ++i) {
        const QChar c = name[i];
        if (!c.isLetter()) {
            end();
            continue;
        }
        const bool afterSmall = i > 0 && name[i - 1].isLower();
        const bool beforeSmall = i > 0 && name[i - 1].isUpper() && i + 1 < name.size() && name[i + 1].isLower();
        if (c.isUpper() && (afterSmall || beforeSmall))
            end();
        word += c;
    }
    end();
    return words;
}

bool saysDestructive(const QString &name)
{
    static const QSet<QString> verbs{QStringLiteral("delete"),   QStringLiteral("drop"),     QStringLiteral("purge"),
                                     QStringLiteral("cancel"),   QStringLiteral("refund"),   QStringLiteral("revoke"),
                                     QStringLiteral("archive"),  QStringLiteral("finalize"), QStringLiteral("publish"),
                                     QStringLiteral("transfer"), QStringLiteral("replace"),  QStringLiteral("grant"),
                                     QStringLiteral("invite"),   QStringLiteral("reset"),    QStringLiteral("remove"),
                                     QStringLiteral("destroy"),  QStringLiteral("wipe"),     QStringLiteral("erase")};
    const QStringList words = wordsOf(name);
    return std::any_of(words.begin(), words.end(), [](const QString &word) { return verbs.contains(word); });
}

bool holds(const Condition &condition, const Rule &rule, const RawJson &arguments)
{
    switch (evaluate(condition, arguments)) {
    case Truth::True: return true;
    case Truth::False: return false;
    case Truth::Unclear: return rule.effect != Effect::Allow;
    }
    return rule.effect != Effect::Allow;
}

bool classMatches(const Rule &rule, const ToolCall &call)
{
    if (rule.classes.isEmpty() || rule.classes.contains(raisedClass(call)))
        return true;
    return rule.effect != Effect::Allow && rule.classes.contains(call.toolClass);
}

} // namespace

ToolClass raisedClass(ToolClass accepted, const QString &name)
{
    switch (accepted) {
    case ToolClass::Read:
    case ToolClass::ReadPersonal:
    case ToolClass::Write:
    case ToolClass::Change: return saysDestructive(name) ? ToolClass::Destructive : accepted;
    case ToolClass::Destructive:
    case ToolClass::Money:
    case ToolClass::Secret:
    case ToolClass::Control:
    case ToolClass::Unknown: return accepted;
    }
    return ToolClass::Unknown;
}

ToolClass raisedClass(const ToolCall &call)
{
    return raisedClass(raisedClass(call.toolClass, call.tool), call.operation);
}

bool matches(const Rule &rule, const ToolCall &call, std::chrono::milliseconds now)
{
    return (!rule.expires || now < *rule.expires) && (!rule.client || *rule.client == call.client)
           && (!rule.connection || *rule.connection == call.connection) && (!rule.environment || *rule.environment == call.environment)
           && (!rule.environmentKind || *rule.environmentKind == call.environmentKind) && accepts(rule.tool, call.tool)
           && accepts(rule.operation, call.operation) && classMatches(rule, call)
           && std::all_of(rule.where.begin(), rule.where.end(),
                          [&](const Condition &condition) { return holds(condition, rule, call.arguments); });
}

} // namespace mcpcore
