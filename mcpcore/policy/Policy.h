// SPDX-FileCopyrightText: 2026 The Countersign authors
// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once
#include "model/Rule.h"
#include "model/ToolCall.h"
#include <QList>

namespace mcpcore {

// Decides one call. Pure. Precedence: deny rules, then floors, then ask-typed and ask rules, then allow rules, then the
// default for class and kind of environment (facts of DESIGN 5). A stranger at a bridge gets no allow rules.
Verdict decide(const QList<Rule> &rules, const ToolCall &call, std::chrono::milliseconds now);

// True when the rule speaks of this call. A condition on a missing or mistyped field is false in an allow rule and true in
// every other.
bool matches(const Rule &rule, const ToolCall &call, std::chrono::milliseconds now);

// The rule as a sentence for people.
QString describe(const Rule &rule);

// True when replacing `before` by `after` (either may be absent) can let something happen without a person that could not
// happen before: it needs the person's own word (DESIGN 2, "Nobody answers for the person").
bool widens(const std::optional<Rule> &before, const std::optional<Rule> &after);

} // namespace mcpcore
