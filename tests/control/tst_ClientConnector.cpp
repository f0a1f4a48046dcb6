// SPDX-FileCopyrightText: 2026 The Countersign authors
// SPDX-License-Identifier: GPL-3.0-or-later
#include "ClientBench.h"
#include "support/Runner.h"

using namespace mcpcore;

namespace {

const QByteArray kCodex = "# mine\nmodel = \"o9\" # the best\n\n[mcp_servers.files]\ncommand = \"files\"\n";

} // namespace

class tst_ClientConnector : public QObject
{
    Q_OBJECT
private Q_SLOTS:
    void aConnectedClientHasAnEntryAndMayComeIn()
    {
        ClientBench bench;
        const QString file = bench.put(".codex/config.toml", kCodex);
        QCOMPARE(bench.status("client connect", {{"id", "codex"}}), std::string("written"));
        QCOMPARE(QString::fromStdString(bench.last.value("file", "")), file);
        const QByteArray written = ClientBench::read(file);
        QVERIFY2(written.startsWith(kCodex), written.constData());
        QVERIFY(written.contains("/opt/countersign/countersign-bridge"));
        QVERIFY2(written.contains("\"--profile\", \"" + bench.folder.path().toUtf8()), written.constData());
        QVERIFY(ClientBench::tokenIn(file).empty());
        const Json client = bench.client("codex");
        QCOMPARE(client["environment"].get<QString>(), QStringLiteral("sandbox"));
        QCOMPARE(client["kind"].get<QString>(), QStringLiteral("codex"));
        QVERIFY(!client["revoked"].get<bool>());
        QCOMPARE(bench.stateOf("codex"), std::string("ours"));
    }

    void aDisconnectedClientIsOutAndItsFileIsWhatItWas()
    {
        ClientBench bench;
        const QString file = bench.put(".codex/config.toml", kCodex);
        bench.must("client connect", {{"id", "codex"}});
        QCOMPARE(bench.status("client disconnect", {{"id", "codex"}}), std::string("written"));
        QCOMPARE(ClientBench::read(file), kCodex);
        QVERIFY(bench.client("codex")["revoked"].get<bool>());
        QCOMPARE(bench.stateOf("codex"), std::string("none"));
        QCOMPARE(bench.status("client disconnect", {{"id", "codex"}}), std::string("unchanged"));
    }

    void overHttpTheTokenInTheFileIsTheClients()
    {
        ClientBench bench;
        const QString file = bench.put(".cursor/mcp.json", "{}\n");
        QCOMPARE(bench.status("client connect", {{"id", "cursor"}, {"via", "http"}}), std::string("written"));
        const std::string token = ClientBench::tokenIn(file);
        QCOMPARE(bench.gateway->clientOfToken(token).value_or(ClientId{}).text, QStringLiteral("cursor"));
        QVERIFY(ClientBench::read(file).contains("http://127.0.0.1:7345/mcp"));
        QVERIFY(bench.last.dump().find(token) == std::string::npos);
        QCOMPARE(bench.status("client connect", {{"id", "cursor"}, {"via", "http"}}), std::string("unchanged"));
        QVERIFY(bench.gateway->clientOfToken(token));
    }

    void aRotatedTokenIsWrittenWhereTheOldOneWas()
    {
        ClientBench bench;
        const QString file = bench.put(".cursor/mcp.json", "{}\n");
        bench.must("client connect", {{"id", "cursor"}, {"via", "http"}});
        const std::string old = ClientBench::tokenIn(file);
        const Json rotated = bench.must("client token", {{"id", "cursor"}});
        QCOMPARE(ClientBench::tokenIn(file), rotated.value("token", ""));
        QVERIFY(ClientBench::tokenIn(file) != old);
        QVERIFY(!bench.gateway->clientOfToken(old));
        QVERIFY(bench.gateway->clientOfToken(ClientBench::tokenIn(file)));
        bench.must("client disconnect", {{"id", "cursor"}});
        QCOMPARE(ClientBench::read(file), QByteArray("{}\n"));
    }

