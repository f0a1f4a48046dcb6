// SPDX-FileCopyrightText: 2026 The Countersign authors
// SPDX-License-Identifier: GPL-3.0-or-later
// Environments, connections, clients, pause: what they do, and what is said of input that cannot be used.
#include "ControlFixture.h"
#include "support/Runner.h"
#include <QRegularExpression>

using namespace mcpcore;

namespace {

const Environment production{{QStringLiteral("production")}, EnvironmentKind::Production};

QStringList titles(const ControlFixture &fixture)
{
    QStringList found;
    const auto reader = LogReader::open(fixture.logPath());
    if (const auto rows = reader ? (*reader)->rowsAfter(0, 1000) : failure(reader.error()))
        for (const LogEntry &row : *rows)
            found.append(row.title);
    return found;
}

} // namespace

class tst_ControlCommands : public QObject
{
    Q_OBJECT
private Q_SLOTS:
    void aConnectionComesToAnEnvironmentOfOnesOwnAndLeavesIt()
    {
        ControlFixture fixture;
        fixture.must("env add", {{"id", "eu-prod"}, {"kind", "production"}});
        const Json placed =
            fixture.must("connection environment", {{"id", "acme"}, {"environment", "eu-prod"}, {"url", "https://eu.example.com/mcp"}});
        QCOMPARE(placed.value("url", ""), std::string("https://eu.example.com/mcp"));
        const ConnectionId acme{QStringLiteral("acme")};
        const EnvironmentId european{QStringLiteral("eu-prod")};
        QCOMPARE(destinationOf(*find(fixture.space(), acme), european), QStringLiteral("https://eu.example.com:443"));
        fixture.trust(QStringLiteral("eu-prod"));
        QVERIFY(refusalOf(fixture.run("env remove", {{"id", "eu-prod"}})).contains(QStringLiteral("use eu-prod")));
        fixture.must("connection environment", {{"id", "acme"}, {"environment", "eu-prod"}, {"remove", true}});
        QVERIFY(!findTrust(fixture.space(), acme, european, QStringLiteral("echo")));
        fixture.must("env remove", {{"id", "eu-prod"}});
        QCOMPARE(find(fixture.space(), acme)->environments.size(), 2);
    }
    void aConnectionComesToAnotherEnvironmentOnlyByThePerson()
    {
        ControlFixture fixture;
        fixture.giveToApp();
        const Json where{{"id", "acme"}, {"environment", "staging"}, {"url", "https://staging.example.com/mcp"}};
        QVERIFY(!fixture.run("connection environment", where));
        QCOMPARE(fixture.question, QStringLiteral("Use the connection acme in staging as well?"));
        fixture.personIsThere = true;
        fixture.must("connection environment", where);
        fixture.must("connection environment", {{"id", "acme"}, {"environment", "staging"}, {"remove", true}});
        QVERIFY(fixture.question.isEmpty()); // tightening
    }
    void whatCannotBeDoneIsSaidAndChangesNothing_data()
    {
        QTest::addColumn<QString>("command");
        QTest::addColumn<QString>("parameters");
        QTest::addColumn<int>("kind");
        QTest::addColumn<QString>("says");
        const auto row = [](const char *command, const char *parameters, Error::Kind kind, const char *says) {
            QTest::addRow("%s: %s", command, says)
                << QString::fromLatin1(command) << QString::fromLatin1(parameters) << int(kind) << QString::fromLatin1(says);
        };
        using Kind = Error::Kind;
        row("frobnicate", "{}", Kind::UnknownMethod, "There is no command \"frobnicate\"");
        row("status", "[]", Kind::InvalidArgument, "The parameters must be an object");
        row("env add", "{\"kind\":\"sandbox\"}", Kind::InvalidArgument, "id");
        row("env add", "{\"id\":\"mine\",\"kind\":\"purple\"}", Kind::InvalidArgument, "The kind must be sandbox, staging or production");
        row("env add", "{\"id\":\"staging\",\"kind\":\"staging\"}", Kind::Conflict, "There is an environment staging already");
        row("env add", "{\"id\":\"live\",\"kind\":\"sandbox\"}", Kind::InvalidArgument, "not \"live\"");
        row("env use", "{\"id\":\"mars\"}", Kind::NotFound, "There are: sandbox, staging, production");
        row("env unlock", "{\"id\":\"production\",\"minutes\":7,\"reason\":\"a test\"}", Kind::InvalidArgument, "5, 15 or 60");
        row("env unlock", "{\"id\":\"production\",\"minutes\":5,\"reason\":\"\"}", Kind::InvalidArgument, "reason");
        row("env lock", "{\"id\":\"sandbox\"}", Kind::InvalidArgument, "Only production environments are locked");
        row("env remove", "{\"id\":\"sandbox\"}", Kind::Conflict, "sandbox is the active environment");
        row("env remove", "{\"id\":\"production\"}", Kind::Conflict, "Connections or clients use production");
        row("connection environment", "{\"id\":\"acme\",\"environment\":\"mars\"}", Kind::NotFound, "There is no environment mars");
        row("connection environment", "{\"id\":\"x\",\"environment\":\"staging\"}", Kind::NotFound, "There is no connection x");
        row("connection environment", "{\"id\":\"acme\",\"environment\":\"sandbox\"}", Kind::Conflict, "acme is in sandbox already");
        row("connection environment", "{\"id\":\"acme\",\"environment\":\"staging\"}", Kind::InvalidArgument,
            "Say where acme goes in staging");
        row("connection environment", "{\"id\":\"acme\",\"environment\":\"staging\",\"url\":\"http://x.example.com/\"}",
            Kind::InvalidArgument, "https");
        row("connection environment", "{\"id\":\"acme\",\"environment\":\"staging\",\"remove\":true}", Kind::NotFound,
            "acme is not in staging");
        row("connection environment", "{\"id\":\"paid\",\"environment\":\"sandbox\",\"remove\":true}", Kind::Conflict,
            "paid is in sandbox only");
        row("connection add", "{\"id\":\"x\"}", Kind::InvalidArgument, "Say where the connection goes");
        row("connection add", "{\"id\":\"acme\",\"url\":\"https://x.example.com/\"}", Kind::Conflict, "There is a connection acme already");
        row("connection add", "{\"id\":\"x\",\"pack\":\"nobody\"}", Kind::NotFound, "There is no pack nobody");
        row("connection add", "{\"id\":\"x\",\"pack\":\"practice\",\"environments\":[\"production\"]}", Kind::InvalidArgument,
            "Practice is for sandbox only");
        row("connection add", "{\"id\":\"x\",\"url\":\"https://x.example.com/\",\"auth\":\"magic\"}", Kind::InvalidArgument,
            "--auth must be none, bearer, oauth or header:NAME");
        row("connection add", "{\"id\":\"x\",\"url\":\"https://x.example.com/\",\"environments\":[\"mars\"]}", Kind::InvalidArgument,
            "mars");
        row("connection add", "{\"id\":\"x\",\"stdio\":[\"/nonexistent/program\"]}", Kind::NotFound, "There is no program");
        row("connection add", "{\"id\":\"x\",\"stdio\":[\"true\",7]}", Kind::InvalidArgument, "a list of words");
        row("connection show", "{\"id\":\"nobody\"}", Kind::NotFound, "There is no connection nobody");
        row("connection remove", "{\"id\":\"nobody\"}", Kind::NotFound, "There is no connection nobody");
        row("connection test", "{\"id\":\"acme\",\"environment\":\"staging\"}", Kind::NotFound, "acme has no environment staging");
        row("connection test", "{\"id\":\"acme\",\"environment\":\"production\"}", Kind::Locked, "locked");
        row("connection tools", "{\"id\":\"acme\",\"environment\":\"sandbox\",\"client\":\"hal\"}", Kind::NotFound,
            "There is no client hal");
        row("client add", "{}", Kind::InvalidArgument, "a name of 1 to 60 characters");
        row("client add", "{\"name\":\"  \"}", Kind::InvalidArgument, "a name of 1 to 60 characters");
        row("client add", "{\"name\":\"Zed\",\"environment\":\"mars\"}", Kind::NotFound, "There is no environment mars");
        row("client environment", "{\"id\":\"cursor\",\"environment\":\"mars\"}", Kind::NotFound, "Name one, or say active");
        row("client environment", "{\"id\":\"hal\",\"environment\":\"sandbox\"}", Kind::NotFound, "There is no client hal");
        row("client token", "{\"id\":\"hal\"}", Kind::NotFound, "There is no client hal");
        row("client revoke", "{\"id\":\"hal\"}", Kind::NotFound, "There is no client hal");
        row("try", "{\"arguments\":\"{\"}", Kind::InvalidArgument, "--args must be a JSON object");
        row("resume", "{\"client\":\"hal\"}", Kind::NotFound, "There is no client hal");
        row("rule add", "{}", Kind::InvalidArgument, "The rule is missing");
        row("rule add", "{\"rule\":{\"effect\":\"maybe\"}}", Kind::InvalidArgument, "unknown word \"maybe\"");
        row("rule remove", "{\"id\":\"r9\"}", Kind::NotFound, "There is no rule r9");
    }
    void whatCannotBeDoneIsSaidAndChangesNothing()
    {
        QFETCH(QString, command);
        QFETCH(QString, parameters);
        QFETCH(int, kind);
        QFETCH(QString, says);
        ControlFixture fixture;
        const QByteArray before = toFileBytes(fixture.space());
        const auto answer = fixture.run(command.toLatin1().constData(), *parseJson(parameters.toStdString()));
        QVERIFY(!answer);
        QVERIFY2(answer.error().message.contains(says), qPrintable(answer.error().message));
        QCOMPARE(int(answer.error().kind), kind);
        QCOMPARE(toFileBytes(fixture.space()), before);
    }
    void environmentsAreAddedUsedUnlockedLockedAndRemoved()
    {
        ControlFixture fixture;
        QCOMPARE(fixture.must("env add", {{"id", "mine"}, {"kind", "staging"}})["kind"].get<QString>(), QStringLiteral("staging"));
        QCOMPARE(fixture.must("env use", {{"id", "mine"}})["id"].get<QString>(), QStringLiteral("mine"));
        QCOMPARE(fixture.space().activeEnvironment.text, QStringLiteral("mine"));
        const Json listed = fixture.must("env list")["environments"];
        QCOMPARE(listed.size(), size_t(4));
        QCOMPARE(listed[3]["active"].get<bool>(), true);
        QVERIFY(fixture.locks.isLocked(production));
        QCOMPARE(fixture.must("env unlock", {{"id", "production"}, {"minutes", 5}, {"reason", "a refund"}})["locked"].get<bool>(), false);
        fixture.clock.advance(std::chrono::minutes(5));
        QVERIFY(fixture.locks.isLocked(production));
        fixture.must("env unlock", {{"id", "production"}, {"minutes", 60}, {"reason", "a refund"}});
        QCOMPARE(fixture.must("env lock", {{"id", "production"}})["locked"].get<bool>(), true);
        fixture.must("env use", {{"id", "sandbox"}});
        fixture.must("env remove", {{"id", "mine"}});
        QCOMPARE(fixture.space().environments.size(), 3);
    }
    void aPackSaysWhereAConnectionGoesAndWhereItCannot()
    {
        ControlFixture fixture;
        const Json places = Json::array({"sandbox", "production"});
        const Json stripe = fixture.must("connection add", {{"id", "stripe"}, {"pack", "stripe"}, {"environments", places}});
        QCOMPARE(stripe["vendor"].get<QString>(), QStringLiteral("stripe"));
        QCOMPARE(stripe["auth"].get<QString>(), QStringLiteral("bearer"));
        QCOMPARE(stripe["urls"]["production"].get<QString>(), QStringLiteral("https://mcp.stripe.com"));
        QCOMPARE(stripe["makeKeys"][0]["url"].get<QString>(), QStringLiteral("https://dashboard.stripe.com/test/apikeys"));
        QVERIFY(!stripe.contains("left"));
        const Json stack = fixture.must("connection add", {{"id", "stack"}, {"pack", "stack"}, {"environments", places}});
        QVERIFY(stack["environments"] == Json::array({"production"}));
        QCOMPARE(stack["left"][0]["environment"].get<QString>(), QStringLiteral("sandbox"));
        QVERIFY(stack["left"][0]["reason"].get<QString>().contains(QStringLiteral("no sandbox")));
        const Json stigg = fixture.must("connection add", {{"id", "stigg"}, {"pack", "stigg"}});
        QCOMPARE(stigg["auth"].get<QString>(), QStringLiteral("header:X-API-KEY"));
        QVERIFY(stigg["environments"] == Json::array({"sandbox"}));
        // What the person gives goes before what the pack says.
        const Json own = fixture.must("connection add", {{"id", "own"},
                                                         {"pack", "stripe"},
                                                         {"auth", "oauth"},
                                                         {"environments", places},
                                                         {"endpoints", {{"sandbox", "http://127.0.0.1:9/mcp"}}}});
        QCOMPARE(own["auth"].get<QString>(), QStringLiteral("oauth"));
        QCOMPARE(own["urls"]["sandbox"].get<QString>(), QStringLiteral("http://127.0.0.1:9/mcp"));
        QCOMPARE(own["urls"]["production"].get<QString>(), QStringLiteral("https://mcp.stripe.com"));
        const auto refused = [&](const Json &parameters) { return refusalOf(fixture.run("connection add", parameters)); };
        const qsizetype before = fixture.space().connections.size();
        QVERIFY(refused({{"id", "x"}, {"pack", "stack"}}).contains(QStringLiteral("STACK has no sandbox")));
        QVERIFY(refused({{"id", "x"}, {"pack", "stigg"}, {"auth", "oauth"}}).contains(QStringLiteral("by header:X-API-KEY only")));
        QVERIFY(refused({{"id", "x"}, {"pack", "stripe"}, {"auth", "none"}}).contains(QStringLiteral("by bearer or oauth only")));
        QVERIFY(refused({{"id", "x"}, {"pack", "stigg"}, {"transport", "stdio"}}).contains(QStringLiteral("api.stainless.com")));
        QVERIFY(refused({{"id", "x"}, {"pack", "stack"}, {"environments", Json::array({"production"})}, {"transport", "stdio"}})
                    .contains(QStringLiteral("no local program")));
        QVERIFY(refused({{"id", "x"}, {"pack", "stripe"}, {"environments", Json::array({"mars"})}}).contains(QStringLiteral("mars")));
        QVERIFY(refused({{"id", "x"}, {"pack", "nobody"}}).contains(QStringLiteral("practice, stack, statsig, stigg, stripe")));
        QCOMPARE(fixture.space().connections.size(), before);
    }
    void connectionsAreAddedShownTestedAndRemoved()
    {
        ControlFixture fixture;
        const Json added = fixture.must("connection add", {{"id", "web"},
                                                           {"endpoints", {{"staging", "https://x.example.com/mcp"}}},
                                                           {"headers", {{"X-Account", "7"}}},
                                                           {"auth", "header:X-Key"}});
        QCOMPARE(added["transport"].get<QString>(), QStringLiteral("http"));
        QCOMPARE(added["auth"].get<QString>(), QStringLiteral("header:X-Key"));
        QCOMPARE(added["needsKey"].get<bool>(), true);
        QVERIFY(added["environments"] == Json::array({"staging"}));
        // Programs are resolved when they are consented to.
        QVERIFY(fixture.must("connection add", {{"id", "local"}, {"stdio", {"true", "--x"}}})["program"].get<QString>().startsWith(
            QLatin1Char('/')));
        QCOMPARE(fixture.must("connection list")["connections"].size(), size_t(5));
        QCOMPARE(fixture.must("connection test", {{"id", "acme"}, {"environment", "sandbox"}})["server"].get<QString>(),
                 QStringLiteral("fake"));
        fixture.trust();
        QCOMPARE(fixture.must("connection show", {{"id", "acme"}})["trusted"][0]["tool"].get<QString>(), QStringLiteral("echo"));
        fixture.must("rule add", {{"rule", {{"effect", "ask"}, {"connection", "acme"}}}});
        fixture.must("connection remove", {{"id", "acme"}});
        QVERIFY(fixture.space().trusts.isEmpty() && fixture.space().rules.isEmpty());
        fixture.setKey();
        QVERIFY(refusalOf(fixture.run("connection remove", {{"id", "paid"}})).contains(QStringLiteral("There are keys for paid")));
    }
    void aTokenIsShownOnceAndStoredAsItsDigest()
    {
        ControlFixture fixture;
        const Json added = fixture.must("client add", {{"name", "Claude Code"}});
        QCOMPARE(added["id"].get<QString>(), QStringLiteral("claude-code"));
        QCOMPARE(added["environment"].get<QString>(), QStringLiteral("sandbox"));
        const std::string token = added["token"].get<std::string>();
        static const QRegularExpression form(QStringLiteral("\\Acst_[A-Za-z0-9_-]{43}\\z"));
        QVERIFY(form.match(QString::fromStdString(token)).hasMatch());
        QVERIFY(fixture.gateway->clientOfToken(token));
        QVERIFY(!toFileBytes(fixture.space()).contains(token.c_str()));
        QVERIFY(!toBytes(fixture.must("client list")).contains(token.c_str()));
        QCOMPARE(fixture.must("client add", {{"name", "Claude Code"}})["id"].get<QString>(), QStringLiteral("claude-code-2"));

        const std::string next = fixture.must("client token", {{"id", "claude-code"}})["token"].get<std::string>();
        QVERIFY(!fixture.gateway->clientOfToken(token) && fixture.gateway->clientOfToken(next));
        fixture.must("client revoke", {{"id", "claude-code"}});
        QVERIFY(!fixture.gateway->clientOfToken(next));
        QVERIFY(refusalOf(fixture.run("client token", {{"id", "claude-code"}})).contains(QStringLiteral("is revoked")));
    }
    void aClientFollowsTheActiveEnvironmentOrStaysInItsOwn()
    {
        ControlFixture fixture;
        Json moved = fixture.must("client environment", {{"id", "cursor"}, {"environment", "active"}});
        QCOMPARE(moved["follows"].get<QString>(), QStringLiteral("active"));
        fixture.must("env use", {{"id", "staging"}});
        QCOMPARE(fixture.must("client list")["clients"][0]["environment"].get<QString>(), QStringLiteral("staging"));
        moved = fixture.must("client environment", {{"id", "cursor"}, {"environment", "production"}});
        QCOMPARE(moved["environment"].get<QString>(), QStringLiteral("production"));
    }
    void anAlarmIsInTheStatusUntilAPersonHasLooked()
    {
        ControlFixture fixture;
        const Json place{{"id", "acme"}, {"environment", "sandbox"}};
        QCOMPARE(fixture.run("connection resume", place).error().kind, Error::Kind::NotFound);
        fixture.change([](Workspace &edited) {
            edited.alarms.append({{QStringLiteral("acme")}, {QStringLiteral("sandbox")}, QStringLiteral("It answered wrong."), {}});
        });
        QCOMPARE(fixture.must("status")["alarms"][0]["what"].get<QString>(), QStringLiteral("It answered wrong."));
        fixture.must("connection resume", place);
        QVERIFY(fixture.must("status")["alarms"].empty());
        QVERIFY(fixture.space().alarms.isEmpty());
    }
    void pauseStaysUntilItIsResumed()
    {
        ControlFixture fixture;
        QCOMPARE(fixture.must("pause")["paused"].get<bool>(), true);
        QCOMPARE(fixture.must("status")["paused"].get<bool>(), true);
        QCOMPARE(fixture.must("resume")["paused"].get<bool>(), false);
        QCOMPARE(fixture.must("status")["paused"].get<bool>(), false);
    }
    void aClientWhoseCardsNobodyAnsweredMayAskAgainWhenResumed()
    {
        ControlFixture fixture;
        fixture.trust();
        fixture.connectClient();
        for (const QByteArray id : {"1", "2"}) {
            fixture.call(id);
            QTRY_COMPARE(fixture.approvals->pending().size(), 1);
            fixture.clock.advance(std::chrono::minutes(5));
            QTRY_VERIFY(fixture.answers.contains(id));
        }
        fixture.call("3");
        QTRY_VERIFY(fixture.answers.contains("3"));
        QVERIFY(fixture.resultText("3").contains("Nobody answered the last approvals"));
        const Json resting = fixture.must("status")["notAsking"];
        QCOMPARE(resting.size(), size_t(1));
        QCOMPARE(resting[0]["client"].get<QString>(), QStringLiteral("cursor"));
        QCOMPARE(fixture.must("resume", {{"client", "cursor"}})["resumed"].get<bool>(), true);
        QTRY_VERIFY(titles(fixture).contains(QStringLiteral("Let cursor ask for approvals again.")));
        fixture.call("4");
        QTRY_COMPARE(fixture.approvals->pending().size(), 1);
        QCOMPARE(fixture.must("resume", {{"client", "cursor"}})["resumed"].get<bool>(), false);
        QCOMPARE(fixture.must("status")["notAsking"].size(), size_t(0));
    }
    void everyChangeIsARowBeforeItIsAnswered()
    {
        ControlFixture fixture;
        fixture.trust();
        const auto lastTitle = [&] { return titles(fixture).last(); };
        fixture.must("connection hide", {{"id", "acme"}, {"environment", "sandbox"}, {"client", "cursor"}, {"tool", "echo"}});
        QCOMPARE(lastTitle(), QStringLiteral("Hid the tool echo of acme in sandbox from cursor."));
        fixture.must("rule preset", {{"name", "ask-everything"}});
        QCOMPARE(lastTitle(), QStringLiteral("Added the preset ask-everything."));
        fixture.must("rule import", {{"rules", {{{"effect", "deny"}}}}});
        QCOMPARE(lastTitle(), QStringLiteral("Imported 1 rules."));
    }
    void theSampleClientCallsThroughTheWholePath()
    {
        ControlFixture fixture;
        fixture.trust(QStringLiteral("sandbox"), ToolClass::Read);
        const Json answer = fixture.must("try", {{"tool", "acme__echo"}, {"arguments", "{}"}});
        QVERIFY(answer["tools"] == Json::array({"acme__echo"}));
        QCOMPARE(answer["result"]["content"][0]["text"].get<QString>(), QStringLiteral("done"));
    }
};

COUNTERSIGN_TEST(tst_ControlCommands)
#include "tst_ControlCommands.moc"
