// SPDX-FileCopyrightText: 2026 The Countersign authors
// SPDX-License-Identifier: GPL-3.0-or-later
#include "clientconfig/ConfigBytes.h"
#include "clientconfig/FormatEdits.h"
#include "clientconfig/JsonEdits.h"

namespace mcpcore {

namespace {

using Trivia = JsonTrivia::Kind;

// One member to take out, and what stands around it.
struct Leaving {
    const JsonText &text;
    const JsonNode &holder;
    const JsonNode &member;
    const JsonNode *previous;
    bool isLast;

    qsizetype gapStart() const { return previous ? previous->comma + 1 : holder.start + 1; }
    qsizetype end() const { return member.comma < 0 ? member.end : member.comma + 1; } // with its comma
    bool isAlone() const { return !previous && isLast; }
    // Comments around it belong to somebody; those inside go with it.
    bool hasCommentsAround() const
    {
        return hasComment(text, gapStart(), member.first()) || hasComment(text, member.end, end())
               || (isLast && hasComment(text, end(), holder.end - 1));
    }
};

Leaving leaving(const JsonText &text, size_t holder, size_t member)
{
    const auto children = text.children(holder);
    const auto at = std::find(children.begin(), children.end(), member);
    return {text, text[holder], text[member], at == children.begin() ? nullptr : &text[*std::prev(at)], std::next(at) == children.end()};
}

// Where the white space directly in front of the member begins, and its last line end: -1 where it has none.
struct Lead {
    qsizetype start;
    qsizetype lineEnd;
};

Lead leadOf(const Leaving &it)
{
    const QByteArray &bytes = it.text.bytes();
    Lead lead{it.member.first(), -1};
    while (lead.start > it.gapStart() && QByteArrayView(" \t\r\n").contains(bytes[lead.start - 1])) {
        --lead.start;
        if (lead.lineEnd < 0 && (bytes[lead.start] == '\n' || bytes[lead.start] == '\r'))
            lead.lineEnd = lead.start;
    }
    if (lead.lineEnd > lead.start && bytes[lead.lineEnd] == '\n' && bytes[lead.lineEnd - 1] == '\r')
        --lead.lineEnd;
    return lead;
}

// What follows a line comment on its line would become part of it.
bool followsLineComment(const Leaving &it, qsizetype to)
{
    Trivia last = Trivia::None;
    for (qsizetype at = it.gapStart(); at < to;) {
        const JsonTrivia piece = jsonTriviaAt(it.text.bytes(), at);
        last = piece.kind;
        at = qMax(piece.end, at + 1);
    }
    return last == Trivia::LineComment;
}

TextEdit deletion(qsizetype from, qsizetype to)
{
    return {from, to - from, {}};
}

// The member up to `end`, with the white space that came with it: its own lines, or the blank to its neighbour on the line.
TextEdit withOwnSpace(const Leaving &it, qsizetype end)
{
    const Lead lead = leadOf(it);
    const qsizetype rest = behindBlanks(it.text, end);
    const bool isBeforeBracket = rest == it.holder.end - 1;
    if (lead.lineEnd >= 0) {
        if (kindBehindBlanks(it.text, end) == Trivia::LineEnd)
            return deletion(lead.lineEnd, rest);
        if (isBeforeBracket && !followsLineComment(it, lead.lineEnd))
            return deletion(lead.lineEnd, end);
        return deletion(it.member.first(), rest); // others stay on this line
    }
    const bool hasNeighbour = it.previous || hasComment(it.text, it.gapStart(), it.member.first());
    return hasNeighbour ? deletion(lead.start, end) : deletion(it.member.first(), rest);
}

// Its comma stands at the beginning of its line, as the next one's does.
bool leadsWithComma(const Leaving &it)
{
    return it.previous && it.member.comma >= 0 && startsLine(it.text, it.previous->comma) && startsLine(it.text, it.member.comma)
           && !hasLineEnd(it.text, it.gapStart(), it.member.first()) && !it.hasCommentsAround()
           && !hasComment(it.text, it.previous->end, it.previous->comma);
}

QList<TextEdit> takenOut(const Leaving &it)
{
    if (leadsWithComma(it))
        return {deletion(it.previous->end, it.member.end)};
    QList<TextEdit> edits;
    if (it.previous && it.member.comma < 0) { // the comma before it has nothing to separate any more
        qsizetype from = it.previous->end;
        if (hasComment(it.text, from, it.previous->comma))
            for (from = it.previous->comma; it.text.bytes()[from - 1] == ' ';)
                --from;
        edits.append(deletion(from, it.gapStart()));
    }
    if (hasComment(it.text, it.member.end, it.end()))
        edits.append({withOwnSpace(it, it.member.end), deletion(it.member.comma, it.member.comma + 1)});
    else
        edits.append(withOwnSpace(it, it.end()));
    return edits;
}

// The holder as it was before its first member came (JsonInsert.cpp).
TextEdit emptied(const Leaving &it, int created)
{
    const QByteArray &bytes = it.text.bytes();
    const qsizetype inside = it.holder.start + 1;
    const QByteArray before = bytes.mid(inside, it.member.first() - inside);
    const QByteArray behind = bytes.mid(it.end(), it.holder.end - 1 - it.end());
    QByteArray held = before;
    if (const Lead lead = leadOf(it); lead.lineEnd >= 0) {
        held = before.left(lead.lineEnd - inside);
        if (behind != lineEndOf(bytes) + indentAt(it.text, it.holder.first()) || (created & kHeldLine))
            held += behind;
        else if (created & kHeldSpace)
            held = " ";
    }
    return {inside, it.holder.end - 1 - inside, held};
}

// The document that came into an empty file, with the line end that came with it.
std::optional<TextEdit> wholeDocument(const JsonText &text, int created)
{
    const QByteArray &bytes = text.bytes();
    const qsizetype start = byteOrderMarkLength(bytes);
    const QByteArray behind = bytes.mid(text[0].end);
    if (text[0].start != start || !behind.trimmed().isEmpty())
        return {};
    const JsonTrivia lineEnd = jsonTriviaAt(bytes, text[0].end);
    const bool isOurs = lineEnd.kind == Trivia::LineEnd && !(created & kHeldLine);
    return deletion(start, isOurs ? lineEnd.end : text[0].end);
}

} // namespace

ConfigResult<EntryEdit> jsonRemove(const QByteArray &file, const ConfigDialect &dialect, const EntryPlace &place, int created)
{
    const auto text = JsonText::read(file, dialect);
    if (!text)
        return tl::unexpected(text.error());
    auto spot = jsonSpotOfEntry(*text, place);
    if (!spot)
        return tl::unexpected(spot.error());
    size_t member = spot->entries.front();
    int keys = created & kCreatedKeys;
    for (;; --keys) { // up to the highest holder that was made for it and is empty without it
        const Leaving it = leaving(*text, spot->holder(), member);
        if (!it.isAlone() || it.hasCommentsAround())
            return EntryEdit{takenOut(it)};
        const bool isRoot = spot->holders.size() == 1;
        const bool isNamedPlainly = isRoot || !hasComment(*text, it.holder.keyEnd, it.holder.start);
        if (keys == 0 || !isNamedPlainly)
            return EntryEdit{{emptied(it, created)}};
        if (isRoot) {
            const auto document = dialect.emptyFile ? wholeDocument(*text, created) : std::nullopt;
            return EntryEdit{{document.value_or(emptied(it, created))}};
        }
        member = spot->holder();
        spot->holders.pop_back();
    }
}

} // namespace mcpcore
