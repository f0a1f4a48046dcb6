// SPDX-FileCopyrightText: 2026 The Countersign authors
// SPDX-License-Identifier: GPL-3.0-or-later
#include "WriterBench.h"
#include "clientconfig/Backups.h"
#include "support/Runner.h"
#include <cerrno>
#include <csignal>
#include <sys/mount.h>
#include <sys/socket.h>
#include <sys/stat.h>
#include <sys/un.h>
#include <sys/wait.h>
#include <sys/xattr.h>
#include <unistd.h>

using namespace mcpcore;
using Step = FileSteps::Step;

namespace {

const QByteArray kOld("{\"theme\": \"dark\"}\n");
const QByteArray kNew("{\"theme\": \"dark\", \"mcpServers\": {\"countersign\": {}}}\n");

mode_t modeOf(const QString &path)
{
    struct stat is {};
    return ::lstat(QFile::encodeName(path).constData(), &is) == 0 ? is.st_mode & 07777 : 0;
}

} // namespace

class tst_ConfigWriter : public QObject
{
    Q_OBJECT

    std::unique_ptr<WriterBench> m_bench;
    CountedSteps m_steps;

    const QString &path() const { return m_bench->path; }
    Result<ConfigFile> read() { return readConfigFile(m_steps, path()); }
    Result<ConfigFile> writeNew()
    {
        const auto old = read();
        return old ? m_bench->writer(m_steps).write(m_bench->kind, *old, kNew) : old;
    }

private Q_SLOTS:
    void init()
    {
        m_bench = std::make_unique<WriterBench>();
        m_bench->setClock({});
        m_steps = CountedSteps();
        put(path(), kOld);
    }
    void aFileIsExchangedAndItsOldTextKept()
    {
        const auto written = writeNew();
        QVERIFY2(written, written ? "" : qPrintable(written.error().message));
        QCOMPARE(get(path()), kNew);
        QCOMPARE(m_bench->beside(), QStringList{QStringLiteral("settings.json")});
        const QStringList kept = Backups(m_bench->backups() + QStringLiteral("/acme"), written->resolved).paths();
        QCOMPARE(kept.size(), 1);
        QCOMPARE(get(kept[0]), kOld);
        QCOMPARE(modeOf(kept[0]), mode_t(0600));
        QCOMPARE(modeOf(QFileInfo(kept[0]).path()), mode_t(0700));
        const auto again = read();
        QVERIFY(again);
        QCOMPARE(again->look.mark, written->look.mark);
        QCOMPARE(again->digest, written->digest);
    }
    void tenBackupsAreKeptOfEachFile()
    {
        const QString other = m_bench->folder.path() + QStringLiteral("/home/other.json");
        put(other, "other");
        auto writer = m_bench->writer(m_steps);
        QVERIFY(writer.write(m_bench->kind, *readConfigFile(m_steps, other), "more"));
        for (int i = 0; i < 13; ++i) {
            const auto old = read();
            QVERIFY(old && writer.write(m_bench->kind, *old, QByteArray::number(i)));
            if (i % 2 == 0)
                m_bench->clock.advance(std::chrono::seconds(1));
        }
        const QStringList kept = Backups(m_bench->backups() + QStringLiteral("/acme"), path()).paths();
        QCOMPARE(kept.size(), 10);
        QCOMPARE(get(kept.first()), QByteArray("2"));
        QCOMPARE(get(kept.last()), QByteArray("11"));
        QCOMPARE(Backups(m_bench->backups() + QStringLiteral("/acme"), other).paths().size(), 1);
    }
    void aNewFileIsForThisUserOnlyAndItsFolderIsMade()
    {
        m_bench->path = m_bench->folder.path() + QStringLiteral("/home/.acme/deep/mcp.json");
        QVERIFY(writeNew());
        QCOMPARE(get(path()), kNew);
        QCOMPARE(modeOf(path()), mode_t(0600));
        QCOMPARE(modeOf(QFileInfo(path()).path()), mode_t(0700));
    }
    void theModeIsKept_data()
    {
        QTest::addColumn<uint>("mode");
        for (const uint mode : {0600u, 0644u, 0664u, 0640u, 0755u, 0200u | 0400u})
            QTest::newRow(qPrintable(QString::number(mode, 8))) << mode;
    }
    void theModeIsKept()
    {
        QFETCH(uint, mode);
        QCOMPARE(::chmod(QFile::encodeName(path()).constData(), mode), 0);
        QVERIFY(writeNew());
        QCOMPARE(modeOf(path()), mode_t(mode));
    }
    void attributesAreKept()
    {
        const QTemporaryDir onDisk;
        m_bench->path = onDisk.filePath(QStringLiteral("settings.json"));
        put(path(), kOld);
        const QByteArray name = QFile::encodeName(path());
        if (::setxattr(name.constData(), "user.note", "mine", 4, 0) != 0)
            QSKIP("this file system keeps no attributes of users");
        QVERIFY(writeNew());
        char value[8] = {};
        QCOMPARE(::getxattr(name.constData(), "user.note", value, sizeof value), ssize_t(4));
        QCOMPARE(QByteArray(value), QByteArray("mine"));
    }
    void aLinkStaysALink()
    {
        const QString real = m_bench->folder.path() + QStringLiteral("/dotfiles/real.json");
        QVERIFY(QDir().mkpath(QFileInfo(real).path()) && QFile::rename(path(), real));
        QVERIFY(QFile::link(QStringLiteral("../dotfiles/real.json"), path()));
        const auto written = writeNew();
        QVERIFY(written);
        QCOMPARE(written->resolved, QFileInfo(real).canonicalFilePath());
        QVERIFY(QFileInfo(path()).isSymLink());
        QCOMPARE(get(real), kNew);
        QCOMPARE(m_bench->beside(), QStringList{QStringLiteral("settings.json")});
        QCOMPARE(QDir(QFileInfo(real).path()).entryList(QDir::AllEntries | QDir::Hidden | QDir::NoDotAndDotDot),
                 QStringList{QStringLiteral("real.json")});
    }
    void whatShouldNotBeWrittenIsRefusedWithItsReason_data()
    {
        QTest::addColumn<std::function<void(const QByteArray &)>>("make");
        QTest::addColumn<QString>("says");
        const auto row = [](const char *says, std::function<void(const QByteArray &)> make) {
            QTest::newRow(says) << make << QString::fromLatin1(says);
        };
        row("is a link to a file that is not there", [](const QByteArray &name) {
            ::unlink(name);
            QCOMPARE(::symlink("/nowhere/at/all.json", name), 0);
        });
        row("is a link to a file that is not there.", [](const QByteArray &name) { // to itself
            ::unlink(name);
            QCOMPARE(::symlink(name, name), 0);
        });
        row("is a folder where a file should be", [](const QByteArray &name) {
            ::unlink(name);
            QCOMPARE(::mkdir(name, 0700), 0);
        });
        row("is no regular file", [](const QByteArray &name) {
            ::unlink(name);
            QCOMPARE(::mkfifo(name, 0600), 0);
        });
        row("is no regular file,", [](const QByteArray &name) { // a device behind a link
            ::unlink(name);
            QCOMPARE(::symlink("/dev/null", name), 0);
        });
        row("is read-only. Allow writing", [](const QByteArray &name) { QCOMPARE(::chmod(name, 0444), 0); });
        row("has other names (hard links)", [](const QByteArray &name) { QCOMPARE(::link(name, name + ".two"), 0); });
        row("is larger than 16 MiB", [](const QByteArray &name) { QCOMPARE(::truncate(name, kMaximumConfigSize + 1), 0); });
    }
    void whatShouldNotBeWrittenIsRefusedWithItsReason()
    {
        QFETCH(std::function<void(const QByteArray &)>, make);
        QFETCH(QString, says);
        make(QFile::encodeName(path()));
        const auto refused = read();
        QVERIFY(!refused);
        QVERIFY2(refused.error().kind == Error::Kind::FileFailed && refused.error().message.contains(says),
                 qPrintable(refused.error().message));
        QVERIFY(refused.error().message.contains(path()));
    }
    void theFileOfAnotherUserIsRefused()
    {
        m_steps.userIs = ::geteuid() + 1;
        const auto refused = read();
        QVERIFY(!refused && refused.error().message.contains(QStringLiteral("belongs to another user")));
    }
    void anUnreadableFileIsRefused()
    {
        m_steps.onBefore = [](int, Step step) { return step == Step::Open ? EACCES : 0; };
        const auto refused = read();
        QVERIFY(!refused && refused.error().message.contains(QStringLiteral("cannot be read: Permission denied")));
    }
    void aFileThatSomebodyWritesToIsNotRead()
    {
        QFile writer(path());
        QVERIFY(writer.open(QIODevice::ReadWrite));
        const auto busy = read();
        QVERIFY(!busy && busy.error().kind == Error::Kind::Conflict);
        writer.close();
        QVERIFY(read());
    }
    void whatChangedSinceItWasReadIsAConflict_data()
    {
        QTest::addColumn<std::function<void(const QString &)>>("change");
        const auto row = [](const char *name, std::function<void(const QString &)> change) { QTest::newRow(name) << change; };
        row("written in place", [](const QString &path) { put(path, "theirs"); });
        row("as many bytes", [](const QString &path) { put(path, get(path).replace("dark", "pink")); });
        row("renamed over", [](const QString &path) {
            put(path + QStringLiteral("~"), "theirs");
            QVERIFY(::rename(QFile::encodeName(path + QLatin1Char('~')), QFile::encodeName(path)) == 0);
        });
        row("removed", [](const QString &path) { QVERIFY(QFile::remove(path)); });
        row("a link now", [](const QString &path) {
            QVERIFY(QFile::rename(path, path + QLatin1Char('2')) && QFile::link(path + QLatin1Char('2'), path));
        });
        row("another mode",
            [](const QString &path) { QVERIFY(QFile::setPermissions(path, QFile::ReadOwner | QFile::WriteOwner | QFile::ReadOther)); });
    }
    void whatChangedSinceItWasReadIsAConflict()
    {
        QFETCH(std::function<void(const QString &)>, change);
        const auto old = read();
        QVERIFY(old);
        change(path());
        const QByteArray theirs = get(path());
        const auto written = m_bench->writer(m_steps).write(m_bench->kind, *old, kNew);
        QVERIFY(!written);
        QCOMPARE(written.error().kind, Error::Kind::Conflict);
        QCOMPARE(get(path()), theirs);
        QVERIFY(m_bench->beside().filter(QStringLiteral("countersign")).isEmpty());
    }
    void aFileThatAppearedMeanwhileIsAConflict()
    {
        QVERIFY(QFile::remove(path()));
        const auto absent = read();
        QVERIFY(absent && !absent->isThere);
        put(path(), "theirs");
        const auto written = m_bench->writer(m_steps).write(m_bench->kind, *absent, kNew);
        QVERIFY(!written && written.error().kind == Error::Kind::Conflict);
        QCOMPARE(get(path()), QByteArray("theirs"));
    }
    void aFileOfOursIsTakenAwayWhenItIsAsRead()
    {
        const auto old = read();
        QVERIFY(old);
        put(path(), "theirs");
        const auto kept = m_bench->writer(m_steps).remove(m_bench->kind, *old);
        QVERIFY(!kept && kept.error().kind == Error::Kind::Conflict);
        QCOMPARE(get(path()), QByteArray("theirs"));
        const auto removed = m_bench->writer(m_steps).remove(m_bench->kind, *read());
        QVERIFY2(removed, removed ? "" : qPrintable(removed.error().message));
        QCOMPARE(m_bench->beside(), QStringList());
    }
    void whereAFileSystemKnowsNoLeasesOrExchangeItIsComparedAndReplaced()
    {
        m_steps.onBefore = [](int, Step step) { return step == Step::Lease ? EINVAL : 0; };
        QVERIFY(writeNew());
        put(path(), kOld);
        const auto old = read();
        bool isFirst = true;
        m_steps.onBefore = [&](int, Step step) { return step == Step::Exchange && std::exchange(isFirst, false) ? EINVAL : 0; };
        QVERIFY(m_bench->writer(m_steps).write(m_bench->kind, *old, kNew));
        QCOMPARE(get(path()), kNew);
        QCOMPARE(m_bench->beside(), QStringList{QStringLiteral("settings.json")});
    }
    void theClientsLockIsTakenForTheExchangeOnly()
    {
        m_bench->kind.lock = ClientLock{QStringLiteral(".lock"), std::chrono::seconds(10)};
        const QString lock = path() + QStringLiteral(".lock");
        QList<Step> locked;
        m_steps.onBefore = [&](int, Step step) {
            if (QFileInfo(lock).isDir())
                locked.append(step);
            return 0;
        };
        QVERIFY(writeNew());
        QVERIFY(locked.contains(Step::Exchange) && !locked.contains(Step::Write));
        QVERIFY(!QFileInfo::exists(lock));
    }
    void aHeldLockIsRespected()
    {
        m_bench->kind.lock = ClientLock{QStringLiteral(".lock"), std::chrono::seconds(10)};
        const QString lock = path() + QStringLiteral(".lock");
        QVERIFY(QDir().mkdir(lock));
        const auto busy = writeNew();
        QVERIFY(!busy && busy.error().kind == Error::Kind::Conflict);
        QVERIFY(busy.error().message.contains(QStringLiteral("The client is writing")));
        QCOMPARE(get(path()), kOld);
        QVERIFY(QFileInfo(lock).isDir());
        m_bench->setClock(std::chrono::seconds(11)); // its maker has died
        QVERIFY(writeNew());
        QVERIFY(!QFileInfo::exists(lock));
        QCOMPARE(m_bench->beside(), QStringList{QStringLiteral("settings.json")});
    }
    void aStaleLockThatSomebodyElseTookOverIsLeftToThem()
    {
        m_bench->kind.lock = ClientLock{QStringLiteral(".lock"), std::chrono::seconds(10)};
        const QString lock = path() + QStringLiteral(".lock");
        QVERIFY(QDir().mkdir(lock));
        m_bench->setClock(std::chrono::seconds(11));
        m_steps.onBefore = [&](int, Step step) {
            if (step == Step::Place) { // between our look and our move
                m_steps.onBefore = nullptr;
                (void)(QDir().rmdir(lock) && QDir().mkdir(lock));
            }
            return 0;
        };
        QVERIFY(!writeNew());
        QVERIFY(QFileInfo(lock).isDir());
        QVERIFY(!QFileInfo::exists(lock + QStringLiteral(".old")));
    }
    void theLockIsGivenBackWhateverFails()
    {
        m_bench->kind.lock = ClientLock{QStringLiteral(".lock"), std::chrono::seconds(10)};
        for (int failing = 0;; ++failing) {
            init();
            m_bench->kind.lock = ClientLock{QStringLiteral(".lock"), std::chrono::seconds(10)};
            Step failed{};
            m_steps.onBefore = [&](int number, Step step) { return number == failing ? (failed = step, EIO) : 0; };
            const bool written = writeNew().has_value();
            QVERIFY2(failed == Step::RemoveFolder || !QFileInfo::exists(path() + QStringLiteral(".lock")),
                     qPrintable(QString::number(failing)));
            if (written && m_steps.count <= failing)
                break;
        }
    }
    void whateverFailsTheFileIsTheOldOneOrTheNewOne_data()
    {
        QTest::addColumn<int>("error");
        QTest::addColumn<bool>("isThere");
        for (const bool isThere : {true, false})
            for (const auto &[error, name] : {std::pair{ENOSPC, "disk full"}, std::pair{EIO, "broken disk"},
                                              std::pair{EROFS, "read-only disk"}, std::pair{EINVAL, "not supported"}})
                QTest::newRow(qPrintable(QLatin1String(name) + (isThere ? QStringLiteral(", old file") : QStringLiteral(", no file"))))
                    << error << isThere;
    }
    void whateverFailsTheFileIsTheOldOneOrTheNewOne()
    {
        QFETCH(int, error);
        QFETCH(bool, isThere);
        for (int failing = 0;; ++failing) {
            init();
            if (!isThere)
                QVERIFY(QFile::remove(path()));
            const auto old = read();
            QVERIFY(old);
            const int first = m_steps.count;
            Step failed{};
            m_steps.onBefore = [&](int number, Step step) { return number == first + failing ? (failed = step, error) : 0; };
            const auto written = m_bench->writer(m_steps).write(m_bench->kind, *old, kNew);
            const QByteArray now = QFile::exists(path()) ? get(path()) : QByteArray();
            QVERIFY2(now
                         == (written   ? kNew
                             : isThere ? kOld
                                       : QByteArray()),
                     qPrintable(QStringLiteral("step %1: %2").arg(failing).arg(QString::fromUtf8(now))));
            if (!written)
                QVERIFY2(!written.error().message.isEmpty() && !written.error().message.contains(QStringLiteral("theme")),
                         qPrintable(written.error().message));
            if (failed != Step::Remove)
                QVERIFY2(m_bench->beside().filter(QStringLiteral("countersign")).isEmpty(), qPrintable(QString::number(failing)));
            if (m_steps.count <= first + failing)
                break;
            QVERIFY(failing < 100);
        }
    }
    void aFullDiskLeavesTheFile()
    {
        const QString disk = m_bench->folder.path() + QStringLiteral("/disk");
        QVERIFY(QDir().mkdir(disk));
        if (::mount("none", QFile::encodeName(disk).constData(), "tmpfs", 0, "size=64k") != 0)
            QSKIP("only the superuser can make a small disk");
        m_bench->path = disk + QStringLiteral("/settings.json");
        put(path(), kOld);
        const auto old = read();
        const bool isRead = old.has_value();
        const auto written = isRead ? m_bench->writer(m_steps).write(m_bench->kind, *old, QByteArray(200'000, 'x')) : old;
        const QByteArray now = get(path());
        const QStringList left = QDir(disk).entryList(QDir::AllEntries | QDir::Hidden | QDir::NoDotAndDotDot);
        const int readOnly = ::mount("none", QFile::encodeName(disk).constData(), "tmpfs", MS_REMOUNT | MS_RDONLY, "size=64k");
        const auto onReadOnly = isRead ? m_bench->writer(m_steps).write(m_bench->kind, *old, kNew) : old;
        QCOMPARE(::umount(QFile::encodeName(disk).constData()), 0);
        QVERIFY(isRead && !written && readOnly == 0);
        QVERIFY2(written.error().message.contains(QStringLiteral("No space left on device")), qPrintable(written.error().message));
        QCOMPARE(now, kOld);
        QCOMPARE(left, QStringList{QStringLiteral("settings.json")});
        QVERIFY(!onReadOnly && onReadOnly.error().message.contains(QStringLiteral("Read-only file system")));
    }
    void aKillAtAnyPointLeavesTheOldFileOrTheNewOne_data()
    {
        QTest::addColumn<bool>("isThere");
        QTest::newRow("a file is exchanged") << true;
        QTest::newRow("a file is made") << false;
    }
    void aKillAtAnyPointLeavesTheOldFileOrTheNewOne()
    {
        QFETCH(bool, isThere);
        bool sawOld = false;
        bool sawNew = false;
        for (int killing = 0;; ++killing) {
            init();
            m_bench->kind.lock = ClientLock{QStringLiteral(".lock"), std::chrono::seconds(10)};
            QCOMPARE(::chmod(QFile::encodeName(path()).constData(), 0640), 0);
            if (!isThere)
                QVERIFY(QFile::remove(path()));
            const pid_t child = ::fork();
            if (child == 0) {
                // Even numbers before a step, odd ones after it.
                m_steps.onBefore = [&](int number, Step) { return number * 2 == killing ? ::raise(SIGKILL) : 0; };
                m_steps.onAfter = [&](int number, Step) { number * 2 + 1 == killing ? ::raise(SIGKILL) : 0; };
                (void)writeNew();
                ::_exit(0);
            }
            int status = 0;
            QCOMPARE(::waitpid(child, &status, 0), child);
            const QByteArray now = QFile::exists(path()) ? get(path()) : QByteArray();
            const QByteArray old = isThere ? kOld : QByteArray();
            QVERIFY2(now == old || now == kNew, qPrintable(QStringLiteral("killed at %1: %2").arg(killing).arg(QString::fromUtf8(now))));
            sawOld = sawOld || now == old;
            sawNew = sawNew || now == kNew;
            if (isThere)
                QCOMPARE(modeOf(path()), mode_t(0640));
            // The next write works, and takes what was left to the backups.
            m_bench->setClock(std::chrono::minutes(2));
            const auto next = writeNew();
            QVERIFY2(next, next ? "" : qPrintable(next.error().message));
            QCOMPARE(get(path()), kNew);
            QCOMPARE(m_bench->beside(), QStringList{QStringLiteral("settings.json")});
            if (WIFEXITED(status))
                break;
            QVERIFY(WIFSIGNALED(status) && WTERMSIG(status) == SIGKILL && killing < 200);
        }
        QVERIFY(sawOld && sawNew);
    }
    void aFolderWithVersionControlIsNoticed()
    {
        const QString home = m_bench->folder.path() + QStringLiteral("/home");
        const QString project = home + QStringLiteral("/src/project");
        QVERIFY(QDir().mkpath(project + QStringLiteral("/.vscode")));
        const QString file = project + QStringLiteral("/.vscode/mcp.json");
        QCOMPARE(versionControlAbove(file, home), QString());
        QVERIFY(QDir().mkpath(m_bench->folder.path() + QStringLiteral("/.git"))); // above home: not this user's work
        QCOMPARE(versionControlAbove(file, home), QString());
        put(project + QStringLiteral("/.git"), "gitdir: elsewhere"); // a worktree
        QCOMPARE(versionControlAbove(file, home), project);
        QVERIFY(QFile::remove(project + QStringLiteral("/.git")));
        QVERIFY(QDir().mkpath(home + QStringLiteral("/.hg"))); // home itself is kept so
        QCOMPARE(versionControlAbove(file, home), home);
        QCOMPARE(versionControlAbove(path(), home), home);
        QVERIFY(QDir(home + QStringLiteral("/.hg")).removeRecursively());
        // Where the bytes are counts, too.
        const QString dotfiles = home + QStringLiteral("/dotfiles");
        QVERIFY(QDir().mkpath(dotfiles + QStringLiteral("/.svn")) && QFile::rename(path(), dotfiles + QStringLiteral("/settings.json")));
        QVERIFY(QFile::link(dotfiles + QStringLiteral("/settings.json"), path()));
        QCOMPARE(versionControlAbove(path(), home), QFileInfo(dotfiles).canonicalFilePath());
        QCOMPARE(versionControlAbove(QStringLiteral("/etc/acme/settings.json"), home), QString());
    }
};

COUNTERSIGN_TEST(tst_ConfigWriter)
#include "tst_ConfigWriter.moc"
