// SPDX-FileCopyrightText: 2026 The Countersign authors
// SPDX-License-Identifier: GPL-3.0-or-later
#include "EndpointServer.h"
#include "support/Runner.h"

using namespace mcpcore;
using namespace std::chrono_literals;

// The stateless generation, spoken to as its clients do. Time stands still until a test moves it.
class tst_ModernEndpoint : public QObject
{
    Q_OBJECT

    using Server = EndpointServer;

    struct Request {
        QByteArray method;
        QByteArray params = {}; // members besides _meta, without braces
        QByteArray id = "1";
        QByteArray meta = "\"io.modelcontextprotocol/protocolVersion\":\"2026-07-28\",\"io.modelcontextprotocol/clientCapabilities\":{}";
        QByteArray version = "2026-07-28";
        QByteArray mcpMethod = "same"; // as the method
        QByteArray mcpName = {};
        QByteArray token = "cst_a";
        QByteArray accept = "application/json, text/event-stream";
    };
    static QByteArray bytesOf(const Server &server, const Request &request)
    {
        QByteArray params = request.params;
        if (!request.meta.isEmpty())
            params += (params.isEmpty() ? "\"_meta\":{" : ",\"_meta\":{") + request.meta + '}';
        const QByteArray body = "{\"jsonrpc\":\"2.0\"," + (request.id.isEmpty() ? QByteArray() : "\"id\":" + request.id + ',')
                                + "\"method\":\"" + request.method + "\",\"params\":{" + params + "}}";
        QByteArray out = "POST /mcp HTTP/1.1\r\nHost: 127.0.0.1:" + QByteArray::number(server.port) + "\r\nAuthorization: Bearer "
                         + request.token + "\r\nContent-Type: application/json\r\nAccept: " + request.accept + "\r\n";
        if (!request.version.isEmpty())
            out += "MCP-Protocol-Version: " + request.version + "\r\n";
        if (!request.mcpMethod.isEmpty())
            out += "Mcp-Method: " + (request.mcpMethod == "same" ? request.method : request.mcpMethod) + "\r\n";
        if (!request.mcpName.isEmpty())
            out += "Mcp-Name: " + request.mcpName + "\r\n";
        return out + "Content-Length: " + QByteArray::number(body.size()) + "\r\n\r\n" + body;
    }
    static RawReply replyTo(Server &server, const Request &request)
    {
        RawClient client(server.port);
        client.send(bytesOf(server, request));
        if (!completes(server, client))
            qWarning("no complete reply: %s", client.received.constData());
        return client.reply();
    }
    static bool completes(Server &server, const RawClient &client)
    {
        return QTest::qWaitFor([&] {
            server.clock.advance(server.limits.inputWindow);
            return client.reply().complete;
        });
    }
    static Request call(const QByteArray &tool, const QByteArray &more = {}, const QByteArray &arguments = "{}")
    {
        return {.method = "tools/call", .params = "\"name\":\"" + tool + "\",\"arguments\":" + arguments + more, .mcpName = tool};
    }
    static Request showsPages(Request request)
    {
        request.meta = "\"io.modelcontextprotocol/protocolVersion\":\"2026-07-28\",\"io.modelcontextprotocol/clientCapabilities\":{"
                       "\"elicitation\":{\"url\":{}}}";
        return request;
    }
    static QByteArray codeOf(const RawReply &reply) { return memberOf(memberOf(RawJson(reply.body), "error"), "code").bytes(); }
    // How many of the messages that the gateway's session got hold this text.
    static int told(const EchoSession &session, const char *text)
    {
        return int(std::count_if(session.received.begin(), session.received.end(), [&](const QByteArray &m) { return m.contains(text); }));
    }
    static RawJson resultOf(const RawReply &reply) { return memberOf(RawJson(reply.body), "result"); }

private Q_SLOTS:
    void theChecksComeInTheirOrder_data()
    {
        QTest::addColumn<QByteArray>("bytes"); // of the request, PORT left open
        QTest::addColumn<int>("status");
        QTest::addColumn<QByteArray>("code");
        Server any;
        const auto row = [&](const char *name, const Request &request, int status, const QByteArray &code = {}) {
            QTest::newRow(name) << bytesOf(any, request).replace(QByteArray::number(any.port), "PORT") << status << code;
        };
        const QByteArray version = "\"io.modelcontextprotocol/protocolVersion\":\"2026-07-28\"";
        const QByteArray capabilities = "\"io.modelcontextprotocol/clientCapabilities\":{}";
        row("discover", {.method = "server/discover"}, 200);
        row("an id that is a text", {.method = "tools/list", .id = "\"x\""}, 200);
        row("an id that is null", {.method = "tools/list", .id = "null"}, 400, "-32600");
        row("another token", {.method = "tools/list", .token = "cst_x"}, 401, "-32600");
        row("no version field", {.method = "tools/list", .version = ""}, 400, "-32020");
        row("no _meta", {.method = "tools/list", .meta = ""}, 400, "-32602");
        row("no version in _meta", {.method = "tools/list", .meta = capabilities}, 400, "-32602");
        row("no capabilities", {.method = "tools/list", .meta = version}, 400, "-32602");
        row("capabilities that are none", {.method = "tools/list", .meta = version + ",\"io.modelcontextprotocol/clientCapabilities\":1"},
            400, "-32602");
        row("another version in the field", {.method = "tools/list", .version = "2027-01-01"}, 400, "-32020");
        row("a version that is not served",
            {.method = "tools/list",
             .meta = "\"io.modelcontextprotocol/protocolVersion\":\"2027-01-01\"," + capabilities,
             .version = "2027-01-01"},
            400, "-32022");
        row("no Mcp-Method", {.method = "tools/list", .mcpMethod = ""}, 400, "-32020");
        row("another Mcp-Method", {.method = "tools/list", .mcpMethod = "tools/call"}, 400, "-32020");
        row("Mcp-Method in capitals", {.method = "tools/list", .mcpMethod = "TOOLS/LIST"}, 400, "-32020");
        Request named = call("echo");
        row("a call", named, 200);
        named.mcpName = "=?base64?ZWNobw==?=";
        row("Mcp-Name in Base64", named, 200);
        named.mcpName = "=?base64?###?=";
        row("Mcp-Name in no Base64", named, 400, "-32020");
        named.mcpName = "Echo";
        row("another Mcp-Name", named, 400, "-32020");
        named.mcpName = "";
        row("no Mcp-Name", named, 400, "-32020");
        row("no Mcp-Name of a resource", {.method = "resources/read", .params = "\"uri\":\"a://b\""}, 400, "-32020");
        for (const char *method : {"initialize", "ping", "logging/setLevel", "resources/subscribe", "resources/unsubscribe", "no/such"})
            row(method, {.method = method}, 404, "-32601");
        row("an unknown log level",
            {.method = "tools/list", .meta = version + ',' + capabilities + ",\"io.modelcontextprotocol/logLevel\":\"loud\""}, 400,
            "-32602");
        row("input that is no object", call("echo", ",\"inputResponses\":null"), 400, "-32602");
        row("a notification", {.method = "notifications/cancelled", .id = ""}, 202);
        row("a resource that is not there", {.method = "resources/read", .params = "\"uri\":\"a://b\"", .mcpName = "a://b"}, 200, "-32602");
    }
    void theChecksComeInTheirOrder()
    {
        QFETCH(QByteArray, bytes);
        QFETCH(int, status);
        QFETCH(QByteArray, code);
        Server server;
        RawClient client(server.port);
        client.send(bytes.replace("PORT", QByteArray::number(server.port)));
        QVERIFY(completes(server, client));
        QCOMPARE(client.reply().status, status);
        QCOMPARE(codeOf(client.reply()), code);
        QVERIFY(client.reply().field("mcp-session-id").isEmpty());
        if (status == 400 && code != "-32600")
            QCOMPARE(memberOf(RawJson(client.reply().body), "id").bytes(), QByteArray("1"));
    }
    void discoverTellsWhatIsServedAndByWhom()
    {
        Server server;
        const RawJson result = resultOf(replyTo(server, {.method = "server/discover"}));
        QCOMPARE(memberOf(result, "supportedVersions").bytes(), QByteArray("[\"2026-07-28\"]"));
        QCOMPARE(memberOf(result, "resultType").bytes(), QByteArray("\"complete\""));
        QCOMPARE(memberOf(result, "cacheScope").bytes(), QByteArray("\"private\""));
        QVERIFY(memberOf(result, "capabilities").bytes().contains("listChanged"));
        QVERIFY(memberOf(memberOf(result, "_meta"), "io.modelcontextprotocol/serverInfo").bytes().contains("countersign"));
        const RawReply refused =
            replyTo(server, {.method = "tools/list",
                             .meta = "\"io.modelcontextprotocol/protocolVersion\":\"1\",\"io.modelcontextprotocol/clientCapabilities\":{}",
                             .version = "1"});
        QCOMPARE(memberOf(memberOf(RawJson(refused.body), "error"), "data").bytes(),
                 QByteArray("{\"supported\":[\"2026-07-28\"],\"requested\":\"1\"}"));
    }
    void argumentsArriveAsTheyWereSent()
    {
        Server server;
        const RawReply reply = replyTo(server, call("echo", {}, "{\"b\":1e2, \"a\":\"\\u00e9\",\"n\":12345678901234567890}"));
        QVERIFY(reply.body.contains("\"structuredContent\":{\"b\":1e2, \"a\":\"\\u00e9\",\"n\":12345678901234567890}"));
        QCOMPARE(server.front.sessions.size(), 1);
        replyTo(server, call("echo"));
        QCOMPARE(server.front.sessions.size(), 1); // the same client, capabilities and address
        replyTo(server, {.method = "tools/list", .token = "cst_b"});
        QCOMPARE(server.front.sessions.size(), 2);
    }
    void progressIsToldUnderTheTokenOfItsRequestAndOnlyThen()
    {
        Server server;
        const RawReply without = replyTo(server, call("progress"));
        QCOMPARE(without.field("content-type"), QByteArray("application/json"));
        Request asking = call("progress");
        asking.meta += ",\"progressToken\":1";
        const RawReply with = replyTo(server, asking);
        QCOMPARE(with.field("content-type"), QByteArray("text/event-stream"));
        QCOMPARE(with.events().size(), 4);
        QVERIFY(with.events().last().contains("\"resultType\":\"complete\""));
        QVERIFY(!with.body.contains("\nid:")); // nothing to come back to
    }
    void aClientThatGoesAwayCancels()
    {
        Server server;
        auto client = std::make_unique<RawClient>(server.port);
        client->send(bytesOf(server, call("hold")));
        QTRY_VERIFY(!server.front.sessions.isEmpty() && !server.front.sessions[0]->held.isEmpty());
        const QByteArray id = server.front.sessions[0]->held[0];
        client.reset();
        QTRY_VERIFY(!server.front.sessions[0]->received.isEmpty()
                    && server.front.sessions[0]->received.last().contains("notifications/cancelled"));
        QVERIFY(server.front.sessions[0]->received.last().contains("\"requestId\":" + id));
    }
    void aQuestionOfTheServerIsAnAnswerAndTheRetryFindsItsCall()
    {
        Server server;
        const RawReply asked = replyTo(server, call("ask"));
        const RawJson first = resultOf(asked);
        QCOMPARE(memberOf(first, "resultType").bytes(), QByteArray("\"input_required\""));
        QCOMPARE(memberOf(memberOf(first, "inputRequests"), "who").bytes(),
                 QByteArray("{\"method\":\"elicitation/create\",\"params\":{}}"));
        QVERIFY(memberOf(first, "ttlMs").isEmpty());
        const QByteArray state = memberOf(first, "requestState").bytes();
        const QByteArray answer =
            ",\"inputResponses\":{\"who\":{\"action\":\"accept\",\"content\":{\"name\":\"Ada\"}},\"more\":1},\"requestState\":";

        QCOMPARE(codeOf(replyTo(server, call("ask", answer + state.chopped(3) + "AA\""))), QByteArray("-32602"));
        QCOMPARE(codeOf(replyTo(server, call("ask", answer + state, "{\"other\":1}"))), QByteArray("-32602"));
        Request stolen = call("ask", answer + state);
        stolen.token = "cst_b";
        QCOMPARE(codeOf(replyTo(server, stolen)), QByteArray("-32602"));
        QCOMPARE(codeOf(replyTo(server, call("ask", ",\"inputResponses\":{\"who\":5},\"requestState\":" + state))), QByteArray("-32602"));
        QVERIFY(told(*server.front.sessions[0], "question") == 0);

        Request again = call("ask", answer + state);
        again.id = "2";
        const RawReply done = replyTo(server, again);
        QCOMPARE(memberOf(RawJson(done.body), "id").bytes(), QByteArray("2"));
        QCOMPARE(memberOf(resultOf(done), "action").bytes(), QByteArray("\"accept\""));
        QCOMPARE(told(*server.front.sessions[0], "question"), 1);
        QCOMPARE(codeOf(replyTo(server, again)), QByteArray("-32602")); // once
    }
    void aServerThatWantsAPageVisitedFirstIsAskedAgainAfterwards()
    {
        Server server;
        const RawJson first = resultOf(replyTo(server, showsPages(call("page"))));
        QCOMPARE(memberOf(first, "resultType").bytes(), QByteArray("\"input_required\""));
        const RawJson asked = memberOf(memberOf(memberOf(first, "inputRequests"), "page-1"), "params");
        QCOMPARE(memberOf(asked, "url").bytes(), QByteArray("\"https://pay.example.com/\""));
        QVERIFY(memberOf(asked, "elicitationId").isEmpty());
        const QByteArray visited =
            ",\"inputResponses\":{\"page-1\":{\"action\":\"accept\"}},\"requestState\":" + memberOf(first, "requestState").bytes();
        QCOMPARE(codeOf(replyTo(server, showsPages(call("page", visited, "{\"x\":1}")))), QByteArray("-32602"));
        QCOMPARE(memberOf(resultOf(replyTo(server, showsPages(call("page", visited)))), "structuredContent").bytes(), QByteArray("{}"));
        QCOMPARE(codeOf(replyTo(server, showsPages(call("page", visited)))), QByteArray("-32602"));
    }
    void aPageThatIsDeclinedEndsTheCall()
    {
        Server server;
        const QByteArray state = memberOf(resultOf(replyTo(server, showsPages(call("page")))), "requestState").bytes();
        const QByteArray declined = ",\"inputResponses\":{\"page-1\":{\"action\":\"decline\"}},\"requestState\":" + state;
        QCOMPARE(memberOf(resultOf(replyTo(server, showsPages(call("page", declined)))), "isError").bytes(), QByteArray("true"));
    }
    void aClientThatCannotShowPagesIsToldWhichAbilityIsMissing()
    {
        Server server;
        const RawReply reply = replyTo(server, call("page"));
        QCOMPARE(reply.status, 400);
        QCOMPARE(codeOf(reply), QByteArray("-32021"));
        QCOMPARE(memberOf(memberOf(memberOf(RawJson(reply.body), "error"), "data"), "requiredCapabilities").bytes(),
                 QByteArray("{\"elicitation\":{\"url\":{}}}"));
    }
    void anAnswerThatIsMissingIsAskedForAgain()
    {
        Server server;
        const QByteArray state = memberOf(resultOf(replyTo(server, call("ask"))), "requestState").bytes();
        const RawJson again =
            resultOf(replyTo(server, call("ask", ",\"inputResponses\":{\"whom\":{\"action\":\"cancel\"}},\"requestState\":" + state)));
        QVERIFY(!memberOf(memberOf(again, "inputRequests"), "who").isEmpty());
        QVERIFY(memberOf(again, "requestState").bytes() != state);
    }
    void anAnswerThatComesWithTheFirstRequestIsNotAskedFor()
    {
        Server server;
        const RawReply reply = replyTo(server, call("ask", ",\"inputResponses\":{\"who\":{\"action\":\"decline\"}}"));
        QCOMPARE(memberOf(resultOf(reply), "action").bytes(), QByteArray("\"decline\""));
    }
    void aClientThatDoesNotComeBackCancels()
    {
        Server server;
        const QByteArray state = memberOf(resultOf(replyTo(server, call("ask"))), "requestState").bytes();
        server.clock.advance(server.limits.inputTime);
        QTRY_VERIFY(told(*server.front.sessions[0], "notifications/cancelled") > 0);
        QCOMPARE(codeOf(replyTo(server, call("ask", ",\"inputResponses\":{},\"requestState\":" + state))), QByteArray("-32602"));
    }
    void aListenerIsToldWhatItAskedFor()
    {
        Server server;
        RawClient tools(server.port), resources(server.port);
        tools.send(bytesOf(server, {.method = "subscriptions/listen",
                                    .params = "\"notifications\":{\"toolsListChanged\":true,\"promptsListChanged\":true}",
                                    .id = "7"}));
        QTRY_COMPARE(tools.reply().events().size(), 1);
        QVERIFY(tools.reply().events()[0].contains("notifications/subscriptions/acknowledged"));
        QVERIFY(tools.reply().events()[0].contains("\"notifications\":{\"toolsListChanged\":true}")); // there are no prompts
        QVERIFY(tools.reply().events()[0].contains("\"io.modelcontextprotocol/subscriptionId\":7"));
        resources.send(bytesOf(
            server,
            {.method = "subscriptions/listen", .params = "\"notifications\":{\"resourceSubscriptions\":[\"a://b\"]}", .id = "\"s\""}));
        QTRY_COMPARE(resources.reply().events().size(), 1);
        EchoSession &session = *server.front.sessions[0];
        QCOMPARE(told(session, "resources/subscribe"), 1);

        session.push("{\"jsonrpc\":\"2.0\",\"method\":\"notifications/resources/updated\",\"params\":{\"uri\":\"a://b\"}}");
        session.push("{\"jsonrpc\":\"2.0\",\"method\":\"notifications/resources/updated\",\"params\":{\"uri\":\"a://c\"}}");
        session.push("{\"jsonrpc\":\"2.0\",\"method\":\"notifications/tools/list_changed\"}");
        QTRY_COMPARE(tools.reply().events().size(), 2);
        QVERIFY(tools.reply().events()[1].contains("tools/list_changed") && tools.reply().events()[1].contains("subscriptionId\":7"));
        QTRY_COMPARE(resources.reply().events().size(), 2);
        QVERIFY(resources.reply().events()[1].contains("a://b") && resources.reply().events()[1].contains("subscriptionId\":\"s\""));
        resources.socket.abort();
        QTRY_COMPARE(told(session, "resources/unsubscribe"), 1);
    }
    void aSessionThatIsNotUsedIsLetGo()
    {
        Server server;
        replyTo(server, {.method = "tools/list"});
        QCOMPARE(server.front.sessions.size(), 1);
        server.clock.advance(server.limits.sessionIdle);
        server.clock.advance(server.limits.sessionIdle / 4);
        QTRY_VERIFY(server.front.sessions.isEmpty());
    }
    void setsOfCapabilitiesAreBounded()
    {
        Server server;
        for (int i = 0; i < server.limits.capabilitySets + 3; ++i)
            QCOMPARE(
                replyTo(
                    server,
                    {.method = "tools/list",
                     .meta =
                         "\"io.modelcontextprotocol/protocolVersion\":\"2026-07-28\",\"io.modelcontextprotocol/clientCapabilities\":{\"a\":"
                         + QByteArray::number(i) + '}'})
                    .status,
                200);
        QTRY_COMPARE(server.front.sessions.size(), server.limits.capabilitySets);
    }
    void whoCannotBeginIsToldWhy()
    {
        Server server;
        server.front.refusesInitialize = true;
        QCOMPARE(codeOf(replyTo(server, {.method = "tools/list"})), QByteArray("-32602"));
        QVERIFY(memberOf(resultOf(replyTo(server, call("echo"))), "isError").bytes() == "true");
        QTRY_VERIFY(server.front.sessions.isEmpty());
    }
};
COUNTERSIGN_TEST(tst_ModernEndpoint)
#include "tst_ModernEndpoint.moc"
