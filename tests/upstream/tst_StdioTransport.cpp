// SPDX-FileCopyrightText: 2026 The Countersign authors
// SPDX-License-Identifier: GPL-3.0-or-later
#include "support/Runner.h"
#include "upstream/Peers.h"
#include <QDir>
#include <QSignalSpy>
#include <csignal>

using namespace mcpcore;

namespace {

// Gone, or only waiting for somebody to read how it ended.
bool isGone(qint64 process)
{
    QFile stat(QStringLiteral("/proc/%1/stat").arg(process));
    return !stat.open(QIODevice::ReadOnly) || stat.readAll().contains(") Z ");
}

QList<qint64> numbersIn(const QByteArray &array)
{
    QList<qint64> numbers;
    if (const auto elements = elementsOf(RawJson(array)))
        for (const RawJson &element : *elements)
            numbers += element.bytes().toLongLong();
    return numbers;
}

} // namespace

// Faults of local programs, against stdio_peer.py under the real countersign-child.
class tst_StdioTransport : public QObject
{
    Q_OBJECT

    SystemClock clock;
    ProgramEnder ender{clock};
    std::unique_ptr<Upstream> upstream;
    StdioTransport *transport = nullptr;

    Result<> startUpstream(const GuardedCommand &command, KeySource keys = {})
    {
        auto stdio = std::make_unique<StdioTransport>(ender, command, std::move(keys));
        transport = stdio.get();
        upstream = std::make_unique<Upstream>(std::move(stdio), clock, QByteArrayLiteral("{}"));
        std::optional<Result<>> ready;
        upstream->start(Completion<>(upstream.get(), [&](Result<> result) { ready = result; }), Generation::Sessions);
        if (!QTest::qWaitFor([&] { return ready.has_value(); }, 20'000))
            return failure(Error::Kind::Expired, QStringLiteral("not ready"));
        return *ready;
    }
    Result<> startPeer(const QStringList &words = {})
    {
        return startUpstream(stdioPeer(QStringList{QStringLiteral("2025-11-25")} + words));
    }
    QList<qint64> family()
    {
        Outcome outcome;
        callTool(*upstream, "family", "{\"name\":\"f\"}", outcome);
        if (!QTest::qWaitFor([&] { return outcome.answer.has_value(); }, 20'000) || !*outcome.answer)
            return {};
        return numbersIn(memberOf((*outcome.answer)->result, "processes").bytes());
    }

private Q_SLOTS:
    void cleanup() { upstream.reset(); }

    void aServerThatDiesMidCallMayHaveDoneIt()
    {
        QVERIFY(startUpstream(stdioPeer({QStringLiteral("2025-11-25")}, QStringLiteral("PEER_KEY")), keySource("sk_test_very_secret")));
        QSignalSpy closed(upstream.get(), &Upstream::closed);
        Outcome outcome;
        callTool(*upstream, "die", "{\"name\":\"d\"}", outcome);
        TRY_ANSWER(outcome);
        QVERIFY2(outcome.isError(Error::Kind::OutcomeUnknown), qPrintable(outcome.errorText()));
        QTRY_COMPARE(closed.count(), 1);
        const QString why = closed[0][0].value<Error>().message;
        QVERIFY2(why.contains(QLatin1String(" ended with code 3")) && why.contains(QLatin1String("about to die with [key]")),
                 qPrintable(why));
        QVERIFY(!why.contains(QLatin1String("very_secret")) && !outcome.errorText().contains(QLatin1String("very_secret")));
    }
    void aServerKilledMidCallIsToldTheSame()
    {
        QVERIFY(startPeer());
        const auto processes = family();
        QCOMPARE(processes.size(), 3);
        Outcome outcome;
        callTool(*upstream, "mute", "{\"name\":\"m\"}", outcome);
        QTest::qWait(0);
        ::kill(pid_t(processes[0]), SIGKILL);
        TRY_ANSWER(outcome);
        QVERIFY2(outcome.isError(Error::Kind::OutcomeUnknown) && outcome.errorText().contains(QLatin1String("signal 9")),
                 qPrintable(outcome.errorText()));
        for (const qint64 process : processes)
            QTRY_VERIFY_WITH_TIMEOUT(isGone(process), 10'000);
    }
    void linesThatAreNoMessageAreCountedAndDropped()
    {
        QVERIFY(startPeer());
        Outcome outcome;
        callTool(*upstream, "noise", "{\"name\":\"n\"}", outcome);
        TRY_ANSWER(outcome);
        QCOMPARE(outcome.text(), QByteArray("done"));
        QCOMPARE(transport->skippedLines(), 4); // the empty array is an empty batch, the empty line is nothing
    }
    void linesMayComeInPiecesAndWithCarriageReturns()
    {
        QVERIFY(startPeer());
        Outcome pieces, crlf;
        callTool(*upstream, "pieces", "{\"name\":\"p\"}", pieces);
        TRY_ANSWER(pieces);
        QCOMPARE(pieces.text(), QByteArray("\xC3\xA4\xE2\x82\xAC"));
        callTool(*upstream, "crlf", "{\"name\":\"p\"}", crlf);
        TRY_ANSWER(crlf);
        QCOMPARE(crlf.result(), QByteArray("{\"content\": [{\"type\": \"text\", \"text\": \"done\"}]}"));
    }
    void aLineWithoutEndEndsTheProgram()
    {
        QVERIFY(startPeer());
        Outcome outcome;
        QSignalSpy closed(upstream.get(), &Upstream::closed);
        callTool(*upstream, "flood", "{\"name\":\"f\"}", outcome);
        TRY_ANSWER(outcome);
        QVERIFY(outcome.isError(Error::Kind::OutcomeUnknown));
        QTRY_COMPARE(closed.count(), 1);
        QVERIFY(closed[0][0].value<Error>().message.contains(QLatin1String("8 MiB")));
    }
    void onlyTheEndOfALongStderrIsKept()
    {
        QVERIFY(startPeer());
        Outcome chatter, dies;
        callTool(*upstream, "chatter", "{\"name\":\"c\"}", chatter);
        TRY_ANSWER(chatter);
        QSignalSpy closed(upstream.get(), &Upstream::closed);
        callTool(*upstream, "die", "{\"name\":\"d\"}", dies);
        QTRY_COMPARE_WITH_TIMEOUT(closed.count(), 1, 20'000);
        const QString why = closed[0][0].value<Error>().message;
        QVERIFY(why.endsWith(QLatin1String("last words\nabout to die with no key")));
        QVERIFY(why.size() < 4300);
    }
    void theProgramSeesItsKeyAndLittleElse()
    {
        qputenv("PEER_OTHER_SECRET", "must not be seen");
        qputenv("LC_TIME", "C");
        qputenv("PEER_KEY", "of our own environment");
        QVERIFY(startUpstream(stdioPeer({QStringLiteral("2025-11-25")}, QStringLiteral("PEER_KEY")), keySource("sk_test_1")));
        qunsetenv("PEER_OTHER_SECRET");
        qunsetenv("PEER_KEY");
        Outcome outcome;
        callTool(*upstream, "environment", "{\"name\":\"e\"}", outcome);
        TRY_ANSWER(outcome);
        QVERIFY(*outcome.answer);
        const RawJson result = (*outcome.answer)->result;
        const auto members = membersOf(memberOf(result, "environment"));
        QStringList names;
        for (const RawMember &member : *members)
            names += QString::fromUtf8(member.key.data(), qsizetype(member.key.size()));
        QCOMPARE(memberOf(*members, "PEER_KEY").bytes(), QByteArray("\"sk_test_1\""));
        QVERIFY(names.contains(QLatin1String("PATH")) && names.contains(QLatin1String("LC_TIME")));
        static const QStringList allowed{QStringLiteral("PATH"),   QStringLiteral("HOME"),     QStringLiteral("LANG"),
                                         QStringLiteral("TMPDIR"), QStringLiteral("PEER_KEY"), QStringLiteral("LC_TIME"),
                                         QStringLiteral("LC_ALL"), QStringLiteral("LC_CTYPE")};
        for (const QString &name : names)
            QVERIFY2(allowed.contains(name) || name.endsWith(QLatin1String("_proxy"), Qt::CaseInsensitive), qPrintable(name));
        QVERIFY(!result.bytes().contains("must not be seen"));
        QVERIFY(!memberOf(result, "command").bytes().contains("sk_test_1"));
        QCOMPARE(memberOf(result, "mode").bytes(), QByteArray("448")); // 0700
        QVERIFY(*textOf(memberOf(result, "folder")) != QDir::currentPath());
        // stdin, stdout, stderr, and the one listdir itself has open
        QCOMPARE(int(elementsOf(memberOf(result, "descriptors"))->size()), 4);
        const QString folder = *textOf(memberOf(result, "folder"));
        upstream.reset();
        QTRY_VERIFY_WITH_TIMEOUT(!QDir(folder).exists(), 15'000);
    }
    void aKeyThatIsNotToBeHadStartsNothing()
    {
        const auto refused =
            startUpstream(stdioPeer({QStringLiteral("2025-11-25")}, QStringLiteral("PEER_KEY")), [](Completion<Secret> done) {
                done(failure(Error::Kind::SecretUnavailable, QStringLiteral("Not sent: the keychain is locked.")));
            });
        QVERIFY(!refused);
        QCOMPARE(refused.error().message, QStringLiteral("Not sent: the keychain is locked."));
    }
    void aProgramThatIsNotThereSaysSo()
    {
        GuardedCommand command = stdioPeer({});
        command.program = QStringLiteral("/nonexistent/server");
        auto refused = startUpstream(command);
        QVERIFY(!refused);
        QVERIFY2(refused.error().message.contains(QLatin1String("No such file")), qPrintable(refused.error().message));
        command.guard = QStringLiteral("/nonexistent/countersign-child");
        refused = startUpstream(command);
        QVERIFY(!refused);
        QVERIFY2(refused.error().message.contains(QLatin1String("could not be started"))
                     || refused.error().message.contains(QLatin1String("No such file")),
                 qPrintable(refused.error().message));
    }
    void stoppingEndsTheProgramAndAllItStarted_data()
    {
        QTest::addColumn<QString>("word");
        QTest::newRow("well behaved") << QStringLiteral("-");
        QTest::newRow("ignores SIGTERM and the end of its input") << QStringLiteral("stubborn");
    }
    void stoppingEndsTheProgramAndAllItStarted()
    {
        QFETCH(QString, word);
        QVERIFY(startPeer({word}));
        const auto processes = family();
        QCOMPARE(processes.size(), 3);
        for (const qint64 process : processes)
            QVERIFY(!isGone(process));
        upstream.reset();
        if (word == QLatin1String("stubborn"))
            QVERIFY(!isGone(processes[0])); // nobody waited for it
        for (const qint64 process : processes)
            QTRY_VERIFY_WITH_TIMEOUT(isGone(process), 20'000);
    }
    void anEnderThatGoesEndsWhatIsLeftAtOnce()
    {
        auto own = std::make_unique<ProgramEnder>(clock);
        upstream = std::make_unique<Upstream>(
            std::make_unique<StdioTransport>(*own, stdioPeer({QStringLiteral("2025-11-25"), QStringLiteral("stubborn")}), KeySource()),
            clock, QByteArrayLiteral("{}"));
        upstream->start(Completion<>(upstream.get(), [](Result<>) {}), Generation::Sessions);
        const auto processes = family();
        QCOMPARE(processes.size(), 3);
        const QString folder = QFile::symLinkTarget(QStringLiteral("/proc/%1/cwd").arg(processes[0]));
        QVERIFY(QDir(folder).exists());
        upstream.reset();
        own.reset();
        for (const qint64 process : processes)
            QVERIFY(isGone(process));
        QVERIFY(!QDir(folder).exists());
    }
    void whatNeverLeftWasNotDone()
    {
        QVERIFY(startPeer());
        const auto processes = family();
        ::kill(pid_t(processes[0]), SIGSTOP); // reads no more
        Outcome filler, never, tooMuch;
        const QByteArray large = "{\"name\":\"m\",\"arguments\":{\"a\":\"" + QByteArray(4 * 1024 * 1024, 'x') + "\"}}";
        callTool(*upstream, "mute", large, filler);
        QTest::qWait(50);
        callTool(*upstream, "mute", "{\"name\":\"m\"}", never);
        std::vector<Outcome> more(4);
        for (Outcome &outcome : more)
            callTool(*upstream, "mute", large, outcome);
        TRY_ANSWER(more.back());
        QVERIFY2(more.back().isError(Error::Kind::Busy), qPrintable(more.back().errorText()));
        ::kill(pid_t(processes[0]), SIGKILL);
        TRY_ANSWER(never);
        QVERIFY2(never.isError(Error::Kind::UpstreamFailed), qPrintable(never.errorText()));
        QVERIFY2(filler.isError(Error::Kind::OutcomeUnknown), qPrintable(filler.errorText()));
    }
    void noProcessOutlivesAnOwnerThatIsKilled()
    {
        QProcess owner;
        owner.setProcessChannelMode(QProcess::ForwardedErrorChannel);
        owner.start(QStringLiteral(COUNTERSIGN_BINARY_DIR "/tests_upstream_owner"), {});
        QTRY_VERIFY_WITH_TIMEOUT(owner.canReadLine(), 20'000);
        const auto processes = numbersIn(owner.readLine().trimmed());
        QCOMPARE(processes.size(), 3);
        owner.kill();
        QVERIFY(owner.waitForFinished());
        for (const qint64 process : processes)
            QTRY_VERIFY_WITH_TIMEOUT(isGone(process), 10'000);
    }
};

COUNTERSIGN_TEST(tst_StdioTransport)
#include "tst_StdioTransport.moc"
