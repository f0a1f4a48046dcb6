// SPDX-FileCopyrightText: 2026 The Countersign authors
// SPDX-License-Identifier: GPL-3.0-or-later
#include "clientconfig/TomlLayout.h"
#include "clientconfig/FormatEdits.h"
#include <algorithm>

namespace mcpcore {

namespace {

using Kind = TomlStatement::Kind;

QByteArray assignOf(const TomlOriginal &original)
{
    bool isTight = false;
    for (const TomlStatement &statement : original.text.statements) {
        if (statement.kind != Kind::Member)
            continue;
        if (statement.value.span.begin - statement.key.span.end != 1)
            return QByteArrayLiteral(" = ");
        isTight = true;
    }
    return isTight ? QByteArrayLiteral("=") : QByteArrayLiteral(" = ");
}

bool isBlankAbove(const TomlOriginal &original, qsizetype at)
{
    return blankLineBefore(original.file, at) != at;
}

// Whether headers of this file have a blank line above them (and above their comments).
bool hasBlankLines(const TomlOriginal &original)
{
    bool hasHeaders = false;
    for (const TomlStatement &statement : original.text.statements) {
        qsizetype at = statement.lines.begin;
        if (statement.kind == Kind::Member || at == original.start())
            continue;
        while (at > original.start() && lineKind(original.file, lineBegin(original.file, at - 1)) == LineKind::Comment)
            at = std::max(lineBegin(original.file, at - 1), original.start());
        if (isBlankAbove(original, at))
            return true;
        hasHeaders = true;
    }
    return !hasHeaders;
}

// Behind the last member of the table at `index` and the comments right below it, unless those stand on top of the next header.
qsizetype endOfTable(const TomlOriginal &original, size_t index)
{
    const size_t next = original.text.tableEnd(index);
    const qsizetype end = original.statement(next - 1).lines.end;
    const bool isLast = next == original.text.statements.size();
    const qsizetype limit = isLast ? original.file.size() : original.statement(next).lines.begin;
    qsizetype at = end;
    while (at < limit && lineKind(original.file, at) == LineKind::Comment)
        at = lineEnd(original.file, at);
    return at < limit || isLast ? at : end;
}

// Behind the last line that is not blank.
qsizetype endOfContent(const TomlOriginal &original)
{
    qsizetype at = original.file.size();
    while (at > original.start() && isBlankAbove(original, at))
        at = blankLineBefore(original.file, at);
    return at;
}

} // namespace

ConfigResult<TomlOriginal> readToml(const QByteArray &file, const ConfigDialect &dialect, const EntryPlace &place)
{
    if (place.holder == EntryPlace::Holder::List)
        return tl::unexpected(
            ConfigFault{ConfigFault::Kind::Unsupported, 0, 0, QStringLiteral("Lists of entries are not edited in TOML.")});
    // A reader that is not ours finds what the grammar alone does not: tables defined twice, numbers that are none.
    if (const auto meaning = tomlMeaning(file, dialect); !meaning)
        return tl::unexpected(meaning.error());
    auto text = scanToml(file);
    if (!text)
        return tl::unexpected(text.error());
    TomlOriginal out{file, std::move(*text), {}};
    auto found = findPlace(file, out.text, place);
    if (!found)
        return tl::unexpected(found.error());
    out.place = std::move(*found);
    return out;
}

ConfigFault existsFault(const TomlOriginal &original)
{
    const TomlPlace &place = original.place;
    const TomlKey *key = !place.inlined.empty() ? place.inlined.front().key
                         : !place.lines.empty() ? place.lines.front().key
                                                : &original.statement(place.tables.front().first).key;
    return faultAt(original.file, key->span.begin, ConfigFault::Kind::Exists,
                   QStringLiteral("An entry of this name is in the file already."));
}

TomlStyle styleOf(const TomlOriginal &original, std::optional<size_t> index)
{
    TomlStyle style{lineEndOf(original.file), {}, {}, assignOf(original)};
    if (!index)
        return style;
    style.headerIndent = indentation(original.file, original.statement(*index).lines.begin);
    const bool hasMembers = original.text.tableEnd(*index) > *index + 1;
    style.memberIndent = hasMembers ? indentation(original.file, original.statement(*index + 1).lines.begin) : style.headerIndent;
    return style;
}

std::optional<size_t> lastSibling(const TomlOriginal &original)
{
    for (size_t i = original.text.statements.size(); i-- > 0;)
        if (original.statement(i).kind != Kind::Member && original.statement(i).path.size() == original.place.entry.size()
            && startsWith(original.statement(i).path, original.place.path))
            return i;
    return original.place.lastTable;
}

QByteArray headerLine(const TomlOriginal &original, const TomlStyle &style)
{
    return style.headerIndent + '[' + tomlKey(original.place.entry) + ']';
}

qsizetype newTablePlace(const TomlOriginal &original, std::optional<size_t> index)
{
    return index ? endOfTable(original, *index) : endOfContent(original);
}

bool takesBlankLine(const TomlOriginal &original, qsizetype at)
{
    if (at == original.start())
        return false;
    if (lineKind(original.file, lineBegin(original.file, at - 1)) == LineKind::Comment)
        return true;
    const auto &statements = original.text.statements;
    const bool isAmid = std::any_of(statements.begin(), statements.end(), [at](const auto &one) { return one.lines.begin >= at; });
    return isAmid ? lineKind(original.file, at) == LineKind::Blank : hasBlankLines(original);
}

} // namespace mcpcore
