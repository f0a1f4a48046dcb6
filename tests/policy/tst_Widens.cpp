// SPDX-FileCopyrightText: 2026 The Countersign authors
// SPDX-License-Identifier: GPL-3.0-or-later
#include "policy/Policy.h"
#include "support/Runner.h"

using namespace mcpcore;
using namespace std::chrono_literals;

namespace {

using Edit = std::function<void(Rule &)>;

Rule ruleOf(Effect effect)
{
    Rule rule;
    rule.effect = effect;
    rule.tool = QStringLiteral("list_*");
    rule.classes = {ToolClass::Read, ToolClass::Write};
    rule.where = {{QStringLiteral("/a"), QStringLiteral("<"), "5"}};
    rule.expires = 100s;
    rule.environmentKind = EnvironmentKind::Sandbox;
    return rule;
}

} // namespace

class tst_Widens : public QObject
{
    Q_OBJECT
private Q_SLOTS:
    void addingAndRemoving_data()
    {
        QTest::addColumn<Effect>("effect");
        QTest::addColumn<bool>("addingWidens");
        QTest::addColumn<bool>("removingWidens");
        QTest::newRow("allow") << Effect::Allow << true << false;
        QTest::newRow("ask") << Effect::Ask << false << true;
        QTest::newRow("ask-typed") << Effect::AskTyped << false << true;
        QTest::newRow("deny") << Effect::Deny << false << true;
    }
    void addingAndRemoving()
    {
        QFETCH(Effect, effect);
        QTEST(widens({}, ruleOf(effect)), "addingWidens");
        QTEST(widens(ruleOf(effect), {}), "removingWidens");
        QVERIFY(!widens(ruleOf(effect), ruleOf(effect)));
        QVERIFY(!widens({}, {}));
    }
    void anotherEffectWidensWhenItIsWeaker()
    {
        const QList<Effect> effects{Effect::Allow, Effect::Ask, Effect::AskTyped, Effect::Deny};
        for (const Effect before : effects)
            for (const Effect after : effects)
                QCOMPARE(widens(ruleOf(before), ruleOf(after)), after < before);
    }
    void moreCallsWidenAnAllowRuleAndFewerARestriction_data()
    {
        QTest::addColumn<Edit>("edit");
        QTest::addColumn<QString>("reach"); // of the edited rule: more, fewer, other, same
        const auto row = [](const char *name, Edit edit, const char *reach) { QTest::newRow(name) << edit << QString::fromLatin1(reach); };
        row(
            "another note", [](Rule &r) { r.note = QStringLiteral("x"); }, "same");
        row(
            "for one client", [](Rule &r) { r.client = ClientId{QStringLiteral("cursor")}; }, "fewer");
        row(
            "for one connection", [](Rule &r) { r.connection = ConnectionId{QStringLiteral("stripe")}; }, "fewer");
        row(
            "for one environment", [](Rule &r) { r.environment = EnvironmentId{QStringLiteral("a")}; }, "fewer");
        row(
            "for every kind", [](Rule &r) { r.environmentKind.reset(); }, "more");
        row(
            "for another kind", [](Rule &r) { r.environmentKind = EnvironmentKind::Production; }, "other");
        row(
            "for every tool", [](Rule &r) { r.tool.clear(); }, "more");
        row(
            "for every tool with a star", [](Rule &r) { r.tool = QStringLiteral("*"); }, "more");
        row(
            "for another tool", [](Rule &r) { r.tool = QStringLiteral("get_*"); }, "other");
        row(
            "for one operation", [](Rule &r) { r.operation = QStringLiteral("Get*"); }, "fewer");
        row(
            "for one class less", [](Rule &r) { r.classes.removeLast(); }, "fewer");
        row(
            "for one class more", [](Rule &r) { r.classes.append(ToolClass::Money); }, "more");
        row(
            "for every class", [](Rule &r) { r.classes.clear(); }, "more");
        row(
            "with one condition more",
            [](Rule &r) {
                r.where.append({QStringLiteral("/b"), QStringLiteral("="), "1"});
            },
            "fewer");
        row(
            "without its condition", [](Rule &r) { r.where.clear(); }, "more");
        row(
            "with another limit", [](Rule &r) { r.where[0].value = "6"; }, "other");
        row(
            "for ever", [](Rule &r) { r.expires.reset(); }, "more");
        row(
            "for longer", [](Rule &r) { r.expires = 200s; }, "more");
        row(
            "for less long", [](Rule &r) { r.expires = 50s; }, "fewer");
    }
    void moreCallsWidenAnAllowRuleAndFewerARestriction()
    {
        QFETCH(Edit, edit);
        QFETCH(QString, reach);
        const bool changes = reach != QLatin1String("same");
        for (const Effect effect : {Effect::Allow, Effect::Ask, Effect::AskTyped, Effect::Deny}) {
            Rule edited = ruleOf(effect);
            edit(edited);
            const bool harmless = reach == QLatin1String(effect == Effect::Allow ? "fewer" : "more");
            QCOMPARE(widens(ruleOf(effect), edited), changes && !harmless);
        }
    }
};

COUNTERSIGN_TEST(tst_Widens)
#include "tst_Widens.moc"
