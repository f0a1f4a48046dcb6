// SPDX-FileCopyrightText: 2026 The Countersign authors
// SPDX-License-Identifier: GPL-3.0-or-later
#include "support/Runner.h"
#include "upstream/Peers.h"

using namespace mcpcore;

// The oldest and the newest way of HTTP, against http_peer.py: one stream for all answers, and no session at all.
class tst_HttpGenerations : public QObject
{
    Q_OBJECT

    SystemClock clock;
    std::unique_ptr<CurlLoop> loop;
    std::unique_ptr<HttpPeer> peer;
    std::unique_ptr<Upstream> upstream;

    Result<> start(const QStringList &words)
    {
        peer = std::make_unique<HttpPeer>(QStringList{QStringLiteral("2025-11-25")} + words);
        upstream = std::make_unique<Upstream>(std::make_unique<HttpTransport>(*loop, clock, peer->endpoint(), KeySource()), clock,
                                              QByteArrayLiteral("{}"));
        std::optional<Result<>> ready;
        upstream->start(Completion<>(upstream.get(), [&](Result<> result) { ready = result; }));
        if (!QTest::qWaitFor([&] { return ready.has_value(); }, 20'000))
            return failure(Error::Kind::Expired, QStringLiteral("not ready"));
        return *ready;
    }

private Q_SLOTS:
    void init() { loop = std::make_unique<CurlLoop>(); }
    void cleanup()
    {
        upstream.reset();
        peer.reset();
        loop.reset();
    }

    void aStatelessRequestSaysInItsHeadWhatItIs()
    {
        QVERIFY(start({QStringLiteral("modern"), QStringLiteral("no-session")}));
        auto call = std::make_shared<ToolCall>();
        call->tool = QStringLiteral("echo");
        call->arguments = RawJson(QByteArrayLiteral("{\"empty\":\"\",\"city\":\"K\u00f6ln\"}"));
        call->toolDefinition = RawJson(QByteArrayLiteral("{\"inputSchema\":{\"properties\":{\"empty\":{\"type\":\"string\","
                                                         "\"x-mcp-header\":\"Empty\"},\"city\":{\"type\":\"string\","
                                                         "\"x-mcp-header\":\"City\"}}}}"));
        Outcome outcome;
        upstream->call(ActivityLog::approve(call), {}, into(outcome));
        TRY_ANSWER(outcome);
        QVERIFY(*outcome.answer);
        const auto requests = peer->requests();
        QCOMPARE(requests.size(), 2);
        for (const HttpPeer::Request &request : requests) {
            QCOMPARE(request.field("mcp-protocol-version"), QByteArray("2026-07-28"));
            QVERIFY(request.field("mcp-session-id").isEmpty());
            QCOMPARE(request.field("accept"), QByteArray("application/json, text/event-stream"));
        }
        QCOMPARE(requests[0].field("mcp-method"), QByteArray("server/discover"));
        QCOMPARE(requests[1].field("mcp-method"), QByteArray("tools/call"));
        QCOMPARE(requests[1].field("mcp-name"), QByteArray("echo"));
        QCOMPARE(requests[1].field("mcp-param-city"), QByteArray("=?base64?S8O2bG4=?="));
        QVERIFY(requests[1].line.contains("\"mcp-param-empty\": \"\""));
    }
    void aStatelessAnswerMayComeInLines()
    {
        QVERIFY(start({QStringLiteral("modern"), QStringLiteral("no-session")}));
        Outcome lines, pretty;
        callTool(*upstream, "lines", "{\"name\":\"l\"}", lines);
        TRY_ANSWER(lines);
        QCOMPARE(lines.text(), QByteArray("done"));
        QCOMPARE(lines.relayed.size(), 2);
        callTool(*upstream, "pretty_json", "{\"name\":\"p\"}", pretty);
        TRY_ANSWER(pretty);
        QVERIFY(*pretty.answer);
    }
    void aStatelessStreamIsNotTakenUpAgain()
    {
        QVERIFY(start({QStringLiteral("modern"), QStringLiteral("no-session")}));
        Outcome outcome;
        callTool(*upstream, "resume", "{\"name\":\"r\",\"arguments\":{\"how\":\"orderly\"}}", outcome);
        TRY_ANSWER(outcome);
        QVERIFY(outcome.isError(Error::Kind::OutcomeUnknown));
        QCOMPARE(peer->countOf("GET"), 0);
        QCOMPARE(peer->count("tools/call"), 1);
    }
    void cancellingAStatelessCallEndsItsConnection()
    {
        QVERIFY(start({QStringLiteral("modern"), QStringLiteral("no-session")}));
        Outcome outcome;
        const qint64 handle = callTool(*upstream, "mute", "{\"name\":\"m\"}", outcome);
        QTRY_COMPARE(peer->count("tools/call"), 1);
        upstream->cancel(handle, QStringLiteral("r"));
        QVERIFY(outcome.isError(Error::Kind::Cancelled));
        QTRY_COMPARE(peer->countOf("closed"), 1);
        QCOMPARE(peer->count("notifications/cancelled"), 0);
    }
    void aServerOfTheFirstVersionIsFound()
    {
        QVERIFY(start({QStringLiteral("older")}));
        QCOMPARE(upstream->generation(), Generation::Sessions);
        Outcome echo;
        callTool(*upstream, "echo", "{\"name\":\"e\",\"arguments\":{}}", echo);
        TRY_ANSWER(echo);
        QVERIFY(*echo.answer);
        QCOMPARE(peer->count("tools/call"), 1);
        QCOMPARE(peer->countOf("GET"), 1);
        for (const HttpPeer::Request &request : peer->requests())
            if (request.member("body").contains("tools/call"))
                QCOMPARE(request.member("path"), QByteArray("/messages?session=1"));
    }
    void aLostStreamOfAnswersIsNotAskedAgain()
    {
        QVERIFY(start({QStringLiteral("older")}));
        bool closed = false;
        connect(upstream.get(), &Upstream::closed, this, [&] { closed = true; });
        Outcome running;
        callTool(*upstream, "close", "{\"name\":\"c\"}", running);
        TRY_ANSWER(running);
        QVERIFY(running.isError(Error::Kind::OutcomeUnknown));
        QVERIFY(closed);
        QCOMPARE(peer->count("tools/call"), 1);
    }
    void messagesDoNotGoToAnotherServer()
    {
        const auto started = start({QStringLiteral("older"), QStringLiteral("elsewhere")});
        QVERIFY(!started);
        QVERIFY2(started.error().message.contains(QLatin1String("another address")), qPrintable(started.error().message));
    }
};

COUNTERSIGN_TEST(tst_HttpGenerations)
#include "tst_HttpGenerations.moc"
