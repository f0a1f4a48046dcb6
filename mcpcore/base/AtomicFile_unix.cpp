// SPDX-FileCopyrightText: 2026 The Countersign authors
// SPDX-License-Identifier: GPL-3.0-or-later
#include "base/AtomicFile.h"
#include <QDir>
#include <QFile>
#include <QFileInfo>
#include <cerrno>
#include <cstring>
#include <fcntl.h>
#include <sys/stat.h>
#include <unistd.h>

namespace mcpcore {

namespace {

tl::unexpected<Error> fileError(const QString &act, const QString &path)
{
    return failure(Error::Kind::FileFailed, QStringLiteral("%1 %2: %3.").arg(act, path, QString::fromLocal8Bit(std::strerror(errno))));
}

class Descriptor
{
public:
    explicit Descriptor(int fd) : m_fd(fd) {}
    Descriptor(const Descriptor &) = delete;
    Descriptor &operator=(const Descriptor &) = delete;
    ~Descriptor()
    {
        if (m_fd >= 0)
            ::close(m_fd);
    }
    int get() const { return m_fd; }

private:
    int m_fd;
};

bool writeAll(int fd, const QByteArray &bytes)
{
    qsizetype done = 0;
    while (done < bytes.size()) {
        const ssize_t n = ::write(fd, bytes.constData() + done, size_t(bytes.size() - done));
        if (n < 0 && errno == EINTR)
            continue;
        if (n <= 0)
            return false;
        done += n;
    }
    return true;
}

} // namespace

Result<QByteArray> readFile(const QString &path, qsizetype maximumSize)
{
    QFile file(path);
    if (!file.open(QIODevice::ReadOnly))
        return failure(file.exists() ? Error::Kind::FileFailed : Error::Kind::NotFound,
                       QStringLiteral("Cannot read %1: %2.").arg(path, file.errorString()));
    if (file.size() > maximumSize)
        return failure(Error::Kind::FileFailed, QStringLiteral("Cannot read %1: it is larger than %2 bytes.").arg(path).arg(maximumSize));
    QByteArray bytes = file.readAll();
    if (file.error() != QFileDevice::NoError)
        return failure(Error::Kind::FileFailed, QStringLiteral("Cannot read %1: %2.").arg(path, file.errorString()));
    return bytes;
}

Result<> writeFile(const QString &path, const QByteArray &bytes, unsigned mode)
{
    struct stat old {};
    if (::lstat(QFile::encodeName(path).constData(), &old) == 0 && !S_ISREG(old.st_mode))
        return failure(Error::Kind::FileFailed,
                       QStringLiteral("Cannot write %1: it is not a regular file, and would be replaced by one.").arg(path));
    const QString folder = QFileInfo(path).absolutePath();
    QByteArray temporary = QFile::encodeName(folder + QStringLiteral("/.countersign-XXXXXX"));
    const Descriptor file(::mkostemp(temporary.data(), O_CLOEXEC));
    if (file.get() < 0)
        return fileError(QStringLiteral("Cannot create a file beside"), path);
    const bool written = ::fchmod(file.get(), mode) == 0 && writeAll(file.get(), bytes) && ::fsync(file.get()) == 0
                         && ::rename(temporary.constData(), QFile::encodeName(path).constData()) == 0;
    if (!written) {
        const int saved = errno;
        ::unlink(temporary.constData());
        errno = saved;
        return fileError(QStringLiteral("Cannot write"), path);
    }
    const Descriptor parent(::open(QFile::encodeName(folder).constData(), O_RDONLY | O_DIRECTORY | O_CLOEXEC));
    if (parent.get() < 0 || ::fsync(parent.get()) != 0)
        return fileError(QStringLiteral("Written but not yet safe on disk:"), path);
    return {};
}

Result<> makePrivateFolder(const QString &path)
{
    if (QFileInfo(path).isDir())
        return {};
    const QString parent = QFileInfo(QDir::cleanPath(path)).absolutePath();
    if (!QFileInfo(parent).isDir())
        if (const auto made = makePrivateFolder(parent); !made)
            return made;
    if (::mkdir(QFile::encodeName(path).constData(), 0700) != 0 && errno != EEXIST)
        return fileError(QStringLiteral("Cannot create the folder"), path);
    return {};
}

} // namespace mcpcore
