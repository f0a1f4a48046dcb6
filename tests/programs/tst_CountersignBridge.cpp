// SPDX-FileCopyrightText: 2026 The Countersign authors
// SPDX-License-Identifier: GPL-3.0-or-later
#include "programs/FakeApp.h"
#include "support/Runner.h"
#include <QFile>
#include <QProcess>
#include <QTemporaryDir>
#include <csignal>
#include <sys/socket.h>
#include <sys/un.h>
#include <sys/wait.h>
#include <unistd.h>

namespace {

const QByteArray initialize = "{\"jsonrpc\":\"2.0\",\"id\":0,\"method\":\"initialize\",\"params\":{\"protocolVersion\":\"2025-11-25\"}}";
const QByteArray initializeAnswer = "{\"jsonrpc\":\"2.0\",\"id\":0,\"result\":{\"capabilities\":{}}}";
const QByteArray initialized = "{\"jsonrpc\":\"2.0\",\"method\":\"notifications/initialized\"}";

QByteArray request(int id, const QByteArray &method = "tools/list")
{
    return "{\"jsonrpc\":\"2.0\",\"id\":" + QByteArray::number(id) + ",\"method\":\"" + method + "\"}";
}
QByteArray answer(int id)
{
    return "{\"jsonrpc\":\"2.0\",\"id\":" + QByteArray::number(id) + ",\"result\":{}}";
}

} // namespace

class tst_CountersignBridge : public QObject
{
    Q_OBJECT

    std::unique_ptr<QTemporaryDir> m_profile;
    std::unique_ptr<FakeApp> m_app;
    std::unique_ptr<QProcess> m_bridge;
    QList<QByteArray> m_answers; // lines the client got
    QByteArray m_open;

    QString socketPath() const { return m_profile->filePath(QStringLiteral("bridge.sock")); }
    void startApp() { m_app = std::make_unique<FakeApp>(socketPath()); }
    void startBridge(const QStringList &more = {})
    {
        m_bridge = std::make_unique<QProcess>();
        connect(m_bridge.get(), &QProcess::readyReadStandardOutput, this, &tst_CountersignBridge::readAnswers);
        m_bridge->start(QStringLiteral(COUNTERSIGN_BINARY_DIR "/countersign-bridge"),
                        QStringList{QStringLiteral("--client"), QStringLiteral("cursor"), QStringLiteral("--profile"), m_profile->path()}
                            + more);
        QVERIFY(m_bridge->waitForStarted());
    }
    void readAnswers()
    {
        m_open += m_bridge->readAllStandardOutput();
        for (qsizetype end; (end = m_open.indexOf('\n')) >= 0; m_open.remove(0, end + 1))
            m_answers += m_open.left(end);
    }
    void say(const QByteArray &line) { m_bridge->write(line + '\n'); }
    void openSession()
    {
        startApp();
        startBridge();
        say(initialize);
        QTRY_COMPARE(m_app->lines.size(), 1);
        m_app->send(initializeAnswer + '\n');
        say(initialized);
        QTRY_COMPARE(m_app->lines.size(), 2);
        QTRY_COMPARE(m_answers.size(), 1);
        m_app->lines.clear();
        m_answers.clear();
    }
    void restartApp()
    {
        m_app.reset();
        startApp();
    }

private Q_SLOTS:
    void init()
    {
        m_profile = std::make_unique<QTemporaryDir>();
        m_answers.clear();
        m_open.clear();
    }
    void cleanup()
    {
        if (m_bridge && m_bridge->state() == QProcess::Running) {
            m_bridge->kill();
            m_bridge->waitForFinished();
        }
        m_bridge.reset();
        m_app.reset();
    }

