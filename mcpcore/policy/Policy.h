// SPDX-FileCopyrightText: 2026 The Countersign authors
// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once
#include "model/Rule.h"
#include "model/ToolCall.h"
#include <QList>

namespace mcpcore {

// Decides one call. Pure. Precedence: deny rules, then floors, then ask-typed and ask rules, then allow rules, then the
// default for class and kind of environment (facts of DESIGN 5). A stranger at a bridge gets no allow rules, nothing
// without a person, and nothing outside sandbox kinds.
Verdict decide(const QList<Rule> &rules, const ToolCall &call, std::chrono::milliseconds now);

// True when the rule speaks of this call. A condition on a missing or mistyped field is false in an allow rule and true in
// every other. An allow rule sees the raised class only, every other both the raised and the accepted one.
bool matches(const Rule &rule, const ToolCall &call, std::chrono::milliseconds now);

// The accepted class, or destructive when it is milder and a word of the name says that the tool destroys, moves money or
// gives away rights ("delete_customer" accepted as read). Names only raise.
ToolClass raisedClass(ToolClass accepted, const QString &name);
// The same for the names of tool and operation of a call: the class that policy goes by.
ToolClass raisedClass(const ToolCall &call);

// The rule as a sentence for people.
QString describe(const Rule &rule);

// True when replacing `before` by `after` (either may be absent) can let something happen without a person that could not
// happen before: it needs the person's own word (DESIGN 2, "Nobody answers for the person"). When in doubt, true.
bool widens(const std::optional<Rule> &before, const std::optional<Rule> &after);

} // namespace mcpcore
