// SPDX-FileCopyrightText: 2026 The Countersign authors
// SPDX-License-Identifier: GPL-3.0-or-later
#include "FaultyFiles.h"
#include "TestLog.h"
#include "audit/Verifier.h"
#include "support/Runner.h"
#include <QFile>
#include <QSignalSpy>
#include <csignal>
#include <sys/mount.h>
#include <sys/resource.h>

using namespace mcpcore;

class tst_LogFailure : public QObject
{
    Q_OBJECT
private Q_SLOTS:
    void initTestCase() { faulty::install(); }
    void cleanup()
    {
        faulty::diskIsFull = false;
        faulty::failingSyncs = 0;
    }
    void aFullDiskRefusesEveryCallThatWaits();
    void theLogHealsWhenThereIsSpaceAgain();
    void whatHappenedIsWrittenLaterWhatDidNotIsForgotten();
    void rowsThatReachedTheDiskAlthoughTheSyncFailedAreEnded();
    void aSyncThatKeepsFailingKeepsTheLogBroken();
    void aFileThatIsTakenAwayBreaksTheLog();
    void aFileThatIsExchangedKeepsTheLogBroken();
    void rowsThatDoNotFitIntoMemoryAreCounted();
    void aLimitOfTheFileSizeIsAFullDisk();
    void aFullFileSystemRefusesAndHeals();
    void aLogThatCannotBeCreatedSaysSo();

private:
    struct Refused {
        int count = 0;
        QString text;
    };
    Refused authoriseAll(TestLog &t, const QList<ToolCallPtr> &calls)
    {
        Refused refused;
        int answers = 0;
        for (const ToolCallPtr &call : calls)
            t.log->authorise(call, TestLog::allowed(), {&t.guard, [&](Result<ApprovedCall> approved) {
                                                            ++answers;
                                                            if (!approved && approved.error().kind == Error::Kind::LogFailed) {
                                                                ++refused.count;
                                                                refused.text = approved.error().message;
                                                            }
                                                        }});
        if (!QTest::qWaitFor([&] { return answers == calls.size(); }))
            refused.count = -1;
        return refused;
    }
    void verifyIntact(const TestLog &t)
    {
        const Verification found = verifyLog(t.path());
        QVERIFY2(found.status == Verification::Status::Intact, qPrintable(found.text));
    }
};

void tst_LogFailure::aFullDiskRefusesEveryCallThatWaits()
{
    TestLog t;
    QVERIFY(t.open());
    QSignalSpy broken(t.log.get(), &ActivityLog::broken);
    faulty::diskIsFull = true;
    const Refused refused = authoriseAll(t, {t.call(), t.call(), t.call(), t.call(), t.call()});
    QCOMPARE(refused.count, 5);
    QVERIFY2(refused.text.startsWith(QStringLiteral("Not sent: the activity log cannot be written (database or disk is full)")),
             qPrintable(refused.text));
    QVERIFY(t.log->isBroken());
    QCOMPARE(broken.size(), 1);
    QVERIFY(!t.settle());
    QCOMPARE(broken.size(), 1);
}

void tst_LogFailure::theLogHealsWhenThereIsSpaceAgain()
{
    TestLog t;
    QVERIFY(t.open());
    QVERIFY(t.wholeCall());
    for (int round = 0; round < 3; ++round) {
        faulty::diskIsFull = true;
        QVERIFY(!t.authorise(t.call()));
        faulty::diskIsFull = false;
        QVERIFY(t.wholeCall());
        QVERIFY(!t.log->isBroken());
    }
    verifyIntact(t);
    t.close();
    verifyIntact(t);
    QVERIFY(t.open()->outcomeUnknown.isEmpty());
}

