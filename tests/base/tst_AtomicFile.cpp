// SPDX-FileCopyrightText: 2026 The Countersign authors
// SPDX-License-Identifier: GPL-3.0-or-later
#include "base/AtomicFile.h"
#include "support/Runner.h"
#include <QDir>
#include <QFile>
#include <QFileInfo>
#include <QTemporaryDir>
#include <sys/stat.h>

using namespace mcpcore;

class tst_AtomicFile : public QObject
{
    Q_OBJECT
private Q_SLOTS:
    void writesWithTheModeAndReadsBack()
    {
        QTemporaryDir folder;
        const QString path = folder.filePath(QStringLiteral("a"));
        QVERIFY(writeFile(path, "one"));
        QVERIFY(writeFile(path, "two"));
        QCOMPARE(readFile(path).value(), QByteArrayLiteral("two"));
        struct stat status;
        QCOMPARE(::stat(QFile::encodeName(path).constData(), &status), 0);
        QCOMPARE(status.st_mode & 0777, mode_t(0600));
        QCOMPARE(QDir(folder.path()).entryList(QDir::Files | QDir::Hidden).size(), 1);
    }
    void aMissingFileIsNotFound() { QCOMPARE(readFile(QStringLiteral("/nonexistent/x")).error().kind, Error::Kind::NotFound); }
    void aFailedWriteNamesTheFileAndLeavesNothing()
    {
        QTemporaryDir folder;
        const QString path = folder.filePath(QStringLiteral("missing/a"));
        const auto result = writeFile(path, "x");
        QVERIFY(!result);
        QCOMPARE(result.error().kind, Error::Kind::FileFailed);
        QVERIFY(result.error().message.contains(path));
    }
    void aFailedRenameLeavesNoTemporaryFile()
    {
        QTemporaryDir folder;
        const QString path = folder.filePath(QStringLiteral("a"));
        QVERIFY(writeFile(path, "old"));
        QVERIFY(QDir(folder.path()).mkdir(QStringLiteral("b")));
        const auto overFolder = writeFile(folder.filePath(QStringLiteral("b")), "x");
        QVERIFY(!overFolder);
        QCOMPARE(readFile(path).value(), QByteArrayLiteral("old"));
        QCOMPARE(QDir(folder.path()).entryList(QDir::Files | QDir::Hidden).size(), 1);
    }
    void aLinkIsNotReplaced()
    {
        QTemporaryDir folder;
        const QString link = folder.filePath(QStringLiteral("link"));
        QVERIFY(writeFile(folder.filePath(QStringLiteral("a")), "old"));
        QVERIFY(QFile::link(folder.filePath(QStringLiteral("a")), link));
        QVERIFY(!writeFile(link, "new"));
        QCOMPARE(readFile(link).value(), QByteArrayLiteral("old"));
    }
    void privateFoldersAreForTheOwnerOnly()
    {
        QTemporaryDir folder;
        const QString path = folder.filePath(QStringLiteral("x/y/z"));
        QVERIFY(makePrivateFolder(path));
        struct stat status;
        QCOMPARE(::stat(QFile::encodeName(path).constData(), &status), 0);
        QCOMPARE(status.st_mode & 0777, mode_t(0700));
    }
};

COUNTERSIGN_TEST(tst_AtomicFile)
#include "tst_AtomicFile.moc"
