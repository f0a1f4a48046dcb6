// SPDX-FileCopyrightText: 2026 The Countersign authors
// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once
#include "base/RawJson.h"

namespace mcpcore {

// The same JSON without line breaks, as it is where it has none. Outside of strings a line break is only space, and inside
// of them it is not JSON: so what an upstream sent can be framed again, as a line or as an event, without being parsed.
RawJson onOneLine(const RawJson &json);

} // namespace mcpcore
