// SPDX-FileCopyrightText: 2026 The Countersign authors
// SPDX-License-Identifier: GPL-3.0-or-later
#include "policy/Policy.h"
#include "support/Runner.h"

using namespace mcpcore;
using namespace std::chrono_literals;

namespace {

constexpr std::chrono::milliseconds now = 1000s;

ToolCall callOf(ToolClass toolClass, EnvironmentKind kind, const char *tool = "list_things")
{
    ToolCall call;
    call.client = {QStringLiteral("cursor")};
    call.connection = {QStringLiteral("stripe")};
    call.environment = {toText(kind)};
    call.environmentKind = kind;
    call.tool = QString::fromLatin1(tool);
    call.operation = call.tool;
    call.toolClass = toolClass;
    return call;
}

Rule ruleOf(Effect effect, const char *id = "r1")
{
    Rule rule;
    rule.id = {QString::fromLatin1(id)};
    rule.effect = effect;
    return rule;
}

constexpr ToolClass allClasses[] = {ToolClass::Read,   ToolClass::ReadPersonal, ToolClass::Write,
                                    ToolClass::Change, ToolClass::Destructive,  ToolClass::Money,
                                    ToolClass::Secret, ToolClass::Control,      ToolClass::Unknown};
constexpr EnvironmentKind allKinds[] = {EnvironmentKind::Sandbox, EnvironmentKind::Staging, EnvironmentKind::Production};

} // namespace

class tst_Policy : public QObject
{
    Q_OBJECT
private Q_SLOTS:
    void withoutARuleTheTableDecides_data()
    {
        QTest::addColumn<ToolClass>("toolClass");
        QTest::addColumn<QStringList>("effects"); // sandbox, staging, production
        const auto row = [](ToolClass toolClass, const char *effects) {
            QTest::newRow(qPrintable(toText(toolClass))) << toolClass << QString::fromLatin1(effects).split(QLatin1Char(' '));
        };
        row(ToolClass::Read, "allow allow ask");
        row(ToolClass::ReadPersonal, "allow ask ask");
        row(ToolClass::Write, "allow ask ask");
        row(ToolClass::Change, "ask ask ask");
        row(ToolClass::Destructive, "ask ask ask-typed");
        row(ToolClass::Money, "ask ask ask-typed");
        row(ToolClass::Secret, "ask ask ask-typed");
        row(ToolClass::Control, "deny deny deny");
        row(ToolClass::Unknown, "ask ask ask-typed");
    }
    void withoutARuleTheTableDecides()
    {
        QFETCH(ToolClass, toolClass);
        QFETCH(QStringList, effects);
        for (int i = 0; i < 3; ++i) {
            const Verdict verdict = decide({}, callOf(toolClass, allKinds[i]), now);
            QCOMPARE(toText(verdict.effect), effects[i]);
            QVERIFY(verdict.rule.isEmpty());
            QVERIFY(verdict.reason.contains(toText(toolClass)) && verdict.reason.contains(toText(allKinds[i]).toUpper()));
        }
    }
    void theReasonIsASentenceForTheCard()
    {
        QCOMPARE(decide({}, callOf(ToolClass::Unknown, EnvironmentKind::Sandbox), now).reason,
                 QStringLiteral("Default for unknown tools in SANDBOX: ask."));
        QCOMPARE(decide({ruleOf(Effect::Allow)}, callOf(ToolClass::Money, EnvironmentKind::Production), now).reason,
                 QStringLiteral("Floor for money tools in PRODUCTION: ask-typed. No rule lowers it."));
        ToolCall shop = callOf(ToolClass::Read, EnvironmentKind::Production, "delete_customer");
        shop.environment = {QStringLiteral("eu-shop")};
        QCOMPARE(decide({}, shop, now).reason,
                 QStringLiteral("Default for destructive tools in PRODUCTION (eu-shop), accepted as read but named otherwise: ask-typed."));
        Rule rule = ruleOf(Effect::Deny);
        rule.connection = ConnectionId{QStringLiteral("stripe")};
        const Verdict verdict = decide({rule}, callOf(ToolClass::Read, EnvironmentKind::Sandbox), now);
        QCOMPARE(verdict.reason, QStringLiteral("Rule: Deny every tool of stripe."));
        QCOMPARE(verdict.rule, rule.id);
    }

