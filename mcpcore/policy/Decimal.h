// SPDX-FileCopyrightText: 2026 The Countersign authors
// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once
#include <optional>
#include <string_view>

namespace mcpcore {

// Compares two JSON numbers by their exact decimal value, whatever their length and form: 1e2 equals 100.0, and
// 0.1000000000000000055 is not 0.1. Negative when left is the smaller one, 0 when they are equal, else positive. None when
// one of them is not a JSON number or its exponent is absurd.
std::optional<int> compareNumbers(std::string_view left, std::string_view right);

} // namespace mcpcore
