// SPDX-FileCopyrightText: 2026 The Countersign authors
// SPDX-License-Identifier: GPL-3.0-or-later
#include "clientconfig/JsonReader.h"
#include "base/Json.h"
#include "clientconfig/ConfigBytes.h"

namespace mcpcore {

namespace {

bool isDigit(char c)
{
    return c >= '0' && c <= '9';
}

bool isHexDigit(char c)
{
    return isDigit(c) || (c >= 'a' && c <= 'f') || (c >= 'A' && c <= 'F');
}

bool isWordPart(char c)
{
    return isDigit(c) || (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || c == '_' || c == '$';
}

} // namespace

std::optional<ConfigFault> JsonReader::read()
{
    if (m_bytes.size() > std::numeric_limits<int>::max() / 8)
        refuse(0, QStringLiteral("The file is larger than 256 MB."), ConfigFault::Kind::Unsupported);
    else if (!readDocument() && !m_fault)
        refuse(m_at, QStringLiteral("This is not JSON."));
    return m_fault;
}

bool JsonReader::readDocument()
{
    m_at = byteOrderMarkLength(m_bytes);
    if (m_at > 0 && !m_dialect.byteOrderMark)
        return refuse(
            0, QStringLiteral("The file begins with a byte order mark, which this client does not read: save it as UTF-8 without one."));
    const qsizetype start = m_at;
    if (!skipTrivia())
        return false;
    if (isAtEnd()) {
        if (QByteArrayView(m_bytes).sliced(start).trimmed().isEmpty())
            return m_dialect.emptyFile
                   || refuse(m_at, QStringLiteral("The file is empty, which this client does not read: put {} into it."));
        return refuse(m_at, QStringLiteral("There are only comments in the file: put {} below them."), ConfigFault::Kind::Unsupported);
    }
    if (!readValue(0) || !skipTrivia())
        return false;
    return isAtEnd() || refuse(m_at, QStringLiteral("The document has ended before this: take out what follows, or the bracket too many."));
}

bool JsonReader::readValue(int depth)
{
    const size_t index = m_nodes.size();
    m_nodes.push_back({});
    m_nodes[index].start = m_at;
    const char c = peek();
    bool isRead = false;
    if (c == '{' || c == '[') {
        m_nodes[index].kind = c == '{' ? JsonNode::Kind::Object : JsonNode::Kind::Array;
        isRead = readHolder(index, depth);
    } else if (c == '"') {
        m_nodes[index].kind = JsonNode::Kind::Text;
        isRead = readText();
    } else if (c == '-' || isDigit(c)) {
        m_nodes[index].kind = JsonNode::Kind::Number;
        isRead = readNumber();
    } else {
        isRead = readWord();
    }
    m_nodes[index].end = m_at;
    m_nodes[index].next = m_nodes.size();
    return isRead;
}

bool JsonReader::readHolder(size_t index, int depth)
{
    if (depth == kMaximumJsonDepth)
        return refuse(m_at, QStringLiteral("The file nests deeper than %1 levels here.").arg(kMaximumJsonDepth),
                      ConfigFault::Kind::Unsupported);
    const char close = m_bytes[m_at++] == '{' ? '}' : ']';
    if (!skipTrivia())
        return false;
    while (peek() != close) {
        if (isAtEnd())
            return refuse(m_nodes[index].start, QStringLiteral("This bracket is never closed."));
        const size_t member = m_nodes.size();
        if (!readMember(m_nodes[index].kind, depth) || !readComma(member, close))
            return false;
    }
    ++m_at;
    return true;
}

bool JsonReader::readMember(JsonNode::Kind holder, int depth)
{
    if (holder == JsonNode::Kind::Array)
        return readValue(depth + 1);
    if (peek() != '"')
        return refuseForeignQuote(QStringLiteral("A name in double quotes is missing here."));
    const qsizetype keyStart = m_at;
    if (!readText())
        return false;
    const qsizetype keyEnd = m_at;
    if (!skipTrivia())
        return false;
    if (peek() != ':')
        return refuse(m_at, QStringLiteral("A colon is missing here, between a name and its value."));
    ++m_at;
    if (!skipTrivia())
        return false;
    const size_t index = m_nodes.size();
    const bool isRead = readValue(depth + 1);
    m_nodes[index].keyStart = keyStart;
    m_nodes[index].keyEnd = keyEnd;
    return isRead;
}

// What stands behind a member: a comma, or the end of its holder.
bool JsonReader::readComma(size_t member, char close)
{
    if (!skipTrivia())
        return false;
    if (peek() == close || isAtEnd())
        return true;
    if (peek() == '}' || peek() == ']')
        return refuse(m_at, QStringLiteral("This bracket closes nothing that is open here."));
    if (peek() != ',')
        return refuse(m_at, QStringLiteral("A comma is missing before this."));
    const qsizetype comma = m_nodes[member].comma = m_at++;
    if (!skipTrivia())
        return false;
    return peek() != close || m_dialect.trailingCommas
           || refuse(comma, QStringLiteral("This client reads no comma after the last value: take it out."));
}

bool JsonReader::readText()
{
    const qsizetype start = m_at++;
    for (; !isAtEnd() && m_bytes[m_at] != '"'; ++m_at) {
        if (m_bytes[m_at] == '\n' || m_bytes[m_at] == '\r')
            return refuse(start, QStringLiteral("This text has no closing quote on its line."));
        if (uchar(m_bytes[m_at]) < 0x20)
            return refuse(m_at, QStringLiteral("A text holds a tab or control character here: write it as an escape, such as \\t."));
        if (m_bytes[m_at] == '\\' && !skipEscape())
            return false;
    }
    if (isAtEnd())
        return refuse(start, QStringLiteral("This text has no closing quote."));
    ++m_at;
    return true;
}

// To the last byte of the escape.
bool JsonReader::skipEscape()
{
    const qsizetype start = m_at++;
    const bool isUnicode = peek() == 'u';
    const qsizetype digits = isUnicode ? 4 : 0;
    bool isKnown = !isAtEnd() && (isUnicode || QByteArrayView("\"\\/bfnrt").contains(peek())) && m_at + digits < m_bytes.size();
    for (qsizetype i = 1; isKnown && i <= digits; ++i)
        isKnown = isHexDigit(m_bytes[m_at + i]);
    m_at += digits;
    return isKnown || refuse(start, QStringLiteral("This is no escape of JSON: write a backslash itself as two."));
}

bool JsonReader::readNumber()
{
    const qsizetype start = m_at;
    if (peek() == '-')
        ++m_at;
    bool isNumber = true;
    if (peek() == '0')
        ++m_at;
    else
        isNumber = skipDigits();
    if (isNumber && peek() == '.') {
        ++m_at;
        isNumber = skipDigits();
    }
    if (isNumber && (peek() == 'e' || peek() == 'E')) {
        ++m_at;
        if (peek() == '+' || peek() == '-')
            ++m_at;
        isNumber = skipDigits();
    }
    return (isNumber && !isWordPart(peek()) && peek() != '.')
           || refuse(start, QStringLiteral("This number is not written as JSON wants it: digits, without a zero before them."));
}

bool JsonReader::skipDigits()
{
    const qsizetype start = m_at;
    while (isDigit(peek()))
        ++m_at;
    return m_at > start;
}

bool JsonReader::readWord()
{
    const qsizetype start = m_at;
    while (isWordPart(peek()))
        ++m_at;
    const auto word = QByteArrayView(m_bytes).sliced(start, m_at - start);
    if (word == "true" || word == "false" || word == "null")
        return true;
    m_at = start;
    return word.isEmpty()
               ? refuseForeignQuote(QStringLiteral("A value is missing here."))
               : refuse(start, QStringLiteral("The only words of JSON are true, false and null: put a text into double quotes."));
}

bool JsonReader::skipTrivia()
{
    for (;;) {
        const JsonTrivia piece = jsonTriviaAt(m_bytes, m_at);
        switch (piece.kind) {
        case JsonTrivia::Kind::None: return true;
        case JsonTrivia::Kind::Blank:
        case JsonTrivia::Kind::LineEnd: break;
        case JsonTrivia::Kind::LineComment:
        case JsonTrivia::Kind::BlockComment:
            if (!isCommentRead(piece))
                return false;
        }
        m_at = piece.end;
    }
}

bool JsonReader::isCommentRead(const JsonTrivia &piece)
{
    if (!m_dialect.comments)
        return refuse(m_at, QStringLiteral("This client reads no comments: take this one out."));
    if (piece.end < 0)
        return refuse(m_at, QStringLiteral("This comment has no end: close it with */."));
    if (piece.kind == JsonTrivia::Kind::BlockComment)
        return true;
    // Some readers of JSONC end a line here, others do not: the same bytes mean two things.
    const auto comment = QByteArrayView(m_bytes).sliced(m_at, piece.end - m_at);
    const bool endsAtReturnAlone = m_bytes.mid(piece.end, 2).startsWith('\r') && !m_bytes.mid(piece.end, 2).endsWith('\n');
    return !(endsAtReturnAlone || comment.contains("\xE2\x80\xA8") || comment.contains("\xE2\x80\xA9"))
           || refuse(m_at, QStringLiteral("Clients do not agree where this comment ends: end its line as the other lines end."),
                     ConfigFault::Kind::Unsupported);
}

bool JsonReader::refuse(qsizetype at, const QString &reason, ConfigFault::Kind kind)
{
    m_fault = faultAt(m_bytes, at, kind, reason);
    return false;
}

bool JsonReader::refuseForeignQuote(const QString &otherwise)
{
    return refuse(m_at, peek() == '\'' ? QStringLiteral("JSON does not know single quotes: use double ones.") : otherwise);
}

} // namespace mcpcore