    void floorsHoldAgainstAllowAndAskRules_data()
    {
        QTest::addColumn<ToolClass>("toolClass");
        QTest::addColumn<EnvironmentKind>("kind");
        QTest::addColumn<Effect>("lowest");
        for (const ToolClass toolClass : allClasses)
            for (const EnvironmentKind kind : allKinds) {
                const bool production = kind == EnvironmentKind::Production;
                Effect lowest = Effect::Allow;
                if (toolClass == ToolClass::Control)
                    lowest = Effect::Deny;
                else if (production && toolClass >= ToolClass::Destructive)
                    lowest = Effect::AskTyped;
                else if (production && toolClass == ToolClass::Change)
                    lowest = Effect::Ask;
                QTest::newRow(qPrintable(toText(toolClass) + QStringLiteral(" in ") + toText(kind))) << toolClass << kind << lowest;
            }
    }
    void floorsHoldAgainstAllowAndAskRules()
    {
        QFETCH(ToolClass, toolClass);
        QFETCH(EnvironmentKind, kind);
        QFETCH(Effect, lowest);
        const ToolCall call = callOf(toolClass, kind);
        QCOMPARE(decide({ruleOf(Effect::Allow)}, call, now).effect, lowest);
        QCOMPARE(decide({ruleOf(Effect::Ask)}, call, now).effect, std::max(lowest, Effect::Ask));
        QCOMPARE(decide({ruleOf(Effect::AskTyped)}, call, now).effect, std::max(lowest, Effect::AskTyped));
        QCOMPARE(decide({ruleOf(Effect::Deny)}, call, now).effect, Effect::Deny);
    }

    void theStrongerOfTwoRulesHolds()
    {
        const QList<Effect> effects{Effect::Allow, Effect::Ask, Effect::AskTyped, Effect::Deny};
        const ToolCall call = callOf(ToolClass::Read, EnvironmentKind::Sandbox);
        for (const Effect one : effects)
            for (const Effect other : effects) {
                const Verdict verdict = decide({ruleOf(one, "one"), ruleOf(other, "other")}, call, now);
                QCOMPARE(verdict.effect, std::max(one, other));
                QCOMPARE(verdict.rule.text, QString::fromLatin1(other > one ? "other" : "one"));
            }
    }
    void aNarrowAllowDoesNotOpenABroadDeny()
    {
        Rule narrow = ruleOf(Effect::Allow, "narrow");
        narrow.tool = QStringLiteral("list_things");
        narrow.client = ClientId{QStringLiteral("cursor")};
        QCOMPARE(decide({narrow, ruleOf(Effect::Deny, "broad")}, callOf(ToolClass::Read, EnvironmentKind::Sandbox), now).effect,
                 Effect::Deny);
    }

