// SPDX-FileCopyrightText: 2026 The Countersign authors
// SPDX-License-Identifier: GPL-3.0-or-later
#include "clientconfig/JsonPlain.h"

namespace mcpcore {

namespace {

// A noncharacter; then U+E000 and up, one for each half of a pair.
constexpr char16_t kHalfPairMark = 0xFDD0;
constexpr char16_t kFirstSubstitute = 0xE000;
constexpr char16_t kFirstHalf = 0xD800;

// Shared with nothing: this is the half of the second opinion that nlohmann does not give.
class PlainWriter
{
public:
    PlainWriter(const QByteArray &file, const ConfigDialect &dialect) : m_dialect(dialect), m_plain{file, {}} {}

    PlainJson written() &&
    {
        QByteArray &bytes = m_plain.bytes;
        while (m_at < bytes.size()) {
            const char c = bytes[m_at];
            if (c == '"')
                passText();
            else if (c == '-' || (c >= '0' && c <= '9'))
                shortenNumber();
            else if (c == '/' && m_dialect.comments && (startsWith("//") || startsWith("/*")))
                blankComment();
            else
                passToken(c);
        }
        return std::move(m_plain);
    }

private:
    bool startsWith(const char *two) const { return m_plain.bytes.mid(m_at, 2) == two; }

    void passToken(char c)
    {
        const bool isSpace = c == ' ' || c == '\t' || c == '\r' || c == '\n';
        if ((c == '}' || c == ']') && m_comma >= 0 && m_dialect.trailingCommas)
            m_plain.bytes[m_comma] = ' ';
        if (!isSpace) {
            const bool endsValue = c == ',' && m_last != ',' && m_last != '{' && m_last != '[' && m_last != ':' && m_last != '\0';
            m_comma = endsValue ? m_at : -1;
            m_last = c;
        }
        ++m_at;
    }

    void passText()
    {
        QByteArray &bytes = m_plain.bytes;
        for (++m_at; m_at < bytes.size() && bytes[m_at] != '"'; ++m_at)
            if (bytes[m_at] == '\\') {
                if (const ushort half = surrogateAt(m_at); half == 0)
                    ++m_at;
                else if (half < 0xDC00 && surrogateAt(m_at + 6) >= 0xDC00)
                    m_at += 11;
                else
                    substitute(half);
            }
        ++m_at;
        passedValue();
    }

    ushort surrogateAt(qsizetype at) const
    {
        const QByteArray escape = m_plain.bytes.mid(at, 6);
        bool isHex = false;
        const ushort unit = escape.startsWith("\\u") ? escape.mid(2).toUShort(&isHex, 16) : ushort(0);
        return escape.size() == 6 && isHex && unit >= kFirstHalf && unit < kFirstSubstitute ? unit : ushort(0);
    }

    void substitute(ushort half)
    {
        const char16_t two[] = {kHalfPairMark, char16_t(kFirstSubstitute + (half - kFirstHalf))};
        m_plain.bytes.replace(m_at, 6, QStringView(two, 2).toUtf8());
        m_at += 5;
    }

    void shortenNumber()
    {
        QByteArray &bytes = m_plain.bytes;
        const qsizetype start = m_at;
        while (m_at < bytes.size() && QByteArrayView("+-.0123456789Ee").contains(bytes[m_at]))
            ++m_at;
        const QByteArray literal = bytes.mid(start, m_at - start);
        m_plain.numbers.append(literal);
        QByteArray number; // of the same grammar: of each run of digits the first, and a zero for all others
        qsizetype run = 0;
        for (const char c : literal) {
            run = c >= '0' && c <= '9' ? run + 1 : 0;
            if (run <= 1)
                number += c;
            else if (run == 2)
                number += '0';
        }
        bytes.replace(start, literal.size(), number.leftJustified(literal.size(), ' '));
        passedValue();
    }

    void blankComment()
    {
        QByteArray &bytes = m_plain.bytes;
        const bool isBlock = startsWith("/*");
        qsizetype end = isBlock ? bytes.indexOf("*/", m_at + 2) : m_at;
        if (end < 0) { // never closed: left as it is, and refused by whoever reads on
            m_at = bytes.size();
            return;
        }
        while (!isBlock && end < bytes.size() && bytes[end] != '\n' && bytes[end] != '\r')
            ++end;
        end += isBlock ? 2 : 0;
        for (; m_at < end; ++m_at)
            if (bytes[m_at] != '\n' && bytes[m_at] != '\r')
                bytes[m_at] = ' ';
    }

    void passedValue()
    {
        m_comma = -1;
        m_last = '"';
    }

    const ConfigDialect &m_dialect;
    PlainJson m_plain;
    qsizetype m_at = 0;
    qsizetype m_comma = -1; // behind a value, and nothing since
    char m_last = '\0';
};

} // namespace

PlainJson plainJson(const QByteArray &file, const ConfigDialect &dialect)
{
    return PlainWriter(file, dialect).written();
}

QByteArray withHalfPairs(const std::string &text)
{
    static const QByteArray mark = QStringView(&kHalfPairMark, 1).toUtf8();
    QByteArray bytes = QByteArray::fromStdString(text);
    for (qsizetype at = bytes.indexOf(mark); at >= 0; at = bytes.indexOf(mark, at + 3)) {
        const QString substitute = QString::fromUtf8(bytes.mid(at + 3, 3));
        const int half = substitute.isEmpty() ? 0 : substitute[0].unicode() - kFirstSubstitute + kFirstHalf;
        if (half < kFirstHalf || half >= kFirstSubstitute)
            continue;
        const char encoded[] = {char(0xE0 | (half >> 12)), char(0x80 | ((half >> 6) & 0x3F)), char(0x80 | (half & 0x3F))};
        bytes.replace(at, 6, QByteArray(encoded, 3));
    }
    return bytes;
}

} // namespace mcpcore
