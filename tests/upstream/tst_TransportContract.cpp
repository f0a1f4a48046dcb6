// SPDX-FileCopyrightText: 2026 The Countersign authors
// SPDX-License-Identifier: GPL-3.0-or-later
#include "support/Runner.h"
#include "upstream/Peers.h"
#include <QSignalSpy>

using namespace mcpcore;

// What every transport must do, with real servers at the other end: each test runs over HTTP, over HTTP as in 2024-11-05
// (one stream for all answers), and over stdio.
class tst_TransportContract : public QObject
{
    Q_OBJECT

    SystemClock clock;
    ProgramEnder ender{clock};
    std::unique_ptr<CurlLoop> loop;
    std::unique_ptr<HttpPeer> peer;
    std::unique_ptr<Upstream> upstream;

    std::unique_ptr<Transport> transport(const QString &version)
    {
        QFETCH_GLOBAL(QString, kind);
        if (kind == QLatin1String("stdio"))
            return std::make_unique<StdioTransport>(ender, stdioPeer({version}), KeySource());
        peer = std::make_unique<HttpPeer>(QStringList{version} + (kind == QLatin1String("http") ? QStringList() : QStringList{kind}));
        return std::make_unique<HttpTransport>(*loop, clock, peer->endpoint(), KeySource());
    }
    Result<> startUpstream(const QString &version = QStringLiteral("2025-11-25"))
    {
        upstream = std::make_unique<Upstream>(transport(version), clock, QByteArrayLiteral("{\"sampling\":{}}"));
        std::optional<Result<>> ready;
        upstream->start(Completion<>(upstream.get(), [&](Result<> result) { ready = result; }), Generation::Sessions);
        if (!QTest::qWaitFor([&] { return ready.has_value(); }, 20'000))
            return failure(Error::Kind::Expired, QStringLiteral("not ready"));
        return *ready;
    }
    QByteArray receivedBy(Outcome &outcome)
    {
        ask(*upstream, "received", outcome);
        if (!QTest::qWaitFor([&] { return outcome.answer.has_value(); }, 20'000))
            return {};
        QByteArray all;
        const auto messages = elementsOf(memberOf((*outcome.answer)->result, "messages"));
        for (const RawJson &message : *messages)
            all += QByteArray::fromBase64(textOf(message)->toLatin1()) + '\n';
        return all;
    }

private Q_SLOTS:
    void initTestCase_data()
    {
        QTest::addColumn<QString>("kind");
        QTest::newRow("http") << QStringLiteral("http");
        QTest::newRow("http, one stream") << QStringLiteral("older");
        QTest::newRow("stdio") << QStringLiteral("stdio");
    }
    void init() { loop = std::make_unique<CurlLoop>(); }
    void cleanup()
    {
        upstream.reset();
        peer.reset();
        loop.reset();
    }

    void initializesAndTellsAboutTheServer()
    {
        QVERIFY(startUpstream());
        QCOMPARE(upstream->protocolVersion(), QStringLiteral("2025-11-25"));
        QCOMPARE(upstream->instructions(), QStringLiteral("Be careful."));
        QCOMPARE(upstream->serverCapabilities().bytes(), QByteArrayLiteral("{\"tools\": {}}"));
        QCOMPARE(*textOf(memberOf(upstream->serverInfo(), "name")), QStringLiteral("peer"));
        Outcome outcome;
        const QByteArray all = receivedBy(outcome);
        const qsizetype initialize =
            all.indexOf("\"method\":\"initialize\",\"params\":{\"protocolVersion\":\"2025-11-25\",\"capabilities\":{\"sampling\":{}}");
        const qsizetype initialized = all.indexOf("{\"jsonrpc\":\"2.0\",\"method\":\"notifications/initialized\"}");
        QVERIFY2(initialize > 0 && initialized > initialize, all.constData());
    }
    void acceptsEveryLegacyVersion_data()
    {
        QTest::addColumn<QString>("version");
        for (const char *version : {"2024-11-05", "2025-03-26", "2025-06-18", "2025-11-25"})
            QTest::newRow(version) << QString::fromLatin1(version);
    }
    void acceptsEveryLegacyVersion()
    {
        QFETCH(QString, version);
        QVERIFY(startUpstream(version));
        QCOMPARE(upstream->protocolVersion(), version);
    }
    void refusesAnUnknownVersion()
    {
        const auto ready = startUpstream(QStringLiteral("2031-01-01"));
        QVERIFY(!ready);
        QCOMPARE(ready.error().kind, Error::Kind::UpstreamFailed);
        QVERIFY(ready.error().message.contains(QLatin1String("2031-01-01")));
    }
    void argumentsArriveByteForByte_data()
    {
        QTest::addColumn<QByteArray>("arguments");
        QTest::newRow("keys out of order") << QByteArray(R"({"z":1,"a":{"y":2,"b":3}})");
        QTest::newRow("numbers") << QByteArray(
            R"({"a":1e2,"b":1.0,"c":-0,"d":9223372036854775807,"e":12345678901234567890,"f":0.1000000000000000055})");
        QTest::newRow("escapes") << QByteArray("{\"a\":\"\\u00e4\\/\\n\\ud83c\\udf89\",\"\\u0062\":\"\\\"\\\\\"}");
        QTest::newRow("letters") << QByteArray("{\"a\":\"\xC3\xA4\xE2\x82\xAC\xF0\x9F\x8E\x89\"}");
        QTest::newRow("spaces") << QByteArray("{ \"a\" :\t[ 1 ,2 ] , \"b\":{ } }");
        QTest::newRow("empty") << QByteArray("{}");
        QTest::newRow("long") << QByteArray("{\"a\":\"" + QByteArray(300'000, 'x') + "\"}");
    }
    void argumentsArriveByteForByte()
    {
        QFETCH(QByteArray, arguments);
        QVERIFY(startUpstream());
        Outcome outcome;
        callTool(*upstream, "echo",
                 "{\"_meta\":{\"x\":1.50},\"arguments\":" + arguments + ",\"name\":\"stripe_live__echo\",\"extra\":[1e2]}", outcome);
        TRY_ANSWER(outcome);
        const QByteArray sent = QByteArray::fromBase64(outcome.text());
        QVERIFY2(sent.contains("\"params\":{\"_meta\":{\"x\":1.50},\"arguments\":" + arguments + ",\"name\":\"echo\",\"extra\":[1e2]}"),
                 sent.constData());
    }
    void aCallWithoutArgumentsHasNone()
    {
        QVERIFY(startUpstream());
        Outcome outcome;
        callTool(*upstream, "echo", "{\"name\":\"x__echo\"}", outcome);
        TRY_ANSWER(outcome);
        QVERIFY(QByteArray::fromBase64(outcome.text()).contains("\"params\":{\"name\":\"echo\"}"));
    }
    void relaysProgressUnderTheCallersToken_data()
    {
        QTest::addColumn<QByteArray>("token");
        QTest::newRow("text") << QByteArray("\"progress-test-1\"");
        QTest::newRow("number") << QByteArray("1");
        QTest::newRow("large number") << QByteArray("9007199254740993");
        QTest::newRow("escaped") << QByteArray("\"\\u0031\"");
    }
    void relaysProgressUnderTheCallersToken()
    {
        QFETCH(QByteArray, token);
        QVERIFY(startUpstream());
        Outcome outcome;
        callTool(*upstream, "progress", "{\"name\":\"p\",\"arguments\":{},\"_meta\":{\"progressToken\": " + token + ",\"k\":1}}", outcome);
        TRY_ANSWER(outcome);
        QCOMPARE(outcome.relayed.size(), 3);
        for (int i = 0; i < 3; ++i) {
            QCOMPARE(outcome.relayed[i].method, QStringLiteral("notifications/progress"));
            QCOMPARE(memberOf(outcome.relayed[i].params, "progressToken").bytes(), token);
            QCOMPARE(memberOf(outcome.relayed[i].params, "progress").bytes(), QByteArray::number(i + 1));
        }
    }
    void bringsTheServersQuestionToTheCallAndTheAnswerBack_data()
    {
        QTest::addColumn<QByteArray>("id");
        QTest::newRow("text") << QByteArray("\"s-1\"");
        QTest::newRow("number") << QByteArray("1");
    }
    void bringsTheServersQuestionToTheCallAndTheAnswerBack()
    {
        QFETCH(QByteArray, id);
        QVERIFY(startUpstream());
        Outcome outcome;
        callTool(*upstream, "ask", "{\"name\":\"a\",\"arguments\":{\"id\":" + id + "}}", outcome);
        QTRY_COMPARE_WITH_TIMEOUT(outcome.relayed.size(), 1, 20'000);
        const UpstreamMessage question = outcome.relayed.first();
        QCOMPARE(question.kind, UpstreamMessage::Kind::Request);
        QCOMPARE(question.method, QStringLiteral("sampling/createMessage"));
        QCOMPARE(question.id.bytes(), id);
        QVERIFY(!outcome.answer);
        upstream->respond(question.id, RawJson(QByteArrayLiteral("{\"role\":\"assistant\",\"n\":1e2}")), {});
        TRY_ANSWER(outcome);
        QVERIFY2(outcome.text().contains("\"role\": \"assistant\""), outcome.text().constData());
    }
    void answersPingItself()
    {
        QVERIFY(startUpstream());
        Outcome outcome;
        callTool(*upstream, "ping", "{\"name\":\"p\"}", outcome);
        TRY_ANSWER(outcome);
        QVERIFY(outcome.relayed.isEmpty());
        QVERIFY(outcome.text().contains("\"result\": {}"));
    }
    void takesOneAnswerAndDropsTheRest()
    {
        QVERIFY(startUpstream());
        Outcome outcome;
        callTool(*upstream, "twice", "{\"name\":\"t\"}", outcome);
        TRY_ANSWER(outcome);
        Outcome after;
        ask(*upstream, "anything", after);
        TRY_ANSWER(after);
        QCOMPARE(outcome.text(), QByteArray("first"));
        QCOMPARE(outcome.answers, 1);
    }
    void logsGoToTheCallAndChangedListsToEverybody()
    {
        QVERIFY(startUpstream());
        QStringList unsolicited;
        connect(upstream.get(), &Upstream::unsolicited, this, [&](const UpstreamMessage &message) { unsolicited += message.method; });
        Outcome outcome;
        callTool(*upstream, "logs", "{\"name\":\"l\"}", outcome);
        TRY_ANSWER(outcome);
        QCOMPARE(outcome.relayed.size(), 1);
        QCOMPARE(outcome.relayed[0].method, QStringLiteral("notifications/message"));
        QCOMPARE(unsolicited, QStringList{QStringLiteral("notifications/tools/list_changed")});
    }
    void handsOnMessagesWithoutLineBreaks()
    {
        QVERIFY(startUpstream());
        Outcome outcome;
        callTool(*upstream, "pretty", "{\"name\":\"l\"}", outcome);
        TRY_ANSWER(outcome);
        QCOMPARE(outcome.result(), QByteArray("{\"a\":\t1}"));
    }
    void bringsErrorsOfTheServerAsTheyAre()
    {
        QVERIFY(startUpstream());
        Outcome outcome;
        callTool(*upstream, "nothing", "{\"name\":\"n\"}", outcome);
        TRY_ANSWER(outcome);
        QVERIFY(*outcome.answer);
        QCOMPARE((*outcome.answer)->error.bytes(), QByteArray("{\"code\": -32602, \"message\": \"no such tool\"}"));
        QVERIFY((*outcome.answer)->result.isEmpty());
    }
    void bringsLargeAnswers()
    {
        QVERIFY(startUpstream());
        Outcome outcome;
        callTool(*upstream, "large", "{\"name\":\"l\",\"arguments\":{\"size\":3000000}}", outcome);
        TRY_ANSWER(outcome);
        QCOMPARE(outcome.text(), QByteArray(3'000'000, 'x'));
    }
    void tellsTheServerWhatIsCancelledAndAnswersAtOnce()
    {
        QVERIFY(startUpstream());
        Outcome outcome;
        const qint64 handle = callTool(*upstream, "mute", "{\"name\":\"m\"}", outcome);
        QTest::qWait(0);
        upstream->cancel(handle, QStringLiteral("The person changed \"their\" mind."));
        QVERIFY(outcome.isError(Error::Kind::Cancelled));
        const QByteArray notice = "\"method\":\"notifications/cancelled\",\"params\":{\"requestId\":" + QByteArray::number(handle)
                                  + ",\"reason\":\"The person changed \\\"their\\\" mind.\"}";
        QTRY_VERIFY_WITH_TIMEOUT(([&] {
                                     Outcome after;
                                     return receivedBy(after).contains(notice);
                                 })(),
                                 20'000);
        QCOMPARE(outcome.answers, 1);
    }
    void sixtyFourCallsAtOnceAreAllAnswered()
    {
        QVERIFY(startUpstream());
        std::vector<Outcome> outcomes(64);
        for (size_t i = 0; i < outcomes.size(); ++i)
            callTool(*upstream, "echo", "{\"name\":\"e\",\"arguments\":{\"n\":" + QByteArray::number(int(i)) + "}}", outcomes[i]);
        for (size_t i = 0; i < outcomes.size(); ++i) {
            TRY_ANSWER(outcomes[i]);
            QVERIFY(QByteArray::fromBase64(outcomes[i].text()).contains("{\"n\":" + QByteArray::number(int(i)) + "}"));
        }
    }
    void requestsMadeBeforeTheServerIsReadyWaitInOrder()
    {
        upstream = std::make_unique<Upstream>(transport(QStringLiteral("2025-11-25")), clock, QByteArrayLiteral("{}"));
        Outcome first, cancelled;
        bool ready = false;
        upstream->start(Completion<>(upstream.get(), [&](Result<> result) { ready = result.has_value(); }), Generation::Sessions);
        callTool(*upstream, "echo", "{\"name\":\"e\",\"arguments\":{}}", first);
        const qint64 handle = callTool(*upstream, "echo", "{\"name\":\"e\",\"arguments\":{\"never\":1}}", cancelled);
        upstream->cancel(handle, QStringLiteral("no"));
        QVERIFY(cancelled.isError(Error::Kind::Cancelled));
        TRY_ANSWER(first);
        QVERIFY(ready);
        Outcome all;
        QVERIFY(!receivedBy(all).contains("never"));
    }
    void stoppingAnswersWhatRunsAsUnknown()
    {
        QVERIFY(startUpstream());
        Outcome outcome;
        callTool(*upstream, "mute", "{\"name\":\"m\"}", outcome);
        QSignalSpy closed(upstream.get(), &Upstream::closed);
        upstream->stop();
        QVERIFY(outcome.isError(Error::Kind::OutcomeUnknown));
        QCOMPARE(closed.count(), 0);
        Outcome after;
        callTool(*upstream, "echo", "{\"name\":\"e\"}", after);
        TRY_ANSWER(after);
        QVERIFY(after.isError(Error::Kind::UpstreamFailed));
    }
    void refusesACallThatIsNotApproved()
    {
        QVERIFY(startUpstream());
        Outcome outcome;
        ask(*upstream, "tools/call", outcome);
        QVERIFY(!outcome.answer); // never from within the request
        TRY_ANSWER(outcome);
        QVERIFY(outcome.isError(Error::Kind::Denied));
    }
};

COUNTERSIGN_TEST(tst_TransportContract)
#include "tst_TransportContract.moc"
