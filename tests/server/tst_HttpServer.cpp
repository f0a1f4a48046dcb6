// SPDX-FileCopyrightText: 2026 The Countersign authors
// SPDX-License-Identifier: GPL-3.0-or-later
#include "server/HttpFixture.h"
#include "server/SocketCalls.h"
#include "support/Runner.h"
#include <QRandomGenerator>

using namespace mcpcore;
using namespace std::chrono_literals;

// The guard and Qt HttpServer together, on real sockets. Time stands still until a test moves it.
class tst_HttpServer : public QObject
{
    Q_OBJECT

private Q_SLOTS:
    void whatIsSentGetsThisStatusAndEnd_data()
    {
        QTest::addColumn<QByteArray>("bytes"); // HOST stands for our Host
        QTest::addColumn<QList<int>>("statuses");
        QTest::addColumn<bool>("closes");
        const QByteArray fields = "\r\nHost: HOST\r\nAuthorization: Bearer cst_a\r\nContent-Type: application/json\r\n";
        const QByteArray post = "POST /mcp HTTP/1.1" + fields;
        const auto row = [](const char *name, const QByteArray &bytes, const QList<int> &statuses, bool closes) {
            QTest::newRow(name) << bytes << statuses << closes;
        };
        row("a length", post + "Content-Length: 2\r\n\r\n{}", {200}, false);
        row("no body", post + "\r\n", {200}, false);
        row("chunks", post + "Transfer-Encoding: chunked\r\n\r\n1\r\n{\r\n1\r\n}\r\n0\r\n\r\n", {200}, false);
        row("two, one after the other at once", post + "Content-Length: 2\r\n\r\n{}" + post + "Content-Length: 2\r\n\r\n[]", {200, 200},
            false);
        row("chunks, then another", post + "Transfer-Encoding: chunked\r\n\r\n2\r\n{}\r\n0\r\n\r\n" + post + "\r\n", {200, 200}, false);
        row("Connection: close", post + "Connection: close\r\n\r\n", {200}, true);
        row("GET", "GET /mcp HTTP/1.1" + fields + "\r\n", {200}, false);
        row("DELETE", "DELETE /mcp HTTP/1.1" + fields + "\r\n", {200}, false);
        row("HTTP/1.0", "POST /mcp HTTP/1.0" + fields + "\r\n", {505}, true);
        row("HTTP/9.9", "POST /mcp HTTP/9.9" + fields + "\r\n", {505}, true);
        row("no host", "POST /mcp HTTP/1.1\r\nAuthorization: Bearer cst_a\r\n\r\n", {400}, true);
        row("two hosts", post + "Host: HOST\r\n\r\n", {400}, true);
        row("wrong host", "POST /mcp HTTP/1.1\r\nHost: evil\r\n\r\n", {403}, true);
        row("malformed field", post + "nonsense\r\n\r\n", {400}, true);
        row("Content-Length: -5 does not smuggle", post + "Content-Length: -5\r\n\r\n" + post + "\r\n", {400}, true);
        row("Content-Length: 5x", post + "Content-Length: 5x\r\n\r\nhello", {400}, true);
        row("two lengths", post + "Content-Length: 2\r\nContent-Length: 3\r\n\r\n{}", {400}, true);
        row("length and chunks", post + "Content-Length: 2\r\nTransfer-Encoding: chunked\r\n\r\n0\r\n\r\n", {400}, true);
        row("bad chunk size", post + "Transfer-Encoding: chunked\r\n\r\nxyz\r\n{}\r\n0\r\n\r\n", {400}, true);
        row("negative chunk size", post + "Transfer-Encoding: chunked\r\n\r\n-2\r\n{}\r\n0\r\n\r\n", {400}, true);
        row("chunk extension", post + "Transfer-Encoding: chunked\r\n\r\n2;a=b\r\n{}\r\n0\r\n\r\n", {400}, true);
        row("trailer", post + "Transfer-Encoding: chunked\r\n\r\n2\r\n{}\r\n0\r\nX: y\r\n\r\n", {400}, true);
        row("LF line ends", QByteArray(post + "\r\n").replace("\r\n", "\n"), {400}, true);
        row("folded field", post + "X: a\r\n b\r\n\r\n", {400}, true);
        row("NUL", post + QByteArray("X: a\0b\r\n\r\n", 10), {400}, true);
        row("absolute form", "POST http://HOST/mcp HTTP/1.1" + fields + "\r\n", {400}, true);
        row("authority form", "CONNECT HOST HTTP/1.1" + fields + "\r\n", {400}, true);
        row("websocket",
            "GET /mcp HTTP/1.1" + fields
                + "Connection: Upgrade\r\nUpgrade: websocket\r\nSec-WebSocket-Version: 13\r\n"
                  "Sec-WebSocket-Key: AAAAAAAAAAAAAAAAAAAAAA==\r\n\r\n",
            {400}, true);
        row("OPTIONS", "OPTIONS /mcp HTTP/1.1" + fields + "\r\n", {405}, true);
        row("HEAD", "HEAD /mcp HTTP/1.1" + fields + "\r\n", {405}, true);
        row("TRACE", "TRACE /mcp HTTP/1.1" + fields + "\r\n", {405}, true);
        row("origin", post + "Origin: http://evil.example.com\r\n\r\n", {403}, true);
        row("no token", "POST /mcp HTTP/1.1\r\nHost: HOST\r\nContent-Type: application/json\r\nContent-Length: 2\r\n\r\n{}", {401}, true);
        row("well-known", "GET /.well-known/oauth-protected-resource HTTP/1.1\r\nHost: HOST\r\n\r\n", {404}, true);
        row("text", "POST /mcp HTTP/1.1\r\nHost: HOST\r\nAuthorization: Bearer cst_a\r\nContent-Type: text/plain\r\n\r\n", {415}, true);
        row("1 GB by length", post + "Content-Length: 1073741824\r\n\r\n", {413}, true);
        row("large chunk", post + "Transfer-Encoding: chunked\r\n\r\n500000\r\n", {413}, true);
        row("long address", "POST /" + QByteArray(4000, 'a') + " HTTP/1.1" + fields + "\r\n", {414}, true);
        row("long header", post + "X: " + QByteArray(20'000, 'a') + "\r\n\r\n", {431}, true);
        row("many fields", post + QByteArray("X: y\r\n").repeated(70) + "\r\n", {431}, true);
        row("TLS", QByteArray("\x16\x03\x01\x02\x00\x01\x00\x01\xfc\x03\x03", 11), {400}, true);
    }
    void whatIsSentGetsThisStatusAndEnd()
    {
        QFETCH(QByteArray, bytes);
        QFETCH(QList<int>, statuses);
        QFETCH(bool, closes);
        HttpFixture server;
        RawClient client(server.port);
        client.send(bytes.replace("HOST", "127.0.0.1:" + QByteArray::number(server.port)));
        for (const int status : statuses) {
            QTRY_VERIFY(client.reply().complete);
            const RawReply reply = client.take();
            QCOMPARE(reply.status, status);
            QCOMPARE(reply.field("cache-control"), QByteArray("no-store"));
            QCOMPARE(reply.field("connection") == "close", closes);
            if (status == 401) {
                QCOMPARE(reply.field("www-authenticate"), QByteArray("Bearer"));
                QVERIFY(!reply.head.contains("resource_metadata"));
            }
            if (status == 405)
                QCOMPARE(reply.field("allow"), QByteArray("POST, GET, DELETE"));
            if (status >= 400)
                QVERIFY(reply.body.startsWith("{\"jsonrpc\":\"2.0\",\"error\":{\"code\":-32600"));
        }
        if (closes)
            QTRY_VERIFY(client.isClosed());
        else
            QVERIFY(!client.isClosed());
        QVERIFY(client.received.isEmpty());
        const bool reached = statuses.contains(200);
        QCOMPARE(server.bodies.size(), reached ? statuses.size() : 0);
        QCOMPARE(server.refusals.size(), reached || statuses.contains(404) ? 0 : 1);
    }
    void requestsCutAnywhereAreReadTheSame()
    {
        HttpFixture server;
        QRandomGenerator random(20261121);
        RawClient client(server.port);
        for (int round = 0; round < 60; ++round) {
            QByteArray body(random.bounded(1, 3000), Qt::Uninitialized);
            for (char &c : body)
                c = char('a' + random.bounded(26));
            QByteArray bytes;
            if (random.bounded(2)) {
                bytes = server.post(body);
            } else {
                bytes = server.head("POST /mcp", "Transfer-Encoding: chunked\r\n");
                for (qsizetype at = 0; at < body.size();) {
                    const QByteArray chunk = body.mid(at, random.bounded(1, 900));
                    bytes += QByteArray::number(chunk.size(), 16) + "\r\n" + chunk + "\r\n";
                    at += chunk.size();
                }
                bytes += "0\r\n\r\n";
            }
            for (qsizetype at = 0; at < bytes.size();) {
                const qsizetype piece = random.bounded(1, 400);
                client.send(bytes.mid(at, piece));
                at += piece;
                QCoreApplication::processEvents();
            }
            QTRY_VERIFY(client.reply().complete);
            const RawReply reply = client.take();
            QCOMPARE(reply.status, 200);
            QCOMPARE(reply.body, body);
        }
    }
    void aBodyAnnouncedWith100ContinueIsAskedFor()
    {
        HttpFixture server;
        RawClient client(server.port);
        client.send(server.head("POST /mcp", "Expect: 100-continue\r\nContent-Length: 2\r\n"));
        QTRY_COMPARE(client.received, QByteArray("HTTP/1.1 100 Continue\r\n\r\n"));
        client.received.clear();
        client.send("{}");
        QTRY_COMPARE(client.reply().status, 200);
    }
    void aWrongTokenIsRefusedBeforeTheBodyIsSent()
    {
        HttpFixture server;
        RawClient client(server.port);
        client.send("POST /mcp HTTP/1.1\r\nHost: 127.0.0.1:" + QByteArray::number(server.port)
                    + "\r\nAuthorization: Bearer cst_x\r\nContent-Type: application/json\r\nContent-Length: 1000000\r\n\r\n");
        QTRY_COMPARE(client.reply().status, 401);
        QTRY_VERIFY(client.isClosed());
    }
    void aStreamIsSentAtOnceAndInOrder()
    {
        HttpFixture server;
        server.holds = true;
        RawClient client(server.port);
        client.send(server.post("{}"));
        QTRY_COMPARE(server.held.size(), size_t(1));
        Exchange &exchange = *server.held.front();
        exchange.beginStream();
        QTRY_COMPARE(client.reply().status, 200);
        QCOMPARE(client.reply().field("content-type"), QByteArray("text/event-stream"));
        QCOMPARE(client.reply().field("x-accel-buffering"), QByteArray("no"));
        exchange.event("{\"n\":1}");
        QTRY_COMPARE(client.reply().events().size(), 1);
        for (int n = 2; n <= 200; ++n)
            exchange.event("{\"n\":" + QByteArray::number(n) + "\n}");
        exchange.keepAlive();
        exchange.keepAlive();
        exchange.endStream("{\"n\":201 }");
        QTRY_VERIFY(client.reply().complete);
        const auto events = client.reply().events();
        QCOMPARE(events.size(), 201);
        for (int n = 1; n <= 201; ++n)
            QVERIFY(events[n - 1].startsWith("{\"n\":" + QByteArray::number(n)));
        QCOMPARE(client.reply().body.count("\n:\n\n"), 1);
        // The connection is free for the next request.
        server.holds = false;
        client.take();
        client.send(server.post("[]"));
        QTRY_COMPARE(client.reply().body, QByteArray("[]"));
    }
    void anUnansweredRequestIsAnsweredWhenItIsDropped()
    {
        HttpFixture server;
        server.holds = true;
        RawClient client(server.port);
        client.send(server.post("{}"));
        QTRY_COMPARE(server.held.size(), size_t(1));
        server.held.clear();
        QTRY_COMPARE(client.reply().status, 500);
    }
    void aClientThatLeavesIsNoticed_data()
    {
        QTest::addColumn<bool>("streaming");
        QTest::addColumn<bool>("reset");
        QTest::newRow("waiting, closed") << false << false;
        QTest::newRow("waiting, reset") << false << true;
        QTest::newRow("streaming, closed") << true << false;
        QTest::newRow("streaming, reset") << true << true;
    }
    void aClientThatLeavesIsNoticed()
    {
        QFETCH(bool, streaming);
        QFETCH(bool, reset);
        HttpFixture server;
        server.holds = true;
        RawClient client(server.port);
        client.send(server.post("{}"));
        QTRY_COMPARE(server.held.size(), size_t(1));
        if (streaming) {
            server.held.front()->beginStream();
            QTRY_COMPARE(client.reply().status, 200);
        }
        if (reset)
            client.socket.setSocketOption(QAbstractSocket::LowDelayOption, 1);
        reset ? client.socket.abort() : client.socket.disconnectFromHost();
        QTRY_COMPARE(server.gone, 1);
        // Nothing that is done with the exchange afterwards does harm.
        server.held.front()->event("{}");
        server.held.front()->respond(200, "application/json", "{}");
        server.held.front()->endStream();
        server.held.clear();
    }
    void aHalfClosedClientGetsItsAnswerOrIsNoticedAsGone()
    {
        HttpFixture server;
        RawClient now(server.port);
        QTRY_COMPARE(now.socket.state(), QAbstractSocket::ConnectedState);
        now.send(server.post("{}"));
        shutDownWriting(now.socket.socketDescriptor());
        QTRY_COMPARE(now.reply().status, 200);
        server.holds = true;
        RawClient later(server.port);
        QTRY_COMPARE(later.socket.state(), QAbstractSocket::ConnectedState);
        later.send(server.post("{}"));
        shutDownWriting(later.socket.socketDescriptor());
        QTRY_COMPARE(server.gone, 1);
    }
    void aRequestBeforeTheAnswerToTheLastOneIsDropped()
    {
        HttpFixture server;
        server.holds = true;
        RawClient client(server.port);
        client.send(server.post("{\"n\":1}"));
        QTRY_COMPARE(server.held.size(), size_t(1));
        client.send(server.post("{\"n\":2}"));
        client.send(server.post("{\"n\":3}"));
        server.roundTrip();
        QCOMPARE(server.bodies.size(), 2); // the round trip is the other one
        server.held.front()->respond(200, "application/json", "{\"answer\":1}");
        QTRY_VERIFY(client.isClosed());
        QCOMPARE(client.take().body, QByteArray("{\"answer\":1}"));
        QVERIFY(client.received.isEmpty());
    }
    void aTakenPortIsAnError()
    {
        HttpFixture server;
        HttpServer other({server.limits, server.clock, {}, {}}, {});
        const auto listened = other.listen(server.port);
        QVERIFY(!listened);
        QVERIFY(listened.error().kind == Error::Kind::Conflict);
        QVERIFY(listened.error().message.contains(QString::number(server.port)));
    }
    void onlyLoopbackIsListenedOn()
    {
        HttpFixture server;
        QTcpSocket socket;
        socket.connectToHost(QStringLiteral("127.0.0.2"), server.port);
        QTRY_COMPARE(socket.state(), QAbstractSocket::UnconnectedState);
    }
};

COUNTERSIGN_TEST(tst_HttpServer)
#include "tst_HttpServer.moc"
