// SPDX-FileCopyrightText: 2026 The Countersign authors
// SPDX-License-Identifier: GPL-3.0-or-later
#include "EditProof.h"
#include "GoldenRows.h"
#include "base/Json.h"
#include "clientconfig/ConfigValue.h"
#include "support/Runner.h"

using namespace mcpcore;

namespace {

const Json kEntry{{"command", "/opt/cs"}, {"args", {"--stdio"}}, {"env", {{"A", "x\"\\"}}}, {"tool_timeout_sec", 3600}};
const EntryPlace kPlace{{QStringLiteral("mcp_servers")}, QStringLiteral("countersign")};
constexpr auto kFormat = ConfigDialect::Format::Toml;

void addRows(const char *file)
{
    QTest::addColumn<GoldenRow>("row");
    for (const GoldenRow &row : goldenRows(QLatin1String(file), kFormat))
        QTest::newRow(row.name.constData()) << row;
}

QByteArray told(const ConfigResult<EditedFile> &file)
{
    return file ? file->bytes : "refused: " + file.error().reason.toUtf8();
}

ConfigDialect dialect()
{
    ConfigDialect out;
    out.format = kFormat;
    out.byteOrderMark = true;
    out.emptyFile = true;
    return out;
}

} // namespace

Q_DECLARE_METATYPE(GoldenRow)
Q_DECLARE_METATYPE(mcpcore::EntryChange)
Q_DECLARE_METATYPE(mcpcore::EntryPlace)
Q_DECLARE_METATYPE(mcpcore::ConfigFault::Kind)