    void aSecondFileOfAClientLeavesTheFirstOneWorking()
    {
        ClientBench bench;
        const QString first = bench.put("one.json", "{}"), second = bench.put("two.json", "{}");
        bench.must("client connect", {{"id", "cursor"}, {"via", "http"}, {"file", first.toStdString()}});
        bench.must("client connect", {{"id", "cursor"}, {"via", "http"}, {"file", second.toStdString()}});
        QVERIFY(bench.gateway->clientOfToken(ClientBench::tokenIn(first)));
        QCOMPARE(ClientBench::tokenIn(first), ClientBench::tokenIn(second));
        bench.must("client disconnect", {{"id", "cursor"}, {"file", first.toStdString()}});
        QVERIFY(bench.gateway->clientOfToken(ClientBench::tokenIn(second)));
        bench.must("client disconnect", {{"id", "cursor"}, {"file", second.toStdString()}});
        QVERIFY(bench.client("cursor")["revoked"].get<bool>());
    }

    void aFileThatIsRefusedLetsNobodyIn()
    {
        ClientBench bench;
        const QByteArray broken = "[mcp_servers\nmodel = 1\n";
        const QString file = bench.put(".codex/config.toml", broken);
        QCOMPARE(bench.status("client connect", {{"id", "codex"}}), std::string("refused"));
        QCOMPARE(bench.last.value("line", 0), 1);
        QVERIFY(bench.last.value("column", 0) > 0);
        QVERIFY(!bench.last.value("reason", "").empty());
        QCOMPARE(ClientBench::read(file), broken);
        QVERIFY(bench.client("codex").is_null());
    }

    void accessEndsAlsoWhereTheFileCannotBeChanged()
    {
        ClientBench bench;
        const QString file = bench.put(".cursor/mcp.json", "{}\n");
        bench.must("client connect", {{"id", "cursor"}, {"via", "http"}});
        const std::string token = ClientBench::tokenIn(file);
        bench.put(".cursor/mcp.json", ClientBench::read(file) + "}");
        QCOMPARE(bench.status("client disconnect", {{"id", "cursor"}}), std::string("refused"));
        QVERIFY(!bench.gateway->clientOfToken(token));
        QVERIFY(bench.client("cursor")["revoked"].get<bool>());
    }

    void anEntryOfSomebodyElseIsKeptUnlessToldOtherwise()
    {
        ClientBench bench;
        const QByteArray theirs = "{\"mcpServers\": {\"countersign\": {\"command\": \"theirs\"}}}";
        const QString file = bench.put(".gemini/settings.json", theirs);
        QCOMPARE(bench.status("client connect", {{"id", "gemini-cli"}}), std::string("conflict"));
        QCOMPARE(ClientBench::read(file), theirs);
        QVERIFY(bench.client("gemini-cli").is_null());
        QCOMPARE(bench.status("client connect", {{"id", "gemini-cli"}, {"overwrite", true}}), std::string("written"));
        QVERIFY(!ClientBench::read(file).contains("theirs"));
        QCOMPARE(bench.status("client undo", {{"id", "gemini-cli"}}), std::string("written"));
        QCOMPARE(ClientBench::read(file), theirs);
        QVERIFY(bench.client("gemini-cli")["revoked"].get<bool>());
    }

    void whatWasTakenOutComesBack_data()
    {
        QTest::addColumn<QString>("way");
        QTest::newRow("bridge") << QStringLiteral("bridge");
        QTest::newRow("http") << QStringLiteral("http");
    }
    void whatWasTakenOutComesBack()
    {
        QFETCH(QString, way);
        ClientBench bench;
        const QString file = bench.put(".cursor/mcp.json", "{\n  // mine\n}\n");
        bench.must("client connect", {{"id", "cursor"}, {"via", way}});
        bench.must("client disconnect", {{"id", "cursor"}});
        QCOMPARE(bench.status("client undo", {{"id", "cursor"}}), std::string("written"));
        QVERIFY(!bench.client("cursor")["revoked"].get<bool>());
        QCOMPARE(bench.stateOf("cursor"), std::string("ours"));
        if (way == QLatin1String("http"))
            QVERIFY(bench.gateway->clientOfToken(ClientBench::tokenIn(file)));
        bench.must("client disconnect", {{"id", "cursor"}});
        QCOMPARE(ClientBench::read(file), QByteArray("{\n  // mine\n}\n"));
    }

