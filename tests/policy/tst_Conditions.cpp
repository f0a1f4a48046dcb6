// SPDX-FileCopyrightText: 2026 The Countersign authors
// SPDX-License-Identifier: GPL-3.0-or-later
#include "policy/Conditions.h"
#include "policy/Policy.h"
#include "support/Runner.h"

using namespace mcpcore;

class tst_Conditions : public QObject
{
    Q_OBJECT
private Q_SLOTS:
    void aConditionIsTrueFalseOrUnclear_data()
    {
        QTest::addColumn<QString>("pointer");
        QTest::addColumn<QString>("op");
        QTest::addColumn<QByteArray>("value");
        QTest::addColumn<QByteArray>("arguments");
        QTest::addColumn<QString>("truth");
        const auto row = [](const char *name, const char *pointer, const char *op, const char *value, const char *arguments,
                            const char *truth) {
            QTest::newRow(name) << QString::fromLatin1(pointer) << QString::fromLatin1(op) << QByteArray(value) << QByteArray(arguments)
                                << QString::fromLatin1(truth);
        };
        const char *refund = "{\"amount\": 5000, \"to\":{\"id\":\"cus_1\"}, \"tags\":[\"a\",\"b\"], \"live\":false, \"x\":null}";
        row("an amount at the limit", "/amount", "<=", "5000", refund, "true");
        row("an amount below a limit in another form", "/amount", "<", "5.001e3", refund, "true");
        row("an amount over the limit", "/amount", "<=", "4999.99", refund, "false");
        row("more than", "/amount", ">", "4999", refund, "true");
        row("at least", "/amount", ">=", "5000.01", refund, "false");
        row("an amount in quotes", "/amount", "<=", "5000", "{\"amount\":\"1\"}", "unclear");
        row("an amount in a list", "/amount", "<=", "5000", "{\"amount\":[1]}", "unclear");
        row("a huge amount that a double would round", "/amount", "<=", "9007199254740992", "{\"amount\":9007199254740993}", "false");
        row("a missing amount", "/amount", "<=", "5000", "{}", "unclear");
        row("no arguments at all", "/amount", "<=", "5000", "", "unclear");
        row("an amount there twice", "/amount", "<=", "5000", "{\"amount\":1,\"amount\":9999}", "unclear");
        row("an amount there twice, once escaped", "/amount", "<=", "5000", "{\"amount\":1,\"\\u0061mount\":9999}", "unclear");
        row("an escaped key", "/amount", "=", "7", "{\"am\\u006funt\":7}", "true");
        row("a text", "/to/id", "=", "\"cus_1\"", refund, "true");
        row("another text", "/to/id", "=", "\"cus_2\"", refund, "false");
        row("a text with escapes", "/a", "=", "\"x/y\"", "{\"a\":\"x\\/\\u0079\"}", "true");
        row("not the text", "/to/id", "!=", "\"cus_2\"", refund, "true");
        row("not of another type", "/to/id", "!=", "5", refund, "unclear");
        row("a text is not a number", "/to/id", "=", "5", refund, "unclear");
        row("a flag", "/live", "=", "false", refund, "true");
        row("the other flag", "/live", "=", "true", refund, "false");
        row("null", "/x", "=", "null", refund, "true");
        row("null is not a number", "/x", "=", "0", refund, "unclear");
        row("an object is no plain value", "/to", "=", "\"cus_1\"", refund, "unclear");
        row("one of", "/to/id", "in", "[\"cus_0\",\"cus_1\"]", refund, "true");
        row("none of", "/to/id", "in", "[\"cus_0\",5]", refund, "false");
        row("none of another type", "/to/id", "in", "[5,6]", refund, "unclear");
        row("one of numbers in another form", "/amount", "in", "[1,5e3]", refund, "true");
        row("a prefix", "/to/id", "prefix", "\"cus_\"", refund, "true");
        row("not the prefix", "/to/id", "prefix", "\"sub_\"", refund, "false");
        row("a prefix of a number", "/amount", "prefix", "\"5\"", refund, "unclear");
        row("an element", "/tags/1", "=", "\"b\"", refund, "true");
        row("an element too far", "/tags/2", "absent", "", refund, "true");
        row("an element with a leading zero", "/tags/01", "=", "\"b\"", refund, "unclear");
        row("a slash in a key", "/a~1b", "=", "1", "{\"a/b\":1}", "true");
        row("a tilde in a key", "/a~01", "=", "1", "{\"a~1\":1}", "true");
        row("the empty key", "/", "=", "1", "{\"\":1}", "true");
        row("absent", "/reason", "absent", "", refund, "true");
        row("absent with no arguments", "/reason", "absent", "", "", "true");
        row("not absent", "/amount", "absent", "", refund, "false");
        row("null may or may not be absent", "/x", "absent", "", refund, "unclear");
        row("absent behind a text", "/to/id/x", "absent", "", refund, "unclear");
        row("an operator nobody knows", "/amount", "~", "5000", refund, "unclear");
        row("a malformed pointer", "amount", "=", "5000", refund, "unclear");
        row("a malformed value", "/amount", "<=", "five", refund, "unclear");
        row("malformed arguments", "/amount", "<=", "5", "[", "unclear");
    }
    void aConditionIsTrueFalseOrUnclear()
    {
        QFETCH(QString, pointer);
        QFETCH(QString, op);
        QFETCH(QByteArray, value);
        QFETCH(QByteArray, arguments);
        QFETCH(QString, truth);
        const Condition condition{pointer, op, value};
        const Truth result = evaluate(condition, RawJson(arguments));
        QCOMPARE(QString::fromLatin1(result == Truth::True ? "true" : result == Truth::False ? "false" : "unclear"), truth);

        // Unclear is no in an allow rule and yes in every other.
        ToolCall call;
        call.arguments = RawJson(arguments);
        for (const Effect effect : {Effect::Allow, Effect::Ask, Effect::AskTyped, Effect::Deny}) {
            Rule rule;
            rule.effect = effect;
            rule.where = {condition};
            QCOMPARE(matches(rule, call, {}), result == Truth::True || (result == Truth::Unclear && effect != Effect::Allow));
        }
    }
    void everyConditionMustHold()
    {
        ToolCall call;
        call.arguments = RawJson(QByteArray("{\"a\":1,\"b\":2}"));
        Rule rule;
        rule.effect = Effect::Allow;
        rule.where = {{QStringLiteral("/a"), QStringLiteral("="), "1"}, {QStringLiteral("/b"), QStringLiteral("="), "2"}};
        QVERIFY(matches(rule, call, {}));
        rule.where[1].value = "3";
        QVERIFY(!matches(rule, call, {}));
    }
};

COUNTERSIGN_TEST(tst_Conditions)
#include "tst_Conditions.moc"
