// SPDX-FileCopyrightText: 2026 The Countersign authors
// SPDX-License-Identifier: GPL-3.0-or-later
#include "JsonDocuments.h"

using namespace mcpcore;

JsonDocuments::JsonDocuments(quint32 seed) : m_random(seed)
{
    m_dialect = {ConfigDialect::Format::Jsonc, chance(60), chance(50), chance(50), chance(50)};
    m_place.path = oneOf<QStringList>({{QStringLiteral("mcpServers")},
                                       {QStringLiteral("amp.mcpServers")},
                                       {QStringLiteral("mcp"), QStringLiteral("servers")},
                                       {QStringLiteral("a"), QStringLiteral("a"), QStringLiteral("gr\u00fc\u00df")},
                                       {}});
    m_place.name = QStringLiteral("countersign");
    m_place.holder = !m_place.path.isEmpty() && chance(15) ? EntryPlace::Holder::List : EntryPlace::Holder::Map;
}

QByteArray JsonDocuments::next()
{
    m_style = oneOf({Style::Neat, Style::Neat, Style::OneLine, Style::Wild});
    m_unit = oneOf<QByteArray>({"  ", "    ", "\t", "", " "});
    m_lineEnds = oneOf<QByteArrayList>({{"\n"}, {"\n"}, {"\r\n"}, {"\n", "\r\n"}, {"\n", "\r\n", "\r"}});
    m_hasLastCommas = m_dialect.trailingCommas && chance(60);
    const QByteArray mark = m_dialect.byteOrderMark && chance(40) ? "\xEF\xBB\xBF" : "";
    if (m_dialect.emptyFile && chance(5))
        return mark + blanks() + (chance(50) ? lineEnd() + blanks() : QByteArray());
    const bool isPlain = m_style != Style::Wild && chance(70);
    return mark + (isPlain ? QByteArray() : trivia()) + holder(0, 0) + (isPlain ? oneOf({QByteArray(), lineEnd()}) : trivia());
}

// What stands where the path leads after `level` keys, with the next key in it, once, twice or not at all.
QByteArray JsonDocuments::holder(qsizetype level, int depth)
{
    const bool isLast = level == m_place.path.size();
    const bool isList = isLast && m_place.holder == EntryPlace::Holder::List;
    if (level > 0 && chance(2))
        return value(depth); // perhaps of the wrong type
    QByteArrayList members;
    const int count = oneOf({0, 0, 1, 2, 3, 6});
    for (int i = 0; i < count; ++i) {
        const QString key = oneOf({QStringLiteral("a"), QStringLiteral("b"), QStringLiteral("mcp.servers"), QStringLiteral("\"\\\n"),
                                   QStringLiteral("\u65e5\u672c"), QString()});
        members.append(isList ? value(depth + 1) : member(quoted(key), value(depth + 1)));
    }
    const int holders = isLast ? 0 : oneOf({0, 1, 1, 1, 2});
    for (int i = 0; i < holders; ++i)
        members.insert(m_random.bounded(members.size() + 1), member(quoted(m_place.path[level]), holder(level + 1, depth + 1)));
    if (isLast && chance(2))
        members.append(isList ? closed('{', {member("\"name\"", quoted(m_place.name))}, depth + 1)
                              : member(quoted(m_place.name), value(depth + 1)));
    return closed(isList ? '[' : '{', members, depth);
}

QByteArray JsonDocuments::value(int depth)
{
    QByteArrayList members;
    switch (m_random.bounded(depth > 5 ? 5 : 8)) {
    case 0: return oneOf<QByteArray>({"true", "false", "null"});
    case 1: return number();
    case 2:
    case 3:
    case 4:
        return quoted(oneOf({QStringLiteral("x"), QStringLiteral("// {"), QStringLiteral("/* ,] */"), QStringLiteral("C:\\dir\\\""),
                             QStringLiteral("\u00e9\U0001F511"), QString(QChar(0xD83D)), QString()}));
    case 5:
        for (int i = m_random.bounded(4); i > 0; --i)
            members.append(value(depth + 1));
        return closed('[', members, depth);
    default:
        for (int i = m_random.bounded(4); i > 0; --i)
            members.append(member(quoted(oneOf({QStringLiteral("name"), QStringLiteral("a"), m_place.name})), value(depth + 1)));
        return closed('{', members, depth);
    }
}

