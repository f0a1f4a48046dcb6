// SPDX-FileCopyrightText: 2026 The Countersign authors
// SPDX-License-Identifier: GPL-3.0-or-later
#include "clientconfig/JsonText.h"
#include "clientconfig/ConfigBytes.h"
#include "clientconfig/JsonReader.h"

namespace mcpcore {

namespace {

qsizetype lineEndLength(const QByteArray &bytes, qsizetype at)
{
    if (bytes[at] == '\n')
        return 1;
    return bytes[at] != '\r' ? 0 : at + 1 < bytes.size() && bytes[at + 1] == '\n' ? 2 : 1;
}

// The bytes of a text between its quotes, which is valid.
QByteArray unescaped(QByteArrayView raw)
{
    if (!raw.contains('\\'))
        return raw.toByteArray();
    QString text; // takes surrogates one by one and pairs them
    for (qsizetype i = 0; i < raw.size(); ++i) {
        if (raw[i] != '\\') {
            const qsizetype plain = i;
            while (i + 1 < raw.size() && raw[i + 1] != '\\')
                ++i;
            text += QString::fromUtf8(raw.sliced(plain, i + 1 - plain));
            continue;
        }
        const char escape = raw[++i];
        if (escape == 'u') {
            text += QChar(raw.sliced(i + 1, 4).toByteArray().toUShort(nullptr, 16));
            i += 4;
        } else {
            static constexpr char letters[] = "bfnrt", meant[] = "\b\f\n\r\t";
            const char *letter = strchr(letters, escape);
            text += QLatin1Char(letter ? meant[letter - letters] : escape);
        }
    }
    for (qsizetype i = 0; i < text.size(); ++i) { // a half alone is no character
        const bool isPair = text[i].isHighSurrogate() && i + 1 < text.size() && text[i + 1].isLowSurrogate();
        if (text[i].isSurrogate() && !isPair)
            text[i] = QChar::ReplacementCharacter;
        i += isPair ? 1 : 0;
    }
    return text.toUtf8();
}

} // namespace

JsonTrivia jsonTriviaAt(const QByteArray &bytes, qsizetype at)
{
    using Kind = JsonTrivia::Kind;
    const qsizetype size = bytes.size();
    if (at >= size)
        return {Kind::None, at};
    if (const qsizetype length = lineEndLength(bytes, at))
        return {Kind::LineEnd, at + length};
    qsizetype end = at;
    while (end < size && (bytes[end] == ' ' || bytes[end] == '\t'))
        ++end;
    if (end > at)
        return {Kind::Blank, end};
    if (bytes[at] != '/' || at + 1 == size || (bytes[at + 1] != '/' && bytes[at + 1] != '*'))
        return {Kind::None, at};
    if (bytes[at + 1] == '*') {
        const qsizetype close = bytes.indexOf("*/", at + 2);
        return {Kind::BlockComment, close < 0 ? -1 : close + 2};
    }
    while (end < size && lineEndLength(bytes, end) == 0)
        ++end;
    return {Kind::LineComment, end};
}

ConfigResult<JsonText> JsonText::read(const QByteArray &file, const ConfigDialect &dialect)
{
    if (const auto fault = encodingFault(file))
        return tl::unexpected(*fault);
    JsonText text;
    text.m_bytes = file;
    if (const auto fault = JsonReader(file, dialect, text.m_nodes).read())
        return tl::unexpected(*fault);
    return text;
}

std::vector<size_t> JsonText::children(size_t holder) const
{
    std::vector<size_t> found;
    for (size_t i = holder + 1; i < m_nodes[holder].next; i = m_nodes[i].next)
        found.push_back(i);
    return found;
}

QByteArray JsonText::key(const JsonNode &node) const
{
    return unescaped(QByteArrayView(m_bytes).sliced(node.keyStart + 1, node.keyEnd - node.keyStart - 2));
}

QByteArray JsonText::text(const JsonNode &node) const
{
    return unescaped(QByteArrayView(m_bytes).sliced(node.start + 1, node.end - node.start - 2));
}

ConfigFault JsonText::fault(qsizetype offset, ConfigFault::Kind kind, const QString &reason) const
{
    return faultAt(m_bytes, offset, kind, reason);
}

} // namespace mcpcore