    void aWipedOrAlteredEntryIsSeenAndRepaired()
    {
        ClientBench bench;
        const QString file = bench.put(".cursor/mcp.json", "{}\n");
        bench.must("client connect", {{"id", "cursor"}});
        const QByteArray good = ClientBench::read(file);
        bench.put(".cursor/mcp.json", "{\"mcpServers\": {}}\n");
        QCOMPARE(bench.stateOf("cursor"), std::string("gone"));
        bench.put(".cursor/mcp.json", QByteArray(good).replace("countersign-bridge", "other-program"));
        QCOMPARE(bench.stateOf("cursor"), std::string("altered"));
        bench.put(".cursor/mcp.json", QByteArray(good).replace("\"cursor\"", "\"codex\""));
        QCOMPARE(bench.stateOf("cursor"), std::string("altered"));
        QCOMPARE(bench.status("client repair", {{"id", "cursor"}}), std::string("written"));
        QCOMPARE(bench.stateOf("cursor"), std::string("ours"));
        QCOMPARE(ClientBench::read(file), good);
    }

    void keysInPlainTextAreCounted()
    {
        ClientBench bench;
        const QByteArray pay = "{\"mcpServers\": {\"pay\": {\"command\": \"npx\", \"args\": [\"-y\", \"@stripe/mcp\", "
                               "\"--api-key=rk_test_51CANARYaaaaaaaaaaaaaaaaaaaa\"]}}}";
        bench.put(".cursor/mcp.json", pay);
        const Json file = bench.found("cursor")["files"][0];
        QCOMPARE(file["plainKeys"].get<int>(), 1);
        QVERIFY2(file.dump().find("CANARY") == std::string::npos, file.dump().c_str());
    }

    void anEntryBesideOursThatGoesToAVendorIsNamed()
    {
        ClientBench bench;
        bench.put(".cursor/mcp.json", "{\"mcpServers\": {\"pay\": {\"url\": \"https://mcp.stripe.com\"}}}\n");
        QCOMPARE(bench.found("cursor")["files"][0]["bypasses"].dump(), std::string("[\"pay\"]"));
        const Json preview = bench.must("client preview", {{"id", "cursor"}});
        QVERIFY2(preview["cautions"].dump().find("pay") != std::string::npos, preview["cautions"].dump().c_str());
    }

    void aPreviewShowsTheChangeAndChangesNothing()
    {
        ClientBench bench;
        const QString file = bench.put(".codex/config.toml", kCodex);
        const Json preview = bench.must("client preview", {{"id", "codex"}, {"via", "http"}});
        QCOMPARE(preview.value("status", ""), std::string("written"));
        QVERIFY(preview.value("bytesAdded", 0) > 0);
        const std::string diff = preview["diff"].dump();
        QVERIFY2(diff.find("[mcp_servers.countersign]") != std::string::npos, diff.c_str());
        QVERIFY2(diff.find("cst_") == std::string::npos, diff.c_str()); // dots
        QCOMPARE(ClientBench::read(file), kCodex);
        QVERIFY(bench.client("codex").is_null());
    }

    void anEnvironmentIsGivenOnlyWhenSaid()
    {
        ClientBench bench;
        bench.put(".codex/config.toml", kCodex);
        bench.must("client connect", {{"id", "codex"}, {"environment", "staging"}});
        QCOMPARE(bench.client("codex")["environment"].get<QString>(), QStringLiteral("staging"));
        bench.must("client disconnect", {{"id", "codex"}});
        bench.must("client connect", {{"id", "codex"}});
        QCOMPARE(bench.client("codex")["environment"].get<QString>(), QStringLiteral("sandbox")); // as new
    }

    void whatCannotReachThisComputerSaysWhatToDoInstead()
    {
        ClientBench bench;
        QCOMPARE(bench.status("client connect", {{"id", "chatgpt-web"}}), std::string("refused"));
        QVERIFY(bench.last.value("reason", "").find("cannot reach this one") != std::string::npos);
        const auto unknown = bench.run("client connect", {{"id", "netscape"}});
        QVERIFY(!unknown);
        QCOMPARE(unknown.error().kind, Error::Kind::NotFound);
        QVERIFY(unknown.error().message.contains(QStringLiteral("codex")));
    }

