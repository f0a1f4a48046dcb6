// SPDX-FileCopyrightText: 2026 The Countersign authors
// SPDX-License-Identifier: GPL-3.0-or-later
#include "base/Json.h"
#include "clientconfig/FormatEdits.h"
#include "clientconfig/YamlLayout.h"
#include <algorithm>

// An entry is put as lines of its own behind the last of its neighbours. What was in its place before can be read from the result alone:
// - A blank line above it is ours: nothing is ever put right below a blank line.
// - The only entry of a holder stands in the place of `{}` or `[]`; only kHeldNothing says that there was nothing.
// - No line end behind it: the line above had none.
namespace mcpcore {

namespace {

using Kind = YamlNode::Kind;

bool hasOwnLine(const QByteArray &file, const YamlChild &child)
{
    const qsizetype begin = std::max(lineBegin(file, child.begin), byteOrderMarkLength(file));
    return child.begin - begin == indentation(file, child.begin).size();
}

TextSpan linesToRemove(const YamlOriginal &original, const YamlPlace::Step &step, size_t index)
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
    // A text block above would take the comments that stand deeper for its own lines.
    if (above && above->kind == Kind::Block)
        lines.end = behindComments(file, lines.end, step.node->column);
    lines.begin = std::max(std::min(floor, lines.begin), blankLineBefore(file, lines.begin));
    const auto isTextAbove = [&](YamlNode::Chomping chomping) { return above && isTextUpTo(*above, lines.begin, chomping); };
    const bool keepsText = isTextAbove(YamlNode::Chomping::Keep);
    while (keepsText && lines.end < file.size() && lineKind(file, lines.end) == LineKind::Blank)
        lines.end = lineEnd(file, lines.end);
    return keepsText || isTextAbove(YamlNode::Chomping::Clip) ? lines : withLineEnd(file, lines);
}

// Why the entry is not taken out or written anew.
std::optional<ConfigFault> entryFault(const YamlOriginal &original)
{
    const auto fault = [&](qsizetype at, const char *reason) {
        return faultAt(original.file, at, ConfigFault::Kind::Unsupported, QString::fromLatin1(reason));
    };
    const YamlNode &holder = *original.place.last().node;
    if (!original.place.entry)
        return ConfigFault{ConfigFault::Kind::Absent, 0, 0, QStringLiteral("No entry of this name is in the file.")};
    if (holder.children.empty())
        return fault(holder.begin, "The entry is written in braces or brackets, which is not edited.");
    if (original.place.another)
        return fault(holder.children[*original.place.another].begin, "A second entry has this name; delete one of the two.");
    const YamlChild &child = holder.children[*original.place.entry];
    if (child.value.hasAnchors || child.value.hasProperties)
        return fault(child.begin, "The entry has an anchor or a tag, which is not edited.");
    if (!hasOwnLine(original.file, child))
        return fault(child.begin, "The entry shares its line with its holder, which is not edited.");
    return {};
}

} // namespace

ConfigResult<EntryEdit> yamlInsert(const QByteArray &file, const ConfigDialect &dialect, const EntryPlace &place, const Json &entry)
{
    const auto original = readYaml(file, dialect, place);
    if (!original)
        return tl::unexpected(original.error());
    const YamlPlace::Step &base = original->place.last();
    if (const auto index = original->place.entry) {
        const qsizetype entryAt = base.node->children.empty() ? base.node->begin : base.node->children[*index].begin;
        return tl::unexpected(
            faultAt(file, entryAt, ConfigFault::Kind::Exists, QStringLiteral("An entry of this name is in the file already.")));
    }
    const qsizetype at = newLinesPlace(*original);
    const bool isUnfinished = at == file.size() && endsWithoutEol(file);
    const YamlNode &leaf = lastLeaf(original->text->root);
    if (isUnfinished && leaf.kind == Kind::Block && leaf.end == at && leaf.chomping != YamlNode::Chomping::Strip)
        return tl::unexpected(faultAt(file, at, ConfigFault::Kind::Unsupported,
                                      QStringLiteral("The file ends amid a text block; put a line end behind its last line.")));
    const auto lines = newLines(*original, place, entry);
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
    const auto original = readYaml(file, dialect, place);
    if (!original)
        return tl::unexpected(original.error());
    if (const auto fault = entryFault(*original))
        return tl::unexpected(*fault);
    const auto &steps = original->place.steps;
    size_t depth = steps.size() - 1;
    size_t index = *original->place.entry;
    // Up to the holder that stays: one with another entry, or one that was there before.
    for (int keys = created & kCreatedKeys; keys > 0 && depth > 0 && steps[depth].node->children.size() == 1; --keys) {
        const bool isLastOfFile = depth == 1 && steps[0].node->children.size() == 1;
        if (isLastOfFile && !dialect.emptyFile)
            break;
        index = size_t(steps[depth].owner - steps[depth].in->children.data());
        --depth;
    }
    const YamlPlace::Step &step = steps[depth];
    const TextSpan lines = linesToRemove(*original, step, index);
    EntryEdit edit;
    if (step.owner && step.node->children.size() == 1 && !(created & kHeldNothing))
        edit.edits.append({step.owner->colon, 0, step.node->kind == Kind::List ? " []" : " {}"});
    edit.edits.append({lines.begin, lines.end - lines.begin, {}});
    return edit;
}

ConfigResult<EntryEdit> yamlReplace(const QByteArray &file, const ConfigDialect &dialect, const EntryPlace &place, const Json &entry)
{
    const auto original = readYaml(file, dialect, place);
    if (!original)
        return tl::unexpected(original.error());
    if (const auto fault = entryFault(*original))
        return tl::unexpected(*fault);
    const YamlNode &holder = *original->place.last().node;
    const YamlChild &child = holder.children[*original->place.entry];
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
