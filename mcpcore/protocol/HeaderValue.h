// SPDX-FileCopyrightText: 2026 The Countersign authors
// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once
#include <QByteArray>
#include <optional>
#include <string_view>

namespace mcpcore {

// Values in the header fields of 2026-07-28 (Mcp-Name, Mcp-Param-*): as they are, or "=?base64?...?=" around what a field
// could not carry. Bytes are UTF-8.
QByteArray encodedHeaderValue(std::string_view value);
// The value of a field without spaces around it; empty when its Base64 is not valid.
std::optional<QByteArray> decodedHeaderValue(std::string_view field);

} // namespace mcpcore
