// SPDX-FileCopyrightText: 2026 The Countersign authors
// SPDX-License-Identifier: GPL-3.0-or-later
#include "app/bridge/Envelope.h"
#include "support/Runner.h"

using app::Envelope;
using Kind = app::Envelope::Kind;

class tst_Envelope : public QObject
{
    Q_OBJECT
private Q_SLOTS:
    void tellsWhatALineIs_data()
    {
        QTest::addColumn<QByteArray>("line");
        QTest::addColumn<int>("kind");
        QTest::addColumn<QByteArray>("id");
        QTest::addColumn<QByteArray>("method");
        const auto row = [](const char *name, const QByteArray &line, Kind kind, const QByteArray &id = {}, const QByteArray &method = {}) {
            QTest::newRow(name) << line << int(kind) << id << method;
        };
        row("request", "{\"jsonrpc\":\"2.0\",\"id\":1,\"method\":\"ping\"}", Kind::Request, "1", "ping");
        row("id last", "{\"method\":\"tools/call\",\"params\":{\"id\":9,\"method\":\"no\"},\"jsonrpc\":\"2.0\",\"id\":\"a b\"}",
            Kind::Request, "\"a b\"", "tools/call");
        row("spaces", " \t{ \"id\" : -1.5e3 , \"method\" : \"x\" } \r", Kind::Request, "-1.5e3", "x");
        row("id before a brace", "{\"method\":\"x\",\"id\":7}", Kind::Request, "7", "x");
        row("null id", "{\"id\":null,\"method\":\"x\"}", Kind::Request, "null", "x");
        row("escaped slash", "{\"id\":1,\"method\":\"tools\\/call\"}", Kind::Request, "1", "tools/call");
        row("escaped key", "{\"\\u0069d\":1,\"m\\u0065thod\":\"\\u0070ing\"}", Kind::Request, "1", "ping");
        row("escapes in the id", "{\"id\":\"a\\\"}\\\\\",\"method\":\"x\"}", Kind::Request, "\"a\\\"}\\\\\"", "x");
        row("escape that looks like an end", "{\"params\":\"\\\\\\\"}\",\"id\":1,\"method\":\"x\"}", Kind::Request, "1", "x");
        row("brackets in strings", "{\"params\":{\"a\":\"}]\\\"{[\",\"b\":[[\"]\"],{}]},\"id\":1,\"method\":\"x\"}", Kind::Request, "1",
            "x");
        row("unicode", "{\"params\":[\"\\ud83d\\ude00 \xc3\xa9\"],\"method\":\"x\",\"id\":2}", Kind::Request, "2", "x");
        row("id twice", "{\"id\":1,\"id\":2,\"method\":\"x\"}", Kind::Request, "2", "x");
        row("notification", "{\"jsonrpc\":\"2.0\",\"method\":\"notifications/initialized\"}", Kind::Notification, "",
            "notifications/initialized");
        row("result", "{\"jsonrpc\":\"2.0\",\"id\":5,\"result\":{\"method\":1}}", Kind::Response, "5");
        row("result first", "{\"result\":{\"a\":[]},\"jsonrpc\":\"2.0\",\"id\":\"x\"}", Kind::Response, "\"x\"");
        row("error", "{\"id\":5,\"error\":{\"code\":1,\"message\":\"m\"}}", Kind::Response, "5");
        row("error without id", "{\"error\":{\"code\":1}}", Kind::Response);
        row("nothing", "", Kind::Blank);
        row("white space", " \t\r", Kind::Blank);
        row("batch", "[{\"id\":1,\"method\":\"x\"}]", Kind::Unreadable);
        row("word", "hello", Kind::Unreadable);
        row("empty object", "{}", Kind::Unreadable);
        row("cut", "{\"method\":\"x\",\"params\":{", Kind::Unreadable, "", "x");
        row("cut in a string", "{\"method\":\"x", Kind::Unreadable, "", "x");
        row("more after the end", "{\"method\":\"x\"} {}", Kind::Unreadable, "", "x");
        row("id is an object", "{\"id\":{},\"method\":\"x\"}", Kind::Unreadable);
        row("method is a number", "{\"id\":1,\"method\":5}", Kind::Unreadable, "1");
        row("no value", "{\"id\":,\"method\":\"x\"}", Kind::Unreadable);
        row("no colon", "{\"id\" 1,\"method\":\"x\"}", Kind::Unreadable);
        row("key without quotes", "{id:1}", Kind::Unreadable);
    }
    void tellsWhatALineIs()
    {
        QFETCH(QByteArray, line);
        QFETCH(int, kind);
        QFETCH(QByteArray, id);
        QFETCH(QByteArray, method);
        for (const int piece : {1, 2, 3, 7, 1000}) {
            Envelope envelope;
            for (qsizetype at = 0; at < line.size(); at += piece)
                envelope.feed(line.constData() + at, size_t(qMin<qsizetype>(piece, line.size() - at)));
            QCOMPARE(int(envelope.kind()), kind);
            QCOMPARE(QByteArray::fromStdString(envelope.id()), id);
            QCOMPARE(QByteArray::fromStdString(envelope.method()), method);
        }
    }
    void anIdThatIsTooLongIsNotKept()
    {
        Envelope envelope;
        const QByteArray line = "{\"method\":\"x\",\"id\":\"" + QByteArray(5000, 'a') + "\"}";
        envelope.feed(line.constData(), size_t(line.size()));
        QCOMPARE(int(envelope.kind()), int(Kind::Unreadable));
        QVERIFY(envelope.id().size() < 2000);
    }
    void welcomesAndRefusalsAreToldApart()
    {
        const auto isWelcome = [](const QByteArray &line) {
            Envelope envelope;
            envelope.feed(line.constData(), size_t(line.size()));
            return envelope.isWelcome();
        };
        QVERIFY(isWelcome("{\"ok\":true}"));
        QVERIFY(!isWelcome("{\"error\":{\"message\":\"no\"}}"));
        QVERIFY(!isWelcome("{\"jsonrpc\":\"2.0\"}"));
    }
};

COUNTERSIGN_TEST(tst_Envelope)
#include "tst_Envelope.moc"
