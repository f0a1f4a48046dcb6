// SPDX-FileCopyrightText: 2026 The Countersign authors
// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once
#include "app/ctl/Invocation.h"
#include "model/LogRow.h"
#include <optional>

namespace app {

// What one client asked for and what became of it, call by call, with the head of the chain that it can be checked
// against. Reads the activity log only.
int receipt(const Invocation &invocation, const QString &client, std::optional<std::chrono::milliseconds> since);

// One call as `log list` and a receipt print it.
mcpcore::Json toJson(const mcpcore::CallSummary &call);

} // namespace app
