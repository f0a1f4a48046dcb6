// SPDX-FileCopyrightText: 2026 The Countersign authors
// SPDX-License-Identifier: GPL-3.0-or-later
#include "secrets/KeyFileDisk.h"
#include "secrets/KeyFileForm.h"
#include <QFile>
#include <QFileInfo>
#include <cerrno>
#include <cstring>
#include <fcntl.h>
#include <sys/file.h>
#include <sys/stat.h>
#include <unistd.h>

namespace mcpcore {

namespace {

tl::unexpected<Error> cannotBeUsed(const QString &path, const QString &why)
{
    return failure(Error::Kind::SecretUnavailable, QStringLiteral("The key file %1 cannot be used: %2").arg(path, why));
}

QString systemError()
{
    return QString::fromLocal8Bit(std::strerror(errno)) + QLatin1Char('.');
}

// Empty when it is a file that we would have written.
QString problemOf(const struct stat &file, const QString &path)
{
    if (!S_ISREG(file.st_mode))
        return QStringLiteral("it is no regular file. Put the file itself there.");
    if (file.st_uid != ::geteuid())
        return QStringLiteral("it belongs to another user. Put back the one that is yours.");
    if (file.st_mode & (S_IRWXG | S_IRWXO))
        return QStringLiteral("others may read or write it. Take that right away: chmod 600 %1").arg(path);
    if (file.st_size > kKeyFileMaximum)
        return QStringLiteral("it is larger than any key file. Put back a copy of the right one.");
    return {};
}

Result<> syncFolderOf(const QString &path)
{
    const int folder = ::open(QFile::encodeName(QFileInfo(path).absolutePath()).constData(), O_RDONLY | O_DIRECTORY | O_CLOEXEC);
    const bool synced = folder >= 0 && ::fsync(folder) == 0;
    const QString why = systemError();
    if (folder >= 0)
        ::close(folder);
    return synced ? Result<>() : failure(Error::Kind::FileFailed, QStringLiteral("Done but not yet safe on disk: %1: %2").arg(path, why));
}

} // namespace

Result<QByteArray> readPrivateFile(const QString &path)
{
    // Without O_NONBLOCK a pipe that somebody put there would keep us waiting.
    const int fd = ::open(QFile::encodeName(path).constData(), O_RDONLY | O_NOFOLLOW | O_NONBLOCK | O_CLOEXEC);
    if (fd < 0 && errno == ENOENT)
        return failure(Error::Kind::NotFound, QStringLiteral("There is no key file %1.").arg(path));
    if (fd < 0)
        return cannotBeUsed(path, errno == ELOOP ? QStringLiteral("it is a link. Put the file itself there.") : systemError());
    QFile file;
    struct stat state {};
    if (::fstat(fd, &state) != 0 || !file.open(fd, QIODevice::ReadOnly, QFileDevice::AutoCloseHandle)) {
        const QString why = systemError();
        ::close(fd);
        return cannotBeUsed(path, why);
    }
    if (const QString problem = problemOf(state, path); !problem.isEmpty())
        return cannotBeUsed(path, problem);
    QByteArray bytes = file.read(kKeyFileMaximum + 1);
    if (file.error() != QFileDevice::NoError || bytes.size() > kKeyFileMaximum)
        return cannotBeUsed(path, file.errorString());
    return bytes;
}

Result<> putInPlace(const QString &from, const QString &to)
{
    struct stat old {};
    const QByteArray target = QFile::encodeName(to);
    if (::lstat(target.constData(), &old) == 0)
        return failure(Error::Kind::Conflict, QStringLiteral("There is a key file %1 already. Nothing was changed.").arg(to));
    if (::rename(QFile::encodeName(from).constData(), target.constData()) != 0)
        return failure(Error::Kind::FileFailed, QStringLiteral("Cannot make %1: %2").arg(to, systemError()));
    const auto synced = syncFolderOf(to);
    if (!synced)
        ::rename(target.constData(), QFile::encodeName(from).constData()); // not before it is certain to last
    return synced;
}

Result<> removeDurably(const QString &path)
{
    if (::unlink(QFile::encodeName(path).constData()) != 0 && errno != ENOENT)
        return failure(Error::Kind::FileFailed, QStringLiteral("Cannot remove %1: %2").arg(path, systemError()));
    (void)syncFolderOf(path); // gone in any case; at worst it is back after a loss of power
    return {};
}

Result<FolderLock> FolderLock::take(const QString &folder)
{
    FolderLock lock(::open(QFile::encodeName(folder).constData(), O_RDONLY | O_DIRECTORY | O_CLOEXEC));
    // Where a file system has no such locks, the lock of the profile alone has to do.
    if (lock.m_fd >= 0 && ::flock(lock.m_fd, LOCK_EX | LOCK_NB) != 0 && errno == EWOULDBLOCK)
        return failure(Error::Kind::SecretUnavailable,
                       QStringLiteral("Another program is writing the key file at this moment. Nothing was changed. Try again."));
    return lock;
}

FolderLock::~FolderLock()
{
    if (m_fd >= 0)
        ::close(m_fd);
}

} // namespace mcpcore
