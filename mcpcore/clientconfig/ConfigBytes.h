// SPDX-FileCopyrightText: 2026 The Countersign authors
// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once
#include "clientconfig/ConfigDocument.h"
#include <optional>

// What holds of the bytes of a file whatever its format: encoding, places, line ends.

namespace mcpcore {

// Line ends are LF, CRLF and CR alone; a column is a character of UTF-8; a byte order mark is none.
ConfigFault faultAt(const QByteArray &file, qsizetype offset, ConfigFault::Kind kind, const QString &reason);

// UTF-16 or UTF-32 (by their byte order marks or the zeros of their first characters), or the first byte that is not UTF-8.
std::optional<ConfigFault> encodingFault(const QByteArray &file);

// The length of a UTF-8 byte order mark at the start: 3 or 0.
qsizetype byteOrderMarkLength(const QByteArray &file);

// CRLF or LF: what most lines of the file end with, and LF where none does or both are as many.
QByteArray lineEndOf(const QByteArray &file);

} // namespace mcpcore
