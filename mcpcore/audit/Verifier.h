// SPDX-FileCopyrightText: 2026 The Countersign authors
// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once
#include "base/Secret.h"
#include <QString>

namespace mcpcore {

// What a check of an activity log found.
struct Verification {
    enum class Status {
        Intact,     // every row is as it was written
        Tampered,   // something was changed: `check` and `firstBad` say what and where
        Truncated,  // the newest rows are missing, or the log was rolled back or exchanged as a whole
        Unreadable, // not a log, or it cannot be read
    };
    enum class AnchorState { None, Unsigned, NotChecked, Valid }; // NotChecked: signed, but no key was given

    Status status = Status::Unreadable;
    qint64 rows = 0;
    qint64 firstBad = 0; // sequence of the first bad row; 0 = none, or not one row
    QString check;       // "hash", "sequence", "columns", "record", "calls", "schema", "structure", "anchor", "form"; empty when intact
    AnchorState anchor = AnchorState::None;
    qint64 notAnchored = 0; // newest rows that no anchor vouches for
    QString log;            // its random id
    QByteArray head;        // hash of the last row
    QString text;           // for people: what was found, and what a check can not find
};

QString toText(Verification::Status status);      // "intact", "tampered", "truncated", "unreadable"
QString toText(Verification::AnchorState anchor); // "none", "unsigned", "not checked", "signed"

// Checks `path`: an activity.db (with the anchor file beside it) or an exported JSONL file. Reads only; needs neither the
// app nor the keychain. With the key of the anchors (ActivityLog::setKey) their signature is checked too.
Verification verifyLog(const QString &path, const Secret *key = nullptr);

} // namespace mcpcore
