// SPDX-FileCopyrightText: 2026 The Countersign authors
// SPDX-License-Identifier: GPL-3.0-or-later
#include "EditProof.h"
#include "GoldenRows.h"
#include "base/Json.h"
#include "clientconfig/ConfigValue.h"
#include "support/Runner.h"

using namespace mcpcore;

namespace {

const Json kEntry{
    {"type", "stdio"}, {"cmd", "/opt/cs"}, {"args", {"--stdio", "no"}}, {"envs", Json::object()}, {"headers", {{"A b", "x\"\\"}}},
    {"enabled", true}, {"timeout", 3600}};
const EntryPlace kPlace{{QStringLiteral("extensions")}, QStringLiteral("countersign")};
constexpr auto kFormat = ConfigDialect::Format::Yaml;

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

class tst_YamlEdits : public QObject
{
    Q_OBJECT
private Q_SLOTS:
    void connectGivesTheFileAfter_data() { addRows("yaml-insert.txt"); }
    void connectGivesTheFileAfter()
    {
        QFETCH(GoldenRow, row);
        const auto connected = changedFile(row.before, row.dialect, row.place, EntryChange::Insert, kEntry, 0);
        QCOMPARE(told(connected), row.after);
        const auto disconnected = changedFile(row.after, row.dialect, row.place, EntryChange::Remove, {}, connected->created);
        QCOMPARE(told(disconnected), row.before);
    }
    void everyEntryLeavesWithoutATrace_data() { addRows("yaml-insert.txt"); }
    void everyEntryLeavesWithoutATrace()
    {
        QFETCH(GoldenRow, row);
        EditProof proof{row.dialect, row.place};
        QCOMPARE(proof.wrong(row.before), QByteArray());
        QCOMPARE(proof.edited, 1);
    }
    void disconnectLeavesWhatIsOfOthers_data() { addRows("yaml-remove.txt"); }
    void disconnectLeavesWhatIsOfOthers()
    {
        QFETCH(GoldenRow, row);
        QCOMPARE(told(changedFile(row.before, row.dialect, row.place, EntryChange::Remove, {}, row.created)), row.after);
    }
    void writingAnewChangesTheValueOnly_data() { addRows("yaml-replace.txt"); }
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
        row("types", "a: true\nb: 1\nc: 1.5\nd: x\ne: [1, y]\nf: {g: 1}\nh: ~\ni:\nj: False\n",
            "{\"a\":true,\"b\":1,\"c\":1.5,\"d\":\"x\",\"e\":[1,\"y\"],\"f\":{\"g\":1},\"h\":null,\"i\":null,\"j\":false}");
        row("what is text", "a: yes\nb: '1'\nc: 1_000\nd: 2026-11-21\ne: 12:30\nf: 1.0.0\ng: !!str 1\n",
            "{\"a\":\"yes\",\"b\":\"1\",\"c\":\"1_000\",\"d\":\"2026-11-21\",\"e\":\"12:30\",\"f\":\"1.0.0\",\"g\":\"1\"}");
        row("numbers JSON has not", "a: 0x1F\nb: 0o17\nc: .inf\nd: 12345678901234567890\ne: .5\n",
            "{\"a\":\"0x1F\",\"b\":\"0o17\",\"c\":\".inf\",\"d\":\"12345678901234567890\",\"e\":\".5\"}");
        row("strings", "a: \"\\u00e9\\t\\\n  b\"\nb: 'it''s'\nc: x\n  y\n", "{\"a\":\"\303\251\\tb\",\"b\":\"it's\",\"c\":\"x y\"}");
        row("text blocks", "a: |\n  x\n    y\n\nb: >-\n  x\n  y\nc: |+\n  x\n\n", "{\"a\":\"x\\n  y\\n\",\"b\":\"x y\",\"c\":\"x\\n\\n\"}");
        row("aliases", "a: &x {b: 1}\nc: *x\nd:\n  <<: *x\n", "{\"a\":{\"b\":1},\"c\":{\"b\":1},\"d\":{\"<<\":{\"b\":1}}}");
        row("tags of its own", "a: !mine 1\nb: !mine [1]\n", "{\"a\":{\"!mine\":\"1\"},\"b\":{\"!mine\":[1]}}");
        row("an empty file", "# nothing\n", "{}");
        row("nested lists", "a:\n- - x\n  - y\n-\n  b: 1\n", "{\"a\":[[\"x\",\"y\"],{\"b\":1}]}");
        row("carriage returns and a mark", "\357\273\277a: 1\r\nb:\r\n- c\r\n", "{\"a\":1,\"b\":[\"c\"]}");
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
        row("a tab in the indentation", "a:\n\tb: 1\n", Kind::Unsupported, 2, 1);
        row("a tab behind a colon", "a:\t1\n", Kind::Unsupported, 1, 3);
        row("two documents", "a: 1\n---\nb: 1\n", Kind::Unsupported, 2, 1);
        row("an end of the document", "a: 1\n...\n", Kind::Unsupported, 2, 1);
        row("directives", "%YAML 1.2\n---\na: 1\n", Kind::Unsupported, 1, 1);
        row("something on the line of the begin", "--- a: 1\n", Kind::Unsupported, 1, 5);
        row("a carriage return alone", "a: 1\rb: 2\n", Kind::Unsupported, 1, 5);
        row("a line separator", "a: x\342\200\250y\n", Kind::Syntax, 1, 5);
        row("a control character", "a: \001\n", Kind::Syntax, 1, 4);
        row("a mark amid the text", "a: \357\273\2771\n", Kind::Syntax, 1, 4);
        row("a key twice", "a: 1\nb:\n  c: 1\n  c: 2\n", Kind::Syntax, 4, 3);
        row("a key twice in braces", "a: {b: 1, b: 2}\n", Kind::Syntax, 1, 11);
        row("not closed", "a: \"x\n  y\n", Kind::Syntax, 1, 4);
        row("a bracket not closed", "a: [1,\n  2\n", Kind::Syntax, 1, 4);
        row("the wrong bracket", "a: [1}\n", Kind::Syntax, 1, 6);
        row("a comma for nothing", "a: [,]\n", Kind::Syntax, 1, 5);
        row("a second key on a line", "a: b: c\n", Kind::Syntax, 1, 4);
        row("a colon amid a value", "a: b\n  c: d\n", Kind::Syntax, 2, 4);
        row("a wrong indentation", "a:\n    b: 1\n  c: 2\n", Kind::Syntax, 3, 3);
        row("a list amid a map", "a: 1\n- b\n", Kind::Syntax, 2, 1);
        row("a line without a colon", "a: 1\nb\n", Kind::Syntax, 2, 1);
        row("something behind quotes", "a: 'x' y\n", Kind::Syntax, 1, 8);
        row("a reserved character", "a: @x\n", Kind::Syntax, 1, 4);
        row("a text block with a wrong line", "a: |\n    x\n  y\n", Kind::Syntax, 3, 3);
        row("a value that looks like an item", "a: x\n  - y\n", Kind::Unsupported, 2, 3);
        row("a key with a question mark", "? a\n: b\n", Kind::Unsupported, 1, 1);
        row("a list for a key", "[a]: b\n", Kind::Unsupported, 1, 4);
        row("an alias for a key", "a: &x b\n*x : c\n", Kind::Syntax, 2, 1);
        row("an anchor in front of a key", "a: &x b: 1\n", Kind::Unsupported, 1, 7);
        row("an anchored key", "&x a: 1\n", Kind::Unsupported, 1, 4);
        row("an alias of nothing", "a: *x\n", Kind::Syntax, 1, 4);
        row("an alias of itself", "a: &x\n  b: *x\n", Kind::Unsupported, 2, 6);
        row("the whole file one text", "just text\n", Kind::WrongType, 1, 1);
        row("a list for a file", "- a\n", Kind::WrongType, 1, 1);
        row("a list for a holder", "a: 1\nextensions:\n- b\n", Kind::WrongType, 2, 1);
        row("a text for a holder", "extensions: x\n", Kind::WrongType, 1, 1);
        row("null for a holder", "extensions: ~\n", Kind::Unsupported, 1, 1);
        row("a holder in braces", "extensions: {a: {}}\n", Kind::Unsupported, 1, 1);
        row("an empty holder on the next line", "extensions:\n  {}\n", Kind::Unsupported, 1, 1);
        row("an empty holder with a space in it", "extensions: { }\n", Kind::Unsupported, 1, 1);
        row("an anchor at the holder", "extensions: &x\n  a: 1\n", Kind::Unsupported, 1, 1);
        row("an alias for a holder", "a: &x {}\nextensions: *x\n", Kind::Unsupported, 2, 1);
        row("a tag at the holder", "extensions: !!map\n  a: 1\n", Kind::Unsupported, 1, 1);
        row("a merge key in the holder", "a: &x {b: 1}\nextensions:\n  <<: *x\n", Kind::Unsupported, 2, 1);
        row("a merge key above the holder", "a: &x {b: 1}\n<<: *x\n", Kind::Unsupported, 1, 1);
        row("spaces behind a text block", "a: |\n  x\n  ", Kind::Unsupported, 3, 1);
        row("a text block without a line end", "a: |\n  x", Kind::Unsupported, 2, 4);
        row("an entry of somebody else", "extensions:\n  # c\n  countersign: 1\n", Kind::Exists, 3, 3);
        row("one with a quoted name", "extensions:\n  \"counter\\x73ign\":\n    a: 1\n", Kind::Exists, 2, 3);
        row("one in braces", "extensions: {countersign: 1}\n", Kind::Exists, 1, 13);
        row("one in braces to take out", "extensions: {countersign: 1}\n", Kind::Unsupported, 1, 13, EntryChange::Remove);
        row("one with an anchor to take out", "extensions:\n  countersign: &x\n    a: 1\n  b: *x\n", Kind::Unsupported, 2, 3,
            EntryChange::Remove);
        row("one with an anchor to exchange", "extensions:\n  countersign: &x\n    a: 1\n", Kind::Unsupported, 2, 3, EntryChange::Replace);
        row("none to take out", "extensions:\n  other: 1\n", Kind::Absent, 0, 0, EntryChange::Remove);
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
        for (const char *file : {"extensions: sk_live_x\n", "a: \"sk_live_x", "a: sk_live_x: y\n"}) {
            const auto edited = changedFile(file, dialect(), kPlace, EntryChange::Insert, kEntry, 0);
            QVERIFY(!edited && !edited.error().reason.contains(QLatin1String("sk_live")));
        }
    }
    void aMarkThatTheClientDoesNotReadIsRefused()
    {
        ConfigDialect strict;
        strict.format = kFormat;
        const auto edited = changedFile("\xEF\xBB\xBF"
                                        "a: 1\n",
                                        strict, kPlace, EntryChange::Insert, kEntry, 0);
        QVERIFY(!edited);
        QCOMPARE(edited.error().kind, ConfigFault::Kind::Encoding);
    }
    void aHugeFileKeepsEveryByte()
    {
        QByteArray file;
        for (int i = 0; file.size() < 300'000; ++i)
            file += "t" + QByteArray::number(i) + ":\n  text: 'x: y' # c\n  list:\n  - 1\n  - [2, 3]\n";
        file += "long: [" + QByteArray("0x1F, ").repeated(50'000) + "]\n";
        EditProof proof{dialect(), kPlace};
        QVERIFY(proof.wrong(file).isEmpty());
        QCOMPARE(proof.edited, 1);
    }
    void aListTakesTheSameWay()
    {
        const EntryPlace list{{QStringLiteral("mcpServers")}, kPlace.name, EntryPlace::Holder::List};
        for (const char *file : {"mcpServers:\n  a: 1\n", "mcpServers: {}\n", "mcpServers: text\n"}) {
            const auto edited = changedFile(file, dialect(), list, EntryChange::Insert, kEntry, 0);
            QVERIFY(!edited);
            QCOMPARE(edited.error().kind, ConfigFault::Kind::WrongType);
        }
        const auto twice =
            changedFile("mcpServers:\n- uses: x\n- 'name': \"countersign\"\n", dialect(), list, EntryChange::Insert, kEntry, 0);
        QVERIFY(!twice);
        QCOMPARE(twice.error().kind, ConfigFault::Kind::Exists);
        QCOMPARE(twice.error().line, 3);
    }
    void ofTwoItemsOfOneNameNoneIsTaken()
    {
        const EntryPlace list{{QStringLiteral("mcpServers")}, kPlace.name, EntryPlace::Holder::List};
        for (const EntryChange change : {EntryChange::Replace, EntryChange::Remove}) {
            const auto edited = changedFile("mcpServers:\n- name: countersign\n- name: countersign\n", dialect(), list, change, kEntry, 0);
            QVERIFY(!edited);
            QCOMPARE(edited.error().kind, ConfigFault::Kind::Unsupported);
            QCOMPARE(edited.error().line, 3);
        }
    }
    void anEmptyFileIsRefusedWhereTheClientDoesNotReadIt()
    {
        ConfigDialect strict = dialect();
        strict.emptyFile = false;
        QVERIFY(!changedFile("# nothing\n", strict, kPlace, EntryChange::Insert, kEntry, 0));
        // The last entry leaves a holder behind, as the client would not read the file without.
        QCOMPARE(told(changedFile("extensions:\n  countersign:\n    a: 1\n", strict, kPlace, EntryChange::Remove, {}, 1)),
                 QByteArray("extensions: {}\n"));
    }
    void aliasesDoNotMakeASmallFileHuge()
    {
        QByteArray file = "a0: &a0 [x, x, x, x, x, x, x, x, x, x]\n";
        for (int i = 1; i < 12; ++i) {
            const QByteArray above = "*a" + QByteArray::number(i - 1);
            file += "a" + QByteArray::number(i) + ": &a" + QByteArray::number(i) + " [" + QByteArrayList(10, above).join(", ") + "]\n";
        }
        const auto meaning = meaningOf(file, dialect());
        QVERIFY(!meaning);
        QCOMPARE(meaning.error().kind, ConfigFault::Kind::Unsupported);
    }
    void nestingHasAnEnd_data()
    {
        QTest::addColumn<QByteArray>("file");
        QByteArray maps;
        for (int i = 0; i < 300; ++i)
            maps += QByteArray(i, ' ') + "a:\n";
        QTest::newRow("maps") << maps;
        QTest::newRow("lists on a line") << "a:\n" + QByteArray("- ").repeated(100'000) + "x\n";
        QTest::newRow("brackets") << "a: " + QByteArray(100'000, '[') + QByteArray(100'000, ']') + '\n';
        QTest::newRow("braces") << "a: " + QByteArray("{a: ").repeated(100'000) + QByteArray(100'000, '}') + '\n';
    }
    void nestingHasAnEnd()
    {
        QFETCH(QByteArray, file);
        const auto edited = changedFile(file, dialect(), kPlace, EntryChange::Insert, kEntry, 0);
        QVERIFY(!edited);
        QCOMPARE(edited.error().kind, ConfigFault::Kind::Unsupported);
    }
};

COUNTERSIGN_TEST(tst_YamlEdits)
#include "tst_YamlEdits.moc"
