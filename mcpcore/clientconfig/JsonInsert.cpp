// SPDX-FileCopyrightText: 2026 The Countersign authors
// SPDX-License-Identifier: GPL-3.0-or-later
#include "base/Json.h"
#include "clientconfig/ConfigBytes.h"
#include "clientconfig/FormatEdits.h"
#include "clientconfig/JsonEdits.h"
#include "clientconfig/JsonLayout.h"

namespace mcpcore {

namespace {

using Shape = JsonLayout::Shape;
using Trivia = JsonTrivia::Kind;

// A member (in a list: an item) that brings its holders with it, from the first that is not there.
struct NewMember {
    QString key; // null in a list
    Json value;
};

Json holderOf(const NewMember &member)
{
    return member.key.isNull() ? Json::array({member.value}) : Json{{member.key.toStdString(), member.value}};
}

NewMember newMember(const EntryPlace &place, const Json &entry, qsizetype missing)
{
    const bool isList = place.holder == EntryPlace::Holder::List;
    NewMember member{isList ? QString() : place.name, jsonEntry(place, entry)};
    for (qsizetype i = 1; i <= missing; ++i)
        member = {place.path[place.path.size() - i], holderOf(member)};
    return member;
}

QByteArray rendered(const NewMember &member, const JsonLayout &layout)
{
    return (member.key.isNull() ? QByteArray() : renderedKey(member.key, layout)) + rendered(member.value, layout);
}

// Everything is chosen so that JsonRemove.cpp sees from the result which bytes were added: the white space in front of the new member,
// from its line end if it has one, is ours; so is the comma behind it, or else the one before it.

// Behind the last member and the comments on its line; its comma directly behind the value, where a comment does not hide it.
QList<TextEdit> behindLast(const JsonText &text, const JsonNode &last, const NewMember &member, JsonLayout layout)
{
    const bool hasComma = last.comma >= 0; // the style of the file: the new one gets one too
    const qsizetype anchor = hasComma ? last.comma + 1 : last.end;
    qsizetype at = anchor;
    for (;;) {
        const qsizetype comment = behindBlanks(text, at);
        const JsonTrivia piece = jsonTriviaAt(text.bytes(), comment);
        if (piece.kind != Trivia::LineComment && piece.kind != Trivia::BlockComment)
            break;
        at = piece.end;
        if (piece.kind == Trivia::LineComment)
            layout.shape = Shape::Lines;
    }
    if (layout.shape == Shape::Lines && kindBehindBlanks(text, at) == Trivia::LineEnd)
        at = behindBlanks(text, at);
    const QByteArray gap = layout.shape == Shape::Lines ? layout.lineEnd + layout.indent
                           : at > anchor                ? QByteArray(" ")
                                                        : layout.comma.mid(1);
    const QByteArray added = gap + rendered(member, layout) + (hasComma ? "," : "");
    if (hasComma)
        return {{at, 0, added}};
    if (at == anchor)
        return {{at, 0, ',' + added}};
    return {{anchor, 0, ","}, {at, 0, added}};
}

// Behind the last of the comments that a holder holds and nothing else.
QList<TextEdit> behindComments(const JsonText &text, const JsonNode &holder, const NewMember &member, JsonLayout layout)
{
    qsizetype start = 0, end = 0;
    for (qsizetype at = holder.start + 1; at < holder.end - 1;) {
        const JsonTrivia piece = jsonTriviaAt(text.bytes(), at);
        if (piece.kind == Trivia::LineComment || piece.kind == Trivia::BlockComment) {
            start = at;
            end = piece.end;
        }
        at = piece.end;
    }
    if (startsLine(text, start))
        layout.indent = indentAt(text, start);
    layout.shape = hasLineEnd(text, holder.start, start) || hasLineEnd(text, end, holder.end) ? Shape::Lines : Shape::OneLine;
    if (layout.shape == Shape::OneLine)
        return {{end, 0, ' ' + rendered(member, layout)}};
    if (kindBehindBlanks(text, end) == Trivia::LineEnd)
        end = behindBlanks(text, end);
    return {{end, 0, layout.lineEnd + layout.indent + rendered(member, layout)}};
}

EntryEdit intoEmpty(const JsonText &text, const JsonNode &holder, const NewMember &member, const JsonLayout &layout)
{
    const qsizetype inside = holder.start + 1;
    const QByteArray held = text.bytes().mid(inside, holder.end - 1 - inside);
    const QByteArray added = rendered(member, layout);
    if (layout.shape == Shape::OneLine)
        return {{{holder.end - 1, 0, added + held}}};
    const QByteArray opened = layout.lineEnd + layout.indent + added;
    const QByteArray closing = layout.lineEnd + indentAt(text, holder.first());
    if (hasLineEnd(text, inside, holder.end - 1))
        return {{{inside, 0, opened}}, held == closing ? kHeldLine : 0};
    if (held == " ")
        return {{{inside, 1, opened + closing}}, kHeldSpace};
    return {{{holder.end - 1, 0, opened + closing}}};
}

// The file holds nothing but white space. Its first line end, if it begins with one, ends the last line of the new document.
EntryEdit wholeDocument(const JsonText &text, const NewMember &member)
{
    JsonLayout layout;
    layout.lineEnd = lineEndOf(text.bytes());
    const qsizetype start = byteOrderMarkLength(text.bytes());
    const bool hasLine = jsonTriviaAt(text.bytes(), start).kind == Trivia::LineEnd;
    const QByteArray document = rendered(holderOf(member), layout);
    return {{{start, 0, document + (hasLine ? QByteArray() : layout.lineEnd)}}, hasLine ? kHeldLine : 0};
}

} // namespace

ConfigResult<EntryEdit> jsonInsert(const QByteArray &file, const ConfigDialect &dialect, const EntryPlace &place, const Json &entry)
{
    const auto text = JsonText::read(file, dialect);
    if (!text)
        return tl::unexpected(text.error());
    if (text->isEmpty()) {
        EntryEdit edit = wholeDocument(*text, newMember(place, entry, place.path.size()));
        edit.created |= int(place.path.size()) + 1;
        return edit;
    }
    const auto spot = jsonSpot(*text, place);
    if (!spot)
        return tl::unexpected(spot.error());
    if (!spot->entries.empty())
        return tl::unexpected(text->fault((*text)[spot->entries.back()].first(), ConfigFault::Kind::Exists,
                                          QStringLiteral("The file has an entry \"%1\" already.").arg(place.name)));
    const NewMember member = newMember(place, entry, spot->missing);
    const JsonLayout layout = layoutOfMembers(*text, spot->holders);
    const JsonNode &holder = (*text)[spot->holder()];
    const auto children = text->children(spot->holder());
    EntryEdit edit;
    if (!children.empty())
        edit.edits = behindLast(*text, (*text)[children.back()], member, layout);
    else if (hasComment(*text, holder.start + 1, holder.end - 1))
        edit.edits = behindComments(*text, holder, member, layout);
    else
        edit = intoEmpty(*text, holder, member, layout);
    edit.created |= int(spot->missing);
    return edit;
}

} // namespace mcpcore
