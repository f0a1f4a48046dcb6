// SPDX-FileCopyrightText: 2026 The Countersign authors
// SPDX-License-Identifier: GPL-3.0-or-later
#include "programs/GuardedRun.h"
#include "support/Runner.h"
#include <QProcess>
#include <csignal>
#include <sys/prctl.h>
#include <sys/stat.h>

namespace {

// Says the process ids of: the program, a child of it, and a grandchild in a session of its own whose parent is gone.
QList<QByteArray> familyOf(const QByteArray &preparation)
{
    return {"/bin/sh", "-c", preparation + "echo $$; sleep 300 & echo $!; (setsid sh -c 'echo $$; exec sleep 300' &); wait"};
}

QList<pid_t> readFamily(GuardedRun &run)
{
    QList<pid_t> family;
    for (int i = 0; i < 3; ++i)
        family += run.readLine().toInt();
    return family;
}

} // namespace

class tst_CountersignChild : public QObject
{
    Q_OBJECT
private Q_SLOTS:
    // Left-overs of a failed test belong to this process, not to init.
    void initTestCase() { ::prctl(PR_SET_CHILD_SUBREAPER, 1); }

    void killingTheAppEndsTheWholeTree()
    {
        GuardedRun run(familyOf({}));
        const QList<pid_t> family = readFamily(run);
        for (const pid_t process : family)
            QVERIFY2(process > 1 && ::kill(process, 0) == 0, "the family lives before the app dies");
        run.killStarter();
        for (const pid_t process : family)
            QVERIFY(waitUntilGone(process));
        QVERIFY(waitUntilGone(run.guard()));
    }
    void whatIgnoresSigtermIsKilled()
    {
        GuardedRun run(familyOf("trap '' TERM; "));
        const QList<pid_t> family = readFamily(run);
        run.killStarter();
        for (const pid_t process : family)
            QVERIFY(waitUntilGone(process));
        QVERIFY(waitUntilGone(run.guard()));
    }
    void theEndOfTheDeathPipeEndsTheTreeWhileTheAppLives()
    {
        GuardedRun run(familyOf({}));
        const QList<pid_t> family = readFamily(run);
        run.closeDeathPipe();
        QCOMPARE(run.exitCode(), 128 + SIGTERM);
        for (const pid_t process : family)
            QVERIFY(waitUntilGone(process));
    }
    void sigtermToTheGuardEndsTheTree()
    {
        GuardedRun run(familyOf({}));
        const QList<pid_t> family = readFamily(run);
        QCOMPARE(::kill(run.guard(), SIGTERM), 0);
        QCOMPARE(run.exitCode(), 128 + SIGTERM);
        for (const pid_t process : family)
            QVERIFY(waitUntilGone(process));
    }
    void aProgramThatEndsTakesWhatItLeftBehindWithIt()
    {
        GuardedRun run({"/bin/sh", "-c", "p=$(setsid sh -c 'echo $$; exec sleep 300 >/dev/null' &); echo $p; exit 5"});
        const pid_t grandchild = run.readLine().toInt();
        QVERIFY(grandchild > 1);
        QCOMPARE(run.exitCode(), 5);
        QVERIFY(waitUntilGone(grandchild));
    }
    void killingTheGuardStillEndsTheProgram()
    {
        GuardedRun run({"/bin/sh", "-c", "echo $$; exec sleep 300"});
        const pid_t program = run.readLine().toInt();
        QVERIFY(program > 1);
        ::kill(run.guard(), SIGKILL);
        QVERIFY(waitUntilGone(program));
    }
    void sigintOfTheTerminalIsLeftToTheApp()
    {
        GuardedRun run({"/bin/sh", "-c", "echo ready; sleep 0.3; exit 3"});
        QCOMPARE(run.readLine(), QByteArray("ready"));
        ::kill(run.guard(), SIGINT);
        QCOMPARE(run.exitCode(), 3);
    }

