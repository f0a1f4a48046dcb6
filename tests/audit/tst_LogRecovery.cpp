// SPDX-FileCopyrightText: 2026 The Countersign authors
// SPDX-License-Identifier: GPL-3.0-or-later
#include "TestLog.h"
#include "audit/Verifier.h"
#include "support/Runner.h"
#include <QCoreApplication>
#include <QProcess>
#include <QSet>

using namespace mcpcore;

class tst_LogRecovery : public QObject
{
    Q_OBJECT
private Q_SLOTS:
    void anIntentWithoutOutcomeIsFoundAtTheNextStart();
    void anUnfinishedCallIsFoundOnlyOnce();
    void whatWasAnsweredSurvivesAKillAtAnyMoment();
    void aDamagedFileIsMovedAsideAndTheNewLogSaysSo_data();
    void aDamagedFileIsMovedAsideAndTheNewLogSaysSo();
    void anAlteredRowIsNoDamage();

private:
    void startWriter(QProcess &process, const QString &what, const TestLog &t)
    {
        QProcessEnvironment environment = QProcessEnvironment::systemEnvironment();
        environment.insert(QStringLiteral("KILLED_WRITER"), what + QLatin1Char(' ') + t.path());
        process.setProcessEnvironment(environment);
        process.start(QCoreApplication::applicationFilePath(), {QStringLiteral("KilledWriter"), QStringLiteral("write")});
    }
    void verifyIntact(const TestLog &t)
    {
        const Verification found = verifyLog(t.path());
        QVERIFY2(found.status == Verification::Status::Intact, qPrintable(found.text));
    }
};

void tst_LogRecovery::anIntentWithoutOutcomeIsFoundAtTheNextStart()
{
    TestLog t;
    QProcess writer;
    startWriter(writer, QStringLiteral("between"), t);
    QVERIFY(writer.waitForFinished());
    QCOMPARE(writer.exitStatus(), QProcess::CrashExit);
    verifyIntact(t); // as the crash left it
    const auto opened = t.open();
    QVERIFY2(opened, opened ? "" : qPrintable(opened.error().message));
    QCOMPARE(opened->outcomeUnknown.size(), 1);
    const CallSummary unknown = opened->outcomeUnknown.first();
    QCOMPARE(unknown.outcome, QStringLiteral("unknown"));
    QCOMPARE(unknown.decision, QStringLiteral("allowed"));
    QCOMPARE(unknown.tool, QStringLiteral("create_refund"));
    const auto reader = t.reader();
    const auto story = reader->story(unknown.call);
    QCOMPARE(TestLog::kinds(*story), QByteArray("received decision intent recovery"));
    QVERIFY(story->first().record.contains("doubt"));
    QCOMPARE(story->last().sequence, unknown.sequence);
    const auto calls = reader->calls({}, 0, 10);
    QCOMPARE(calls->size(), 3);
    QCOMPARE(calls->at(0).outcome, QStringLiteral("unknown"));
    QCOMPARE(calls->at(1).decision, QString()); // only received: it was never sent
    QCOMPARE(calls->at(2).outcome, QStringLiteral("succeeded"));
    verifyIntact(t);
}

void tst_LogRecovery::anUnfinishedCallIsFoundOnlyOnce()
{
    TestLog t;
    QVERIFY(t.open());
    const auto first = t.call();
    QVERIFY(t.authorise(first));
    for (int i = 0; i < 30; ++i)
        QVERIFY(t.wholeCall());
    const auto second = t.call();
    QVERIFY(t.authorise(second));
    t.close();
    const auto opened = t.open();
    QCOMPARE(opened->outcomeUnknown.size(), 2);
    QCOMPARE(opened->outcomeUnknown.at(0).call, first->id.text);
    QCOMPARE(opened->outcomeUnknown.at(1).call, second->id.text);
    t.close();
    QVERIFY(t.open()->outcomeUnknown.isEmpty());
    verifyIntact(t);
}

