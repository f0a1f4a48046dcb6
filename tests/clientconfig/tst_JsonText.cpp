// SPDX-FileCopyrightText: 2026 The Countersign authors
// SPDX-License-Identifier: GPL-3.0-or-later
#include "clientconfig/ConfigBytes.h"
#include "clientconfig/ConfigValue.h"
#include "clientconfig/JsonText.h"
#include "support/Runner.h"

using namespace mcpcore;

namespace {

using Fault = ConfigFault::Kind;

constexpr ConfigDialect kStrict{};
constexpr ConfigDialect kComments{ConfigDialect::Format::Jsonc, true, false, false, false};
constexpr ConfigDialect kCommas{ConfigDialect::Format::Jsonc, false, true, false, false};
constexpr ConfigDialect kMark{ConfigDialect::Format::Jsonc, false, false, true, false};
constexpr ConfigDialect kEmpty{ConfigDialect::Format::Jsonc, false, false, false, true};
constexpr ConfigDialect kAll{ConfigDialect::Format::Jsonc, true, true, true, true};

QByteArray nested(int depth)
{
    return QByteArray(depth, '[') + QByteArray(depth, ']');
}

} // namespace

Q_DECLARE_METATYPE(mcpcore::ConfigDialect)
Q_DECLARE_METATYPE(mcpcore::ConfigFault::Kind)

class tst_JsonText : public QObject
{
    Q_OBJECT
private Q_SLOTS:
    void everythingHasItsPlace()
    {
        const auto text = JsonText::read("{ \"a\" : [1, true ,] , \"b\\u0041\":{}}", kAll);
        QVERIFY(text);
        const auto at = [&](size_t i) {
            return QList<qsizetype>{(*text)[i].keyStart, (*text)[i].keyEnd, (*text)[i].start, (*text)[i].end, (*text)[i].comma};
        };
        QCOMPARE(at(0), (QList<qsizetype>{-1, -1, 0, 35, -1}));
        QCOMPARE(at(1), (QList<qsizetype>{2, 5, 8, 19, 20}));
        QCOMPARE(at(2), (QList<qsizetype>{-1, -1, 9, 10, 10}));
        QCOMPARE(at(3), (QList<qsizetype>{-1, -1, 12, 16, 17}));
        QCOMPARE(at(4), (QList<qsizetype>{22, 31, 32, 34, -1}));
        QCOMPARE(text->children(0), (std::vector<size_t>{1, 4}));
        QCOMPARE(text->children(1), (std::vector<size_t>{2, 3}));
        QCOMPARE(text->key((*text)[4]), QByteArray("bA"));
    }
    void namesAreReadWithTheirEscapes_data()
    {
        QTest::addColumn<QByteArray>("written");
        QTest::addColumn<QByteArray>("meant");
        QTest::newRow("plain") << QByteArray("mcpServers") << QByteArray("mcpServers");
        QTest::newRow("letters") << QByteArray("\\\"\\\\\\/\\b\\f\\n\\r\\t") << QByteArray("\"\\/\b\f\n\r\t");
        QTest::newRow("numbers") << QByteArray("mcp\\u0053er\\u00e9s") << QByteArray("mcpSer\u00e9s");
        QTest::newRow("a pair") << QByteArray("\\uD83D\\udd11\u00e9") << QByteArray("\U0001F511\u00e9");
        QTest::newRow("half a pair") << QByteArray("a\\ud83d") << QByteArray("a\uFFFD");
        QTest::newRow("zero") << QByteArray("a\\u0000b") << QByteArray("a\0b", 3);
    }
    void namesAreReadWithTheirEscapes()
    {
        QFETCH(QByteArray, written);
        const auto text = JsonText::read("{\"" + written + "\":\"" + written + "\"}", kStrict);
        QVERIFY(text);
        QTEST(text->key((*text)[1]), "meant");
        QTEST(text->text((*text)[1]), "meant");
    }

