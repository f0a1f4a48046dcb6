// SPDX-FileCopyrightText: 2026 The Countersign authors
// SPDX-License-Identifier: GPL-3.0-or-later
#include "app/Profile.h"
#include "base/AtomicFile.h"
#include "base/Secret.h"
#include <QCoreApplication>
#include <QDir>
#include <QFileInfo>
#include <QStandardPaths>

namespace app {

using mcpcore::Error;
using mcpcore::failure;
using mcpcore::Result;

Result<Profile> Profile::at(const QString &wanted)
{
    const QString folder = QDir::cleanPath(wanted.isEmpty() ? QStandardPaths::writableLocation(QStandardPaths::GenericDataLocation)
                                                                  + QStringLiteral("/countersign")
                                                            : QFileInfo(wanted).absoluteFilePath());
    if (const auto made = mcpcore::makePrivateFolder(folder); !made)
        return failure(made.error());
    const QFileInfo info(folder);
    if (info.isDir() && info.permission(QFile::WriteOther))
        return failure(Error::Kind::FileFailed,
                       QStringLiteral("Everybody may write to the profile folder %1. Take that right away: chmod o-w.").arg(folder));
    return Profile(info.canonicalFilePath());
}

bool Profile::isUsual() const
{
    return m_folder == QFileInfo(QDir::homePath() + QStringLiteral("/.local/share/countersign")).canonicalFilePath();
}

QString Profile::id() const
{
    return QString::fromLatin1(mcpcore::sha256(m_folder.toStdString()).toHex().left(16));
}

Result<std::unique_ptr<QLockFile>> Profile::takeLock() const
{
    auto lock = std::make_unique<QLockFile>(m_folder + QStringLiteral("/lock"));
    lock->setStaleLockTime(0);        // a living owner keeps it however long; a dead one is noticed by its process number
    constexpr int commandTime = 3000; // milliseconds; commands hold the lock for a few hundred
    if (lock->tryLock(commandTime))
        return lock;
    qint64 pid = 0;
    QString host, name;
    if (!lock->getLockInfo(&pid, &host, &name) && removeOwnerlessLock(lock->fileName()) && lock->tryLock(commandTime))
        return lock;
    return failure(Error::Kind::Conflict, QStringLiteral("The profile %1 is in use by %2 (pid %3).")
                                              .arg(m_folder, name.isEmpty() ? QStringLiteral("another program") : name)
                                              .arg(pid));
}

QString siblingProgram(const QString &name)
{
    return QCoreApplication::applicationDirPath() + QLatin1Char('/') + name;
}

} // namespace app
