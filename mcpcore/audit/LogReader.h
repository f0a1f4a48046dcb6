// SPDX-FileCopyrightText: 2026 The Countersign authors
// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once
#include "base/Result.h"
#include "model/LogRow.h"
#include <QList>
#include <memory>

namespace mcpcore {

struct KeyUse {
    QString key;
    QString client;
    std::chrono::milliseconds last{}; // wall
};

// Reads activity.db with a read-only connection of its own, in whatever thread made it. Works beside the writer and
// without an owner.
class LogReader
{
public:
    static Result<std::unique_ptr<LogReader>> open(const QString &path);
    ~LogReader();

    struct Filter {
        std::optional<std::chrono::milliseconds> since;
        QString client, connection, environment, tool, decision; // empty = any
    };
    // Newest first by the time they were received; `count` calls older than the one that has the row `beforeSequence`
    // (CallSummary::sequence of the last one of the page before; 0 = from the newest).
    Result<QList<CallSummary>> calls(const Filter &filter, qint64 beforeSequence, int count) const;
    // Every row of one call in order; `call` may be a unique prefix of its id. NotFound when there is none,
    // Conflict when the prefix fits several.
    Result<QList<LogEntry>> story(const QString &call) const;
    // When calls went out last with each key for each client, as far as the newest `rows` rows tell.
    Result<QList<KeyUse>> keyUses(qint64 rows) const;
    // Rows after `sequence` in order, at most `count`.
    Result<QList<LogEntry>> rowsAfter(qint64 sequence, int count) const;
    Result<qint64> rowCount() const;

private:
    LogReader();
    struct Private;
    std::unique_ptr<Private> d;
};

} // namespace mcpcore
