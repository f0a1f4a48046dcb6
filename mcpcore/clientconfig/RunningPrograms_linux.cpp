// SPDX-FileCopyrightText: 2026 The Countersign authors
// SPDX-License-Identifier: GPL-3.0-or-later
#include "clientconfig/RunningPrograms.h"
#include <QDir>
#include <QFile>
#include <QFileInfo>
#include <unistd.h>

namespace mcpcore {

namespace {

// The names a process goes by: of its file (a script's is in its second word), and what it calls itself (15 characters at most).
QStringList namesOf(const QString &process)
{
    QStringList names{QFileInfo(QFile::symLinkTarget(process + QStringLiteral("/exe"))).fileName()};
    QFile words(process + QStringLiteral("/cmdline"));
    if (words.open(QIODevice::ReadOnly))
        for (const QByteArray &word : words.read(4096).split('\0').mid(0, 2))
            names.append(QFileInfo(QFile::decodeName(word)).fileName());
    return names;
}

} // namespace

QStringList runningPrograms(const QStringList &names)
{
    QStringList running;
    if (names.isEmpty())
        return running;
    for (const QString &id : QDir(QStringLiteral("/proc")).entryList(QDir::Dirs | QDir::NoDotAndDotDot)) {
        const QString process = QStringLiteral("/proc/") + id;
        if (!id[0].isDigit() || QFileInfo(process).ownerId() != ::geteuid())
            continue;
        for (const QString &name : namesOf(process))
            if (names.contains(name) && !running.contains(name))
                running.append(name);
    }
    return running;
}

} // namespace mcpcore