    void theExitCodeIsTheProgramsOwn_data()
    {
        QTest::addColumn<QByteArray>("script");
        QTest::addColumn<int>("code");
        QTest::newRow("success") << QByteArray("exit 0") << 0;
        QTest::newRow("failure") << QByteArray("exit 42") << 42;
        QTest::newRow("killed") << QByteArray("kill -KILL $$") << 128 + SIGKILL;
        QTest::newRow("aborted") << QByteArray("kill -ABRT $$") << 128 + SIGABRT;
    }
    void theExitCodeIsTheProgramsOwn()
    {
        QFETCH(QByteArray, script);
        QFETCH(int, code);
        GuardedRun run({"/bin/sh", "-c", script});
        QCOMPARE(run.exitCode(), code);
    }
    void aProgramThatCannotStartIsNamedAndGives127()
    {
        GuardedRun run({"/nonexistent/server", "x"});
        QCOMPARE(run.exitCode(), 127);
        QCOMPARE(run.readErrors(), QByteArray("countersign-child: cannot start /nonexistent/server: No such file or directory.\n"));
    }
    void noDescriptorLeaksIntoTheProgram()
    {
        GuardedRun run({"/bin/sh", "-c", "echo /proc/self/fd/*"});
        // The shell's own listing opens descriptor 3 for the folder.
        QCOMPARE(run.readLine(), QByteArray("/proc/self/fd/0 /proc/self/fd/1 /proc/self/fd/2 /proc/self/fd/3"));
        QCOMPARE(run.exitCode(), 0);
    }
    void theProgramLeadsItsOwnGroupAndTheGuardHoldsNoPipe()
    {
        GuardedRun run({"/bin/sh", "-c", "cut -d' ' -f5 /proc/$$/stat; echo $$; exec >&- 2>&-; exec sleep 300"});
        const int group = run.readLine().trimmed().toInt();
        QVERIFY(group > 1);
        QCOMPARE(run.readLine().toInt(), group);
        // The end of stdout and of stderr arrives although program and guard both live.
        QCOMPARE(run.readLine(), QByteArray());
        QCOMPARE(run.readErrors(), QByteArray());
        QCOMPARE(::kill(group, 0), 0);
        QCOMPARE(::kill(run.guard(), 0), 0);
    }
    void otherProcessesCannotReadTheGuardsEnvironment()
    {
        GuardedRun run({"/bin/sh", "-c", "echo ready; exec sleep 300"});
        QCOMPARE(run.readLine(), QByteArray("ready"));
        QFile file(QStringLiteral("/proc/%1/environ").arg(run.guard()));
        // Root may read it all the same; the owner of the file shows the protection to both.
        struct stat status;
        QCOMPARE(::stat(qPrintable(file.fileName()), &status), 0);
        QCOMPARE(status.st_uid, uid_t(0));
    }
    void wrongUsageIsExplained_data()
    {
        QTest::addColumn<QStringList>("arguments");
        QTest::newRow("nothing") << QStringList{};
        QTest::newRow("no program") << QStringList{QStringLiteral("9"), QStringLiteral("--")};
        QTest::newRow("no number") << QStringList{QStringLiteral("9x"), QStringLiteral("--"), QStringLiteral("true")};
        QTest::newRow("stdin") << QStringList{QStringLiteral("0"), QStringLiteral("--"), QStringLiteral("true")};
        QTest::newRow("no dashes") << QStringList{QStringLiteral("9"), QStringLiteral("true"), QStringLiteral("x")};
        QTest::newRow("closed descriptor") << QStringList{QStringLiteral("999"), QStringLiteral("--"), QStringLiteral("true")};
    }
    void wrongUsageIsExplained()
    {
        QFETCH(QStringList, arguments);
        QProcess process;
        process.start(QStringLiteral(COUNTERSIGN_BINARY_DIR "/countersign-child"), arguments);
        QVERIFY(process.waitForFinished());
        QCOMPARE(process.exitCode(), 64);
        QVERIFY(!process.readAllStandardError().isEmpty());
    }
};

COUNTERSIGN_TEST(tst_CountersignChild)
#include "tst_CountersignChild.moc"
