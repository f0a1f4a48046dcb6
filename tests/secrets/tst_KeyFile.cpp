// SPDX-FileCopyrightText: 2026 The Countersign authors
// SPDX-License-Identifier: GPL-3.0-or-later
#include "base/AtomicFile.h"
#include "secrets/KeyFile.h"
#include "support/Runner.h"
#include <QDir>
#include <QTemporaryDir>
#include <csignal>
#include <sys/mount.h>
#include <sys/resource.h>
#include <sys/stat.h>
#include <sys/wait.h>
#include <unistd.h>

using namespace mcpcore;

namespace {

constexpr KeyFileCost cheap{1, 8};
const char *const passphrase = "correct horse";

// A profile folder with an open key file in it that holds "a".
struct Folder {
    Folder() : path(folder.path() + QStringLiteral("/keys")), file(path)
    {
        std::map<QString, Secret> items;
        items.emplace(QStringLiteral("a"), Secret("one"));
        if (const auto made = file.make(Secret(passphrase), std::move(items), cheap); !made)
            qFatal("%s", qPrintable(made.error().message));
    }
    QByteArray bytes() const { return readFile(path).value_or(QByteArray()); }
    void put(const QByteArray &bytes) const { QVERIFY(writeFile(path, bytes)); }
    QStringList others() const { return QDir(folder.path()).entryList(QDir::Files | QDir::Hidden | QDir::NoDotAndDotDot | QDir::System); }

    QTemporaryDir folder;
    QString path;
    KeyFile file;
};

QByteArray valueOf(const KeyFile &file, const char *name)
{
    const auto read = file.read(QString::fromLatin1(name));
    return read ? QByteArray(read->reveal().data(), qsizetype(read->reveal().size())) : read.error().message.toUtf8();
}

Result<> write(KeyFile &file, const char *name, const char *value)
{
    return file.write(QString::fromLatin1(name), Secret(value));
}

// Runs `work` in a child process; answers its wait status.
template <typename Work> int inChild(Work work)
{
    const pid_t pid = ::fork();
    if (pid == 0)
        ::_exit(work() ? 0 : 1);
    int status = -1;
    ::waitpid(pid, &status, 0);
    return status;
}

} // namespace