    void aRuleSpeaksOfTheCallsItNames_data()
    {
        QTest::addColumn<std::function<void(Rule &)>>("edit");
        QTest::addColumn<bool>("speaks");
        const auto row = [](const char *name, std::function<void(Rule &)> edit, bool speaks) { QTest::newRow(name) << edit << speaks; };
        row(
            "nothing left out speaks of all", [](Rule &) {}, true);
        row(
            "this client", [](Rule &r) { r.client = ClientId{QStringLiteral("cursor")}; }, true);
        row(
            "another client", [](Rule &r) { r.client = ClientId{QStringLiteral("zed")}; }, false);
        row(
            "this connection", [](Rule &r) { r.connection = ConnectionId{QStringLiteral("stripe")}; }, true);
        row(
            "another connection", [](Rule &r) { r.connection = ConnectionId{QStringLiteral("stigg")}; }, false);
        row(
            "this environment", [](Rule &r) { r.environment = EnvironmentId{QStringLiteral("staging")}; }, true);
        row(
            "another environment", [](Rule &r) { r.environment = EnvironmentId{QStringLiteral("sandbox")}; }, false);
        row(
            "this kind", [](Rule &r) { r.environmentKind = EnvironmentKind::Staging; }, true);
        row(
            "another kind", [](Rule &r) { r.environmentKind = EnvironmentKind::Production; }, false);
        row(
            "this class",
            [](Rule &r) {
                r.classes = {ToolClass::Write, ToolClass::Read};
            },
            true);
        row(
            "another class", [](Rule &r) { r.classes = {ToolClass::Unknown}; }, false);
        row(
            "this operation", [](Rule &r) { r.operation = QStringLiteral("Get*"); }, true);
        row(
            "another operation", [](Rule &r) { r.operation = QStringLiteral("Post*"); }, false);
        row(
            "before it expires", [](Rule &r) { r.expires = now + 1ms; }, true);
        row(
            "when it has expired", [](Rule &r) { r.expires = now; }, false);
    }
    void aRuleSpeaksOfTheCallsItNames()
    {
        QFETCH(std::function<void(Rule &)>, edit);
        QFETCH(bool, speaks);
        ToolCall call = callOf(ToolClass::Read, EnvironmentKind::Staging, "get_item");
        call.operation = QStringLiteral("GetItem");
        for (const Effect effect : {Effect::Allow, Effect::Deny}) {
            Rule rule = ruleOf(effect);
            edit(rule);
            QCOMPARE(matches(rule, call, now), speaks);
        }
    }
    void globsKnowStarAndQuestionMarkOnly_data()
    {
        QTest::addColumn<QString>("glob");
        QTest::addColumn<QString>("tool");
        QTest::addColumn<bool>("speaks");
        const auto row = [](const char *glob, const char *tool, bool speaks) {
            QTest::addRow("%s and %s", glob, tool) << QString::fromLatin1(glob) << QString::fromLatin1(tool) << speaks;
        };
        row("get_item", "get_item", true);
        row("get_item", "get_items", false);
        row("get_item", "Get_Item", false);
        row("get_*", "get_", true);
        row("*_item", "get_item", true);
        row("*_item", "get_item_x", false);
        row("g*t*m", "get_item", true);
        row("g*t*x", "get_item", false);
        row("get?item", "get_item", true);
        row("get?item", "getitem", false);
        row("*", "anything", true);
        row("**a*", "bab", true);
        row("[a-z]et_item", "get_item", false);
        row("get.item", "get_item", false);
        row("get_item|other", "other", false);
        row("a*a*a*a*a*a*a*a*a*a*a*b", "aaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaa", false);
    }
    void globsKnowStarAndQuestionMarkOnly()
    {
        QFETCH(QString, glob);
        QFETCH(QString, tool);
        Rule rule = ruleOf(Effect::Deny);
        rule.tool = glob;
        ToolCall call = callOf(ToolClass::Read, EnvironmentKind::Sandbox);
        call.tool = tool;
        QTEST(matches(rule, call, now), "speaks");
    }

