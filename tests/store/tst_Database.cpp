// SPDX-FileCopyrightText: 2026 The Countersign authors
// SPDX-License-Identifier: GPL-3.0-or-later
#include "store/Database.h"
#include "support/Runner.h"
#include <QFile>
#include <QTemporaryDir>
#include <sys/fsuid.h>
#include <unistd.h>

using namespace mcpcore;

class tst_Database : public QObject
{
    Q_OBJECT
private Q_SLOTS:
    void aNewFileIsPrivateDurableAndDistrustful();
    void anExistingFileLosesItsWideMode();
    void migrationsRunOnceAndInOrder();
    void aFailedMigrationLeavesTheOldSchema();
    void aNewerSchemaIsRefused();
    void anAbandonedTransactionLeavesNothing();
    void bytesComeBackAsTheyWereBound();
    void aReaderSeesCommitsButCannotWrite();
    void readingWhatIsNotThereIsNotFound();
    void readingWhatIsNoDatabaseFails();
    void aDatabaseOfACopiedFileOpensInAFolderThatCannotBeWritten();
    void aFileThatWasReplacedIsNoticed();
    void commitsDoNotCheckpointByThemselves();

private:
    QString path() const { return m_folder.filePath(QStringLiteral("t%1.db").arg(QLatin1String(QTest::currentTestFunction()))); }
    std::unique_ptr<Database> opened(Database::Mode mode = Database::Mode::ReadWrite)
    {
        auto database = Database::open(path(), mode);
        if (!database)
            qWarning("%s", qPrintable(database.error().message));
        return database ? std::move(*database) : nullptr;
    }
    QTemporaryDir m_folder;
};

void tst_Database::aNewFileIsPrivateDurableAndDistrustful()
{
    const auto database = opened();
    QVERIFY(database);
    QVERIFY(database->execute("CREATE TABLE t (a)"));
    const auto owner = QFileDevice::ReadOwner | QFileDevice::WriteOwner | QFileDevice::ReadUser | QFileDevice::WriteUser;
    for (const char *suffix : {"", "-wal", "-shm"})
        QCOMPARE(QFile::permissions(path() + QLatin1String(suffix)), owner);
    QCOMPARE(*database->number("PRAGMA synchronous"), 2);
    QCOMPARE(*database->number("PRAGMA trusted_schema"), 0);
    QCOMPARE(*database->number("PRAGMA cell_size_check"), 1);
    QVERIFY(*database->number("PRAGMA busy_timeout") > 0);
    auto mode = database->prepare("PRAGMA journal_mode");
    QVERIFY(mode && *mode->step());
    QCOMPARE(mode->text(0), QStringLiteral("wal"));
}

void tst_Database::anExistingFileLosesItsWideMode()
{
    QFile file(path());
    QVERIFY(file.open(QIODevice::WriteOnly));
    file.close();
    QVERIFY(file.setPermissions(QFileDevice::ReadOwner | QFileDevice::WriteOwner | QFileDevice::ReadOther));
    QVERIFY(opened());
    QVERIFY(!(QFile::permissions(path()) & QFileDevice::ReadOther));
}

void tst_Database::migrationsRunOnceAndInOrder()
{
    const std::vector<const char *> first{"CREATE TABLE t (a); INSERT INTO t VALUES (1)"};
    const std::vector<const char *> both{first.front(), "ALTER TABLE t ADD COLUMN b; INSERT INTO t VALUES (2, 3)"};
    QVERIFY(opened()->migrate(first));
    QVERIFY(opened()->migrate(both));
    const auto database = opened();
    QVERIFY(database->migrate(both));
    QCOMPARE(*database->number("SELECT count(*) FROM t"), 2);
    QCOMPARE(*database->schemaVersion(), 2);
}

void tst_Database::aFailedMigrationLeavesTheOldSchema()
{
    const auto database = opened();
    const auto done = database->migrate({"CREATE TABLE t (a)", "CREATE TABLE u (a); CREATE TABLE t (a)"});
    QVERIFY(!done);
    QVERIFY2(done.error().message.contains(QStringLiteral("already exists")), qPrintable(done.error().message));
    QCOMPARE(*database->schemaVersion(), 1);
    QCOMPARE(*database->number("SELECT count(*) FROM sqlite_schema WHERE name = 'u'"), 0);
}

void tst_Database::aNewerSchemaIsRefused()
{
    const auto database = opened();
    QVERIFY(database->execute("PRAGMA user_version=9"));
    QVERIFY(!database->migrate({"CREATE TABLE t (a)"}));
    QCOMPARE(*database->number("SELECT count(*) FROM sqlite_schema"), 0);
}

void tst_Database::anAbandonedTransactionLeavesNothing()
{
    const auto database = opened();
    QVERIFY(database->execute("CREATE TABLE t (a)"));
    QVERIFY(database->begin());
    QVERIFY(database->execute("INSERT INTO t VALUES (1)"));
    database->rollback();
    database->rollback(); // nothing to roll back is no error
    QCOMPARE(*database->number("SELECT count(*) FROM t"), 0);
    QVERIFY(database->begin());
    QVERIFY(database->commit());
}