QByteArray JsonDocuments::closed(char open, QByteArrayList members, int depth)
{
    const char close = open == '{' ? '}' : ']';
    QByteArray text(1, open);
    for (qsizetype i = 0; i < members.size(); ++i) {
        const bool isLast = i + 1 == members.size();
        text += lead(depth + 1) + members[i] + (m_style == Style::Wild || chance(5) ? trivia() : QByteArray());
        if (!isLast || (m_hasLastCommas && chance(80)))
            text += ',';
        if (m_style == Style::Neat && m_dialect.comments && chance(15))
            text += blanks() + comment();
    }
    if (m_style != Style::Neat || (members.isEmpty() && chance(60)))
        return text + (m_style == Style::Wild || chance(10) ? trivia() : oneOf<QByteArray>({"", "", " "})) + close;
    return text + lineEnd() + m_unit.repeated(depth) + close;
}

QByteArray JsonDocuments::member(const QByteArray &key, const QByteArray &value)
{
    if (m_style == Style::Wild)
        return key + trivia() + ':' + trivia() + value;
    return key + oneOf<QByteArray>({": ", ": ", ":", " : "}) + value;
}

QByteArray JsonDocuments::lead(int depth)
{
    switch (m_style) {
    case Style::Neat: return (chance(90) ? lineEnd() + m_unit.repeated(depth) : trivia());
    case Style::OneLine: return oneOf<QByteArray>({"", " "});
    case Style::Wild: return trivia();
    }
    return {};
}

QByteArray JsonDocuments::quoted(const QString &text)
{
    QByteArray bytes;
    for (qsizetype i = 0; i < text.size(); ++i) {
        const ushort unit = text[i].unicode();
        const QChar *rest = text.constData() + i;
        const bool isPair = text[i].isHighSurrogate() && i + 1 < text.size();
        if (unit < 0x20 || (text[i].isSurrogate() && !isPair) || (!isPair && chance(8)))
            bytes += "\\u" + QByteArray::number(unit, 16).rightJustified(4, '0');
        else if (unit == '"' || unit == '\\')
            bytes += QByteArray("\\") + char(unit);
        else
            bytes += QString(rest, isPair ? 2 : 1).toUtf8();
        i += isPair ? 1 : 0;
    }
    return '"' + bytes + '"';
}

QByteArray JsonDocuments::number()
{
    return oneOf<QByteArray>({"0", "-0", "1", "-17", "1.50", "1e400", "2E-7", "12345678901234567890", "-0.0", "9007199254740993"});
}

QByteArray JsonDocuments::lineEnd()
{
    return m_lineEnds[m_random.bounded(int(m_lineEnds.size()))];
}

QByteArray JsonDocuments::blanks()
{
    return oneOf<QByteArray>({"", "", " ", "  ", "\t", " \t "});
}

// A line comment brings the line end that closes it.
QByteArray JsonDocuments::comment()
{
    const QByteArray text = oneOf<QByteArray>({"", " x", " }", " ],", " \"a\": {", " // /*", " \xC3\xA9 "});
    if (chance(50))
        return "//" + text + (m_lineEnds.first() == "\r" ? QByteArray("\n") : m_lineEnds.first());
    return "/*" + text + (chance(30) ? lineEnd() + blanks() : QByteArray()) + "*/";
}

QByteArray JsonDocuments::trivia()
{
    QByteArray text = blanks();
    for (int i = oneOf({0, 0, 1, 2, 4}); i > 0; --i)
        text += m_dialect.comments && chance(40) ? comment() : chance(50) ? lineEnd() : blanks();
    return text;
}

QByteArray JsonDocuments::damaged(QByteArray document)
{
    for (int i = oneOf({1, 1, 2, 5}); i > 0 && !document.isEmpty(); --i) {
        const int at = m_random.bounded(int(document.size())), length = m_random.bounded(1, 8);
        const char byte = chance(70)
                              ? oneOf({'{', '}', '[', ']', ',', ':', '"', '/', '*', '\\', '\n', '\r', ' ', '0', '-', 'e', '\0', '\f'})
                              : char(m_random.bounded(256));
        switch (m_random.bounded(4)) {
        case 0: document[at] = byte; break;
        case 1: document.remove(at, length); break;
        case 2: document.insert(at, byte); break;
        default: document.insert(m_random.bounded(int(document.size())), document.mid(at, length)); break;
        }
    }
    return document;
}
