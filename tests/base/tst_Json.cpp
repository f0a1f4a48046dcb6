// SPDX-FileCopyrightText: 2026 The Countersign authors
// SPDX-License-Identifier: GPL-3.0-or-later
#include "base/Json.h"
#include "support/Runner.h"

using namespace mcpcore;

class tst_Json : public QObject
{
    Q_OBJECT
private Q_SLOTS:
    void errorsNameLineAndColumn()
    {
        const auto result = parseJson("{\n  \"a\": x\n}");
        QVERIFY(!result);
        QVERIFY2(result.error().message.contains(QStringLiteral("line 2, column 8")), qPrintable(result.error().message));
    }
    void deepNestingIsRefusedBeforeParsing()
    {
        QVERIFY(parseJson(std::string(64, '[') + std::string(64, ']')));
        QVERIFY(!parseJson(std::string(65, '[') + std::string(65, ']')));
        QVERIFY(!parseJson(std::string(1'000'000, '[')));
        QVERIFY(parseJson("\"" + std::string(100, '[') + "\""));
    }
    void numbersOutOfRangeAreAnErrorNotAnException() { QVERIFY(!parseJson("1e999")); }
    void canonicalBytesSortAtEveryDepth()
    {
        QCOMPARE(canonicalBytes(*parseJson(R"({"b":1,"a":{"d":[{"z":1,"y":2}],"c":3}})")),
                 QByteArray(R"({"a":{"c":3,"d":[{"y":2,"z":1}]},"b":1})"));
        QVERIFY(sameJson(*parseJson(R"({"a":1,"b":2})"), *parseJson(R"({"b":2,"a":1})")));
    }
    void bytesKeepTheOrderOfKeys() { QCOMPARE(toBytes(*parseJson(R"({"b":1, "a":2})")), QByteArray(R"({"b":1,"a":2})")); }
};

COUNTERSIGN_TEST(tst_Json)
#include "tst_Json.moc"
