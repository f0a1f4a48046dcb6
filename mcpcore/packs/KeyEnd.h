// SPDX-FileCopyrightText: 2026 The Countersign authors
// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once
#include <chrono>
#include <string_view>

namespace mcpcore {

// The end that a key carries itself (`exp` of a JWT, whose signature is not looked at), wall time; 0 when it carries none.
std::chrono::milliseconds endOf(std::string_view key);

} // namespace mcpcore
