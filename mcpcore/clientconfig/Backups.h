// SPDX-FileCopyrightText: 2026 The Countersign authors
// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once
#include "base/Clock.h"
#include "base/Result.h"
#include "clientconfig/FileSteps.h"

namespace mcpcore {

// What was in one client's file before each change: the last 10, in a folder of the profile, for this user only. A plain value.
class Backups
{
public:
    Backups(QString folder, const QString &file);

    Result<> add(const QByteArray &bytes, Milliseconds wall) const;
    QStringList paths() const; // oldest first
    // A program that was killed while it wrote leaves what it wrote, or what was there, beside the file: such files, of this user and of
    // some age, which nobody writes any more.
    QStringList leftOvers(FileSteps &steps, Milliseconds wall) const;
    // One may be the only copy, so it goes to the backups.
    Result<> takeLeftOvers(FileSteps &steps, Milliseconds wall) const;

    // How such a file is called; more characters follow.
    static QString leftOverName(const QString &file);

private:
    QString m_folder;
    QString m_file;
    QString m_prefix;
};

} // namespace mcpcore
