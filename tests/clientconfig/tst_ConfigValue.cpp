// SPDX-FileCopyrightText: 2026 The Countersign authors
// SPDX-License-Identifier: GPL-3.0-or-later
#include "base/Json.h"
#include "clientconfig/ConfigDocument.h"
#include "clientconfig/ConfigValue.h"
#include "support/Runner.h"

using namespace mcpcore;

namespace {

constexpr ConfigDialect kAll{ConfigDialect::Format::Jsonc, true, true, true, true};

ConfigValue meaning(const QByteArray &file)
{
    return meaningOf(file, kAll).value_or(ConfigValue{});
}

bool same(const char *left, const char *right)
{
    return sameMeaning(meaning(left), meaning(right));
}

} // namespace

class tst_ConfigValue : public QObject
{
    Q_OBJECT
private Q_SLOTS:
    void theLastOfANameCounts()
    {
        const ConfigValue value = meaning("{\"a\": {\"b\": 1}, \"a\": {\"b\": 2, \"b\": 3}, \"c.d\": 4}");
        QCOMPARE(value.members.size(), size_t(3));
        QCOMPARE(value.at({QStringLiteral("a"), QStringLiteral("b")})->text, QByteArray("3"));
        QCOMPARE(value.at({QStringLiteral("c.d")})->text, QByteArray("4"));
        QVERIFY(!value.at({QStringLiteral("c"), QStringLiteral("d")}));
        QCOMPARE(value.at({}), &value);
    }
    void numbersAreKeptAsTheyAreWritten()
    {
        const ConfigValue value = meaning("[0, -0, 1.10, 1E+2, 12345678901234567890, 1e400, 0.1e-999, 123456789012345678901234567890]");
        QByteArrayList literals;
        for (const ConfigValue &item : value.items)
            literals.append(item.text);
        QCOMPARE(literals.join(' '), QByteArray("0 -0 1.10 1E+2 12345678901234567890 1e400 0.1e-999 123456789012345678901234567890"));
        QVERIFY(!same("[-0]", "[0]"));
        QVERIFY(!same("[1e400]", "[1e401]"));
        QVERIFY(!same("[12345678901234567890]", "[12345678901234567891]"));
    }
    void halvesOfPairsStayApart()
    {
        QVERIFY(same("[\"\\ud83d\"]", "[\"\\uD83D\"]"));
        QVERIFY(!same("[\"\\ud83d\"]", "[\"\\ud83e\"]"));
        QVERIFY(!same("[\"\\udd11\"]", "[\"\uFFFD\"]"));
        QVERIFY(same("[\"\\ud83d\\udd11\"]", "[\"\U0001F511\"]"));
    }
    void commentsAndSpaceMeanNothing() { QVERIFY(same("{\"a\":[1,2]}", "// x\n{ \"a\" /* y */ : [ 1, 2, ], }")); }
    void orderCountsAmongMembersOfOneNameOnly()
    {
        QVERIFY(same("{\"a\": 1, \"b\": 2}", "{\"b\": 2, \"a\": 1}"));
        QVERIFY(!same("{\"a\": 1, \"a\": 2}", "{\"a\": 2, \"a\": 1}"));
        QVERIFY(!same("{\"a\": 1, \"a\": 1}", "{\"a\": 1}"));
        QVERIFY(!same("[1, 2]", "[2, 1]"));
        QVERIFY(!same("[\"1\"]", "[1]"));
        QVERIFY(!same("[null]", "[]"));
        QVERIFY(!same("[[]]", "[{}]"));
    }
    void jsonKeepsNumbersThatReadersKeep()
    {
        const Json json = toJson(meaning("[1, -7, 1.5, true, null, \"x\", 9007199254740993, 1e400, -0, 0.12345678901234567]"));
        QCOMPARE(QByteArray::fromStdString(json.dump()),
                 QByteArray("[1,-7,1.5,true,null,\"x\",\"9007199254740993\",\"1e400\",\"-0\",\"0.12345678901234567\"]"));
        QVERIFY(sameMeaning(configValue(Json{{"a", {1, "x", nullptr, 2.5}}}), meaning("{\"a\": [1, \"x\", null, 2.5]}")));
    }
    void editsAreAppliedToTheOriginal()
    {
        QCOMPARE(applied("0123456789", {{0, 0, "a"}, {2, 3, ""}, {5, 1, "bc"}, {10, 0, "d"}}), QByteArray("a01bc6789d"));
        QCOMPARE(applied("x", {}), QByteArray("x"));
    }
};

COUNTERSIGN_TEST(tst_ConfigValue)
#include "tst_ConfigValue.moc"
