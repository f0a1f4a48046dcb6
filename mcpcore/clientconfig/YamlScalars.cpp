// SPDX-FileCopyrightText: 2026 The Countersign authors
// SPDX-License-Identifier: GPL-3.0-or-later
#include "clientconfig/YamlScanner.h"
#include <algorithm>

// Values that hold no lines of structure, however much their lines look like it.
namespace mcpcore {

namespace {

const char *const kTab = "A tab stands here, which readers of YAML take differently; write spaces.";
const char *const kIndented = "A value goes on in a line that is not indented more than its key; indent it.";

} // namespace

bool YamlScanner::leaf(YamlNode &out, int parent)
{
    bool isRead = false;
    switch (peek()) {
    case '|':
    case '>': return block(out, parent);
    case '"':
    case '\'':
        out.kind = YamlNode::Kind::Scalar;
        isRead = quoted(parent);
        break;
    case '[':
    case '{':
        out.kind = YamlNode::Kind::Flow;
        isRead = flow(out, parent);
        break;
    case '*':
        out.kind = YamlNode::Kind::Alias;
        isRead = name();
        break;
    case '@':
    case '`':
    case '%':
    case ',':
    case ']':
    case '}':
    case '#': return fault(m_at, "A value begins with a character that needs quotes; put the whole value in quotes.");
    default: out.kind = YamlNode::Kind::Scalar; return plain(parent);
    }
    out.end = m_at;
    return isRead && finishLine();
}

// Of an anchor or an alias, behind its sign.
bool YamlScanner::name()
{
    const auto isPart = [](char c) {
        return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || (c >= '0' && c <= '9') || c == '_' || c == '-';
    };
    const qsizetype begin = m_at++;
    while (isPart(peek()))
        ++m_at;
    return (m_at > begin + 1 && isSpaceOrEnd(m_at)) || unsupported(begin, "An anchor has a name that not every reader of YAML takes.");
}

// One line of a plain value, up to its comment.
bool YamlScanner::plainLine(qsizetype &end)
{
    for (end = m_at; !isLineEnd(m_at); ++m_at) {
        if (peek() == '\t')
            return unsupported(m_at, kTab);
        if (peek() == ':' && isSpaceOrEnd(m_at + 1))
            return fault(m_at, "A colon stands amid a value without quotes; put the whole value in quotes.");
        if (peek() == '#' && isSpaceOrEnd(m_at - 1))
            return true;
        if (peek() != ' ')
            end = m_at + 1;
    }
    return true;
}

bool YamlScanner::plain(int parent)
{
    while (true) {
        qsizetype end = 0;
        if (!plainLine(end))
            return false;
        const bool hasComment = peek() == '#' && !atEnd();
        m_at = lineEnd(m_file, m_at);
        const qsizetype behind = m_at;
        while (!atEnd() && lineKind(m_file, m_at) == LineKind::Blank)
            m_at = lineEnd(m_file, m_at);
        const qsizetype begin = m_at;
        while (peek() == ' ')
            ++m_at;
        const bool goesOn = !atEnd() && m_at - begin > parent && peek() != '#' && !isMarker(begin);
        if (!goesOn) {
            m_at = behind;
            return true;
        }
        if (hasComment)
            return fault(m_at, "A value goes on behind a comment; put the whole value in quotes.");
        if (peek() == '\t')
            return unsupported(m_at, kTab);
        if (isDash() || ((peek() == '?' || peek() == ':') && isSpaceOrEnd(m_at + 1)))
            return unsupported(m_at, "A value without quotes goes on with what looks like an item; put the whole value in quotes.");
    }
}

// `closers` may stand in the column of the key.
bool YamlScanner::continuation(int parent, const QByteArray &closers)
{
    m_at = lineEnd(m_file, m_at);
    while (!atEnd() && lineKind(m_file, m_at) == LineKind::Blank)
        m_at = lineEnd(m_file, m_at);
    const qsizetype begin = m_at;
    if (isMarker(m_at))
        return fault(m_at, "A document ends inside of a value; close its quotes or brackets.");
    if (!spaces())
        return false;
    const qsizetype column = m_at - begin;
    return atEnd() || column > parent || (column == parent && closers.contains(peek())) || fault(m_at, kIndented);
}

bool YamlScanner::quoted(int parent)
{
    const qsizetype begin = m_at;
    const char quote = m_file[m_at++];
    while (!atEnd()) {
        if (isLineEnd(m_at)) {
            if (!continuation(parent))
                return false;
        } else if (peek() == '\\' && quote == '"' && !isLineEnd(m_at + 1)) {
            m_at += 2;
        } else if (peek() != quote) {
            ++m_at;
        } else if (quote == '\'' && peek(1) == quote) {
            m_at += 2;
        } else {
            ++m_at;
            return true;
        }
    }
    return fault(begin, "A string is opened here and never closed; close it with the same quotes.");
}

bool YamlScanner::flow(YamlNode &out, int parent)
{
    const qsizetype begin = m_at;
    QByteArray open;
    bool isStart = true; // of a value: only there quotes, anchors and aliases are what they are
    char last = 0;       // that is no space
    while (!atEnd()) {
        const char c = peek();
        if (isLineEnd(m_at)) {
            if (!continuation(parent, open.size() == 1 ? open : QByteArray()))
                return false;
            continue;
        }
        if (c == '\t')
            return unsupported(m_at, kTab);
        if (c == '#' && isSpaceOrEnd(m_at - 1)) {
            while (!isLineEnd(m_at))
                ++m_at;
            continue;
        }
        if (isStart && (c == '"' || c == '\'')) {
            if (!quoted(parent))
                return false;
            isStart = peek() == ':'; // {"a":1}
            m_at += isStart ? 1 : 0;
            last = c;
            continue;
        }
        ++m_at;
        if (c == ' ')
            continue;
        if (c == ',' && (last == '[' || last == '{' || last == ','))
            return fault(m_at - 1, "A comma stands in brackets with nothing in front of it; delete it.");
        last = c;
        out.hasAnchors = out.hasAnchors || (isStart && c == '&');
        isStart = c == '[' || c == '{' || c == ',' || (c == ':' && (isSpaceOrEnd(m_at) || QByteArray(",[]{}").contains(peek())));
        if (c == '[' || c == '{')
            open.append(c == '[' ? ']' : '}');
        else if (c == ']' || c == '}') {
            if (!open.endsWith(c))
                return fault(m_at - 1, "A bracket is closed here that was not opened; correct it.");
            open.chop(1);
        }
        if (open.isEmpty())
            return true;
        if (open.size() > kMaximumYamlDepth)
            return unsupported(m_at, "The file nests deeper than 64 levels here.");
    }
    return fault(begin, "A bracket is opened here and never closed; close it.");
}

bool YamlScanner::blockHeader(YamlNode &out, int &indent)
{
    ++m_at;
    for (int i = 0; i < 2; ++i) {
        if (peek() >= '1' && peek() <= '9' && indent == 0)
            indent = m_file[m_at++] - '0';
        else if ((peek() == '+' || peek() == '-') && out.chomping == YamlNode::Chomping::Clip)
            out.chomping = m_file[m_at++] == '+' ? YamlNode::Chomping::Keep : YamlNode::Chomping::Strip;
    }
    return isSpaceOrEnd(m_at) ? finishLine()
                              : fault(m_at, "A text block begins with something unknown; correct the line of \"|\" or \">\".");
}

bool YamlScanner::block(YamlNode &out, int parent)
{
    out.kind = YamlNode::Kind::Block;
    int indent = 0;
    if (parent < 0)
        return unsupported(m_at, "The whole file is one text.");
    if (!blockHeader(out, indent))
        return false;
    qsizetype column = indent > 0 ? parent + indent : -1; // of the text; -1 until its first line tells
    qsizetype end = m_at;                                 // behind the last line of text
    qsizetype deepestBlank = 0;
    while (!atEnd()) {
        const qsizetype begin = m_at;
        while (peek() == ' ')
            ++m_at;
        const qsizetype width = m_at - begin;
        if (atEnd())
            return unsupported(begin,
                               "The file ends with spaces behind a text block, which readers of YAML take differently; delete them.");
        const bool isBlank = isLineEnd(m_at) && (column < 0 || width <= column);
        if (!isBlank && width <= parent) {
            if (peek() == '\t')
                return unsupported(m_at, kTab);
            m_at = begin;
            break;
        }
        if (!isBlank && column < 0) {
            column = width;
            if (deepestBlank > column)
                return fault(m_at, "A text block begins with an empty line that is indented more than the text; delete its spaces.");
        }
        if (!isBlank && width < column) {
            if (peek() == '#') {
                m_at = begin;
                break;
            }
            return fault(m_at, kIndented);
        }
        deepestBlank = std::max(deepestBlank, width);
        m_at = lineEnd(m_file, m_at);
        if (!isBlank)
            end = m_at;
    }
    if (out.chomping != YamlNode::Chomping::Keep)
        m_at = end;
    out.end = m_at;
    return true;
}

} // namespace mcpcore
