// SPDX-FileCopyrightText: 2026 The Countersign authors
// SPDX-License-Identifier: GPL-3.0-or-later
#include "TestLog.h"
#include "audit/Anchor.h"
#include "audit/HashChain.h"
#include "audit/Verifier.h"
#include "base/AtomicFile.h"
#include "store/Database.h"
#include "support/Runner.h"
#include <QFile>
#include <QSet>
#include <QtEndian>

using namespace mcpcore;
using Status = Verification::Status;

class tst_Verifier : public QObject
{
    Q_OBJECT
private Q_SLOTS:
    void anIntactLogPasses();
    void aLogAtWorkPasses();
    void everyByteOfEveryColumnMatters();
    void everyByteOfEveryCellInTheFileMatters();
    void aFlippedByteInTheWriteAheadLogIsFound();
    void aMissingRowIsFound();
    void anAddedTriggerIsFound();
    void anInventedCallIsFound();
    void missingNewestRowsAreFoundByTheAnchor();
    void anOlderCopyIsFoundByTheAnchor();
    void anotherLogIsFoundByTheAnchor();
    void aLogRewrittenFromTheMiddleIsFoundByTheAnchor();
    void anAnchorOfAnotherKeyIsFound();
    void whatTheAnchorSaysIsSaid();
    void rowsAfterTheAnchorAreCounted();
    void aLogWithAKeyIsNothingWithoutItsSignedAnchor();
    void whatIsNoLogIsUnreadable();
    void aTamperedOrTruncatedLogIsNotOpened();

private:
    // A closed log with three calls: succeeded, denied, waiting.
    void fill(TestLog &t)
    {
        QVERIFY(t.open());
        QVERIFY(t.wholeCall());
        const auto denied = t.call();
        t.log->append({LogRow::Kind::Received, denied, {}, {}});
        t.log->deny(denied, {Decision::Outcome::Denied, Decision::By::Rule, {QStringLiteral("r1")}, QStringLiteral("no"), {}, {}});
        t.log->append({LogRow::Kind::Received, t.call(), {}, {}});
        QVERIFY(t.settle());
        t.close();
        QCOMPARE(verifyLog(t.path()).status, Status::Intact);
    }
    std::unique_ptr<Database> forTampering(const TestLog &t)
    {
        auto database = Database::open(t.path(), Database::Mode::ReadWrite);
        if (!database || !(*database)->execute("PRAGMA journal_mode=DELETE; PRAGMA synchronous=OFF"))
            return nullptr;
        return std::move(*database);
    }
    void tamper(const TestLog &t, const char *sql)
    {
        const auto database = forTampering(t);
        QVERIFY(database);
        const auto done = database->execute(sql);
        QVERIFY2(done, done ? "" : qPrintable(done.error().message));
    }
};

void tst_Verifier::anIntactLogPasses()
{
    TestLog t;
    fill(t);
    const Verification found = verifyLog(t.path());
    QCOMPARE(found.rows, 10);
    QCOMPARE(found.firstBad, 0);
    QCOMPARE(found.check, QString());
    QCOMPARE(found.notAnchored, 0);
    QCOMPARE(found.anchor, Verification::AnchorState::Unsigned);
    QCOMPARE(found.head, t.rows().last().hash);
    QVERIFY(found.text.startsWith(QStringLiteral("Intact: 10 rows")));
}

void tst_Verifier::aLogAtWorkPasses()
{
    TestLog t;
    QVERIFY(t.open());
    for (int i = 0; i < 5; ++i) {
        const auto call = t.call();
        QVERIFY(t.authorise(call)); // between intent and outcome
        const Verification found = verifyLog(t.path());
        QVERIFY2(found.status == Status::Intact, qPrintable(found.text));
        t.log->finish(call, TestLog::succeeded(), {});
        QVERIFY(t.settle());
    }
    QCOMPARE(verifyLog(t.path()).rows, 26);
    QCOMPARE(verifyLog(t.path()).notAnchored, 26);
}