    // Two connections in the sandbox, one of them in staging, too.
    static void addConnections(ClientBench &bench)
    {
        bench.must("connection add", {{"id", "stripe"}, {"endpoints", {{"sandbox", "https://one.example/mcp"}}}});
        bench.must("connection add", {{"id", "statsig"},
                                      {"endpoints", {{"sandbox", "https://two.example/mcp"}, {"staging", "https://two.example/staging"}}}});
    }

    void anEntryForOneConnectionStandsBesideTheOthers_data()
    {
        QTest::addColumn<QString>("client");
        QTest::addColumn<QString>("way");
        QTest::addColumn<QString>("path");
        QTest::addColumn<QByteArray>("before");
        const auto row = [](const char *client, const char *path, const QByteArray &before) {
            for (const char *way : {"bridge", "http"})
                QTest::addRow("%s over %s", client, way)
                    << QString::fromLatin1(client) << QString::fromLatin1(way) << QString::fromLatin1(path) << before;
        };
        row("codex", ".codex/config.toml", kCodex);
        row("cursor", ".cursor/mcp.json", "{\n  // mine\n}\n");
        row("gemini-cli", ".gemini/settings.json", "{\"ui\": { }, \"mcpServers\": { }}");
        row("goose", ".config/goose/config.yaml", "# mine\nGOOSE_MODEL: o9\n");
        row("continue", ".continue/config.yaml", "name: mine # me\nmcpServers:\n  - name: files\n    command: files\n");
        row("opencode", ".config/opencode/opencode.json", "");
    }
    void anEntryForOneConnectionStandsBesideTheOthers()
    {
        QFETCH(QString, client);
        QFETCH(QString, way);
        QFETCH(QString, path);
        QFETCH(QByteArray, before);
        ClientBench bench;
        addConnections(bench);
        const QString file = bench.put(path.toLatin1().constData(), before);
        const auto of = [&](const char *connection) -> Json {
            Json parameters{{"id", client}, {"via", way}, {"file", file}};
            if (connection)
                parameters["connection"] = connection;
            return parameters;
        };
        for (const char *connection : {static_cast<const char *>(nullptr), "stripe", "statsig"}) {
            QCOMPARE(bench.status("client connect", of(connection)), std::string("written"));
            if (way == QLatin1String("bridge"))
                QCOMPARE(bench.status("client connect", of(connection)), std::string("unchanged"));
        }
        const QByteArray all = ClientBench::read(file);
        for (const char *name : {"countersign-stripe", "countersign-statsig"})
            QVERIFY2(all.contains(name), all.constData());
        QVERIFY2(way == QLatin1String("http") ? all.contains("/mcp/stripe/sandbox")
                                              : all.contains("stripe") && all.contains("--environment"),
                 all);
        Json entries = bench.found(client.toLatin1())["files"][0].value("entries", Json::array());
        QCOMPARE(entries.size(), size_t(3));
        for (const Json &entry : entries)
            QVERIFY2(entry.value("state", "") == "ours", entry.dump().c_str());
        if (way == QLatin1String("http"))
            QVERIFY(bench.gateway->clientOfToken(ClientBench::tokenIn(file)));

        // One of them goes, and comes back.
        QCOMPARE(bench.status("client disconnect", {{"id", client}, {"connection", "stripe"}}), std::string("written"));
        QVERIFY(!ClientBench::read(file).contains("countersign-stripe"));
        QVERIFY(ClientBench::read(file).contains("countersign-statsig"));
        QVERIFY(!bench.client(client.toLatin1())["revoked"].get<bool>());
        bench.must("client undo", {{"id", client}, {"file", file}});
        QVERIFY(ClientBench::read(file).contains("countersign-stripe"));
        QCOMPARE(bench.found(client.toLatin1())["files"][0].value("entries", Json::array()).size(), size_t(3));

        // All go: nothing of the file is another than it was.
        bench.must("client disconnect", {{"id", client}});
        QCOMPARE(ClientBench::read(file), before);
        QVERIFY(bench.client(client.toLatin1())["revoked"].get<bool>());
        bench.must("client undo", {{"id", client}});
        QVERIFY(ClientBench::read(file).contains("countersign-statsig"));
        QVERIFY(!bench.client(client.toLatin1())["revoked"].get<bool>());
        bench.must("client disconnect", {{"id", client}});
        QCOMPARE(ClientBench::read(file), before);
    }
    void theFirstOfTwoEntriesGoesAndTheOtherOneLeavesNothing()
    {
        ClientBench bench;
        addConnections(bench);
        const QByteArray before = "{ }\n";
        const QString file = bench.put(".cursor/mcp.json", before);
        bench.must("client connect", {{"id", "cursor"}, {"connection", "stripe"}});
        bench.must("client connect", {{"id", "cursor"}, {"connection", "statsig"}});
        bench.must("client disconnect", {{"id", "cursor"}, {"name", "countersign-stripe"}});
        bench.must("client disconnect", {{"id", "cursor"}, {"name", "countersign-statsig"}});
        QCOMPARE(ClientBench::read(file), before);
        QVERIFY(bench.client("cursor")["revoked"].get<bool>());
    }
    void anAlteredEntryOfSeveralIsToldAndRepaired()
    {
        ClientBench bench;
        addConnections(bench);
        const QString file = bench.put(".cursor/mcp.json", "{}\n");
        bench.must("client connect", {{"id", "cursor"}});
        bench.must("client connect", {{"id", "cursor"}, {"connection", "stripe"}});
        const QByteArray good = ClientBench::read(file);
        bench.put(".cursor/mcp.json", QByteArray(good).replace("\"--environment\", \"sandbox\"", "\"--environment\", \"staging\""));
        const Json seen = bench.found("cursor")["files"][0];
        QCOMPARE(seen.value("state", ""), std::string("altered"));
        QCOMPARE(seen.value("name", ""), std::string("countersign-stripe"));
        QCOMPARE(seen["entries"][0].value("state", ""),
                 std::string(seen["entries"][0].value("name", "") == "countersign" ? "ours" : "altered"));
        QCOMPARE(bench.status("client repair", {{"id", "cursor"}}), std::string("written"));
        QCOMPARE(ClientBench::read(file), good);
    }
    void anEntryThatCouldNotWorkIsRefused()
    {
        ClientBench bench;
        addConnections(bench);
        const QString file = bench.put(".codex/config.toml", kCodex);
        const auto refused = [&](const Json &parameters) {
            const auto answer = bench.run("client connect", parameters);
            QTest::qCompare(ClientBench::read(file), kCodex, "file", "before", __FILE__, __LINE__);
            return answer ? QStringLiteral("done") : answer.error().message;
        };
        QVERIFY(refused({{"id", "codex"}, {"connection", "paypal"}}).contains(QStringLiteral("There is no connection paypal")));
        QVERIFY(refused({{"id", "codex"}, {"connection", "stripe"}, {"environment", "staging"}})
                    .contains(QStringLiteral("not set up in staging")));
        QVERIFY(refused({{"id", "codex"}, {"connection", "stripe"}, {"environment", "active"}})
                    .contains(QStringLiteral("Name its environment")));
        QVERIFY(bench.client("codex").is_null());
        bench.must("client connect", {{"id", "codex"}, {"connection", "statsig"}, {"environment", "staging"}});
        QCOMPARE(bench.client("codex")["environment"].get<QString>(), QStringLiteral("staging"));
        QVERIFY(ClientBench::read(file).contains("\"--environment\", \"staging\""));
        const auto elsewhere = bench.run("client connect", {{"id", "codex"}, {"connection", "stripe"}, {"environment", "sandbox"}});
        QVERIFY(!elsewhere && elsewhere.error().message.contains(QStringLiteral("acts in staging")));
        QCOMPARE(bench.status("client connect", {{"id", "codex"}, {"name", "countersign-statsig"}}), std::string("conflict"));
    }
    void byHandAClientIsLetInAndToldWhatToTypeOrOpen()
    {
        ClientBench bench;
        const QString file = bench.put(".lmstudio/mcp.json", "{}\n");
        const Json preview = bench.must("client preview", {{"id", "lm-studio"}});
        QVERIFY(!preview["mayComeIn"].get<bool>());
        QVERIFY(preview.value("link", "").starts_with("lmstudio://"));
        QVERIFY(!preview.contains("command"));
        QVERIFY(!bench.must("client preview", {{"id", "lm-studio"}, {"via", "http"}}).contains("link"));
        QVERIFY(bench.client("lm-studio").is_null());
        const Json told = bench.must("client connect", {{"id", "lm-studio"}, {"byHand", true}});
        QCOMPARE(told.value("link", ""), preview.value("link", ""));
        QVERIFY(told.value("text", "").find("countersign-bridge") != std::string::npos);
        QCOMPARE(ClientBench::read(file), QByteArray("{}\n"));
        QCOMPARE(bench.client("lm-studio")["environment"].get<QString>(), QStringLiteral("sandbox"));
        QVERIFY(bench.must("client preview", {{"id", "lm-studio"}})["mayComeIn"].get<bool>());
        QVERIFY(bench.must("client snippet", {{"id", "codex"}}).value("command", "").starts_with("codex mcp add countersign -- "));
        QVERIFY(!bench.run("client connect", {{"id", "lm-studio"}, {"byHand", true}, {"via", "http"}}));
    }
    void entriesThatNobodyRecordedAreSeenAndTakenOut()
    {
        ClientBench bench;
        const QByteArray before = "{\"mcpServers\": {\"files\": {\"command\": \"files\"}}}\n";
        const QByteArray byHand = "{\"mcpServers\": {\"files\": {\"command\": \"files\"}, \"countersign-x\": {\"command\": "
                                  "\"/opt/countersign/countersign-bridge\", \"args\": [\"--client\", \"cursor\"]}}}\n";
        const QString file = bench.put(".cursor/mcp.json", byHand);
        bench.must("client connect", {{"id", "cursor"}, {"byHand", true}});
        QCOMPARE(bench.stateOf("cursor"), std::string("ours"));
        QCOMPARE(bench.status("client disconnect", {{"id", "cursor"}}), std::string("written"));
        QCOMPARE(ClientBench::read(file), before);
        QVERIFY(bench.client("cursor")["revoked"].get<bool>());

        // Beside a recorded one: each alone, and it may come in until the last is gone.
        bench.put(".cursor/mcp.json", byHand);
        bench.must("client connect", {{"id", "cursor"}});
        bench.must("client disconnect", {{"id", "cursor"}, {"name", "countersign"}});
        QCOMPARE(ClientBench::read(file), byHand);
        QVERIFY(!bench.client("cursor")["revoked"].get<bool>());
        bench.must("client disconnect", {{"id", "cursor"}, {"name", "countersign-x"}});
        QCOMPARE(ClientBench::read(file), before);
        QVERIFY(bench.client("cursor")["revoked"].get<bool>());
        bench.put(".cursor/mcp.json", byHand);
        bench.must("client connect", {{"id", "cursor"}});
        bench.must("client disconnect", {{"id", "cursor"}});
        QCOMPARE(ClientBench::read(file), before);
        QVERIFY(bench.client("cursor")["revoked"].get<bool>());
    }

    void onAProfileOfTheAppConnectingNeedsThePersonAndDisconnectingDoesNot()
    {
        ClientBench bench;
        const QString file = bench.put(".codex/config.toml", kCodex);
        bench.must("client connect", {{"id", "codex"}});
        bench.change([](Workspace &edited) { edited.ownedByApp = true; });
        bench.personAgrees = false;
        bench.must("client disconnect", {{"id", "codex"}});
        for (const char *command : {"client connect", "client repair", "client undo"}) {
            QVERIFY2(!bench.run(command, {{"id", "codex"}}), command);
            QVERIFY2(bench.question.contains(QStringLiteral("codex")), command);
        }
        QCOMPARE(ClientBench::read(file), kCodex);
        QVERIFY(bench.client("codex")["revoked"].get<bool>());
    }
};

COUNTERSIGN_TEST(tst_ClientConnector)
#include "tst_ClientConnector.moc"
