// SPDX-FileCopyrightText: 2026 The Countersign authors
// SPDX-License-Identifier: GPL-3.0-or-later
// Real clients and real servers through the headless gateway: the official SDK over HTTP and through the bridge, the
// protocol's reference server over stdio and HTTP, Stripe's own local server.
#include "Programs.h"
#include "support/Runner.h"
#include <QDirIterator>
#include <csignal>

using mcpcore::Json;

class tst_RealServers : public QObject
{
    Q_OBJECT

private Q_SLOTS:
    void listsAndCallsTheReferenceServer_data()
    {
        QTest::addColumn<bool>("overHttp");
        QTest::addColumn<bool>("throughBridge");
        QTest::newRow("stdio server, client over HTTP") << false << false;
        QTest::newRow("stdio server, client through the bridge") << false << true;
        QTest::newRow("HTTP server, client over HTTP") << true << false;
        QTest::newRow("HTTP server, client through the bridge") << true << true;
    }
    void listsAndCallsTheReferenceServer()
    {
        QFETCH(bool, overHttp);
        QFETCH(bool, throughBridge);
        Setup setup;
        ReferenceServer server;
        if (overHttp) {
            server.serve();
            setup.addHttp("everything", server.url);
        } else {
            setup.addStdio("everything", {peer("node"), ReferenceServer::script(), QStringLiteral("stdio")});
        }
        setup.addRule(R"({"effect":"allow","connection":"everything","environment":"sandbox"})");
        const QString token = setup.addClient();
        Gateway gateway;
        gateway.serve(setup);
        SdkClient client;
        client.connectTo(setup, gateway, token, throughBridge ? SdkClient::Way::Bridge : SdkClient::Way::Http);
        const QStringList names = client.toolNames();
        QVERIFY2(names.contains(QStringLiteral("everything__echo")), qPrintable(names.join(QLatin1Char(' '))));
        client.call("1", "everything__echo", {{"message", "Grüße ✓"}});
        QCOMPARE(SdkClient::textOf(client.outcome("1")), QStringLiteral("Echo: Grüße ✓"));
        QCOMPARE(setup.calls()[0].value("outcome", ""), std::string("succeeded"));
    }
    void progressArrivesInOrderBeforeTheAnswer()
    {
        Setup setup;
        setup.addStdio("peer", {peer("node"), peer("echo-server.mjs")});
        setup.addRule(R"({"effect":"allow"})");
        const QString token = setup.addClient();
        Gateway gateway;
        gateway.serve(setup);
        SdkClient client;
        client.connectTo(setup, gateway, token, SdkClient::Way::Http);
        client.call("1", "peer__slow", {{"ms", 200}, {"steps", 5}});
        QList<double> values;
        for (int i = 0; i < 5; ++i)
            values.append(client.event("progress", "1").value("progress", -1.0));
        QVERIFY(std::is_sorted(values.begin(), values.end()) && values.first() > 0);
        QVERIFY(client.outcome("1").contains("result"));
    }
    void argumentsArriveByteForByte_data()
    {
        QTest::addColumn<bool>("overHttp");
        QTest::newRow("stdio") << false;
        QTest::newRow("HTTP") << true;
    }
    void argumentsArriveByteForByte()
    {
        QFETCH(bool, overHttp);
        Setup setup;
        const QString record = setup.file("record");
        Talker server;
        if (overHttp) {
            server.start(peer("node"),
                         {peer("echo-server.mjs"), QStringLiteral("--record"), record, QStringLiteral("--http"), QStringLiteral("0")});
            setup.addHttp("peer", QString::fromStdString(server.event("ready").value("url", "")));
        } else {
            setup.addStdio("peer", {peer("node"), peer("echo-server.mjs"), QStringLiteral("--record"), record});
        }
        setup.addRule(R"({"effect":"allow"})");
        const QString token = setup.addClient();
        Gateway gateway;
        gateway.serve(setup);
        SdkClient client;
        client.connectTo(setup, gateway, token, SdkClient::Way::Http);
        const QByteArray arguments =
            "{ \"z\" : 1e2,\t\"a\":1234567890123456789,\"e\":\"\\u00e9\\/\\n \\ud83d\\ude00\", \"n\":-0.0, \"b\":[ 1.0,2 , {} ] }";
        client.say({{"do", "raw"},
                    {"tag", "1"},
                    {"body", "{\"jsonrpc\":\"2.0\",\"id\":77,\"method\":\"tools/call\",\"params\":{\"arguments\":" + arguments.toStdString()
                                 + ",\"name\":\"peer__echo\"}}"}});
        const Json raw = client.event("raw", "1");
        QCOMPARE(raw.value("status", 0), 200);
        QFile file(record);
        QVERIFY(file.open(QIODevice::ReadOnly));
        const QByteArray recorded = file.readAll();
        QVERIFY2(recorded.contains("\"arguments\":" + arguments), recorded.constData());
        QCOMPARE(recorded.count("\"arguments\":" + arguments), 1);
    }
    void stripesOwnServerListsItsToolsWithAKeyFromTheKeyring()
    {
        const QByteArray key = "sk_test_fakefakefakefake1234";
        Setup setup;
        setup.addStdio("stripe",
                       {peer("node"), QStringLiteral(COUNTERSIGN_SOURCE_DIR "/tests/peers/node_modules/@stripe/mcp/dist/index.js"),
                        QStringLiteral("--tools=all")},
                       {QStringLiteral("--secret-env"), QStringLiteral("STRIPE_SECRET_KEY")}, key);
        const QString token = setup.addClient();
        Gateway gateway;
        gateway.serve(setup);
        SdkClient client;
        client.connectTo(setup, gateway, token, SdkClient::Way::Bridge);
        QCOMPARE(client.toolNames().filter(QRegularExpression(QStringLiteral("^stripe__"))).size(), 22);
        // The key is in the keyring, where another tool finds it, and in no file, argument vector or log of ours.
        QProcess lookup;
        const QString id = QString::fromStdString(setup.must({QStringLiteral("key"), QStringLiteral("list")})["keys"][0].value("id", ""));
        lookup.start(QStringLiteral("secret-tool"), {QStringLiteral("lookup"), QStringLiteral("user"), id});
        QVERIFY(lookup.waitForFinished());
        const QByteArray found = lookup.readAllStandardOutput();
        // The item holds the destination before the key, and is no text: the keychain may show it in base64.
        QVERIFY2(found.contains(key) || QByteArray::fromBase64(found).contains(key), found.constData());
        for (QDirIterator files(setup.profile(), QDir::Files | QDir::Hidden); files.hasNext();) {
            QFile file(files.next());
            QVERIFY2(!file.open(QIODevice::ReadOnly) || !file.readAll().contains(key), qPrintable(file.fileName()));
        }
        for (QDirIterator processes(QStringLiteral("/proc"), QDir::Dirs); processes.hasNext();) {
            QFile words(processes.next() + QStringLiteral("/cmdline"));
            QVERIFY2(!words.open(QIODevice::ReadOnly) || !words.readAll().contains(key), qPrintable(words.fileName()));
        }
    }
    void withoutAPersonAnUnruledCallIsDenied()
    {
        Setup setup;
        setup.addStdio("peer", {peer("node"), peer("echo-server.mjs")});
        const QString token = setup.addClient();
        Gateway gateway;
        gateway.serve(setup);
        SdkClient client;
        client.connectTo(setup, gateway, token, SdkClient::Way::Http);
        client.call("1", "peer__echo", Json::object());
        const Json outcome = client.outcome("1");
        QVERIFY2(outcome["result"].value("isError", false)
                     && SdkClient::textOf(outcome).contains(QStringLiteral("nobody can be asked here")),
                 outcome.dump().c_str());
    }
    void killedBetweenIntentAndOutcomeTheCallIsUnknownAndNotSentAgain()
    {
        Setup setup;
        const QString record = setup.file("record");
        Talker server;
        server.start(peer("node"),
                     {peer("echo-server.mjs"), QStringLiteral("--record"), record, QStringLiteral("--http"), QStringLiteral("0")});
        setup.addHttp("peer", QString::fromStdString(server.event("ready").value("url", "")));
        setup.addRule(R"({"effect":"allow"})");
        const QString token = setup.addClient();
        const auto recorded = [&] {
            QFile file(record);
            return file.open(QIODevice::ReadOnly) ? file.readAll() : QByteArray();
        };
        Gateway gateway;
        gateway.serve(setup);
        {
            SdkClient client;
            client.connectTo(setup, gateway, token, SdkClient::Way::Http);
            client.call("1", "peer__slow", {{"ms", 60'000}, {"steps", 1}});
            QTRY_VERIFY_WITH_TIMEOUT(recorded().contains("60000"), 20'000);
            ::kill(pid_t(gateway.processId()), SIGKILL);
            QVERIFY(gateway.waitForFinished());
        }
        Gateway again;
        again.serve(setup);
        const Json calls = setup.calls();
        QCOMPARE(calls.size(), size_t(1));
        QCOMPARE(calls[0].value("outcome", ""), std::string("unknown"));
        SdkClient client;
        client.connectTo(setup, again, token, SdkClient::Way::Http);
        client.call("2", "peer__echo", {{"x", 1}});
        QVERIFY(client.outcome("2").contains("result"));
        QCOMPARE(recorded().count("\"ms\":60000"), 1);
        QCOMPARE(setup.ctl({QStringLiteral("log"), QStringLiteral("verify")}).code, 0);
    }
    void aTamperedLogFailsItsVerification()
    {
        Setup setup;
        setup.must({QStringLiteral("pause")});
        QCOMPARE(setup.ctl({QStringLiteral("log"), QStringLiteral("verify")}).code, 0);
        QProcess sqlite;
        sqlite.start(
            QStringLiteral("sqlite3"),
            {setup.file("activity.db"), QStringLiteral("update rows set time = time + 1 where rowid = (select max(rowid) from rows)")});
        QVERIFY(sqlite.waitForFinished());
        QCOMPARE(sqlite.readAllStandardError(), QByteArray());
        QCOMPARE(setup.ctl({QStringLiteral("log"), QStringLiteral("verify")}).code, 1);
    }
    void aWorkspaceChangedByOthersPausesEverything()
    {
        Setup setup;
        setup.addRule(R"({"effect":"deny","tool":"delete_*"})");
        QFile file(setup.file("workspace.json"));
        QVERIFY(file.open(QIODevice::ReadWrite));
        QByteArray bytes = file.readAll();
        QVERIFY(bytes.contains("\"deny\""));
        file.resize(0);
        file.seek(0);
        file.write(bytes.replace("\"deny\"", "\"allow\""));
        file.close();
        QCOMPARE(setup.must({QStringLiteral("status")}).value("paused", false), true);
    }
};

COUNTERSIGN_TEST(tst_RealServers)
#include "tst_RealServers.moc"
