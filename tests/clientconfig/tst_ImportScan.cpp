// SPDX-FileCopyrightText: 2026 The Countersign authors
// SPDX-License-Identifier: GPL-3.0-or-later
#include "ImportRows.h"
#include "clientconfig/ClientCatalog.h"
#include "clientconfig/ImportScan.h"
#include "clientconfig/KeyLook.h"
#include "packs/Packs.h"
#include "support/Runner.h"

using namespace mcpcore;

namespace {

QString orDash(const QString &text)
{
    return text.isEmpty() ? QStringLiteral("-") : text;
}

QString wordOf(FoundServer::Transport transport)
{
    static const QStringList words{QStringLiteral("stdio"), QStringLiteral("http"), QStringLiteral("unknown")};
    return words[int(transport)];
}

QString wordOf(KeyPlace::Where where)
{
    static const QStringList words{QStringLiteral("environment"), QStringLiteral("header"), QStringLiteral("argument"),
                                   QStringLiteral("address"), QStringLiteral("other")};
    return words[int(where)];
}

// Everything of a server that is shown to a person.
QString shown(const FoundServer &server)
{
    QString all =
        server.place.name + server.url + server.program + server.arguments.join(QLatin1Char(' ')) + server.elsewhere.join(QLatin1Char(' '));
    for (const auto &pairs : {server.environment, server.headers})
        for (const auto &[name, value] : pairs)
            all += name + QLatin1Char('=') + value;
    return all;
}

} // namespace

class tst_ImportScan : public QObject
{
    Q_OBJECT

    ClientCatalog m_catalog = ClientCatalog::builtIn().value_or(ClientCatalog());
    QList<Pack> m_packs = builtInPacks().value_or(QList<Pack>());

