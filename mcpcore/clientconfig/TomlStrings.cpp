// SPDX-FileCopyrightText: 2026 The Countersign authors
// SPDX-License-Identifier: GPL-3.0-or-later
#include "clientconfig/TomlScanner.h"

// What stands between quotes, and comments.
namespace mcpcore {

namespace {

const char *const kNotClosed = "A string is opened here and never closed; close it with the same quotes.";
const char *const kControl = "A control character stands here; delete it or write it as an escape.";

bool isControl(char c)
{
    return (uchar(c) < 0x20 && c != '\t') || c == 0x7F;
}

} // namespace

bool TomlScanner::text(QByteArray *decoded, Lines lines)
{
    const qsizetype begin = m_at;
    const char quote = peek();
    const bool isMany = lines == Lines::Many && peek(1) == quote && peek(2) == quote;
    m_at += isMany ? 3 : 1;
    while (true) {
        const char c = peek();
        if (atEnd())
            return fault(begin, kNotClosed);
        if (c == quote && !isMany) {
            ++m_at;
            return true;
        }
        if (c == quote && peek(1) == quote && peek(2) == quote) {
            m_at += 3;
            // Up to two quotes may stand in front of the closing ones.
            for (int more = 0; more < 2 && peek() == quote; ++more)
                ++m_at;
            return true;
        }
        if (c == '\\' && quote == '"') {
            const bool isLineEnd = isMany && (peek(1) == '\n' || peek(1) == '\r' || peek(1) == ' ' || peek(1) == '\t');
            if (!isLineEnd) {
                if (!escape(decoded))
                    return false;
                continue;
            }
            ++m_at;
            spaces();
            if (!newline())
                return m_fault ? false : fault(m_at, "A backslash at the end of a line has something behind it; delete it or double it.");
            continue;
        }
        if (c == '\n' || c == '\r') {
            if (!isMany)
                return fault(begin, kNotClosed);
            if (!newline())
                return false;
            continue;
        }
        if (isControl(c))
            return fault(m_at, kControl);
        if (decoded)
            decoded->append(c);
        ++m_at;
    }
}

bool TomlScanner::escape(QByteArray *decoded)
{
    static const QByteArray letters = "btnfr\"\\";
    static const QByteArray meant = "\b\t\n\f\r\"\\";
    const char letter = peek(1);
    if (letter == 'u' || letter == 'U')
        return unicodeEscape(decoded, letter == 'u' ? 4 : 8);
    const qsizetype found = letter ? letters.indexOf(letter) : -1;
    if (found < 0)
        return fault(m_at, "A backslash stands in front of a character it has no meaning with; double it, or use single quotes.");
    if (decoded)
        decoded->append(meant[found]);
    m_at += 2;
    return true;
}

bool TomlScanner::unicodeEscape(QByteArray *decoded, int digits)
{
    bool isNumber = true;
    const QByteArray hex = m_file.mid(m_at + 2, digits);
    for (const char c : hex)
        isNumber = isNumber && ((c >= '0' && c <= '9') || (c >= 'a' && c <= 'f') || (c >= 'A' && c <= 'F'));
    const uint code = isNumber ? hex.toUInt(nullptr, 16) : 0;
    if (!isNumber || hex.size() != digits || code > 0x10FFFF || (code >= 0xD800 && code <= 0xDFFF))
        return fault(m_at, "A \\u escape has no character behind it; correct its digits.");
    if (decoded) {
        const char32_t character = code;
        decoded->append(QString::fromUcs4(&character, 1).toUtf8());
    }
    m_at += 2 + digits;
    return true;
}

bool TomlScanner::comment()
{
    while (!atEnd() && peek() != '\n' && !(peek() == '\r' && peek(1) == '\n')) {
        if (isControl(peek()))
            return fault(m_at, kControl);
        ++m_at;
    }
    return true;
}

} // namespace mcpcore
