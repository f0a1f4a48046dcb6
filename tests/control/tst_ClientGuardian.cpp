// SPDX-FileCopyrightText: 2026 The Countersign authors
// SPDX-License-Identifier: GPL-3.0-or-later
#include "ClientBench.h"
#include "control/ClientGuardian.h"
#include "support/Runner.h"
#include <QSignalSpy>

using namespace mcpcore;

namespace {

// Cursor is connected, and watched.
struct Watched : ClientBench {
    Watched()
    {
        file = put(".cursor/mcp.json", "{}\n");
        must("client connect", {{"id", "cursor"}});
        good = read(file);
        watch();
    }
    void watch()
    {
        guardian = std::make_unique<ClientGuardian>(control->clients(), *log, clock);
        changes = std::make_unique<QSignalSpy>(guardian.get(), &ClientGuardian::changed);
        QVERIFY(changes->count() > 0 || changes->wait(20'000));
        changes->clear();
    }
    // The system tells of the change, and the file is left alone for a second.
    bool noticed()
    {
        return QTest::qWaitFor(
            [this] {
                clock.advance(std::chrono::seconds(1));
                return !changes->isEmpty();
            },
            20'000);
    }
    qsizetype rowsWith(const char *text)
    {
        qsizetype count = 0;
        for (const QString &title : titles())
            count += title.contains(QLatin1String(text)) ? 1 : 0;
        return count;
    }
    QStringList titles()
    {
        QStringList all;
        const auto settled = must("client list"); // answered after what was recorded before
        const auto reader = LogReader::open(logPath());
        if (settled.is_null() || !reader)
            return all;
        for (const LogEntry &entry : (*reader)->rowsAfter(0, 1000).value_or(QList<LogEntry>()))
            all.append(QString::fromUtf8(entry.record));
        return all;
    }

    QString file;
    QByteArray good;
    std::unique_ptr<ClientGuardian> guardian;
    std::unique_ptr<QSignalSpy> changes;
};

} // namespace

class tst_ClientGuardian : public QObject
{
    Q_OBJECT
private Q_SLOTS:
    void anEntryThatIsTakenOutIsToldOnceAndNotWrittenAgain()
    {
        Watched w;
        w.put(".cursor/mcp.json", "{\"theme\": 1}\n");
        QVERIFY(w.noticed());
        QCOMPARE(w.stateOf("cursor"), std::string("gone"));
        QTRY_COMPARE(w.rowsWith("is gone from"), 1);
        w.changes->clear();
        w.put(".cursor/mcp.json", "{\"theme\": 2}\n");
        QVERIFY(!QTest::qWaitFor([&] { return w.clock.advance(std::chrono::seconds(1)), !w.changes->isEmpty(); }, 1'500));
        QCOMPARE(w.rowsWith("is gone from"), 1);
        QCOMPARE(ClientBench::read(w.file), QByteArray("{\"theme\": 2}\n"));
    }

    void aFileThatIsReplacedIsStillWatched()
    {
        Watched w;
        const QString beside = w.put(".cursor/new.json", "{}\n");
        QVERIFY(QFile::remove(w.file) && QFile::rename(beside, w.file));
        QVERIFY(w.noticed());
        w.changes->clear();
        w.put(".cursor/mcp.json", w.good);
        QVERIFY(w.noticed());
        QTRY_COMPARE(w.rowsWith("as Countersign wrote it again"), 1);
    }

    void whatWasAlteredWhileNobodyWatchedIsToldAtTheStart()
    {
        Watched w;
        w.guardian.reset();
        w.put(".cursor/mcp.json", QByteArray(w.good).replace("countersign-bridge", "something-else"));
        w.watch();
        QTRY_COMPARE(w.rowsWith("was altered by somebody else"), 1);
    }

    void ourOwnChangesAreNoNews()
    {
        Watched w;
        w.must("client disconnect", {{"id", "cursor"}});
        w.must("client connect", {{"id", "cursor"}});
        QVERIFY(!QTest::qWaitFor([&] { return w.clock.advance(std::chrono::seconds(1)), w.rowsWith("somebody") > 0; }, 1'500));
        QCOMPARE(w.stateOf("cursor"), std::string("ours"));
    }
};

COUNTERSIGN_TEST(tst_ClientGuardian)
#include "tst_ClientGuardian.moc"
