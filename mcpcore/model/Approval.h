// SPDX-FileCopyrightText: 2026 The Countersign authors
// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once
#include "model/Rule.h"
#include "model/ToolCall.h"
#include <QMetaType>

namespace mcpcore {

// A call that waits for a person, as the card shows it.
struct Approval {
    ToolCallPtr call;
    Verdict verdict;                      // Ask or AskTyped, and why
    QString typedWord;                    // what must be typed to allow; empty = nothing
    std::chrono::milliseconds asked{};    // wall time
    std::chrono::milliseconds deadline{}; // wall time at which it is denied
};

// A person's answer to one call, bound to the bytes the person saw.
struct Answer {
    enum class Kind { Allow, Deny };
    Kind kind = Kind::Deny;
    QByteArray argumentsDigest; // what was on the card
    QString typed;              // for ask-typed
    QString reason;             // told to the client with a denial; may be empty
    QString where;              // "window" or "terminal"
};

// How a card ended.
enum class ApprovalEnd { Allowed, Denied, Expired, Withdrawn };

} // namespace mcpcore

Q_DECLARE_METATYPE(mcpcore::Approval)
Q_DECLARE_METATYPE(mcpcore::CallId)
Q_DECLARE_METATYPE(mcpcore::ApprovalEnd)
