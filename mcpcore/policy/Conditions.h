// SPDX-FileCopyrightText: 2026 The Countersign authors
// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once
#include "model/Rule.h"

namespace mcpcore {

// What a condition says of the arguments of a call. Unclear when the field is missing or of another type than the
// condition speaks of, when a key on the way is there twice, or when the condition itself is malformed.
enum class Truth { False, True, Unclear };
Truth evaluate(const Condition &condition, const RawJson &arguments);

} // namespace mcpcore
