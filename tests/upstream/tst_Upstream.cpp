// SPDX-FileCopyrightText: 2026 The Countersign authors
// SPDX-License-Identifier: GPL-3.0-or-later
#include "support/FakeClock.h"
#include "support/FakeTransport.h"
#include "support/Runner.h"
#include "upstream/Peers.h"
#include <QSignalSpy>

using namespace mcpcore;

class tst_Upstream : public QObject
{
    Q_OBJECT

    FakeClock clock;
    FakeTransport *transport = nullptr;
    std::unique_ptr<Upstream> upstream;
    std::optional<Result<>> ready;

    void start(FakeTransport::Initialize initialize = FakeTransport::Initialize::Answered)
    {
        auto fake = std::make_unique<FakeTransport>(initialize);
        transport = fake.get();
        ready.reset();
        upstream = std::make_unique<Upstream>(std::move(fake), clock, QByteArrayLiteral("{\"roots\":{}}"));
        upstream->start(Completion<>(upstream.get(), [this](Result<> result) { ready = result; }), Generation::Sessions);
        QVERIFY(QTest::qWaitFor([this] { return !transport->sent.isEmpty(); }));
    }
    static QByteArray response(qint64 id, const QByteArray &result = "{}")
    {
        return "{\"jsonrpc\":\"2.0\",\"id\":" + QByteArray::number(id) + ",\"result\":" + result + "}";
    }

private Q_SLOTS:
    void init()
    {
        start();
        QVERIFY(ready && *ready);
    }

