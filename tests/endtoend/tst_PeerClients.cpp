// SPDX-FileCopyrightText: 2026 The Countersign authors
// SPDX-License-Identifier: GPL-3.0-or-later
// Clients that others wrote, in front of one gateway: mcp-remote, the command line of the Inspector, version 2 of the official
// SDK. Each lists, calls what a rule allows and is denied what none does. And mcp-remote behind the gateway, as a server.
#include "Programs.h"
#include "support/Runner.h"

using mcpcore::Json;

class tst_PeerClients : public QObject
{
    Q_OBJECT

    std::unique_ptr<Setup> setup;
    std::unique_ptr<Gateway> gateway;
    QString token;

    static QString package(const char *path)
    {
        return QStringLiteral(COUNTERSIGN_SOURCE_DIR "/tests/peers/node_modules/") + QLatin1String(path);
    }
    static QString remote() { return package("mcp-remote/dist/proxy.js"); }
    QStringList bridge() const
    {
        return {binary("countersign-bridge"), QStringLiteral("--profile"), setup->profile(), QStringLiteral("--client"),
                QStringLiteral("tester")};
    }
    // A path below /mcp, or "bridge".
    void connect(SdkClient &client, const QString &where, const QString &generation)
    {
        client.options += QStringList{QStringLiteral("--generation"), generation};
        const bool overBridge = where == QLatin1String("bridge");
        client.connectTo(*setup, *gateway, token, overBridge ? SdkClient::Way::Bridge : SdkClient::Way::Http,
                         overBridge ? QString() : where);
    }
    void listsCallsAndIsDenied(SdkClient &client, const QString &prefix)
    {
        QVERIFY(client.toolNames().contains(prefix + QStringLiteral("echo")));
        client.call("allowed", qUtf8Printable(prefix + QStringLiteral("echo")), {{"message", "Grüße ✓"}});
        QCOMPARE(SdkClient::textOf(client.outcome("allowed")), QStringLiteral("{\"message\":\"Grüße ✓\"}"));
        client.call("denied", qUtf8Printable(prefix + QStringLiteral("count")), Json::object());
        const Json denied = client.outcome("denied");
        QVERIFY2(denied.contains("result") && denied["result"].value("isError", false), denied.dump().c_str());
        QVERIFY2(SdkClient::textOf(denied).contains(QStringLiteral("nobody can be asked here")), denied.dump().c_str());
        // A denial is answered at once, its row follows.
        QTRY_COMPARE(setup->calls()[0].value("decision", ""), std::string("denied"));
        QCOMPARE(setup->calls()[1].value("outcome", ""), std::string("succeeded"));
    }
    // Where the Inspector goes: at the end of its words.
    QStringList to(const QString &where) const
    {
        if (where == QLatin1String("bridge"))
            return QStringList{QStringLiteral("--")} + bridge();
        return {QStringLiteral("--transport"), QStringLiteral("http"),     QStringLiteral("--server-url"),
                gateway->url + where,          QStringLiteral("--header"), QStringLiteral("Authorization: Bearer ") + token};
    }
    struct Printed {
        int code;
        Json result, error;
        QByteArray all;
    };
    Printed inspect(const QStringList &words) const
    {
        QProcess inspector;
        QProcessEnvironment environment = QProcessEnvironment::systemEnvironment();
        environment.insert(QStringLiteral("MCP_CATALOG_PATH"), setup->file("inspector.json"));
        inspector.setProcessEnvironment(environment);
        inspector.start(peer("node"),
                        QStringList{package("@modelcontextprotocol/inspector/clients/launcher/build/index.js"), QStringLiteral("--cli"),
                                    QStringLiteral("--format"), QStringLiteral("json"), QStringLiteral("--quiet")}
                            + words);
        inspector.waitForFinished(60'000);
        Printed printed{inspector.exitStatus() == QProcess::NormalExit ? inspector.exitCode() : -1, {}, {}, {}};
        const auto out = mcpcore::parseJson(inspector.readAllStandardOutput().trimmed().toStdString());
        printed.all = inspector.readAllStandardError();
        const auto err = mcpcore::parseJson(printed.all.trimmed().toStdString());
        printed.result = out ? out->value("result", Json::object()) : Json::object();
        printed.error = err ? err->value("error", Json::object()) : Json::object();
        printed.all += QByteArray::fromStdString(printed.result.dump());
        return printed;
    }

private Q_SLOTS:
    void initTestCase()
    {
        setup = std::make_unique<Setup>();
        setup->addStdio("echo", {peer("node"), peer("echo-server.mjs")});
        setup->addStdio("suite", {peer("node"), peer("conformance-server.mjs")});
        setup->addRule(R"({"effect":"allow","connection":"suite"})");
        setup->addRule(R"({"effect":"allow","tool":"echo"})");
        token = setup->addClient();
        gateway = std::make_unique<Gateway>();
        gateway->serve(*setup);
    }
    void cleanupTestCase()
    {
        gateway.reset();
        setup.reset();
    }

    void mcpRemoteStandsForAClient()
    {
        SdkClient client;
        QProcessEnvironment environment = QProcessEnvironment::systemEnvironment();
        environment.insert(QStringLiteral("MCP_REMOTE_CONFIG_DIR"), setup->file("mcp-remote"));
        environment.insert(QStringLiteral("TOKEN"), token);
        client.setProcessEnvironment(environment);
        client.connectBy({QStringLiteral("--"), peer("node"), remote(), gateway->url, QStringLiteral("--allow-http"),
                          QStringLiteral("--silent"), QStringLiteral("--header"), QStringLiteral("Authorization: Bearer ${TOKEN}")});
        QCOMPARE(client.connected["server"].value("name", ""), std::string("countersign"));
        listsCallsAndIsDenied(client, QStringLiteral("echo__"));
    }
    void mcpRemoteWithAWrongTokenEndsWithoutASignIn()
    {
        QProcess proxy;
        QProcessEnvironment environment = QProcessEnvironment::systemEnvironment();
        environment.insert(QStringLiteral("MCP_REMOTE_CONFIG_DIR"), setup->file("mcp-remote"));
        proxy.setProcessEnvironment(environment);
        proxy.start(peer("node"), {remote(), gateway->url, QStringLiteral("--allow-http"), QStringLiteral("--header"),
                                   QStringLiteral("Authorization: Bearer wrong")});
        QVERIFY(proxy.waitForFinished(60'000));
        QVERIFY(proxy.exitCode() != 0);
        const QByteArray said = proxy.readAllStandardError();
        QVERIFY2(!said.contains("Please authorize"), said.constData());
    }
    void mcpRemoteStandsForAServer()
    {
        ReferenceServer server;
        server.serve();
        setup->addStdio("remote", {peer("node"), remote(), server.url, QStringLiteral("--allow-http"), QStringLiteral("--silent")});
        setup->addRule(R"({"effect":"allow","connection":"remote","tool":"echo"})");
        SdkClient client;
        client.connectTo(*setup, *gateway, token, SdkClient::Way::Http, QStringLiteral("/remote/sandbox"));
        client.call("1", "echo", {{"message", "there and back"}});
        QCOMPARE(SdkClient::textOf(client.outcome("1")), QStringLiteral("Echo: there and back"));
        setup->must({QStringLiteral("connection"), QStringLiteral("remove"), QStringLiteral("remote")});
    }

    void theInspectorLists_data()
    {
        QTest::addColumn<QString>("where");
        QTest::addColumn<QString>("generation");
        QTest::addColumn<QByteArray>("method");
        QTest::addColumn<QByteArray>("name");
        const auto row = [](const char *where, const char *generation, const char *method, const char *name) {
            QTest::addRow("%s, %s, %s", method, *where ? where : "/mcp", generation)
                << QString::fromLatin1(where) << QString::fromLatin1(generation) << QByteArray(method) << QByteArray(name);
        };
        row("", "legacy", "tools/list", "echo__echo");
        row("", "modern", "tools/list", "echo__echo");
        row("/suite/sandbox", "legacy", "resources/list", "static-text");
        row("/suite/sandbox", "modern", "resources/list", "static-text");
        row("bridge", "legacy", "tools/list", "echo__echo");
        row("bridge", "auto", "tools/list", "echo__echo");
        row("bridge", "legacy", "resources/list", ""); // there are none for all connections together
    }
    void theInspectorLists()
    {
        QFETCH(QString, where);
        QFETCH(QString, generation);
        QFETCH(QByteArray, method);
        QFETCH(QByteArray, name);
        const Printed printed = inspect(
            QStringList{QStringLiteral("--protocol-era"), generation, QStringLiteral("--method"), QLatin1String(method)} + to(where));
        QVERIFY2(printed.code == 0, printed.all.constData());
        const Json list = printed.result.value(method.left(method.indexOf('/')).toStdString(), Json());
        QVERIFY2(list.is_array(), printed.all.constData());
        const auto named = [&](const Json &item) { return item.value("name", "") == name.toStdString(); };
        QCOMPARE(std::any_of(list.begin(), list.end(), named), !name.isEmpty());
    }
    void theInspectorCalls_data()
    {
        QTest::addColumn<QString>("where");
        QTest::newRow("HTTP") << QString();
        QTest::newRow("bridge") << QStringLiteral("bridge");
    }
    void theInspectorCalls()
    {
        QFETCH(QString, where);
        const QStringList call{QStringLiteral("--protocol-era"), QStringLiteral("auto"), QStringLiteral("--method"),
                               QStringLiteral("tools/call"), QStringLiteral("--tool-name")};
        const Printed allowed =
            inspect(call + QStringList{QStringLiteral("echo__echo"), QStringLiteral("--tool-arg"), QStringLiteral("n=1")} + to(where));
        QVERIFY2(allowed.code == 0, allowed.all.constData());
        QCOMPARE(SdkClient::textOf({{"result", allowed.result}}), QStringLiteral("{\"n\":1}"));
        const Printed denied = inspect(call + QStringList{QStringLiteral("echo__count")} + to(where));
        QCOMPARE(denied.error.value("code", ""), std::string("tool_is_error"));
        QVERIFY2(denied.all.contains("nobody can be asked here"), denied.all.constData());
    }

    void theSecondVersionOfTheSdk_data()
    {
        QTest::addColumn<QString>("where");
        QTest::addColumn<QString>("generation");
        QTest::addColumn<QByteArray>("found");
        const auto row = [](const char *where, const char *generation, const char *found) {
            QTest::addRow("%s on %s", generation, *where ? where : "/mcp")
                << QString::fromLatin1(where) << QString::fromLatin1(generation) << QByteArray(found);
        };
        for (const char *where : {"", "/echo/sandbox"}) {
            row(where, "modern", "2026-07-28");
            row(where, "auto", "2026-07-28");
            row(where, "legacy", "2025-11-25");
        }
        row("bridge", "auto", "2025-11-25"); // the bridge speaks with sessions: the client falls back to them
        row("bridge", "legacy", "2025-11-25");
    }
    void theSecondVersionOfTheSdk()
    {
        QFETCH(QString, where);
        QFETCH(QString, generation);
        QFETCH(QByteArray, found);
        SdkClient client;
        connect(client, where, generation);
        QCOMPARE(client.connected.value("protocolVersion", ""), found.toStdString());
        QCOMPARE(client.connected["server"].value("name", ""), std::string("countersign"));
        listsCallsAndIsDenied(client, where.startsWith(QLatin1Char('/')) ? QString() : QStringLiteral("echo__"));
    }
    void itAnswersWhatTheServerAsks_data()
    {
        QTest::addColumn<QString>("generation");
        QTest::newRow("2026-07-28: inside of results") << QStringLiteral("modern");
        QTest::newRow("2025-11-25: as requests") << QStringLiteral("legacy");
    }
    void itAnswersWhatTheServerAsks()
    {
        QFETCH(QString, generation);
        SdkClient client;
        client.options = QStringList{QStringLiteral("--capabilities"), QStringLiteral("elicitation")};
        connect(client, QStringLiteral("/suite/sandbox"), generation);
        client.say({{"do", "reply"},
                    {"to", "elicitation/create"},
                    {"result", {{"action", "accept"}, {"content", {{"name", "Ada"}, {"color", "blue"}}}}}});
        client.call("1", "test_input_required_result_multi_round", Json::object());
        QCOMPARE(SdkClient::textOf(client.outcome("1")), QStringLiteral("Ada likes blue."));
        for (const char *question : {"Step 1: What is your name?", "Step 2: What is your favorite color?"})
            QCOMPARE(client.event("server-request")["params"].value("message", ""), std::string(question));
    }
    void itIsToldWhatItSubscribedTo_data()
    {
        QTest::addColumn<QString>("where");
        QTest::newRow("/mcp") << QString();
        QTest::newRow("/mcp/suite/sandbox") << QStringLiteral("/suite/sandbox");
    }
    void itIsToldWhatItSubscribedTo()
    {
        QFETCH(QString, where);
        SdkClient client;
        connect(client, where, QStringLiteral("modern"));
        client.say({{"do", "listen"}, {"tag", "1"}, {"filter", {{"toolsListChanged", true}}}});
        const Json listening = client.event("listening", "1");
        QVERIFY2(listening.contains("filter") && listening["filter"].value("toolsListChanged", false), listening.dump().c_str());
        client.call("2", where.isEmpty() ? "suite__test_trigger_tool_change" : "test_trigger_tool_change", Json::object());
        QVERIFY(client.outcome("2").contains("result"));
        QCOMPARE(client.event("notification").value("method", ""), std::string("notifications/tools/list_changed"));
    }
};

COUNTERSIGN_TEST(tst_PeerClients)
#include "tst_PeerClients.moc"
