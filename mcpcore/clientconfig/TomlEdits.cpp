// SPDX-FileCopyrightText: 2026 The Countersign authors
// SPDX-License-Identifier: GPL-3.0-or-later
#include "base/Json.h"
#include "clientconfig/FormatEdits.h"
#include "clientconfig/TomlInline.h"
#include "clientconfig/TomlLayout.h"
#include <algorithm>

namespace mcpcore {

namespace {

using Kind = TomlStatement::Kind;

tl::unexpected<ConfigFault> refused(ConfigFault::Kind kind, const char *reason)
{
    return tl::unexpected(ConfigFault{kind, 0, 0, QString::fromLatin1(reason)});
}

QList<QByteArray> indented(const QList<QByteArray> &lines, const QByteArray &indent)
{
    QList<QByteArray> out;
    for (const QByteArray &line : lines)
        out.append(indent + line);
    return out;
}

TextSpan tablesToRemove(const TomlOriginal &original, const TomlPlace::Tables &tables)
{
    const QByteArray &file = original.file;
    TextSpan span{original.statement(tables.first).lines.begin, original.statement(tables.end - 1).lines.end};
    if (span.begin > original.start())
        span.begin = blankLineBefore(file, span.begin);
    else if (tables.end < original.text.statements.size() && lineKind(file, span.end) == LineKind::Blank)
        span.end = lineEnd(file, span.end);
    return withLineEnd(file, span);
}

QList<TextSpan> spansOf(const TomlOriginal &original, const TomlPlace::Tables *except)
{
    QList<TextSpan> spans;
    for (const TomlPlace::Tables &tables : original.place.tables)
        if (&tables != except)
            spans.append(tablesToRemove(original, tables));
    for (const TomlPlace::Member &line : original.place.lines)
        spans.append(withLineEnd(original.file, line.lines));
    return merged(spans);
}

EntryEdit removing(const QList<TextSpan> &spans, QList<TextEdit> others = {})
{
    for (const TextSpan span : spans)
        others.append({span.begin, span.end - span.begin, {}});
    std::sort(others.begin(), others.end(), [](const TextEdit &left, const TextEdit &right) { return left.offset < right.offset; });
    return {others, 0};
}

// ---- replacement

QByteArray keyAsWritten(const QByteArray &file, const TomlPlace::Member &member)
{
    const qsizetype begin = member.key->span.begin;
    return file.mid(begin, member.key->ends[member.names - 1] - begin);
}

bool isWhole(const TomlPlace::Member &member)
{
    return member.names == member.key->names.size();
}

// `entry = { .. }` keeps its key and what is around it; several `entry.member = ..` become the members of the new entry.
ConfigResult<TextEdit> memberReplacement(const TomlOriginal &original, const TomlPlace::Member &member, const Json &entry,
                                         const QByteArray &between)
{
    const QByteArray prefix = keyAsWritten(original.file, member);
    const QByteArray assign = styleOf(original, {}).assign;
    if (isWhole(member) || entry.empty()) {
        const auto value = tomlValue(entry);
        if (!value)
            return tl::unexpected(value.error());
        const qsizetype begin = isWhole(member) ? member.value->span.begin : member.key->span.begin;
        return TextEdit{begin, member.value->span.end - begin, isWhole(member) ? *value : prefix + assign + *value};
    }
    const auto members = tomlMembers(entry, prefix + '.', assign);
    if (!members)
        return tl::unexpected(members.error());
    return TextEdit{member.key->span.begin, member.value->span.end - member.key->span.begin, members->join(between)};
}

std::optional<size_t> ownHeader(const TomlOriginal &original, const TomlPlace::Tables &tables)
{
    for (size_t i = tables.first; i < tables.end; ++i)
        if (original.statement(i).kind == Kind::Table && original.statement(i).path == original.place.entry)
            return i;
    return {};
}

// The new table in the lines of an old run of tables; the header stays as it is written.
ConfigResult<TextEdit> tablesReplacement(const TomlOriginal &original, const TomlPlace::Tables &tables, const Json &entry)
{
    const QByteArray &file = original.file;
    const auto header = ownHeader(original, tables);
    const TomlStyle style = styleOf(original, header ? *header : tables.first);
    const auto members = tomlMembers(entry, {}, style.assign);
    if (!members)
        return tl::unexpected(members.error());
    const TextSpan old{original.statement(tables.first).lines.begin, original.statement(tables.end - 1).lines.end};
    QByteArray text = headerLine(original, style);
    if (header) {
        const TextSpan lines = original.statement(*header).lines;
        text = file.mid(lines.begin, lines.end - lines.begin);
        while (text.endsWith('\n') || text.endsWith('\r'))
            text.chop(1);
    }
    text = (QList<QByteArray>{text} + indented(*members, style.memberIndent)).join(style.eol);
    if (old.end < file.size() || !endsWithoutEol(file))
        text += style.eol;
    return TextEdit{old.begin, old.end - old.begin, text};
}

} // namespace

ConfigResult<EntryEdit> tomlInsert(const QByteArray &file, const ConfigDialect &dialect, const EntryPlace &place, const Json &entry)
{
    const auto original = readToml(file, dialect, place);
    if (!original)
        return tl::unexpected(original.error());
    if (original->place.hasEntry())
        return tl::unexpected(existsFault(*original));
    const int created = int(original->place.path.size() - original->place.known);
    if (const TomlValue *table = original->place.inlineTable) {
        const auto value = tomlValue(entry);
        if (!value)
            return tl::unexpected(value.error());
        return inlineInsertion(file, *table, tomlKey(original->place.rest) + " = " + *value, created);
    }
    const TomlStyle style = styleOf(*original, lastSibling(*original));
    const auto members = tomlMembers(entry, {}, style.assign);
    if (!members)
        return tl::unexpected(members.error());
    const qsizetype at = newTablePlace(*original, original->place.lastTable);
    const bool isUnfinished = at == file.size() && endsWithoutEol(file);
    QByteArray text = (QList<QByteArray>{headerLine(*original, style)} + indented(*members, style.memberIndent)).join(style.eol);
    if (takesBlankLine(*original, at))
        text.prepend(style.eol);
    return EntryEdit{{{at, 0, isUnfinished ? style.eol + text : text + style.eol}}, created};
}

ConfigResult<EntryEdit> tomlRemove(const QByteArray &file, const ConfigDialect &dialect, const EntryPlace &place, int created)
{
    const auto original = readToml(file, dialect, place);
    if (!original)
        return tl::unexpected(original.error());
    const TomlPlace &found = original->place;
    if (!found.hasEntry())
        return refused(ConfigFault::Kind::Absent, "No entry of this name is in the file.");
    if (!found.inlined.empty())
        return removing(inlineRemoval(file, *found.inlineTable, found.inlined, created));
    // Tables above it that nothing else names are gone with it: TOML has them only by the names of their sub-tables.
    return removing(spansOf(*original, nullptr));
}

ConfigResult<EntryEdit> tomlReplace(const QByteArray &file, const ConfigDialect &dialect, const EntryPlace &place, const Json &entry)
{
    auto original = readToml(file, dialect, place);
    if (!original)
        return tl::unexpected(original.error());
    TomlPlace &found = original->place;
    if (!found.hasEntry())
        return refused(ConfigFault::Kind::Absent, "No entry of this name is in the file.");
    if (!found.inlined.empty()) {
        const auto edit = memberReplacement(*original, found.inlined.front(), entry, ", ");
        if (!edit)
            return tl::unexpected(edit.error());
        found.inlined.erase(found.inlined.begin());
        return removing(found.inlined.empty() ? QList<TextSpan>() : inlineRemoval(file, *found.inlineTable, found.inlined, 0), {*edit});
    }
    if (found.tables.empty()) {
        const qsizetype begin = found.lines.front().lines.begin;
        const auto edit = memberReplacement(*original, found.lines.front(), entry, lineEndOf(file) + indentation(file, begin));
        if (!edit)
            return tl::unexpected(edit.error());
        found.lines.erase(found.lines.begin());
        return removing(spansOf(*original, nullptr), {*edit});
    }
    auto home =
        std::find_if(found.tables.begin(), found.tables.end(), [&](const auto &one) { return ownHeader(*original, one).has_value(); });
    if (home == found.tables.end())
        home = found.tables.begin();
    const auto edit = tablesReplacement(*original, *home, entry);
    if (!edit)
        return tl::unexpected(edit.error());
    return removing(spansOf(*original, &*home), {*edit});
}

} // namespace mcpcore
