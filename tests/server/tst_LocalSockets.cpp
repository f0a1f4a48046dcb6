// SPDX-FileCopyrightText: 2026 The Countersign authors
// SPDX-License-Identifier: GPL-3.0-or-later
#include "protocol/ErrorMapping.h"
#include "server/BridgeSocket.h"
#include "server/ControlSocket.h"
#include "server/SocketCalls.h"
#include "server/SocketPath.h"
#include "support/EchoFrontDoor.h"
#include "support/Runner.h"
#include <QFile>
#include <QFileInfo>
#include <QTemporaryDir>
#include <deque>
#include <unistd.h>

using namespace mcpcore;

namespace {

// Keeps the lines that come from a local socket.
class LineClient
{
public:
    explicit LineClient(const QString &path)
    {
        QObject::connect(&socket, &QLocalSocket::readyRead, &socket, [this] { received += socket.readAll(); });
        socket.connectToServer(path);
    }
    void send(const QByteArray &bytes)
    {
        socket.write(bytes);
        socket.flush();
    }
    QList<QByteArray> lines() const { return received.isEmpty() ? QList<QByteArray>() : received.chopped(1).split('\n'); }
    bool isClosed() const { return socket.state() == QLocalSocket::UnconnectedState; }
    QLocalSocket socket;
    QByteArray received;
};

// Answers a request by its member "do".
class FakePort final : public ControlPort
{
public:
    void handle(const RawJson &request, std::function<void(QByteArray, bool)> reply) override
    {
        requests.push_back(request.bytes());
        const QByteArray act = memberOf(request, "do").bytes();
        if (act == "\"stream\"" || act == "\"later\"")
            replies.push_back(std::move(reply));
        else
            reply("{\"done\":" + act + '}', true);
    }
    QList<QByteArray> requests;
    std::deque<std::function<void(QByteArray, bool)>> replies;
};

const QByteArray hello = QByteArrayLiteral("{\"bridge\":1,\"client\":\"a\"}\n");
const QByteArray initialize = QByteArrayLiteral(
    "{\"jsonrpc\":\"2.0\",\"id\":0,\"method\":\"initialize\",\"params\":{\"protocolVersion\":\"2025-03-26\",\"capabilities\":{}}}\n");

} // namespace

class tst_LocalSockets : public QObject
{
    Q_OBJECT

