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
