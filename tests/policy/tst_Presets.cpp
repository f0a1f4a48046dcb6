// SPDX-FileCopyrightText: 2026 The Countersign authors
// SPDX-License-Identifier: GPL-3.0-or-later
#include "policy/Policy.h"
#include "policy/Presets.h"
#include "support/Runner.h"

using namespace mcpcore;

namespace {

QList<Rule> rulesOf(const char *name)
{
    const auto all = presets();
    if (all)
        for (const Preset &preset : *all)
            if (preset.name == QLatin1String(name))
                return preset.rules;
    return {};
}

Effect effectOf(const char *preset, ToolClass toolClass, EnvironmentKind kind, const char *tool = "do_things")
{
    ToolCall call;
    call.environment = {toText(kind)};
    call.environmentKind = kind;
    call.tool = QString::fromLatin1(tool);
    call.toolClass = toolClass;
    return decide(rulesOf(preset), call, std::chrono::milliseconds(1)).effect;
}

constexpr ToolClass allClasses[] = {ToolClass::Read,   ToolClass::ReadPersonal, ToolClass::Write,
                                    ToolClass::Change, ToolClass::Destructive,  ToolClass::Money,
                                    ToolClass::Secret, ToolClass::Control,      ToolClass::Unknown};
constexpr EnvironmentKind allKinds[] = {EnvironmentKind::Sandbox, EnvironmentKind::Staging, EnvironmentKind::Production};

} // namespace

class tst_Presets : public QObject
{
    Q_OBJECT
private Q_SLOTS:
    void everyPresetHasANameASentenceAndRules()
    {
        const auto all = presets();
        QVERIFY2(all, all ? "" : qPrintable(all.error().message));
        QStringList names;
        for (const Preset &preset : *all) {
            names.append(preset.name);
            QVERIFY(!preset.sentence.isEmpty() && !preset.rules.isEmpty());
            for (const Rule &rule : preset.rules)
                QVERIFY2(rule.id.isEmpty() && !rule.note.isEmpty(), qPrintable(preset.name));
        }
        QCOMPARE(names, (QStringList{QStringLiteral("read-only"), QStringLiteral("ask-everything"), QStringLiteral("sandbox-free")}));
    }
    void noPresetLowersAFloor()
    {
        const auto all = presets();
        QVERIFY(all);
        for (const Preset &preset : *all)
            for (const ToolClass toolClass : allClasses) {
                const QByteArray name = preset.name.toLatin1();
                const Effect production = effectOf(name.constData(), toolClass, EnvironmentKind::Production);
                switch (toolClass) {
                case ToolClass::Control:
                    for (const EnvironmentKind kind : allKinds)
                        QCOMPARE(effectOf(name.constData(), toolClass, kind), Effect::Deny);
                    break;
                case ToolClass::Destructive:
                case ToolClass::Money:
                case ToolClass::Secret:
                case ToolClass::Unknown: QVERIFY(production >= Effect::AskTyped); break;
                case ToolClass::Change: QVERIFY(production >= Effect::Ask); break;
                case ToolClass::Read:
                case ToolClass::ReadPersonal:
                case ToolClass::Write: break;
                }
            }
    }
    void readOnlyReadsEverywhereAndWritesNowhereInProduction()
    {
        for (const EnvironmentKind kind : allKinds)
            QCOMPARE(effectOf("read-only", ToolClass::Read, kind), Effect::Allow);
        for (const ToolClass toolClass : allClasses)
            if (toolClass != ToolClass::Read && toolClass != ToolClass::ReadPersonal)
                QCOMPARE(effectOf("read-only", toolClass, EnvironmentKind::Production), Effect::Deny);
        QCOMPARE(effectOf("read-only", ToolClass::ReadPersonal, EnvironmentKind::Production), Effect::Ask);
        QCOMPARE(effectOf("read-only", ToolClass::Change, EnvironmentKind::Sandbox), Effect::Ask);
        // A tool that was accepted as reading but is named otherwise.
        QCOMPARE(effectOf("read-only", ToolClass::Read, EnvironmentKind::Production, "delete_all"), Effect::Deny);
    }
    void askEverythingAsksAlsoForReadsInTheSandbox()
    {
        for (const EnvironmentKind kind : allKinds)
            for (const ToolClass toolClass : allClasses)
                QVERIFY(effectOf("ask-everything", toolClass, kind) >= Effect::Ask);
    }
    void sandboxFreeSpeaksOfSandboxKindsOnly()
    {
        for (const ToolClass toolClass : allClasses) {
            if (toolClass != ToolClass::Control)
                QCOMPARE(effectOf("sandbox-free", toolClass, EnvironmentKind::Sandbox), Effect::Allow);
            for (const EnvironmentKind kind : {EnvironmentKind::Staging, EnvironmentKind::Production})
                QCOMPARE(effectOf("sandbox-free", toolClass, kind), effectOf("nothing", toolClass, kind));
        }
    }
    void whatAPresetAllowsNeedsThePerson()
    {
        const auto anyWidens = [](const QList<Rule> &rules) {
            return std::any_of(rules.begin(), rules.end(), [](const Rule &rule) { return widens(std::nullopt, rule); });
        };
        QVERIFY(anyWidens(rulesOf("read-only")));
        QVERIFY(anyWidens(rulesOf("sandbox-free")));
        QVERIFY(!anyWidens(rulesOf("ask-everything")));
    }
    void aVerdictSaysWhatDecided()
    {
        ToolCall call;
        call.environment = {QStringLiteral("production")};
        call.environmentKind = EnvironmentKind::Production;
        call.tool = QStringLiteral("pay");
        call.toolClass = ToolClass::Money;
        Rule allow;
        allow.id = {QStringLiteral("r1")};
        allow.effect = Effect::Allow;
        const auto by = [&](const QList<Rule> &rules) { return decide(rules, call, std::chrono::milliseconds(1)).by; };
        QCOMPARE(by({}), Verdict::By::Default);
        QCOMPARE(by({allow}), Verdict::By::Floor);
        call.environmentKind = EnvironmentKind::Sandbox;
        QCOMPARE(by({allow}), Verdict::By::Rule);
    }
};

COUNTERSIGN_TEST(tst_Presets)
#include "tst_Presets.moc"
