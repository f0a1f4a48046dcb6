// SPDX-FileCopyrightText: 2026 The Countersign authors
// SPDX-License-Identifier: GPL-3.0-or-later
#include "base/Json.h"
#include "control/Control.h"
#include "policy/Policy.h"
#include "policy/Presets.h"
#include "store/WorkspaceFile.h"

namespace mcpcore {

namespace {

constexpr size_t kMaximumImport = 1000;

Result<Rule> ruleAt(const Json &parameters)
{
    const Json *rule = memberAt(parameters, "rule");
    return rule ? ruleFrom(toBytes(*rule)) : failure(Error::Kind::InvalidArgument, QStringLiteral("The rule is missing: one JSON object."));
}

Result<> refersToWhatIsThere(const Workspace &workspace, const Rule &rule)
{
    const QString missing = QStringLiteral("it names the %1 %2, which does not exist. Add it first, or leave the rule out.");
    if (rule.connection && !find(workspace, *rule.connection))
        return failure(Error::Kind::NotFound, missing.arg(QStringLiteral("connection"), rule.connection->text));
    if (rule.environment && !find(workspace, *rule.environment))
        return failure(Error::Kind::NotFound, missing.arg(QStringLiteral("environment"), rule.environment->text));
    if (rule.client && !find(workspace, *rule.client))
        return failure(Error::Kind::NotFound, missing.arg(QStringLiteral("client"), rule.client->text));
    return {};
}

// The rules of a file as `rule export` writes it. One that cannot be used makes the whole file unusable.
Result<QList<Rule>> rulesAt(const Workspace &workspace, const Json &parameters)
{
    const Json *list = memberAt(parameters, "rules");
    if (!list || !list->is_array() || parameters.size() != 1)
        return failure(Error::Kind::InvalidArgument,
                       QStringLiteral("This is no file of rules: it must be {\"rules\":[...]}, as countersignctl rule export prints it."));
    if (list->empty() || list->size() > kMaximumImport)
        return failure(Error::Kind::InvalidArgument, QStringLiteral("A file must hold 1 to %1 rules.").arg(kMaximumImport));
    QList<Rule> rules;
    for (const Json &text : *list) {
        auto rule = ruleFrom(toBytes(text));
        const Result<> usable = rule ? refersToWhatIsThere(workspace, *rule) : failure(rule.error());
        if (!usable)
            return failure(usable.error().kind,
                           QStringLiteral("Rule %1 of the file cannot be used: %2").arg(rules.size() + 1).arg(usable.error().message));
        rules.append(std::move(*rule));
    }
    return rules;
}

Result<Preset> presetAt(const Json &parameters)
{
    const QString name = stringAt(parameters, "name", {});
    const auto all = presets();
    if (!all)
        return failure(all.error());
    QStringList names;
    for (const Preset &preset : *all) {
        if (preset.name == name)
            return preset;
        names.append(preset.name);
    }
    return failure(Error::Kind::NotFound,
                   QStringLiteral("There is no preset \"%1\". There are: %2.").arg(name.left(60), names.join(QStringLiteral(", "))));
}

// What a rule says, without what is only about it.
QByteArray meaningOf(Rule rule)
{
    rule.id = {};
    rule.created = {};
    rule.note.clear();
    return toRuleBytes(rule);
}

// Those that are not there yet, each once.
QList<Rule> newOnes(const Workspace &workspace, const QList<Rule> &rules)
{
    QList<QByteArray> known;
    for (const Rule &rule : workspace.rules)
        known.append(meaningOf(rule));
    QList<Rule> fresh;
    for (const Rule &rule : rules) {
        const QByteArray meaning = meaningOf(rule);
        if (known.contains(meaning))
            continue;
        known.append(meaning);
        fresh.append(rule);
    }
    return fresh;
}

// Empty when none of them lets anything happen that could not happen before.
QString questionFor(const QList<Rule> &fresh, const QString &what)
{
    constexpr int kShown = 5;
    QStringList allowing;
    for (const Rule &rule : fresh)
        if (widens(std::nullopt, rule))
            allowing.append(describe(rule));
    if (allowing.isEmpty())
        return {};
    QString question = QStringLiteral("%1 This allows: %2").arg(what, allowing.mid(0, kShown).join(QLatin1Char(' ')));
    if (allowing.size() > kShown)
        question += QStringLiteral(" And %1 more.").arg(allowing.size() - kShown);
    return question;
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
    m_commands[QStringLiteral("rule export")] = {&Control::exportRules, {}};
    m_commands[QStringLiteral("rule presets")] = {&Control::listPresets, {}};
    m_commands[QStringLiteral("rule explain")] = {&Control::explainCall, {}};
    m_commands[QStringLiteral("rule add")] = {&Control::addRule, [](const Json &parameters) -> Result<QString> {
                                                  const auto rule = ruleAt(parameters);
                                                  if (!rule)
                                                      return failure(rule.error());
                                                  return widens(std::nullopt, *rule)
                                                             ? QStringLiteral("Add this rule? %1").arg(describe(*rule))
                                                             : QString();
                                              }};
    m_commands[QStringLiteral("rule import")] = {&Control::importRules, [this](const Json &parameters) -> Result<QString> {
                                                     const auto rules = rulesAt(workspace(), parameters);
                                                     if (!rules)
                                                         return failure(rules.error());
                                                     const QList<Rule> fresh = newOnes(workspace(), *rules);
                                                     return questionFor(fresh, QStringLiteral("Import %1 rules?").arg(fresh.size()));
                                                 }};
    m_commands[QStringLiteral("rule preset")] = {&Control::addPreset, [this](const Json &parameters) -> Result<QString> {
                                                     const auto preset = presetAt(parameters);
                                                     if (!preset)
                                                         return failure(preset.error());
                                                     return questionFor(newOnes(workspace(), preset->rules),
                                                                        QStringLiteral("Add the preset %1?").arg(preset->name));
                                                 }};
    m_commands[QStringLiteral("rule remove")] = {
        &Control::removeRule, [this](const Json &parameters) -> Result<QString> {
            const RuleId id{stringAt(parameters, "id", {})};
            for (const Rule &rule : workspace().rules)
                if (rule.id == id)
                    return widens(rule, std::nullopt) ? QStringLiteral("Remove this rule? %1").arg(describe(rule)) : QString();
            return failure(Error::Kind::NotFound, QStringLiteral("There is no rule %1. See: countersignctl rule list.").arg(id.text));
        }};
}

void Control::listRules(const Json &, Completion<Json> done)
{
    Json rules = Json::array();
    for (const Rule &rule : workspace().rules)
        rules.push_back(toJson(rule));
    done(Json{{"rules", rules}});
}

void Control::exportRules(const Json &, Completion<Json> done)
{
    Json rules = Json::array();
    for (Rule rule : workspace().rules) {
        rule.id = {};
        rule.created = {};
        rules.push_back(parseJson(toRuleBytes(rule).toStdString()).value_or(Json::object()));
    }
    done(Json{{"rules", rules}});
}

void Control::listPresets(const Json &, Completion<Json> done)
{
    const auto all = presets();
    if (!all)
        return done(failure(all.error()));
    Json list = Json::array();
    for (const Preset &preset : *all) {
        Json rules = Json::array();
        for (const Rule &rule : preset.rules)
            rules.push_back(describe(rule));
        list.push_back({{"name", preset.name}, {"sentence", preset.sentence}, {"rules", rules}});
    }
    done(Json{{"presets", list}});
}

void Control::addRule(const Json &parameters, Completion<Json> done)
{
    const auto rule = ruleAt(parameters);
    if (!rule)
        return done(failure(rule.error()));
    const auto added = addRules({*rule}, QStringLiteral("Added a rule: %1").arg(describe(*rule)));
    if (!added)
        return done(failure(added.error()));
    done(toJson(added->first()));
}

void Control::importRules(const Json &parameters, Completion<Json> done)
{
    const auto rules = rulesAt(workspace(), parameters);
    if (!rules)
        return done(failure(rules.error()));
    const QList<Rule> fresh = newOnes(workspace(), *rules);
    addSeveral(fresh, rules->size(), QStringLiteral("Imported %1 rules.").arg(fresh.size()), std::move(done));
}

void Control::addPreset(const Json &parameters, Completion<Json> done)
{
    const auto preset = presetAt(parameters);
    if (!preset)
        return done(failure(preset.error()));
    addSeveral(newOnes(workspace(), preset->rules), preset->rules.size(), QStringLiteral("Added the preset %1.").arg(preset->name),
               std::move(done));
}

// All of them or none; `given` counts also those that were there already.
void Control::addSeveral(const QList<Rule> &fresh, qsizetype given, const QString &title, Completion<Json> done)
{
    const auto added = fresh.isEmpty() ? Result<QList<Rule>>(QList<Rule>()) : addRules(fresh, title);
    if (!added)
        return done(failure(added.error()));
    Json rules = Json::array();
    for (const Rule &rule : *added)
        rules.push_back(toJson(rule));
    done(Json{{"rules", rules}, {"unchanged", given - added->size()}});
}

Result<QList<Rule>> Control::addRules(QList<Rule> rules, const QString &title)
{
    for (Rule &rule : rules) {
        rule.id = {QStringLiteral("rule-") + m_services.ids.next()};
        rule.created = m_services.clock.wall();
    }
    const auto changed = change(title, [&](Workspace &edited) -> Result<> {
        edited.rules.append(rules);
        return {};
    });
    return changed ? Result<QList<Rule>>(rules) : failure(changed.error());
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
