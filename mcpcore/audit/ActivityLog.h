// SPDX-FileCopyrightText: 2026 The Countersign authors
// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once
#include "audit/Anchor.h"
#include "base/Completion.h"
#include "base/Ids.h"
#include "base/Secret.h"
#include "model/ApprovedCall.h"
#include "model/LogRow.h"
#include <QThread>
#include <vector>

namespace mcpcore {

class LogWriter;
struct LogJob;

// The append-only, hash-chained record (activity.db), seen from the core thread. Rows go in order to the log thread, the
// only writer: one transaction and one fsync (WAL, synchronous FULL) for all that has queued up meanwhile. After a failed
// write the log is broken: nothing is authorised until the file could be opened again, which the next row tries.
class ActivityLog : public QObject
{
    Q_OBJECT
public:
    ActivityLog(QString path, const Clock &clock, Ids &ids, QObject *parent = nullptr);
    ~ActivityLog() override; // commits what is queued, ends the thread

    // 32 bytes: authenticates anchors, and makes equal secrets leave equal marks over restarts. Best before open().
    void setKey(Secret key);
    // The same after open(), before rows that hold secrets: answers what the anchor found there said of the key, and signs one.
    void setKey(Secret key, Completion<Anchor::Found> done);
    // Until a key comes that may be waited for: marks of secrets tell their type only.
    void markWithoutKey();

    struct Opened {
        qint64 rows = 0;
        QByteArray lastWorkspaceDigest;    // "after" (hex) in the detail of the newest Workspace row; empty when there is none
        bool ownedByApp = false;           // an Owner row exists
        QString log;                       // the id of the log
        QByteArray workspace;              // detail of the newest Workspace row, a JSON object; empty when there is none
        QByteArray seal;                   // the same of the newest Seal row
        QString movedAside;                // the file was damaged: it is kept there, and this log is a new one
        QList<CallSummary> outcomeUnknown; // intents without outcome found now; a Recovery row was written for each
    };
    // Opens or creates the file, checks it (structure, tail of the chain, anchor), writes Recovery rows. A log that was
    // altered or lost rows is not opened; one that is no readable database is moved aside and a new one begins.
    void open(Completion<Opened> done);

    // Queues a row; it is durable with, or before, the next commit that somebody waits for. Kept and written later when the
    // log is broken.
    void append(LogRow row);
    // The same, answered when the row is durable. With LogFailed it was not written and never will be.
    void append(LogRow row, Completion<> durable);
    // Queues the decision row of a call that is not sent (LogRow::Kind::Decision). `written` is answered when it is durable; with
    // LogFailed it is kept and written later.
    void deny(ToolCallPtr call, const Decision &decision, Completion<> written = {});
    // Writes the decision and the intent of an allowed call; answers once both are durable. The only source of ApprovedCall.
    void authorise(ToolCallPtr call, const Decision &decision, Completion<ApprovedCall> done);
    // Writes the outcome; answers when it is durable. With LogFailed it is kept and written later.
    void finish(ToolCallPtr call, const CallOutcome &outcome, Completion<> durable);

    bool isBroken() const { return m_broken; }
    QString path() const { return m_path; }
    // Transactions so far.
    qint64 commits() const { return m_commits; }

Q_SIGNALS:
    void appended(qint64 lastSequence); // after each commit, for live views
    void broken(const QString &why);    // each time it breaks

private:
    // Who waits for a batch, in the order of the rows.
    struct Waiting {
        ToolCallPtr call; // of authorise()
        Completion<ApprovedCall> approved;
        Completion<> durable;
        QString failedText;
    };
    LogJob jobFor(LogRow row) const;
    void queue(LogJob job);
    void queueAndSend(Waiting waiting);
    void sendLater();
    void send();
    void answered(const Result<qint64> &written);
    void setBroken(const QString &why);
    void anchorInTime();
    void anchorNow();

    const QString m_path;
    const Clock &m_clock;
    QThread m_thread;
    LogWriter *m_writer;             // lives in m_thread, ends with it
    std::vector<LogJob> m_jobs;      // not sent yet
    std::vector<Waiting> m_waiting;  // for m_jobs
    std::vector<Waiting> m_inFlight; // for the batch that the writer has
    bool m_writing = false;
    bool m_sendPosted = false;
    bool m_broken = false;
    QString m_damage; // the file is unsound: broken for good
    qint64 m_commits = 0;
    qint64 m_last = 0;
    qint64 m_anchored = 0;
    Milliseconds m_anchoredAt{};
    bool m_anchorsSoon = false;
    bool m_anchorsInAMinute = false;
};

} // namespace mcpcore