    void whatAClientRefusesIsAFaultWithItsPlace_data()
    {
        QTest::addColumn<QByteArray>("file");
        QTest::addColumn<ConfigDialect>("dialect");
        QTest::addColumn<Fault>("kind");
        QTest::addColumn<QPair<int, int>>("at");
        const auto row = [](const char *name, QByteArray file, ConfigDialect dialect, Fault kind, int line, int column) {
            QTest::newRow(name) << file << dialect << kind << qMakePair(line, column);
        };
        row("a line comment", "{\n  // a\n}", kStrict, Fault::Syntax, 2, 3);
        row("a block comment", "{}\n/* a */", kStrict, Fault::Syntax, 2, 1);
        row("a comment that is not closed", "{\n}/* a", kAll, Fault::Syntax, 2, 2);
        row("a comment that is only opened", "{}/*/", kAll, Fault::Syntax, 1, 3);
        row("a comment with a hash", "# a\n{}", kAll, Fault::Syntax, 1, 1);
        row("a slash", "{} /", kAll, Fault::Syntax, 1, 4);
        row("a line comment that a return alone ends", "{ // a\r}", kAll, Fault::Unsupported, 1, 3);
        row("a line comment with a line separator", "{ // a\u2028\n}", kAll, Fault::Unsupported, 1, 3);
        row("a comma behind the last member", "{\"a\": 1,\r\n}", kComments, Fault::Syntax, 1, 8);
        row("a comma behind the last item", "[1 , ]", kComments, Fault::Syntax, 1, 4);
        row("a comma alone", "[,]", kAll, Fault::Syntax, 1, 2);
        row("a comma alone in an object", "{,}", kAll, Fault::Syntax, 1, 2);
        row("two commas", "[1,,]", kAll, Fault::Syntax, 1, 4);
        row("a byte order mark", "\xEF\xBB\xBF{}", kComments, Fault::Syntax, 1, 1);
        row("two byte order marks", "\xEF\xBB\xBF\xEF\xBB\xBF{}", kAll, Fault::Syntax, 1, 1);
        row("an empty file", "", kMark, Fault::Syntax, 1, 1);
        row("a file of blanks", " \n ", kMark, Fault::Syntax, 2, 2);
        row("a file of comments", "// a\n", kAll, Fault::Unsupported, 2, 1);
        row("no comma", "{\"a\": 1\n \"b\": 2}", kAll, Fault::Syntax, 2, 2);
        row("no comma in a list", "[1 2]", kAll, Fault::Syntax, 1, 4);
        row("no colon", "{\"a\" 1}", kAll, Fault::Syntax, 1, 6);
        row("no value", "{\"a\": }", kAll, Fault::Syntax, 1, 7);
        row("no name", "{\"a\": 1, 2}", kAll, Fault::Syntax, 1, 10);
        row("a name without quotes", "{a: 1}", kAll, Fault::Syntax, 1, 2);
        row("single quotes", "{'a': 1}", kAll, Fault::Syntax, 1, 2);
        row("a word", "{\"a\": True}", kAll, Fault::Syntax, 1, 7);
        row("a word that goes on", "[nullx]", kAll, Fault::Syntax, 1, 2);
        row("not a number", "[NaN]", kAll, Fault::Syntax, 1, 2);
        row("an object that is not closed", "{\n  \"a\": {\n", kAll, Fault::Syntax, 2, 8);
        row("a list that is not closed", "[1,", kAll, Fault::Syntax, 1, 1);
        row("another bracket", "{\"a\": [1}}", kAll, Fault::Syntax, 1, 9);
        row("a bracket too many", "{}}", kAll, Fault::Syntax, 1, 3);
        row("two documents", "{}\n{}", kAll, Fault::Syntax, 2, 1);
        row("a text without an end", "{\"a\": \"b\n}", kAll, Fault::Syntax, 1, 7);
        row("a text to the end", "[\"b", kAll, Fault::Syntax, 1, 2);
        row("a tab in a text", "[\"\u00e9\tb\"]", kAll, Fault::Syntax, 1, 4);
        row("a zero in a text", QByteArray("[\"a\0\"]", 6), kAll, Fault::Syntax, 1, 4);
        row("a zero behind the end", QByteArray("{}\0x", 4), kAll, Fault::Syntax, 1, 3);
        row("no escape", "[\"C:\\dir\"]", kAll, Fault::Syntax, 1, 5);
        row("an escape of three digits", "[\"\\u12g4\"]", kAll, Fault::Syntax, 1, 3);
        row("an escape to the end", "[\"\\u12", kAll, Fault::Syntax, 1, 3);
        row("a zero for an escape", QByteArray("[\"\\\0\"]", 6), kAll, Fault::Syntax, 1, 3);
        row("a backslash at the end", "[\"\\", kAll, Fault::Syntax, 1, 3);
        row("a zero before a number", "[01]", kAll, Fault::Syntax, 1, 2);
        row("a plus", "[+1]", kAll, Fault::Syntax, 1, 2);
        row("a hexadecimal number", "[0x1F]", kAll, Fault::Syntax, 1, 2);
        row("a number without a fraction", "[1.]", kAll, Fault::Syntax, 1, 2);
        row("a number without digits", "[-]", kAll, Fault::Syntax, 1, 2);
        row("a number without an exponent", "[1e+]", kAll, Fault::Syntax, 1, 2);
        row("a number of two points", "[1.2.3]", kAll, Fault::Syntax, 1, 2);
        row("a form feed", "{\f}", kAll, Fault::Syntax, 1, 2);
        row("a space that does not break", "{\u00a0}", kAll, Fault::Syntax, 1, 2);
        row("a form feed alone", "\f", kAll, Fault::Syntax, 1, 1);
        row("too deep", "\n" + nested(65), kAll, Fault::Unsupported, 2, 65);
        row("UTF-16", QByteArray("\xFF\xFE{\0}\0", 6), kAll, Fault::Encoding, 0, 0);
        row("UTF-16 from the big end", QByteArray("\xFE\xFF\0{\0}", 6), kAll, Fault::Encoding, 0, 0);
        row("UTF-16 without a mark", QByteArray("{\0}\0", 4), kAll, Fault::Encoding, 0, 0);
        row("UTF-16 from the big end without a mark", QByteArray("\0{\0}", 4), kAll, Fault::Encoding, 0, 0);
        row("UTF-32", QByteArray("\xFF\xFE\0\0{\0\0\0", 8), kAll, Fault::Encoding, 0, 0);
        row("UTF-32 from the big end without a mark", QByteArray("\0\0\0{", 4), kAll, Fault::Encoding, 0, 0);
        row("Latin-1", "{\"\xC3\xA9\": \"\xE9\"}", kAll, Fault::Encoding, 1, 8);
        row("Latin-1 in a comment", "{}\n// \xE9\n", kAll, Fault::Encoding, 2, 4);
        row("an overlong slash", "[\"\xC0\xAF\"]", kAll, Fault::Encoding, 1, 3);
        row("a surrogate", "[\"\xED\xA0\x80\"]", kAll, Fault::Encoding, 1, 3);
        row("behind the last character", "[\"\xF4\x90\x80\x80\"]", kAll, Fault::Encoding, 1, 3);
        row("a cut character", "[\"\xE2\x82", kAll, Fault::Encoding, 1, 3);
        row("columns count characters", "{\"\u00e9\U0001F511\": x}", kAll, Fault::Syntax, 1, 8);
        row("lines end in three ways", "{\r\n\r\n\n x}", kAll, Fault::Syntax, 4, 2);
        row("lines end in returns", "{\r\r x}", kAll, Fault::Syntax, 3, 2);
        row("a byte order mark is no column", "\xEF\xBB\xBF{x}", kAll, Fault::Syntax, 1, 2);
    }
    void whatAClientRefusesIsAFaultWithItsPlace()
    {
        QFETCH(QByteArray, file);
        QFETCH(ConfigDialect, dialect);
        const auto text = JsonText::read(file, dialect);
        QVERIFY(!text);
        QTEST(text.error().kind, "kind");
        QTEST(qMakePair(text.error().line, text.error().column), "at");
        QVERIFY(text.error().reason.endsWith(QLatin1Char('.')));
        QVERIFY(!meaningOf(file, dialect) || text.error().kind == Fault::Unsupported); // the second reader agrees
    }