class tst_KeyFile : public QObject
{
    Q_OBJECT
private Q_SLOTS:
    void itIsThereForItsOwnerOnly()
    {
        Folder folder;
        struct stat state {};
        QCOMPARE(::stat(qPrintable(folder.path), &state), 0);
        QCOMPARE(state.st_mode & 07777, mode_t(0600));
        QVERIFY(write(folder.file, "b", "two"));
        QCOMPARE(::stat(qPrintable(folder.path), &state), 0);
        QCOMPARE(state.st_mode & 07777, mode_t(0600));
        QCOMPARE(folder.others(), QStringList{QStringLiteral("keys")});
    }
    void itIsOpenedAgainWithItsPassphraseOnly()
    {
        Folder folder;
        const QByteArray before = folder.bytes();
        KeyFile again(folder.path);
        QVERIFY(again.read(QStringLiteral("a")).error().message.contains(QStringLiteral("locked")));
        QCOMPARE(again.read(QStringLiteral("a")).error().kind, Error::Kind::SecretUnavailable);
        QVERIFY(write(again, "b", "two").error().message.contains(QStringLiteral("locked")));
        QCOMPARE(again.remove(QStringLiteral("a")).error().kind, Error::Kind::SecretUnavailable);
        const auto wrong = again.open(Secret("incorrect horse"));
        QCOMPARE(wrong.error().kind, Error::Kind::InvalidArgument);
        QVERIFY(wrong.error().message.contains(QStringLiteral("not the passphrase")));
        QVERIFY(!again.isOpen());
        QCOMPARE(folder.bytes(), before);
        QVERIFY(again.open(Secret(passphrase)));
        QCOMPARE(valueOf(again, "a"), QByteArray("one"));
    }
    void whatIsItsPassphraseCanBeAskedWhileItIsOpen()
    {
        Folder folder;
        QVERIFY(folder.file.check(Secret(passphrase)));
        const auto wrong = folder.file.check(Secret("incorrect horse"));
        QVERIFY(!wrong && wrong.error().kind == Error::Kind::InvalidArgument);
        QVERIFY(!folder.file.check(Secret()));
        KeyFile locked(folder.path);
        QVERIFY(!locked.check(Secret(passphrase)));
        QVERIFY(!locked.isOpen());
    }
    void thePassphraseIsChangedAtOnce()
    {
        Folder folder;
        QVERIFY(!folder.file.changePassphrase(Secret("incorrect horse"), Secret("another one"), cheap));
        QVERIFY(!folder.file.changePassphrase(Secret(passphrase), Secret("short"), cheap));
        QVERIFY(KeyFile(folder.path).open(Secret(passphrase)));
        QVERIFY(folder.file.changePassphrase(Secret(passphrase), Secret("another one"), cheap));
        QCOMPARE(valueOf(folder.file, "a"), QByteArray("one"));
        QVERIFY(write(folder.file, "b", "two"));
        KeyFile again(folder.path);
        QVERIFY(!again.open(Secret(passphrase)));
        QVERIFY(again.open(Secret("another one")));
        QCOMPARE(valueOf(again, "b"), QByteArray("two"));
    }
    void aSecondOneIsNotMadeOverIt()
    {
        Folder folder;
        const QByteArray before = folder.bytes();
        QCOMPARE(KeyFile(folder.path).make(Secret("another one"), {}, cheap).error().kind, Error::Kind::Conflict);
        QCOMPARE(folder.bytes(), before);
        QVERIFY(*folder.file.holds(Secret(passphrase), [] {
            std::map<QString, Secret> items;
            items.emplace(QStringLiteral("a"), Secret("one"));
            return items;
        }()));
        QVERIFY(!*folder.file.holds(Secret(passphrase), {}));
    }
    void whatIsThereAndIsNoneOfOursIsRefused_data()
    {
        QTest::addColumn<QString>("command");
        QTest::addColumn<QString>("says");
        QTest::newRow("gone") << "rm keys"
                              << "is gone";
        QTest::newRow("link") << "mv keys other; ln -s other keys"
                              << "link";
        QTest::newRow("link to nowhere") << "mv keys other; ln -s nowhere keys"
                                         << "link";
        QTest::newRow("folder") << "mv keys other; mkdir keys"
                                << "regular";
        QTest::newRow("pipe") << "mv keys other; mkfifo -m 600 keys"
                              << "regular";
        QTest::newRow("others may read it") << "chmod 640 keys"
                                            << "chmod 600";
        QTest::newRow("others may write it") << "chmod 602 keys"
                                             << "chmod 600";
        QTest::newRow("too large") << "truncate -s 17M keys"
                                   << "larger";
        QTest::newRow("empty") << "truncate -s 0 keys"
                               << "empty";
        QTest::newRow("cut off") << "truncate -s 150 keys"
                                 << "cut off";
        QTest::newRow("something else") << "printf 'hello, this is a text and no key file' > keys"
                                        << "begins with something else";
        if (::geteuid() == 0)
            QTest::newRow("another user's") << "chown 65534 keys"
                                            << "another user";
    }
    void whatIsThereAndIsNoneOfOursIsRefused()
    {
        QFETCH(QString, command);
        QFETCH(QString, says);
        Folder folder;
        const auto run = [&](const QString &line) {
            return std::system(qPrintable(QStringLiteral("cd %1 && %2").arg(folder.folder.path(), line)));
        };
        QCOMPARE(run(QStringLiteral("cp -a keys kept && ") + command), 0);
        const QByteArray listing = folder.others().join(QLatin1Char(' ')).toUtf8();
        for (const Result<> &result :
             {folder.file.read(QStringLiteral("a")).map([](const Secret &) {}), write(folder.file, "b", "two"),
              folder.file.remove(QStringLiteral("a")), folder.file.changePassphrase(Secret(passphrase), Secret("another one"), cheap),
              KeyFile(folder.path).open(Secret(passphrase))}) {
            QVERIFY(!result);
            QCOMPARE(result.error().kind, Error::Kind::SecretUnavailable);
            QVERIFY2(result.error().message.contains(says), qPrintable(result.error().message));
        }
        QCOMPARE(folder.others().join(QLatin1Char(' ')).toUtf8(), listing);
        // As it was: everything goes on.
        QCOMPARE(run(QStringLiteral("rm -rf keys && cp -a kept keys")), 0);
        QVERIFY(write(folder.file, "b", "two"));
        QCOMPARE(valueOf(folder.file, "a"), QByteArray("one"));
    }
    void everyDamageIsRefusedAndWrittenOverNever()
    {
        Folder folder;
        const QByteArray good = folder.bytes();
        const auto refused = [&](const QByteArray &bad) {
            folder.put(bad);
            return !write(folder.file, "b", "two") && !folder.file.read(QStringLiteral("a")) && folder.bytes() == bad;
        };
        for (qsizetype size = 0; size < good.size(); ++size)
            QVERIFY2(refused(good.left(size)), qPrintable(QString::number(size)));
        for (qsizetype at = 0; at < good.size(); ++at) {
            QByteArray bad = good;
            bad[at] = char(bad[at] ^ 0x10);
            QVERIFY2(refused(bad), qPrintable(QString::number(at)));
        }
        folder.put(good);
        QCOMPARE(valueOf(folder.file, "a"), QByteArray("one"));
    }
    void anotherFileInItsPlaceIsNotTaken()
    {
        Folder folder, other;
        QVERIFY(write(folder.file, "b", "two"));
        const QByteArray mine = folder.bytes();
        // Made with the same passphrase by somebody else, and with another one.
        folder.put(other.bytes());
        QVERIFY(write(folder.file, "c", "three").error().message.contains(QStringLiteral("replaced by another one")));
        QCOMPARE(folder.bytes(), other.bytes());
        QVERIFY(other.file.changePassphrase(Secret(passphrase), Secret("another one"), cheap));
        folder.put(other.bytes());
        QVERIFY(valueOf(folder.file, "a").contains("replaced by another one"));
        folder.put(mine);
        QCOMPARE(valueOf(folder.file, "b"), QByteArray("two"));
    }
    void anOlderCopyIsNotTaken()
    {
        Folder folder;
        const QByteArray older = folder.bytes();
        KeyFile fork(folder.path);
        QVERIFY(fork.open(Secret(passphrase)));
        QVERIFY(write(folder.file, "b", "two"));
        const QByteArray newer = folder.bytes();
        folder.put(older);
        QVERIFY(write(folder.file, "c", "three").error().message.contains(QStringLiteral("older copy")));
        QCOMPARE(folder.bytes(), older);
        // As many writes, and not the same ones.
        QVERIFY(write(fork, "d", "four"));
        QVERIFY(valueOf(folder.file, "a").contains("older copy"));
        folder.put(newer);
        QCOMPARE(valueOf(folder.file, "b"), QByteArray("two"));
    }
    void whatAnotherProcessWroteIsKept()
    {
        Folder folder;
        const int status = inChild([&] {
            KeyFile other(folder.path);
            return other.open(Secret(passphrase)).has_value() && write(other, "b", "two").has_value();
        });
        QVERIFY(WIFEXITED(status) && WEXITSTATUS(status) == 0);
        QVERIFY(write(folder.file, "c", "three"));
        QCOMPARE(folder.file.names().value(), (QStringList{QStringLiteral("a"), QStringLiteral("b"), QStringLiteral("c")}));
    }
    void twoProcessesThatWriteAtOnceLoseNothing()
    {
        Folder folder;
        constexpr int writes = 40;
        const auto writeMany = [&](char letter) {
            KeyFile file(folder.path);
            bool good = file.open(Secret(passphrase)).has_value();
            for (int i = 0; good && i < writes; ++i) {
                const QString name = QString(QLatin1Char(letter)) + QString::number(i);
                Result<> written = file.write(name, Secret("v"));
                while (!written && written.error().message.contains(QStringLiteral("Another program")))
                    written = file.write(name, Secret("v"));
                good = written.has_value();
            }
            return good;
        };
        const pid_t pid = ::fork();
        if (pid == 0)
            ::_exit(writeMany('x') ? 0 : 1);
        const bool mine = writeMany('y');
        int status = -1;
        ::waitpid(pid, &status, 0);
        QVERIFY(mine);
        QVERIFY(WIFEXITED(status) && WEXITSTATUS(status) == 0);
        QCOMPARE(folder.file.names().value().size(), 2 * writes + 1);
    }
    // Ended in the middle of its write, between the temporary file and the rename: SIGXFSZ kills where the disk would be full.
    void whoIsKilledInAWriteLeavesTheFileBefore()
    {
        Folder folder;
        const QByteArray before = folder.bytes();
        for (rlim_t size : {rlim_t(0), rlim_t(1), rlim_t(100), rlim_t(before.size())}) {
            const int status = inChild([&] {
                ::signal(SIGXFSZ, SIG_DFL);
                const rlimit limit{size, size};
                ::setrlimit(RLIMIT_FSIZE, &limit);
                return write(folder.file, "b", "a value that makes the file longer than it was").has_value();
            });
            QVERIFY(WIFSIGNALED(status));
            QCOMPARE(WTERMSIG(status), SIGXFSZ);
            QCOMPARE(folder.bytes(), before);
            QVERIFY(folder.others().size() > 1); // what it began is left, and is nobody's key file
        }
        QVERIFY(write(folder.file, "b", "two"));
    }
    void whoIsKilledAtAnyTimeLeavesOneWholeFile()
    {
        Folder folder;
        for (int round = 0; round < 30; ++round) {
            int pipe[2] = {-1, -1};
            QCOMPARE(::pipe(pipe), 0);
            const pid_t pid = ::fork();
            if (pid == 0) {
                KeyFile file(folder.path);
                bool good = file.open(Secret(passphrase)).has_value();
                for (int i = 0; good; ++i) {
                    good = file.write(QStringLiteral("n"), Secret(QByteArray::number(i).toStdString())).has_value();
                    good = good && ::write(pipe[1], &i, sizeof i) == sizeof i;
                }
                ::_exit(1);
            }
            ::close(pipe[1]);
            int last = -1;
            for (int i = 0; i <= round % 7; ++i)
                QCOMPARE(::read(pipe[0], &last, sizeof last), ssize_t(sizeof last));
            ::kill(pid, SIGKILL);
            ::waitpid(pid, nullptr, 0);
            while (::read(pipe[0], &last, sizeof last) == ssize_t(sizeof last))
                ;
            ::close(pipe[0]);
            KeyFile again(folder.path);
            QVERIFY(again.open(Secret(passphrase)));
            QCOMPARE(valueOf(again, "a"), QByteArray("one"));
            const int kept = valueOf(again, "n").toInt();
            QVERIFY(kept == last || kept == last + 1); // what was reported is there
        }
    }
    void aFullDiskLosesNothing()
    {
        Folder folder;
        const QByteArray before = folder.bytes();
        const int status = inChild([&] {
            ::signal(SIGXFSZ, SIG_IGN); // then it is an error of write()
            const rlimit limit{64, 64};
            ::setrlimit(RLIMIT_FSIZE, &limit);
            const auto written = write(folder.file, "b", "two");
            return !written && written.error().kind == Error::Kind::SecretUnavailable
                   && written.error().message.contains(QStringLiteral("as it was")) && valueOf(folder.file, "a") == "one";
        });
        QVERIFY(WIFEXITED(status) && WEXITSTATUS(status) == 0);
        QCOMPARE(folder.bytes(), before);
        QCOMPARE(folder.others(), QStringList{QStringLiteral("keys")});
    }
    void aSmallDiskThatIsFullLosesNothing()
    {
        QTemporaryDir mounted;
        if (::mount("tmpfs", qPrintable(mounted.path()), "tmpfs", 0, "size=64k,mode=0700") != 0)
            QSKIP("no right to mount a file system here");
        const auto unmount = qScopeGuard([&] { ::umount2(qPrintable(mounted.path()), MNT_DETACH); });
        KeyFile file(mounted.path() + QStringLiteral("/keys"));
        QVERIFY(file.make(Secret(passphrase), {}, cheap));
        int stored = 0;
        Result<> written;
        while ((written = file.write(QStringLiteral("n%1").arg(stored), Secret(std::string(3000, 'k')))))
            ++stored;
        QVERIFY(stored > 2);
        QVERIFY2(written.error().message.contains(QStringLiteral("as it was")), qPrintable(written.error().message));
        QCOMPARE(file.names().value().size(), stored);
        KeyFile again(mounted.path() + QStringLiteral("/keys"));
        QVERIFY(again.open(Secret(passphrase)));
        QCOMPARE(again.names().value().size(), stored);
    }
    void aReadOnlyFolderIsAnError()
    {
        Folder folder;
        const int status = inChild([&] {
            ::chmod(qPrintable(folder.folder.path()), 0500);
            if (::geteuid() == 0
                && (::chown(qPrintable(folder.path), 65534, 65534) != 0 || ::chown(qPrintable(folder.folder.path()), 65534, 65534) != 0
                    || ::setuid(65534) != 0))
                return false;
            const auto written = write(folder.file, "b", "two");
            return !written && written.error().message.contains(QStringLiteral("as it was")) && valueOf(folder.file, "a") == "one";
        });
        ::chmod(qPrintable(folder.folder.path()), 0700);
        QVERIFY(WIFEXITED(status) && WEXITSTATUS(status) == 0);
    }
};

COUNTERSIGN_TEST(tst_KeyFile)
#include "tst_KeyFile.moc"
