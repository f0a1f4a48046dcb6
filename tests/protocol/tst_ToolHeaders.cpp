// SPDX-FileCopyrightText: 2026 The Countersign authors
// SPDX-License-Identifier: GPL-3.0-or-later
#include "protocol/HeaderValue.h"
#include "protocol/ToolHeaders.h"
#include "support/Runner.h"
#include <QTest>

using namespace mcpcore;

class tst_ToolHeaders : public QObject
{
    Q_OBJECT

    static RawJson tool(const QByteArray &properties, const QByteArray &more = {})
    {
        return RawJson("{\"name\":\"t\",\"inputSchema\":{\"type\":\"object\",\"properties\":{" + properties + "}" + more + "}}");
    }
    static QByteArrayList fields(const RawJson &definition, const QByteArray &arguments)
    {
        const auto headers = toolHeadersOf(definition);
        return headers ? toolHeaderFields(*headers, RawJson(arguments)) : QByteArrayList{"invalid"};
    }

private Q_SLOTS:
    void aValueComesBackAsItWas_data()
    {
        QTest::addColumn<QByteArray>("value");
        QTest::addColumn<QByteArray>("field");
        QTest::newRow("plain") << QByteArray("us-west 1") << QByteArray("us-west 1");
        QTest::newRow("empty") << QByteArray("") << QByteArray("");
        QTest::newRow("space before") << QByteArray(" a") << QByteArray("=?base64?IGE=?=");
        QTest::newRow("space after") << QByteArray("a ") << QByteArray("=?base64?YSA=?=");
        QTest::newRow("line break") << QByteArray("a\r\nX: y") << QByteArray("=?base64?YQ0KWDogeQ==?=");
        QTest::newRow("tab") << QByteArray("a\tb") << QByteArray("=?base64?YQli?=");
        QTest::newRow("not ASCII") << QByteArray("\xE4\xB8\x96") << QByteArray("=?base64?5LiW?=");
        QTest::newRow("delete") << QByteArray("\x7f") << QByteArray("=?base64?fw==?=");
        QTest::newRow("looks wrapped") << QByteArray("=?base64?x?=") << QByteArray("=?base64?PT9iYXNlNjQ/eD89?=");
    }
    void aValueComesBackAsItWas()
    {
        QFETCH(QByteArray, value);
        QFETCH(QByteArray, field);
        QCOMPARE(encodedHeaderValue(value.toStdString()), field);
        QCOMPARE(decodedHeaderValue(field.toStdString()), std::optional(value));
    }
    void badBase64IsNoValue()
    {
        QVERIFY(!decodedHeaderValue("=?base64?!!!!?="));
        QVERIFY(decodedHeaderValue("=?base64?"
                                   "?=")
                    ->isEmpty());
        QCOMPARE(*decodedHeaderValue("=?base64?="), QByteArray("=?base64?=")); // too short to be wrapped
    }
    void annotatedArgumentsAreRepeated_data()
    {
        QTest::addColumn<QByteArray>("properties");
        QTest::addColumn<QByteArray>("arguments");
        QTest::addColumn<QByteArrayList>("expected");
        const auto property = [](const char *name, const char *type, const char *header) {
            return "\"" + QByteArray(name) + "\":{\"type\":\"" + type + "\",\"x-mcp-header\":\"" + header + "\"}";
        };
        QTest::newRow("types") << property("s", "string", "S") + ',' + property("i", "integer", "I") + ',' + property("b", "boolean", "B")
                               << QByteArray("{\"b\":false,\"i\":42,\"s\":\"x\"}")
                               << QByteArrayList{"Mcp-Param-S: x", "Mcp-Param-I: 42", "Mcp-Param-B: false"};
        QTest::newRow("empty") << property("s", "string", "S") << QByteArray("{\"s\":\"\"}") << QByteArrayList{"Mcp-Param-S: "};
        QTest::newRow("null") << property("s", "string", "S") << QByteArray("{\"s\":null}") << QByteArrayList();
        QTest::newRow("absent") << property("s", "string", "S") << QByteArray("{}") << QByteArrayList();
        QTest::newRow("no arguments") << property("s", "string", "S") << QByteArray() << QByteArrayList();
        QTest::newRow("escaped key") << property("s", "string", "S") << QByteArray("{\"\\u0073\":\"x\"}")
                                     << QByteArrayList{"Mcp-Param-S: x"};
        QTest::newRow("whole number") << property("i", "integer", "I") << QByteArray("{\"i\":1e2}") << QByteArrayList{"Mcp-Param-I: 100"};
        QTest::newRow("nested") << "\"o\":{\"type\":\"object\",\"properties\":{" + property("s", "string", "S") + "}}"
                                << QByteArray("{\"o\":{\"s\":\"x\"}}") << QByteArrayList{"Mcp-Param-S: x"};
        QTest::newRow("named like the annotation")
            << QByteArray("\"x-mcp-header\":{\"type\":\"string\"}") << QByteArray("{\"x-mcp-header\":\"x\"}") << QByteArrayList();
        QTest::newRow("only data") << QByteArray("\"s\":{\"type\":\"object\",\"default\":{\"x-mcp-header\":\"S\"}}") << QByteArray("{}")
                                   << QByteArrayList();
    }
    void annotatedArgumentsAreRepeated()
    {
        QFETCH(QByteArray, properties);
        QFETCH(QByteArray, arguments);
        QFETCH(QByteArrayList, expected);
        QCOMPARE(fields(tool(properties), arguments), expected);
    }
    void anInvalidAnnotationIsFound_data()
    {
        QTest::addColumn<QByteArray>("properties");
        QTest::addColumn<QByteArray>("more");
        const QByteArray header = "\"x-mcp-header\":\"S\"";
        QTest::newRow("empty") << QByteArray("\"s\":{\"type\":\"string\",\"x-mcp-header\":\"\"}") << QByteArray();
        QTest::newRow("space") << QByteArray("\"s\":{\"type\":\"string\",\"x-mcp-header\":\"a b\"}") << QByteArray();
        QTest::newRow("colon") << QByteArray("\"s\":{\"type\":\"string\",\"x-mcp-header\":\"a:b\"}") << QByteArray();
        QTest::newRow("control") << QByteArray("\"s\":{\"type\":\"string\",\"x-mcp-header\":\"a\\tb\"}") << QByteArray();
        QTest::newRow("not ASCII") << QByteArray("\"s\":{\"type\":\"string\",\"x-mcp-header\":\"\xC3\xA4\"}") << QByteArray();
        QTest::newRow("not a string") << QByteArray("\"s\":{\"type\":\"string\",\"x-mcp-header\":1}") << QByteArray();
        QTest::newRow("number") << "\"s\":{\"type\":\"number\"," + header + '}' << QByteArray();
        QTest::newRow("object") << "\"s\":{\"type\":\"object\"," + header + '}' << QByteArray();
        QTest::newRow("no type") << "\"s\":{" + header + '}' << QByteArray();
        QTest::newRow("twice") << "\"s\":{\"type\":\"string\"," + header + "},\"t\":{\"type\":\"string\",\"x-mcp-header\":\"s\"}"
                               << QByteArray();
        QTest::newRow("in items") << "\"s\":{\"type\":\"array\",\"items\":{\"type\":\"string\"," + header + "}}" << QByteArray();
        QTest::newRow("in oneOf") << "\"s\":{\"oneOf\":[{\"type\":\"string\"," + header + "}]}" << QByteArray();
        QTest::newRow("in $defs") << QByteArray() << ",\"$defs\":{\"d\":{\"type\":\"string\"," + header + "}}";
        QTest::newRow("of the whole") << QByteArray() << ',' + header;
    }
    void anInvalidAnnotationIsFound()
    {
        QFETCH(QByteArray, properties);
        QFETCH(QByteArray, more);
        QVERIFY(!toolHeadersOf(tool(properties, more)));
    }
    void clientsDoNotSeeAnnotations()
    {
        const RawJson plain = tool("\"s\":{\"type\" : \"string\"}");
        QCOMPARE(withoutToolHeaders(plain).view().data(), plain.view().data());
        QCOMPARE(
            withoutToolHeaders(tool("\"x-mcp-header\":{\"type\":\"string\",\"x-mcp-header\":\"S\"}")).bytes(),
            QByteArray("{\"name\":\"t\",\"inputSchema\":{\"type\":\"object\",\"properties\":{\"x-mcp-header\":{\"type\":\"string\"}}}}"));
    }
};

COUNTERSIGN_TEST(tst_ToolHeaders)
#include "tst_ToolHeaders.moc"