void tst_Database::bytesComeBackAsTheyWereBound()
{
    const auto database = opened();
    QVERIFY(database->execute("CREATE TABLE t (a INTEGER, b TEXT, c BLOB, d TEXT, e BLOB) STRICT"));
    auto insert = database->prepare("INSERT INTO t VALUES (?, ?, ?, ?, ?)");
    const std::string withNul("a\0b", 3);
    QVERIFY(
        insert->bind(1, std::numeric_limits<qint64>::min()).bindText(2, withNul).bindBlob(3, withNul).bindNull(4).bindBlob(5, {}).run());
    auto select = database->prepare("SELECT * FROM t");
    QVERIFY(*select->step());
    QCOMPARE(select->integer(0), std::numeric_limits<qint64>::min());
    QCOMPARE(select->bytes(1), std::string_view(withNul));
    QCOMPARE(select->bytes(2), std::string_view(withNul));
    QCOMPARE(select->type(1), Statement::Type::Text);
    QCOMPARE(select->type(2), Statement::Type::Blob);
    QCOMPARE(select->type(3), Statement::Type::Null);
    QCOMPARE(select->type(4), Statement::Type::Blob);
    QVERIFY(!*select->step());
}

void tst_Database::aReaderSeesCommitsButCannotWrite()
{
    const auto writer = opened();
    QVERIFY(writer->execute("CREATE TABLE t (a)"));
    const auto reader = opened(Database::Mode::ReadOnly);
    QVERIFY(writer->begin());
    QVERIFY(writer->execute("INSERT INTO t VALUES (1)"));
    QCOMPARE(*reader->number("SELECT count(*) FROM t"), 0);
    QVERIFY(writer->commit());
    QCOMPARE(*reader->number("SELECT count(*) FROM t"), 1);
    QVERIFY(!reader->execute("INSERT INTO t VALUES (2)"));
}

void tst_Database::readingWhatIsNotThereIsNotFound()
{
    const auto database = Database::open(path(), Database::Mode::ReadOnly);
    QVERIFY(!database);
    QCOMPARE(database.error().kind, Error::Kind::NotFound);
    QVERIFY(!QFile::exists(path()));
}

void tst_Database::readingWhatIsNoDatabaseFails()
{
    QFile file(path());
    QVERIFY(file.open(QIODevice::WriteOnly) && file.write(QByteArray(4096, 'x')) == 4096);
    file.close();
    QVERIFY(!Database::open(path(), Database::Mode::ReadOnly));
    QVERIFY(!Database::open(path(), Database::Mode::ReadWrite));
}

void tst_Database::aDatabaseOfACopiedFileOpensInAFolderThatCannotBeWritten()
{
    QVERIFY(opened()->execute("CREATE TABLE t (a); INSERT INTO t VALUES (7)"));
    QVERIFY(!QFile::exists(path() + QStringLiteral("-wal"))); // closed: nothing is left outside the file
    const auto everyoneReads = QFileDevice::ReadOwner | QFileDevice::ReadGroup | QFileDevice::ReadOther;
    QVERIFY(QFile::setPermissions(path(), everyoneReads));
    QVERIFY(QFile::setPermissions(m_folder.path(), everyoneReads | QFileDevice::ExeOwner | QFileDevice::ExeGroup | QFileDevice::ExeOther));
    const uid_t before = uid_t(setfsuid(geteuid() == 0 ? 65534 : geteuid())); // root may write everywhere
    const auto database = opened(Database::Mode::ReadOnly);
    const bool madeFiles = QFile::exists(path() + QStringLiteral("-shm"));
    setfsuid(before);
    QVERIFY(QFile::setPermissions(m_folder.path(), QFileDevice::ReadOwner | QFileDevice::WriteOwner | QFileDevice::ExeOwner));
    QVERIFY(!madeFiles);
    QVERIFY(database);
    QCOMPARE(*database->number("SELECT a FROM t"), 7);
}

void tst_Database::aFileThatWasReplacedIsNoticed()
{
    const auto database = opened();
    QVERIFY(database->execute("CREATE TABLE t (a)"));
    QVERIFY(!database->wasMoved());
    QVERIFY(QFile::rename(path(), path() + QStringLiteral(".away")));
    QVERIFY(database->wasMoved());
}

void tst_Database::commitsDoNotCheckpointByThemselves()
{
    const auto database = opened();
    QVERIFY(database->execute("CREATE TABLE t (a); PRAGMA synchronous=OFF"));
    auto insert = database->prepare("INSERT INTO t VALUES (randomblob(3000))");
    for (int i = 0; i < 1'500; ++i)
        QVERIFY(insert->run());
    QVERIFY(database->walPages() > 1'500);
    QVERIFY(database->checkpointAll());
    QCOMPARE(database->walPages(), 0);
    QCOMPARE(QFile(path() + QStringLiteral("-wal")).size(), 0);
}

COUNTERSIGN_TEST(tst_Database)
#include "tst_Database.moc"
