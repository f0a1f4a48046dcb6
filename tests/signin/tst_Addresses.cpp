// SPDX-FileCopyrightText: 2026 The Countersign authors
// SPDX-License-Identifier: GPL-3.0-or-later
#include "support/Runner.h"
#include "upstream/Addresses.h"
#include "upstream/CurlLoop.h"
#include <QTcpServer>
#include <QTest>

using namespace mcpcore;

namespace {

// Remembers how an exchange ended.
class End final : public HttpReceiver
{
public:
    bool takeHead(const HttpHead &head) override
    {
        status = head.status;
        return true;
    }
    bool takeBody(std::string_view) override { return true; }
    void takeEnd(const HttpEnd &end) override { ended = end; }
    int status = 0;
    std::optional<HttpEnd> ended;
};

} // namespace

class tst_Addresses : public QObject
{
    Q_OBJECT
private Q_SLOTS:
    void whatIsNotThePublicInternetIsPrivate_data()
    {
        QTest::addColumn<bool>("isPrivate");
        for (const char *host : {"127.0.0.1",
                                 "10.1.2.3",
                                 "172.16.0.1",
                                 "172.31.255.255",
                                 "192.168.1.1",
                                 "169.254.169.254",
                                 "100.64.0.1",
                                 "0.0.0.0",
                                 "224.0.0.1",
                                 "255.255.255.255",
                                 "::1",
                                 "::",
                                 "fe80::1",
                                 "fc00::1",
                                 "fd12:3456::1",
                                 "ff02::1",
                                 "::ffff:10.0.0.1",
                                 "::ffff:127.0.0.1",
                                 "64:ff9b::a00:1",
                                 "2002:7f00:1::",
                                 "2001:db8::1",
                                 "::10.0.0.1",
                                 "localhost",
                                 "a.localhost",
                                 "LOCALHOST",
                                 "localhost.",
                                 "nas",
                                 "printer.local",
                                 "db.internal",
                                 "router.home.arpa",
                                 ""})
            QTest::newRow(host) << true;
        for (const char *host :
             {"1.1.1.1", "8.8.8.8", "172.32.0.1", "172.15.0.1", "100.128.0.1", "192.167.1.1", "2606:4700::1111", "::ffff:8.8.8.8",
              "64:ff9b::808:808", "2002:808:808::", "example.com", "local.example.com", "mcp.stripe.com"})
            QTest::newRow(host) << false;
    }
    void whatIsNotThePublicInternetIsPrivate()
    {
        QFETCH(bool, isPrivate);
        QCOMPARE(isPrivateHost(QLatin1String(QTest::currentDataTag())), isPrivate);
    }
    // A name may resolve to anything: what counts is where the connection would go.
    void nothingIsSentToAPrivateAddressWhereOnlyPublicOnesMayBeReached()
    {
        QTcpServer server;
        QVERIFY(server.listen(QHostAddress::LocalHost));
        CurlLoop loop;
        const auto request = [&](HttpRequest::Reach reach) {
            HttpRequest made;
            made.proxy = HttpRequest::Proxy::None;
            made.reach = reach;
            made.url = "http://localhost:" + QByteArray::number(server.serverPort()) + "/";
            return made;
        };
        End refused;
        loop.start(request(HttpRequest::Reach::Public), &refused);
        QTRY_VERIFY(refused.ended);
        QCOMPARE(refused.ended->kind, HttpEnd::Kind::NotSent);
        QVERIFY2(refused.ended->reason.contains(QStringLiteral("private network")), qPrintable(refused.ended->reason));
        QVERIFY(!server.hasPendingConnections());
        // The same address is reached by those who may; a connection of theirs is not taken over.
        connect(&server, &QTcpServer::newConnection, this, [&] {
            QTcpSocket *socket = server.nextPendingConnection();
            connect(socket, &QTcpSocket::readyRead, socket, [socket] { socket->write("HTTP/1.1 200 OK\r\nContent-Length: 0\r\n\r\n"); });
        });
        End reached, refusedAgain;
        loop.start(request(HttpRequest::Reach::Anywhere), &reached);
        QTRY_VERIFY(reached.ended);
        QCOMPARE(reached.status, 200);
        loop.start(request(HttpRequest::Reach::Public), &refusedAgain);
        QTRY_VERIFY(refusedAgain.ended);
        QCOMPARE(refusedAgain.ended->kind, HttpEnd::Kind::NotSent);
    }
};

COUNTERSIGN_TEST(tst_Addresses)
#include "tst_Addresses.moc"
