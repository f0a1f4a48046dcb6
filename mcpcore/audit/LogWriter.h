// SPDX-FileCopyrightText: 2026 The Countersign authors
// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once
#include "audit/Anchor.h"
#include "audit/CallLedger.h"
#include "audit/Record.h"
#include "store/Database.h"
#include <QObject>
#include <QThreadPool>

namespace mcpcore {

// The writing half of the activity log. Lives in the log thread, which owns the only connection that writes; ActivityLog
// posts to it. Each write() is one transaction and one sync. What takes long and is no part of a call (anchor file,
// checkpoint, check of a large file) goes to a background thread with connections of its own.
class LogWriter : public QObject
{
    Q_OBJECT
public:
    struct Head {
        qint64 sequence = 0;
        QByteArray hash;
    };
    struct Opened {
        qint64 rows = 0;
        QByteArray lastWorkspaceDigest;
        bool ownedByApp = false;
        QList<CallSummary> outcomeUnknown;
        qint64 anchored = 0;  // sequence in the anchor file
        QString log;          // its id
        QByteArray workspace; // detail of the newest row of that kind, a JSON object; empty when there is none
        QByteArray seal;      // the same
        QString movedAside;   // where a damaged file is now; this log is a new one
    };
    // Up to this size open() checks the structure of the whole file; larger ones are for checkInBackground().
    static constexpr qint64 kLargeFile = 8 * 1024 * 1024;

    // `randomBytes`: 48 of them, for the id of a new log and for marks of redacted secrets until setKey().
    LogWriter(QString path, QByteArray randomBytes);
    ~LogWriter() override;

    void setKey(Secret key);
    // The same after open(). What the anchor found there says of the key; when it was not signed with it, one is written now.
    Anchor::Found useKey(Secret key, Milliseconds wall);
    // Until a key comes: marks that look the same before and after a restart.
    void markWithoutKey();
    Result<Opened> open(Milliseconds wall, Milliseconds monotonic);
    // The sequence of the last row written. On failure nothing was written; the next write opens the file anew.
    Result<qint64> write(std::vector<LogJob> jobs);
    // Writes the anchor file in the background thread. When that fails the next anchor makes up for it.
    void anchor(Milliseconds wall);
    // Runs `damaged` in the background thread when the file's structure is not sound. Does nothing for small files, which
    // open() has checked.
    void checkInBackground(std::function<void(QString)> damaged);
    // Anchors, empties the WAL and closes; the next open() starts from the file.
    void close(Milliseconds wall);

private:
    Result<> start(Milliseconds wall, Milliseconds monotonic);
    Result<> moveAside(Milliseconds wall);
    Result<> prepare();
    Result<> reopen(const std::vector<LogJob> &next);
    Result<> checkTail() const;
    Result<> checkAnchor();
    Result<> readLogId();
    Result<> loadOpenCalls();
    Result<> loadCall(const QByteArray &call);
    Result<> writeGenesis(Milliseconds wall, Milliseconds monotonic);
    // A row for each open call after `sequence` that ends it with `outcome`, and the calls as they are then.
    Result<QList<CallSummary>> endOpenCalls(qint64 sequence, LogRow::Kind kind, const CallOutcome &outcome, const QString &title,
                                            Milliseconds wall, Milliseconds monotonic);
    Result<> commit(const std::vector<LogJob> &jobs);
    Result<> inTransaction(const std::function<Result<>()> &write);
    Result<> place(const RowFacts &facts);
    Result<> writeCalls();
    Result<Head> lastRow() const;
    Anchor currentAnchor(Milliseconds wall) const;
    bool mayAnchor() const { return m_key || !m_foundAnchor || !m_foundAnchor->isSigned(); }
    void keepForLater(std::vector<LogJob> jobs);
    void discard();
    void checkpointInBackground();

    const QString m_path;
    const QByteArray m_randomBytes;
    QString m_logId;
    std::optional<Secret> m_key;
    std::optional<Anchor> m_foundAnchor; // at open()
    QByteArray m_previousLog;            // for the first row of a new one: what is known of the damaged log before it
    QString m_movedAside;
    RecordWriter m_records;
    std::unique_ptr<Database> m_database;
    Statement m_insertRow;
    Statement m_selectCall;
    Statement m_insertCall;
    Statement m_updateCall;
    CallLedger m_ledger;
    QHash<QByteArray, bool> m_touched; // calls of this transaction; true when the table has them already
    Head m_head;                       // of the transaction under way
    Head m_committed;
    bool m_opened = false;
    bool m_failed = false;
    std::vector<LogJob> m_later; // rows to be written once the file can be
    qint64 m_forgotten = 0;      // rows that did not fit into m_later
    int m_checkpointedPages = 0;
    QThreadPool m_background;
};

} // namespace mcpcore