void tst_Verifier::everyByteOfEveryColumnMatters()
{
    TestLog t;
    fill(t);
    const auto database = forTampering(t);
    int flips = 0;
    const auto check = [&](const QByteArray &table, const QByteArray &column, const QByteArray &key, const QByteArray &now,
                           const QByteArray &before) {
        const QByteArray set = "UPDATE " + table + " SET " + column + " = ";
        const QByteArray where = " WHERE " + key;
        if (!database->execute(set + now + where))
            return; // STRICT refuses the type
        ++flips;
        const Verification found = verifyLog(t.path());
        QVERIFY2(found.status == Status::Tampered, (set + now + where + ": " + found.text.toUtf8()).constData());
        QVERIFY(database->execute(set + before + where));
    };
    for (const QByteArray table : {"rows", "calls"}) {
        const QByteArray key = table == "rows" ? "rowid" : "call";
        auto columns = database->prepare("SELECT name FROM pragma_table_info('" + table + "') UNION ALL SELECT 'rowid' WHERE '" + table
                                         + "' = 'rows'");
        while (*columns->step()) {
            const QByteArray column = columns->text(0).toUtf8();
            QList<std::tuple<QByteArray, QByteArray, QByteArray>> values; // key, type, bytes
            auto select =
                database->prepare("SELECT quote(" + key + "), typeof(" + column + "), CAST(" + column + " AS BLOB) FROM " + table);
            while (*select->step())
                values.append({select->text(0).toUtf8(), select->text(1).toUtf8(),
                               QByteArray(select->bytes(2).data(), qsizetype(select->bytes(2).size()))});
            select->reset();
            for (const auto &[id, type, bytes] : values) {
                const QByteArray where = key + " = " + id;
                if (type == "integer") {
                    for (int bit = 0; bit < 63; bit += 7) {
                        const QByteArray flipped = QByteArray::number(bytes.toLongLong() ^ (1LL << bit));
                        check(table, column, column == key ? key + " = " + flipped + " OR " + where : where, flipped, bytes);
                    }
                } else if (type == "null") {
                    check(table, column, where, "'x'", "NULL");
                } else {
                    const QByteArray cast = type == "text" ? "TEXT" : "BLOB";
                    const auto literal = [&cast](const QByteArray &value) { return "CAST(x'" + value.toHex() + "' AS " + cast + ')'; };
                    for (qsizetype i = 0; i < bytes.size(); ++i) {
                        QByteArray flipped = bytes;
                        flipped[i] = char(flipped[i] ^ (1 << (i % 8)));
                        check(table, column, column == key ? "call IN (" + literal(flipped) + ',' + id + ')' : where, literal(flipped),
                              literal(bytes));
                        if (QTest::currentTestFailed())
                            return;
                    }
                    check(table, column, column == key ? "call IN (" + literal(bytes + 'x') + ',' + id + ')' : where, literal(bytes + 'x'),
                          literal(bytes));
                }
                if (QTest::currentTestFailed())
                    return;
            }
        }
    }
    QVERIFY2(flips > 4'000, QByteArray::number(flips).constData());
    QCOMPARE(verifyLog(t.path()).status, Status::Intact);
}

// The bytes of all cells of the b-tree pages of a database: header of the cell, keys and values.
static QList<std::pair<qsizetype, qsizetype>> cellsOf(const QByteArray &file)
{
    QList<std::pair<qsizetype, qsizetype>> cells;
    const auto *bytes = reinterpret_cast<const uchar *>(file.constData());
    const qsizetype pageSize = qFromBigEndian<quint16>(bytes + 16);
    const auto varint = [&](qsizetype &at) {
        quint64 value = 0;
        for (int i = 0; i < 9; ++i) {
            value = (value << 7) | (bytes[at] & 0x7f);
            if (!(bytes[at++] & 0x80))
                break;
        }
        return value;
    };
    for (qsizetype page = 0; page < file.size(); page += pageSize) {
        const qsizetype header = page + (page == 0 ? 100 : 0);
        const int type = bytes[header];
        if (type != 13 && type != 10)
            continue;
        const int count = qFromBigEndian<quint16>(bytes + header + 3);
        for (int cell = 0; cell < count; ++cell) {
            const qsizetype start = page + qFromBigEndian<quint16>(bytes + header + 8 + 2 * cell);
            qsizetype at = start;
            const qsizetype payload = qsizetype(varint(at));
            if (type == 13)
                varint(at);
            cells.append({start, at + payload});
        }
    }
    return cells;
}

void tst_Verifier::everyByteOfEveryCellInTheFileMatters()
{
    TestLog t;
    fill(t);
    const QByteArray good = *readFile(t.path());
    const auto cells = cellsOf(good);
    QVERIFY(cells.size() >= 4 + 10 + 2 + 3); // schema, rows, the index of rows without call, calls
    const QString copy = t.folder.filePath(QStringLiteral("copy.db"));
    for (const auto &[start, end] : cells) {
        for (qsizetype at = start; at < end; ++at) {
            QByteArray bad = good;
            bad[at] = char(bad[at] ^ (1 << (at % 8)));
            QFile file(copy);
            QVERIFY(file.open(QIODevice::WriteOnly) && file.write(bad) == bad.size());
            file.close();
            const Verification found = verifyLog(copy);
            QVERIFY2(found.status != Status::Intact, (QByteArray::number(qint64(at)) + ": " + good.mid(start, 40).toHex(' ')).constData());
        }
    }
}

void tst_Verifier::aFlippedByteInTheWriteAheadLogIsFound()
{
    TestLog t;
    QVERIFY(t.open());
    for (int i = 0; i < 3; ++i)
        QVERIFY(t.wholeCall());
    // As a crash leaves it: everything is still in the WAL.
    const QString copy = t.folder.filePath(QStringLiteral("copy.db"));
    const QByteArray wal = *readFile(t.path() + QStringLiteral("-wal"));
    QVERIFY(QFile::copy(t.path(), copy));
    const auto verifyWith = [&](const QByteArray &bytes) {
        QFile::remove(copy + QStringLiteral("-shm"));
        QFile file(copy + QStringLiteral("-wal"));
        return file.open(QIODevice::WriteOnly) && file.write(bytes) == bytes.size() && (file.close(), true) ? verifyLog(copy)
                                                                                                            : Verification();
    };
    QCOMPARE(verifyWith(wal).status, Status::Intact);
    QCOMPARE(verifyWith(wal).rows, 16);
    const qsizetype frameSize = 24 + 4096;
    const qsizetype lastCommit = wal.size() - 4 * frameSize; // a cut-off last commit is what a crash may leave
    for (qsizetype at = 0; at < lastCommit; at += 97) {
        QByteArray bad = wal;
        bad[at] = char(bad[at] ^ 0x10);
        QVERIFY2(verifyWith(bad).status != Status::Intact, QByteArray::number(qint64(at)).constData());
    }
}

void tst_Verifier::aMissingRowIsFound()
{
    TestLog t;
    fill(t);
    tamper(t, "DELETE FROM rows WHERE rowid = 4");
    const Verification found = verifyLog(t.path());
    QCOMPARE(found.status, Status::Tampered);
    QCOMPARE(found.firstBad, 4);
    QCOMPARE(found.check, QStringLiteral("sequence"));
}

void tst_Verifier::anAddedTriggerIsFound()
{
    TestLog t;
    fill(t);
    tamper(t, "CREATE TRIGGER t AFTER INSERT ON rows BEGIN DELETE FROM rows; END");
    QCOMPARE(verifyLog(t.path()).check, QStringLiteral("schema"));
}

void tst_Verifier::anInventedCallIsFound()
{
    TestLog t;
    fill(t);
    tamper(t, "INSERT INTO calls SELECT 'x', last, received, client, connection, environment, environment_kind, tool, decision, "
              "decided_by, outcome, detail, took "
              "FROM calls LIMIT 1");
    QCOMPARE(verifyLog(t.path()).check, QStringLiteral("calls"));
}

void tst_Verifier::missingNewestRowsAreFoundByTheAnchor()
{
    TestLog t;
    fill(t);
    tamper(t, "DELETE FROM rows WHERE rowid = 10"); // the row that settles: no call knows it
    const Verification found = verifyLog(t.path());
    QCOMPARE(found.status, Status::Truncated);
    QVERIFY2(found.text.contains(QStringLiteral("rows 10 to 10")), qPrintable(found.text));
    QVERIFY(QFile::remove(t.anchorPath()));
    const Verification unanchored = verifyLog(t.path());
    QCOMPARE(unanchored.status, Status::Intact);
    QVERIFY(unanchored.text.contains(QStringLiteral("There is no anchor")));
    QCOMPARE(unanchored.notAnchored, 9);
}

void tst_Verifier::anOlderCopyIsFoundByTheAnchor()
{
    TestLog t;
    fill(t);
    const QByteArray older = *readFile(t.path());
    QVERIFY(t.open());
    QVERIFY(t.wholeCall());
    t.close();
    QVERIFY(writeFile(t.path(), older));
    QCOMPARE(verifyLog(t.path()).status, Status::Truncated);
}

void tst_Verifier::anotherLogIsFoundByTheAnchor()
{
    TestLog t;
    fill(t);
    TestLog other;
    other.ids.randomBytes(48); // another id
    fill(other);
    QVERIFY(QFile::remove(t.path()));
    QVERIFY(QFile::copy(other.path(), t.path()));
    const Verification found = verifyLog(t.path());
    QCOMPARE(found.status, Status::Truncated);
    QVERIFY(found.text.startsWith(QStringLiteral("Exchanged")));
}

void tst_Verifier::aLogRewrittenFromTheMiddleIsFoundByTheAnchor()
{
    TestLog t;
    fill(t);
    {
        // Whoever knows the form can rewrite the rows: here the reason of a denial, and every hash after it.
        const auto database = forTampering(t);
        QVERIFY(database->execute(
            "UPDATE rows SET record = CAST(replace(CAST(record AS TEXT), '\"reason\":\"no\"', '\"reason\":\"yes\"') AS BLOB);"
            "UPDATE calls SET detail = 'yes' WHERE detail = 'no'"));
        QByteArray previous = hashBeforeFirstRow();
        auto select = database->prepare("SELECT record FROM rows WHERE rowid = ?");
        auto update = database->prepare("UPDATE rows SET hash = ? WHERE rowid = ?");
        for (qint64 sequence = 1; sequence <= 10; ++sequence) {
            QVERIFY(*select->bind(1, sequence).step());
            previous = chainHash(sequence, {previous.constData(), 32}, select->bytes(0));
            select->reset();
            QVERIFY(update->bindBlob(1, {previous.constData(), 32}).bind(2, sequence).run());
        }
    }
    const Verification found = verifyLog(t.path());
    QCOMPARE(found.status, Status::Truncated);
    QVERIFY2(found.text.startsWith(QStringLiteral("Rolled back and rewritten")), qPrintable(found.text));
    QVERIFY(QFile::remove(t.anchorPath()));
    QCOMPARE(verifyLog(t.path()).status, Status::Intact); // what only an anchor can show
}

void tst_Verifier::anAnchorOfAnotherKeyIsFound()
{
    TestLog t;
    const Secret key(std::string(32, 'k'));
    t.log = std::make_unique<ActivityLog>(t.path(), t.clock, t.ids);
    t.log->setKey(key.duplicate());
    fill(t);
    QCOMPARE(verifyLog(t.path(), &key).anchor, Verification::AnchorState::Valid);
    QCOMPARE(verifyLog(t.path()).anchor, Verification::AnchorState::NotChecked);
    const Secret other(std::string(32, 'o'));
    QCOMPARE(verifyLog(t.path(), &other).check, QStringLiteral("anchor"));
    auto anchor = *Anchor::read(t.anchorPath());
    anchor.time += Milliseconds(1);
    QVERIFY(writeFile(t.anchorPath(), anchor.toBytes()));
    QCOMPARE(verifyLog(t.path(), &key).status, Status::Tampered);
    QVERIFY(writeFile(t.anchorPath(), "{}"));
    QCOMPARE(verifyLog(t.path()).check, QStringLiteral("anchor"));
}

void tst_Verifier::whatTheAnchorSaysIsSaid()
{
    TestLog t;
    fill(t);
    const Secret key(std::string(32, 'k'));
    QCOMPARE(verifyLog(t.path(), &key).anchor, Verification::AnchorState::Unsigned);
    QVERIFY(verifyLog(t.path(), &key).text.contains(QStringLiteral("not signed")));
}

void tst_Verifier::rowsAfterTheAnchorAreCounted()
{
    TestLog t;
    fill(t);
    const QByteArray anchor = *readFile(t.anchorPath());
    QVERIFY(t.open());
    QVERIFY(t.wholeCall());
    t.close();
    QVERIFY(writeFile(t.anchorPath(), anchor));
    const Verification found = verifyLog(t.path());
    QCOMPARE(found.status, Status::Intact);
    QCOMPARE(found.notAnchored, 5);
    QVERIFY(found.text.contains(QStringLiteral("newest 5")));
}

void tst_Verifier::whatIsNoLogIsUnreadable()
{
    TestLog t;
    QCOMPARE(verifyLog(t.path()).status, Status::Unreadable);
    QVERIFY(writeFile(t.path(), QByteArray(10'000, 'x')));
    QCOMPARE(verifyLog(t.path()).status, Status::Unreadable);
    QVERIFY(writeFile(t.path(), "{\"a\":1}\n"));
    QCOMPARE(verifyLog(t.path()).status, Status::Unreadable);
    QVERIFY(QFile::remove(t.path()));
    tamper(t, "CREATE TABLE t (a)");
    QCOMPARE(verifyLog(t.path()).status, Status::Unreadable);
    tamper(t, "PRAGMA user_version=99");
    QVERIFY(verifyLog(t.path()).text.contains(QStringLiteral("newer version")));
}

void tst_Verifier::aTamperedOrTruncatedLogIsNotOpened()
{
    TestLog t;
    fill(t);
    const QByteArray good = *readFile(t.path());
    tamper(t, "UPDATE rows SET record = CAST(replace(CAST(record AS TEXT), 'refund', 'rewind') AS BLOB) WHERE rowid = 2");
    auto opened = t.open();
    QVERIFY(!opened);
    QCOMPARE(opened.error().kind, Error::Kind::LogFailed);
    QVERIFY2(opened.error().message.contains(QStringLiteral("row 2 was altered")), qPrintable(opened.error().message));
    QVERIFY(t.log->isBroken());
    QVERIFY(!t.authorise(t.call()));
    t.close();
    QVERIFY(writeFile(t.path(), good));
    tamper(t, "DELETE FROM rows WHERE rowid = 10");
    opened = t.open();
    QVERIFY(!opened);
    QVERIFY2(opened.error().message.contains(QStringLiteral("rows 10 to 10 are missing")), qPrintable(opened.error().message));
    t.close();
    QVERIFY(QFile::remove(t.anchorPath())); // a person decided to go on with what is left
    opened = t.open();
    QVERIFY(opened);
    QCOMPARE(opened->rows, 9);
    t.close();
    QVERIFY(QFile::remove(t.path()));
    opened = t.open();
    QVERIFY(!opened);
    QVERIFY2(opened.error().message.contains(QStringLiteral("another log")), qPrintable(opened.error().message));
}

void tst_Verifier::aLogWithAKeyIsNothingWithoutItsSignedAnchor()
{
    const Secret key(std::string(32, 'k'));
    TestLog t;
    QVERIFY(t.open());
    t.close(); // an anchor from before the key
    QVERIFY(t.open());
    QVERIFY(t.useKey(key));
    t.log->append({LogRow::Kind::Seal, {}, QStringLiteral("A key was made."), "{\"key\":\"0123456789abcdef\"}"});
    QVERIFY(t.settle());
    t.close();
    QCOMPARE(verifyLog(t.path(), &key).anchor, Verification::AnchorState::Valid);
    QCOMPARE(verifyLog(t.path()).anchor, Verification::AnchorState::NotChecked);

    Anchor anchor = *Anchor::read(t.anchorPath());
    anchor.code.clear();
    QVERIFY(writeFile(t.anchorPath(), anchor.toBytes()));
    for (const Secret *given : {&key, static_cast<const Secret *>(nullptr)}) {
        const Verification found = verifyLog(t.path(), given);
        QCOMPARE(found.status, Status::Tampered);
        QCOMPARE(found.check, QStringLiteral("anchor"));
    }
    QVERIFY(QFile::remove(t.anchorPath()));
    QCOMPARE(verifyLog(t.path()).status, Status::Tampered);
}

COUNTERSIGN_TEST(tst_Verifier)
#include "tst_Verifier.moc"
