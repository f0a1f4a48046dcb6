// SPDX-FileCopyrightText: 2026 The Countersign authors
// SPDX-License-Identifier: GPL-3.0-or-later
#include "server/Admission.h"
#include "server/Generation.h"
#include "support/Runner.h"

using namespace mcpcore;

class tst_Admission : public QObject
{
    Q_OBJECT
    const Limits m_limits;

    tl::expected<Admitted, Refusal> admitted(const QByteArray &bytes) const
    {
        const auto head = parseHead(bytes, m_limits);
        if (!head)
            return tl::unexpected<Refusal>(head.error());
        return admit(*head, 7345, m_limits, [](std::string_view token) {
            return token == "cst_good" ? std::optional(ClientId{QStringLiteral("a")}) : std::nullopt;
        });
    }

private Q_SLOTS:
    void aRequestIsAdmittedOrRefusedFromItsHead_data()
    {
        QTest::addColumn<QByteArray>("bytes");
        QTest::addColumn<int>("status"); // 0 = admitted
        const QByteArray token = "Authorization: Bearer cst_good\r\n";
        const QByteArray json = "Content-Type: application/json\r\n";
        const QByteArray good = "POST /mcp HTTP/1.1\r\nHost: 127.0.0.1:7345\r\n";
        const auto host = [&](const QByteArray &value) { return "POST /mcp HTTP/1.1\r\nHost: " + value + "\r\n" + token + json + "\r\n"; };
        const auto with = [&](const QByteArray &fields) { return good + fields + "\r\n"; };
        const auto line = [&](const QByteArray &text, const QByteArray &fields) {
            return text + " HTTP/1.1\r\nHost: 127.0.0.1:7345\r\n" + fields + "\r\n";
        };
        const auto row = [](const char *name, const QByteArray &bytes, int status) { QTest::newRow(name) << bytes << status; };

        row("good", with(token + json), 0);
        row("localhost", host("localhost:7345"), 0);
        row("IPv6 loopback", host("[::1]:7345"), 0);
        row("no host", "POST /mcp HTTP/1.1\r\n" + token + json + "\r\n", 400);
        row("empty host", host(""), 403);
        row("other host", host("evil.example.com:7345"), 403);
        row("other port", host("127.0.0.1:7346"), 403);
        row("no port", host("127.0.0.1"), 403);
        row("trailing dot", host("localhost.:7345"), 403);
        row("upper case", host("LOCALHOST:7345"), 403);
        row("user in host", host("a@127.0.0.1:7345"), 403);
        row("prefix of a name", host("127.0.0.1:7345.evil.com"), 403);
        row("suffix of a name", host("evil127.0.0.1:7345"), 403);
        row("another loopback address", host("127.0.0.2:7345"), 403);
        row("any address", host("0.0.0.0:7345"), 403);

        row("own origin", with(token + json + "Origin: http://127.0.0.1:7345\r\n"), 0);
        row("origin of the other own name", with(token + json + "Origin: http://localhost:7345\r\n"), 403);
        row("origin on another port", with(token + json + "Origin: http://127.0.0.1:3000\r\n"), 403);
        row("origin null", with(token + json + "Origin: null\r\n"), 403);
        row("empty origin", with(token + json + "Origin:\r\n"), 403);
        row("https origin", with(token + json + "Origin: https://127.0.0.1:7345\r\n"), 403);
        row("foreign origin", with(token + json + "Origin: http://evil.example.com\r\n"), 403);
        row("extension origin", with(token + json + "Origin: chrome-extension://abc\r\n"), 403);
        row("site none", with(token + json + "Sec-Fetch-Site: none\r\n"), 0);
        row("same-origin site", with(token + json + "Sec-Fetch-Site: same-origin\r\n"), 403);
        row("cross-site", with(token + json + "Sec-Fetch-Site: cross-site\r\n"), 403);
        row("other Sec-Fetch fields do not count", with(token + json + "Sec-Fetch-Mode: cors\r\nSec-Fetch-Dest: empty\r\n"), 0);

        row("GET", line("GET /mcp", token), 0);
        row("DELETE", line("DELETE /mcp", token), 0);
        for (const char *method : {"OPTIONS", "HEAD", "PUT", "PATCH", "TRACE", "CONNECT", "FOO", "post"})
            row(method, line(QByteArray(method) + " /mcp", token + json), 405);

        row("no token", with(json), 401);
        row("wrong token", with("Authorization: Bearer cst_bad\r\n" + json), 401);
        row("empty token", with("Authorization: Bearer \r\n" + json), 401);
        row("other scheme", with("Authorization: Basic cst_good\r\n" + json), 401);
        row("scheme in another case", with("authorization: bEARER cst_good\r\n" + json), 0);
        row("token in the query", line("POST /mcp?token=cst_good", json), 400);
        row("token in the query and the field", line("POST /mcp?access_token=cst_good", token + json), 400);
        row("token in a cookie", with("Cookie: t=cst_good\r\n" + json), 400);
        row("any query", line("POST /mcp?", token + json), 400);

        row("well-known without a token", line("GET /.well-known/oauth-protected-resource", ""), 404);
        row("well-known with a path", line("GET /.well-known/oauth-authorization-server/mcp", ""), 404);
        row("well-known behind a path", line("GET /mcp/.well-known/openid-configuration", ""), 404);
        row("well-known of another host", "GET /.well-known/oauth-protected-resource HTTP/1.1\r\nHost: evil:7345\r\n\r\n", 403);
        row("unknown path without a token", line("GET /", ""), 401);
        row("unknown path", line("GET /", token), 404);
        row("path with a slash behind", line("POST /mcp/", token + json), 404);
        row("half a direct path", line("POST /mcp/stripe", token + json), 404);
        row("direct path", line("POST /mcp/stripe/sandbox", token + json), 0);
        row("longer path", line("POST /mcp/stripe/sandbox/x", token + json), 404);
        row("path with dots", line("POST /mcp/../sandbox", token + json), 404);
        row("path in upper case", line("POST /mcp/Stripe/sandbox", token + json), 404);
        row("escaped path", line("POST /mcp/%73tripe/sandbox", token + json), 404);

        row("no content type", with(token), 415);
        row("text", with(token + "Content-Type: text/plain\r\n"), 415);
        row("form", with(token + "Content-Type: application/x-www-form-urlencoded\r\n"), 415);
        row("multipart", with(token + "Content-Type: multipart/form-data; boundary=a\r\n"), 415);
        row("longer type", with(token + "Content-Type: application/jsonx\r\n"), 415);
        row("type with charset", with(token + "Content-Type: Application/JSON; charset=UTF-8\r\n"), 0);
        row("quoted charset", with(token + "Content-Type: application/json;charset=\"utf-8\"\r\n"), 0);
        row("other charset", with(token + "Content-Type: application/json; charset=utf-16\r\n"), 415);

        row("largest body", with(token + json + "Content-Length: 4194304\r\n"), 0);
        row("too large a body", with(token + json + "Content-Length: 4194305\r\n"), 413);
        row("1 GB body", with(token + json + "Content-Length: 1073741824\r\n"), 413);

        // Order: what comes first in the contract decides.
        row("host before origin", "POST /mcp HTTP/1.1\r\nHost: evil\r\nOrigin: null\r\n\r\n", 403);
        row("origin before method", line("OPTIONS /mcp", "Origin: http://evil\r\n"), 403);
        row("method before token", line("OPTIONS /mcp", ""), 405);
        row("token before path", line("POST /nothing", json), 401);
        row("path before type", line("POST /nothing", token), 404);
        row("token before type", with("Content-Type: text/plain\r\n"), 401);
        row("type before length", with(token + "Content-Length: 99999999\r\n"), 415);
        row("token before length", with(json + "Content-Length: 99999999\r\n"), 401);
    }
    void aRequestIsAdmittedOrRefusedFromItsHead()
    {
        QFETCH(QByteArray, bytes);
        QFETCH(int, status);
        const auto result = admitted(bytes);
        QCOMPARE(result ? 0 : result.error().status, status);
        if (!result)
            QVERIFY(!result.error().why.contains(QStringLiteral("cst_good")));
    }
    void thePathNamesTheScope()
    {
        const QByteArray fields = " HTTP/1.1\r\nHost: 127.0.0.1:7345\r\nAuthorization: Bearer cst_good\r\n\r\n";
        const auto all = admitted("GET /mcp" + fields);
        QVERIFY(all && !all->scope.connection && !all->scope.environment);
        QCOMPARE(all->client.text, QStringLiteral("a"));
        const auto one = admitted("GET /mcp/stripe/production" + fields);
        QVERIFY(one && one->scope.connection && one->scope.environment);
        QCOMPARE(one->scope.connection->text, QStringLiteral("stripe"));
        QCOMPARE(one->scope.environment->text, QStringLiteral("production"));
    }
    void theGenerationIsToldByWhatARequestHolds_data()
    {
        QTest::addColumn<QByteArray>("version");
        QTest::addColumn<QByteArray>("body");
        QTest::addColumn<bool>("modern");
        const QByteArray meta =
            R"({"jsonrpc":"2.0","id":1,"method":"tools/list","params":{"_meta":{"io.modelcontextprotocol/protocolVersion":"2026-07-28"}}})";
        const QByteArray plain = R"({"jsonrpc":"2.0","id":1,"method":"tools/list"})";
        QTest::newRow("nothing") << QByteArray() << plain << false;
        QTest::newRow("modern meta") << QByteArray() << meta << true;
        QTest::newRow("modern meta under a legacy field") << QByteArray("2025-11-25") << meta << true;
        QTest::newRow("modern field") << QByteArray("2026-07-28") << plain << true;
        QTest::newRow("unknown field") << QByteArray("1999-01-01") << plain << true;
        for (const char *version : {"2024-11-05", "2025-03-26", "2025-06-18", "2025-11-25"})
            QTest::newRow(version) << QByteArray(version) << plain << false;
        QTest::newRow("the words as an argument")
            << QByteArray() << QByteArray(R"({"params":{"arguments":{"a":"io.modelcontextprotocol/protocolVersion"}}})") << false;
    }
    void theGenerationIsToldByWhatARequestHolds()
    {
        QFETCH(QByteArray, version);
        QFETCH(QByteArray, body);
        QFETCH(bool, modern);
        const auto head =
            parseHead("POST /mcp HTTP/1.1\r\n" + (version.isEmpty() ? "" : "MCP-Protocol-Version: " + version + "\r\n") + "\r\n", m_limits);
        QVERIFY(head);
        QCOMPARE(generationOf(*head, RawJson(body)) == ClientGeneration::Modern, modern);
    }
    void everyLimitHasAName()
    {
        const auto rows = rowsOf(m_limits);
        QVERIFY(rows.size() > 15);
        for (const auto &[name, value, unit] : rows) {
            QVERIFY(!name.isEmpty());
            QVERIFY2(value > 0, qPrintable(name));
        }
    }
};

COUNTERSIGN_TEST(tst_Admission)
#include "tst_Admission.moc"
