// SPDX-FileCopyrightText: 2026 The Countersign authors
// SPDX-License-Identifier: GPL-3.0-or-later
#include "policy/Policy.h"

namespace mcpcore {

namespace {

// The table of facts 3: what happens to a call that no rule speaks of.
Effect defaultFor(ToolClass toolClass, EnvironmentKind kind)
{
    const auto row = [kind](Effect sandbox, Effect staging, Effect production) {
        switch (kind) {
        case EnvironmentKind::Sandbox: return sandbox;
        case EnvironmentKind::Staging: return staging;
        case EnvironmentKind::Production: return production;
        }
        return Effect::Deny;
    };
    switch (toolClass) {
    case ToolClass::Read: return row(Effect::Allow, Effect::Allow, Effect::Ask);
    case ToolClass::ReadPersonal: return row(Effect::Allow, Effect::Ask, Effect::Ask);
    case ToolClass::Write: return row(Effect::Allow, Effect::Ask, Effect::Ask);
    case ToolClass::Change: return row(Effect::Ask, Effect::Ask, Effect::Ask);
    case ToolClass::Destructive:
    case ToolClass::Money:
    case ToolClass::Secret:
    case ToolClass::Unknown: return row(Effect::Ask, Effect::Ask, Effect::AskTyped);
    case ToolClass::Control: return Effect::Deny;
    }
    return Effect::Deny;
}

// What no rule lowers (DESIGN 5).
Effect floorFor(ToolClass toolClass, EnvironmentKind kind)
{
    switch (toolClass) {
    case ToolClass::Control: return Effect::Deny;
    case ToolClass::Destructive:
    case ToolClass::Money:
    case ToolClass::Secret:
    case ToolClass::Unknown: return kind == EnvironmentKind::Production ? Effect::AskTyped : Effect::Allow;
    case ToolClass::Change: return kind == EnvironmentKind::Production ? Effect::Ask : Effect::Allow;
    case ToolClass::Read:
    case ToolClass::ReadPersonal:
    case ToolClass::Write: return Effect::Allow;
    }
    return Effect::Deny;
}

// "money tools in PRODUCTION (eu-shop)"
QString subjectOf(const ToolCall &call, ToolClass raised)
{
    QString subject = QStringLiteral("%1 tools in %2").arg(toText(raised), toText(call.environmentKind).toUpper());
    if (call.environment.text != toText(call.environmentKind))
        subject += QStringLiteral(" (%1)").arg(call.environment.text);
    if (raised != call.toolClass)
        subject += QStringLiteral(", accepted as %1 but named otherwise").arg(toText(call.toolClass));
    return subject;
}

// The strongest rule of the given effects that matches; of equal ones the oldest.
const Rule *strongest(const QList<Rule> &rules, const ToolCall &call, std::chrono::milliseconds now, Effect from, Effect to)
{
    const Rule *found = nullptr;
    for (const Rule &rule : rules)
        if (rule.effect >= from && rule.effect <= to && (!found || rule.effect > found->effect) && matches(rule, call, now))
            found = &rule;
    return found;
}

Verdict byRule(const Rule &rule)
{
    return {rule.effect, QStringLiteral("Rule: %1").arg(describe(rule)), rule.id, Verdict::By::Rule};
}

Verdict byDefault(const ToolCall &call, ToolClass raised)
{
    const Effect effect = defaultFor(raised, call.environmentKind);
    if (call.peer.stranger && effect == Effect::Allow)
        return {Effect::Ask,
                QStringLiteral("A program that is not accepted for this client asks, so a person decides."),
                {},
                Verdict::By::Default};
    return {effect, QStringLiteral("Default for %1: %2.").arg(subjectOf(call, raised), toText(effect)), {}, Verdict::By::Default};
}

Verdict byFloor(const ToolCall &call, ToolClass raised)
{
    if (call.peer.stranger && call.environmentKind != EnvironmentKind::Sandbox)
        return {Effect::Deny,
                QStringLiteral("A program that is not accepted for this client asks outside SANDBOX. Accept it in Countersign first."),
                {},
                Verdict::By::Floor};
    const Effect effect = floorFor(raised, call.environmentKind);
    return {effect,
            QStringLiteral("Floor for %1: %2. No rule lowers it.").arg(subjectOf(call, raised), toText(effect)),
            {},
            Verdict::By::Floor};
}

} // namespace

Verdict decide(const QList<Rule> &rules, const ToolCall &call, std::chrono::milliseconds now)
{
    if (const Rule *denies = strongest(rules, call, now, Effect::Deny, Effect::Deny))
        return byRule(*denies);
    const ToolClass raised = raisedClass(call);
    const Verdict floor = byFloor(call, raised);
    Verdict verdict;
    if (const Rule *asks = strongest(rules, call, now, Effect::Ask, Effect::AskTyped))
        verdict = byRule(*asks);
    else if (const Rule *allows = call.peer.stranger ? nullptr : strongest(rules, call, now, Effect::Allow, Effect::Allow))
        verdict = byRule(*allows);
    else
        verdict = byDefault(call, raised);
    return floor.effect > verdict.effect ? floor : verdict;
}

} // namespace mcpcore
