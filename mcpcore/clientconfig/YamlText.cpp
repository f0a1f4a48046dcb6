// SPDX-FileCopyrightText: 2026 The Countersign authors
// SPDX-License-Identifier: GPL-3.0-or-later
#include "clientconfig/YamlText.h"
#include "clientconfig/YamlScanner.h"
#include <algorithm>

namespace mcpcore {

namespace {

constexpr qsizetype kLongestKey = 1000; // readers stop looking for the colon at 1024
const char *const kIndentation = "The indentation of this line fits no line above it; align it with its neighbours.";
const char *const kSeveral = "The file holds several documents (\"---\" or \"...\"), which are not edited.";

} // namespace

const YamlNode &lastLeaf(const YamlNode &node)
{
    return node.children.empty() ? node : lastLeaf(node.children.back().value);
}

ConfigResult<YamlText> scanYaml(const QByteArray &file)
{
    return YamlScanner(file).scan();
}

ConfigResult<YamlText> YamlScanner::scan()
{
    YamlText out;
    const auto whole = [&] {
        if (!checkCharacters())
            return false;
        int column = nextContent();
        if (column < 0 && !m_fault && !atEnd()) {
            if (peek() != '-')
                return unsupported(m_at, kSeveral);
            m_at += 3;
            if (!spaces())
                return false;
            if (!isLineEnd(m_at) && peek() != '#')
                return unsupported(m_at, "Something stands on the line of \"---\", which is not edited.");
            m_at = lineEnd(m_file, m_at);
            out.begin = m_at;
            column = nextContent();
        }
        if (m_fault || (column >= 0 && !onOwnLine(out.root, column, -1, 0)))
            return false;
        const bool hasMore = column >= 0 && nextContent() >= 0;
        if (m_fault || hasMore)
            return hasMore && fault(m_at, kIndentation);
        return atEnd() || unsupported(m_at, kSeveral);
    };
    out.begin = m_at;
    if (!whole())
        return tl::unexpected(*m_fault);
    return out;
}

// What some readers take for line ends or refuse: control characters, U+0085, U+2028, U+2029, marks of byte order amid the text.
bool YamlScanner::checkCharacters()
{
    for (qsizetype i = m_at; i < m_file.size(); ++i) {
        const uchar c = uchar(m_file[i]);
        const bool isControl = (c < 0x20 && c != '\t' && c != '\n' && c != '\r') || c == 0x7F;
        if (c == '\r' && (i + 1 >= m_file.size() || m_file[i + 1] != '\n'))
            return unsupported(i, "A line ends with a carriage return alone, which is not edited.");
        const bool isC1 = c == 0xC2 && uchar(at(i + 1)) < 0xA0;
        const bool isSeparator = c == 0xE2 && uchar(at(i + 1)) == 0x80 && (uchar(at(i + 2)) & 0xFE) == 0xA8;
        const bool isMark = (c == 0xEF && uchar(at(i + 1)) == 0xBB && uchar(at(i + 2)) == 0xBF)
                            || (c == 0xEF && uchar(at(i + 1)) == 0xBF && uchar(at(i + 2)) >= 0xBE);
        if (isControl || isC1 || isSeparator || isMark)
            return fault(i, "A control character stands here; delete it or write it as an escape in double quotes.");
    }
    return true;
}

bool YamlScanner::onOwnLine(YamlNode &out, int column, int parent, int depth)
{
    if (depth > kMaximumYamlDepth)
        return unsupported(m_at, "The file nests deeper than 64 levels here.");
    if (isDash())
        return list(out, column, depth);
    if (peek() == '%' && column == 0)
        return unsupported(m_at, "The file has directives (\"%\"), which are not edited.");
    const bool isMap = keyColon().has_value();
    if (m_fault)
        return false;
    return isMap ? map(out, column, depth) : value(out, parent, Within::List, depth);
}

bool YamlScanner::map(YamlNode &out, int column, int depth)
{
    out.kind = YamlNode::Kind::Map;
    out.column = column;
    out.begin = m_at;
    while (true) {
        YamlChild child;
        child.begin = m_at;
        const auto colon = keyColon();
        if (!colon)
            return fault(m_at, "A key with a colon is missing on this line; complete or delete it.");
        child.key = {m_at, *colon};
        while (child.key.end > child.key.begin && m_file[child.key.end - 1] == ' ')
            --child.key.end;
        if (*colon - m_at > kLongestKey)
            return unsupported(m_at, "A key is longer than every reader takes.");
        m_at = child.colon = *colon + 1;
        if (!value(child.value, column, Within::Map, depth))
            return false;
        child.end = m_at;
        out.hasAnchors = out.hasAnchors || child.value.hasAnchors;
        out.children.push_back(std::move(child));
        const qsizetype behind = m_at;
        const int next = nextContent();
        if (m_fault || next > column)
            return fault(m_at, kIndentation);
        if (next < column) {
            m_at = behind;
            return true;
        }
    }
}

bool YamlScanner::list(YamlNode &out, int column, int depth)
{
    out.kind = YamlNode::Kind::List;
    out.column = column;
    out.begin = m_at;
    while (true) {
        YamlChild child;
        child.begin = m_at++;
        if (!spaces())
            return false;
        const bool isNested = isDash() || keyColon().has_value();
        if (m_fault)
            return false;
        const bool isRead = isNested ? onOwnLine(child.value, columnOf(m_at), column, depth + 1) //
                                     : value(child.value, column, Within::List, depth);
        if (!isRead)
            return false;
        child.end = m_at;
        out.hasAnchors = out.hasAnchors || child.value.hasAnchors;
        out.children.push_back(std::move(child));
        const qsizetype behind = m_at;
        const int next = nextContent();
        if (m_fault || next > column)
            return fault(m_at, kIndentation);
        // A list may stand in the column of its key: then the next key ends it.
        if (next < column || !isDash()) {
            m_at = behind;
            return true;
        }
    }
}

// What stands behind a colon or a dash.
bool YamlScanner::value(YamlNode &out, int parent, Within within, int depth)
{
    if (!spaces() || !properties(out))
        return false;
    out.begin = m_at;
    if (isLineEnd(m_at) || (peek() == '#' && isSpaceOrEnd(m_at - 1)))
        return finishLine() && belowKey(out, parent, within, depth);
    const bool isKey = keyColon().has_value();
    if (m_fault)
        return false;
    if (isKey && out.hasProperties)
        return unsupported(m_at, "An anchor or a tag stands in front of a key, which is not edited.");
    if (isKey || isDash())
        return fault(m_at, "A second key or a dash stands on the line of a key; put it on a line of its own or quote the value.");
    return leaf(out, parent);
}

bool YamlScanner::properties(YamlNode &out)
{
    while (peek() == '&' || peek() == '!') {
        out.hasProperties = true;
        out.hasAnchors = out.hasAnchors || peek() == '&';
        if (peek() == '&' && !name())
            return false;
        for (; !isSpaceOrEnd(m_at); ++m_at)
            if (QByteArray("\"'#&*|>{}[],%@`").contains(peek()))
                return unsupported(m_at, "A tag has a character that not every reader of YAML takes.");
        if (!spaces())
            return false;
    }
    return true;
}

bool YamlScanner::belowKey(YamlNode &out, int parent, Within within, int depth)
{
    const qsizetype behind = m_at;
    const int column = nextContent();
    if (m_fault)
        return false;
    if (column > parent) {
        bool isBelowComment = false;
        for (qsizetype line = behind; line < m_at && !isBelowComment; line = lineEnd(m_file, line))
            isBelowComment = lineKind(m_file, line) == LineKind::Comment;
        const qsizetype begin = m_at;
        YamlNode below;
        if (!onOwnLine(below, column, parent, depth + 1))
            return false;
        if (isBelowComment && below.kind == YamlNode::Kind::Scalar)
            return unsupported(begin, "A comment stands between a key and its value, which readers of YAML take differently.");
        below.hasProperties = below.hasProperties || out.hasProperties;
        below.hasAnchors = below.hasAnchors || out.hasAnchors;
        out = std::move(below);
        return true;
    }
    if (column >= 0 && column == parent && within == Within::Map && isDash()) {
        const bool hasProperties = out.hasProperties, hasAnchors = out.hasAnchors;
        const bool isRead = list(out, column, depth + 1);
        out.hasProperties = hasProperties;
        out.hasAnchors = out.hasAnchors || hasAnchors;
        return isRead;
    }
    m_at = behind;
    out.end = out.begin;
    return true;
}

bool YamlScanner::isDash() const
{
    return peek() == '-' && !atEnd() && isSpaceOrEnd(m_at + 1);
}

std::optional<qsizetype> YamlScanner::keyColon()
{
    const char first = peek();
    const auto isColon = [this](qsizetype place) { return at(place) == ':' && isSpaceOrEnd(place + 1); };
    qsizetype place = m_at;
    if ((first == '?' || first == ':') && isSpaceOrEnd(m_at + 1)) {
        unsupported(m_at, "A key is written with a question mark or is empty, which is not edited.");
        return {};
    }
    if (first == '"' || first == '\'') {
        for (++place; !isLineEnd(place); ++place) {
            const bool isPair = first == '"' ? at(place) == '\\' : at(place) == first && at(place + 1) == first;
            if (isPair)
                ++place;
            else if (at(place) == first)
                break;
        }
        if (at(place) != first)
            return {};
        for (++place; at(place) == ' ';)
            ++place;
        return isColon(place) ? std::optional(place) : std::nullopt;
    }
    if (isDash() || QByteArray("&!*|>@`%,[]{}#").contains(first))
        return {};
    for (; !isLineEnd(place); ++place) {
        if (at(place) == '#' && isSpaceOrEnd(place - 1))
            return {};
        if (isColon(place))
            return place;
        if (at(place) == '\t') {
            unsupported(place, "A tab stands here, which readers of YAML take differently; write spaces.");
            return {};
        }
    }
    return {};
}

int YamlScanner::nextContent()
{
    while (!atEnd()) {
        const qsizetype begin = m_at;
        while (peek() == ' ')
            ++m_at;
        if (!atEnd() && peek() == '\t' && !m_fault)
            unsupported(m_at, "A tab stands in the indentation, which readers of YAML take differently; write spaces.");
        if (m_fault)
            return -1;
        if (!isLineEnd(m_at) && peek() != '#') {
            const int column = int(m_at - begin);
            return column == 0 && isMarker(m_at) ? -1 : column;
        }
        m_at = lineEnd(m_file, m_at);
    }
    return -1;
}

bool YamlScanner::isMarker(qsizetype place) const
{
    const QByteArray three = m_file.mid(place, 3);
    return (three == "---" || three == "...") && isSpaceOrEnd(place + 3);
}

bool YamlScanner::finishLine()
{
    const qsizetype from = m_at;
    if (!spaces())
        return false;
    if (peek() == '#' && (m_at > from || isSpaceOrEnd(m_at - 1))) {
        m_at = lineEnd(m_file, m_at);
        return true;
    }
    if (peek() == ':')
        return unsupported(m_at, "A key is a list, a map or an alias, which is not edited.");
    if (!isLineEnd(m_at))
        return fault(m_at, "Something follows where the value ends; delete it or put the whole value in quotes.");
    m_at = lineEnd(m_file, m_at);
    return true;
}

bool YamlScanner::spaces()
{
    while (peek() == ' ')
        ++m_at;
    return peek() != '\t' || unsupported(m_at, "A tab stands here, which readers of YAML take differently; write spaces.");
}

int YamlScanner::columnOf(qsizetype place) const
{
    const qsizetype begin = lineBegin(m_file, place);
    return int(place - (begin == 0 ? byteOrderMarkLength(m_file) : begin));
}

bool YamlScanner::fault(qsizetype place, const char *reason, ConfigFault::Kind kind)
{
    if (!m_fault)
        m_fault = faultAt(m_file, place, kind, QString::fromLatin1(reason));
    return false;
}

} // namespace mcpcore
