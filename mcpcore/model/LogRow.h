// SPDX-FileCopyrightText: 2026 The Countersign authors
// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once
#include "model/Decision.h"
#include "model/ToolCall.h"

namespace mcpcore {

// One row of the activity log before it is chained. What happened, to which call, in the words of DESIGN 1.
struct LogRow {
    enum class Kind {
        Genesis,     // the first row: log id, time
        Received,    // a call came in
        Decision,    // allowed or denied, by whom
        Intent,      // it is about to be sent; durable before the first byte leaves
        Outcome,     // what became of it
        Recovery,    // found at start: an intent without outcome; the outcome is unknown
        Workspace,   // workspace.json changed: digest before and after, what changed
        Key,         // a key was set, deleted or used (never the key)
        Client,      // a client was added, revoked, its token shown
        Trust,       // a tool was trusted
        Environment, // switch, unlock, lock
        Pause,       // paused, resumed
        Refused,     // a request without a valid token, a malformed one in bursts
        Owner,       // the app opened the profile for the first time: it belongs to the app now
        Anchor,      // the head was anchored
        Seal,        // the key of the profile was made or exchanged, or there is none
        Question,    // a server asked the person something, and how that ended (never the answer)
    };
    Kind kind = Kind::Received;
    ToolCallPtr call;  // for the rows of a call, and only those
    QString title;     // one sentence for people
    QByteArray detail; // a JSON object with what else belongs to this kind; empty = {}
};

QString toText(LogRow::Kind kind);

// One stored row as a reader sees it.
struct LogEntry {
    qint64 sequence = 0;
    std::chrono::milliseconds time{}; // wall
    QString kind;
    QString call;
    QString client;
    QString connection;
    QString environment;
    QString environmentKind;
    QString tool;
    QString title;
    QByteArray record; // the exact hashed bytes, a JSON object
    QByteArray hash;
};

// One call as the activity page lists it: the newest state of its rows.
struct CallSummary {
    qint64 sequence = 0;              // of its last row
    std::chrono::milliseconds time{}; // received
    QString call;
    QString client;
    QString connection;
    QString environment;
    QString environmentKind;
    QString tool;
    QString decision; // "allowed", "denied", "" while waiting
    QString decidedBy;
    QString outcome; // text of CallOutcome::Kind, "" while none, "unknown" after a crash
    QString detail;
    qint64 tookMilliseconds = -1;
};

} // namespace mcpcore
