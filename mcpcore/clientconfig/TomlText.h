// SPDX-FileCopyrightText: 2026 The Countersign authors
// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once
#include "clientconfig/TextLines.h"
#include <vector>

namespace mcpcore {

// A TOML 1.0 file as it stands: what each line says and where. Plain values that count bytes in the file they were read from.
// It knows the grammar; what tables and names may follow each other is the business of the reader in TomlMeaning.cpp.

inline constexpr int kMaximumTomlDepth = 64; // tables in tables, whichever way they are written

// Names of tables from the root.
using TomlPath = QList<QByteArray>;

// A key of one name or several: a."b c".d
struct TomlKey {
    TomlPath names;        // decoded
    QList<qsizetype> ends; // behind each name
    TextSpan span;
};

struct TomlMember;

struct TomlValue {
    enum class Kind { Text, Literal, Array, Table }; // Literal: number, boolean or moment; Table: an inline table
    Kind kind = Kind::Literal;
    TextSpan span;
    std::vector<TomlMember> members; // of Table
};

struct TomlMember {
    TomlKey key;
    TomlValue value;
};

// A header or a member, with the lines it stands on.
struct TomlStatement {
    enum class Kind { Table, TableArray, Member };
    Kind kind = Kind::Member;
    TomlKey key;
    TomlValue value; // of Member
    TextSpan lines;
    TomlPath path; // from the root, through the table it stands in
};

struct TomlText {
    std::vector<TomlStatement> statements;

    // The end of the table that statement `index` (a header) opens: the index of the next header.
    size_t tableEnd(size_t index) const;
};

// Syntax where the file is no TOML, Unsupported where it nests too deep.
ConfigResult<TomlText> scanToml(const QByteArray &file);

// Whether `path` begins with `start`.
bool startsWith(const TomlPath &path, const TomlPath &start);

} // namespace mcpcore
