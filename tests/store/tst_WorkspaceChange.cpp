// SPDX-FileCopyrightText: 2026 The Countersign authors
// SPDX-License-Identifier: GPL-3.0-or-later
#include "base/AtomicFile.h"
#include "base/Secret.h"
#include "store/WorkspaceFile.h"
#include "support/Runner.h"
#include <QFileInfo>
#include <QSignalSpy>
#include <QTemporaryDir>

using namespace mcpcore;

namespace {

QString text(const char *latin1)
{
    return QString::fromLatin1(latin1);
}

} // namespace

// The file on disk: when it is written, and when it is left alone.
class tst_WorkspaceChange : public QObject
{
    Q_OBJECT
private Q_SLOTS:
    void aNewProfileIsWrittenAtItsFirstChange()
    {
        QTemporaryDir folder;
        const QString path = folder.filePath(text("workspace.json"));
        auto file = WorkspaceFile::open(path);
        QVERIFY(file);
        QVERIFY(!QFileInfo::exists(path));
        QVERIFY((*file)->digest().isEmpty());
        QSignalSpy changed(file->get(), &WorkspaceFile::changed);
        QVERIFY((*file)->change([](Workspace &workspace) {
            workspace.paused = true;
            return Result<>();
        }));
        QCOMPARE(changed.count(), 1);
        const QByteArray bytes = *readFile(path);
        QCOMPARE((*file)->digest(), sha256({bytes.constData(), size_t(bytes.size())}));
        QCOMPARE(QFileInfo(path).permissions() & 0x777, QFileDevice::ReadUser | QFileDevice::WriteUser);
        auto again = WorkspaceFile::open(path);
        QVERIFY(again);
        QVERIFY((*again)->current().paused);
        QCOMPARE((*again)->digest(), (*file)->digest());
    }
    void anEditThatFailsChangesNothing()
    {
        QTemporaryDir folder;
        auto file = WorkspaceFile::open(folder.filePath(text("workspace.json")));
        const auto done = (*file)->change([](Workspace &workspace) -> Result<> {
            workspace.paused = true;
            return failure(Error::Kind::Conflict, QStringLiteral("no"));
        });
        QCOMPARE(done.error().kind, Error::Kind::Conflict);
        QVERIFY(!(*file)->current().paused);
    }
    void aFileThatCannotBeUsedIsLeftAlone()
    {
        QTemporaryDir folder;
        const QString path = folder.filePath(text("workspace.json"));
        const QByteArray newer = toFileBytes(newWorkspace()).replace("\"version\": 1", "\"version\": 2");
        QVERIFY(writeFile(path, newer));
        const auto file = WorkspaceFile::open(path);
        QVERIFY(!file);
        QCOMPARE(file.error().kind, Error::Kind::FileFailed);
        QVERIFY(file.error().message.contains(path) && file.error().message.contains(text("version 2")));
        QCOMPARE(*readFile(path), newer);
    }
    void aFolderThatCannotBeWrittenKeepsTheOldState()
    {
        QTemporaryDir folder;
        auto file = WorkspaceFile::open(folder.filePath(text("gone/workspace.json")));
        QVERIFY(file);
        QSignalSpy changed(file->get(), &WorkspaceFile::changed);
        const auto done = (*file)->change([](Workspace &workspace) {
            workspace.paused = true;
            return Result<>();
        });
        QCOMPARE(done.error().kind, Error::Kind::FileFailed);
        QVERIFY(!(*file)->current().paused);
        QCOMPARE(changed.count(), 0);
    }
};

COUNTERSIGN_TEST(tst_WorkspaceChange)
#include "tst_WorkspaceChange.moc"
