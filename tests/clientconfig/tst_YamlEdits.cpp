// SPDX-FileCopyrightText: 2026 The Countersign authors
// SPDX-License-Identifier: GPL-3.0-or-later
#include "EditProof.h"
#include "LineEdits.h"
#include "clientconfig/ConfigValue.h"
#include "support/Runner.h"

using namespace mcpcore;

namespace {

const Json kEntry{
    {"type", "stdio"}, {"cmd", "/opt/cs"}, {"args", {"--stdio", "no"}}, {"envs", Json::object()}, {"headers", {{"A b", "x\"\\"}}},
    {"enabled", true}, {"timeout", 3600}};
const EntryPlace kPlace{{QStringLiteral("extensions")}, QStringLiteral("countersign")};

} // namespace

class tst_YamlEdits : public LineEdits
{
    Q_OBJECT
public:
    tst_YamlEdits() : LineEdits(ConfigDialect::Format::Yaml, QStringLiteral("yaml"), kEntry, kPlace) {}

private Q_SLOTS:
    void whatStandsInTheFileIsUnderstood_data()
    {
        addMeaningColumns();
        addMeaning("types", "a: true\nb: 1\nc: 1.5\nd: x\ne: [1, y]\nf: {g: 1}\nh: ~\ni:\nj: False\n",
                   "{\"a\":true,\"b\":1,\"c\":1.5,\"d\":\"x\",\"e\":[1,\"y\"],\"f\":{\"g\":1},\"h\":null,\"i\":null,\"j\":false}");
        addMeaning("what is text", "a: yes\nb: '1'\nc: 1_000\nd: 2026-11-21\ne: 12:30\nf: 1.0.0\ng: !!str 1\n",
                   "{\"a\":\"yes\",\"b\":\"1\",\"c\":\"1_000\",\"d\":\"2026-11-21\",\"e\":\"12:30\",\"f\":\"1.0.0\",\"g\":\"1\"}");
        addMeaning("numbers JSON has not", "a: 0x1F\nb: 0o17\nc: .inf\nd: 12345678901234567890\ne: .5\n",
                   "{\"a\":\"0x1F\",\"b\":\"0o17\",\"c\":\".inf\",\"d\":\"12345678901234567890\",\"e\":\".5\"}");
        addMeaning("strings", "a: \"\\u00e9\\t\\\n  b\"\nb: 'it''s'\nc: x\n  y\n", "{\"a\":\"\303\251\\tb\",\"b\":\"it's\",\"c\":\"x y\"}");
        addMeaning("text blocks", "a: |\n  x\n    y\n\nb: >-\n  x\n  y\nc: |+\n  x\n\n",
                   "{\"a\":\"x\\n  y\\n\",\"b\":\"x y\",\"c\":\"x\\n\\n\"}");
        addMeaning("aliases", "a: &x {b: 1}\nc: *x\nd:\n  <<: *x\n", "{\"a\":{\"b\":1},\"c\":{\"b\":1},\"d\":{\"<<\":{\"b\":1}}}");
        addMeaning("tags of its own", "a: !mine 1\nb: !mine [1]\n", "{\"a\":{\"!mine\":\"1\"},\"b\":{\"!mine\":[1]}}");
        addMeaning("an empty file", "# nothing\n", "{}");
        addMeaning("nested lists", "a:\n- - x\n  - y\n-\n  b: 1\n", "{\"a\":[[\"x\",\"y\"],{\"b\":1}]}");
        addMeaning("carriage returns and a mark", "\357\273\277a: 1\r\nb:\r\n- c\r\n", "{\"a\":1,\"b\":[\"c\"]}");
    }
    void whatIsNotEditedSaysWhere_data()
    {
        addFaultColumns();
        addFault("a tab in the indentation", "a:\n\tb: 1\n", Kind::Unsupported, 2, 1);
        addFault("a tab behind a colon", "a:\t1\n", Kind::Unsupported, 1, 3);
        addFault("two documents", "a: 1\n---\nb: 1\n", Kind::Unsupported, 2, 1);
        addFault("an end of the document", "a: 1\n...\n", Kind::Unsupported, 2, 1);
        addFault("directives", "%YAML 1.2\n---\na: 1\n", Kind::Unsupported, 1, 1);
        addFault("something on the line of the begin", "--- a: 1\n", Kind::Unsupported, 1, 5);
        addFault("a carriage return alone", "a: 1\rb: 2\n", Kind::Unsupported, 1, 5);
        addFault("a line separator", "a: x\342\200\250y\n", Kind::Syntax, 1, 5);
        addFault("a control character", "a: \001\n", Kind::Syntax, 1, 4);
        addFault("a mark amid the text", "a: \357\273\2771\n", Kind::Syntax, 1, 4);
        addFault("a key twice", "a: 1\nb:\n  c: 1\n  c: 2\n", Kind::Syntax, 4, 3);
        addFault("a key twice in braces", "a: {b: 1, b: 2}\n", Kind::Syntax, 1, 11);
        addFault("not closed", "a: \"x\n  y\n", Kind::Syntax, 1, 4);
        addFault("a bracket not closed", "a: [1,\n  2\n", Kind::Syntax, 1, 4);
        addFault("the wrong bracket", "a: [1}\n", Kind::Syntax, 1, 6);
        addFault("a comma for nothing", "a: [,]\n", Kind::Syntax, 1, 5);
        addFault("a second key on a line", "a: b: c\n", Kind::Syntax, 1, 4);
        addFault("a colon amid a value", "a: b\n  c: d\n", Kind::Syntax, 2, 4);
        addFault("a wrong indentation", "a:\n    b: 1\n  c: 2\n", Kind::Syntax, 3, 3);
        addFault("a list amid a map", "a: 1\n- b\n", Kind::Syntax, 2, 1);
        addFault("a line without a colon", "a: 1\nb\n", Kind::Syntax, 2, 1);
        addFault("something behind quotes", "a: 'x' y\n", Kind::Syntax, 1, 8);
        addFault("a reserved character", "a: @x\n", Kind::Syntax, 1, 4);
        addFault("a text block with a wrong line", "a: |\n    x\n  y\n", Kind::Syntax, 3, 3);
        addFault("a value that looks like an item", "a: x\n  - y\n", Kind::Unsupported, 2, 3);
        addFault("a key with a question mark", "? a\n: b\n", Kind::Unsupported, 1, 1);
        addFault("a list for a key", "[a]: b\n", Kind::Unsupported, 1, 4);
        addFault("an alias for a key", "a: &x b\n*x : c\n", Kind::Syntax, 2, 1);
        addFault("an anchor in front of a key", "a: &x b: 1\n", Kind::Unsupported, 1, 7);
        addFault("an anchored key", "&x a: 1\n", Kind::Unsupported, 1, 4);
        addFault("an alias of nothing", "a: *x\n", Kind::Syntax, 1, 4);
        addFault("an alias of itself", "a: &x\n  b: *x\n", Kind::Unsupported, 2, 6);
        addFault("the whole file one text", "just text\n", Kind::WrongType, 1, 1);
        addFault("a list for a file", "- a\n", Kind::WrongType, 1, 1);
        addFault("a list for a holder", "a: 1\nextensions:\n- b\n", Kind::WrongType, 2, 1);
        addFault("a text for a holder", "extensions: x\n", Kind::WrongType, 1, 1);
        addFault("null for a holder", "extensions: ~\n", Kind::Unsupported, 1, 1);
        addFault("a holder in braces", "extensions: {a: {}}\n", Kind::Unsupported, 1, 1);
        addFault("an empty holder on the next line", "extensions:\n  {}\n", Kind::Unsupported, 1, 1);
        addFault("an empty holder with a space in it", "extensions: { }\n", Kind::Unsupported, 1, 1);
        addFault("an anchor at the holder", "extensions: &x\n  a: 1\n", Kind::Unsupported, 1, 1);
        addFault("an alias for a holder", "a: &x {}\nextensions: *x\n", Kind::Unsupported, 2, 1);
        addFault("a tag at the holder", "extensions: !!map\n  a: 1\n", Kind::Unsupported, 1, 1);
        addFault("a merge key in the holder", "a: &x {b: 1}\nextensions:\n  <<: *x\n", Kind::Unsupported, 2, 1);
        addFault("a merge key above the holder", "a: &x {b: 1}\n<<: *x\n", Kind::Unsupported, 1, 1);
        addFault("spaces behind a text block", "a: |\n  x\n  ", Kind::Unsupported, 3, 1);
        addFault("a text block without a line end", "a: |\n  x", Kind::Unsupported, 2, 4);
        addFault("an entry of somebody else", "extensions:\n  # c\n  countersign: 1\n", Kind::Exists, 3, 3);
        addFault("one with a quoted name", "extensions:\n  \"counter\\x73ign\":\n    a: 1\n", Kind::Exists, 2, 3);
        addFault("one in braces", "extensions: {countersign: 1}\n", Kind::Exists, 1, 13);
        addFault("one in braces to take out", "extensions: {countersign: 1}\n", Kind::Unsupported, 1, 13, EntryChange::Remove);
        addFault("one with an anchor to take out", "extensions:\n  countersign: &x\n    a: 1\n  b: *x\n", Kind::Unsupported, 2, 3,
                 EntryChange::Remove);
        addFault("one with an anchor to exchange", "extensions:\n  countersign: &x\n    a: 1\n", Kind::Unsupported, 2, 3,
                 EntryChange::Replace);
        addFault("none to take out", "extensions:\n  other: 1\n", Kind::Absent, 0, 0, EntryChange::Remove);
        addFault("none to exchange", "", Kind::Absent, 0, 0, EntryChange::Replace);
    }
    void aFaultTellsNoValue()
    {
        for (const char *file : {"extensions: sk_live_x\n", "a: \"sk_live_x", "a: sk_live_x: y\n"}) {
            const auto edited = inserted(file);
            QVERIFY(!edited && !edited.error().reason.contains(QLatin1String("sk_live")));
        }
    }
    void aMarkThatTheClientDoesNotReadIsRefused()
    {
        ConfigDialect strict;
        strict.format = m_format;
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
        const auto edited = inserted(file);
        QVERIFY(!edited);
        QCOMPARE(edited.error().kind, ConfigFault::Kind::Unsupported);
    }
};

COUNTERSIGN_TEST(tst_YamlEdits)
#include "tst_YamlEdits.moc"
