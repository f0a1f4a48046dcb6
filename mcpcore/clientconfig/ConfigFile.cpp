// SPDX-FileCopyrightText: 2026 The Countersign authors
// SPDX-License-Identifier: GPL-3.0-or-later
#include "clientconfig/ConfigFile.h"
#include <QCryptographicHash>
#include <QDir>
#include <QFileInfo>
#include <cerrno>
#include <cstring>

namespace mcpcore {

namespace {

constexpr int kReadings = 5;

tl::unexpected<Error> refused(const QString &sentence, const QString &path)
{
    return failure(Error::Kind::FileFailed, sentence.arg(path));
}

tl::unexpected<Error> unreadable(const QString &path, int error)
{
    return failure(Error::Kind::FileFailed, QStringLiteral("%1 cannot be read: %2. Nothing was written.").arg(path, systemWords(error)));
}

// Where the bytes are, or will be. Empty when a link leads to nothing.
QString resolved(const QString &path)
{
    const QFileInfo info(path);
    if (info.isSymLink() || info.exists())
        return info.canonicalFilePath();
    const QString folder = QFileInfo(info.path()).canonicalFilePath();
    return folder.isEmpty() ? QDir::cleanPath(path) : QDir::cleanPath(folder + QLatin1Char('/') + info.fileName());
}

Result<> checkForm(const FileSteps &steps, const FileLook &look, const QString &path)
{
    if (look.what == FileLook::What::Folder)
        return refused(QStringLiteral("%1 is a folder where a file should be. Move it away, then try again."), path);
    if (look.what != FileLook::What::Regular)
        return refused(QStringLiteral("%1 is no regular file, and is left alone."), path);
    if (look.owner != steps.user())
        return refused(QStringLiteral("%1 belongs to another user, and is left alone. Sign in as that user, or make the file yours."),
                       path);
    if ((look.mode & 0200) == 0)
        return refused(QStringLiteral("%1 is read-only. Allow writing to it, then try again."), path);
    if (look.names > 1)
        return refused(
            QStringLiteral("%1 has other names (hard links), which would keep the old text. Make it a file of its own, then try again."),
            path);
    if (look.mark.size > kMaximumConfigSize)
        return refused(QStringLiteral("%1 is larger than 16 MiB, and is left alone."), path);
    return {};
}

tl::unexpected<Error> inWriting(const QString &path)
{
    return failure(Error::Kind::Conflict, QStringLiteral("Another program is writing to %1. Try again in a few seconds.").arg(path));
}

Result<> readOpened(FileSteps &steps, int fd, ConfigFile &file)
{
    for (int reading = 0; reading < kReadings; ++reading) {
        if (const int error = steps.look(fd, file.look); error != 0)
            return unreadable(file.path, error);
        if (const auto fine = checkForm(steps, file.look, file.path); !fine)
            return fine;
        if (const int error = steps.read(fd, kMaximumConfigSize + 1, file.bytes); error != 0)
            return unreadable(file.path, error);
        FileLook after;
        if (steps.look(fd, after) == 0 && after.mark == file.look.mark && file.bytes.size() == after.mark.size)
            return {};
    }
    return inWriting(file.path);
}

} // namespace

QByteArray digestOf(const QByteArray &bytes)
{
    return QCryptographicHash::hash(bytes, QCryptographicHash::Sha256);
}

QString systemWords(int error)
{
    return QString::fromLocal8Bit(std::strerror(error));
}

Result<ConfigFile> readConfigFile(FileSteps &steps, const QString &path)
{
    ConfigFile file{path, resolved(path), false, {}, {}, {}};
    const auto leadsNowhere =
        QStringLiteral("%1 is a link to a file that is not there. Make that file or remove the link, then try again.");
    if (file.resolved.isEmpty())
        return refused(leadsNowhere, path);
    if (const int error = steps.look(file.resolved, file.look); error != 0)
        return unreadable(path, error);
    if (file.look.what == FileLook::What::Nothing)
        return file;
    if (file.look.what == FileLook::What::Link) // to itself
        return refused(leadsNowhere, path);
    if (const auto fine = checkForm(steps, file.look, path); !fine)
        return failure(fine.error());
    OpenFile opened;
    if (const int error = steps.openToRead(file.resolved, opened.fd); error != 0)
        return error == ENOENT ? Result<ConfigFile>(inWriting(path)) : Result<ConfigFile>(unreadable(path, error));
    // Half of a file that is being written may look whole.
    if (steps.lease(opened.fd) == EAGAIN)
        return inWriting(path);
    if (const auto read = readOpened(steps, opened.fd, file); !read)
        return failure(read.error());
    file.isThere = true;
    file.digest = digestOf(file.bytes);
    return file;
}

QString versionControlAbove(const QString &path, const QString &home)
{
    for (const QString &way : {QDir::cleanPath(path), resolved(path)}) {
        QString folder = QFileInfo(way).path();
        for (; !folder.isEmpty(); folder = QFileInfo(folder).path()) {
            for (const char *name : {".git", ".hg", ".svn", ".jj"})
                if (QFileInfo::exists(folder + QLatin1Char('/') + QLatin1String(name)))
                    return folder;
            if (folder == QDir::cleanPath(home) || QFileInfo(folder).isRoot() || folder == QLatin1String("."))
                break;
        }
    }
    return {};
}

} // namespace mcpcore