    struct Bridge {
        explicit Bridge(Limits l = {}) : limits(l)
        {
            path = folder.filePath(QStringLiteral("bridge.sock"));
            listened = socket.listen(path);
        }
        QTemporaryDir folder;
        Limits limits;
        EchoFrontDoor front;
        BridgeSocket socket{front, limits};
        QString path;
        Result<> listened;
    };
    struct Control {
        explicit Control(Limits l = {}) : limits(l)
        {
            path = folder.filePath(QStringLiteral("control.sock"));
            listened = socket.listen(path);
        }
        QTemporaryDir folder;
        Limits limits;
        FakePort port;
        ControlSocket socket{port, limits};
        QString path;
        Result<> listened;
    };

private Q_SLOTS:
    void theSocketIsForThisUserOnly()
    {
        Bridge bridge;
        QVERIFY(bridge.listened);
        QVERIFY(QFileInfo::exists(bridge.path));
        const auto permissions = QFileInfo(bridge.path).permissions();
        QVERIFY(!(permissions & (QFileDevice::ReadGroup | QFileDevice::WriteGroup | QFileDevice::ReadOther | QFileDevice::WriteOther)));
    }
    void aSocketLeftOverIsReplacedAndAFileIsNot()
    {
        Bridge bridge;
        BridgeSocket again(bridge.front, bridge.limits);
        QVERIFY(again.listen(bridge.path));
        LineClient client(bridge.path);
        client.send(hello);
        QTRY_COMPARE(client.received, QByteArray("{\"ok\":true}\n"));
        const QString file = bridge.folder.filePath(QStringLiteral("file"));
        QFile made(file);
        QVERIFY(made.open(QIODevice::WriteOnly));
        BridgeSocket third(bridge.front, bridge.limits);
        QVERIFY(!third.listen(file));
        QVERIFY(made.exists());
    }
    void theBridgeSpeaksLines()
    {
        Bridge bridge;
        LineClient client(bridge.path);
        client.send(hello + initialize + "{\"jsonrpc\":\"2.0\",\"method\":\"notifications/initialized\"}\r\n\n");
        client.send(
            "{\"jsonrpc\":\"2.0\",\"id\":1,\"method\":\"tools/call\",\"params\":{\"name\":\"progress\",\"arguments\":{\"b\" : 1e2}}}\n");
        QTRY_COMPARE(client.lines().size(), 6);
        const auto lines = client.lines();
        QCOMPARE(lines[0], QByteArray("{\"ok\":true}"));
        QVERIFY(lines[1].contains("\"protocolVersion\":\"2025-03-26\""));
        QVERIFY(lines[2].contains("\"progress\":1"));
        QVERIFY(lines[4].contains("\"progress\":3"));
        QVERIFY(lines[5].contains("{\"b\" : 1e2}"));
        QCOMPARE(bridge.front.sessions[0]->received, QList<QByteArray>{"{\"jsonrpc\":\"2.0\",\"method\":\"notifications/initialized\"}"});
        bridge.front.sessions[0]->push("{\n\"n\":\r\n1}");
        QTRY_COMPARE(client.lines().size(), 7);
        QCOMPARE(client.lines()[6], QByteArray("{ \"n\":  1}"));
    }
    void thePeerIsTheProgramAboveTheBridge()
    {
        Bridge bridge;
        LineClient client(bridge.path);
        client.send(hello);
        QTRY_COMPARE(client.lines().size(), 1);
        // This test is its own bridge, so what is above it is its parent.
        QVERIFY(bridge.front.lastPeer.way == Peer::Way::Bridge);
        QCOMPARE(bridge.front.lastPeer.pid, qint64(::getppid()));
        QCOMPARE(bridge.front.lastPeer.program, QFile::symLinkTarget(QStringLiteral("/proc/%1/exe").arg(::getppid())));
        QCOMPARE(programOf(::getpid()), QCoreApplication::applicationFilePath());
        QCOMPARE(programOf(0), QString());
        QCOMPARE(parentOf(0), 0);
    }
    void theHelloMayNameAScope()
    {
        Bridge bridge;
        LineClient client(bridge.path);
        client.send("{\"bridge\":1,\"client\":\"a\",\"connection\":\"stripe\",\"environment\":\"sandbox\"}\n");
        QTRY_COMPARE(client.received, QByteArray("{\"ok\":true}\n"));
        QCOMPARE(bridge.front.lastScope.connection->text, QStringLiteral("stripe"));
        QCOMPARE(bridge.front.lastScope.environment->text, QStringLiteral("sandbox"));
    }
    void aWrongHelloIsAnsweredWithTheReason_data()
    {
        QTest::addColumn<QByteArray>("line");
        QTest::addColumn<QByteArray>("kind");
        QTest::newRow("not JSON") << QByteArray("GET / HTTP/1.1\r\n") << QByteArray("invalid-request");
        QTest::newRow("empty line") << QByteArray("\n") << QByteArray("invalid-request");
        QTest::newRow("no version") << QByteArray("{\"client\":\"a\"}\n") << QByteArray("invalid-request");
        QTest::newRow("other version") << QByteArray("{\"bridge\":2,\"client\":\"a\"}\n") << QByteArray("invalid-request");
        QTest::newRow("JSON-RPC first") << initialize << QByteArray("invalid-request");
        QTest::newRow("unknown client") << QByteArray("{\"bridge\":1,\"client\":\"nobody\"}\n") << QByteArray("unauthorized");
        QTest::newRow("no client") << QByteArray("{\"bridge\":1}\n") << QByteArray("unauthorized");
        QTest::newRow("half a scope") << QByteArray("{\"bridge\":1,\"client\":\"a\",\"connection\":\"stripe\"}\n")
                                      << QByteArray("invalid-argument");
        QTest::newRow("unknown connection") << QByteArray(
            "{\"bridge\":1,\"client\":\"a\",\"connection\":\"nothing\",\"environment\":\"sandbox\"}\n")
                                            << QByteArray("not-found");
        QTest::newRow("too long") << QByteArray(3'000, 'a') << QByteArray("invalid-request");
    }
    void aWrongHelloIsAnsweredWithTheReason()
    {
        QFETCH(QByteArray, line);
        QFETCH(QByteArray, kind);
        Limits limits;
        limits.bridgeLine = 2'000;
        Bridge bridge(limits);
        LineClient client(bridge.path);
        client.send(line);
        QTRY_VERIFY(client.isClosed());
        QVERIFY2(client.received.startsWith("{\"error\":{\"kind\":\"" + kind + "\",\"message\":\""), client.received.constData());
        QCOMPARE(bridge.front.sessions.size(), 0);
        QCOMPARE(bridge.front.refusals.size(), 1);
    }
    void messagesOfAnySizeInAnyPieces()
    {
        Limits limits;
        limits.bridgeLine = 1024 * 1024;
        Bridge bridge(limits);
        LineClient client(bridge.path);
        client.send(hello + initialize);
        QTRY_COMPARE(client.lines().size(), 2);
        for (const qsizetype size : {1, 100, 70'000, 1'000'000}) {
            client.received.clear();
            const QByteArray text = '"' + QByteArray(size, 'x') + '"';
            const QByteArray line =
                "{\"jsonrpc\":\"2.0\",\"id\":1,\"method\":\"tools/call\",\"params\":{\"name\":\"echo\",\"arguments\":{\"t\":" + text
                + "}}}\n";
            for (qsizetype at = 0; at < line.size(); at += 40'000) {
                client.send(line.mid(at, 40'000));
                QCoreApplication::processEvents();
            }
            QTRY_VERIFY(client.received.endsWith('\n'));
            QVERIFY(client.received.contains(text));
        }
        client.received.clear();
        client.send("{\"x\":\"" + QByteArray(1024 * 1024, 'x'));
        QTRY_VERIFY(client.isClosed());
        QVERIFY(client.received.contains("-32600"));
        QTRY_COMPARE(bridge.front.sessions.size(), 0);
    }
    void aLineThatIsNoMessageIsAnsweredAndTheNextOneRead()
    {
        Bridge bridge;
        LineClient client(bridge.path);
        client.send(hello + initialize + "nonsense\n[\n{\"jsonrpc\":\"2.0\",\"id\":2,\"method\":\"ping\"}\n");
        QTRY_COMPARE(client.lines().size(), 5);
        QVERIFY(client.lines()[2].contains("\"error\""));
        QVERIFY(client.lines()[3].contains("-32700"));
        QCOMPARE(client.lines()[4], QByteArray("{\"jsonrpc\":\"2.0\",\"id\":2,\"result\":{}}"));
        client.send("[{\"jsonrpc\":\"2.0\",\"id\":3,\"method\":\"ping\"},{\"jsonrpc\":\"2.0\",\"id\":4,\"method\":\"ping\"}]\n[]\n");
        QTRY_COMPARE(client.lines().size(), 8);
        QVERIFY(client.lines()[6].contains("\"id\":4"));
        QVERIFY(client.lines()[7].contains("-32600"));
    }
    void aBridgeThatLeavesEndsItsSession()
    {
        Bridge bridge;
        {
            LineClient client(bridge.path);
            client.send(hello + initialize);
            QTRY_COMPARE(client.lines().size(), 2);
            QCOMPARE(bridge.front.sessions.size(), 1);
        }
        QTRY_COMPARE(bridge.front.sessions.size(), 0);
    }
    void aClientThatIsShutOutIsToldAndDisconnected()
    {
        Bridge bridge;
        LineClient client(bridge.path);
        client.send(hello + initialize);
        QTRY_COMPARE(client.lines().size(), 2);
        Q_EMIT bridge.front.sessions.first()->shutOut();
        QTRY_VERIFY(client.isClosed());
        QVERIFY2(client.lines().last().contains("revoked"), client.received.constData());
        QTRY_COMPARE(bridge.front.sessions.size(), 0);
    }
    void localConnectionsAreBounded()
    {
        Limits limits;
        limits.localConnections = 2;
        Bridge bridge(limits);
        std::deque<LineClient> clients;
        for (int i = 0; i < 2; ++i) {
            clients.emplace_back(bridge.path);
            clients.back().send(hello);
            QTRY_COMPARE(clients.back().lines().size(), 1);
        }
        {
            LineClient third(bridge.path);
            QTRY_VERIFY(third.isClosed());
        }
        clients.pop_front();
        QVERIFY(QTest::qWaitFor([&] {
            LineClient next(bridge.path);
            next.send(hello);
            return QTest::qWaitFor([&] { return next.isClosed() || !next.received.isEmpty(); }) && !next.received.isEmpty();
        }));
    }
    void theControlSocketAnswersInOrder()
    {
        Control control;
        QVERIFY(control.listened);
        LineClient client(control.path);
        client.send("{\"do\":\"later\"}\n{\"do\":1}\n{\"do\":2}\n");
        QTRY_COMPARE(control.port.requests.size(), 1);
        control.port.replies[0]("{\"first\":true}", true);
        QTRY_COMPARE(client.lines(), (QList<QByteArray>{"{\"first\":true}", "{\"done\":1}", "{\"done\":2}"}));
        QVERIFY(!client.isClosed());
    }
    void theControlSocketStreamsUntilTheAskerLeaves()
    {
        Control control;
        {
            LineClient client(control.path);
            client.send("{\"do\":\"stream\"}\n");
            QTRY_COMPARE(control.port.replies.size(), size_t(1));
            control.port.replies[0]("{\"n\":1}", false);
            control.port.replies[0]("{\"n\":2}", false);
            control.port.replies[0]("{\"n\":3}", true);
            control.port.replies[0]("{\"n\":4}", false);
            QTRY_COMPARE(client.lines().size(), 3);
            client.send("{\"do\":\"stream\"}\n");
            QTRY_COMPARE(control.port.replies.size(), size_t(2));
            QCOMPARE(client.lines().size(), 3);
        }
        LineClient other(control.path);
        other.send("{\"do\":5}\n");
        QTRY_COMPARE(other.lines().size(), 1);
        control.port.replies[1]("{\"nobody\":\"reads this\"}", true);
        QCOMPARE(other.lines().size(), 1);
    }
    void aWrongControlRequestIsAnsweredWithTheReason_data()
    {
        QTest::addColumn<QByteArray>("bytes");
        QTest::newRow("not JSON") << QByteArray("hello\n");
        QTest::newRow("array") << QByteArray("[1]\n");
        QTest::newRow("empty line") << QByteArray("\n");
        QTest::newRow("too long") << QByteArray(3'000, 'a') + '\n';
        QTest::newRow("endless") << QByteArray(3'000, 'a');
    }
    void aWrongControlRequestIsAnsweredWithTheReason()
    {
        QFETCH(QByteArray, bytes);
        Limits limits;
        limits.controlLine = 2'000;
        Control control(limits);
        LineClient client(control.path);
        client.send(bytes);
        QTRY_VERIFY(client.isClosed());
        QVERIFY(client.received.startsWith("{\"error\":{\"kind\":\"invalid-request\""));
        QCOMPARE(control.port.requests.size(), 0);
    }
    void aLongPathFallsBackToTheRuntimeFolder()
    {
        qputenv("XDG_RUNTIME_DIR", "/run/user/7");
        QCOMPARE(socketPathFor("/home/a/.local/share/countersign", "bridge.sock"),
                 std::string("/home/a/.local/share/countersign/bridge.sock"));
        const std::string deep = '/' + std::string(87, 'd');
        QCOMPARE(socketPathFor(deep, "bridge.sock").size(), size_t(deep.size() + 12));
        const std::string deeper = deep + 'x';
        const std::string hashed = socketPathFor(deeper, "bridge.sock");
        QVERIFY(hashed.starts_with("/run/user/7/countersign-"));
        QVERIFY(hashed.ends_with("-bridge.sock"));
        QVERIFY(hashed != socketPathFor(deeper + 'y', "bridge.sock"));
        QCOMPARE(hashed, socketPathFor(deeper, "bridge.sock"));
    }
};

COUNTERSIGN_TEST(tst_LocalSockets)
#include "tst_LocalSockets.moc"
