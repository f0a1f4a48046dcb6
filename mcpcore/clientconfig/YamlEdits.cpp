// SPDX-FileCopyrightText: 2026 The Countersign authors
// SPDX-License-Identifier: GPL-3.0-or-later
#include "base/Json.h"
#include "clientconfig/FormatEdits.h"
#include "clientconfig/YamlPlace.h"
#include "clientconfig/YamlWriter.h"
#include <algorithm>
#include <memory>

// An entry is put as lines of its own behind the last of its neighbours. What was in its place before can be read from the result alone:
// - A blank line above it is ours: nothing is ever put right below a blank line.
// - The only entry of a holder stands in the place of `{}` or `[]`; only kHeldNothing says that there was nothing.
// - No line end behind it: the line above had none.
namespace mcpcore {

namespace {

using Kind = YamlNode::Kind;

tl::unexpected<ConfigFault> refused(ConfigFault::Kind kind, const char *reason)
{
    return tl::unexpected(ConfigFault{kind, 0, 0, QString::fromLatin1(reason)});
}

// One file on its way to an edit.
struct Original {
    const QByteArray &file;
    std::unique_ptr<const YamlText> text; // the place points into it
    YamlPlace place;
};

ConfigResult<Original> read(const QByteArray &file, const ConfigDialect &dialect, const EntryPlace &place)
{
    const auto meaning = yamlMeaning(file, dialect);
    if (!meaning)
        return tl::unexpected(meaning.error());
    auto text = scanYaml(file);
    if (!text)
        return tl::unexpected(text.error());
    Original out{file, std::make_unique<const YamlText>(std::move(*text)), {}};
    auto found = findPlace(file, *out.text, *meaning, place);
    if (!found)
        return tl::unexpected(found.error());
    out.place = std::move(*found);
    return out;
}

// ---- style

// How much maps (or lists) are indented below their keys, where there is one.
std::optional<int> indentBelow(const YamlNode &node, Kind below)
{
    for (const YamlChild &child : node.children) {
        if (node.kind == Kind::Map && child.value.kind == below)
            return child.value.column - node.column;
        if (const auto found = indentBelow(child.value, below))
            return found;
    }
    return {};
}

YamlStyle styleOf(const Original &original)
{
    const YamlNode &base = *original.place.last().node;
    const YamlNode &root = original.text->root;
    const auto nearest = [&](Kind below) {
        const auto found = indentBelow(base, below);
        return found ? found : indentBelow(root, below);
    };
    YamlStyle style;
    style.step = nearest(Kind::Map).value_or(style.step);
    style.listStep = nearest(Kind::List).value_or(style.step);
    for (const YamlChild &item : base.children)
        if (base.kind == Kind::List && item.value.kind == Kind::Map
            && !original.file.mid(item.begin, item.value.begin - item.begin).contains('\n'))
            style.dashWidth = item.value.column - base.column;
    return style;
}

// Whether most neighbours have a blank line between them.
bool hasBlankLines(const QByteArray &file, const YamlNode &node)
{
    int with = 0, without = 0;
    for (size_t i = 1; i < node.children.size(); ++i) {
        bool isBlank = false;
        for (qsizetype at = node.children[i - 1].end; at < node.children[i].begin && !isBlank; at = lineEnd(file, at))
            isBlank = lineKind(file, at) == LineKind::Blank;
        ++(isBlank ? with : without);
    }
    return with > without;
}

// ---- where

// Behind the comments that are indented more than the owner of what ends at `from`.
qsizetype behindComments(const QByteArray &file, qsizetype from, int ownerColumn)
{
    qsizetype out = from;
    for (qsizetype at = from; at < file.size() && lineKind(file, at) != LineKind::Content; at = lineEnd(file, at))
        if (lineKind(file, at) == LineKind::Comment && indentation(file, at).size() > ownerColumn)
            out = lineEnd(file, at);
    return out;
}

int columnOfOwner(const YamlPlace::Step &step)
{
    return step.in ? step.in->column : -1;
}

qsizetype behindLast(const Original &original)
{
    const YamlPlace::Step &base = original.place.last();
    const qsizetype end = !base.node->children.empty() ? base.node->children.back().end
                          : base.owner                 ? base.owner->end
                                                       : original.text->begin;
    return behindComments(original.file, end, columnOfOwner(base));
}

// A text block whose own line ends go up to this place: what is added or taken there becomes part of the text.
bool isTextUpTo(const YamlNode &leaf, qsizetype at, YamlNode::Chomping chomping)
{
    return leaf.kind == Kind::Block && leaf.end == at && leaf.chomping == chomping;
}

bool takesBlankLine(const Original &original, qsizetype at)
{
    const YamlPlace::Step &base = original.place.last();
    if (at == original.text->begin || isTextUpTo(lastLeaf(*base.node), at, YamlNode::Chomping::Keep))
        return false;
    const bool isBelowComment = lineKind(original.file, lineBegin(original.file, at - 1)) == LineKind::Comment;
    return (!base.owner && isBelowComment) || hasBlankLines(original.file, *base.node);
}

// ---- what

// The entry with the keys above it that are missing.
ConfigResult<YamlLines> linesOf(const Original &original, const EntryPlace &place, const Json &entry)
{
    const YamlPlace::Step &base = original.place.last();
    const YamlStyle style = styleOf(original);
    const bool isList = place.holder == EntryPlace::Holder::List;
    const QStringList &missing = original.place.missing;
    const auto stepTo = [&](qsizetype depth) { return isList && depth == missing.size() ? style.listStep : style.step; };
    const bool hasColumn = !base.node->children.empty() || !base.owner;
    int column = hasColumn ? base.node->column : columnOfOwner(base) + stepTo(0);
    YamlLines out;
    for (qsizetype i = 0; i < missing.size(); ++i) {
        out.append(QByteArray(column, ' ') + yamlKey(missing[i].toUtf8()) + ':');
        column += stepTo(i + 1);
    }
    const QByteArray name = place.name.toUtf8();
    const auto lines = isList ? yamlItem(name, entry, column, style) : yamlMember(yamlKey(name), entry, column, style);
    return lines ? out + *lines : lines;
}

// ---- removal

bool hasOwnLine(const QByteArray &file, const YamlChild &child)
{
    const qsizetype begin = std::max(lineBegin(file, child.begin), byteOrderMarkLength(file));
    return child.begin - begin == indentation(file, child.begin).size();
}

TextSpan linesToRemove(const Original &original, const YamlPlace::Step &step, size_t index)
{
    const QByteArray &file = original.file;
    const YamlChild &child = step.node->children[index];
    const YamlNode *above = index > 0 ? &lastLeaf(step.node->children[index - 1].value) : nullptr;
    const qsizetype floor = index > 0    ? step.node->children[index - 1].end
                            : step.owner ? lineEnd(file, step.owner->colon)
                                         : original.text->begin;
    TextSpan lines{std::max(lineBegin(file, child.begin), byteOrderMarkLength(file)), child.end};
    const bool isFirst = index == 0 && step.node->children.size() > 1 && blankLineBefore(file, lines.begin) == lines.begin;
    if (isFirst && lineKind(file, lines.end) == LineKind::Blank)
        lines.end = lineEnd(file, lines.end);
    lines.begin = std::max(std::min(floor, lines.begin), blankLineBefore(file, lines.begin));
    const auto isTextAbove = [&](YamlNode::Chomping chomping) { return above && isTextUpTo(*above, lines.begin, chomping); };
    const bool keepsText = isTextAbove(YamlNode::Chomping::Keep);
    while (keepsText && lines.end < file.size() && lineKind(file, lines.end) == LineKind::Blank)
        lines.end = lineEnd(file, lines.end);
    return keepsText || isTextAbove(YamlNode::Chomping::Clip) ? lines : withLineEnd(file, lines);
}

} // namespace

ConfigResult<EntryEdit> yamlInsert(const QByteArray &file, const ConfigDialect &dialect, const EntryPlace &place, const Json &entry)
{
    const auto original = read(file, dialect, place);
    if (!original)
        return tl::unexpected(original.error());
    const YamlPlace::Step &base = original->place.last();
    if (const auto index = original->place.entry) {
        const qsizetype entryAt = base.node->children.empty() ? base.node->begin : base.node->children[*index].begin;
        return tl::unexpected(
            faultAt(file, entryAt, ConfigFault::Kind::Exists, QStringLiteral("An entry of this name is in the file already.")));
    }
    const qsizetype at = behindLast(*original);
    const bool isUnfinished = at == file.size() && endsWithoutEol(file);
    const YamlNode &leaf = lastLeaf(original->text->root);
    if (isUnfinished && leaf.kind == Kind::Block && leaf.end == at && leaf.chomping != YamlNode::Chomping::Strip)
        return tl::unexpected(faultAt(file, at, ConfigFault::Kind::Unsupported,
                                      QStringLiteral("The file ends amid a text block; put a line end behind its last line.")));
    const auto lines = linesOf(*original, place, entry);
    if (!lines)
        return tl::unexpected(lines.error());
    const QByteArray eol = lineEndOf(file);
    QByteArray text = lines->join(eol);
    if (takesBlankLine(*original, at))
        text.prepend(eol);
    const bool heldNothing = base.owner && base.node->kind == Kind::Absent;
    EntryEdit edit{{}, int(original->place.missing.size()) | (heldNothing ? kHeldNothing : 0)};
    if (base.node->kind == Kind::Flow)
        edit.edits.append({base.owner->colon, base.node->end - base.owner->colon, {}});
    edit.edits.append({at, 0, isUnfinished ? eol + text : text + eol});
    return edit;
}

ConfigResult<EntryEdit> yamlRemove(const QByteArray &file, const ConfigDialect &dialect, const EntryPlace &place, int created)
{
    const auto original = read(file, dialect, place);
    if (!original)
        return tl::unexpected(original.error());
    if (!original->place.entry)
        return refused(ConfigFault::Kind::Absent, "No entry of this name is in the file.");
    const auto &steps = original->place.steps;
    size_t depth = steps.size() - 1;
    size_t index = *original->place.entry;
    if (steps[depth].node->children.empty())
        return refused(ConfigFault::Kind::Unsupported, "The entry is written in braces or brackets, which is not edited.");
    // Up to the holder that stays: one with another entry, or one that was there before.
    for (int keys = created & kCreatedKeys; keys > 0 && depth > 0 && steps[depth].node->children.size() == 1; --keys) {
        const bool isLastOfFile = depth == 1 && steps[0].node->children.size() == 1;
        if (isLastOfFile && !dialect.emptyFile)
            break;
        index = size_t(steps[depth].owner - steps[depth].in->children.data());
        --depth;
    }
    const YamlPlace::Step &step = steps[depth];
    const YamlChild &child = step.node->children[index];
    if (child.value.hasAnchors || !hasOwnLine(file, child))
        return refused(ConfigFault::Kind::Unsupported, "The entry has an anchor or shares its line with its holder, which is not edited.");
    const TextSpan lines = linesToRemove(*original, step, index);
    EntryEdit edit;
    if (step.owner && step.node->children.size() == 1 && !(created & kHeldNothing))
        edit.edits.append({step.owner->colon, 0, step.node->kind == Kind::List ? " []" : " {}"});
    edit.edits.append({lines.begin, lines.end - lines.begin, {}});
    return edit;
}

ConfigResult<EntryEdit> yamlReplace(const QByteArray &file, const ConfigDialect &dialect, const EntryPlace &place, const Json &entry)
{
    const auto original = read(file, dialect, place);
    if (!original)
        return tl::unexpected(original.error());
    if (!original->place.entry)
        return refused(ConfigFault::Kind::Absent, "No entry of this name is in the file.");
    const YamlNode &holder = *original->place.last().node;
    if (holder.children.empty())
        return refused(ConfigFault::Kind::Unsupported, "The entry is written in braces or brackets, which is not edited.");
    const YamlChild &child = holder.children[*original->place.entry];
    if (child.value.hasAnchors || child.value.hasProperties || !hasOwnLine(file, child))
        return refused(ConfigFault::Kind::Unsupported, "The entry has an anchor or a tag or shares its line, which is not edited.");
    const YamlStyle style = styleOf(*original);
    auto lines = holder.kind == Kind::List
                     ? yamlItem(place.name.toUtf8(), entry, holder.column, style)
                     : yamlMember(file.mid(child.key.begin, child.key.end - child.key.begin), entry, holder.column, style);
    if (!lines)
        return tl::unexpected(lines.error());
    const QByteArray eol = lineEndOf(file);
    const bool isUnfinished = child.end == file.size() && endsWithoutEol(file);
    const qsizetype begin = std::max(lineBegin(file, child.begin), byteOrderMarkLength(file));
    // The line of the name stays as it is, with its comment, where the members stand below it.
    if (child.value.kind == Kind::Map && holder.kind == Kind::Map && lines->size() > 1) {
        lines->first() = file.mid(begin, lineEnd(file, begin) - begin);
        while (lines->first().endsWith('\n') || lines->first().endsWith('\r'))
            lines->first().chop(1);
    }
    return EntryEdit{{{begin, child.end - begin, lines->join(eol) + (isUnfinished ? QByteArray() : eol)}}, 0};
}

} // namespace mcpcore
