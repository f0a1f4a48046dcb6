// SPDX-FileCopyrightText: 2026 The Countersign authors
// SPDX-License-Identifier: GPL-3.0-or-later
#include "support/Runner.h"
#include <QTemporaryDir>
#include <csignal>
#include <fcntl.h>
#include <sys/prctl.h>
#include <sys/resource.h>
#include <sys/wait.h>
#include <unistd.h>

namespace {

// How a program ended that was crashed after it had written something.
struct Ended {
    bool bySignal = false;
    bool dumped = false;
};

// Starts `words` in `folder` with core dumps of any size allowed and a pipe that stays open as descriptor 3, waits until it
// writes to its standard output, and crashes it.
Ended crash(const QStringList &words, const QString &folder)
{
    int out[2], open[2];
    if (::pipe2(out, O_CLOEXEC) != 0 || ::pipe2(open, O_CLOEXEC) != 0)
        return {};
    QList<QByteArray> kept;
    std::vector<char *> argv;
    for (const QString &word : words)
        kept.append(word.toLocal8Bit());
    for (QByteArray &word : kept)
        argv.push_back(word.data());
    argv.push_back(nullptr);
    const QByteArray in = folder.toLocal8Bit();
    const pid_t child = ::fork();
    if (child == 0) {
        ::prctl(PR_SET_PDEATHSIG, SIGKILL);
        const rlimit all{RLIM_INFINITY, RLIM_INFINITY};
        ::setrlimit(RLIMIT_CORE, &all);
        ::dup2(out[1], STDOUT_FILENO);
        ::dup2(open[0], 3);
        if (::chdir(in.constData()) == 0)
            ::execv(argv[0], argv.data());
        ::_exit(127);
    }
    ::close(out[1]);
    char byte;
    [[maybe_unused]] const ssize_t alive = ::read(out[0], &byte, 1);
    ::kill(child, SIGABRT); // sanitizers take SIGSEGV for themselves
    int status = 0;
    ::waitpid(child, &status, 0);
    for (const int end : {out[0], open[0], open[1]})
        ::close(end);
    return {WIFSIGNALED(status), WIFSIGNALED(status) && WCOREDUMP(status)};
}

} // namespace

// What is in memory when a program of ours crashes does not go to a disk.
class tst_Crash : public QObject
{
    Q_OBJECT
private Q_SLOTS:
    void noCoreIsLeft_data()
    {
        QTest::addColumn<QStringList>("words");
        QTest::addColumn<bool>("leavesOne");
        const auto binary = [](const char *name) { return QStringLiteral(COUNTERSIGN_BINARY_DIR "/") + QLatin1String(name); };
        const QString sh = QStringLiteral("/bin/sh");
        // Shows that this test would see one.
        QTest::newRow("a program of somebody else")
            << QStringList{sh, QStringLiteral("-c"), QStringLiteral("echo; exec sleep 100")} << true;
        QTest::newRow("the gateway") << QStringList{binary("countersignctl"), QStringLiteral("--profile"), QStringLiteral("profile"),
                                                    QStringLiteral("serve"),  QStringLiteral("--port"),    QStringLiteral("0")}
                                     << false;
        // It says nothing itself: the program that it starts does.
        QTest::newRow("the guard of a server") << QStringList{binary("countersign-child"), QStringLiteral("3"),
                                                              QStringLiteral("--"),        sh,
                                                              QStringLiteral("-c"),        QStringLiteral("echo; exec sleep 100")}
                                               << false;
    }
    void noCoreIsLeft()
    {
        QFETCH(QStringList, words);
        QFETCH(bool, leavesOne);
        QTemporaryDir folder;
        rlimit cores{};
        QVERIFY(::getrlimit(RLIMIT_CORE, &cores) == 0);
        if (leavesOne && cores.rlim_max == 0 && ::geteuid() != 0)
            QSKIP("Core dumps are forbidden to every program here");
        const Ended ended = crash(words, folder.path());
        QVERIFY(ended.bySignal);
        QCOMPARE(ended.dumped, leavesOne);
    }
};

COUNTERSIGN_TEST(tst_Crash)
#include "tst_Crash.moc"
