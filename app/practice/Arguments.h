// SPDX-FileCopyrightText: 2026 The Countersign authors
// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once
#include "base/JsonFwd.h"
#include "base/Result.h"

namespace app {

// Compares the arguments of a call with the tool's input schema: the part of JSON Schema that tools.json uses. The error says
// which argument is wrong and what it must be.
mcpcore::Result<> checkArguments(const mcpcore::Json &schema, const mcpcore::Json &arguments);

} // namespace app
