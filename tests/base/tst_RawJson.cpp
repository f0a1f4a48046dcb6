// SPDX-FileCopyrightText: 2026 The Countersign authors
// SPDX-License-Identifier: GPL-3.0-or-later
#include "base/RawJson.h"
#include "support/Runner.h"

using namespace mcpcore;

class tst_RawJson : public QObject
{
    Q_OBJECT
private Q_SLOTS:
    void slicesKeepTheBytesTheyArrivedIn()
    {
        const RawJson object(QByteArray(R"( {"b" : 1e2 ,"a":{ "x" : [1, 2 ] }, "n":12345678901234567890, "s":)"
                                        "\"\\u00e9 \\\"q\\\"\"} "));
        const auto members = membersOf(object);
        QVERIFY(members);
        QCOMPARE(members->size(), size_t(4));
        QCOMPARE((*members)[0].key, std::string_view("b"));
        QCOMPARE((*members)[0].value.bytes(), QByteArrayLiteral("1e2"));
        QCOMPARE((*members)[1].value.bytes(), QByteArray(R"({ "x" : [1, 2 ] })"));
        QCOMPARE(memberOf(*members, "n").bytes(), QByteArrayLiteral("12345678901234567890"));
        QCOMPARE(textOf(memberOf(*members, "s")).value(), QStringLiteral("\u00e9 \"q\""));
    }
    void aSliceIsReadableAtAnyPlaceOfItsBuffer()
    {
        QByteArray buffer = QByteArray(R"({"outer":{"inner":[true,null,"x"]}})");
        buffer.squeeze();
        const RawJson inner = memberOf(memberOf(RawJson(buffer), "outer"), "inner");
        const auto elements = elementsOf(inner);
        QVERIFY(elements);
        QCOMPARE(elements->size(), size_t(3));
        QCOMPARE((*elements)[1].bytes(), QByteArrayLiteral("null"));
        padForReading(buffer);
        QCOMPARE(memberOf(memberOf(RawJson(buffer), "outer"), "inner").bytes(), inner.bytes());
    }
    void whatIsNoObjectIsRefused_data()
    {
        QTest::addColumn<QByteArray>("bytes");
        QTest::newRow("empty") << QByteArray();
        QTest::newRow("array") << QByteArrayLiteral("[1]");
        QTest::newRow("unfinished") << QByteArrayLiteral("{\"a\":1");
        QTest::newRow("text after") << QByteArrayLiteral("{\"a\":1} {}");
        QTest::newRow("not UTF-8") << QByteArrayLiteral("{\"a\":\"\xff\"}");
    }
    void whatIsNoObjectIsRefused()
    {
        QFETCH(QByteArray, bytes);
        QVERIFY(!membersOf(RawJson(bytes)));
    }
    void quotingIsUndoneByReading()
    {
        const QString text = QStringLiteral("a\"b\\c\n\t\u0001 \u00e9 \U0001F600");
        QCOMPARE(textOf(RawJson(quoted(text))).value(), text);
    }
};

COUNTERSIGN_TEST(tst_RawJson)
#include "tst_RawJson.moc"
