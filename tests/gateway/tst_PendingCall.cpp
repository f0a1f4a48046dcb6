// SPDX-FileCopyrightText: 2026 The Countersign authors
// SPDX-License-Identifier: GPL-3.0-or-later
#include "GatewayFixture.h"
#include "gateway/Session.h"
#include "support/Runner.h"

using namespace mcpcore;

class tst_PendingCall : public QObject
{
    Q_OBJECT
private Q_SLOTS:
    void anAllowedCallIsSentOnceAndAnswered()
    {
        GatewayFixture fixture;
        fixture.trust();
        fixture.connectClient();
        fixture.call("1", "{\"z\":1e2, \"a\" : 12345678901234567890}");
        QTRY_COMPARE(fixture.approvals->pending().size(), 1);
        QVERIFY(fixture.server.calls.empty());
        const Approval approval = fixture.approvals->pending().first();
        QCOMPARE(approval.call->arguments.bytes(), QByteArray("{\"z\":1e2, \"a\" : 12345678901234567890}"));
        QVERIFY(fixture.allow(approval));
        QTRY_VERIFY(fixture.answers.contains("1"));
        QCOMPARE(fixture.resultText("1"), fixture.server.result);
        QCOMPARE(fixture.server.calls.size(), size_t(1));
        QCOMPARE(memberOf(RawJson(fixture.server.calls[0]), "arguments").bytes(), approval.call->arguments.bytes());
        QCOMPARE(memberOf(RawJson(fixture.server.calls[0]), "name").bytes(), QByteArray("\"echo\""));
        QCOMPARE(fixture.kindsOf(approval.call->id.text), (QStringList{QStringLiteral("received"), QStringLiteral("decision"),
                                                                       QStringLiteral("intent"), QStringLiteral("outcome")}));
    }
    void aDeniedCallIsNotSentAndTheModelReadsWhy()
    {
        GatewayFixture fixture;
        fixture.trust();
        fixture.connectClient();
        fixture.call("1");
        QTRY_COMPARE(fixture.approvals->pending().size(), 1);
        const Approval approval = fixture.approvals->pending().first();
        QVERIFY(fixture.approvals->answer(
            approval.call->id,
            {Answer::Kind::Deny, approval.call->argumentsDigest, {}, QStringLiteral("wrong customer"), QStringLiteral("window")}));
        QTRY_VERIFY(fixture.answers.contains("1"));
        QVERIFY2(fixture.resultText("1").contains("Denied by the person: wrong customer"), fixture.answers["1"].constData());
        QVERIFY(fixture.resultText("1").contains("\"isError\":true"));
        QVERIFY(fixture.server.calls.empty());
        QTRY_COMPARE(fixture.kindsOf(approval.call->id.text), (QStringList{QStringLiteral("received"), QStringLiteral("decision")}));
    }
    void nobodyAnsweringIsADenialAtTheDeadline()
    {
        GatewayFixture fixture;
        fixture.trust();
        fixture.connectClient();
        fixture.call("1");
        QTRY_COMPARE(fixture.approvals->pending().size(), 1);
        fixture.clock.advance(std::chrono::minutes(5));
        QTRY_VERIFY(fixture.answers.contains("1"));
        QVERIFY(fixture.resultText("1").contains("nobody answered in time"));
        QVERIFY(fixture.server.calls.empty());
    }
    void aRuleAllowsWithoutAPerson()
    {
        GatewayFixture fixture;
        fixture.trust();
        fixture.addRule(Effect::Allow);
        fixture.connectClient();
        fixture.call("1");
        QTRY_VERIFY(fixture.answers.contains("1"));
        QCOMPARE(fixture.resultText("1"), fixture.server.result);
        QVERIFY(fixture.approvals->pending().isEmpty());
    }
    void aRuleDenies()
    {
        GatewayFixture fixture;
        fixture.trust();
        fixture.addRule(Effect::Deny);
        fixture.addRule(Effect::Allow);
        fixture.connectClient();
        fixture.call("1");
        QTRY_VERIFY(fixture.answers.contains("1"));
        QVERIFY(fixture.resultText("1").contains("Denied by a rule"));
        QVERIFY(fixture.server.calls.empty());
    }
    void anUntrustedToolIsNeitherListedNorCalled()
    {
        GatewayFixture fixture;
        fixture.addRule(Effect::Allow);
        fixture.connectClient();
        fixture.send("{\"jsonrpc\":\"2.0\",\"id\":1,\"method\":\"tools/list\"}");
        QTRY_VERIFY(fixture.answers.contains("1"));
        QCOMPARE(fixture.resultText("1"), QByteArray("{\"tools\":[]}"));
        fixture.call("2");
        QTRY_VERIFY(fixture.answers.contains("2"));
        QVERIFY2(fixture.resultText("2").contains("quarantine"), fixture.answers["2"].constData());
        QVERIFY(fixture.server.calls.empty());
    }
    void aConnectionThatCannotListKeepsOnlyItsOwnToolsAwayAndTheListSaysSo()
    {
        GatewayFixture fixture;
        fixture.trust();
        fixture.change([](Workspace &edited) {
            Connection keyless = edited.connections[0];
            keyless.id = {QStringLiteral("keyless")};
            std::get<HttpTarget>(keyless.target).auth.kind = HttpAuth::Kind::Bearer;
            edited.connections.prepend(keyless);
        });
        fixture.connectClient();
        fixture.send("{\"jsonrpc\":\"2.0\",\"id\":1,\"method\":\"tools/list\"}");
        QTRY_VERIFY(fixture.answers.contains("1"));
        const RawJson result(fixture.resultText("1"));
        QVERIFY(memberOf(result, "tools").bytes().contains("\"acme__echo\""));
        const QByteArray why = memberOf(memberOf(memberOf(result, "_meta"), "countersign/unavailable"), "keyless").bytes();
        QVERIFY2(why.contains("there is no key for keyless"), fixture.answers["1"].constData());
    }
    void aToolThatChangedSinceItWasShownIsNotSent()
    {
        GatewayFixture fixture;
        fixture.trust();
        fixture.connectClient();
        fixture.call("1");
        QTRY_COMPARE(fixture.approvals->pending().size(), 1);
        const Approval approval = fixture.approvals->pending().first();
        fixture.server.tools.replace("Says it again", "Sends everything to me");
        fixture.server.say("{\"jsonrpc\":\"2.0\",\"method\":\"notifications/tools/list_changed\"}");
        ToolCatalog &catalog = fixture.gateway->catalogs().at({QStringLiteral("acme")}, {QStringLiteral("sandbox")},
                                                              Session::toldOf("{}", Generation::Sessions, fixture.questions.get()));
        QTRY_COMPARE(catalog.tools().first().state, Tool::State::Changed);
        QVERIFY(fixture.allow(approval));
        QTRY_VERIFY(fixture.answers.contains("1"));
        QVERIFY2(fixture.resultText("1").contains("changed the tool"), fixture.answers["1"].constData());
        QVERIFY(fixture.server.calls.empty());
    }
    void aRestartedServerWithAnotherDefinitionIsNotCalled()
    {
        GatewayFixture fixture;
        fixture.trust();
        fixture.addRule(Effect::Allow);
        fixture.connectClient();
        fixture.call("1");
        QTRY_VERIFY(fixture.answers.contains("1"));
        fixture.server.lastCall = 0;
        fixture.server.dropLink();
        fixture.server.tools.replace("Says it again", "Now something else");
        fixture.call("2");
        QTRY_VERIFY_WITH_TIMEOUT((fixture.clock.advance(std::chrono::seconds(1)), fixture.answers.contains("2")), 5000);
        QVERIFY2(fixture.resultText("2").contains("changed the tool"), fixture.answers["2"].constData());
        QCOMPARE(fixture.server.calls.size(), size_t(1));
    }
    void aHiddenToolIsUnknownToThatClientOnly_data()
    {
        QTest::addColumn<bool>("direct");
        QTest::newRow("/mcp") << false;
        QTest::newRow("/mcp/acme/sandbox") << true;
    }
    void aHiddenToolIsUnknownToThatClientOnly()
    {
        QFETCH(bool, direct);
        GatewayFixture fixture;
        fixture.trust();
        fixture.addRule(Effect::Allow);
        const QByteArray name = direct ? "echo" : "acme__echo";
        const auto hide = [&](const char *client) {
            fixture.change([&](Workspace &edited) {
                edited.hidden = {
                    {{QString::fromLatin1(client)}, {QStringLiteral("acme")}, {QStringLiteral("sandbox")}, QStringLiteral("echo")}};
            });
        };
        fixture.change([](Workspace &edited) {
            Client other;
            other.id = {QStringLiteral("zed")};
            other.label = QStringLiteral("Zed");
            edited.clients.append(other);
        });
        const auto list = [&](const QByteArray &id) {
            fixture.send("{\"jsonrpc\":\"2.0\",\"id\":" + id + ",\"method\":\"tools/list\"}");
            [&] { QTRY_VERIFY(fixture.answers.contains(id)); }();
            return fixture.resultText(id);
        };
        fixture.connectClient(direct ? Scope{ConnectionId{QStringLiteral("acme")}, EnvironmentId{QStringLiteral("sandbox")}} : Scope{});
        hide("zed");
        QVERIFY(list("1").contains('"' + name + '"'));
        fixture.call("2", "{}", name);
        QTRY_COMPARE(fixture.resultText("2"), fixture.server.result);
        fixture.pushed.clear();
        hide("cursor");
        QVERIFY(std::any_of(fixture.pushed.begin(), fixture.pushed.end(),
                            [](const auto &pushed) { return pushed.second.contains("tools/list_changed"); }));
        QCOMPARE(list("3"), QByteArray("{\"tools\":[]}"));
        fixture.call("4", "{}", name);
        QTRY_VERIFY(fixture.answers.contains("4"));
        QVERIFY2(fixture.answers["4"].contains("Unknown tool: " + name), fixture.answers["4"].constData());
        QCOMPARE(fixture.server.calls.size(), size_t(1));
    }
    void hidingAToolWithdrawsItsCard()
    {
        GatewayFixture fixture;
        fixture.trust();
        fixture.connectClient();
        fixture.call("1");
        QTRY_COMPARE(fixture.approvals->pending().size(), 1);
        fixture.change([](Workspace &edited) {
            edited.hidden = {{{QStringLiteral("cursor")}, {QStringLiteral("acme")}, {QStringLiteral("sandbox")}, QStringLiteral("echo")}};
        });
        QVERIFY(fixture.approvals->pending().isEmpty());
        QTRY_VERIFY(fixture.answers.contains("1"));
        QVERIFY(fixture.server.calls.empty());
    }
    void pausingDeniesWhatWaitsAndRefusesWhatComes()
    {
        GatewayFixture fixture;
        fixture.trust();
        fixture.connectClient();
        fixture.call("1");
        QTRY_COMPARE(fixture.approvals->pending().size(), 1);
        fixture.change([](Workspace &edited) { edited.paused = true; });
        QTRY_VERIFY(fixture.answers.contains("1"));
        QVERIFY(fixture.resultText("1").contains("Paused by a person"));
        fixture.addRule(Effect::Allow);
        fixture.call("2");
        QTRY_VERIFY(fixture.answers.contains("2"));
        QVERIFY(fixture.resultText("2").contains("Paused by a person"));
        QVERIFY(fixture.server.calls.empty());
    }
    void switchingTheEnvironmentVoidsWhatWaitsForTheOldOne()
    {
        GatewayFixture fixture;
        fixture.trust();
        fixture.change([](Workspace &edited) { edited.clients[0].environment.reset(); });
        fixture.connectClient();
        fixture.call("1");
        QTRY_COMPARE(fixture.approvals->pending().size(), 1);
        fixture.change([](Workspace &edited) { edited.activeEnvironment = {QStringLiteral("staging")}; });
        QTRY_VERIFY(fixture.approvals->pending().isEmpty());
        QTRY_VERIFY(fixture.answers.contains("1"));
        QVERIFY2(fixture.resultText("1").contains("switched to staging meanwhile"), fixture.answers["1"].constData());
        QVERIFY(fixture.server.calls.empty());
    }
    void aLockedProductionRefuses()
    {
        GatewayFixture fixture;
        fixture.trust(QStringLiteral("production"));
        fixture.change([](Workspace &edited) { edited.clients[0].environment = EnvironmentId{QStringLiteral("production")}; });
        fixture.connectClient();
        fixture.call("1", "{}", "acme_live__echo");
        QTRY_VERIFY(fixture.answers.contains("1"));
        QVERIFY2(fixture.answers["1"].contains("Production is locked by a person"), fixture.answers["1"].constData());
        QVERIFY(fixture.server.calls.empty());
    }
    void anUnknownToolInProductionIsAllowedByTheTypedWordOnly()
    {
        GatewayFixture fixture;
        fixture.trust(QStringLiteral("production"));
        fixture.addRule(Effect::Allow);
        fixture.change([](Workspace &edited) { edited.clients[0].environment = EnvironmentId{QStringLiteral("production")}; });
        QVERIFY(fixture.locks.unlock({{QStringLiteral("production")}, EnvironmentKind::Production}, std::chrono::minutes(5),
                                     QStringLiteral("a test")));
        fixture.connectClient();
        fixture.call("1", "{}", "acme_live__echo");
        QTRY_COMPARE(fixture.approvals->pending().size(), 1);
        Approval approval = fixture.approvals->pending().first();
        QVERIFY(!approval.typedWord.isEmpty());
        const QString word = std::exchange(approval.typedWord, QStringLiteral("sandbox"));
        QCOMPARE(fixture.allow(approval).error().kind, Error::Kind::InvalidArgument);
        approval.typedWord = word;
        QVERIFY(fixture.allow(approval));
        QTRY_VERIFY(fixture.answers.contains("1"));
        QCOMPARE(fixture.server.calls.size(), size_t(1));
    }
    void aLinkLostAfterSendingIsOutcomeUnknownAndNotSentAgain()
    {
        GatewayFixture fixture;
        fixture.trust();
        fixture.addRule(Effect::Allow);
        fixture.server.holdsCalls = true;
        fixture.connectClient();
        fixture.call("1");
        QTRY_COMPARE(fixture.server.calls.size(), size_t(1));
        fixture.server.dropLink();
        QTRY_VERIFY(fixture.answers.contains("1"));
        QVERIFY2(fixture.resultText("1").contains("Sent, outcome unknown. Do not repeat."), fixture.answers["1"].constData());
        QCOMPARE(fixture.server.calls.size(), size_t(1));
    }
    void aCancelledCallIsWithdrawnAndNotAnswered()
    {
        GatewayFixture fixture;
        fixture.trust();
        fixture.connectClient();
        fixture.call("1");
        QTRY_COMPARE(fixture.approvals->pending().size(), 1);
        const QString id = fixture.approvals->pending().first().call->id.text;
        fixture.send("{\"jsonrpc\":\"2.0\",\"method\":\"notifications/cancelled\",\"params\":{\"requestId\":1}}");
        QTRY_VERIFY(fixture.approvals->pending().isEmpty());
        QTRY_COMPARE(fixture.kindsOf(id), (QStringList{QStringLiteral("received"), QStringLiteral("decision")}));
        QVERIFY(!fixture.answers.contains("1"));
    }
    void cancellingASentCallTellsTheServer()
    {
        GatewayFixture fixture;
        fixture.trust();
        fixture.addRule(Effect::Allow);
        fixture.server.holdsCalls = true;
        fixture.connectClient();
        fixture.call("1");
        QTRY_COMPARE(fixture.server.calls.size(), size_t(1));
        fixture.send("{\"jsonrpc\":\"2.0\",\"method\":\"notifications/cancelled\",\"params\":{\"requestId\":1}}");
        QTRY_VERIFY(fixture.server.received.back().contains("notifications/cancelled"));
        QVERIFY(!fixture.answers.contains("1"));
    }
    void aClientThatLostItsStreamIsNotAskedFor()
    {
        GatewayFixture fixture;
        fixture.trust();
        fixture.connectClient();
        fixture.call("1");
        QTRY_COMPARE(fixture.approvals->pending().size(), 1);
        fixture.session->requestStreamLost("1");
        QTRY_VERIFY(fixture.approvals->pending().isEmpty());
        QVERIFY(fixture.server.calls.empty());
    }
    void aSessionThatEndsWithdrawsItsCards()
    {
        GatewayFixture fixture;
        fixture.trust();
        fixture.connectClient();
        fixture.call("1");
        QTRY_COMPARE(fixture.approvals->pending().size(), 1);
        const QString id = fixture.approvals->pending().first().call->id.text;
        fixture.session.reset();
        QTRY_VERIFY(fixture.approvals->pending().isEmpty());
        QTRY_COMPARE(fixture.kindsOf(id), (QStringList{QStringLiteral("received"), QStringLiteral("decision")}));
    }
    void anAnswerToOtherBytesIsRefused()
    {
        GatewayFixture fixture;
        fixture.trust();
        fixture.connectClient();
        fixture.call("1");
        QTRY_COMPARE(fixture.approvals->pending().size(), 1);
        const Approval approval = fixture.approvals->pending().first();
        const auto answered = fixture.approvals->answer(approval.call->id, {Answer::Kind::Allow, "other bytes", {}, {}, {}});
        QCOMPARE(answered.error().kind, Error::Kind::Conflict);
        QCOMPARE(fixture.approvals->pending().size(), 1);
        QVERIFY(fixture.server.calls.empty());
    }
    void whileAPersonDecidesTheClientHearsProgress()
    {
        GatewayFixture fixture;
        fixture.trust();
        fixture.connectClient();
        fixture.send("{\"jsonrpc\":\"2.0\",\"id\":1,\"method\":\"tools/"
                     "call\",\"params\":{\"name\":\"acme__echo\",\"arguments\":{},\"_meta\":{\"progressToken\":\"tok\"}}}");
        QTRY_COMPARE(fixture.approvals->pending().size(), 1);
        fixture.pushed.clear();
        fixture.clock.advance(std::chrono::seconds(21));
        QCOMPARE(fixture.pushed.size(), 2);
        QCOMPARE(fixture.pushed[1].first, QByteArray("1"));
        QVERIFY2(fixture.pushed[1].second.contains("\"progressToken\":\"tok\",\"progress\":0.0002"), fixture.pushed[1].second.constData());
        fixture.server.holdsCalls = true;
        QVERIFY(fixture.allow(fixture.approvals->pending().first()));
        QTRY_COMPARE(fixture.server.calls.size(), size_t(1));
        const auto say = [&](const QByteArray &progress) {
            fixture.server.say("{\"jsonrpc\":\"2.0\",\"method\":\"notifications/progress\",\"params\":{\"progressToken\":"
                               + fixture.server.lastProgressToken + ",\"progress\":" + progress + "}}");
        };
        fixture.pushed.clear();
        say("0");
        say("0.5");
        QTRY_COMPARE(fixture.pushed.size(), 1);
        QVERIFY2(fixture.pushed[0].second.contains("\"tok\"") && fixture.pushed[0].second.contains("0.5"),
                 fixture.pushed[0].second.constData());
        fixture.server.release();
        QTRY_VERIFY(fixture.answers.contains("1"));
    }
    void manyCallsAtOnceAreAllAnsweredOnce()
    {
        GatewayFixture fixture;
        fixture.trust();
        fixture.addRule(Effect::Allow);
        fixture.connectClient();
        for (int i = 0; i < 64; ++i)
            fixture.call(QByteArray::number(i));
        QTRY_COMPARE(fixture.answers.size(), 65);
        for (int i = 0; i < 64; ++i) {
            QCOMPARE(fixture.resultText(QByteArray::number(i)), fixture.server.result);
            QCOMPARE(fixture.answerCount.value(QByteArray::number(i)), 1);
        }
        QCOMPARE(fixture.server.calls.size(), size_t(64));
    }
};

COUNTERSIGN_TEST(tst_PendingCall)
#include "tst_PendingCall.moc"
