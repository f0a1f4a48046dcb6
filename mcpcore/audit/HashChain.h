// SPDX-FileCopyrightText: 2026 The Countersign authors
// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once
#include <QByteArray>
#include <string_view>

namespace mcpcore {

// The hash of row n: SHA-256(0x01, sequence as 64 bits, hash of row n - 1, length of the record as 32 bits, record), big
// endian. Before row 1 stands a hash of 32 zero bytes; its record names the log by a random id and the time.
QByteArray chainHash(qint64 sequence, std::string_view previousHash, std::string_view record);
QByteArray hashBeforeFirstRow();

} // namespace mcpcore
