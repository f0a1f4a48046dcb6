// SPDX-FileCopyrightText: 2026 The Countersign authors
// SPDX-License-Identifier: GPL-3.0-or-later
#include "base/Json.h"
#include "clientconfig/FormatEdits.h"
#include "clientconfig/TomlPlace.h"
#include "clientconfig/TomlWriter.h"
#include <algorithm>

namespace mcpcore {

namespace {

using Kind = TomlStatement::Kind;

tl::unexpected<ConfigFault> refused(ConfigFault::Kind kind, const char *reason)
{
    return tl::unexpected(ConfigFault{kind, 0, 0, QString::fromLatin1(reason)});
}

// One file on its way to an edit.
struct Original {
    const QByteArray &file;
    TomlText text;
    TomlPlace place;

    const TomlStatement &statement(size_t index) const { return text.statements[index]; }
    qsizetype start() const { return byteOrderMarkLength(file); }
};

ConfigResult<Original> read(const QByteArray &file, const ConfigDialect &dialect, const EntryPlace &place)
{
    if (place.holder == EntryPlace::Holder::List)
        return refused(ConfigFault::Kind::Unsupported, "Lists of entries are not edited in TOML.");
    // A reader that is not ours finds what the grammar alone does not: tables defined twice, numbers that are none.
    if (const auto meaning = tomlMeaning(file, dialect); !meaning)
        return tl::unexpected(meaning.error());
    auto text = scanToml(file);
    if (!text)
        return tl::unexpected(text.error());
    Original out{file, std::move(*text), {}};
    auto found = findPlace(file, out.text, place);
    if (!found)
        return tl::unexpected(found.error());
    out.place = std::move(*found);
    return out;
}

ConfigFault existsFault(const Original &original)
{
    const TomlPlace &place = original.place;
    const TomlKey *key = !place.inlined.empty() ? place.inlined.front().key
                         : !place.lines.empty() ? place.lines.front().key
                                                : &original.statement(place.tables.front().first).key;
    return faultAt(original.file, key->span.begin, ConfigFault::Kind::Exists,
                   QStringLiteral("An entry of this name is in the file already."));
}

// ---- style

QByteArray assignOf(const Original &original)
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

// As the table at `index` has it.
TomlStyle styleOf(const Original &original, std::optional<size_t> index)
{
    TomlStyle style{lineEndOf(original.file), {}, {}, assignOf(original)};
    if (!index)
        return style;
    style.headerIndent = indentation(original.file, original.statement(*index).lines.begin);
    const bool hasMembers = original.text.tableEnd(*index) > *index + 1;
    style.memberIndent = hasMembers ? indentation(original.file, original.statement(*index + 1).lines.begin) : style.headerIndent;
    return style;
}

// The last entry beside ours; tables below one (its environment) are often indented more.
std::optional<size_t> lastSibling(const Original &original)
{
    for (size_t i = original.text.statements.size(); i-- > 0;)
        if (original.statement(i).kind != Kind::Member && original.statement(i).path.size() == original.place.entry.size()
            && startsWith(original.statement(i).path, original.place.path))
            return i;
    return original.place.lastTable;
}

QList<QByteArray> indented(const QList<QByteArray> &lines, const QByteArray &indent)
{
    QList<QByteArray> out;
    for (const QByteArray &line : lines)
        out.append(indent + line);
    return out;
}

QByteArray headerLine(const Original &original, const TomlStyle &style)
{
    return style.headerIndent + '[' + tomlKey(original.place.entry) + ']';
}

// ---- where

bool isBlankAbove(const Original &original, qsizetype at)
{
    return blankLineBefore(original.file, at) != at;
}

// Whether headers of this file have a blank line above them (and above their comments).
bool hasBlankLines(const Original &original)
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
qsizetype endOfTable(const Original &original, size_t index)
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
qsizetype endOfContent(const Original &original)
{
    qsizetype at = original.file.size();
    while (at > original.start() && isBlankAbove(original, at))
        at = blankLineBefore(original.file, at);
    return at;
}

// A new table never comes right below a blank line, so a blank line above one of ours is always ours: removal counts on it.
bool takesBlankLine(const Original &original, qsizetype at)
{
    if (at == original.start())
        return false;
    if (lineKind(original.file, lineBegin(original.file, at - 1)) == LineKind::Comment)
        return true;
    const auto &statements = original.text.statements;
    const bool isAmid = std::any_of(statements.begin(), statements.end(), [at](const auto &one) { return one.lines.begin >= at; });
    return isAmid ? lineKind(original.file, at) == LineKind::Blank : hasBlankLines(original);
}

// ---- members of inline tables

// Takes members out with the commas between. `{ x }` becomes `{}` again, or `{ }` where it held a space.
QList<TextSpan> inlineRemoval(const QByteArray &file, const TomlValue &table, const std::vector<TomlPlace::Member> &gone, int created)
{
    const auto isGone = [&gone](const TomlMember &member) {
        return std::any_of(gone.begin(), gone.end(), [&member](const auto &one) { return one.key == &member.key; });
    };
    const auto &members = table.members;
    if (std::all_of(members.begin(), members.end(), isGone)) {
        TextSpan inside{members.front().key.span.begin, members.back().value.span.end};
        const bool isPadded = inside.end == table.span.end - 2 && file[inside.end] == ' ';
        inside.begin -= file[inside.begin - 1] == ' ' ? 1 : 0;
        inside.end += isPadded && !(created & kHeldSpace) ? 1 : 0;
        return {inside};
    }
    QList<TextSpan> spans;
    const TomlMember *kept = nullptr;
    for (size_t i = 0; i < members.size(); ++i) {
        if (!isGone(members[i]))
            kept = &members[i];
        else if (kept)
            spans.append({members[i - 1].value.span.end, members[i].value.span.end});
        else
            spans.append({members[i].key.span.begin, members[i + 1].key.span.begin});
    }
    return merged(spans);
}

EntryEdit inlineInsertion(const QByteArray &file, const TomlValue &table, const QByteArray &member, int created)
{
    if (!table.members.empty())
        return {{{table.members.back().value.span.end, 0, ", " + member}}, created};
    const QByteArray inside = file.mid(table.span.begin + 1, table.span.end - table.span.begin - 2);
    const int held = inside == " " ? kHeldSpace : 0;
    return {{{table.span.begin + 1, 0, inside.isEmpty() ? ' ' + member + ' ' : ' ' + member}}, created | held};
}

// ---- removal

TextSpan tablesToRemove(const Original &original, const TomlPlace::Tables &tables)
{
    const QByteArray &file = original.file;
    TextSpan span{original.statement(tables.first).lines.begin, original.statement(tables.end - 1).lines.end};
    if (span.begin > original.start())
        span.begin = blankLineBefore(file, span.begin);
    else if (tables.end < original.text.statements.size() && lineKind(file, span.end) == LineKind::Blank)
        span.end = lineEnd(file, span.end);
    return withLineEnd(file, span);
}

QList<TextSpan> spansOf(const Original &original, const TomlPlace::Tables *except)
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
ConfigResult<TextEdit> memberReplacement(const Original &original, const TomlPlace::Member &member, const Json &entry,
                                         const QByteArray &between)
{
    const QByteArray prefix = keyAsWritten(original.file, member);
    const QByteArray assign = assignOf(original);
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

std::optional<size_t> ownHeader(const Original &original, const TomlPlace::Tables &tables)
{
    for (size_t i = tables.first; i < tables.end; ++i)
        if (original.statement(i).kind == Kind::Table && original.statement(i).path == original.place.entry)
            return i;
    return {};
}

// The new table in the lines of an old run of tables; the header stays as it is written.
ConfigResult<TextEdit> tablesReplacement(const Original &original, const TomlPlace::Tables &tables, const Json &entry)
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
    const auto original = read(file, dialect, place);
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
    const auto last = original->place.lastTable;
    const qsizetype at = last ? endOfTable(*original, *last) : endOfContent(*original);
    const bool isUnfinished = at == file.size() && endsWithoutEol(file);
    QByteArray text = (QList<QByteArray>{headerLine(*original, style)} + indented(*members, style.memberIndent)).join(style.eol);
    if (takesBlankLine(*original, at))
        text.prepend(style.eol);
    return EntryEdit{{{at, 0, isUnfinished ? style.eol + text : text + style.eol}}, created};
}

ConfigResult<EntryEdit> tomlRemove(const QByteArray &file, const ConfigDialect &dialect, const EntryPlace &place, int created)
{
    const auto original = read(file, dialect, place);
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
    auto original = read(file, dialect, place);
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
