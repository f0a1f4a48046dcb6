// SPDX-FileCopyrightText: 2026 The Countersign authors
// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once
#include "audit/CallLedger.h"
#include "store/Database.h"

namespace mcpcore {

// The columns of the table `calls` in the order in which the functions below read and bind them.
inline constexpr char kCallColumns[] =
    "call, last, received, client, connection, environment, environment_kind, tool, decision, decided_by, outcome, detail, took";

// The call in the current row of a statement that selects kCallColumns first.
CallState callFrom(const Statement &row);
// Binds all columns, parameters 1 to 13. `state` must outlive the statement's run.
void bindCall(Statement &insert, const CallState &state);
CallSummary summaryOf(const CallState &state);

} // namespace mcpcore
