// SPDX-FileCopyrightText: 2026 The Countersign authors
// SPDX-License-Identifier: GPL-3.0-or-later
#include "clientconfig/FileSteps.h"
#include <QFile>
#include <cerrno>
#include <csignal>
#include <cstdio>
#include <cstdlib>
#include <fcntl.h>
#include <sys/stat.h>
#include <sys/xattr.h>
#include <unistd.h>

namespace mcpcore {

namespace {

FileLook lookOf(const struct stat &is)
{
    FileLook look;
    look.what = S_ISREG(is.st_mode)   ? FileLook::What::Regular
                : S_ISDIR(is.st_mode) ? FileLook::What::Folder
                : S_ISLNK(is.st_mode) ? FileLook::What::Link
                                      : FileLook::What::Other;
    look.mark = {is.st_dev, is.st_ino, is.st_size, std::chrono::seconds(is.st_mtim.tv_sec) + std::chrono::nanoseconds(is.st_mtim.tv_nsec)};
    look.mode = is.st_mode & 07777;
    look.owner = is.st_uid;
    look.group = is.st_gid;
    look.names = is.st_nlink;
    return look;
}

int errnoOf(int result)
{
    return result < 0 ? errno : 0;
}

} // namespace

template <typename Call> int FileSteps::done(Step step, Call call)
{
    if (const int fault = before(step); fault != 0)
        return fault;
    const int result = call();
    after(step);
    return result;
}

quint32 FileSteps::user() const
{
    return ::geteuid();
}

int FileSteps::look(const QString &path, FileLook &out)
{
    return done(Step::Look, [&] {
        struct stat is {};
        const int error = errnoOf(::lstat(QFile::encodeName(path).constData(), &is));
        out = error == 0 ? lookOf(is) : FileLook{};
        return error == ENOENT || error == ENOTDIR ? 0 : error;
    });
}

int FileSteps::look(int fd, FileLook &out)
{
    return done(Step::Look, [&] {
        struct stat is {};
        const int error = errnoOf(::fstat(fd, &is));
        out = error == 0 ? lookOf(is) : FileLook{};
        return error;
    });
}

int FileSteps::openToRead(const QString &path, int &fd)
{
    return done(Step::Open, [&] {
        fd = ::open(QFile::encodeName(path).constData(), O_RDONLY | O_CLOEXEC | O_NOFOLLOW | O_NONBLOCK | O_NOCTTY);
        return errnoOf(fd);
    });
}

int FileSteps::openFolder(const QString &path, int &fd)
{
    return done(Step::Open, [&] {
        fd = ::open(QFile::encodeName(path).constData(), O_RDONLY | O_DIRECTORY | O_CLOEXEC);
        return errnoOf(fd);
    });
}

int FileSteps::read(int fd, qsizetype most, QByteArray &out)
{
    return done(Step::Read, [&] {
        out.clear();
        QByteArray piece(64 * 1024, Qt::Uninitialized);
        while (out.size() < most) {
            const ssize_t n = ::pread(fd, piece.data(), size_t(std::min(piece.size(), most - out.size())), out.size());
            if (n < 0 && errno == EINTR)
                continue;
            if (n <= 0)
                return errnoOf(int(n));
            out.append(piece.constData(), n);
        }
        return 0;
    });
}

int FileSteps::lease(int fd)
{
    // The signal of a lease would end the program; SIGURG is ignored by it, and nobody here waits for one.
    return done(Step::Lease, [&] { return ::fcntl(fd, F_SETSIG, SIGURG) < 0 ? errno : errnoOf(::fcntl(fd, F_SETLEASE, F_RDLCK)); });
}

bool FileSteps::isLeased(int fd)
{
    return ::fcntl(fd, F_GETLEASE) == F_RDLCK;
}

void FileSteps::letOpen()
{
    constexpr timespec pause{0, 5'000'000};
    ::nanosleep(&pause, nullptr);
}

int FileSteps::create(QString &pathWithXs, int &fd)
{
    return done(Step::Create, [&] {
        QByteArray path = QFile::encodeName(pathWithXs);
        fd = ::mkostemp(path.data(), O_CLOEXEC);
        const int error = errnoOf(fd);
        pathWithXs = QFile::decodeName(path);
        return error;
    });
}

int FileSteps::setOwner(int fd, quint32 owner, quint32 group)
{
    return done(Step::Owner, [&] { return errnoOf(::fchown(fd, owner, group)); });
}

int FileSteps::setMode(int fd, unsigned mode)
{
    return done(Step::Mode, [&] { return errnoOf(::fchmod(fd, mode)); });
}

int FileSteps::copyAttributes(int from, int to)
{
    return done(Step::Attributes, [&] {
        QByteArray names(64 * 1024, Qt::Uninitialized);
        const ssize_t size = ::flistxattr(from, names.data(), size_t(names.size()));
        if (size < 0)
            return errno == ENOTSUP ? 0 : errno;
        for (const QByteArray &name : names.left(size).split('\0')) {
            QByteArray value(64 * 1024, Qt::Uninitialized);
            const ssize_t length = name.isEmpty() ? -1 : ::fgetxattr(from, name.constData(), value.data(), size_t(value.size()));
            if (length < 0) // hidden from us: the system's own
                continue;
            if (::fsetxattr(to, name.constData(), value.constData(), size_t(length), 0) != 0 && errno != ENOTSUP && errno != EPERM)
                return errno;
        }
        return 0;
    });
}

int FileSteps::write(int fd, const QByteArray &bytes)
{
    return done(Step::Write, [&] {
        for (qsizetype at = 0; at < bytes.size();) {
            const ssize_t n = ::write(fd, bytes.constData() + at, size_t(bytes.size() - at));
            if (n < 0 && errno != EINTR)
                return errno;
            at += std::max<ssize_t>(n, 0);
        }
        return 0;
    });
}

int FileSteps::sync(int fd)
{
    return done(Step::Sync, [&] { return errnoOf(::fsync(fd)); });
}

int FileSteps::exchange(const QString &one, const QString &other)
{
    return done(Step::Exchange, [&] {
        return errnoOf(
            ::renameat2(AT_FDCWD, QFile::encodeName(one).constData(), AT_FDCWD, QFile::encodeName(other).constData(), RENAME_EXCHANGE));
    });
}

int FileSteps::replace(const QString &from, const QString &to)
{
    return done(Step::Exchange, [&] { return errnoOf(::rename(QFile::encodeName(from).constData(), QFile::encodeName(to).constData())); });
}

int FileSteps::place(const QString &from, const QString &to)
{
    return done(Step::Place, [&] {
        const QByteArray source = QFile::encodeName(from);
        const QByteArray target = QFile::encodeName(to);
        const int error = errnoOf(::renameat2(AT_FDCWD, source.constData(), AT_FDCWD, target.constData(), RENAME_NOREPLACE));
        if (error != EINVAL && error != ENOSYS)
            return error;
        const int linked = errnoOf(::link(source.constData(), target.constData()));
        return linked == 0 ? errnoOf(::unlink(source.constData())) : linked;
    });
}

int FileSteps::remove(const QString &path)
{
    return done(Step::Remove, [&] { return errnoOf(::unlink(QFile::encodeName(path).constData())); });
}

int FileSteps::makeFolder(const QString &path)
{
    return done(Step::MakeFolder, [&] { return errnoOf(::mkdir(QFile::encodeName(path).constData(), 0700)); });
}

int FileSteps::removeFolder(const QString &path)
{
    return done(Step::RemoveFolder, [&] { return errnoOf(::rmdir(QFile::encodeName(path).constData())); });
}

void FileSteps::close(int fd)
{
    ::fcntl(fd, F_SETLEASE, F_UNLCK); // a child that is being started has the file open as well until it runs
    ::close(fd);
}

} // namespace mcpcore
