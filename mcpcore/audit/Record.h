// SPDX-FileCopyrightText: 2026 The Countersign authors
// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once
#include "audit/Redactor.h"
#include "base/Clock.h"
#include "base/Result.h"
#include "model/LogRow.h"
#include <optional>
#include <string>

namespace mcpcore {

// What the columns of a row and the summary of its call are made of. UTF-8, redacted.
struct RowFacts {
    QByteArray kind;
    qint64 time = 0;
    QByteArray call; // empty for rows of no call; the next five then are too
    QByteArray client;
    QByteArray connection;
    QByteArray environment;
    QByteArray environmentKind;
    QByteArray tool;
    QByteArray decision; // decision rows: "allowed" or "denied"
    QByteArray decidedBy;
    QByteArray rule;
    QByteArray reason;
    QByteArray outcome; // outcome rows: text of CallOutcome::Kind
    QByteArray outcomeDetail;
    qint64 took = -1;
    QByteArray title;
    QByteArray key; // intent rows: the id of the vendor's key
};

// A row on its way into the log, with the time at which it happened.
struct LogJob {
    LogRow row;
    std::optional<Decision> decision;
    std::optional<CallOutcome> outcome;
    Milliseconds wall{};
    Milliseconds monotonic{};
    // What to do with the row when it could not be written: a fact is written later; what somebody was told has failed is not.
    enum class IfFailed { WriteLater, Forget };
    IfFailed ifFailed = IfFailed::WriteLater;
};

// Makes records: one JSON object on one line with every fact of the row, members in fixed order. The record of a Received
// row holds the arguments as a string, byte for byte except for what was redacted.
class RecordWriter
{
public:
    explicit RecordWriter(Redactor redactor) : m_redactor(std::move(redactor)) {}

    // The facts of the row; its exact bytes are in record() until the next write.
    RowFacts write(const LogJob &job);
    // A row about a call that is known by its facts only.
    void write(const RowFacts &facts, Milliseconds monotonic);
    std::string_view record() const { return m_record; }

private:
    void setCall(const ToolCallPtr &call);
    Redactor m_redactor;
    std::string m_record;
    // Rows of one call often come together: what they share is converted once.
    ToolCallPtr m_call;
    RowFacts m_callFacts;
};

// The facts that a record holds. InvalidRequest when it is not a record.
Result<RowFacts> factsOf(std::string_view record);
// One sentence for people: the row's own, or one made of its facts.
QString titleOf(const RowFacts &facts);

} // namespace mcpcore
