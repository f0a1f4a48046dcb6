// SPDX-FileCopyrightText: 2026 The Countersign authors
// SPDX-License-Identifier: GPL-3.0-or-later
#include "protocol/ErrorMapping.h"
#include "protocol/Message.h"
#include "protocol/ToolNames.h"
#include "support/Runner.h"

using namespace mcpcore;

class tst_Message : public QObject
{
    Q_OBJECT
private Q_SLOTS:
    void slicesAreTheBytesOfTheMessage()
    {
        const auto message = readClientMessage(
            RawJson(QByteArray("{\"params\":{\"arguments\":{\"z\":1e2, \"a\" : "
                               "12345678901234567890},\"name\":\"echo\"},\"method\":\"tools/call\",\"id\":\"a-1\",\"jsonrpc\":\"2.0\"}")));
        QVERIFY(message);
        QCOMPARE(message->kind, Message::Kind::Request);
        QCOMPARE(message->id.bytes(), QByteArray("\"a-1\""));
        QCOMPARE(message->method, QStringLiteral("tools/call"));
        QCOMPARE(memberOf(message->params, "arguments").bytes(), QByteArray("{\"z\":1e2, \"a\" : 12345678901234567890}"));
    }
    void kindsAreToldApart()
    {
        QCOMPARE(readMessage(RawJson(QByteArray("{\"jsonrpc\":\"2.0\",\"method\":\"x\"}")))->kind, Message::Kind::Notification);
        QCOMPARE(readMessage(RawJson(QByteArray("{\"jsonrpc\":\"2.0\",\"id\":1,\"result\":{}}")))->kind, Message::Kind::Response);
        QCOMPARE(readMessage(RawJson(QByteArray("{\"jsonrpc\":\"2.0\",\"id\":-1,\"error\":{\"code\":1,\"message\":\"\"}}")))->kind,
                 Message::Kind::Response);
    }
    void refuses_data()
    {
        QTest::addColumn<QByteArray>("bytes");
        QTest::newRow("batch") << QByteArray("[{\"jsonrpc\":\"2.0\",\"method\":\"x\"}]");
        QTest::newRow("no version") << QByteArray("{\"method\":\"x\"}");
        QTest::newRow("version as a number") << QByteArray("{\"jsonrpc\":2.0,\"method\":\"x\"}");
        QTest::newRow("null id") << QByteArray("{\"jsonrpc\":\"2.0\",\"id\":null,\"method\":\"x\"}");
        QTest::newRow("fractional id") << QByteArray("{\"jsonrpc\":\"2.0\",\"id\":1.5,\"method\":\"x\"}");
        QTest::newRow("object id") << QByteArray("{\"jsonrpc\":\"2.0\",\"id\":{},\"method\":\"x\"}");
        QTest::newRow("array params") << QByteArray("{\"jsonrpc\":\"2.0\",\"id\":1,\"method\":\"x\",\"params\":[]}");
        QTest::newRow("method and result") << QByteArray("{\"jsonrpc\":\"2.0\",\"id\":1,\"method\":\"x\",\"result\":{}}");
        QTest::newRow("result and error") << QByteArray("{\"jsonrpc\":\"2.0\",\"id\":1,\"result\":{},\"error\":{}}");
        QTest::newRow("nothing to do") << QByteArray("{\"jsonrpc\":\"2.0\",\"id\":1}");
        QTest::newRow("method in capitals") << QByteArray("{\"jsonrpc\":\"2.0\",\"id\":1,\"method\":\"x\",\"Method\":\"y\"}");
        QTest::newRow("escaped member name") << QByteArray("{\"jsonrpc\":\"2.0\",\"id\":1,\"method\":\"x\",\"\\u0070arams\":{}}");
        QTest::newRow("arguments in capitals") << QByteArray(
            "{\"jsonrpc\":\"2.0\",\"id\":1,\"method\":\"x\",\"params\":{\"Arguments\":{}}}");
        QTest::newRow("member name above ASCII") << QByteArray("{\"jsonrpc\":\"2.0\",\"id\":1,\"method\":\"x\",\"param\xc5\xbf\":{}}");
        QTest::newRow("duplicate in arguments")
            << QByteArray("{\"jsonrpc\":\"2.0\",\"id\":1,\"method\":\"x\",\"params\":{\"arguments\":{\"a\":1,\"a\":2}}}");
    }
    void refuses()
    {
        QFETCH(QByteArray, bytes);
        const auto message = readClientMessage(RawJson(bytes));
        QVERIFY(!message);
        QCOMPARE(message.error().kind, Error::Kind::InvalidRequest);
    }
    void replacingMembersLeavesTheOthersByteForByte()
    {
        const RawJson params(QByteArray("{ \"name\" : \"stripe__echo\", \"arguments\":{\"b\" : 1e2,\"a\":[ ]}, \"other\": -0 }"));
        QCOMPARE(withMembers(params, {{"name", "\"echo\""}, {"_meta", "{\"progressToken\":7}"}}),
                 QByteArray("{\"name\":\"echo\",\"arguments\":{\"b\" : 1e2,\"a\":[ ]},\"other\":-0,\"_meta\":{\"progressToken\":7}}"));
        QCOMPARE(withMembers(params, {{"arguments", ""}, {"other", ""}}), QByteArray("{\"name\":\"stripe__echo\"}"));
        QCOMPARE(withMembers({}, {{"cursor", "\"x\""}}), QByteArray("{\"cursor\":\"x\"}"));
    }
    void errorsCarryTheIdOrLeaveItOut()
    {
        QCOMPARE(errorMessage("\"7\"", {Error::Kind::UnknownMethod, QStringLiteral("No \"x\".")}),
                 QByteArray("{\"jsonrpc\":\"2.0\",\"id\":\"7\",\"error\":{\"code\":-32601,\"message\":\"No \\\"x\\\".\"}}"));
        QVERIFY(!errorMessage({}, {Error::Kind::InvalidRequest, {}}).contains("\"id\""));
    }
    void namesKeepEnvironmentsApart_data()
    {
        QTest::addColumn<QString>("environment");
        QTest::addColumn<QString>("exposed");
        QTest::newRow("sandbox has no mark") << "sandbox"
                                             << "stripe__create_refund";
        QTest::newRow("production is live") << "production"
                                            << "stripe_live__create_refund";
        QTest::newRow("others are named") << "staging"
                                          << "stripe_staging__create_refund";
    }
    void namesKeepEnvironmentsApart()
    {
        QFETCH(QString, environment);
        QFETCH(QString, exposed);
        QCOMPARE(exposedToolName({QStringLiteral("stripe")}, {environment}, QStringLiteral("create_refund")), exposed);
        const auto prefix = prefixOf(exposed);
        QVERIFY(prefix);
        QCOMPARE(prefix->connection.text, QStringLiteral("stripe"));
        QCOMPARE(prefix->environment.text, environment);
    }
    void longNamesAreCutAndStayDifferent()
    {
        const ConnectionId connection{QStringLiteral("stripe")};
        const EnvironmentId sandbox{QStringLiteral("sandbox")};
        const QString one = exposedToolName(connection, sandbox, QString(80, QLatin1Char('a')) + QStringLiteral("1"));
        const QString two = exposedToolName(connection, sandbox, QString(80, QLatin1Char('a')) + QStringLiteral("2"));
        QCOMPARE(one.size(), 64);
        QVERIFY(one != two);
        QCOMPARE(prefixOf(one)->connection.text, QStringLiteral("stripe"));
    }
    void otherFormsPointNowhere()
    {
        for (const char *name : {"echo", "__echo", "stripe_sandbox__x", "stripe_production__x", "Stripe__x", "stripe_a_b__x"})
            QVERIFY2(!prefixOf(QString::fromLatin1(name)), name);
    }
};

COUNTERSIGN_TEST(tst_Message)
#include "tst_Message.moc"