    void greetsAndCarriesLinesBothWaysUnchanged()
    {
        startApp();
        startBridge();
        const QByteArray odd = " {\"id\" : \"x\\u00e9\", \"method\":\"tools\\/call\",\"params\":{\"b\":1e2,\"a\":1234567890123456789}}\r";
        say(odd);
        QTRY_COMPARE(m_app->lines.size(), 1);
        QCOMPARE(m_app->greeting, QByteArray("{\"bridge\":1,\"client\":\"cursor\"}"));
        QCOMPARE(m_app->lines[0], odd);
        m_app->send("{\"method\":\"notifications/progress\"}\n" + answer(1) + "\n");
        QTRY_COMPARE(m_answers.size(), 2);
        QCOMPARE(m_answers[0], QByteArray("{\"method\":\"notifications/progress\"}"));
        QCOMPARE(m_answers[1], answer(1));
    }
    void namesTheConnectionAndEnvironmentItIsFor()
    {
        startApp();
        startBridge({QStringLiteral("--connection"), QStringLiteral("stripe"), QStringLiteral("--environment"), QStringLiteral("sandbox")});
        say(request(1));
        QTRY_COMPARE(m_app->greeting,
                     QByteArray("{\"bridge\":1,\"client\":\"cursor\",\"connection\":\"stripe\",\"environment\":\"sandbox\"}"));
    }
    void everyRequestWithoutTheAppIsAnsweredWithItsId()
    {
        startBridge();
        say(initialize);
        say(initialized);
        say(request(7));
        say("{\"method\":\"tools/call\",\"id\":\"seven\"}");
        say("nonsense");
        QTRY_COMPARE(m_answers.size(), 4);
        const QByteArray error = ",\"error\":{\"code\":-32603,\"message\":\"Countersign is not running. Open it, then try again.\"}}";
        QCOMPARE(m_answers[0], "{\"jsonrpc\":\"2.0\",\"id\":0" + error);
        QCOMPARE(m_answers[1], "{\"jsonrpc\":\"2.0\",\"id\":7" + error);
        QCOMPARE(m_answers[2], "{\"jsonrpc\":\"2.0\",\"id\":\"seven\"" + error);
        QVERIFY(m_answers[3].startsWith("{\"jsonrpc\":\"2.0\",\"id\":null,\"error\":{\"code\":-32700"));
        QCOMPARE(m_bridge->state(), QProcess::Running);
    }
    void theAppMayStartAfterTheClient()
    {
        startBridge();
        say(initialize);
        say(initialized);
        startApp();
        QTRY_VERIFY(!m_app->lines.isEmpty());
        m_app->send(initializeAnswer + '\n');
        QTRY_COMPARE(m_app->lines.size(), 2);
        QTRY_COMPARE(m_answers, QList<QByteArray>{initializeAnswer});
    }
    void aRestartOfTheAppIsNotNoticedByTheClient()
    {
        openSession();
        restartApp();
        say(request(1));
        QTRY_COMPARE(m_app->lines.size(), 1);
        QCOMPARE(m_app->lines[0], initialize);
        m_app->send("{\"jsonrpc\":\"2.0\",\"method\":\"notifications/message\"}\n" + initializeAnswer + '\n');
        QTRY_COMPARE(m_app->lines.size(), 3);
        QCOMPARE(m_app->lines[1], initialized);
        QCOMPARE(m_app->lines[2], request(1));
        m_app->send(answer(1) + '\n');
        QTRY_COMPARE(m_answers.size(), 2);
        QCOMPARE(m_answers[1], answer(1));
    }
    void aLongAnswerToTheReplayIsSwallowedToo()
    {
        openSession();
        restartApp();
        say(request(1));
        QTRY_COMPARE(m_app->lines.size(), 1);
        m_app->send("{\"jsonrpc\":\"2.0\",\"id\":0,\"result\":{\"instructions\":\"" + QByteArray(300000, 'i') + "\"}}\n");
        QTRY_COMPARE(m_app->lines.size(), 3);
        m_app->send(answer(1) + '\n');
        QTRY_COMPARE(m_answers, QList<QByteArray>{answer(1)});
    }
    void anAppThatDoesNotTakeTheClientBackSaysSo()
    {
        openSession();
        restartApp();
        say(request(1));
        QTRY_COMPARE(m_app->lines.size(), 1);
        m_app->send("{\"jsonrpc\":\"2.0\",\"id\":0,\"error\":{\"code\":-32602,\"message\":\"no\"}}\n");
        QTRY_COMPARE(m_answers.size(), 1);
        QVERIFY(m_answers[0].contains("Restart the client"));
    }
    void aNewInitializeIsNotPrecededByTheOldOne()
    {
        openSession();
        restartApp();
        say(request(5, "initialize"));
        QTRY_COMPARE(m_app->lines.size(), 1);
        QCOMPARE(m_app->lines[0], request(5, "initialize"));
        m_app->send(answer(5) + '\n');
        QTRY_COMPARE(m_answers, QList<QByteArray>{answer(5)});
    }
    void aStatelessClientIsReconnectedWithoutReplay()
    {
        startApp();
        startBridge();
        say(request(1));
        QTRY_COMPARE(m_app->lines.size(), 1);
        restartApp();
        say(request(2));
        QTRY_COMPARE(m_app->lines, QList<QByteArray>{request(2)});
    }
    void whatRunsWhenTheAppEndsIsAnsweredAndNeverSentAgain()
    {
        openSession();
        say(request(1, "tools/call"));
        say(request(2, "tools/list"));
        QTRY_COMPARE(m_app->lines.size(), 2);
        m_app->send("{\"jsonrpc\":\"2.0\",\"id\":9,\"method\":\"elicitation/create\"}\n");
        QTRY_COMPARE(m_answers.size(), 1);
        restartApp();
        QTRY_COMPARE(m_answers.size(), 4);
        QVERIFY(m_answers[1].startsWith("{\"jsonrpc\":\"2.0\",\"id\":1,\"error\":{\"code\":-32603"));
        QVERIFY(m_answers[1].contains("outcome is unknown: do not repeat it"));
        QVERIFY(m_answers[2].startsWith("{\"jsonrpc\":\"2.0\",\"id\":2,\"error\":{\"code\":-32603"));
        QVERIFY(!m_answers[2].contains("outcome"));
        QVERIFY(m_answers[3].contains("notifications/cancelled") && m_answers[3].contains("\"requestId\":9,"));
        // The late answer to the old app's question reaches nobody.
        say("{\"jsonrpc\":\"2.0\",\"id\":9,\"result\":{\"action\":\"accept\"}}");
        say(request(3));
        QTRY_COMPARE(m_app->lines.size(), 1);
        m_app->send(initializeAnswer + '\n');
        QTRY_COMPARE(m_app->lines.size(), 3);
        QCOMPARE(m_app->lines[2], request(3));
    }
    void answersToTheAppsQuestionsAreCarried()
    {
        openSession();
        m_app->send("{\"jsonrpc\":\"2.0\",\"id\":\"e1\",\"method\":\"elicitation/create\"}\n");
        QTRY_COMPARE(m_answers.size(), 1);
        const QByteArray reply = "{\"jsonrpc\":\"2.0\",\"id\":\"e1\",\"result\":{\"action\":\"accept\"}}";
        say(reply);
        QTRY_COMPARE(m_app->lines, QList<QByteArray>{reply});
    }
    void aRefusalOfTheAppIsPassedOnInItsWords()
    {
        startApp();
        m_app->greetingAnswer = "{\"error\":{\"kind\":\"not-found\",\"message\":\"No client \\\"cursor\\\".\"}}\n";
        startBridge();
        say(request(3));
        QTRY_COMPARE(m_answers.size(), 1);
        QCOMPARE(m_answers[0],
                 QByteArray("{\"jsonrpc\":\"2.0\",\"id\":3,\"error\":{\"code\":-32603,\"message\":\"No client \\\"cursor\\\".\"}}"));
        QCOMPARE(m_app->lines.size(), 0);
        m_app->greetingAnswer = "{\"ok\":true}\n";
        say(request(4));
        QTRY_COMPARE(m_app->lines, QList<QByteArray>{request(4)});
    }
    void anAppThatHangsUpOnUsIsNotAskedForEver()
    {
        startApp();
        m_app->greetingAnswer.clear();
        startBridge();
        say(request(3));
        QTRY_VERIFY(!m_app->greeting.isEmpty());
        m_app->hangUp();
        QTRY_COMPARE(m_answers.size(), 1);
        QVERIFY(m_answers[0].contains("closed the connection"));
        QCOMPARE(m_app->connections, 1);
    }
    void largeLinesPassInBothDirections()
    {
        openSession();
        const QByteArray large =
            "{\"jsonrpc\":\"2.0\",\"method\":\"tools/call\",\"params\":{\"text\":\"" + QByteArray(3000000, 'x') + "\\\"}\"},\"id\":4}";
        say(large);
        QTRY_COMPARE(m_app->lines.size(), 1);
        QVERIFY(m_app->lines[0] == large);
        const QByteArray result = "{\"jsonrpc\":\"2.0\",\"id\":4,\"result\":{\"text\":\"" + QByteArray(3000000, 'y') + "\"}}";
        m_app->send(result + '\n' + answer(5) + '\n');
        QTRY_COMPARE(m_answers.size(), 2);
        QVERIFY(m_answers[0] == result);
        QCOMPARE(m_answers[1], answer(5));
        // Nothing waits any more: the app's end brings no error.
        m_app.reset();
        say(request(6));
        QTRY_COMPARE(m_answers.size(), 3);
        QVERIFY(m_answers[2].contains("not running"));
    }
    void aLargeRequestThatWasCutIsSafeToRepeat()
    {
        openSession();
        m_app->stall();
        m_bridge->write("{\"jsonrpc\":\"2.0\",\"method\":\"tools/call\",\"params\":{\"text\":\"" + QByteArray(3000000, 'x'));
        QVERIFY(m_bridge->waitForBytesWritten());
        m_app->resume();
        QTRY_VERIFY(m_app->bytesOfOpenLine() > 100000);
        m_app.reset();
        m_bridge->write("\"},\"id\":4}\n");
        QTRY_COMPARE(m_answers.size(), 1);
        QVERIFY(m_answers[0].startsWith("{\"jsonrpc\":\"2.0\",\"id\":4,\"error\""));
        QVERIFY(m_answers[0].contains("Nothing was done"));
    }
    void aLargeAnswerThatWasCutIsEndedBeforeTheError()
    {
        openSession();
        say(request(4, "tools/call"));
        QTRY_COMPARE(m_app->lines.size(), 1);
        m_app->send("{\"jsonrpc\":\"2.0\",\"id\":4,\"result\":{\"text\":\"" + QByteArray(300000, 'y'));
        QTRY_VERIFY(m_open.size() > 100000);
        m_app.reset();
        QTRY_COMPARE(m_answers.size(), 2);
        QVERIFY(m_answers[1].startsWith("{\"jsonrpc\":\"2.0\",\"id\":4,\"error\""));
    }
    void aSlowAppHoldsTheClientBackAndLosesNothing()
    {
        openSession();
        m_app->stall();
        for (int i = 0; i < 20000; ++i)
            say(request(i, "tools/call"));
        // The bridge takes what its buffers and the socket's hold, no more.
        QTest::qWait(300);
        QVERIFY(m_bridge->bytesToWrite() > 200000);
        m_app->resume();
        QTRY_COMPARE_WITH_TIMEOUT(m_app->lines.size(), 20000, 60000);
        for (int i = 0; i < 20000; ++i)
            QCOMPARE(m_app->lines[i], request(i, "tools/call"));
    }
    void aClientThatDoesNotReadHoldsTheAppBackAndLosesNothing()
    {
        openSession();
        QVERIFY(::kill(pid_t(m_bridge->processId()), SIGSTOP) == 0);
        for (int i = 0; i < 20000; ++i)
            m_app->send(answer(i) + '\n');
        QVERIFY(::kill(pid_t(m_bridge->processId()), SIGCONT) == 0);
        QTRY_COMPARE_WITH_TIMEOUT(m_answers.size(), 20000, 60000);
        for (int i = 0; i < 20000; ++i)
            QCOMPARE(m_answers[i], answer(i));
    }
    void theEndOfStdinEndsTheBridge()
    {
        openSession();
        say(request(1));
        m_bridge->closeWriteChannel();
        QTRY_COMPARE(m_app->lines.size(), 1);
        m_app->send(answer(1) + '\n');
        QTRY_COMPARE(m_bridge->state(), QProcess::NotRunning);
        QCOMPARE(m_bridge->exitCode(), 0);
        readAnswers();
        QCOMPARE(m_answers, QList<QByteArray>{answer(1)});
        QTRY_VERIFY(m_app->disconnected);
    }
    void aCallNobodyAnsweredDoesNotKeepTheBridge()
    {
        openSession();
        say(request(1, "tools/call"));
        m_bridge->closeWriteChannel();
        QTRY_COMPARE(m_bridge->state(), QProcess::NotRunning);
        QCOMPARE(m_bridge->exitCode(), 0);
        QTRY_VERIFY(m_app->disconnected);
    }
    void aLastLineWithoutALineBreakCounts()
    {
        startApp();
        startBridge();
        m_bridge->write(request(1));
        m_bridge->closeWriteChannel();
        QTRY_COMPARE(m_app->lines, QList<QByteArray>{request(1)});
        QTRY_COMPARE(m_bridge->state(), QProcess::NotRunning);
    }
    void aClientThatWentAwayEndsTheBridge()
    {
        QProcess reader;
        QProcess bridge;
        bridge.setStandardOutputProcess(&reader);
        bridge.start(QStringLiteral(COUNTERSIGN_BINARY_DIR "/countersign-bridge"), {QStringLiteral("--client"), QStringLiteral("cursor")});
        reader.start(QStringLiteral("true"), {});
        QTRY_COMPARE(bridge.state(), QProcess::NotRunning);
        QCOMPARE(bridge.exitCode(), 0);
        reader.waitForFinished();
    }
    void anotherUsersSocketGetsNothing()
    {
        if (::geteuid() != 0)
            QSKIP("Only root can listen as another user.");
        int ready[2];
        QCOMPARE(::pipe(ready), 0);
        const QByteArray path = QFile::encodeName(socketPath());
        const pid_t stranger = ::fork();
        if (stranger == 0) {
            const int server = ::socket(AF_UNIX, SOCK_STREAM, 0);
            sockaddr_un address{};
            address.sun_family = AF_UNIX;
            qstrncpy(address.sun_path, path.constData(), sizeof address.sun_path);
            char bytes[64];
            if (::bind(server, reinterpret_cast<sockaddr *>(&address), sizeof address) || ::setuid(65534) || ::listen(server, 4)
                || ::write(ready[1], "x", 1) != 1)
                ::_exit(1);
            const int client = ::accept(server, nullptr, nullptr);
            ::_exit(::read(client, bytes, sizeof bytes) > 0 ? 2 : 0);
        }
        ::close(ready[1]);
        char c = 0;
        QCOMPARE(::read(ready[0], &c, 1), ssize_t(1));
        ::close(ready[0]);
        startBridge();
        say(request(1));
        QTRY_COMPARE(m_answers.size(), 1);
        QVERIFY(m_answers[0].contains("Another user"));
        int status = 0;
        QCOMPARE(::waitpid(stranger, &status, 0), stranger);
        QCOMPARE(WEXITSTATUS(status), 0);
    }
    void wrongUsageIsExplained_data()
    {
        QTest::addColumn<QString>("arguments");
        QTest::newRow("nothing") << QString();
        QTest::newRow("no value") << QStringLiteral("--client");
        QTest::newRow("bad id") << QStringLiteral("--client a\"b");
        QTest::newRow("long id") << QStringLiteral("--client abcdefghijklmnopqrstu");
        QTest::newRow("unknown option") << QStringLiteral("--client a --token x");
        QTest::newRow("half a scope") << QStringLiteral("--client a --connection stripe");
    }
    void wrongUsageIsExplained()
    {
        QFETCH(QString, arguments);
        QProcess process;
        process.start(QStringLiteral(COUNTERSIGN_BINARY_DIR "/countersign-bridge"), arguments.split(QLatin1Char(' '), Qt::SkipEmptyParts));
        QVERIFY(process.waitForFinished());
        QCOMPARE(process.exitCode(), 64);
        QVERIFY(process.readAllStandardError().contains("Usage:"));
        QVERIFY(process.readAllStandardOutput().isEmpty());
    }
    void staysSmall()
    {
        openSession();
        say(request(1));
        QTRY_COMPARE(m_app->lines.size(), 1);
        QFile file(QStringLiteral("/proc/%1/status").arg(m_bridge->processId()));
        QVERIFY(file.open(QIODevice::ReadOnly));
        const QByteArray status = file.readAll();
        const qsizetype at = status.indexOf("VmRSS:") + 6;
        const int kibibytes = status.mid(at, status.indexOf("kB", at) - at).trimmed().toInt();
        qInfo("The bridge takes %d KiB at rest (aim 1,536, worst 5,120).", kibibytes);
#if !defined(__SANITIZE_ADDRESS__)
        QVERIFY(kibibytes > 0 && kibibytes < 5120);
#endif
    }
};

COUNTERSIGN_TEST(tst_CountersignBridge)
#include "tst_CountersignBridge.moc"