    void namesOnlyRaise_data()
    {
        QTest::addColumn<QString>("tool");
        QTest::addColumn<bool>("raised");
        for (const char *name : {"delete_customer", "customer-delete", "DeleteCustomer", "bulkDelete", "DELETE", "stripe.refund.v2",
                                 "x_refund2", "HTTPDelete", "cancel_subscription", "gate/archive", "purge all", "resetKey"})
            QTest::newRow(name) << QString::fromLatin1(name) << true;
        for (const char *name :
             {"list_things", "deleted_items", "undelete_customer", "get_refunds", "canceled", "presets", "grantor_list", "republished", ""})
            QTest::newRow(*name ? name : "no name") << QString::fromLatin1(name) << false;
    }
    void namesOnlyRaise()
    {
        QFETCH(QString, tool);
        QFETCH(bool, raised);
        for (const ToolClass accepted : allClasses) {
            const bool milder = accepted < ToolClass::Destructive;
            QCOMPARE(raisedClass(accepted, tool), raised && milder ? ToolClass::Destructive : accepted);
        }
    }
    void anAllowRuleForReadsDoesNotAllowADeletion()
    {
        Rule reads = ruleOf(Effect::Allow);
        reads.classes = {ToolClass::Read};
        const ToolCall call = callOf(ToolClass::Read, EnvironmentKind::Sandbox, "delete_customer");
        QCOMPARE(decide({reads}, call, now).effect, Effect::Ask);
        reads.effect = Effect::Deny;
        QCOMPARE(decide({reads}, call, now).effect, Effect::Deny);
        reads.classes = {ToolClass::Destructive};
        QCOMPARE(decide({reads}, call, now).effect, Effect::Deny);
    }
    void theNameOfTheOperationRaisesToo()
    {
        ToolCall call = callOf(ToolClass::Write, EnvironmentKind::Production, "api_write");
        call.operation = QStringLiteral("DeleteCustomer");
        QCOMPARE(decide({ruleOf(Effect::Allow)}, call, now).effect, Effect::AskTyped);
    }

    void aStrangerGetsNothingWithoutAPerson()
    {
        for (const ToolClass toolClass : allClasses)
            for (const EnvironmentKind kind : allKinds) {
                ToolCall call = callOf(toolClass, kind);
                call.peer.stranger = true;
                const Effect effect = decide({ruleOf(Effect::Allow)}, call, now).effect;
                const bool asked = kind == EnvironmentKind::Sandbox && toolClass != ToolClass::Control;
                QCOMPARE(effect, asked ? Effect::Ask : Effect::Deny);
                QCOMPARE(decide({ruleOf(Effect::Deny)}, call, now).effect, Effect::Deny);
            }
    }

    void aRuleIsASentence_data()
    {
        QTest::addColumn<std::function<void(Rule &)>>("edit");
        QTest::addColumn<QString>("text");
        const auto row = [](const char *text, std::function<void(Rule &)> edit) {
            QTest::newRow(text) << edit << QString::fromLatin1(text);
        };
        row("Allow every tool.", [](Rule &) {});
        row("Ask for the tool list_* of stripe in sandbox.", [](Rule &r) {
            r.effect = Effect::Ask;
            r.tool = QStringLiteral("list_*");
            r.connection = ConnectionId{QStringLiteral("stripe")};
            r.environment = EnvironmentId{QStringLiteral("sandbox")};
        });
        row("Ask for, with a typed word, every tool of class money or secret in environments of kind PRODUCTION.", [](Rule &r) {
            r.effect = Effect::AskTyped;
            r.classes = {ToolClass::Money, ToolClass::Secret};
            r.environmentKind = EnvironmentKind::Production;
        });
        row("Deny every tool for the operation Post* when cursor calls it and /amount > 5000 and /id starts with \"cus_\" and /x is absent "
            "until 1970-01-01T00:16:40.000Z.",
            [](Rule &r) {
                r.effect = Effect::Deny;
                r.operation = QStringLiteral("Post*");
                r.client = ClientId{QStringLiteral("cursor")};
                r.where = {{QStringLiteral("/amount"), QStringLiteral(">"), "5000"},
                           {QStringLiteral("/id"), QStringLiteral("prefix"), "\"cus_\""},
                           {QStringLiteral("/x"), QStringLiteral("absent"), {}}};
                r.expires = now;
            });
    }
    void aRuleIsASentence()
    {
        QFETCH(std::function<void(Rule &)>, edit);
        Rule rule = ruleOf(Effect::Allow);
        edit(rule);
        QTEST(describe(rule), "text");
    }
};

COUNTERSIGN_TEST(tst_Policy)
#include "tst_Policy.moc"
