// SPDX-FileCopyrightText: 2026 The Countersign authors
// SPDX-License-Identifier: GPL-3.0-or-later
#include "base/Ids.h"
#include "server/HttpServer.h"
#include "server/McpEndpoint.h"
#include "support/EchoFrontDoor.h"
#include "support/FakeClock.h"
#include "support/RawClient.h"
#include "support/Runner.h"

using namespace mcpcore;

// Clients with sessions that lose a stream and come back for the rest of it (Last-Event-ID). Time stands still until a test
// moves it.
class tst_Resumption : public QObject
{
    Q_OBJECT

    struct Server {
        explicit Server(Limits l = {}) : limits(l)
        {
            http = std::make_unique<HttpServer>(
                GuardRules{limits, clock, [this](std::string_view token) { return front.clientOfToken(token); }, {}},
                [this](const std::shared_ptr<Exchange> &exchange) { endpoint.handle(exchange); });
            port = http->listen(0).value_or(0);
        }
        FakeClock clock;
        SystemIds ids{clock};
        Limits limits;
        EchoFrontDoor front;
        McpEndpoint endpoint{front, ids, clock, limits};
        quint16 port = 0;
        std::unique_ptr<HttpServer> http;
    };

    // One request as a client of the official SDK sends it; empty values are left out.
    struct Request {
        QByteArray method = "POST";
        QByteArray body = {};
        QByteArray session = {};
        QByteArray version = {};
        QByteArray accept = "application/json, text/event-stream";
        QByteArray token = "cst_a";
        QByteArray path = "/mcp";
    };
    static QByteArray bytesOf(const Server &server, const Request &request)
    {
        QByteArray out = request.method + ' ' + request.path + " HTTP/1.1\r\nHost: 127.0.0.1:" + QByteArray::number(server.port)
                         + "\r\nAuthorization: Bearer " + request.token + "\r\nContent-Type: application/json\r\n";
        if (!request.session.isEmpty())
            out += "Mcp-Session-Id: " + request.session + "\r\n";
        if (!request.version.isEmpty())
            out += "MCP-Protocol-Version: " + request.version + "\r\n";
        if (!request.accept.isEmpty())
            out += "Accept: " + request.accept + "\r\n";
        return out + "Content-Length: " + QByteArray::number(request.body.size()) + "\r\n\r\n" + request.body;
    }
    static RawReply replyTo(Server &server, const Request &request)
    {
        RawClient client(server.port);
        client.send(bytesOf(server, request));
        if (!QTest::qWaitFor([&] { return client.reply().complete; }))
            qWarning("no complete reply: %s", client.received.constData());
        return client.reply();
    }
    // The head of a stream that is not answered at once comes alone, a moment later.
    static bool opens(Server &server, const RawClient &client)
    {
        return QTest::qWaitFor([&] {
            server.clock.advance(server.limits.streamAfter);
            return client.reply().status == 200;
        });
    }
    static QByteArray initializeBody(const QByteArray &version)
    {
        return "{\"jsonrpc\":\"2.0\",\"id\":0,\"method\":\"initialize\",\"params\":{\"protocolVersion\":\"" + version
               + "\",\"capabilities\":{},\"clientInfo\":{\"name\":\"t\",\"version\":\"1\"}}}";
    }
    static QByteArray call(const QByteArray &id, const QByteArray &tool, const QByteArray &arguments = "{}")
    {
        return "{\"jsonrpc\":\"2.0\",\"id\":" + id + ",\"method\":\"tools/call\",\"params\":{\"name\":\"" + tool
               + "\",\"arguments\":" + arguments + "}}";
    }
    // A session's id.
    static QByteArray begin(Server &server, const QByteArray &version = "2025-11-25", const QByteArray &token = "cst_a",
                            const QByteArray &path = "/mcp")
    {
        return replyTo(server, {.body = initializeBody(version), .token = token, .path = path}).field("mcp-session-id");
    }
    static QByteArray resumption(const Server &server, const QByteArray &session, const QByteArray &lastEventId)
    {
        QByteArray bytes = bytesOf(server, {.method = "GET", .session = session});
        return bytes.insert(bytes.indexOf("Accept:"), "Last-Event-ID: " + lastEventId + "\r\n");
    }
    // What a client that comes back is sent until its stream ends.
    static RawReply resume(Server &server, const QByteArray &session, const QByteArray &lastEventId)
    {
        RawClient client(server.port);
        client.send(resumption(server, session, lastEventId));
        if (!QTest::qWaitFor([&] { return client.reply().complete; }))
            qWarning("no complete reply: %s", client.received.constData());
        return client.reply();
    }
private Q_SLOTS:
    void aClientThatComesBackGetsWhatItMissedOfItsStream()
    {
        Server server;
        const QByteArray id = begin(server);
        QByteArray place;
        {
            RawClient client(server.port);
            client.send(bytesOf(server, {.body = call("1", "hold"), .session = id}));
            QVERIFY(opens(server, client));
            QTRY_VERIFY(client.reply().body.startsWith("id: ") && client.reply().body.endsWith("\ndata: \n\n"));
            place = client.reply().body.mid(4, client.reply().body.indexOf('\n') - 4);
        }
        const RawReply other = replyTo(server, {.body = call("2", "progress"), .session = id}); // another stream
        QCOMPARE(other.events().size(), 4);
        server.front.answerHeld();
        const RawReply resumed = resume(server, id, place);
        QCOMPARE(resumed.field("content-type"), QByteArray("text/event-stream"));
        QCOMPARE(resumed.events().size(), 1);
        QVERIFY(resumed.events()[0].contains("\"id\":1,"));
        QVERIFY(server.front.sessions[0]->lost.isEmpty());
        // From its last event on there is nothing more, and nobody else's id opens anything.
        const QByteArray last = resumed.body.mid(resumed.body.indexOf("id: ") + 4);
        QCOMPARE(resume(server, id, last.left(last.indexOf('\n'))).events().size(), 0);
        RawClient stranger(server.port);
        stranger.send(resumption(server, begin(server), place));
        QTRY_COMPARE(stranger.reply().status, 200); // a stream of its own
        QVERIFY(stranger.reply().events().isEmpty());
    }
    void aClientThatComesBackInTimeGoesOnWithItsCall()
    {
        Server server;
        const QByteArray id = begin(server);
        RawClient client(server.port);
        client.send(bytesOf(server, {.body = call("1", "hold"), .session = id}));
        QVERIFY(opens(server, client));
        QTRY_VERIFY(client.reply().body.endsWith("\ndata: \n\n"));
        const QByteArray place = client.reply().body.mid(4, client.reply().body.indexOf('\n') - 4);
        RawClient again(server.port);
        again.send(resumption(server, id, place));
        QTRY_COMPARE(again.reply().status, 200);
        QTRY_VERIFY(client.reply().complete); // the old one is over
        server.clock.advance(server.limits.returnTime);
        server.front.answerHeld();
        QTRY_COMPARE(again.reply().events().size(), 1);
        QTRY_VERIFY(again.reply().complete);
        QVERIFY(server.front.sessions[0]->lost.isEmpty());
    }
    void whatWasMissedOnTheStreamOfTheSessionIsSentAgain()
    {
        Server server;
        const QByteArray id = begin(server);
        EchoSession &session = *server.front.sessions[0];
        QByteArray place;
        {
            RawClient client(server.port);
            client.send(bytesOf(server, {.method = "GET", .session = id}));
            QTRY_COMPARE(client.reply().status, 200);
            for (const char *n : {"1", "2", "3"})
                session.push("{\"n\":" + QByteArray(n) + '}');
            QTRY_COMPARE(client.reply().events().size(), 3);
            const QByteArray body = client.reply().body;
            const QByteArray first = body.mid(body.indexOf("id: ", body.indexOf("event:")) + 4);
            place = first.left(first.indexOf('\n'));
        }
        RawClient again(server.port);
        again.send(resumption(server, id, place));
        QTRY_COMPARE(again.reply().events(), (QList<QByteArray>{"{\"n\":2}", "{\"n\":3}"}));
    }
    void olderClientsGetNoEmptyEvent()
    {
        Server server;
        const QByteArray id = begin(server, "2025-06-18");
        RawClient client(server.port);
        client.send(bytesOf(server, {.method = "GET", .session = id}));
        QTRY_COMPARE(client.reply().status, 200);
        server.front.sessions[0]->push("{}");
        QTRY_COMPARE(client.reply().events().size(), 1);
        QVERIFY(client.reply().body.startsWith("event: message\nid: "));
    }
};
COUNTERSIGN_TEST(tst_Resumption)
#include "tst_Resumption.moc"
