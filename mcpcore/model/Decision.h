// SPDX-FileCopyrightText: 2026 The Countersign authors
// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once
#include "model/Rule.h"

namespace mcpcore {

// What was decided about one call and who decided it. One row of the activity log.
struct Decision {
    enum class By { Rule, Default, Floor, Person, Deadline, Withdrawn, Pause, Refusal };
    enum class Outcome { Allowed, Denied };
    Outcome outcome = Outcome::Denied;
    By by = By::Refusal;
    RuleId rule;
    QString reason;                     // for the log and the person
    QString where;                      // "window" or "terminal" when a person decided
    std::chrono::milliseconds waited{}; // how long the person took
};

QString toText(Decision::By by);

// What became of a call that was sent, or why it was not.
struct CallOutcome {
    enum class Kind { Succeeded, ToolError, ProtocolError, Failed, Unknown, Cancelled };
    Kind kind = Kind::Failed;
    QString detail; // for people: error text, empty on success
    qsizetype resultSize = 0;
    QByteArray resultDigest; // SHA-256; empty when there is no result
    std::chrono::milliseconds took{};
};

QString toText(CallOutcome::Kind kind); // "succeeded", "tool-error", "protocol-error", "failed", "unknown", "cancelled"

} // namespace mcpcore
