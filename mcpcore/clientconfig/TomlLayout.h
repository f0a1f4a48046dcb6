// SPDX-FileCopyrightText: 2026 The Countersign authors
// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once
#include "clientconfig/TomlPlace.h"
#include "clientconfig/TomlWriter.h"

namespace mcpcore {

// One file on its way to an edit, with what has been found in it. `place` points into `text`.
struct TomlOriginal {
    const QByteArray &file;
    TomlText text;
    TomlPlace place;

    const TomlStatement &statement(size_t index) const { return text.statements[index]; }
    qsizetype start() const { return byteOrderMarkLength(file); }
};

ConfigResult<TomlOriginal> readToml(const QByteArray &file, const ConfigDialect &dialect, const EntryPlace &place);
ConfigFault existsFault(const TomlOriginal &original);

// As the table at `index` is written; without one, as members are.
TomlStyle styleOf(const TomlOriginal &original, std::optional<size_t> index);
// The last entry beside ours; tables below one (its environment) are often indented more.
std::optional<size_t> lastSibling(const TomlOriginal &original);
QByteArray headerLine(const TomlOriginal &original, const TomlStyle &style);

// Where a new table goes: behind the last member of the table at `index` and the comments right below it, unless those stand on top of the
// next header; without one, behind the last line of the file that is not blank.
qsizetype newTablePlace(const TomlOriginal &original, std::optional<size_t> index);
// Whether it gets a blank line above. A new table never comes right below a blank line, so a blank line above one of ours is always ours:
// removal counts on it.
bool takesBlankLine(const TomlOriginal &original, qsizetype at);

} // namespace mcpcore
