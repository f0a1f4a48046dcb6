// SPDX-FileCopyrightText: 2026 The Countersign authors
// SPDX-License-Identifier: GPL-3.0-or-later
#include "server/HttpFixture.h"
#include "support/Runner.h"
#include <QFile>

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

// What slow, silent, greedy and many clients get.
class tst_HttpLimits : public QObject
{
    Q_OBJECT
private Q_SLOTS:
    void aGigabyteIsRefusedInLittleMemory()
    {
        HttpFixture server;
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
        HttpFixture server;
        RawClient client(server.port);
        if (part == "BODY")
            part = server.head("POST /mcp", "Content-Length: 10\r\n") + "abc";
        else if (part == "CHUNKS")
            part = server.head("POST /mcp", "Transfer-Encoding: chunked\r\n") + "5\r\nab";
        QTRY_COMPARE(client.socket.state(), QAbstractSocket::ConnectedState);
        client.send(part);
        server.roundTrip();
        server.clock.advance(std::chrono::seconds(seconds) - 1s);
        server.roundTrip();
        QVERIFY(client.received.isEmpty());
        server.clock.advance(1300ms);
        QTRY_COMPARE(client.reply().status, 408);
        QTRY_VERIFY(client.isClosed());
    }
    void anIdleConnectionIsClosedAndAnOpenStreamIsNot()
    {
        HttpFixture server;
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
    void aReaderTooFarBehindIsCutOff()
    {
        Limits limits;
        limits.queuedOutput = 256 * 1024;
        HttpFixture server(limits);
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
        HttpFixture server(limits);
        server.holds = true;
        RawClient client(server.port);
        client.socket.setReadBufferSize(1024);
        QObject::disconnect(&client.socket, &QTcpSocket::readyRead, nullptr, nullptr);
        client.send(server.post("{}"));
        QTRY_COMPARE(server.held.size(), size_t(1));
        server.held.front()->beginStream();
        server.held.front()->event('"' + QByteArray(16 * 1024 * 1024, 'x') + '"');
        server.roundTrip();
        // Once to see what is queued, once to see that nothing moved.
        for (int i = 0; i < 4 && server.gone == 0; ++i) {
            server.clock.advance(31s);
            server.roundTrip();
        }
        QTRY_COMPARE(server.gone, 1);
    }
    void connectionsWithoutATokenAreFewAndHarmNobody()
    {
        Limits limits;
        limits.unauthenticated = 4;
        HttpFixture server(limits);
        std::deque<RawClient> silent;
        for (int i = 0; i < 6; ++i)
            silent.emplace_back(server.port);
        for (const RawClient &client : silent)
            QTRY_COMPARE(client.socket.state(), QAbstractSocket::ConnectedState);
        server.roundTrip(); // with a token, served all the same
        RawClient wrong(server.port);
        wrong.send("POST /mcp HTTP/1.1\r\nHost: 127.0.0.1:" + QByteArray::number(server.port) + "\r\n\r\n");
        QTRY_COMPARE(wrong.reply().status, 503);
        server.clock.advance(1500ms);
        const auto refused = [&] {
            return std::count_if(silent.begin(), silent.end(), [](const RawClient &c) { return c.reply().status == 503; });
        };
        QTRY_COMPARE(refused(), 2);
        for (int i = 0; i < 4; ++i)
            QVERIFY(!silent[size_t(i)].isClosed());
    }
    void tooManyConnectionsAreTold503()
    {
        Limits limits;
        limits.connections = 8;
        HttpFixture server(limits);
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
        QVERIFY(QTest::qWaitFor([&] { return server.statusOfOne() == 200; }));
    }
    void manyClientsAtOnceAreAllServed()
    {
        const int count = qEnvironmentVariableIsSet("COUNTERSIGN_LONG_TESTS") ? 500 : 100;
        HttpFixture server;
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
    void nothingWakesUpWhenNobodyIsConnected()
    {
        HttpFixture server;
        {
            RawClient client(server.port);
            client.send(server.post("{}"));
            QTRY_COMPARE(client.reply().status, 200);
        }
        server.roundTrip();
        server.clock.advance(200s);
        QCOMPARE(server.clock.pending(), 0);
    }
};

COUNTERSIGN_TEST(tst_HttpLimits)
#include "tst_HttpLimits.moc"
