// SPDX-FileCopyrightText: 2026 The Countersign authors
// SPDX-License-Identifier: GPL-3.0-or-later
#include "base/Clock.h"
#include "policy/Policy.h"
#include <QStringList>
#include <algorithm>

namespace mcpcore {

namespace {

// True when every call that `inner` speaks of is spoken of by `outer`, as far as the forms show it. Both must treat unclear
// conditions alike.
bool covers(const Rule &outer, const Rule &inner)
{
    const auto field = [](const auto &out, const auto &in) { return !out || out == in; };
    const auto glob = [](const QString &out, const QString &in) { return out.isEmpty() || out == QLatin1String("*") || out == in; };
    const auto hasCondition = [&](const Condition &wanted) {
        return std::any_of(inner.where.begin(), inner.where.end(), [&](const Condition &one) {
            return one.pointer == wanted.pointer && one.op == wanted.op && one.value == wanted.value;
        });
    };
    const bool classes = outer.classes.isEmpty()
                         || (!inner.classes.isEmpty() && std::all_of(inner.classes.begin(), inner.classes.end(), [&](ToolClass toolClass) {
                                return outer.classes.contains(toolClass);
                            }));
    const bool time = !outer.expires || (inner.expires && *inner.expires <= *outer.expires);
    return field(outer.client, inner.client) && field(outer.connection, inner.connection) && field(outer.environment, inner.environment)
           && field(outer.environmentKind, inner.environmentKind) && glob(outer.tool, inner.tool) && glob(outer.operation, inner.operation)
           && classes && time && std::all_of(outer.where.begin(), outer.where.end(), hasCondition);
}

QString verbOf(Effect effect)
{
    switch (effect) {
    case Effect::Allow: return QStringLiteral("Allow");
    case Effect::Ask: return QStringLiteral("Ask for");
    case Effect::AskTyped: return QStringLiteral("Ask for, with a typed word,");
    case Effect::Deny: return QStringLiteral("Deny");
    }
    return {};
}

QString textOf(const Condition &condition)
{
    if (condition.op == QLatin1String("absent"))
        return condition.pointer + QStringLiteral(" is absent");
    const QString op = condition.op == QLatin1String("prefix") ? QStringLiteral("starts with")
                       : condition.op == QLatin1String("in")   ? QStringLiteral("is one of")
                                                               : condition.op;
    return QStringLiteral("%1 %2 %3").arg(condition.pointer, op, QString::fromUtf8(condition.value));
}

} // namespace

QString describe(const Rule &rule)
{
    QStringList classes;
    for (const ToolClass toolClass : rule.classes)
        classes.append(toText(toolClass));
    QStringList conditions;
    for (const Condition &condition : rule.where)
        conditions.append(textOf(condition));

    QString text = verbOf(rule.effect);
    text += rule.tool.isEmpty() ? QStringLiteral(" every tool") : QStringLiteral(" the tool %1").arg(rule.tool);
    if (!rule.operation.isEmpty())
        text += QStringLiteral(" for the operation %1").arg(rule.operation);
    if (!classes.isEmpty())
        text += QStringLiteral(" of class %1").arg(classes.join(QStringLiteral(" or ")));
    if (rule.connection)
        text += QStringLiteral(" of %1").arg(rule.connection->text);
    if (rule.environment)
        text += QStringLiteral(" in %1").arg(rule.environment->text);
    if (rule.environmentKind)
        text += QStringLiteral(" in environments of kind %1").arg(toText(*rule.environmentKind).toUpper());
    if (rule.client)
        text += QStringLiteral(" when %1 calls it").arg(rule.client->text);
    if (!conditions.isEmpty())
        text += (rule.client ? QStringLiteral(" and ") : QStringLiteral(" when ")) + conditions.join(QStringLiteral(" and "));
    if (rule.expires)
        text += QStringLiteral(" until %1").arg(toIsoText(*rule.expires));
    return text + QLatin1Char('.');
}

bool widens(const std::optional<Rule> &before, const std::optional<Rule> &after)
{
    const bool allowedBefore = before && before->effect == Effect::Allow;
    const bool allowsNow = after && after->effect == Effect::Allow;
    const bool newAllowance = allowsNow && !(allowedBefore && covers(*before, *after));
    const bool lostRestriction = before && !allowedBefore && !(after && after->effect >= before->effect && covers(*after, *before));
    return newAllowance || lostRestriction;
}

} // namespace mcpcore
