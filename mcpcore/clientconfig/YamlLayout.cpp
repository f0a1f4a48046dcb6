// SPDX-FileCopyrightText: 2026 The Countersign authors
// SPDX-License-Identifier: GPL-3.0-or-later
#include "clientconfig/YamlLayout.h"
#include "base/Json.h"
#include "clientconfig/FormatEdits.h"

namespace mcpcore {

namespace {

using Kind = YamlNode::Kind;

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

int columnOfOwner(const YamlPlace::Step &step)
{
    return step.in ? step.in->column : -1;
}

} // namespace

ConfigResult<YamlOriginal> readYaml(const QByteArray &file, const ConfigDialect &dialect, const EntryPlace &place)
{
    const auto meaning = yamlMeaning(file, dialect);
    if (!meaning)
        return tl::unexpected(meaning.error());
    auto text = scanYaml(file);
    if (!text)
        return tl::unexpected(text.error());
    YamlOriginal out{file, std::make_unique<const YamlText>(std::move(*text)), {}};
    auto found = findPlace(file, *out.text, *meaning, place);
    if (!found)
        return tl::unexpected(found.error());
    out.place = std::move(*found);
    return out;
}

YamlStyle styleOf(const YamlOriginal &original)
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

ConfigResult<YamlLines> newLines(const YamlOriginal &original, const EntryPlace &place, const Json &entry)
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

qsizetype newLinesPlace(const YamlOriginal &original)
{
    const YamlPlace::Step &base = original.place.last();
    const qsizetype end = !base.node->children.empty() ? base.node->children.back().end
                          : base.owner                 ? base.owner->end
                                                       : original.text->begin;
    return behindComments(original.file, end, columnOfOwner(base));
}

bool takesBlankLine(const YamlOriginal &original, qsizetype at)
{
    const YamlPlace::Step &base = original.place.last();
    if (at == original.text->begin || isTextUpTo(lastLeaf(*base.node), at, YamlNode::Chomping::Keep))
        return false;
    const bool isBelowComment = lineKind(original.file, lineBegin(original.file, at - 1)) == LineKind::Comment;
    return (!base.owner && isBelowComment) || hasBlankLines(original.file, *base.node);
}

qsizetype behindComments(const QByteArray &file, qsizetype from, int column)
{
    qsizetype out = from;
    for (qsizetype at = from; at < file.size() && lineKind(file, at) != LineKind::Content; at = lineEnd(file, at))
        if (lineKind(file, at) == LineKind::Comment && indentation(file, at).size() > column)
            out = lineEnd(file, at);
    return out;
}

bool isTextUpTo(const YamlNode &leaf, qsizetype at, YamlNode::Chomping chomping)
{
    return leaf.kind == Kind::Block && leaf.end == at && leaf.chomping == chomping;
}

} // namespace mcpcore
