-- SPDX-FileCopyrightText: 2026 The Countersign authors
-- SPDX-License-Identifier: GPL-3.0-or-later
-- The activity log. `record` holds the exact hashed bytes of a row; every other column is derived from the records and
-- checked against them by the verifier. Nothing here is ever updated except `calls`, the newest state of each call.
-- The sequence of a row, 1 and up without gaps, is its rowid: a column of that name would put a byte into each row that
-- SQLite never reads, and that could be changed unseen.
CREATE TABLE rows (
    time INTEGER NOT NULL,
    kind TEXT NOT NULL,
    call TEXT,
    previous INTEGER NOT NULL, -- the row of the same call before this one, 0 = none
    open INTEGER NOT NULL,     -- the oldest intent without an outcome as of this row, 0 = none
    hash BLOB NOT NULL,
    record BLOB NOT NULL
) STRICT;

-- Rows of a call are found through calls.last and rows.previous, so that the path of a call maintains no index.
CREATE INDEX rows_of_no_call ON rows (kind) WHERE call IS NULL;

-- The id of a call sorts by time: newest calls are at the end.
CREATE TABLE calls (
    call TEXT PRIMARY KEY,
    last INTEGER NOT NULL,
    received INTEGER NOT NULL,
    client TEXT NOT NULL,
    connection TEXT NOT NULL,
    environment TEXT NOT NULL,
    environment_kind TEXT NOT NULL,
    tool TEXT NOT NULL,
    decision TEXT NOT NULL,
    decided_by TEXT NOT NULL,
    outcome TEXT NOT NULL,
    detail TEXT NOT NULL,
    took INTEGER NOT NULL
) STRICT, WITHOUT ROWID;
