// SPDX-FileCopyrightText: 2026 The Countersign authors
// SPDX-License-Identifier: GPL-3.0-or-later
#include "protocol/StrictJson.h"
#include "support/Runner.h"

using namespace mcpcore;

class tst_StrictJson : public QObject
{
    Q_OBJECT
private Q_SLOTS:
    void accepts_data()
    {
        QTest::addColumn<QByteArray>("bytes");
        QTest::newRow("empty object") << QByteArray("{}");
        QTest::newRow("spaces everywhere") << QByteArray(" \n{ \"a\" :\t[ 1 , 2 ] , \"b\":{ } }\r\n");
        QTest::newRow("numbers of any size") << QByteArray("[0,-0,1e400,123456789012345678901234567890,1.000000000000000000001,-0.5E+10]");
        QTest::newRow("surrogate pair") << QByteArray("\"\\ud83d\\ude00\"");
        QTest::newRow("UTF-8 of every length") << QByteArray("\"\xc3\xa9 \xe2\x82\xac \xf0\x9f\x98\x80\"");
        QTest::newRow("the same key in different objects") << QByteArray("{\"a\":{\"a\":1},\"b\":{\"a\":2}}");
        QTest::newRow("64 levels") << QByteArray(64, '[') + QByteArray(64, ']');
        QTest::newRow("scalars") << QByteArray("null");
    }
    void accepts()
    {
        QFETCH(QByteArray, bytes);
        const auto result = checkStrictJson({bytes.constData(), size_t(bytes.size())});
        QVERIFY2(result, result ? "" : qPrintable(result.error().message));
    }
    void refuses_data()
    {
        QTest::addColumn<QByteArray>("bytes");
        QTest::addColumn<QString>("why");
        QTest::newRow("nothing") << QByteArray() << "missing";
        QTest::newRow("text after the value") << QByteArray("{} x") << "after";
        QTest::newRow("duplicate key") << QByteArray("{\"amount\":1,\"amount\":2}") << "twice";
        QTest::newRow("duplicate key written with an escape") << QByteArray("{\"amount\":1,\"\\u0061mount\":2}") << "twice";
        QTest::newRow("duplicate key deep inside") << QByteArray("{\"a\":[{\"b\":1,\"c\":2,\"b\":3}]}") << "twice";
        QTest::newRow("duplicate of a nested object's key after it") << QByteArray("{\"x\":{\"k\":1},\"k\":1,\"k\":2}") << "twice";
        QTest::newRow("65 levels") << QByteArray(65, '[') + QByteArray(65, ']') << "64";
        QTest::newRow("a million levels") << QByteArray(1'000'000, '[') << "64";
        QTest::newRow("lone high surrogate") << QByteArray("\"\\ud83d\"") << "surrogate";
        QTest::newRow("lone low surrogate") << QByteArray("\"\\ude00\"") << "surrogate";
        QTest::newRow("high surrogate twice") << QByteArray("\"\\ud83d\\ud83d\"") << "surrogate";
        QTest::newRow("encoded surrogate") << QByteArray("\"\xed\xa0\x80\"") << "UTF-8";
        QTest::newRow("overlong") << QByteArray("\"\xc0\xaf\"") << "UTF-8";
        QTest::newRow("cut in a character") << QByteArray("\"\xe2\x82") << "UTF-8";
        QTest::newRow("beyond U+10FFFF") << QByteArray("\"\xf4\x90\x80\x80\"") << "UTF-8";
        QTest::newRow("byte order mark") << QByteArray("\xef\xbb\xbf{}") << "value";
        QTest::newRow("leading zero") << QByteArray("01") << "0";
        QTest::newRow("plus sign") << QByteArray("+1") << "value";
        QTest::newRow("no digit after the point") << QByteArray("1.") << "digit";
        QTest::newRow("NaN") << QByteArray("NaN") << "value";
        QTest::newRow("trailing comma in object") << QByteArray("{\"a\":1,}") << "key";
        QTest::newRow("trailing comma in array") << QByteArray("[1,]") << "value";
        QTest::newRow("single quotes") << QByteArray("{'a':1}") << "key";
        QTest::newRow("comment") << QByteArray("{/**/}") << "key";
        QTest::newRow("line break in a string") << QByteArray("\"a\nb\"") << "control";
        QTest::newRow("NUL in a string") << QByteArray("\"a\0b\"", 5) << "control";
        QTest::newRow("unknown escape") << QByteArray("\"\\x41\"") << "escape";
        QTest::newRow("unfinished string") << QByteArray("\"abc") << "end";
        QTest::newRow("unfinished object") << QByteArray("{\"a\":1") << "end";
    }
    void refuses()
    {
        QFETCH(QByteArray, bytes);
        QFETCH(QString, why);
        const auto result = checkStrictJson({bytes.constData(), size_t(bytes.size())});
        QVERIFY(!result);
        QCOMPARE(result.error().kind, Error::Kind::InvalidRequest);
        QVERIFY2(result.error().message.contains(why), qPrintable(result.error().message));
    }
    void manyKeysAreCheckedWithoutSquaringTheWork()
    {
        QByteArray object = "{";
        for (int i = 0; i < 200'000; ++i)
            object += "\"k" + QByteArray::number(i) + "\":0,";
        QVERIFY(checkStrictJson((object + "\"last\":0}").toStdString()));
        QVERIFY(!checkStrictJson((object + "\"k17\":0}").toStdString()));
    }
};

COUNTERSIGN_TEST(tst_StrictJson)
#include "tst_StrictJson.moc"
