// SPDX-FileCopyrightText: 2026 The Countersign authors
// SPDX-License-Identifier: GPL-3.0-or-later
#include "app/Profile.h"
#include "support/Runner.h"
#include <QTemporaryDir>
#include <QTest>
#include <fcntl.h>
#include <sys/file.h>
#include <unistd.h>

using namespace mcpcore;

class tst_Profile : public QObject
{
    Q_OBJECT

    // As a program leaves it that was killed right after it had made it, some time ago.
    static void leaveLock(const QString &path)
    {
        QFile file(path);
        QVERIFY(file.open(QIODevice::WriteOnly));
        QVERIFY(file.setFileTime(QDateTime::currentDateTime().addSecs(-10), QFileDevice::FileModificationTime));
    }
private Q_SLOTS:
    void oneOwnerAtATime()
    {
        const QTemporaryDir folder;
        const auto profile = app::Profile::at(folder.path());
        QVERIFY(profile);
        const auto first = profile->takeLock();
        QVERIFY(first);
        const auto second = profile->takeLock();
        QVERIFY(!second);
        QCOMPARE(second.error().kind, Error::Kind::Conflict);
        QVERIFY2(second.error().message.contains(QString::number(QCoreApplication::applicationPid())), qPrintable(second.error().message));
    }
    void theLockOfAProgramThatWasKilledAtItsStartIsNobodys()
    {
        const QTemporaryDir folder;
        const auto profile = app::Profile::at(folder.path());
        QVERIFY(profile);
        leaveLock(folder.filePath(QStringLiteral("lock")));
        QVERIFY(profile->takeLock());
    }
    void anEmptyLockThatIsHeldIsSomebodys()
    {
        const QTemporaryDir folder;
        const QString lock = folder.filePath(QStringLiteral("lock"));
        leaveLock(lock);
        const int fd = ::open(lock.toLocal8Bit().constData(), O_RDONLY | O_CLOEXEC);
        QVERIFY(fd >= 0 && ::flock(fd, LOCK_EX) == 0);
        QVERIFY(!app::removeOwnerlessLock(lock));
        ::close(fd);
        QVERIFY(app::removeOwnerlessLock(lock));
        QVERIFY(!app::removeOwnerlessLock(lock));
    }
    void aLockThatWasJustMadeIsSomebodys()
    {
        const QTemporaryDir folder;
        QFile file(folder.filePath(QStringLiteral("lock")));
        QVERIFY(file.open(QIODevice::WriteOnly));
        QVERIFY(!app::removeOwnerlessLock(file.fileName()));
        QVERIFY(file.exists());
    }
};

COUNTERSIGN_TEST(tst_Profile)
#include "tst_Profile.moc"
