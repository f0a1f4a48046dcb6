// SPDX-FileCopyrightText: 2026 The Countersign authors
// SPDX-License-Identifier: GPL-3.0-or-later
#include "clientconfig/Backups.h"
#include "base/AtomicFile.h"
#include "clientconfig/ConfigFile.h"
#include <QDir>
#include <QFile>

namespace mcpcore {

namespace {

constexpr qsizetype kKept = 10;
constexpr auto kSurelyLeft = std::chrono::minutes(1);

} // namespace

// The names sort by time: HASH-2026-11-21T10:00:00.000Z-000-settings.json, without colons.
Backups::Backups(QString folder, const QString &file)
    : m_folder(std::move(folder)),
      m_file(file),
      m_prefix(QString::fromLatin1(digestOf(QFile::encodeName(file)).toHex().left(8)) + QLatin1Char('-'))
{}

Result<> Backups::add(const QByteArray &bytes, Milliseconds wall) const
{
    if (const auto made = makePrivateFolder(m_folder); !made)
        return made;
    const QString stamp = toIsoText(wall).remove(QLatin1Char(':'));
    QString path;
    for (int i = 0; path.isEmpty() || QFile::exists(path); ++i)
        path = QStringLiteral("%1/%2%3-%4-%5")
                   .arg(m_folder, m_prefix, stamp)
                   .arg(i, 3, 10, QLatin1Char('0'))
                   .arg(QFileInfo(m_file).fileName());
    if (const auto written = writeFile(path, bytes); !written)
        return written;
    const QStringList all = paths();
    for (qsizetype i = 0; i < all.size() - kKept; ++i)
        QFile::remove(all[i]);
    return {};
}

QStringList Backups::paths() const
{
    QStringList found;
    for (const QString &name : QDir(m_folder).entryList(QDir::Files | QDir::Hidden, QDir::Name))
        if (name.startsWith(m_prefix))
            found.append(m_folder + QLatin1Char('/') + name);
    return found;
}

QStringList Backups::leftOvers(FileSteps &steps, Milliseconds wall) const
{
    QStringList found;
    const QDir folder(QFileInfo(m_file).path());
    const QString start = leftOverName(m_file);
    for (const QString &name : folder.entryList(QDir::Files | QDir::Hidden | QDir::System, QDir::Name)) {
        const QString path = folder.filePath(name);
        FileLook look;
        const bool left = name.startsWith(start) && steps.look(path, look) == 0 && look.what == FileLook::What::Regular
                          && look.owner == steps.user() && wall - look.mark.modified > kSurelyLeft;
        if (left)
            found.append(path);
    }
    return found;
}

Result<> Backups::takeLeftOvers(FileSteps &steps, Milliseconds wall) const
{
    for (const QString &path : leftOvers(steps, wall)) {
        const auto bytes = readFile(path, kMaximumConfigSize);
        if (!bytes || !add(*bytes, wall))
            continue;
        steps.remove(path);
    }
    return {};
}

QString Backups::leftOverName(const QString &file)
{
    return QStringLiteral(".%1.countersign-").arg(QFileInfo(file).fileName());
}

} // namespace mcpcore
