// SPDX-FileCopyrightText: 2026 The Countersign authors
// SPDX-License-Identifier: GPL-3.0-or-later
#include "endtoend/Programs.h"
#include "support/Runner.h"
#include <csignal>

using namespace mcpcore;

// A client configured with the bridge keeps working when the gateway comes and goes.
class tst_BridgeRestart : public QObject
{
    Q_OBJECT

    static void kill(Gateway &gateway)
    {
        QCOMPARE(::kill(pid_t(gateway.processId()), SIGKILL), 0);
        QVERIFY(gateway.waitForFinished(10'000));
    }
    static QString text(const Json &outcome)
    {
        const Json content = outcome.value("result", Json::object()).value("content", Json::array());
        return content.empty() ? QString() : QString::fromStdString(content[0].value("text", ""));
    }
    static QString message(const Json &outcome) { return QString::fromStdString(outcome.value("message", "")); }

private Q_SLOTS:
    void theClientGoesOnAfterTheGatewayWasKilled()
    {
        Setup setup;
        setup.addStdio("echo", {peer("node"), peer("echo-server.mjs"), QStringLiteral("--record"), setup.file("record")});
        setup.addRule(R"({"effect":"allow","connection":"echo","environment":"sandbox"})");
        QVERIFY(!setup.addClient().isEmpty());
        Gateway first;
        first.serve(setup);
        SdkClient client;
        client.connectTo(setup, first, {}, SdkClient::Way::Bridge);
        client.call("before", "echo__echo", {{"n", 1}});
        QCOMPARE(text(client.outcome("before")), QStringLiteral("{\"n\":1}"));

        client.say({{"do", "call"}, {"tag", "running"}, {"name", "echo__slow"}, {"arguments", {{"ms", 600'000}, {"steps", 2}}}});
        QVERIFY(!client.event("progress", "running").empty());
        kill(first);
        const Json lost = client.outcome("running");
        QCOMPARE(lost.value("event", ""), std::string("error"));
        QVERIFY2(message(lost).contains(QStringLiteral("outcome is unknown: do not repeat it")), qPrintable(message(lost)));
        client.call("absent", "echo__echo", {{"n", 2}});
        QVERIFY(message(client.outcome("absent")).contains(QStringLiteral("Countersign is not running")));

        Gateway second;
        second.serve(setup);
        QVERIFY(client.toolNames().contains(QStringLiteral("echo__echo")));
        client.call("after", "echo__echo", {{"n", 3}});
        QCOMPARE(text(client.outcome("after")), QStringLiteral("{\"n\":3}"));
        QFile record(setup.file("record"));
        QVERIFY(record.open(QIODevice::ReadOnly));
        const QByteArray sent = record.readAll();
        QCOMPARE(sent.count("\"slow\""), 1);
        QVERIFY(!sent.contains("\"n\":2"));
        QCOMPARE(setup.ctl({QStringLiteral("log"), QStringLiteral("verify")}).code, 0);
    }
    void aClientWithoutTheGatewayIsToldWhatToDo()
    {
        Setup setup;
        QVERIFY(!setup.addClient().isEmpty());
        Talker client;
        client.start(peer("node"), {peer("sdk-client.mjs"), QStringLiteral("--"), binary("countersign-bridge"), QStringLiteral("--profile"),
                                    setup.profile(), QStringLiteral("--client"), QStringLiteral("tester")});
        const Json refused = client.event("error");
        QVERIFY2(message(refused).contains(QStringLiteral("Countersign is not running. Open it, then try again.")),
                 qPrintable(message(refused)));
    }
    void aClientStartsTheAppWhereThePersonHasAllowedIt()
    {
        Setup setup;
        QVERIFY(!setup
                     .must({QStringLiteral("connection"), QStringLiteral("add"), QStringLiteral("practice"), QStringLiteral("--pack"),
                            QStringLiteral("practice")})
                     .empty());
        setup.trust("practice");
        QVERIFY(!setup.addClient().isEmpty());
        QVERIFY(!setup.must({QStringLiteral("client"), QStringLiteral("start-app"), QStringLiteral("on")}).empty());
        SdkClient client;
        client.connectTo(setup, Gateway(), {}, SdkClient::Way::Bridge);
        QVERIFY(client.toolNames().contains(QStringLiteral("practice__list_plans")));
        QFile lock(setup.file("lock"));
        QVERIFY(lock.open(QIODevice::ReadOnly));
        const pid_t app = lock.readLine().trimmed().toInt();
        QCOMPARE(QFileInfo(QStringLiteral("/proc/%1/exe").arg(app)).symLinkTarget(), binary("countersign"));
        // It goes on when the client that started it has gone.
        client.closeWriteChannel();
        QVERIFY(client.waitForFinished(20'000));
        QCOMPARE(setup.ctl({QStringLiteral("status")}).code, 0);
        QCOMPARE(::kill(app, SIGTERM), 0);
        QTRY_VERIFY_WITH_TIMEOUT(::kill(app, 0) != 0, 20'000);
        QVERIFY(!setup.must({QStringLiteral("status")}).empty());
    }
    void anUnknownClientIsRefusedInTheGatewaysWords()
    {
        Setup setup;
        Gateway gateway;
        gateway.serve(setup);
        Talker client;
        client.start(peer("node"), {peer("sdk-client.mjs"), QStringLiteral("--"), binary("countersign-bridge"), QStringLiteral("--profile"),
                                    setup.profile(), QStringLiteral("--client"), QStringLiteral("nobody")});
        const Json refused = client.event("error");
        QVERIFY2(message(refused).contains(QStringLiteral("nobody")), qPrintable(message(refused)));
    }
};

COUNTERSIGN_TEST(tst_BridgeRestart)
#include "tst_BridgeRestart.moc"
