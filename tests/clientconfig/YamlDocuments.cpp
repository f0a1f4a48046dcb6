// SPDX-FileCopyrightText: 2026 The Countersign authors
// SPDX-License-Identifier: GPL-3.0-or-later
#include "YamlDocuments.h"

using namespace mcpcore;

namespace {

QByteArray spaces(int count)
{
    return QByteArray(count, ' ');
}

} // namespace

YamlDocuments::YamlDocuments(quint32 seed) : m_random(seed)
{
    m_place = {{QStringLiteral("extensions")}, QStringLiteral("countersign"), EntryPlace::Holder::Map};
    if (chance(20))
        m_place.path.prepend(QStringLiteral("goose"));
    if (chance(40))
        m_place.holder = EntryPlace::Holder::List;
}

QByteArray YamlDocuments::next()
{
    m_step = oneOf({2, 2, 2, 4, 3, 1});
    QByteArrayList lines = trivia(0);
    if (chance(10))
        lines.append("---" + comment());
    if (!chance(4))
        lines += map(0, 0);
    if (chance(75)) {
        lines += trivia(0);
        if (m_place.path.size() == 1) {
            const QByteArrayList below = holder(0);
            lines += "extensions:" + below.first();
            lines += below.mid(1);
        } else {
            lines += "goose:" + comment();
            if (chance(50))
                lines += map(m_step, 1);
            const QByteArrayList below = holder(m_step);
            lines += spaces(m_step) + "'extensions':" + below.first();
            lines += below.mid(1);
        }
    }
    if (chance(50))
        lines += map(0, 0);
    lines += trivia(0);
    QByteArray document = lines.isEmpty() ? QByteArray() : lines.join('\n') + (chance(80) ? "\n" : "");
    if (chance(30))
        document.replace('\n', "\r\n");
    return chance(10) ? "\xEF\xBB\xBF" + document : document;
}

// Of the holder: nothing, braces, or members of others.
QByteArrayList YamlDocuments::holder(int column)
{
    const bool isList = m_place.holder == EntryPlace::Holder::List;
    switch (m_random.bounded(10)) {
    case 0: return QByteArrayList{comment()} + trivia(column + m_step);
    case 1: return {isList ? " []" + comment() : " {}" + comment()};
    case 2: return value(column, 1); // perhaps of the wrong type
    default: break;
    }
    const int below = isList ? column + oneOf({0, m_step}) : column + m_step;
    return QByteArrayList{comment()} + (isList ? list(below, 1) : map(below, 1));
}

QByteArrayList YamlDocuments::map(int column, int depth)
{
    QByteArrayList out;
    for (int i = 1 + m_random.bounded(3); i > 0; --i) {
        out += trivia(column);
        const QByteArrayList below = value(column, depth + 1);
        out += spaces(column) + key() + oneOf<QByteArray>({":", ":", ":", " :"}) + below.first();
        out += below.mid(1);
    }
    return out;
}

QByteArrayList YamlDocuments::list(int column, int depth)
{
    QByteArrayList out;
    for (int i = 1 + m_random.bounded(3); i > 0; --i) {
        out += trivia(column);
        if (chance(50)) {
            QByteArrayList members = map(column + 2, depth + 1);
            while (members.first().trimmed().isEmpty() || members.first().trimmed().startsWith('#'))
                members.removeFirst();
            members.first().replace(column, 1, "-");
            out += members;
        } else {
            const QByteArrayList below = value(column, depth + 1);
            out += spaces(column) + '-' + below.first();
            out += below.mid(1);
        }
    }
    return out;
}

QByteArrayList YamlDocuments::value(int column, int depth)
{
    switch (m_random.bounded(depth > 3 ? 6 : 8)) {
    case 0: return {comment()};
    case 1: return textBlock(column);
    case 2: return {' ' + flow(0) + comment()};
    case 3:
        return oneOf<QByteArrayList>({{" first", spaces(column + 1) + "extensions", "", spaces(column + 2) + "last"},
                                      {" \"a: \\", spaces(column + 3) + "- b # no\""},
                                      {" 'it''s", "", spaces(column + 1) + "extensions: {}'"},
                                      {" [x,", spaces(column + 1) + "y, # ]", spaces(column + 1) + "']']"}});
    case 6: return QByteArrayList{comment()} + map(column + m_step, depth + 1);
    case 7: return QByteArrayList{comment()} + list(column + m_step, depth + 1);
    default: return {' ' + scalar() + comment()};
    }
}

QByteArrayList YamlDocuments::textBlock(int column)
{
    const QByteArray indented = spaces(column + m_step);
    QByteArrayList out{' ' + oneOf<QByteArray>({"|", "|-", "|+", ">", ">-"}) + comment()};
    out += indented + oneOf<QByteArray>({"extensions:", "- name: countersign", "# no comment", "\"", "{"});
    for (int i = m_random.bounded(4); i > 0; --i)
        out += oneOf<QByteArray>({indented + "  countersign: 1", QByteArray(), indented + "text", indented + "\tx"});
    if (out.first().startsWith(" |") || !out.last().isEmpty())
        out += indented + "end";
    for (int i = out.first().startsWith(" >") ? 0 : m_random.bounded(3); i > 0; --i)
        out += QByteArray();
    return out;
}

QByteArray YamlDocuments::scalar()
{
    return oneOf<QByteArray>({"x",        "1",
                              "1.0",      "0x1F",
                              "no",       "true",
                              "~",        "null",
                              "a b",      "http://x:1/#a",
                              "C:\\x",    "-1",
                              "'it''s'",  "\"\\u00e9\\\"\"",
                              "\xC3\xA9", "2026-11-21",
                              "12:30",    "\"a: b # c\"",
                              "it's",     "!!str 1",
                              "not",      "a#b",
                              "<<",       ".5",
                              "\"\""});
}

QByteArray YamlDocuments::flow(int depth)
{
    QByteArrayList items;
    const bool isMap = chance(50);
    for (int i = m_random.bounded(3); i > 0; --i) {
        const QByteArray item = depth < 2 && chance(30) ? flow(depth + 1) : oneOf<QByteArray>({"x", "'}'", "\"]\"", "1", "it's", "a b"});
        items.append(isMap ? "k" + QByteArray::number(++m_names) + ": " + item : item);
    }
    const QByteArray inside = items.join(oneOf<QByteArray>({",", ", ", " , "}));
    return isMap ? '{' + inside + '}' : '[' + inside + ']';
}

QByteArray YamlDocuments::key()
{
    const QByteArray number = QByteArray::number(++m_names);
    return oneOf<QByteArray>({"k" + number, "countersign" + number, "'a " + number + "'", "\"b: " + number + "\"", "x y" + number,
                              "a:b" + number, "it's" + number, "\xC3\xA9" + number, "-x" + number, "name" + number});
}

QByteArray YamlDocuments::comment()
{
    return oneOf<QByteArray>({"", "", "", "  # c", " # extensions: {}", " "});
}

QByteArrayList YamlDocuments::trivia(int column)
{
    QByteArrayList out;
    for (int i = chance(35) ? m_random.bounded(3) : 0; i > 0; --i)
        out += oneOf<QByteArray>({"", spaces(column) + "# of what follows", "# at the margin", spaces(column + 1) + "# - name: x", ""});
    return out;
}
