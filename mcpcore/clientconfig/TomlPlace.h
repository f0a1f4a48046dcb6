// SPDX-FileCopyrightText: 2026 The Countersign authors
// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once
#include "clientconfig/TomlText.h"
#include <optional>

namespace mcpcore {

// What a file has at the place of an entry, however it is written: [holder.entry] and its sub-tables, `entry.member = ..` below [holder],
// `holder = { entry = {..} }`. Points into the TomlText it was found in.
struct TomlPlace {
    // A run of tables of the entry: from the lines of its first header to those of its last member.
    struct Tables {
        size_t first = 0; // statements
        size_t end = 0;
    };
    // A member (of a table or of an inline table) whose key leads to the entry or into it.
    struct Member {
        const TomlKey *key = nullptr;
        const TomlValue *value = nullptr;
        qsizetype names = 0; // of the key, up to the entry's own
        TextSpan lines = {}; // of the statement; empty in an inline table
    };

    std::vector<Tables> tables;
    std::vector<Member> lines;
    std::vector<Member> inlined; // all in `inlineTable`

    TomlPath path; // of the holder
    TomlPath entry;
    const TomlValue *inlineTable = nullptr; // the innermost on the way to the holder: the only place where a new entry may stand
    TomlPath rest;                          // from that table to the entry
    qsizetype known = 0;                    // names of the path that exist
    std::optional<size_t> lastTable;        // the last header of the holder or below it

    bool hasEntry() const { return !tables.empty() || !lines.empty() || !inlined.empty(); }
};

// WrongType where something on the way is no table.
ConfigResult<TomlPlace> findPlace(const QByteArray &file, const TomlText &text, const EntryPlace &place);

} // namespace mcpcore
