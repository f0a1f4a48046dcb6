// SPDX-FileCopyrightText: 2026 The Countersign authors
// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once
#include "base/Clock.h"
#include "base/Completion.h"
#include "base/Ids.h"
#include "model/ApprovedCall.h"
#include "model/LogRow.h"
#include <QThread>

namespace mcpcore {

// The append-only, hash-chained record (activity.db), seen from the core thread. Rows go in order to the log thread, the
// only writer: it takes what has queued up, one transaction, one fsync (WAL, synchronous FULL). After a failed write the
// log is broken: nothing is authorised until it could be reopened.
class ActivityLog : public QObject
{
    Q_OBJECT
public:
    ActivityLog(QString path, const Clock &clock, Ids &ids, QObject *parent = nullptr);
    ~ActivityLog() override; // commits what is queued, ends the thread

    struct Opened {
        qint64 rows = 0;
        QByteArray lastWorkspaceDigest;        // of the newest Workspace row; empty when there is none
        bool ownedByApp = false;               // an Owner row exists
        QList<CallSummary> outcomeUnknown;     // intents without outcome found now; a Recovery row was written for each
    };
    // Opens or creates the file, checks it (quick_check, tail of the chain), writes Recovery rows.
    void open(Completion<Opened> done);

    // Queues a row; it is durable with, or before, the next commit that somebody waits for.
    void append(LogRow row);
    // The same, answered when the row is durable.
    void append(LogRow row, Completion<> durable);
    // Queues the decision row of a call that is not sent (LogRow::Kind::Decision).
    void deny(ToolCallPtr call, const Decision &decision);
    // Writes the decision and the intent of an allowed call; answers once both are durable. The only source of ApprovedCall.
    void authorise(ToolCallPtr call, const Decision &decision, Completion<ApprovedCall> done);
    // Writes the outcome; answers when it is durable.
    void finish(ToolCallPtr call, const CallOutcome &outcome, Completion<> durable);

    bool isBroken() const;
    QString path() const;

Q_SIGNALS:
    void appended(qint64 lastSequence); // after each commit, for live views
    void broken(const QString &why);
};

} // namespace mcpcore