class tst_TomlEdits : public QObject
{
    Q_OBJECT
private Q_SLOTS:
    void connectGivesTheFileAfter_data() { addRows("toml-insert.txt"); }
    void connectGivesTheFileAfter()
    {
        QFETCH(GoldenRow, row);
        const auto connected = changedFile(row.before, row.dialect, row.place, EntryChange::Insert, kEntry, 0);
        QCOMPARE(told(connected), row.after);
        const auto disconnected = changedFile(row.after, row.dialect, row.place, EntryChange::Remove, {}, connected->created);
        QCOMPARE(told(disconnected), row.before);
    }
    void everyEntryLeavesWithoutATrace_data() { addRows("toml-insert.txt"); }
    void everyEntryLeavesWithoutATrace()
    {
        QFETCH(GoldenRow, row);
        EditProof proof{row.dialect, row.place};
        QCOMPARE(proof.wrong(row.before), QByteArray());
        QCOMPARE(proof.edited, 1);
    }
    void disconnectLeavesWhatIsOfOthers_data() { addRows("toml-remove.txt"); }
    void disconnectLeavesWhatIsOfOthers()
    {
        QFETCH(GoldenRow, row);
        QCOMPARE(told(changedFile(row.before, row.dialect, row.place, EntryChange::Remove, {}, row.created)), row.after);
    }
    void writingAnewChangesTheValueOnly_data() { addRows("toml-replace.txt"); }
    void writingAnewChangesTheValueOnly()
    {
        QFETCH(GoldenRow, row);
        QCOMPARE(told(changedFile(row.before, row.dialect, row.place, EntryChange::Replace, kEntry, 0)), row.after);
    }
    void whatStandsInTheFileIsUnderstood_data()
    {
        QTest::addColumn<QByteArray>("file");
        QTest::addColumn<QByteArray>("json");
        const auto row = [](const char *name, const QByteArray &file, const QByteArray &json) { QTest::newRow(name) << file << json; };
        row("types", "a = true\nb = 1\nc = 1.5\nd = \"x\"\ne = [1, \"y\"]\nf = { g = 1 }\n",
            "{\"a\":true,\"b\":1,\"c\":1.5,\"d\":\"x\",\"e\":[1,\"y\"],\"f\":{\"g\":1}}");
        row("literals that JSON has not", "a = 0xFF\nb = 1_000\nc = inf\nd = 1979-05-27 07:32:00Z\ne = 12345678901234567\n",
            "{\"a\":\"0xFF\",\"b\":\"1_000\",\"c\":\"inf\",\"d\":\"1979-05-27 07:32:00Z\",\"e\":\"12345678901234567\"}");
        row("strings", "a = \"\\u00e9\\t\"\nb = '\\'\nc = \"\"\"\nx\\\n   y\"\"\"\nd = ''''q''''\n",
            "{\"a\":\"\303\251\\t\",\"b\":\"\\\\\",\"c\":\"xy\",\"d\":\"'q'\"}");
        row("ways to a table", "[a.b]\nc.d = 1\n[[e]]\nf = {g.h = 2}\n[[e]]\n[e.i]\n",
            "{\"a\":{\"b\":{\"c\":{\"d\":1}}},\"e\":[{\"f\":{\"g\":{\"h\":2}}},{\"i\":{}}]}");
        row("letters in front of a number", "\"\303\251\" = \"\360\237\230\200\"\n\"\320\266\" = [\"\303\251\", 0x1F] # x\n",
            "{\"\303\251\":\"\360\237\230\200\",\"\320\266\":[\"\303\251\",\"0x1F\"]}");
        row("carriage returns and a mark", "\357\273\277a = 1\r\nb = 0b11\r\n", "{\"a\":1,\"b\":\"0b11\"}");
        row("nothing", "", "{}");
        row("a dotted key with spaces", "a . \"b.c\" . 'd' = 1\n", "{\"a\":{\"b.c\":{\"d\":1}}}");
    }
    void whatStandsInTheFileIsUnderstood()
    {
        QFETCH(QByteArray, file);
        const auto meaning = meaningOf(file, dialect());
        QVERIFY2(meaning, meaning ? "" : qPrintable(meaning.error().reason));
        QTEST(QByteArray(canonicalBytes(toJson(*meaning))), "json");
    }
    void whatIsNotEditedSaysWhere_data()
    {
        using Kind = ConfigFault::Kind;
        QTest::addColumn<QByteArray>("file");
        QTest::addColumn<EntryChange>("change");
        QTest::addColumn<Kind>("kind");
        QTest::addColumn<QPair<int, int>>("at");
        const auto row = [](const char *name, const QByteArray &file, Kind kind, int line, int column,
                            EntryChange change = EntryChange::Insert) {
            QTest::newRow(name) << file << change << kind << qMakePair(line, column);
        };
        row("not closed", "a = \"x\nb = 1\n", Kind::Syntax, 1, 5);
        row("a multi-line string not closed", "a = 1\nb = '''\nx\n", Kind::Syntax, 2, 5);
        row("text without quotes", "a = 1\nb = yes\n", Kind::Syntax, 2, 5);
        row("no value", "a =\nb = 1\n", Kind::Syntax, 1, 4);
        row("no equals sign", "a = 1\nb\n", Kind::Syntax, 2, 2);
        row("two members on a line", "a = 1 b = 2\n", Kind::Syntax, 1, 7);
        row("an array not closed", "\na = [1,\n  2\n", Kind::Syntax, 2, 5);
        row("no comma in an array", "a = [1 2]\n", Kind::Syntax, 1, 8);
        row("an inline table over two lines", "a = { x = 1,\n y = 2 }\n", Kind::Syntax, 1, 5);
        row("a comma at the end of an inline table", "a = { x = 1, }\n", Kind::Syntax, 1, 14);
        row("a header not closed", "[a\nb = 1\n", Kind::Syntax, 1, 1);
        row("a header without a name", "[]\n", Kind::Syntax, 1, 2);
        row("something behind a header", "[a] b = 1\n", Kind::Syntax, 1, 5);
        row("a key twice", "a = 1\n\n a = 2\n", Kind::Syntax, 3, 6);
        row("a table twice", "[a]\n[b]\n[a]\n", Kind::Syntax, 3, 1);
        row("a table over an inline table", "a = {}\n[a.b]\n", Kind::Syntax, 3, 1);
        row("a table over a dotted key", "[a]\nb.c = 1\n[a.b]\n", Kind::Syntax, 3, 1);
        row("a header over servers in braces", "mcp_servers = { a = {} }\n[mcp_servers.b]\n", Kind::Syntax, 3, 1);
        row("a number that is none", "a = 1__0\n", Kind::Syntax, 1, 7);
        row("a leading zero", "a = 07\n", Kind::Syntax, 1, 7);
        row("a date that is none", "a = 2026-02-30\n", Kind::Syntax, 1, 15);
        row("an unknown escape", "a = \"\\x41\"\n", Kind::Syntax, 1, 6);
        row("a surrogate", "a = \"\\ud800\"\n", Kind::Syntax, 1, 6);
        row("a control character", "a = \"\001\"\n", Kind::Syntax, 1, 6);
        row("a control character in a comment", "# \177\n", Kind::Syntax, 1, 3);
        row("a carriage return alone", "a = 1\rb = 2\n", Kind::Syntax, 1, 6);
        row("a column behind other letters", "\"\303\251\" = \"\360\237\230\200\" x\n", Kind::Syntax, 1, 11);
        row("JSON", "{\n  \"mcp_servers\": {}\n}\n", Kind::Syntax, 1, 1);
        row("a text for a holder", "a = 1\nmcp_servers = \"x\"\n", Kind::WrongType, 2, 1);
        row("an array for a holder", "mcp_servers = []\n", Kind::WrongType, 1, 1);
        row("an array of tables for a holder", "[[mcp_servers]]\na = 1\n", Kind::WrongType, 1, 3);
        row("an entry of somebody else", "a = 1\n[mcp_servers.countersign]\n", Kind::Exists, 2, 2);
        row("one with a quoted name", "[mcp_servers.\"counter\\u0073ign\"]\n", Kind::Exists, 1, 2);
        row("one in braces", "mcp_servers = { countersign = {} }\n", Kind::Exists, 1, 17);
        row("one by dotted keys", "mcp_servers.countersign.url = \"x\"\n", Kind::Exists, 1, 1);
        row("one by dotted keys in the holder", "[mcp_servers]\n  countersign.url = \"x\"\n", Kind::Exists, 2, 3);
        row("one by a sub-table only", "[mcp_servers.countersign.env]\n", Kind::Exists, 1, 2);
        row("one that is a text", "[mcp_servers]\ncountersign = \"x\"\n", Kind::Exists, 2, 1);
        row("one that is an array of tables", "[[mcp_servers.countersign]]\n", Kind::Exists, 1, 3);
        row("none to take out", "[mcp_servers.other]\n", Kind::Absent, 0, 0, EntryChange::Remove);
        row("none to exchange", "", Kind::Absent, 0, 0, EntryChange::Replace);
    }
    void whatIsNotEditedSaysWhere()
    {
        QFETCH(QByteArray, file);
        QFETCH(EntryChange, change);
        const auto edited = changedFile(file, dialect(), kPlace, change, kEntry, 0);
        QVERIFY2(!edited, told(edited).constData());
        QTEST(edited.error().kind, "kind");
        QTEST(qMakePair(edited.error().line, edited.error().column), "at");
        QVERIFY(edited.error().reason.endsWith(QLatin1Char('.')));
    }
    void aFaultTellsNoValue()
    {
        for (const char *file : {"mcp_servers = \"sk_live_x\"", "a = \"sk_live_x", "a = sk_live_x"}) {
            const auto edited = changedFile(file, dialect(), kPlace, EntryChange::Insert, kEntry, 0);
            QVERIFY(!edited && !edited.error().reason.contains(QLatin1String("sk_live")));
        }
    }
    void aMarkThatTheClientDoesNotReadIsRefused()
    {
        ConfigDialect strict;
        strict.format = kFormat;
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
        const auto edited = changedFile(file, dialect(), kPlace, EntryChange::Insert, kEntry, 0);
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