    ImportScan scan(const char *client, const QByteArray &file)
    {
        auto found = scanForImport(file, *m_catalog.find(QLatin1String(client)), m_packs, {});
        return found ? std::move(*found) : ImportScan();
    }
    ImportScan scanEntry(const QByteArray &entry) { return scan("cursor", "{\"mcpServers\": {\"x\": " + entry + "}}"); }

private Q_SLOTS:
    void everyClientsServersAndKeysAreFound_data()
    {
        QTest::addColumn<qsizetype>("row");
        const QList<ImportRow> rows = importRows();
        for (qsizetype i = 0; i < rows.size(); ++i)
            QTest::newRow(rows[i].name) << i;
    }
    void everyClientsServersAndKeysAreFound()
    {
        QFETCH(qsizetype, row);
        const ImportRow expected = importRows()[row];
        const ImportScan found = scan(expected.client, expected.file);
        QStringList servers, places;
        for (const FoundServer &server : found.servers) {
            servers.append(QStringList{server.place.name, orDash(server.vendor), wordOf(server.transport)}.join(QLatin1Char(' ')));
            for (const KeyPlace &place : server.keys) {
                const FoundKey &key = found.keys[size_t(place.key)];
                places.append(
                    QStringList{server.place.name, wordOf(place.where), orDash(place.name), orDash(key.vendor), orDash(key.prefix)}.join(
                        QLatin1Char(' ')));
                QVERIFY(QByteArray(key.secret.reveal().data(), qsizetype(key.secret.reveal().size())).contains("CANARY"));
            }
            QVERIFY2(!shown(server).contains(QStringLiteral("CANARY")), qPrintable(shown(server)));
        }
        QCOMPARE(servers, expected.servers);
        QCOMPARE(places, expected.places);
        QCOMPARE(qsizetype(found.keys.size()), expected.keys);
        QCOMPARE(plainKeys(expected.file, *m_catalog.find(QLatin1String(expected.client)), m_packs, {}), int(expected.keys));
    }
    void aKeySaysItsVendorItsEnvironmentsAndItsEnd()
    {
        const ImportScan found =
            scanEntry("{\"url\": \"https://mcp.stripe.com\", \"headers\": {\"Authorization\": \"Bearer " + kStripeTest + "\"}}");
        QCOMPARE(found.keys.size(), size_t(1));
        const FoundKey &key = found.keys.front();
        QCOMPARE(key.vendor, QStringLiteral("stripe"));
        QCOMPARE(key.kind, QStringLiteral("restricted"));
        QCOMPARE(key.lastFour, QStringLiteral("WXYZ"));
        QCOMPARE(key.environments, (QList<EnvironmentKind>{EnvironmentKind::Sandbox, EnvironmentKind::Staging}));
        QCOMPARE(found.servers.front().keys.front().scheme, QStringLiteral("Bearer"));
        QCOMPARE(found.servers.front().url, QStringLiteral("https://mcp.stripe.com"));
        QVERIFY(found.servers.front().headers.isEmpty());
    }
    void whoseKeyItIsFollowsTheServer()
    {
        const auto vendorAt = [&](const QByteArray &host, const QByteArray &key) {
            const ImportScan found =
                scanEntry("{\"url\": \"https://" + host + "/mcp\", \"headers\": {\"Authorization\": \"Bearer " + key + "\"}}");
            return found.keys.empty() ? QString() : found.keys.front().vendor + QLatin1Char(' ') + found.keys.front().refused;
        };
        QCOMPARE(vendorAt("mcp.getstack.run", kStripeLive), QStringLiteral("stack "));
        QCOMPARE(vendorAt("mcp.stripe.com", kStripeLive), QStringLiteral("stripe "));
        QCOMPARE(vendorAt("example.com", kStripeLive), QStringLiteral("stripe "));
        QCOMPARE(vendorAt("example.com", "sk_live_op_0123456789abcdef"), QStringLiteral("stack "));
        QCOMPARE(vendorAt("mcp.stripe.com", "sk_live_op_0123456789abcdef"), QStringLiteral("stripe an operator key of STACK"));
        QCOMPARE(vendorAt("mcp.stripe.com", "pk_live_0123456789abcdef"), QStringLiteral("stripe a publishable key"));
        QCOMPARE(vendorAt("example.com", "console-0123456789abcdef"), QStringLiteral(" "));
    }
    void whatIsNoSecretIsShownAsItIs()
    {
        const ImportScan found = scanEntry(
            "{\"command\": \"docker\", \"args\": [\"run\", \"-e\", \"MODE=fast\", \"--auth\", \"oauth\", \"--api-key\", \"$KEY\", "
            "\"https://example.com/?page=2\"], \"env\": {\"PUBLIC_KEY\": \"0123456789abcdef\", \"KEY_FILE\": \"/home/me/key.pem\", "
            "\"GOOGLE_CREDENTIALS\": \"/home/me/google.json\", \"A_TOKEN\": \"<your token here>\", \"B_TOKEN\": \"your-token-here\", "
            "\"MAX_TOKEN\": \"1000000000\", \"C_KEY\": \"short\"}, \"description\": \"Basic filesystem for everybody\"}");
        QCOMPARE(found.keys.size(), size_t(0));
        const FoundServer &server = found.servers.front();
        QCOMPARE(server.arguments.join(QLatin1Char(' ')),
                 QStringLiteral("run -e MODE=fast --auth oauth --api-key $KEY https://example.com/?page=2"));
        QCOMPARE(server.environment.size(), 7);
        QCOMPARE(server.elsewhere, QStringList{QStringLiteral("api-key")});
    }
    void secretsInUnusualPlacesAreFound_data()
    {
        QTest::addColumn<QByteArray>("entry");
        const auto row = [](const char *name, const QByteArray &entry) { QTest::newRow(name) << entry; };
        row("docker", "{\"command\": \"docker\", \"args\": [\"run\", \"-e\", \"STRIPE_API_KEY=CANARY0123456789\", \"mcp/stripe\"]}");
        row("line of a shell", "{\"command\": \"sh\", \"args\": [\"-c\", \"API_KEY=CANARY0123456789 exec tools\"]}");
        row("header in an argument", "{\"command\": \"npx\", \"args\": [\"--header\", \"Authorization: Bearer CANARY0123456789\"]}");
        row("whole header in a variable", "{\"command\": \"npx\", \"env\": {\"AUTH_HEADER\": \"Bearer CANARY0123456789\"}}");
        row("password of an address", "{\"url\": \"https://me:CANARY0123456789@example.com/mcp\"}");
        row("password of an address in a variable",
            "{\"command\": \"db\", \"env\": {\"DATABASE_URL\": \"postgres://me:CANARY0123456789@db/x\"}}");
        row("address in an argument", "{\"command\": \"npx\", \"args\": [\"mcp-remote\", \"https://example.com/?key=CANARY0123456789\"]}");
        row("option in an object", "{\"url\": \"https://example.com\", \"oauth\": {\"clientSecret\": \"CANARY0123456789\"}}");
        row("token of basic access", "{\"url\": \"https://example.com\", \"headers\": {\"authorization\": \"Basic CANARY0123456789\"}}");
        row("key in a variable of any name", "{\"command\": \"x\", \"env\": {\"ANY\": \"--with " + kStripeTest + " --more\"}}");
        row("counted name", "{\"command\": \"x\", \"env\": {\"OPENAI_API_KEY_2\": \"CANARY0123456789\"}}");
    }
    void secretsInUnusualPlacesAreFound()
    {
        QFETCH(QByteArray, entry);
        const ImportScan found = scanEntry(entry);
        QCOMPARE(found.keys.size(), size_t(1));
        const std::string_view secret = found.keys.front().secret.reveal();
        QVERIFY(secret == "CANARY0123456789" || secret == std::string_view(kStripeTest.constData(), size_t(kStripeTest.size())));
        QVERIFY2(!shown(found.servers.front()).contains(QStringLiteral("CANARY")), qPrintable(shown(found.servers.front())));
        QVERIFY(found.servers.front().keys.front().name != QStringLiteral("CANARY"));
    }
    void ourOwnEntryIsNone()
    {
        const ImportScan found =
            scan("cursor", "{\"mcpServers\": {\"countersign\": {\"command\": \"/usr/bin/countersign-bridge\", \"args\": [\"--client\", "
                           "\"cursor\"]}, \"own\": {\"command\": \"own\", \"cwd\": \"\"}}}");
        QCOMPARE(found.servers.size(), 1);
        QCOMPARE(found.servers.front().place.name, QStringLiteral("own"));
    }
    void aFileThatTheClientDoesNotReadIsAFault()
    {
        const auto found = scanForImport("{\"mcpServers\": {", *m_catalog.find(QStringLiteral("cursor")), m_packs, {});
        QVERIFY(!found);
        QCOMPARE(found.error().line, 1);
        QCOMPARE(plainKeys("{", *m_catalog.find(QStringLiteral("cursor")), m_packs, {}), 0);
    }
};

COUNTERSIGN_TEST(tst_ImportScan)
#include "tst_ImportScan.moc"