    void eachClientReadsItsOwn_data()
    {
        QTest::addColumn<QByteArray>("file");
        QTest::addColumn<QList<bool>>("isRead"); // by kStrict, kComments, kCommas, kMark, kEmpty, kAll
        const auto row = [](const char *name, QByteArray file, QList<bool> isRead) { QTest::newRow(name) << file << isRead; };
        row("an object", "{\"a\": [1, -0, 1e400, \"\"]}", {true, true, true, true, true, true});
        row("a line comment", "{} // a", {false, true, false, false, false, true});
        row("a block comment", "/**/{/***/}", {false, true, false, false, false, true});
        row("a last comma", "{\"a\": [1,],}", {false, false, true, false, false, true});
        row("a last comma and a comment", "[1, /* */ ]", {false, false, false, false, false, true});
        row("a byte order mark", "\xEF\xBB\xBF{}", {false, false, false, true, false, true});
        row("nothing", "", {false, false, false, false, true, true});
        row("white space", " \t\r\n", {false, false, false, false, true, true});
        row("a byte order mark alone", "\xEF\xBB\xBF", {false, false, false, false, false, true});
        row("slashes in a text", "[\"//\", \"/*\", \",]\"]", {true, true, true, true, true, true});
        row("64 levels", nested(64), {true, true, true, true, true, true});
        row("half a surrogate pair", "[\"\\ud83d\", \"\\udd11x\", \"\\ud83d\\ud83d\\udd11\"]", {true, true, true, true, true, true});
    }
    void eachClientReadsItsOwn()
    {
        QFETCH(QByteArray, file);
        QFETCH(QList<bool>, isRead);
        const ConfigDialect dialects[] = {kStrict, kComments, kCommas, kMark, kEmpty, kAll};
        for (qsizetype i = 0; i < isRead.size(); ++i) {
            QCOMPARE(JsonText::read(file, dialects[i]).has_value(), isRead[i]);
            QCOMPARE(meaningOf(file, dialects[i]).has_value(), isRead[i]);
        }
    }

    void lineEndsAreThoseOfMostLines()
    {
        QCOMPARE(lineEndOf("{}"), QByteArray("\n"));
        QCOMPARE(lineEndOf("a\r\nb\n"), QByteArray("\n"));
        QCOMPARE(lineEndOf("a\r\nb\nc\r\n"), QByteArray("\r\n"));
    }
};

COUNTERSIGN_TEST(tst_JsonText)
#include "tst_JsonText.moc"
