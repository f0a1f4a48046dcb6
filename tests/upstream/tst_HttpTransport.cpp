// SPDX-FileCopyrightText: 2026 The Countersign authors
// SPDX-License-Identifier: GPL-3.0-or-later
#include "support/Runner.h"
#include "upstream/Peers.h"
#include <QSignalSpy>
#include <QTcpServer>
#include <QTcpSocket>

using namespace mcpcore;

namespace {
const QByteArray secret = QByteArrayLiteral("sk_test_right");
}

// Faults of HTTP servers, one at a time, against http_peer.py.
class tst_HttpTransport : public QObject
{
    Q_OBJECT

    SystemClock clock;
    std::unique_ptr<CurlLoop> loop;
    std::unique_ptr<HttpPeer> peer;
    std::unique_ptr<Upstream> upstream;
    // Of key sources: these outlive a test, because stopping asks for the key once more.
    int asked = 0;
    bool available = true;
    bool hold = false;
    QByteArray otherKey;
    Completion<Secret> later;

    Result<> startUpstream(HttpEndpoint endpoint, KeySource keys = {})
    {
        upstream = std::make_unique<Upstream>(std::make_unique<HttpTransport>(*loop, clock, std::move(endpoint), std::move(keys)), clock,
                                              QByteArrayLiteral("{}"));
        std::optional<Result<>> ready;
        upstream->start(Completion<>(upstream.get(), [&](Result<> result) { ready = result; }), Generation::Sessions);
        if (!QTest::qWaitFor([&] { return ready.has_value(); }, 20'000))
            return failure(Error::Kind::Expired, QStringLiteral("not ready"));
        return *ready;
    }
    Result<> startPeer(const QStringList &words = {})
    {
        peer = std::make_unique<HttpPeer>(QStringList{QStringLiteral("2025-11-25")} + words);
        return startUpstream(peer->endpoint());
    }
    HttpEndpoint withKey() const
    {
        HttpEndpoint endpoint = peer->endpoint();
        endpoint.auth.kind = HttpAuth::Kind::Bearer;
        return endpoint;
    }
    static QByteArray call(const QByteArray &arguments = "{}") { return "{\"name\":\"x\",\"arguments\":" + arguments + "}"; }

private Q_SLOTS:
    void init()
    {
        loop = std::make_unique<CurlLoop>();
        asked = 0;
        available = true;
        hold = false;
    }
    void cleanup()
    {
        upstream.reset();
        peer.reset();
        loop.reset();
    }

    void aPostThatGetsNoGoodAnswerIsReceivedExactlyOnce_data()
    {
        QTest::addColumn<QByteArray>("fault");
        for (const char *fault : {"close", "half_head", "head_without_end", "short_body", "cut_json", "cut_events", "no_answer", "accepted",
                                  "no_type", "html", "not_json", "other_id", "large_json", "large_event", "large_head"})
            QTest::newRow(fault) << QByteArray(fault);
    }
    void aPostThatGetsNoGoodAnswerIsReceivedExactlyOnce()
    {
        QFETCH(QByteArray, fault);
        QVERIFY(startPeer());
        Outcome outcome;
        callTool(*upstream, fault.constData(), call(), outcome);
        TRY_ANSWER(outcome);
        QVERIFY2(outcome.isError(Error::Kind::OutcomeUnknown), qPrintable(outcome.errorText()));
        QVERIFY(outcome.errorText().contains(QLatin1String("127.0.0.1")));
        Outcome after; // the session goes on
        callTool(*upstream, "echo", call(), after);
        TRY_ANSWER(after);
        QVERIFY(*after.answer);
        QCOMPARE(peer->count(fault), 1);
    }
    void aConnectionThatDiedMeanwhileDoesNotMakeASecondPost()
    {
        QVERIFY(startPeer({QStringLiteral("no-session")}));
        Outcome first, second;
        callTool(*upstream, "stale", call("{\"n\":1}"), first);
        TRY_ANSWER(first);
        QVERIFY(*first.answer);
        callTool(*upstream, "echo", call("{\"n\":2}"), second);
        TRY_ANSWER(second);
        QVERIFY(second.isError(Error::Kind::OutcomeUnknown));
        QCOMPARE(peer->count("\"n\":2"), 1);
    }
    void aServerThatIsNotThereSaysNotSent()
    {
        QTcpServer closedPort;
        QVERIFY(closedPort.listen(QHostAddress::LocalHost));
        const QString url = QStringLiteral("http://127.0.0.1:%1/mcp").arg(closedPort.serverPort());
        closedPort.close();
        const auto refused = startUpstream({url, originOf(url), {}, {}});
        QVERIFY(!refused);
        QCOMPARE(refused.error().kind, Error::Kind::UpstreamFailed);
        QVERIFY2(refused.error().message.startsWith(QLatin1String("Not sent: 127.0.0.1 cannot be reached")),
                 qPrintable(refused.error().message));
    }
    void aServerThatWentAwayFailsACallAsNotSent()
    {
        QVERIFY(startPeer());
        peer->kill();
        QVERIFY(peer->waitForFinished());
        Outcome outcome;
        callTool(*upstream, "echo", call(), outcome);
        TRY_ANSWER(outcome);
        QVERIFY2(outcome.isError(Error::Kind::UpstreamFailed), qPrintable(outcome.errorText()));
    }
    void tlsThatCannotBeMadeSaysNotSent()
    {
        QVERIFY(startPeer());
        QString url = peer->url();
        url.replace(QLatin1String("http://"), QLatin1String("https://"));
        const auto refused = startUpstream({url, originOf(url), {}, {}});
        QVERIFY(!refused);
        QVERIFY2(refused.error().message.startsWith(QLatin1String("Not sent: ")), qPrintable(refused.error().message));
        QCOMPARE(peer->requests().size(), 3); // of the first upstream: initialize, initialized, GET
    }
    void aRedirectIsNotFollowedAndNamesBothHosts_data()
    {
        QTest::addColumn<int>("status");
        for (const int status : {301, 302, 307, 308})
            QTest::addRow("%d", status) << status;
    }
    void aRedirectIsNotFollowedAndNamesBothHosts()
    {
        QFETCH(int, status);
        HttpPeer other;
        peer = std::make_unique<HttpPeer>();
        QVERIFY(startUpstream(withKey(), keySource(secret)));
        Outcome outcome;
        const QByteArray to = "http://localhost:" + QByteArray::number(other.port()) + "/collect?x=1";
        callTool(*upstream, "redirect", call("{\"status\":" + QByteArray::number(status) + ",\"to\":\"" + to + "\"}"), outcome);
        TRY_ANSWER(outcome);
        QVERIFY(outcome.isError(Error::Kind::UpstreamFailed));
        QVERIFY2(outcome.errorText().contains(QLatin1String("127.0.0.1 redirects to localhost.")), qPrintable(outcome.errorText()));
        QVERIFY(!outcome.errorText().contains(QLatin1String("collect")));
        QCOMPARE(peer->count("redirect"), 1);
        QVERIFY(other.requests().isEmpty());
    }
    void aRedirectToSeeAnotherPageMayMeanItWasDone()
    {
        QVERIFY(startPeer());
        Outcome outcome;
        callTool(*upstream, "redirect", call("{\"status\":303,\"to\":\"/done\"}"), outcome);
        TRY_ANSWER(outcome);
        QVERIFY(outcome.isError(Error::Kind::OutcomeUnknown));
    }
    void aRefusalSaysWhatToDoAndShowsNothingSecret_data()
    {
        QTest::addColumn<int>("status");
        QTest::addColumn<Error::Kind>("kind");
        QTest::addColumn<QString>("text");
        const auto row = [](int status, Error::Kind kind, const char *text) {
            QTest::addRow("%d", status) << status << kind << QString::fromLatin1(text);
        };
        row(400, Error::Kind::UpstreamFailed, "refused the request (status 400)");
        row(401, Error::Kind::UpstreamFailed, "refused the key");
        row(403, Error::Kind::UpstreamFailed, "may not do this");
        row(405, Error::Kind::UpstreamFailed, "no MCP server");
        row(408, Error::Kind::OutcomeUnknown, "status 408");
        row(429, Error::Kind::UpstreamFailed, "Try again later");
        row(500, Error::Kind::OutcomeUnknown, "status 500");
        row(502, Error::Kind::OutcomeUnknown, "status 502");
        row(504, Error::Kind::OutcomeUnknown, "status 504");
    }
    void aRefusalSaysWhatToDoAndShowsNothingSecret()
    {
        QFETCH(int, status);
        QFETCH(Error::Kind, kind);
        QFETCH(QString, text);
        peer = std::make_unique<HttpPeer>();
        QVERIFY(startUpstream(withKey(), keySource(secret)));
        Outcome outcome;
        callTool(*upstream, "status", call("{\"status\":" + QByteArray::number(status) + "}"), outcome);
        TRY_ANSWER(outcome);
        QVERIFY2(outcome.isError(kind) && outcome.errorText().contains(text), qPrintable(outcome.errorText()));
        QVERIFY(!outcome.errorText().contains(QString::fromLatin1(secret)) && !outcome.errorText().contains(QLatin1String("/mcp")));
    }
    void anErrorOfTheServerInARefusalIsItsAnswer()
    {
        QVERIFY(startPeer());
        Outcome outcome;
        callTool(*upstream, "refusal", call(), outcome);
        TRY_ANSWER(outcome);
        QVERIFY(*outcome.answer);
        QCOMPARE((*outcome.answer)->error.bytes(), QByteArray("{\"code\":-32000,\"message\":\"Bad Request\"}"));
    }
    void aSessionThatIsGoneEndsTheUpstreamAfterAnsweringAll()
    {
        QVERIFY(startPeer());
        Outcome runs, gone;
        callTool(*upstream, "mute", call(), runs);
        QTRY_COMPARE(peer->count("\"mute\""), 1);
        QSignalSpy closed(upstream.get(), &Upstream::closed);
        callTool(*upstream, "session_gone", call(), gone);
        TRY_ANSWER(gone);
        QVERIFY2(gone.isError(Error::Kind::UpstreamFailed), qPrintable(gone.errorText()));
        QVERIFY(runs.isError(Error::Kind::OutcomeUnknown));
        QTRY_COMPARE(closed.count(), 1);
        QCOMPARE(peer->count("\"session_gone\""), 1);
    }
    void readsEventsInOddChunksBatchesAndPrettyJson_data()
    {
        QTest::addColumn<QByteArray>("tool");
        QTest::addColumn<QByteArray>("result");
        QTest::newRow("chunks of one byte") << QByteArray("odd_chunks")
                                            << QByteArray("{\"content\": [{\"type\": \"text\", \"text\": \"\\u00e4\\u20ac\"}]}");
        QTest::newRow("a batch") << QByteArray("batch") << QByteArray("{\"content\": [{\"type\": \"text\", \"text\": \"done\"}]}");
        QTest::newRow("several lines") << QByteArray("pretty_json") << QByteArray("{\"a\":  1}");
    }
    void readsEventsInOddChunksBatchesAndPrettyJson()
    {
        QFETCH(QByteArray, tool);
        QFETCH(QByteArray, result);
        QVERIFY(startPeer());
        Outcome outcome;
        callTool(*upstream, tool.constData(), call(), outcome);
        TRY_ANSWER(outcome);
        QVERIFY2(*outcome.answer, qPrintable(outcome.errorText()));
        QCOMPARE(outcome.result(), result);
    }
    void takesALostStreamUpAgainWithoutASecondPost_data()
    {
        QTest::addColumn<QByteArray>("how");
        QTest::newRow("ended by the server") << QByteArray("orderly");
        QTest::newRow("cut") << QByteArray("cut");
    }
    void takesALostStreamUpAgainWithoutASecondPost()
    {
        QFETCH(QByteArray, how);
        QVERIFY(startPeer());
        Outcome outcome;
        const qint64 id = callTool(*upstream, "resume", call("{\"how\":\"" + how + "\"}"), outcome);
        TRY_ANSWER(outcome);
        QCOMPARE(outcome.text(), QByteArray("resumed"));
        QCOMPARE(peer->count("\"resume\""), 1);
        const auto &requests = peer->requests();
        QCOMPARE(requests.last().member("method"), QByteArray("GET"));
        QCOMPARE(requests.last().field("last-event-id"), QByteArray::number(id) + "_1");
        QCOMPARE(requests.last().field("mcp-session-id"), QByteArray("session-1"));
    }
    void everyMessageCarriesWhatWasNegotiated()
    {
        HttpEndpoint endpoint = (peer = std::make_unique<HttpPeer>())->endpoint();
        endpoint.headers = {{QStringLiteral("X-Account"), QStringLiteral("acct 1")}, {QStringLiteral("X-Empty"), QString()}};
        QVERIFY(startUpstream(endpoint));
        Outcome outcome;
        callTool(*upstream, "echo", call(), outcome);
        TRY_ANSWER(outcome);
        upstream->stop();
        QTRY_COMPARE(peer->countOf("DELETE"), 1);
        const auto &requests = peer->requests();
        for (qsizetype i = 0; i < requests.size(); ++i) {
            const bool first = i == 0;
            QCOMPARE(requests[i].field("mcp-session-id"), first ? QByteArray() : QByteArray("session-1"));
            QCOMPARE(requests[i].field("mcp-protocol-version"), first ? QByteArray() : QByteArray("2025-11-25"));
            QCOMPARE(requests[i].field("accept"), QByteArray("application/json, text/event-stream"));
            QCOMPARE(requests[i].field("x-account"), QByteArray("acct 1"));
            QVERIFY(requests[i].line.contains("\"x-empty\": \"\""));
            QVERIFY(requests[i].field("authorization").isEmpty() && requests[i].field("cookie").isEmpty()
                    && requests[i].field("expect").isEmpty());
            if (requests[i].member("method") == "POST")
                QCOMPARE(requests[i].field("content-type"), QByteArray("application/json"));
        }
    }
    void aServerWithoutSessionsGetsNoDelete()
    {
        QVERIFY(startPeer({QStringLiteral("no-session")}));
        Outcome outcome;
        callTool(*upstream, "echo", call(), outcome);
        TRY_ANSWER(outcome);
        upstream->stop();
        HttpPeer unrelated; // as long as this takes to start, a DELETE would have come
        QCOMPARE(peer->countOf("DELETE"), 0);
    }
    void initializeMayBeAnsweredWithEvents() { QVERIFY(startPeer({QStringLiteral("initialize-events")})); }
    void nothingOvertakesTheInitializedNotification()
    {
        peer = std::make_unique<HttpPeer>(QStringList{QStringLiteral("2025-11-25"), QStringLiteral("slow-initialized")});
        upstream = std::make_unique<Upstream>(std::make_unique<HttpTransport>(*loop, clock, peer->endpoint(), KeySource()), clock,
                                              QByteArrayLiteral("{}"));
        upstream->start(Completion<>(upstream.get(), [](Result<>) {}), Generation::Sessions);
        Outcome outcome;
        ask(*upstream, "received", outcome);
        TRY_ANSWER(outcome);
        const auto messages = elementsOf(memberOf((*outcome.answer)->result, "messages"));
        QCOMPARE(int(messages->size()), 3); // initialize, initialized, this
    }
    void theStreamOfTheSessionIsReadWhereThereIsOne_data()
    {
        QTest::addColumn<QString>("word");
        QTest::addColumn<int>("messages");
        QTest::newRow("offered") << QStringLiteral("stream") << 1;
        QTest::newRow("405") << QStringLiteral("none") << 0;
        QTest::newRow("404") << QStringLiteral("get-404") << 0;
    }
    void theStreamOfTheSessionIsReadWhereThereIsOne()
    {
        QFETCH(QString, word);
        QFETCH(int, messages);
        int unsolicited = 0;
        peer = std::make_unique<HttpPeer>(QStringList{QStringLiteral("2025-11-25"), word});
        upstream = std::make_unique<Upstream>(std::make_unique<HttpTransport>(*loop, clock, peer->endpoint(), KeySource()), clock,
                                              QByteArrayLiteral("{}"));
        connect(upstream.get(), &Upstream::unsolicited, this, [&] { ++unsolicited; });
        upstream->start(Completion<>(upstream.get(), [](Result<>) {}), Generation::Sessions);
        QTRY_COMPARE_WITH_TIMEOUT(peer->countOf("GET"), 1, 20'000);
        Outcome outcome;
        callTool(*upstream, "echo", call(), outcome);
        TRY_ANSWER(outcome);
        QVERIFY(*outcome.answer);
        QTRY_COMPARE(unsolicited, messages);
    }

    void theKeyIsAskedForBeforeEachMessage()
    {
        peer = std::make_unique<HttpPeer>(QStringList{QStringLiteral("2025-11-25"), QStringLiteral("wants-key")});
        QVERIFY(startUpstream(withKey(), [this](Completion<Secret> done) {
            ++asked;
            done(Secret(std::string_view("sk_test_right")));
        }));
        QTRY_COMPARE(peer->countOf("GET"), 1);
        const int before = asked;
        Outcome outcome;
        callTool(*upstream, "echo", call(), outcome);
        TRY_ANSWER(outcome);
        QVERIFY(*outcome.answer);
        QCOMPARE(asked, before + 1);
        for (const auto &request : peer->requests())
            QCOMPARE(request.field("authorization"), QByteArray("Bearer sk_test_right"));
    }
    void theKeyTravelsInTheHeaderOfTheConnection()
    {
        peer = std::make_unique<HttpPeer>();
        HttpEndpoint endpoint = peer->endpoint();
        endpoint.auth = {HttpAuth::Kind::Header, QStringLiteral("X-Api-Key")};
        QVERIFY(startUpstream(endpoint, keySource(secret)));
        QCOMPARE(peer->requests().first().field("x-api-key"), secret);
    }
    void aKeyForAnotherPlaceIsNeverSent()
    {
        peer = std::make_unique<HttpPeer>();
        HttpEndpoint endpoint = withKey();
        endpoint.destination = QStringLiteral("https://api.stripe.com:443");
        const auto refused = startUpstream(endpoint, [this](Completion<Secret>) { ++asked; });
        QVERIFY(!refused);
        QCOMPARE(asked, 0);
        QVERIFY(peer->requests().isEmpty());
        endpoint.destination.clear();
        QVERIFY(!startUpstream(endpoint, keySource(secret)));
        QVERIFY(peer->requests().isEmpty());
    }
    void aKeyThatIsNotToBeHadSendsNothing_data()
    {
        QTest::addColumn<QByteArray>("key");
        QTest::newRow("unavailable") << QByteArray();
        QTest::newRow("line break") << QByteArray("sk\r\nX-Evil: 1");
    }
    void aKeyThatIsNotToBeHadSendsNothing()
    {
        QFETCH(QByteArray, key);
        peer = std::make_unique<HttpPeer>();
        otherKey = key;
        QVERIFY(startUpstream(withKey(), [this](Completion<Secret> done) {
            if (available)
                return done(Secret(std::string_view("sk_test_right")));
            if (otherKey.isEmpty())
                return done(failure(Error::Kind::SecretUnavailable, QStringLiteral("Not sent: the keychain is locked.")));
            done(Secret({otherKey.constData(), size_t(otherKey.size())}));
        }));
        available = false;
        Outcome outcome;
        callTool(*upstream, "echo", call("{\"never\":1}"), outcome);
        QVERIFY(!outcome.answer);
        TRY_ANSWER(outcome);
        QVERIFY(outcome.isError(Error::Kind::SecretUnavailable));
        QCOMPARE(peer->count("never"), 0);
    }
    void aCallTakenBackWhileTheKeyIsReadIsNotSent()
    {
        peer = std::make_unique<HttpPeer>();
        QVERIFY(startUpstream(withKey(), [this](Completion<Secret> done) {
            if (hold)
                later = std::move(done);
            else
                done(Secret(std::string_view("sk_test_right")));
        }));
        QTRY_COMPARE(peer->countOf("GET"), 1);
        hold = true;
        Outcome outcome;
        const qint64 handle = callTool(*upstream, "echo", call("{\"never\":1}"), outcome);
        auto first = std::exchange(later, {});
        hold = false;
        upstream->cancel(handle, QStringLiteral("no"));
        first(Secret(std::string_view("sk_test_right")));
        Outcome after;
        callTool(*upstream, "echo", call(), after);
        TRY_ANSWER(after);
        QCOMPARE(peer->count("never"), 0);
    }
    void aMissingKeySaysToSignIn()
    {
        peer = std::make_unique<HttpPeer>(QStringList{QStringLiteral("2025-11-25"), QStringLiteral("wants-key")});
        const auto refused = startUpstream(peer->endpoint());
        QVERIFY(!refused);
        QVERIFY2(refused.error().message.contains(QLatin1String("Sign in, or set a key")), qPrintable(refused.error().message));
    }
    void refusesAddressesAndHeadersThatCannotBeUsed_data()
    {
        QTest::addColumn<QString>("url");
        QTest::addColumn<QString>("header");
        QTest::addColumn<QString>("value");
        const auto row = [](const char *name, const char *url, const char *header = "X-A", const char *value = "1") {
            QTest::newRow(name) << QString::fromLatin1(url) << QString::fromLatin1(header) << QString::fromLatin1(value);
        };
        row("a file", "file:///etc/passwd");
        row("another scheme", "gopher://127.0.0.1/");
        row("no host", "https:///mcp");
        row("a password", "https://user:secret@api.example/mcp");
        row("open text over the net", "http://api.example/mcp");
        row("looks like loopback", "http://127.0.0.1.example/mcp");
        row("a header of ours", "https://api.example/mcp", "Mcp-Session-Id");
        row("framing", "https://api.example/mcp", "transfer-encoding", "chunked");
        row("a line break", "https://api.example/mcp", "X-A", "1\r\nX-B: 2");
        row("no name", "https://api.example/mcp", "X A");
    }
    void refusesAddressesAndHeadersThatCannotBeUsed()
    {
        QFETCH(QString, url);
        QFETCH(QString, header);
        QFETCH(QString, value);
        const auto refused = startUpstream({url, originOf(url), {}, {{header, value}}});
        QVERIFY(!refused);
        QVERIFY2(!refused.error().message.contains(QLatin1String("secret"))
                     && !refused.error().message.contains(QLatin1String("cannot be reached")),
                 qPrintable(refused.error().message));
    }
    void aProxyIsNotAskedForThisComputer()
    {
        qputenv("http_proxy", "http://127.0.0.1:9");
        const bool started = startPeer().has_value();
        qunsetenv("http_proxy");
        QVERIFY(started);
    }
    void destroyingItInTheMiddleAnswersAsUnknown()
    {
        QVERIFY(startPeer());
        Outcome outcome;
        callTool(*upstream, "mute", call(), outcome);
        QTRY_COMPARE(peer->count("\"mute\""), 1);
        upstream.reset();
        QVERIFY(outcome.isError(Error::Kind::OutcomeUnknown));
    }
};

COUNTERSIGN_TEST(tst_HttpTransport)
#include "tst_HttpTransport.moc"