void tst_LogRecovery::whatWasAnsweredSurvivesAKillAtAnyMoment()
{
    TestLog t;
    QSet<QByteArray> sent;
    QSet<QByteArray> done;
    for (int round = 0; round < 8; ++round) {
        QProcess writer;
        startWriter(writer, QStringLiteral("forever"), t);
        // Another place to be killed at each round.
        QByteArray output;
        while (output.count('\n') < 10 + 7 * round) {
            QVERIFY2(writer.waitForReadyRead(20'000), writer.readAllStandardError().constData());
            output += writer.readAllStandardOutput();
        }
        writer.kill();
        QVERIFY(writer.waitForFinished());
        output += writer.readAllStandardOutput();
        for (const QByteArray &line : output.split('\n')) {
            if (line.size() == 5 + 36)
                (line.startsWith("sent ") ? sent : done).insert(line.mid(5));
        }
        verifyIntact(t);
    }
    QVERIFY(t.open());
    verifyIntact(t);
    QVERIFY(sent.size() >= done.size() && done.size() > 50);
    const auto calls = t.reader()->calls({}, 0, 100'000);
    QSet<QByteArray> allowed;
    QSet<QByteArray> ended;
    for (const CallSummary &call : *calls) {
        if (call.decision == QLatin1String("allowed"))
            allowed.insert(call.call.toLatin1());
        if (call.outcome == QLatin1String("succeeded"))
            ended.insert(call.call.toLatin1());
        QVERIFY(call.decision.isEmpty() || !call.outcome.isEmpty()); // every intent has an end by now
    }
    QVERIFY(allowed.contains(sent));
    QVERIFY(ended.contains(done));
}

static QByteArray bytesOf(const QString &path)
{
    QFile file(path);
    return file.open(QIODevice::ReadOnly) ? file.readAll() : QByteArray();
}

void tst_LogRecovery::aDamagedFileIsMovedAsideAndTheNewLogSaysSo_data()
{
    QTest::addColumn<int>("from");
    QTest::addColumn<int>("to");
    QTest::newRow("no database at all") << 0 << 100;
    QTest::newRow("a page of the middle") << 4096 << 8192;
    QTest::newRow("all but the first page") << 4096 << -1;
}

void tst_LogRecovery::aDamagedFileIsMovedAsideAndTheNewLogSaysSo()
{
    QFETCH(int, from);
    QFETCH(int, to);
    TestLog t;
    QVERIFY(t.open());
    QVERIFY(t.wholeCall());
    t.close();
    const QByteArray anchor = bytesOf(t.anchorPath());
    QByteArray bytes = bytesOf(t.path());
    for (int at = from; at < (to < 0 ? bytes.size() : to); ++at)
        bytes[at] = '\xa5';
    QFile file(t.path());
    QVERIFY(file.open(QIODevice::WriteOnly) && file.write(bytes) == bytes.size());
    file.close();
    const auto opened = t.open();
    QVERIFY2(opened, opened ? "" : qPrintable(opened.error().message));
    QCOMPARE(opened->rows, 1);
    QCOMPARE(bytesOf(opened->movedAside), bytes); // everything is kept
    QCOMPARE(bytesOf(QString(opened->movedAside).replace(QStringLiteral(".db"), QStringLiteral(".anchor"))), anchor);
    QVERIFY(!(QFile::permissions(opened->movedAside) & QFileDevice::WriteOwner));
    const LogEntry first = t.rows().first();
    QVERIFY(first.title.contains(QFileInfo(opened->movedAside).fileName()));
    QVERIFY(first.record.contains("\"previous\":{\"file\":\"" + QFileInfo(opened->movedAside).fileName().toLatin1()));
    QVERIFY(first.record.contains("\"sequence\":6")); // the last row that was anchored
    QVERIFY(t.wholeCall());
    verifyIntact(t);
    t.close();
    QVERIFY(t.open()->movedAside.isEmpty());
}

void tst_LogRecovery::anAlteredRowIsNoDamage()
{
    TestLog t;
    QVERIFY(t.open());
    QVERIFY(t.settle());
    t.close();
    QByteArray bytes = bytesOf(t.path());
    QVERIFY(bytes.contains("settled"));
    bytes.replace("settled", "Settled");
    QFile file(t.path());
    QVERIFY(file.open(QIODevice::WriteOnly) && file.write(bytes) == bytes.size());
    file.close();
    const auto opened = t.open();
    QVERIFY(!opened);
    QVERIFY2(opened.error().message.contains(QStringLiteral("was altered")), qPrintable(opened.error().message));
    QCOMPARE(bytesOf(t.path()), bytes);
}

COUNTERSIGN_TEST(tst_LogRecovery)
#include "tst_LogRecovery.moc"
