// SPDX-FileCopyrightText: 2026 The Countersign authors
// SPDX-License-Identifier: GPL-3.0-or-later
#include "EndpointServer.h"
#include "support/Runner.h"
#include <deque>

using namespace mcpcore;
using namespace std::chrono_literals;

// The sessions of the legacy generation, spoken to as clients do. Time stands still until a test moves it.
class tst_McpEndpoint : public QObject, SessionClient
{
    Q_OBJECT

    static QByteArray codeOf(const RawReply &reply) { return memberOf(memberOf(RawJson(reply.body), "error"), "code").bytes(); }

private Q_SLOTS:
    void initializeBeginsASession()
    {
        Server server;
        for (const QByteArray version : {"2024-11-05", "2025-03-26", "2025-06-18", "2025-11-25"}) {
            const RawReply reply = replyTo(server, {.body = initializeBody(version)});
            QCOMPARE(reply.status, 200);
            QCOMPARE(reply.field("content-type"), QByteArray("application/json"));
            QVERIFY(reply.field("mcp-session-id").size() >= 22); // 128 bits and more
            QVERIFY(reply.body.contains("\"protocolVersion\":\"" + version + '"'));
        }
        QCOMPARE(server.endpoint.sessionCount(), 4);
        QCOMPARE(server.front.sessions.size(), 4);
    }
    void whatASessionAnswers_data()
    {
        QTest::addColumn<QByteArray>("method");
        QTest::addColumn<QByteArray>("body");
        QTest::addColumn<QByteArray>("session"); // SESSION = the one of client a at /mcp
        QTest::addColumn<QByteArray>("version");
        QTest::addColumn<QByteArray>("accept");
        QTest::addColumn<QByteArray>("token");
        QTest::addColumn<QByteArray>("path");
        QTest::addColumn<int>("status");
        QTest::addColumn<QByteArray>("code"); // of the JSON-RPC error; empty = none
        const auto row = [](const char *name, const Request &r, int status, const QByteArray &code = {}) {
            QTest::newRow(name) << r.method << r.body << r.session << r.version << r.accept << r.token << r.path << status << code;
        };
        const QByteArray ping = R"({"jsonrpc":"2.0","id":7,"method":"ping"})";
        const QByteArray session = "SESSION";
        row("ping", {.body = ping, .session = session}, 200);
        row("ping with the version", {.body = ping, .session = session, .version = "2025-06-18"}, 200);
        row("list", {.body = R"({"jsonrpc":"2.0","id":"x","method":"tools/list"})", .session = session}, 200);
        row("unknown method", {.body = R"({"jsonrpc":"2.0","id":7,"method":"no/such"})", .session = session}, 200, "-32601");
        row("notification", {.body = R"({"jsonrpc":"2.0","method":"notifications/initialized"})", .session = session}, 202);
        row("response", {.body = R"({"jsonrpc":"2.0","id":"1","result":{}})", .session = session}, 202);
        row("without a session", {.body = ping}, 400, "-32600");
        row("list without a session", {.body = R"({"jsonrpc":"2.0","id":1,"method":"tools/list"})", .accept = "application/json"}, 400,
            "-32600");
        row("notification without a session", {.body = R"({"jsonrpc":"2.0","method":"notifications/initialized"})"}, 400, "-32600");
        row("unknown session", {.body = ping, .session = "nobody"}, 404, "-32600");
        row("another client's session", {.body = ping, .session = session, .token = "cst_b"}, 404, "-32600");
        row("session of another path", {.body = ping, .session = session, .path = "/mcp/stripe/sandbox"}, 404, "-32600");
        row("wrong token", {.body = ping, .session = session, .token = "cst_x"}, 401, "-32600");
        row("unknown version", {.body = ping, .session = session, .version = "2024-01-01"}, 400, "-32602");
        row("modern version", {.body = ping, .session = session, .version = "2026-07-28"}, 400, "-32602");
        row("initialize again", {.body = initializeBody("2025-11-25"), .session = session}, 400, "-32600");
        row("not JSON", {.body = "{\"jsonrpc\":", .session = session}, 400, "-32700");
        row("nothing", {.body = "", .session = session}, 400, "-32700");
        row("no message", {.body = "{}", .session = session}, 400, "-32600");
        row("id null", {.body = R"({"jsonrpc":"2.0","id":null,"method":"ping"})", .session = session}, 400, "-32600");
        row("fractional id", {.body = R"({"jsonrpc":"2.0","id":1.5,"method":"ping"})", .session = session}, 400, "-32600");
        row("JSON-RPC 1", {.body = R"({"id":1,"method":"ping"})", .session = session}, 400, "-32600");
        row("batch", {.body = '[' + ping + ']', .session = session}, 400, "-32600");
        row("accepts HTML", {.body = ping, .session = session, .accept = "text/html"}, 406, "-32600");
        row("accepts JSON only", {.body = ping, .session = session, .accept = "application/json"}, 406, "-32600");
        row("accepts everything", {.body = ping, .session = session, .accept = "*/*"}, 200);
        row("says nothing of what it accepts", {.body = ping, .session = session, .accept = ""}, 200);
        row("initialize that accepts JSON only", {.body = initializeBody("2025-11-25"), .accept = "application/json"}, 406, "-32600");
        row("discover without a version", {.body = R"({"jsonrpc":"2.0","id":1,"method":"server/discover"})"}, 400, "-32020");
        row("GET without a session", {.method = "GET"}, 400, "-32600");
        row("GET of an unknown session", {.method = "GET", .session = "nobody"}, 404, "-32600");
        row("GET that does not accept a stream", {.method = "GET", .session = session, .accept = "application/json"}, 406, "-32600");
        row("DELETE without a session", {.method = "DELETE"}, 400, "-32600");
        row("DELETE of another client's session", {.method = "DELETE", .session = session, .token = "cst_b"}, 404, "-32600");
        row("DELETE", {.method = "DELETE", .session = session}, 200);
        row("unknown connection", {.body = initializeBody("2025-11-25"), .path = "/mcp/nothing/sandbox"}, 404, "-32602");
    }
    void whatASessionAnswers()
    {
        QFETCH(QByteArray, method);
        QFETCH(QByteArray, body);
        QFETCH(QByteArray, session);
        QFETCH(QByteArray, version);
        QFETCH(QByteArray, accept);
        QFETCH(QByteArray, token);
        QFETCH(QByteArray, path);
        QFETCH(int, status);
        QFETCH(QByteArray, code);
        Server server;
        const QByteArray id = begin(server);
        const RawReply reply = replyTo(server, {method, body, session == "SESSION" ? id : session, version, accept, token, path});
        QCOMPARE(reply.status, status);
        QCOMPARE(codeOf(reply), code);
        QVERIFY(reply.field("mcp-session-id").isEmpty());
        if (status == 202)
            QVERIFY(reply.body.isEmpty());
    }
    void aRefusedInitializeLeavesNoSession()
    {
        Server server;
        server.front.refusesInitialize = true;
        const RawReply reply = replyTo(server, {.body = initializeBody("2025-11-25")});
        QCOMPARE(reply.status, 200);
        QCOMPARE(codeOf(reply), QByteArray("-32602"));
        QVERIFY(reply.field("mcp-session-id").isEmpty());
        QTRY_COMPARE(server.endpoint.sessionCount(), 0);
    }
    void aDeletedSessionIsGone()
    {
        Server server;
        const QByteArray id = begin(server);
        RawClient waiting(server.port);
        waiting.send(bytesOf(server, {.body = call("1", "hold"), .session = id}));
        RawClient listening(server.port);
        listening.send(bytesOf(server, {.method = "GET", .session = id}));
        QTRY_COMPARE(listening.reply().status, 200);
        QVERIFY(opens(server, waiting));
        QCOMPARE(replyTo(server, {.method = "DELETE", .session = id}).status, 200);
        QTRY_VERIFY(listening.reply().complete);
        QTRY_VERIFY(waiting.reply().complete);
        QVERIFY(waiting.reply().events().isEmpty());
        QCOMPARE(server.front.sessions.size(), 0);
        QCOMPARE(replyTo(server, {.method = "DELETE", .session = id}).status, 404);
        QCOMPARE(replyTo(server, {.body = call("1", "echo"), .session = id}).status, 404);
    }
    void aClientThatIsShutOutHasNothingOpenAnyMore()
    {
        Server server;
        const QByteArray id = begin(server);
        RawClient waiting(server.port), listening(server.port), bare(server.port);
        waiting.send(bytesOf(server, {.body = call("1", "hold"), .session = id}));
        listening.send(bytesOf(server, {.method = "GET", .session = id}));
        bare.send(bytesOf(server, {.body = call("2", "hold"), .accept = "application/json"}));
        QTRY_COMPARE(listening.reply().status, 200);
        QVERIFY(opens(server, waiting));
        QTRY_COMPARE(server.front.sessions.size(), 2);
        QTRY_COMPARE(server.front.sessions.last()->held.size(), 1);
        server.front.clientsByToken.remove(QStringLiteral("cst_a"));
        const auto open = server.front.sessions;
        for (EchoSession *session : open)
            Q_EMIT session->shutOut();
        QTRY_VERIFY(listening.reply().complete);
        QTRY_VERIFY(waiting.reply().complete);
        QVERIFY(waiting.reply().events().isEmpty());
        QTRY_COMPARE(bare.reply().status, 401);
        QTRY_COMPARE(server.front.sessions.size(), 0);
        QCOMPARE(server.endpoint.sessionCount(), 0);
        QCOMPARE(replyTo(server, {.body = call("1", "echo"), .session = id}).status, 401);
    }
    void aCallThatTakesTimeIsAnsweredOnAStreamThatIsOpenBeforeIt()
    {
        Server server;
        const QByteArray id = begin(server);
        RawClient client(server.port);
        client.send(bytesOf(server, {.body = call("\"c-1\"", "hold"), .session = id}));
        QVERIFY(opens(server, client));
        QCOMPARE(client.reply().field("content-type"), QByteArray("text/event-stream"));
        QVERIFY(!client.reply().complete);
        server.front.answerHeld();
        QTRY_VERIFY(client.reply().complete);
        QCOMPARE(client.reply().events(), QList<QByteArray>{R"({"jsonrpc":"2.0","id":"c-1","result":{"content":[]}})"});
    }
    void argumentsArriveAsTheyWereSent()
    {
        Server server;
        const QByteArray id = begin(server);
        const QByteArray arguments = R"({"z":1e2, "a" : 12345678901234567890,"s":"\u00e9\/","d":-0.0})";
        const RawReply reply = replyTo(server, {.body = call("1", "echo", arguments), .session = id});
        QCOMPARE(reply.events().size(), 1);
        QVERIFY(reply.events()[0].contains("\"structuredContent\":" + arguments));
    }
    void progressComesBeforeTheAnswer()
    {
        Server server;
        const QByteArray id = begin(server);
        const auto events = replyTo(server, {.body = call("1", "progress"), .session = id}).events();
        QCOMPARE(events.size(), 4);
        for (int i = 0; i < 3; ++i)
            QVERIFY(events[i].contains("\"progress\":" + QByteArray::number(i + 1)));
        QVERIFY(events[3].contains("\"result\""));
    }
    void theClientIsAskedOnTheStreamOfItsCall()
    {
        Server server;
        const QByteArray id = begin(server);
        RawClient client(server.port);
        client.send(bytesOf(server, {.body = call("1", "ask"), .session = id}));
        QTRY_COMPARE(client.reply().events().size(), 1);
        QVERIFY(client.reply().events()[0].contains("elicitation/create"));
        QCOMPARE(replyTo(server, {.body = R"({"jsonrpc":"2.0","id":"question","result":{"action":"accept"}})", .session = id}).status, 202);
        QTRY_VERIFY(client.reply().complete);
        QVERIFY(client.reply().events()[1].contains("accept"));
    }
    void severalCallsOfASessionRunAtOnce()
    {
        Server server;
        const QByteArray id = begin(server);
        std::deque<RawClient> clients;
        for (int i = 0; i < 5; ++i) {
            clients.emplace_back(server.port);
            clients.back().send(bytesOf(server, {.body = call(QByteArray::number(i), "hold"), .session = id}));
        }
        for (const RawClient &client : clients)
            QVERIFY(opens(server, client));
        QCOMPARE(replyTo(server, {.body = call("3", "hold"), .session = id}).status, 400);
        server.front.answerHeld();
        for (int i = 0; i < 5; ++i) {
            QTRY_VERIFY(clients[size_t(i)].reply().complete);
            QVERIFY(clients[size_t(i)].reply().events()[0].contains("\"id\":" + QByteArray::number(i)));
        }
    }
    void aCancelledCallEndsWithoutAnAnswer()
    {
        Server server;
        const QByteArray id = begin(server);
        RawClient client(server.port);
        client.send(bytesOf(server, {.body = call("1", "hold"), .session = id}));
        QVERIFY(opens(server, client));
        QCOMPARE(
            replyTo(server, {.body = R"({"jsonrpc":"2.0","method":"notifications/cancelled","params":{"requestId":1}})", .session = id})
                .status,
            202);
        QTRY_VERIFY(client.reply().complete);
        QVERIFY(client.reply().events().isEmpty());
    }
    void aLostStreamIsToldToTheSession()
    {
        Server server;
        const QByteArray id = begin(server);
        {
            RawClient client(server.port);
            client.send(bytesOf(server, {.body = call("1", "hold"), .session = id}));
            QVERIFY(opens(server, client));
        }
        // It knows where it was, and is given some time to come back.
        QTRY_COMPARE((server.clock.advance(server.limits.returnTime), server.front.sessions[0]->lost.value(0)), QByteArray("1"));
        server.front.answerHeld(); // nobody reads it
        QCOMPARE(replyTo(server, {.body = call("1", "echo"), .session = id}).status, 200);
    }
    void theSessionHasOneStreamOfItsOwn()
    {
        Server server;
        const QByteArray id = begin(server);
        EchoSession &session = *server.front.sessions[0];
        RawClient client(server.port);
        client.send(bytesOf(server, {.method = "GET", .session = id}));
        QTRY_COMPARE(client.reply().status, 200);
        QCOMPARE(client.reply().field("content-type"), QByteArray("text/event-stream"));
        QCOMPARE(replyTo(server, {.method = "GET", .session = id}).status, 409);
        session.push("{\"n\":1}");
        session.push("{\"n\":2}");
        QTRY_COMPARE(client.reply().events(), (QList<QByteArray>{"{\"n\":1}", "{\"n\":2}"}));
        // Gone and back.
        client.socket.abort();
        QTRY_VERIFY([&] {
            session.push("{\"n\":3}");
            RawClient again(server.port);
            again.send(bytesOf(server, {.method = "GET", .session = id}));
            return QTest::qWaitFor([&] { return again.reply().status != 0; }) && again.reply().status == 200;
        }());
    }
    void whatComesBeforeTheStreamIsKeptInBounds()
    {
        Limits limits;
        limits.keptMessages = 3;
        limits.keptBytes = 100;
        Server server(limits);
        const QByteArray id = begin(server);
        EchoSession &session = *server.front.sessions[0];
        for (int n = 1; n <= 5; ++n)
            session.push(QByteArray::number(n));
        session.push(QByteArray(200, '9'));
        RawClient client(server.port);
        client.send(bytesOf(server, {.method = "GET", .session = id}));
        QTRY_COMPARE(client.reply().events(), (QList<QByteArray>{"3", "4", "5"}));
    }
    void aQuietStreamIsKeptAlive()
    {
        Server server;
        const QByteArray id = begin(server);
        RawClient client(server.port);
        client.send(bytesOf(server, {.method = "GET", .session = id}));
        QTRY_COMPARE(client.reply().status, 200);
        server.clock.advance(16s);
        QTRY_COMPARE(client.reply().body, QByteArray("id: 1_0\ndata: \n\n:\n\n"));
        client.socket.abort();
        QTRY_VERIFY(server.front.sessions.size() == 1);
        replyTo(server, {.method = "DELETE", .session = id});
        server.clock.advance(24h);
        QCOMPARE(server.clock.pending(), 0);
    }
    void batchesAreForTheVersionThatHasThem()
    {
        Server server;
        const QByteArray id = begin(server, "2025-03-26");
        const QByteArray ping = R"({"jsonrpc":"2.0","id":7,"method":"ping"})";
        const QByteArray note = R"({"jsonrpc":"2.0","method":"notifications/x"})";
        const RawReply reply = replyTo(server, {.body = " [" + ping + ',' + note + ',' + call("8", "progress") + ']', .session = id});
        QCOMPARE(reply.status, 200);
        QCOMPARE(reply.events().size(), 5);
        QVERIFY(reply.events()[0].contains("\"id\":7"));
        QVERIFY(reply.events()[4].contains("\"id\":8"));
        QCOMPARE(server.front.sessions[0]->received, QList<QByteArray>{note});
        QCOMPARE(replyTo(server, {.body = '[' + note + ']', .session = id}).status, 202);
        for (const QByteArray &bad : {QByteArray("[]"), QByteArray("[1]"), '[' + ping + ',' + ping + ']',
                                      '[' + initializeBody("2025-03-26") + ']', "[" + (ping + ',').repeated(64) + ping + ']'})
            QCOMPARE(replyTo(server, {.body = bad, .session = id}).status, 400);
        QCOMPARE(codeOf(replyTo(server, {.body = '[' + ping, .session = id})), QByteArray("-32700"));
        QCOMPARE(replyTo(server, {.body = '[' + ping + ']'}).status, 400);
    }
    void aBareCallIsAnsweredAsOneBody_data()
    {
        QTest::addColumn<QByteArray>("accept");
        QTest::newRow("JSON") << QByteArray("application/json");
        QTest::newRow("everything") << QByteArray("*/*");
        QTest::newRow("unsaid") << QByteArray();
    }
    void aBareCallIsAnsweredAsOneBody()
    {
        QFETCH(QByteArray, accept);
        Server server;
        const RawReply reply = replyTo(server, {.body = call("5", "echo", R"({"a":1e2})"), .accept = accept});
        QCOMPARE(reply.status, 200);
        QCOMPARE(reply.field("content-type"), QByteArray("application/json"));
        QCOMPARE(reply.body, QByteArray(R"({"jsonrpc":"2.0","id":5,"result":{"content":[],"structuredContent":{"a":1e2}}})"));
        QTRY_COMPARE(server.front.sessions.size(), 0);
    }
    void aBareCallThatCannotBeginSaysWhy()
    {
        Server server;
        QCOMPARE(replyTo(server, {.body = call("5", "echo"), .accept = "application/json", .path = "/mcp/nothing/sandbox"}).status, 404);
        server.front.refusesInitialize = true;
        const RawReply reply = replyTo(server, {.body = call("5", "echo"), .accept = "application/json"});
        QCOMPARE(codeOf(reply), QByteArray("-32602"));
        QCOMPARE(memberOf(RawJson(reply.body), "id").bytes(), QByteArray("5"));
    }
    void aBareCallEndsWithItsClient()
    {
        Server server;
        {
            RawClient client(server.port);
            client.send(bytesOf(server, {.body = call("5", "hold"), .accept = "application/json"}));
            QTRY_VERIFY(!server.front.sessions.isEmpty() && !server.front.sessions[0]->held.isEmpty());
        }
        QTRY_COMPARE(server.front.sessions.size(), 0);
    }
    void anIdleSessionIsDroppedAndAnOpenOneIsNot()
    {
        Server server;
        const QByteArray idle = begin(server);
        const QByteArray open = begin(server);
        RawClient client(server.port);
        client.send(bytesOf(server, {.method = "GET", .session = open}));
        QTRY_COMPARE(client.reply().status, 200);
        server.clock.advance(76min);
        QCOMPARE(server.endpoint.sessionCount(), 1);
        QCOMPARE(replyTo(server, {.body = call("1", "echo"), .session = idle}).status, 404);
        QCOMPARE(replyTo(server, {.body = call("1", "echo"), .session = open}).status, 200);
    }
    void sessionsAreBounded()
    {
        Limits limits;
        limits.sessionsPerClient = 2;
        limits.sessions = 3;
        Server server(limits);
        begin(server);
        begin(server);
        const RawReply third = replyTo(server, {.body = initializeBody("2025-11-25")});
        QCOMPARE(third.status, 429);
        QCOMPARE(codeOf(third), QByteArray("-32603"));
        QVERIFY(!begin(server, "2025-11-25", "cst_b").isEmpty());
        QVERIFY(begin(server, "2025-11-25", "cst_b").isEmpty());
    }
    void sessionsOfADirectPathHaveItsScope()
    {
        Server server;
        const QByteArray id = begin(server, "2025-11-25", "cst_a", "/mcp/stripe/production");
        QCOMPARE(server.front.lastScope.connection->text, QStringLiteral("stripe"));
        QCOMPARE(server.front.lastScope.environment->text, QStringLiteral("production"));
        QCOMPARE(replyTo(server, {.body = call("1", "echo"), .session = id, .path = "/mcp/stripe/production"}).status, 200);
        QCOMPARE(replyTo(server, {.body = call("1", "echo"), .session = id, .path = "/mcp/stripe/sandbox"}).status, 404);
        QCOMPARE(replyTo(server, {.body = call("1", "echo"), .session = id}).status, 404);
    }
};

COUNTERSIGN_TEST(tst_McpEndpoint)
#include "tst_McpEndpoint.moc"