void tst_LogFailure::whatHappenedIsWrittenLaterWhatDidNotIsForgotten()
{
    TestLog t;
    QVERIFY(t.open());
    const auto sent = t.call();
    QVERIFY(t.authorise(sent));
    faulty::diskIsFull = true;
    std::optional<bool> finished;
    t.log->finish(sent, TestLog::succeeded(), {&t.guard, [&](Result<> durable) { finished = durable.has_value(); }});
    QVERIFY(QTest::qWaitFor([&] { return finished.has_value(); }));
    QVERIFY(!*finished);
    const auto refused = t.call();
    QVERIFY(!t.authorise(refused));
    t.log->deny(t.call(), {Decision::Outcome::Denied, Decision::By::Refusal, {}, QStringLiteral("no"), {}, {}});
    QVERIFY(!t.settle());
    faulty::diskIsFull = false;
    QVERIFY(t.settle());
    QCOMPARE(TestLog::kinds(t.rows()), QByteArray("genesis received decision intent outcome received decision pause"));
    verifyIntact(t);
    t.close();
    QVERIFY(t.open()->outcomeUnknown.isEmpty());
}

void tst_LogFailure::rowsThatReachedTheDiskAlthoughTheSyncFailedAreEnded()
{
    TestLog t;
    QVERIFY(t.open());
    QVERIFY(t.wholeCall());
    const auto call = t.call();
    faulty::failingSyncs = 2; // of the commit, and of the checkpoint that would drop its rows at closing
    QVERIFY(!t.authorise(call));
    QVERIFY(t.settle());
    // Received, decision and intent were in the file after all; the caller was told that nothing is sent.
    const auto story = t.reader()->story(call->id.text);
    QVERIFY(story);
    QCOMPARE(TestLog::kinds(*story), QByteArray("received decision intent outcome"));
    QVERIFY(story->last().title.contains(QStringLiteral("Not sent")));
    QCOMPARE(t.reader()->calls({}, 0, 1)->first().outcome, QStringLiteral("failed"));
    verifyIntact(t);
    t.close();
    QVERIFY(t.open()->outcomeUnknown.isEmpty());
}

void tst_LogFailure::aSyncThatKeepsFailingKeepsTheLogBroken()
{
    TestLog t;
    QVERIFY(t.open());
    faulty::failingSyncs = 1'000'000;
    for (int i = 0; i < 4; ++i)
        QVERIFY(!t.authorise(t.call()));
    QVERIFY(t.log->isBroken());
    faulty::failingSyncs = 0;
    QVERIFY(t.authorise(t.call()));
    verifyIntact(t);
}

void tst_LogFailure::aFileThatIsTakenAwayBreaksTheLog()
{
    TestLog t;
    QVERIFY(t.open());
    QVERIFY(t.wholeCall());
    const QString away = t.folder.filePath(QStringLiteral("away.db"));
    QVERIFY(QFile::rename(t.path(), away));
    QVERIFY(!t.authorise(t.call()));
    QVERIFY(!t.authorise(t.call()));
    QVERIFY(!QFile::exists(t.path()));
    QVERIFY(QFile::rename(away, t.path()));
    QVERIFY(t.wholeCall());
    verifyIntact(t);
}

void tst_LogFailure::aFileThatIsExchangedKeepsTheLogBroken()
{
    TestLog t;
    QVERIFY(t.open());
    QVERIFY(t.wholeCall());
    TestLog other;
    QVERIFY(other.open());
    other.close();
    for (const char *suffix : {"", "-wal", "-shm"})
        QVERIFY(QFile::remove(t.path() + QLatin1String(suffix)));
    QVERIFY(QFile::copy(other.path(), t.path()));
    for (int i = 0; i < 3; ++i)
        QVERIFY(!t.authorise(t.call()));
    QVERIFY(t.log->isBroken());
}

