// SPDX-FileCopyrightText: 2026 The Countersign authors
// SPDX-License-Identifier: GPL-3.0-or-later
#include "clientconfig/TomlText.h"
#include "clientconfig/TomlScanner.h"
#include <algorithm>

namespace mcpcore {

namespace {

bool isBare(char c)
{
    return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || (c >= '0' && c <= '9') || c == '_' || c == '-';
}

} // namespace

bool startsWith(const TomlPath &path, const TomlPath &start)
{
    return path.size() >= start.size() && std::equal(start.begin(), start.end(), path.begin());
}

size_t TomlText::tableEnd(size_t index) const
{
    do
        ++index;
    while (index < statements.size() && statements[index].kind == TomlStatement::Kind::Member);
    return index;
}

ConfigResult<TomlText> scanToml(const QByteArray &file)
{
    return TomlScanner(file).scan();
}

ConfigResult<TomlText> TomlScanner::scan()
{
    TomlText out;
    TomlPath table;
    while (!m_fault) {
        if (!spacesLinesAndComments() || atEnd())
            break;
        TomlStatement next;
        if (!statement(next))
            break;
        next.path = next.kind == TomlStatement::Kind::Member ? table + next.key.names : next.key.names;
        if (next.kind != TomlStatement::Kind::Member)
            table = next.path;
        if (next.path.size() > kMaximumTomlDepth && !tooDeep(int(next.path.size())))
            break;
        out.statements.push_back(std::move(next));
    }
    if (m_fault)
        return tl::unexpected(*m_fault);
    return out;
}

bool TomlScanner::statement(TomlStatement &out)
{
    out.lines.begin = std::max(lineBegin(m_file, m_at), byteOrderMarkLength(m_file));
    if (peek() == '[') {
        if (!header(out))
            return false;
    } else {
        if (!key(out.key, 0))
            return false;
        if (peek() != '=')
            return fault(m_at, "A key is not followed by \"=\" and its value; complete or delete the line.");
        ++m_at;
        spaces();
        if (!value(out.value, int(out.key.names.size())))
            return false;
    }
    if (!endOfLine())
        return false;
    out.lines.end = m_at;
    return true;
}

bool TomlScanner::header(TomlStatement &out)
{
    const qsizetype begin = m_at;
    const bool isArray = peek(1) == '[';
    out.kind = isArray ? TomlStatement::Kind::TableArray : TomlStatement::Kind::Table;
    m_at += isArray ? 2 : 1;
    spaces();
    if (!key(out.key, 0))
        return false;
    if (peek() != ']' || (isArray && peek(1) != ']'))
        return fault(begin, "The name of a table is not closed; end it with the bracket it begins with.");
    m_at += isArray ? 2 : 1;
    return true;
}

bool TomlScanner::endOfLine()
{
    spaces();
    if (peek() == '#' && !comment())
        return false;
    if (atEnd() || newline())
        return true;
    return m_fault ? false : fault(m_at, "Something follows where the line should end; put it on a line of its own or delete it.");
}

bool TomlScanner::key(TomlKey &out, int depth)
{
    out.span.begin = m_at;
    while (true) {
        QByteArray name;
        if (peek() == '"' || peek() == '\'') {
            if (!text(&name, Lines::One))
                return false;
        } else {
            const qsizetype begin = m_at;
            while (isBare(peek()))
                ++m_at;
            if (m_at == begin)
                return fault(m_at, "A key is missing or has a character that needs quotes; quote or correct it.");
            name = m_file.mid(begin, m_at - begin);
        }
        out.names.append(name);
        out.ends.append(m_at);
        out.span.end = m_at;
        if (depth + out.names.size() > kMaximumTomlDepth)
            return tooDeep(depth + int(out.names.size()));
        spaces();
        if (peek() != '.')
            return true;
        ++m_at;
        spaces();
    }
}

bool TomlScanner::value(TomlValue &out, int depth)
{
    if (depth > kMaximumTomlDepth)
        return tooDeep(depth);
    out.span.begin = m_at;
    bool isRead = false;
    switch (peek()) {
    case '"':
    case '\'':
        out.kind = TomlValue::Kind::Text;
        isRead = text(nullptr, Lines::Many);
        break;
    case '[':
        out.kind = TomlValue::Kind::Array;
        isRead = array(depth);
        break;
    case '{':
        out.kind = TomlValue::Kind::Table;
        isRead = inlineTable(out, depth);
        break;
    default: out.kind = TomlValue::Kind::Literal; isRead = literal();
    }
    out.span.end = m_at;
    return isRead;
}

bool TomlScanner::literal()
{
    const auto isPart = [](char c) { return isBare(c) || c == '+' || c == '.' || c == ':'; };
    const auto isDigit = [](char c) { return c >= '0' && c <= '9'; };
    const qsizetype begin = m_at;
    while (isPart(peek()))
        ++m_at;
    // A date and its time may have a space between.
    if (m_at - begin == 10 && isDigit(m_file[begin]) && m_file[begin + 4] == '-' && peek() == ' ' && isDigit(peek(1)) && isDigit(peek(2))
        && peek(3) == ':') {
        ++m_at;
        while (isPart(peek()))
            ++m_at;
    }
    return m_at > begin || fault(m_at, "A value is missing here, or it is text without quotes; correct or delete the line.");
}

bool TomlScanner::array(int depth)
{
    const qsizetype begin = m_at++;
    while (true) {
        if (!spacesLinesAndComments())
            return false;
        if (peek() == ']')
            break;
        TomlValue item;
        if (atEnd())
            return fault(begin, "An array is opened here and never closed; end it with \"]\".");
        if (!value(item, depth + 1) || !spacesLinesAndComments())
            return false;
        if (peek() == ']')
            break;
        if (peek() != ',')
            return atEnd() ? fault(begin, "An array is opened here and never closed; end it with \"]\".")
                           : fault(m_at, "Two items of an array have no comma between them; add it.");
        ++m_at;
    }
    ++m_at;
    return true;
}

bool TomlScanner::inlineTable(TomlValue &out, int depth)
{
    const qsizetype begin = m_at++;
    spaces();
    while (peek() != '}' || !out.members.empty()) {
        TomlMember member;
        if (atEnd() || peek() == '\n' || peek() == '\r')
            return fault(begin, "A table in braces is not closed on its line; end it with \"}\" there.");
        if (!key(member.key, depth))
            return false;
        if (peek() != '=')
            return fault(m_at, "A key is not followed by \"=\" and its value; complete or delete it.");
        ++m_at;
        spaces();
        if (!value(member.value, depth + int(member.key.names.size())))
            return false;
        spaces();
        out.members.push_back(std::move(member));
        if (peek() == '}')
            break;
        if (peek() != ',')
            return fault(m_at, "A table in braces has no comma between two members, or is not closed on its line; add what is missing.");
        ++m_at;
        spaces();
    }
    ++m_at;
    return true;
}

void TomlScanner::spaces()
{
    while (peek() == ' ' || peek() == '\t')
        ++m_at;
}

bool TomlScanner::spacesLinesAndComments()
{
    while (true) {
        spaces();
        if (peek() == '#' && !comment())
            return false;
        if (!newline())
            return !m_fault;
    }
}

bool TomlScanner::newline()
{
    if (peek() == '\r' && peek(1) != '\n')
        return fault(m_at, "A line ends with a carriage return alone; end it with a line feed.");
    if (peek() != '\r' && peek() != '\n')
        return false;
    m_at += peek() == '\r' ? 2 : 1;
    return true;
}

bool TomlScanner::fault(qsizetype at, const char *reason, ConfigFault::Kind kind)
{
    if (!m_fault)
        m_fault = faultAt(m_file, at, kind, QString::fromLatin1(reason));
    return false;
}

bool TomlScanner::tooDeep(int depth)
{
    return depth <= kMaximumTomlDepth || fault(m_at, "Tables nest deeper than 64 levels here.", ConfigFault::Kind::Unsupported);
}

} // namespace mcpcore
