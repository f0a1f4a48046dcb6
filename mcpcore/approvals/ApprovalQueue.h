// SPDX-FileCopyrightText: 2026 The Countersign authors
// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once
#include "base/Clock.h"
#include "base/Completion.h"
#include "model/Approval.h"
#include <QHash>

namespace mcpcore {

// Calls that wait for a person. Holds each until it is answered, withdrawn or its deadline passes (deadline = denied).
// Knows nothing of windows: who shows cards watches added() and removed() and calls answer(). Lives in the core thread.
class ApprovalQueue : public QObject
{
    Q_OBJECT
public:
    struct Limits {
        int perClient = 20;
        int all = 100;
        int newPerSecond = 5;
        Milliseconds deadline = std::chrono::minutes(5);
    };
    ApprovalQueue(const Clock &clock, Limits limits, QObject *parent = nullptr);

    // Answers Busy at once when a limit is reached, Expired at the deadline, else what the person said.
    void request(ToolCallPtr call, const Verdict &verdict, Completion<Answer> done);
    // NotFound when the call no longer waits; Conflict when the answer was given to other bytes; InvalidArgument when the
    // typed word is wrong (the card stays).
    Result<> answer(const CallId &call, const Answer &answer);
    // The caller no longer waits.
    void withdraw(const CallId &call);
    // Denies everything that waits, e.g. on pause; `reason` is told to the clients.
    void denyAll(const QString &reason);
    QList<Approval> pending() const; // oldest first
    // The clock of one card stops while the person reads it (D19); resumes when `reading` is false.
    void setReading(const CallId &call, bool reading);

Q_SIGNALS:
    void added(const mcpcore::Approval &approval);
    void removed(const mcpcore::CallId &call, mcpcore::ApprovalEnd end);
    void changed(const mcpcore::Approval &approval); // its deadline moved
};

// What must be typed to allow `call` when the verdict is ask-typed: the word of the environment.
QString typedWordFor(const ToolCall &call);

} // namespace mcpcore
