// SPDX-FileCopyrightText: 2026 The Countersign authors
// SPDX-License-Identifier: GPL-3.0-or-later
#include "EditProof.h"
#include "LineEdits.h"
#include "clientconfig/ConfigValue.h"
#include "support/Runner.h"

using namespace mcpcore;

namespace {

const Json kEntry{{"command", "/opt/cs"}, {"args", {"--stdio"}}, {"env", {{"A", "x\"\\"}}}, {"tool_timeout_sec", 3600}};
const EntryPlace kPlace{{QStringLiteral("mcp_servers")}, QStringLiteral("countersign")};

} // namespace

class tst_TomlEdits : public LineEdits
{
    Q_OBJECT
public:
    tst_TomlEdits() : LineEdits(ConfigDialect::Format::Toml, QStringLiteral("toml"), kEntry, kPlace) {}

private Q_SLOTS:
    void whatStandsInTheFileIsUnderstood_data()
    {
        addMeaningColumns();
        addMeaning("types", "a = true\nb = 1\nc = 1.5\nd = \"x\"\ne = [1, \"y\"]\nf = { g = 1 }\n",
                   "{\"a\":true,\"b\":1,\"c\":1.5,\"d\":\"x\",\"e\":[1,\"y\"],\"f\":{\"g\":1}}");
        addMeaning("literals that JSON has not", "a = 0xFF\nb = 1_000\nc = inf\nd = 1979-05-27 07:32:00Z\ne = 12345678901234567\n",
                   "{\"a\":\"0xFF\",\"b\":\"1_000\",\"c\":\"inf\",\"d\":\"1979-05-27 07:32:00Z\",\"e\":\"12345678901234567\"}");
        addMeaning("strings", "a = \"\\u00e9\\t\"\nb = '\\'\nc = \"\"\"\nx\\\n   y\"\"\"\nd = ''''q''''\n",
                   "{\"a\":\"\303\251\\t\",\"b\":\"\\\\\",\"c\":\"xy\",\"d\":\"'q'\"}");
        addMeaning("ways to a table", "[a.b]\nc.d = 1\n[[e]]\nf = {g.h = 2}\n[[e]]\n[e.i]\n",
                   "{\"a\":{\"b\":{\"c\":{\"d\":1}}},\"e\":[{\"f\":{\"g\":{\"h\":2}}},{\"i\":{}}]}");
        addMeaning("letters in front of a number", "\"\303\251\" = \"\360\237\230\200\"\n\"\320\266\" = [\"\303\251\", 0x1F] # x\n",
                   "{\"\303\251\":\"\360\237\230\200\",\"\320\266\":[\"\303\251\",\"0x1F\"]}");
        addMeaning("carriage returns and a mark", "\357\273\277a = 1\r\nb = 0b11\r\n", "{\"a\":1,\"b\":\"0b11\"}");
        addMeaning("nothing", "", "{}");
        addMeaning("a dotted key with spaces", "a . \"b.c\" . 'd' = 1\n", "{\"a\":{\"b.c\":{\"d\":1}}}");
    }
    void whatIsNotEditedSaysWhere_data()
    {
        addFaultColumns();
        addFault("not closed", "a = \"x\nb = 1\n", Kind::Syntax, 1, 5);
        addFault("a multi-line string not closed", "a = 1\nb = '''\nx\n", Kind::Syntax, 2, 5);
        addFault("text without quotes", "a = 1\nb = yes\n", Kind::Syntax, 2, 5);
        addFault("no value", "a =\nb = 1\n", Kind::Syntax, 1, 4);
        addFault("no equals sign", "a = 1\nb\n", Kind::Syntax, 2, 2);
        addFault("two members on a line", "a = 1 b = 2\n", Kind::Syntax, 1, 7);
        addFault("an array not closed", "\na = [1,\n  2\n", Kind::Syntax, 2, 5);
        addFault("no comma in an array", "a = [1 2]\n", Kind::Syntax, 1, 8);
        addFault("an inline table over two lines", "a = { x = 1,\n y = 2 }\n", Kind::Syntax, 1, 5);
        addFault("a comma at the end of an inline table", "a = { x = 1, }\n", Kind::Syntax, 1, 14);
        addFault("a header not closed", "[a\nb = 1\n", Kind::Syntax, 1, 1);
        addFault("a header without a name", "[]\n", Kind::Syntax, 1, 2);
        addFault("something behind a header", "[a] b = 1\n", Kind::Syntax, 1, 5);
        addFault("a key twice", "a = 1\n\n a = 2\n", Kind::Syntax, 3, 6);
        addFault("a table twice", "[a]\n[b]\n[a]\n", Kind::Syntax, 3, 1);
        addFault("a table over an inline table", "a = {}\n[a.b]\n", Kind::Syntax, 3, 1);
        addFault("a table over a dotted key", "[a]\nb.c = 1\n[a.b]\n", Kind::Syntax, 3, 1);
        addFault("a header over servers in braces", "mcp_servers = { a = {} }\n[mcp_servers.b]\n", Kind::Syntax, 3, 1);
        addFault("a number that is none", "a = 1__0\n", Kind::Syntax, 1, 7);
        addFault("a leading zero", "a = 07\n", Kind::Syntax, 1, 7);
        addFault("a date that is none", "a = 2026-02-30\n", Kind::Syntax, 1, 15);
        addFault("an unknown escape", "a = \"\\x41\"\n", Kind::Syntax, 1, 6);
        addFault("a surrogate", "a = \"\\ud800\"\n", Kind::Syntax, 1, 6);
        addFault("a control character", "a = \"\001\"\n", Kind::Syntax, 1, 6);
        addFault("a control character in a comment", "# \177\n", Kind::Syntax, 1, 3);
        addFault("a carriage return alone", "a = 1\rb = 2\n", Kind::Syntax, 1, 6);
        addFault("a column behind other letters", "\"\303\251\" = \"\360\237\230\200\" x\n", Kind::Syntax, 1, 11);
        addFault("JSON", "{\n  \"mcp_servers\": {}\n}\n", Kind::Syntax, 1, 1);
        addFault("a text for a holder", "a = 1\nmcp_servers = \"x\"\n", Kind::WrongType, 2, 1);
        addFault("an array for a holder", "mcp_servers = []\n", Kind::WrongType, 1, 1);
        addFault("an array of tables for a holder", "[[mcp_servers]]\na = 1\n", Kind::WrongType, 1, 3);
        addFault("an entry of somebody else", "a = 1\n[mcp_servers.countersign]\n", Kind::Exists, 2, 2);
        addFault("one with a quoted name", "[mcp_servers.\"counter\\u0073ign\"]\n", Kind::Exists, 1, 2);
        addFault("one in braces", "mcp_servers = { countersign = {} }\n", Kind::Exists, 1, 17);
        addFault("one by dotted keys", "mcp_servers.countersign.url = \"x\"\n", Kind::Exists, 1, 1);
        addFault("one by dotted keys in the holder", "[mcp_servers]\n  countersign.url = \"x\"\n", Kind::Exists, 2, 3);
        addFault("one by a sub-table only", "[mcp_servers.countersign.env]\n", Kind::Exists, 1, 2);
        addFault("one that is a text", "[mcp_servers]\ncountersign = \"x\"\n", Kind::Exists, 2, 1);
        addFault("one that is an array of tables", "[[mcp_servers.countersign]]\n", Kind::Exists, 1, 3);
        addFault("none to take out", "[mcp_servers.other]\n", Kind::Absent, 0, 0, EntryChange::Remove);
        addFault("none to exchange", "", Kind::Absent, 0, 0, EntryChange::Replace);
    }
    void aFaultTellsNoValue()
    {
        for (const char *file : {"mcp_servers = \"sk_live_x\"", "a = \"sk_live_x", "a = sk_live_x"}) {
            const auto edited = inserted(file);
            QVERIFY(!edited && !edited.error().reason.contains(QLatin1String("sk_live")));
        }
    }
    void aMarkThatTheClientDoesNotReadIsRefused()
    {
        ConfigDialect strict;
        strict.format = m_format;
        const auto edited = changedFile("\xEF\xBB\xBF"
                                        "a = 1\n",
                                        strict, kPlace, EntryChange::Insert, kEntry, 0);
        QVERIFY(!edited);
        QCOMPARE(edited.error().kind, ConfigFault::Kind::Encoding);
    }
    void aHugeFileKeepsEveryByte()
    {
        QByteArray file;
        for (int i = 0; file.size() < 300'000; ++i)
            file += "[t" + QByteArray::number(i) + "]\ntext = \"[x]\" # c\nnumbers = [1, 0x2, 3.0]\n";
        file += "long = [" + QByteArray("0x1F, ").repeated(50'000) + "]\n";
        EditProof proof{dialect(), kPlace};
        QVERIFY(proof.wrong(file).isEmpty());
        QCOMPARE(proof.edited, 1);
    }
    void whatTomlHasNoWordForIsRefused()
    {
        const Json entries[] = {{{"a", nullptr}}, {{"a", 18446744073709551615ULL}}, {{"a", {1, nullptr}}}, {{"a", "\xFF"}}};
        for (const Json &entry : entries) {
            const auto edited = changedFile("a = 1\n", dialect(), kPlace, EntryChange::Insert, entry, 0);
            QVERIFY(!edited);
            QCOMPARE(edited.error().kind, ConfigFault::Kind::Unsupported);
        }
    }
    void nestingHasAnEnd_data()
    {
        QTest::addColumn<QByteArray>("file");
        QTest::newRow("a header") << '[' + QByteArray("a.").repeated(100'000) + "a]\n";
        QTest::newRow("a key") << QByteArray("a.").repeated(100'000) + "a = 1\n";
        QTest::newRow("arrays") << "a = " + QByteArray(100'000, '[') + QByteArray(100'000, ']') + '\n';
        QTest::newRow("tables in braces") << "a = " + QByteArray("{a=").repeated(100'000) + '1' + QByteArray(100'000, '}') + '\n';
        QTest::newRow("keys in braces") << "a = " + QByteArray("{a.a.a.a.a.a.a.a=").repeated(60) + '1' + QByteArray(60, '}') + '\n';
    }
    void nestingHasAnEnd()
    {
        QFETCH(QByteArray, file);
        const auto edited = inserted(file);
        QVERIFY(!edited);
        QCOMPARE(edited.error().kind, ConfigFault::Kind::Unsupported);
        QVERIFY(!meaningOf(file, dialect()));
    }
    void listsOfEntriesAreNotKnownInToml()
    {
        const EntryPlace list{kPlace.path, kPlace.name, EntryPlace::Holder::List};
        const auto edited = changedFile("", dialect(), list, EntryChange::Insert, kEntry, 0);
        QVERIFY(!edited);
        QCOMPARE(edited.error().kind, ConfigFault::Kind::Unsupported);
    }
};

COUNTERSIGN_TEST(tst_TomlEdits)
#include "tst_TomlEdits.moc"
