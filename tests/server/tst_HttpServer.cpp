// SPDX-FileCopyrightText: 2026 The Countersign authors
// SPDX-License-Identifier: GPL-3.0-or-later
#include "server/HttpServer.h"
#include "server/SocketCalls.h"
#include "support/FakeClock.h"
#include "support/RawClient.h"
#include "support/Runner.h"
#include <QFile>
#include <QRandomGenerator>
#include <deque>

using namespace mcpcore;
using namespace std::chrono_literals;

namespace {

// Memory of this process that is in use, in KiB.
qint64 residentKib()
{
    QFile status(QStringLiteral("/proc/self/status"));
    if (!status.open(QIODevice::ReadOnly))
        return 0;
    const QByteArray text = status.readAll();
    return text.mid(text.indexOf("VmRSS:") + 6, 16).split('k')[0].trimmed().toLongLong();
}

} // namespace

// The guard and Qt HttpServer together, on real sockets. Time stands still until a test moves it.
class tst_HttpServer : public QObject
{
    Q_OBJECT

    struct Server {
        explicit Server(Limits l = {}) : limits(l)
        {
            http = std::make_unique<HttpServer>(GuardRules{limits, clock,
                                                           [](std::string_view token) {
                                                               return token == "cst_a" ? std::optional(ClientId{QStringLiteral("a")}) : std::nullopt;
                                                           },
                                                           [this](const Refusal &refusal) { refusals.push_back(refusal.status); }},
                                                [this](std::shared_ptr<Exchange> exchange) { handle(std::move(exchange)); });
            port = http->listen(0).value_or(0);
        }
        void handle(std::shared_ptr<Exchange> exchange)
        {
            bodies.push_back(exchange->body());
            if (holds) {
                exchange->onGone(&context, [this] { ++gone; });
                held.push_back(std::move(exchange));
            } else {
                exchange->respond(200, "application/json", exchange->body());
            }
        }
        QByteArray head(const QByteArray &line, const QByteArray &fields = {}) const
        {
            return line + " HTTP/1.1\r\nHost: 127.0.0.1:" + QByteArray::number(port)
                + "\r\nAuthorization: Bearer cst_a\r\nContent-Type: application/json\r\n" + fields + "\r\n";
        }
        QByteArray post(const QByteArray &body, const QByteArray &fields = {}) const
        {
            return head("POST /mcp", fields + "Content-Length: " + QByteArray::number(body.size()) + "\r\n") + body;
        }
        FakeClock clock;
        Limits limits;
        QObject context;
        QList<int> refusals;
        QList<QByteArray> bodies;
        std::deque<std::shared_ptr<Exchange>> held;
        bool holds = false;
        int gone = 0;
        quint16 port = 0;
        std::unique_ptr<HttpServer> http;
    };

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
        row("two, one after the other at once", post + "Content-Length: 2\r\n\r\n{}" + post + "Content-Length: 2\r\n\r\n[]", {200, 200}, false);
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
        row("websocket", "GET /mcp HTTP/1.1" + fields + "Connection: Upgrade\r\nUpgrade: websocket\r\nSec-WebSocket-Version: 13\r\n"
                           "Sec-WebSocket-Key: AAAAAAAAAAAAAAAAAAAAAA==\r\n\r\n", {400}, true);
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
        Server server;
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
        Server server;
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
        Server server;
        RawClient client(server.port);
        client.send(server.head("POST /mcp", "Expect: 100-continue\r\nContent-Length: 2\r\n"));
        QTRY_COMPARE(client.received, QByteArray("HTTP/1.1 100 Continue\r\n\r\n"));
        client.received.clear();
        client.send("{}");
        QTRY_COMPARE(client.reply().status, 200);
    }
    void aWrongTokenIsRefusedBeforeTheBodyIsSent()
    {
        Server server;
        RawClient client(server.port);
        client.send("POST /mcp HTTP/1.1\r\nHost: 127.0.0.1:" + QByteArray::number(server.port)
                    + "\r\nAuthorization: Bearer cst_x\r\nContent-Type: application/json\r\nContent-Length: 1000000\r\n\r\n");
        QTRY_COMPARE(client.reply().status, 401);
        QTRY_VERIFY(client.isClosed());
    }
    void aGigabyteIsRefusedInLittleMemory()
    {
        Server server;
        const qint64 before = residentKib();
        for (const bool chunked : {false, true}) {
            RawClient client(server.port);
            client.send(server.head("POST /mcp", chunked ? "Transfer-Encoding: chunked\r\n" : "Content-Length: 1073741824\r\n"));
            const QByteArray piece = chunked ? "10000\r\n" + QByteArray(65536, 'a') + "\r\n" : QByteArray(65536, 'a');
            for (int i = 0; i < 16'384 && client.reply().status == 0 && !client.isClosed(); ++i) {
                client.send(piece);
                QTRY_VERIFY(client.socket.bytesToWrite() < 1024 * 1024 || client.reply().status != 0 || client.isClosed());
            }
            QTRY_COMPARE(client.reply().status, 413);
            QTRY_VERIFY(client.isClosed() || client.reply().complete);
        }
        QVERIFY2(residentKib() - before < 64 * 1024, qPrintable(QString::number(residentKib() - before)));
        QVERIFY(server.bodies.isEmpty());
    }
    void whoIsSlowIsTold408_data()
    {
        QTest::addColumn<QByteArray>("part");
        QTest::addColumn<int>("seconds");
        QTest::newRow("silent") << QByteArray() << 10;
        QTest::newRow("header byte by byte") << QByteArray("POST /mcp HT") << 10;
        QTest::newRow("body") << QByteArray("BODY") << 30;
        QTest::newRow("chunked body") << QByteArray("CHUNKS") << 30;
    }
    void whoIsSlowIsTold408()
    {
        QFETCH(QByteArray, part);
        QFETCH(int, seconds);
        Server server;
        RawClient client(server.port);
        if (part == "BODY")
            part = server.head("POST /mcp", "Content-Length: 10\r\n") + "abc";
        else if (part == "CHUNKS")
            part = server.head("POST /mcp", "Transfer-Encoding: chunked\r\n") + "5\r\nab";
        QTRY_COMPARE(client.socket.state(), QAbstractSocket::ConnectedState);
        client.send(part);
        roundTrip(server);
        server.clock.advance(std::chrono::seconds(seconds) - 1s);
        roundTrip(server);
        QVERIFY(client.received.isEmpty());
        server.clock.advance(1300ms);
        QTRY_COMPARE(client.reply().status, 408);
        QTRY_VERIFY(client.isClosed());
    }
    void anIdleConnectionIsClosedAndAnOpenStreamIsNot()
    {
        Server server;
        RawClient idle(server.port);
        idle.send(server.post("{}"));
        QTRY_COMPARE(idle.reply().status, 200);
        server.holds = true;
        RawClient open(server.port);
        open.send(server.post("{}"));
        QTRY_COMPARE(server.held.size(), size_t(1));
        server.held.front()->beginStream();
        QTRY_COMPARE(open.reply().status, 200);
        server.clock.advance(74s);
        QVERIFY(!idle.isClosed());
        server.clock.advance(2s);
        QTRY_VERIFY(idle.isClosed());
        server.clock.advance(3600s);
        server.held.front()->event("{}");
        QTRY_COMPARE(open.reply().events().size(), 1);
    }
    void aStreamIsSentAtOnceAndInOrder()
    {
        Server server;
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
        Server server;
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
        Server server;
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
        Server server;
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
        Server server;
        server.holds = true;
        RawClient client(server.port);
        client.send(server.post("{\"n\":1}"));
        QTRY_COMPARE(server.held.size(), size_t(1));
        client.send(server.post("{\"n\":2}"));
        client.send(server.post("{\"n\":3}"));
        roundTrip(server);
        QCOMPARE(server.bodies.size(), 2); // the round trip is the other one
        server.held.front()->respond(200, "application/json", "{\"answer\":1}");
        QTRY_VERIFY(client.isClosed());
        QCOMPARE(client.take().body, QByteArray("{\"answer\":1}"));
        QVERIFY(client.received.isEmpty());
    }
    void aReaderTooFarBehindIsCutOff()
    {
        Limits limits;
        limits.queuedOutput = 256 * 1024;
        Server server(limits);
        server.holds = true;
        RawClient client(server.port);
        client.socket.setReadBufferSize(1024);
        QObject::disconnect(&client.socket, &QTcpSocket::readyRead, nullptr, nullptr);
        client.send(server.post("{}"));
        QTRY_COMPARE(server.held.size(), size_t(1));
        server.held.front()->beginStream();
        const QByteArray event = '"' + QByteArray(64 * 1024, 'x') + '"';
        for (int i = 0; i < 1'000 && server.gone == 0; ++i) {
            server.held.front()->event(event);
            QCoreApplication::processEvents();
        }
        QCOMPARE(server.gone, 1);
    }
    void aReaderThatStopsIsCutOffInTime()
    {
        Limits limits;
        limits.queuedOutput = 64 * 1024 * 1024;
        Server server(limits);
        server.holds = true;
        RawClient client(server.port);
        client.socket.setReadBufferSize(1024);
        QObject::disconnect(&client.socket, &QTcpSocket::readyRead, nullptr, nullptr);
        client.send(server.post("{}"));
        QTRY_COMPARE(server.held.size(), size_t(1));
        server.held.front()->beginStream();
        server.held.front()->event('"' + QByteArray(16 * 1024 * 1024, 'x') + '"');
        roundTrip(server);
        // Once to see what is queued, once to see that nothing moved.
        for (int i = 0; i < 4 && server.gone == 0; ++i) {
            server.clock.advance(31s);
            roundTrip(server);
        }
        QTRY_COMPARE(server.gone, 1);
    }
    void connectionsWithoutATokenAreFewAndHarmNobody()
    {
        Limits limits;
        limits.unauthenticated = 4;
        Server server(limits);
        std::deque<RawClient> silent;
        for (int i = 0; i < 6; ++i)
            silent.emplace_back(server.port);
        for (const RawClient &client : silent)
            QTRY_COMPARE(client.socket.state(), QAbstractSocket::ConnectedState);
        roundTrip(server); // with a token, served all the same
        RawClient wrong(server.port);
        wrong.send("POST /mcp HTTP/1.1\r\nHost: 127.0.0.1:" + QByteArray::number(server.port) + "\r\n\r\n");
        QTRY_COMPARE(wrong.reply().status, 503);
        server.clock.advance(1500ms);
        const auto refused = [&] { return std::count_if(silent.begin(), silent.end(), [](const RawClient &c) { return c.reply().status == 503; }); };
        QTRY_COMPARE(refused(), 2);
        for (int i = 0; i < 4; ++i)
            QVERIFY(!silent[size_t(i)].isClosed());
    }
    void tooManyConnectionsAreTold503()
    {
        Limits limits;
        limits.connections = 8;
        Server server(limits);
        std::deque<RawClient> clients;
        for (int i = 0; i < 8; ++i) {
            clients.emplace_back(server.port);
            clients.back().send(server.post("{}"));
            QTRY_COMPARE(clients.back().reply().status, 200);
        }
        RawClient surplus(server.port);
        surplus.send(server.post("{}"));
        QTRY_COMPARE(surplus.reply().status, 503);
        QTRY_VERIFY(surplus.isClosed());
        clients.pop_front();
        QVERIFY(QTest::qWaitFor([&] { return statusOfOne(server) == 200; }));
    }
    void manyClientsAtOnceAreAllServed()
    {
        const int count = qEnvironmentVariableIsSet("COUNTERSIGN_LONG_TESTS") ? 500 : 100;
        Server server;
        server.holds = true;
        std::deque<RawClient> clients;
        for (int i = 0; i < count; ++i) {
            clients.emplace_back(server.port);
            clients.back().send(server.post(QByteArray::number(i)));
        }
        QTRY_COMPARE_WITH_TIMEOUT(server.held.size(), size_t(count), 20'000);
        for (const auto &exchange : server.held)
            exchange->beginStream();
        for (const auto &exchange : server.held)
            exchange->endStream(exchange->body());
        for (int i = 0; i < count; ++i) {
            QTRY_VERIFY(clients[size_t(i)].reply().complete);
            QCOMPARE(clients[size_t(i)].reply().events(), QList<QByteArray>{QByteArray::number(i)});
        }
    }
    void aTakenPortIsAnError()
    {
        Server server;
        HttpServer other({server.limits, server.clock, {}, {}}, {});
        const auto listened = other.listen(server.port);
        QVERIFY(!listened);
        QVERIFY(listened.error().kind == Error::Kind::Conflict);
        QVERIFY(listened.error().message.contains(QString::number(server.port)));
    }
    void onlyLoopbackIsListenedOn()
    {
        Server server;
        QTcpSocket socket;
        socket.connectToHost(QStringLiteral("127.0.0.2"), server.port);
        QTRY_COMPARE(socket.state(), QAbstractSocket::UnconnectedState);
    }
    void nothingWakesUpWhenNobodyIsConnected()
    {
        Server server;
        {
            RawClient client(server.port);
            client.send(server.post("{}"));
            QTRY_COMPARE(client.reply().status, 200);
        }
        roundTrip(server);
        server.clock.advance(200s);
        QCOMPARE(server.clock.pending(), 0);
    }

private:
    static int statusOfOne(Server &server)
    {
        RawClient client(server.port);
        client.send(server.post("{}"));
        return QTest::qWaitFor([&] { return client.reply().status != 0; }) ? client.reply().status : 0;
    }
    // When another client has been served, everything that was on its way before has arrived.
    static void roundTrip(Server &server)
    {
        const bool holds = std::exchange(server.holds, false);
        RawClient client(server.port);
        client.send(server.post("{\"round\":\"trip\"}"));
        QTRY_COMPARE(client.reply().status, 200);
        server.holds = holds;
    }
};

COUNTERSIGN_TEST(tst_HttpServer)
#include "tst_HttpServer.moc"
