// SPDX-FileCopyrightText: 2026 The Countersign authors
// SPDX-License-Identifier: GPL-3.0-or-later
#include "server/Admission.h"
#include "server/ChunkScanner.h"
#include "support/Runner.h"

using namespace mcpcore;

class tst_RequestHead : public QObject
{
    Q_OBJECT
    const Limits m_limits;

    static QByteArray head(const QByteArray &line, const QByteArray &fields)
    {
        return line + "\r\nHost: 127.0.0.1:7345\r\n" + fields + "\r\n";
    }

private Q_SLOTS:
    void whatParsersCouldReadDifferentlyIsRefused_data()
    {
        QTest::addColumn<QByteArray>("bytes");
        QTest::addColumn<int>("status"); // 0 = accepted
        const auto row = [](const char *name, const QByteArray &bytes, int status) { QTest::newRow(name) << bytes << status; };
        const QByteArray post = "POST /mcp HTTP/1.1";
        row("plain", head(post, "Content-Length: 2\r\n"), 0);
        row("chunked", head(post, "Transfer-Encoding: chunked\r\n"), 0);
        row("values with spaces and tabs", head(post, "X-A: \t a\tb \t\r\nX-B:c\r\n"), 0);
        row("empty value", head(post, "X-A:\r\n"), 0);
        row("bytes over 127 in a value", head(post, "X-A: \xc3\xa9\r\n"), 0);
        row("expect 100", head(post, "Expect: 100-Continue\r\n"), 0);
        row("expect other", head(post, "Expect: magic\r\n"), 417);
        row("both length and chunks", head(post, "Content-Length: 2\r\nTransfer-Encoding: chunked\r\n"), 400);
        row("two lengths", head(post, "Content-Length: 2\r\nContent-Length: 2\r\n"), 400);
        row("list of lengths", head(post, "Content-Length: 2, 2\r\n"), 400);
        row("minus length", head(post, "Content-Length: -5\r\n"), 400);
        row("plus length", head(post, "Content-Length: +5\r\n"), 400);
        row("length with letters", head(post, "Content-Length: 5x\r\n"), 400);
        row("hex length", head(post, "Content-Length: 0x10\r\n"), 400);
        row("length beyond 64 bits", head(post, "Content-Length: 99999999999999999999\r\n"), 400);
        row("empty length", head(post, "Content-Length:\r\n"), 400);
        row("gzip, chunked", head(post, "Transfer-Encoding: gzip, chunked\r\n"), 400);
        row("identity", head(post, "Transfer-Encoding: identity\r\n"), 400);
        row("chunked twice", head(post, "Transfer-Encoding: chunked\r\nTransfer-Encoding: chunked\r\n"), 400);
        row("space before the colon", head(post, "Content-Length : 2\r\n"), 400);
        row("folded field", head(post, "X-A: a\r\n b\r\n"), 400);
        row("field without a colon", head(post, "nonsense\r\n"), 400);
        row("field without a name", head(post, ": a\r\n"), 400);
        row("NUL in a field", head(post, QByteArray("X-A: a\0b\r\n", 10)), 400);
        row("control character", head(post, "X-A: a\x01\r\n"), 400);
        row("bare LF between fields", head(post, "X-A: a\nX-B: b\r\n"), 400);
        row("bare CR in a field", head(post, "X-A: a\rX-B: b\r\n"), 400);
        row("two hosts", head(post, "host: evil\r\n"), 400);
        row("two tokens", head(post, "Authorization: Bearer a\r\nAuthorization: Bearer b\r\n"), 400);
        row("two sessions", head(post, "Mcp-Session-Id: a\r\nMcp-Session-Id: b\r\n"), 400);
        row("websocket", head("GET /mcp HTTP/1.1", "Connection: Upgrade\r\nUpgrade: websocket\r\n"), 400);
        row("h2c", head(post, "Upgrade: h2c\r\n"), 400);
        row("connection upgrade only", head(post, "Connection: keep-alive, Upgrade\r\n"), 400);
        row("HTTP/1.0", head("POST /mcp HTTP/1.0", ""), 505);
        row("HTTP/2.0", head("POST /mcp HTTP/2.0", ""), 505);
        row("HTTP/9.9", head("POST /mcp HTTP/9.9", ""), 505);
        row("no version", head("POST /mcp", ""), 400);
        row("odd version", head("POST /mcp HTTPS/1.1", ""), 400);
        row("two spaces", head("POST  /mcp HTTP/1.1", ""), 400);
        row("space in the address", head("POST /m cp HTTP/1.1", ""), 400);
        row("method with a colon", head("PO:ST /mcp HTTP/1.1", ""), 400);
        row("absolute form", head("POST http://127.0.0.1:7345/mcp HTTP/1.1", ""), 400);
        row("authority in a path", head("POST //evil/mcp HTTP/1.1", ""), 400);
        row("star", head("OPTIONS * HTTP/1.1", ""), 400);
        row("fragment", head("POST /mcp#a HTTP/1.1", ""), 400);
        row("bytes over 127 in the address", head("POST /m\xc3\xa9 HTTP/1.1", ""), 400);
        row("empty line first", "\r\n" + head(post, ""), 400);
        row("nothing", "\r\n\r\n", 400);
        row("URL at its limit", head("POST /" + QByteArray(2047, 'a') + " HTTP/1.1", ""), 0);
        row("URL over its limit", head("POST /" + QByteArray(2048, 'a') + " HTTP/1.1", ""), 414);
        row("64 fields", head(post, QByteArray("X: y\r\n").repeated(63)), 0);
        row("65 fields", head(post, QByteArray("X: y\r\n").repeated(64)), 431);
        row("header over 16 KiB", head(post, "X: " + QByteArray(17 * 1024, 'y') + "\r\n"), 431);
    }
    void whatParsersCouldReadDifferentlyIsRefused()
    {
        QFETCH(QByteArray, bytes);
        QFETCH(int, status);
        const auto parsed = parseHead(bytes, m_limits);
        QCOMPARE(parsed ? 0 : parsed.error().status, status);
    }
    void aHeadInAnyPiecesReadsTheSame()
    {
        const QByteArray bytes = head("POST /mcp HTTP/1.1", "Content-Length: 12\r\nX-A: b\r\n");
        for (qsizetype cut = 0; cut <= bytes.size(); ++cut) {
            HeadReader reader(m_limits);
            const std::string_view all(bytes.constData(), size_t(bytes.size()));
            QVERIFY(reader.take(all.substr(0, size_t(cut))));
            QCOMPARE(reader.isComplete(), cut == bytes.size());
            if (!reader.isComplete()) {
                const auto taken = reader.take(std::string(all.substr(size_t(cut))) + "and a body");
                QVERIFY(taken);
                QCOMPARE(*taken, bytes.size() - cut);
            }
            QVERIFY(reader.isComplete());
            QCOMPARE(reader.finish(), bytes);
        }
    }
    void whatCannotBecomeAHeadIsRefusedEarly_data()
    {
        QTest::addColumn<QByteArray>("bytes");
        QTest::addColumn<int>("status");
        QTest::newRow("LF only") << QByteArray("POST /mcp HTTP/1.1\nHost: a\n\n") << 400;
        QTest::newRow("NUL") << QByteArray("POST /m\0", 8) << 400;
        QTest::newRow("endless address") << "POST /" + QByteArray(3000, 'a') << 414;
        QTest::newRow("endless field") << "POST /mcp HTTP/1.1\r\nX: " + QByteArray(17 * 1024, 'a') << 431;
        QTest::newRow("TLS hello") << QByteArray("\x16\x03\x01\x02\x00\x01\x00\x01\xfc\x03\x03", 11) << 400;
    }
    void whatCannotBecomeAHeadIsRefusedEarly()
    {
        QFETCH(QByteArray, bytes);
        QFETCH(int, status);
        HeadReader reader(m_limits);
        const auto taken = reader.take({bytes.constData(), size_t(bytes.size())});
        QVERIFY(!taken);
        QCOMPARE(taken.error().status, status);
    }
    void theFieldsOfAHeadAreFoundWhateverTheirCase()
    {
        const auto parsed = parseHead(head("DELETE /mcp HTTP/1.1", "MCP-session-ID: s \r\nConnection: Close\r\n"), m_limits);
        QVERIFY(parsed);
        QVERIFY(parsed->method == RequestHead::Method::Delete);
        QCOMPARE(parsed->field("mcp-session-id").value(), std::string_view("s"));
        QVERIFY(!parsed->field("accept"));
        QVERIFY(!parsed->keepAlive);
    }
    void acceptIsReadByMediaType_data()
    {
        QTest::addColumn<QByteArray>("fields");
        QTest::addColumn<int>("json");
        QTest::addColumn<int>("stream");
        const int named = int(Acceptance::Named), wild = int(Acceptance::ByWildcard), no = int(Acceptance::No);
        QTest::newRow("absent") << QByteArray() << wild << wild;
        QTest::newRow("both") << QByteArray("Accept: application/json, text/event-stream\r\n") << named << named;
        QTest::newRow("two fields") << QByteArray("Accept: application/json\r\nAccept: text/event-stream\r\n") << named << named;
        QTest::newRow("parameters and case") << QByteArray("Accept: Application/JSON;q=0.9,TEXT/event-stream ;q=0.1\r\n") << named << named;
        QTest::newRow("everything") << QByteArray("Accept: */*\r\n") << wild << wild;
        QTest::newRow("one kind") << QByteArray("Accept: text/*\r\n") << no << wild;
        QTest::newRow("json only") << QByteArray("Accept: application/json\r\n") << named << no;
        QTest::newRow("html") << QByteArray("Accept: text/html\r\n") << no << no;
        QTest::newRow("empty") << QByteArray("Accept:\r\n") << no << no;
    }
    void acceptIsReadByMediaType()
    {
        QFETCH(QByteArray, fields);
        QFETCH(int, json);
        QFETCH(int, stream);
        const auto parsed = parseHead(head("POST /mcp HTTP/1.1", fields), m_limits);
        QVERIFY(parsed);
        QCOMPARE(int(acceptanceOf(*parsed, "application/json")), json);
        QCOMPARE(int(acceptanceOf(*parsed, "text/event-stream")), stream);
    }
    void onlyPlainChunksAreABody_data()
    {
        QTest::addColumn<QByteArray>("bytes");
        QTest::addColumn<int>("status"); // 0 = complete
        QTest::addColumn<int>("after");  // bytes that belong to no body
        QTest::newRow("one chunk") << QByteArray("5\r\nhello\r\n0\r\n\r\n") << 0 << 0;
        QTest::newRow("several") << QByteArray("1\r\na\r\n0A\r\n0123456789\r\n0\r\n\r\nNEXT") << 0 << 4;
        QTest::newRow("none") << QByteArray("0\r\n\r\n") << 0 << 0;
        QTest::newRow("extension") << QByteArray("5;a=b\r\nhello\r\n0\r\n\r\n") << 400 << 0;
        QTest::newRow("trailer") << QByteArray("0\r\nX: y\r\n\r\n") << 400 << 0;
        QTest::newRow("minus size") << QByteArray("-5\r\nhello\r\n") << 400 << 0;
        QTest::newRow("0x size") << QByteArray("0x5\r\nhello\r\n") << 400 << 0;
        QTest::newRow("space") << QByteArray("5 \r\nhello\r\n") << 400 << 0;
        QTest::newRow("bare LF") << QByteArray("5\nhello\n0\n\n") << 400 << 0;
        QTest::newRow("no size") << QByteArray("\r\n") << 400 << 0;
        QTest::newRow("nine digits") << QByteArray("000000005\r\nhello\r\n") << 400 << 0;
        QTest::newRow("size too small") << QByteArray("4\r\nhello\r\n") << 400 << 0;
        QTest::newRow("too large at once") << QByteArray("ffffffff\r\n") << 413 << 0;
        QTest::newRow("too large in sum") << QByteArray("60\r\n") + QByteArray(96, 'a') + "\r\n60\r\n" << 413 << 0;
    }
    void onlyPlainChunksAreABody()
    {
        QFETCH(QByteArray, bytes);
        QFETCH(int, status);
        QFETCH(int, after);
        // Whole, and byte by byte.
        for (const qsizetype piece : {bytes.size(), qsizetype(1)}) {
            ChunkScanner scanner(100);
            int seen = 0;
            qsizetype total = 0;
            for (qsizetype at = 0; at < bytes.size() && seen == 0 && !scanner.isComplete(); at += piece) {
                const auto taken = scanner.take({bytes.constData() + at, size_t(std::min(piece, bytes.size() - at))});
                if (taken)
                    total += *taken;
                else
                    seen = taken.error().status;
            }
            QCOMPARE(seen, status);
            QCOMPARE(scanner.isComplete(), status == 0);
            if (status == 0)
                QCOMPARE(bytes.size() - total, qsizetype(after));
        }
    }
};

COUNTERSIGN_TEST(tst_RequestHead)
#include "tst_RequestHead.moc"
