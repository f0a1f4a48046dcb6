// SPDX-FileCopyrightText: 2026 The Countersign authors
// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once
#include "base/Result.h"
#include <QByteArray>
#include <QString>

namespace mcpcore {

// Whole-file reads and writes. A write is all or nothing and survives power loss: temporary file in the same folder with
// its mode set first, write, fsync, rename, fsync of the folder. On any error the old file is untouched. What is there and
// is no regular file (a folder, a link, a device) is refused.
// (QSaveFile loses small files on a full disk and never syncs the folder.)
Result<QByteArray> readFile(const QString &path, qsizetype maximumSize = 64 * 1024 * 1024);
Result<> writeFile(const QString &path, const QByteArray &bytes, unsigned mode = 0600);
// Creates the folder and its parents with mode 0700; an existing folder keeps its mode.
Result<> makePrivateFolder(const QString &path);

} // namespace mcpcore