void tst_LogFailure::rowsThatDoNotFitIntoMemoryAreCounted()
{
    TestLog t;
    QVERIFY(t.open());
    faulty::diskIsFull = true;
    for (int i = 0; i < 5'000; ++i)
        t.log->append({LogRow::Kind::Refused, {}, QStringLiteral("x"), {}});
    QVERIFY(!t.settle());
    faulty::diskIsFull = false;
    QVERIFY(t.settle());
    const auto rows = t.rows();
    QCOMPARE(rows.size(), 1 + 1 + 4'096 + 1);
    QCOMPARE(rows.at(1).kind, QStringLiteral("recovery"));
    QCOMPARE(rows.at(1).title, QStringLiteral("904 rows were lost while the activity log could not be written."));
    verifyIntact(t);
}

void tst_LogFailure::aLimitOfTheFileSizeIsAFullDisk()
{
    TestLog t;
    QVERIFY(t.open());
    QVERIFY(t.wholeCall());
    const auto ignored = std::signal(SIGXFSZ, SIG_IGN);
    rlimit before{};
    QCOMPARE(getrlimit(RLIMIT_FSIZE, &before), 0);
    const rlimit low{rlim_t(QFile(t.path() + QStringLiteral("-wal")).size() + 100), before.rlim_max};
    QCOMPARE(setrlimit(RLIMIT_FSIZE, &low), 0);
    const bool authorised = t.authorise(t.call());
    QCOMPARE(setrlimit(RLIMIT_FSIZE, &before), 0);
    std::signal(SIGXFSZ, ignored);
    QVERIFY(!authorised);
    QVERIFY(t.wholeCall());
    verifyIntact(t);
}

void tst_LogFailure::aFullFileSystemRefusesAndHeals()
{
    TestLog t;
    const QString small = t.folder.filePath(QStringLiteral("small"));
    QVERIFY(QDir().mkdir(small));
    if (mount("tmpfs", QFile::encodeName(small).constData(), "tmpfs", 0, "size=512k") != 0)
        QSKIP("needs the right to mount a small file system");
    {
        ActivityLog log(small + QStringLiteral("/activity.db"), t.clock, t.ids);
        std::optional<bool> answer;
        log.open({&t.guard, [&](Result<ActivityLog::Opened> opened) { answer = opened.has_value(); }});
        QVERIFY(QTest::qWaitFor([&] { return answer.has_value(); }) && *answer);
        QFile ballast(small + QStringLiteral("/ballast"));
        QVERIFY(ballast.open(QIODevice::WriteOnly | QIODevice::Unbuffered));
        while (ballast.write(QByteArray(4'096, 'x')) == 4'096) {}
        const auto sendOne = [&] {
            answer.reset();
            log.authorise(t.call(), TestLog::allowed(), {&t.guard, [&](Result<ApprovedCall> approved) { answer = approved.has_value(); }});
            return QTest::qWaitFor([&] { return answer.has_value(); }) && *answer;
        };
        int sent = 0;
        while (sent < 1'000 && sendOne()) // what is allocated already may be filled
            ++sent;
        QVERIFY2(sent < 1'000, "the file system was never full");
        QVERIFY(log.isBroken());
        QVERIFY(!sendOne());
        QVERIFY(ballast.resize(0));
        QVERIFY(sendOne());
        QVERIFY(!log.isBroken());
        const Verification found = verifyLog(small + QStringLiteral("/activity.db"));
        QVERIFY2(found.status == Verification::Status::Intact, qPrintable(found.text));
    }
    QCOMPARE(umount(QFile::encodeName(small).constData()), 0);
}

void tst_LogFailure::aLogThatCannotBeCreatedSaysSo()
{
    TestLog t;
    ActivityLog log(t.folder.filePath(QStringLiteral("no/such/folder/activity.db")), t.clock, t.ids);
    std::optional<QString> text;
    log.open({&t.guard, [&](Result<ActivityLog::Opened> opened) { text = opened ? QString() : opened.error().message; }});
    QVERIFY(QTest::qWaitFor([&] { return text.has_value(); }));
    QVERIFY2(text->startsWith(QStringLiteral("The activity log cannot be opened: cannot create")), qPrintable(*text));
    QVERIFY(log.isBroken());
}

COUNTERSIGN_TEST(tst_LogFailure)
#include "tst_LogFailure.moc"