    void theFirstMessagesAreThoseOfTheProtocol()
    {
        QCOMPARE(
            transport->sent.value(0),
            QByteArray("{\"jsonrpc\":\"2.0\",\"id\":1,\"method\":\"initialize\",\"params\":{\"protocolVersion\":\"2025-11-25\","
                       "\"capabilities\":{\"roots\":{}},\"clientInfo\":{\"name\":\"countersign\",\"title\":\"Countersign\",\"version\":\"")
                + COUNTERSIGN_VERSION + "\"}}}");
        QCOMPARE(transport->sent.value(1), QByteArray("{\"jsonrpc\":\"2.0\",\"method\":\"notifications/initialized\"}"));
        QCOMPARE(transport->negotiatedVersion, QStringLiteral("2025-11-25"));
    }
    void aCallIsRewrittenOnlyWhereItMustBe()
    {
        Outcome outcome;
        const qint64 id = callTool(*upstream, "refund",
                                   "{ \"_meta\": {\"a\" : 1.0, \"progressToken\" : \"t\\u0031\" ,\"b\":[ ]}, \"name\" "
                                   ":\"stripe_live__refund\",\"arguments\" : { \"z\":1e2 ,\"a\":0 } }",
                                   outcome);
        QCOMPARE(transport->sent.last(),
                 "{\"jsonrpc\":\"2.0\",\"id\":" + QByteArray::number(id)
                     + ",\"method\":\"tools/call\",\"params\":{\"_meta\":{\"a\" : 1.0, \"progressToken\" : " + QByteArray::number(id)
                     + " ,\"b\":[ ]},\"name\":\"refund\",\"arguments\":{ \"z\":1e2 ,\"a\":0 }}}");
        QCOMPARE(transport->lastRequest, id);
    }
    void whatTheOtherGenerationKeepsInEachRequestIsOfTheSession()
    {
        auto fake = std::make_unique<FakeTransport>(FakeTransport::Initialize::Silent);
        transport = fake.get();
        upstream = std::make_unique<Upstream>(std::move(fake), clock, QByteArrayLiteral("{}"));
        upstream->start(Completion<>(upstream.get(), [](Result<>) {}), Generation::Sessions);
        QCoreApplication::sendPostedEvents();
        transport->say("{\"jsonrpc\":\"2.0\",\"id\":1,\"result\":{\"protocolVersion\":\"2025-11-25\",\"capabilities\":{\"logging\":{}},"
                       "\"serverInfo\":{}}}");
        const QByteArray params = "{\"name\":\"t\",\"arguments\":{},\"_meta\":{\"a\":1,\"io.modelcontextprotocol/logLevel\":\"debug\","
                                  "\"io.modelcontextprotocol/protocolVersion\":\"2026-07-28\"}}";
        const qsizetype before = transport->sent.size();
        Outcome first, second;
        callTool(*upstream, "t", params, first);
        QCOMPARE(transport->sent.size(), before + 2);
        QVERIFY(transport->sent[before].contains("\"method\":\"logging/setLevel\",\"params\":{\"level\":\"debug\"}"));
        QVERIFY(transport->sent.last().endsWith("\"params\":{\"name\":\"t\",\"arguments\":{},\"_meta\":{\"a\":1}}}"));
        callTool(*upstream, "t", params, second); // it has the level already
        QCOMPARE(transport->sent.size(), before + 3);
    }
    void whatWasApprovedIsSentWhateverTheParametersSay()
    {
        auto call = std::make_shared<ToolCall>();
        call->tool = QStringLiteral("refund");
        call->params = RawJson(QByteArrayLiteral("{\"name\":\"x\",\"arguments\":{\"amount\":999900}}"));
        call->arguments = RawJson(QByteArrayLiteral("{\"amount\":100}"));
        upstream->call(ActivityLog::approve(call), {}, {});
        QVERIFY(transport->sent.last().endsWith("\"params\":{\"name\":\"refund\",\"arguments\":{\"amount\":100}}}"));
        call = std::make_shared<ToolCall>(*call);
        call->params = RawJson();
        upstream->call(ActivityLog::approve(call), {}, {});
        QVERIFY(transport->sent.last().endsWith("\"params\":{\"name\":\"refund\",\"arguments\":{\"amount\":100}}}"));
    }
    void aTokenHiddenBehindAnEscapeIsRefused()
    {
        Outcome outcome;
        const qsizetype before = transport->sent.size();
        callTool(*upstream, "t", "{\"name\":\"t\",\"_meta\":{\"progress\\u0054oken\":7}}", outcome);
        TRY_ANSWER(outcome);
        QVERIFY(outcome.isError(Error::Kind::InvalidRequest));
        QCOMPARE(transport->sent.size(), before);
    }
    void progressOfSomebodyElseIsDropped()
    {
        Outcome with, without;
        const qint64 first = callTool(*upstream, "t", "{\"name\":\"t\",\"_meta\":{\"progressToken\":\"a\"}}", with);
        const qint64 second = callTool(*upstream, "t", "{\"name\":\"t\"}", without);
        QSignalSpy unsolicited(upstream.get(), &Upstream::unsolicited);
        const auto progress = [&](const QByteArray &token) {
            transport->say(
                "{\"jsonrpc\":\"2.0\",\"method\":\"notifications/progress\",\"params\":{\"progress\":1,\"progressToken\":" + token + "}}",
                second);
        };
        progress("\"a\"");
        progress("12345");
        progress(QByteArray::number(second));
        progress('"' + QByteArray::number(first) + '"');
        transport->say("{\"jsonrpc\":\"2.0\",\"method\":\"notifications/progress\"}");
        QVERIFY(with.relayed.isEmpty() && without.relayed.isEmpty());
        progress(QByteArray::number(first));
        QCOMPARE(with.relayed.size(), 1);
        QCOMPARE(with.relayed[0].params.bytes(), QByteArray("{\"progress\":1,\"progressToken\":\"a\"}"));
        transport->say(response(first));
        progress(QByteArray::number(first));
        QCOMPARE(with.relayed.size(), 1);
        QCOMPARE(unsolicited.count(), 0);
    }
    void anAnswerFromWithinTheSendingWaitsForTheHandle()
    {
        transport->onSend = [&](const QByteArray &message, qint64 request) {
            if (message.contains("tools/call"))
                transport->say(response(request, "{\"content\":[]}"));
        };
        Outcome outcome;
        callTool(*upstream, "t", "{\"name\":\"t\"}", outcome);
        QVERIFY(!outcome.answer);
        TRY_ANSWER(outcome);
        QCOMPARE(outcome.result(), QByteArray("{\"content\":[]}"));
    }
    void answersOfUnknownLateOrTwistedIdsAreDropped()
    {
        Outcome outcome;
        const qint64 id = callTool(*upstream, "t", "{\"name\":\"t\"}", outcome);
        transport->say(response(id + 1));
        transport->say(response(-id));
        transport->say("{\"jsonrpc\":\"2.0\",\"id\":\"" + QByteArray::number(id) + "\",\"result\":{}}");
        transport->say(response(1)); // initialize, again
        QVERIFY(!outcome.answer);
        transport->say(response(id));
        QVERIFY(outcome.answer);
        transport->say(response(id));
        QCOMPARE(outcome.answers, 1);
    }
    void aQuestionGoesToTheRequestOfItsStreamElseToTheOnlyCallElseToAll()
    {
        QStringList unsolicited;
        connect(upstream.get(), &Upstream::unsolicited, this,
                [&](const UpstreamMessage &message) { unsolicited += QString::fromUtf8(message.id.bytes()); });
        const auto question = [](const QByteArray &id) {
            return "{\"jsonrpc\":\"2.0\",\"id\":" + id + ",\"method\":\"elicitation/create\",\"params\":{}}";
        };
        Outcome first, second;
        transport->say(question("0"));
        QCOMPARE(unsolicited, QStringList{QStringLiteral("0")});
        const qint64 a = callTool(*upstream, "t", "{\"name\":\"t\"}", first);
        Outcome list;
        ask(*upstream, "tools/list", list); // takes no messages
        transport->say(question("1"));
        QCOMPARE(first.relayed.size(), 1);
        transport->say(question("2"), -1); // on the stream of the session
        QCOMPARE(unsolicited.size(), 2);
        const qint64 b = callTool(*upstream, "t", "{\"name\":\"t\"}", second);
        transport->say(question("3"));
        QCOMPARE(unsolicited.size(), 3);
        transport->say(question("4"), b);
        QCOMPARE(second.relayed.size(), 1);
        transport->say(response(a));
        transport->say(question("5"), a); // its request has ended
        QCOMPARE(unsolicited.size(), 4);
    }
    void aQuestionNobodyTakesIsRefused()
    {
        transport->say("{\"jsonrpc\":\"2.0\",\"id\":\"q\",\"method\":\"roots/list\"}");
        QVERIFY(transport->sent.last().startsWith("{\"jsonrpc\":\"2.0\",\"id\":\"q\",\"error\":{\"code\":-32601,"));
    }
    void aQuestionIsAnsweredOnce()
    {
        connect(upstream.get(), &Upstream::unsolicited, this, [] {});
        transport->say("{\"jsonrpc\":\"2.0\",\"id\":7,\"method\":\"roots/list\"}");
        const qsizetype before = transport->sent.size();
        upstream->respond(RawJson(QByteArrayLiteral("8")), RawJson(QByteArrayLiteral("{}")), {});
        QCOMPARE(transport->sent.size(), before);
        upstream->respond(RawJson(QByteArrayLiteral("7")), {}, RawJson(QByteArrayLiteral("{\"code\":-1,\"message\":\"no\"}")));
        QCOMPARE(transport->sent.last(), QByteArray("{\"jsonrpc\":\"2.0\",\"id\":7,\"error\":{\"code\":-1,\"message\":\"no\"}}"));
        upstream->respond(RawJson(QByteArrayLiteral("7")), RawJson(QByteArrayLiteral("{}")), {});
        QCOMPARE(transport->sent.size(), before + 1);
    }
    void aQuestionTakenBackIsToldToWhoeverGotIt()
    {
        Outcome outcome;
        const qint64 id = callTool(*upstream, "t", "{\"name\":\"t\"}", outcome);
        transport->say("{\"jsonrpc\":\"2.0\",\"id\":\"q\",\"method\":\"elicitation/create\"}", id);
        transport->say("{\"jsonrpc\":\"2.0\",\"method\":\"notifications/cancelled\",\"params\":{\"requestId\":\"other\"}}");
        transport->say("{\"jsonrpc\":\"2.0\",\"method\":\"notifications/cancelled\",\"params\":{\"requestId\":\"q\"}}");
        QCOMPARE(outcome.relayed.size(), 2);
        QCOMPARE(outcome.relayed[1].method, QStringLiteral("notifications/cancelled"));
        const qsizetype before = transport->sent.size();
        upstream->respond(RawJson(QByteArrayLiteral("\"q\"")), RawJson(QByteArrayLiteral("{}")), {});
        QCOMPARE(transport->sent.size(), before);
    }
    void pingIsAnsweredHereAlsoBeforeTheServerIsReady()
    {
        start(FakeTransport::Initialize::Silent);
        transport->say("{\"jsonrpc\":\"2.0\",\"id\":\"p\",\"method\":\"ping\"}");
        QCOMPARE(transport->sent.last(), QByteArray("{\"jsonrpc\":\"2.0\",\"id\":\"p\",\"result\":{}}"));
    }
    void cancellingTellsTheServerOnceAndOnlyIfItKnows()
    {
        Outcome outcome;
        const qint64 id = callTool(*upstream, "t", "{\"name\":\"t\"}", outcome);
        upstream->cancel(id, QStringLiteral("r"));
        QCOMPARE(transport->sent.last(), "{\"jsonrpc\":\"2.0\",\"method\":\"notifications/cancelled\",\"params\":{\"requestId\":"
                                             + QByteArray::number(id) + ",\"reason\":\"r\"}}");
        QCOMPARE(transport->abandoned, QList<qint64>{id});
        QVERIFY(outcome.isError(Error::Kind::Cancelled));
        const qsizetype before = transport->sent.size();
        upstream->cancel(id, QStringLiteral("r"));
        upstream->cancel(id + 100, QStringLiteral("r"));
        transport->say(response(id));
        QCOMPARE(transport->sent.size(), before);
        QCOMPARE(outcome.answers, 1);
    }
    void aLinkThatClosesAnswersEverythingBeforeItIsTold()
    {
        Outcome sent, failed;
        callTool(*upstream, "t", "{\"name\":\"t\"}", sent);
        const qint64 id = callTool(*upstream, "t", "{\"name\":\"t\"}", failed);
        bool toldLast = false;
        connect(upstream.get(), &Upstream::closed, this, [&] { toldLast = sent.answer && failed.answer; });
        Q_EMIT transport->failed(id, Error{Error::Kind::UpstreamFailed, QStringLiteral("not sent")});
        QVERIFY(failed.isError(Error::Kind::UpstreamFailed));
        Q_EMIT transport->closed(Error{Error::Kind::UpstreamFailed, QStringLiteral("gone")});
        QVERIFY(sent.isError(Error::Kind::OutcomeUnknown));
        QVERIFY(toldLast);
        QVERIFY(transport->stopped);
    }
    void aServerThatDoesNotGetReadyFailsWhatWaits()
    {
        start(FakeTransport::Initialize::Silent);
        Outcome outcome;
        QSignalSpy closed(upstream.get(), &Upstream::closed);
        callTool(*upstream, "t", "{\"name\":\"t\"}", outcome);
        QVERIFY(!ready);
        clock.advance(std::chrono::seconds(60));
        QVERIFY(ready && !*ready);
        QCOMPARE(ready->error().kind, Error::Kind::UpstreamFailed);
        QVERIFY(outcome.isError(Error::Kind::UpstreamFailed));
        QCOMPARE(closed.count(), 0);
        for (const QByteArray &message : transport->sent)
            QVERIFY(!message.contains("tools/call"));
    }
    void aRefusedInitializeSaysWhy()
    {
        start(FakeTransport::Initialize::Silent);
        transport->say("{\"jsonrpc\":\"2.0\",\"id\":1,\"error\":{\"code\":-32000,\"message\":\"Bad \\\"key\\\"\"}}");
        QVERIFY(ready && !*ready);
        QVERIFY(ready->error().message.contains(QLatin1String("Bad \"key\"")));
        start(FakeTransport::Initialize::Silent);
        transport->say("{\"jsonrpc\":\"2.0\",\"id\":1,\"result\":[]}");
        QVERIFY(ready && !*ready);
    }
    void tooManyRequestsAreRefused()
    {
        std::vector<Outcome> outcomes(1024);
        for (Outcome &outcome : outcomes)
            callTool(*upstream, "t", "{\"name\":\"t\"}", outcome);
        Outcome last;
        callTool(*upstream, "t", "{\"name\":\"t\"}", last);
        TRY_ANSWER(last);
        QVERIFY(last.isError(Error::Kind::Busy));
        upstream.reset();
        QVERIFY(!outcomes[0].answer || outcomes[0].answers == 1);
    }
    void aRelayMayCancelItsOwnCallOrEndTheUpstream()
    {
        Outcome outcome;
        qint64 id = 0;
        id = upstream->call(
            approvedCall(QStringLiteral("t"), "{\"name\":\"t\"}"),
            [&](const UpstreamMessage &) { upstream->cancel(id, QStringLiteral("r")); }, into(outcome));
        transport->say("{\"jsonrpc\":\"2.0\",\"method\":\"notifications/message\",\"params\":{}}", id);
        QVERIFY(outcome.isError(Error::Kind::Cancelled));
        id = upstream->call(
            approvedCall(QStringLiteral("t"), "{\"name\":\"t\"}"), [&](const UpstreamMessage &) { upstream->stop(); }, into(outcome));
        transport->say("{\"jsonrpc\":\"2.0\",\"method\":\"notifications/message\",\"params\":{}}", id);
        QVERIFY(outcome.isError(Error::Kind::OutcomeUnknown));
    }
    void notificationsLeaveOnlyWhenTheServerIsReady()
    {
        upstream->notify(QStringLiteral("notifications/roots/list_changed"), {});
        QCOMPARE(transport->sent.last(), QByteArray("{\"jsonrpc\":\"2.0\",\"method\":\"notifications/roots/list_changed\"}"));
        start(FakeTransport::Initialize::Silent);
        upstream->notify(QStringLiteral("notifications/roots/list_changed"), {});
        QCOMPARE(transport->sent.size(), 1);
    }
};

COUNTERSIGN_TEST(tst_Upstream)
#include "tst_Upstream.moc"
