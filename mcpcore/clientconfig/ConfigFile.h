// SPDX-FileCopyrightText: 2026 The Countersign authors
// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once
#include "base/Result.h"
#include "clientconfig/FileSteps.h"

namespace mcpcore {

inline constexpr qsizetype kMaximumConfigSize = 16 * 1024 * 1024;

// A client's file as it was read: what is written later is written only over exactly this.
struct ConfigFile {
    QString path;     // as the client names it
    QString resolved; // where its bytes are: links followed
    bool isThere = false;
    QByteArray bytes;
    QByteArray digest; // SHA-256
    FileLook look;
};

QByteArray digestOf(const QByteArray &bytes);
// "Permission denied" for EACCES.
QString systemWords(int error);

// Reads a file that is to be written to. Conflict while somebody writes to it; FileFailed, with what to do, for a link to nothing, what is
// no regular file, has another owner or other names, is read-only, unreadable or larger than 16 MiB. A file that is not there is no error.
Result<ConfigFile> readConfigFile(FileSteps &steps, const QString &path);

// The folder with version control that such a file is in, up to the home folder or the root; empty when there is none.
QString versionControlAbove(const QString &path, const QString &home);

} // namespace mcpcore
