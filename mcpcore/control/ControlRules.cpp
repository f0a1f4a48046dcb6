// SPDX-FileCopyrightText: 2026 The Countersign authors
// SPDX-License-Identifier: GPL-3.0-or-later
#include "base/Json.h"
#include "control/Control.h"
#include "policy/Policy.h"
#include "store/WorkspaceFile.h"

namespace mcpcore {

namespace {

Result<Rule> ruleAt(const Json &parameters)
{
    const Json *rule = memberAt(parameters, "rule");
    return rule ? ruleFrom(toBytes(*rule)) : failure(Error::Kind::InvalidArgument, QStringLiteral("The rule is missing: one JSON object."));
}

Json toJson(const Rule &rule)
{
    Json out = parseJson(toRuleBytes(rule).toStdString()).value_or(Json::object());
    out["sentence"] = describe(rule);
    return out;
}

} // namespace

void Control::addRuleCommands()
{
    m_commands[QStringLiteral("rule list")] = {&Control::listRules, {}};
    m_commands[QStringLiteral("rule add")] = {&Control::addRule, [](const Json &parameters) -> Result<QString> {
                                                  const auto rule = ruleAt(parameters);
                                                  if (!rule)
                                                      return failure(rule.error());
                                                  return widens(std::nullopt, *rule)
                                                             ? QStringLiteral("Add this rule? %1").arg(describe(*rule))
                                                             : QString();
                                              }};
    m_commands[QStringLiteral("rule remove")] = {
        &Control::removeRule, [this](const Json &parameters) -> Result<QString> {
            const RuleId id{stringAt(parameters, "id", {})};
            for (const Rule &rule : workspace().rules)
                if (rule.id == id)
                    return widens(rule, std::nullopt) ? QStringLiteral("Remove this rule? %1").arg(describe(rule)) : QString();
            return failure(Error::Kind::NotFound, QStringLiteral("There is no rule %1.").arg(id.text));
        }};
}

void Control::listRules(const Json &, Completion<Json> done)
{
    Json rules = Json::array();
    for (const Rule &rule : workspace().rules)
        rules.push_back(toJson(rule));
    done(Json{{"rules", rules}});
}

void Control::addRule(const Json &parameters, Completion<Json> done)
{
    auto rule = ruleAt(parameters);
    if (!rule)
        return done(failure(rule.error()));
    rule->id = {QStringLiteral("rule-") + m_services.ids.next()};
    rule->created = m_services.clock.wall();
    const auto changed = change(QStringLiteral("Added a rule: %1").arg(describe(*rule)), [&](Workspace &edited) -> Result<> {
        edited.rules.append(*rule);
        return {};
    });
    if (!changed)
        return done(failure(changed.error()));
    done(toJson(*rule));
}

void Control::removeRule(const Json &parameters, Completion<Json> done)
{
    const RuleId id{stringAt(parameters, "id", {})};
    const auto changed = change(QStringLiteral("Removed the rule %1.").arg(id.text), [&](Workspace &edited) -> Result<> {
        if (edited.rules.removeIf([&](const Rule &rule) { return rule.id == id; }) == 0)
            return failure(Error::Kind::NotFound, QStringLiteral("There is no rule %1. See: countersignctl rule list.").arg(id.text));
        return {};
    });
    if (!changed)
        return done(failure(changed.error()));
    done(Json{{"removed", id.text}});
}

} // namespace mcpcore
