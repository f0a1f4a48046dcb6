// SPDX-FileCopyrightText: 2026 The Countersign authors
// SPDX-License-Identifier: GPL-3.0-or-later
#include "TomlDocuments.h"

QByteArray TomlDocuments::next()
{
    m_isWild = chance(50);
    QByteArray document = trivia() + root();
    const int tables = oneOf({0, 0, 1, 2, 4});
    const int serversAt = m_random.bounded(tables + 1);
    for (int i = 0; i <= tables; ++i) {
        if (i == serversAt)
            document += servers();
        if (i < tables)
            document += table();
    }
    document += trivia();
    if (chance(25))
        while (document.endsWith('\n'))
            document.chop(1);
    if (chance(30))
        document.replace('\n', "\r\n");
    return chance(10) ? "\xEF\xBB\xBF" + document : document;
}

QByteArray TomlDocuments::root()
{
    QByteArray out = members(3);
    if (!chance(25))
        return out;
    const int kind = m_random.bounded(4);
    m_servers = kind < 2 ? Written::InBraces : Written::Dotted;
    switch (kind) {
    case 0: return out + "mcp_servers = " + oneOf<QByteArray>({"{}", "{ }", "{\t}", "{  }"}) + lineRest();
    case 1: return out + "mcp_servers = " + inlineTable(0) + lineRest();
    case 2: return out + "'mcp_servers'." + name() + " = " + inlineTable(0) + lineRest() + members(2);
    default: return out + "mcp_servers . " + name() + spaces() + ".command = \"npx\"" + lineRest() + members(2);
    }
}

QByteArray TomlDocuments::servers()
{
    static const QByteArray holder = "mcp_servers";
    if (chance(30) || m_servers == Written::InBraces)
        return {};
    QByteArray out;
    if (chance(25) && m_servers == Written::Nowhere) {
        out += trivia() + header({holder}) + members(1);
        for (int i = m_random.bounded(3); i > 0; --i)
            out += oneOf({name() + " = " + inlineTable(0), name() + ".command = \"x\""}) + lineRest();
    }
    for (int i = m_random.bounded(3); i > 0; --i) {
        const QByteArray server = name();
        out += trivia() + header({oneOf<QByteArray>({holder, "\"mcp_servers\""}), server}) + members(3);
        if (chance(40))
            out += trivia() + header({holder, server, "env"}) + members(2);
        if (chance(20))
            out += table();
    }
    if (chance(3))
        out += header({holder, "countersign", "env"}) + members(1);
    return out;
}

QByteArray TomlDocuments::table()
{
    const QByteArray array = name();
    if (chance(25))
        return trivia() + "[[" + array + "]]\n" + members(2) + "[[" + array + "]]" + lineRest() + header({array, name()}) + members(1);
    return trivia() + header({array, name(), "countersign"}) + members(3);
}

QByteArray TomlDocuments::members(int most)
{
    QByteArray out;
    for (int i = m_random.bounded(most + 1); i > 0; --i)
        out += trivia() + member(chance(15) ? name() + spaces() + '.' + spaces() + name() : name());
    return out;
}

QByteArray TomlDocuments::member(const QByteArray &key)
{
    return spaces() + key + oneOf<QByteArray>({" = ", "=", "\t=  "}) + value(0) + lineRest();
}

QByteArray TomlDocuments::value(int depth)
{
    const int kind = m_random.bounded(depth > 3 ? 7 : 9);
    switch (kind) {
    case 0: return oneOf<QByteArray>({"1", "-17", "0xFF", "1_000", "0o7", "9223372036854775807"});
    case 1: return oneOf<QByteArray>({"1.0", "6.626e-34", "-inf", "nan", "1e5", "224_617.445_991"});
    case 2: return oneOf<QByteArray>({"true", "false"});
    case 3: return oneOf<QByteArray>({"1979-05-27", "07:32:00", "1979-05-27T07:32:00Z", "1979-05-27 00:32:00.5-07:00"});
    case 4: return oneOf<QByteArray>({"\"\"", "\"[mcp_servers]\"", "\"\\\"#\\\\\"", "''", "'\\'", "'#\"'", "\"\\u00e9\xC3\xA9\""});
    case 5:
        return oneOf<QByteArray>({"\"\"\"\n[mcp_servers.countersign]\ncommand = 1\n\"\"\"", "'''\n[mcp_servers]\n'''''", "\"\"\"\"x\"\"\"",
                                  "\"\"\"\\\n   \\\"\"\"\"\"", "\"\"\"a\\  \n\n # b\"\"\""});
    case 6: return oneOf<QByteArray>({"\"https://example.com/a#b\"", "\"{ }\"", "\"]\"", "'}'"});
    case 7: return array(depth + 1);
    default: return inlineTable(depth + 1);
    }
}

QByteArray TomlDocuments::inlineTable(int depth)
{
    QByteArrayList items;
    for (int i = m_random.bounded(3); i > 0; --i)
        items.append(spaces() + oneOf({name(), name() + '.' + name()}) + oneOf<QByteArray>({" = ", "="}) + value(depth + 1) + spaces());
    return '{' + items.join(',') + '}';
}

QByteArray TomlDocuments::array(int depth)
{
    QByteArray out = "[";
    const int count = m_random.bounded(4);
    for (int i = 0; i < count; ++i)
        out +=
            (chance(20) ? trivia() : spaces()) + value(depth + 1) + (chance(10) ? " # ]\n" : "") + (i + 1 < count || chance(30) ? "," : "");
    return out + (chance(20) ? "\n# [\n" : "") + ']';
}

QByteArray TomlDocuments::name()
{
    const QByteArray number = QByteArray::number(++m_names);
    return oneOf<QByteArray>({"k" + number, "countersign" + number, number, "\"a." + number + "\"", "'" + number + " \"'", "-_" + number,
                              "\"\\u00e9" + number + "\"", "\"mcp_servers." + number + "\""});
}

QByteArray TomlDocuments::header(const QByteArrayList &names)
{
    return spaces() + '[' + spaces() + names.join(oneOf<QByteArray>({".", ".", " . "})) + spaces() + ']' + lineRest();
}

QByteArray TomlDocuments::spaces()
{
    return m_isWild ? oneOf<QByteArray>({"", "", " ", "\t", "   "}) : QByteArray();
}

QByteArray TomlDocuments::trivia()
{
    QByteArray out;
    for (int i = chance(40) ? m_random.bounded(4) : 0; i > 0; --i)
        out += spaces() + oneOf<QByteArray>({"", "", "# of what follows", "# [mcp_servers.countersign]", "#\t\xC3\xA9"}) + '\n';
    return out;
}

QByteArray TomlDocuments::lineRest()
{
    return oneOf<QByteArray>({"\n", "\n", "\n", " # 'x\n", spaces() + '\n'});
}
