// SPDX-FileCopyrightText: 2026 The Countersign authors
// SPDX-License-Identifier: GPL-3.0-or-later
#include "base/Json.h"
#include "clientconfig/ClientCatalog.h"
#include "clientconfig/ClientEntry.h"
#include "support/Runner.h"
#include <QUrl>
#include <QUrlQuery>

using namespace mcpcore;

namespace {

EntryValues someValues()
{
    return {QStringLiteral("/usr/bin/countersign-bridge"), QStringLiteral("my-client"), QStringLiteral("http://127.0.0.1:7345/mcp"),
            "cst_" + QByteArray(43, 'x')};
}

} // namespace

class tst_ClientEntry : public QObject
{
    Q_OBJECT

    ClientCatalog m_catalog;
    const ClientKind &kind(const char *id) const { return *m_catalog.find(QLatin1String(id)); }

private Q_SLOTS:
    void initTestCase()
    {
        auto catalog = ClientCatalog::builtIn();
        QVERIFY(catalog);
        m_catalog = *catalog;
    }
    void everyEntryIsFilledInAndHoldsTheTokenOverHttpOnly()
    {
        const EntryValues values = someValues();
        for (const ClientKind &one : m_catalog.kinds)
            for (const EntryShape &shape : one.shapes) {
                const auto bridge = entryOf(one, shape, Way::Bridge, values);
                QVERIFY(bridge);
                const QByteArray bytes = toBytes(*bridge);
                QVERIFY2(bytes.contains("\"/usr/bin/countersign-bridge\"") && bytes.contains("\"--client\",\"my-client\""), bytes);
                QVERIFY2(!bytes.contains("cst_") && !bytes.contains("{bridge}") && !bytes.contains("{client}"), bytes);
                const auto http = entryOf(one, shape, Way::Http, values);
                QCOMPARE(http.has_value(), one.has(Way::Http));
                if (http)
                    QVERIFY(toBytes(*http).contains("\"http://127.0.0.1:7345/mcp\"")
                            && toBytes(*http).contains("\"Authorization\":\"Bearer cst_xxx"));
                else
                    QVERIFY(http.error().message.contains(QStringLiteral("Choose Bridge")));
            }
    }
    void whatIsFilledInIsNotFilledInAgain()
    {
        EntryValues values = someValues();
        values.bridge = QStringLiteral("/opt/{client}/bridge");
        const auto entry = entryOf(kind("cursor"), kind("cursor").shapes.last(), Way::Bridge, values);
        QVERIFY(entry);
        QCOMPARE(stringAt(*entry, "command", {}), QStringLiteral("/opt/{client}/bridge"));
    }
    void aValueThatTheClientWouldReplaceIsRefused()
    {
        EntryValues values = someValues();
        values.bridge = QStringLiteral("/opt/$HOME/bridge");
        const auto entry = entryOf(kind("cursor"), kind("cursor").shapes.last(), Way::Bridge, values);
        QVERIFY(!entry && entry.error().message.contains(QStringLiteral("start of a variable")));
        QVERIFY(entryOf(kind("zed"), kind("zed").shapes.last(), Way::Bridge, values));
        values.bridge = QStringLiteral("/opt/{env:X}/bridge");
        QVERIFY(!entryOf(kind("opencode"), kind("opencode").shapes.last(), Way::Bridge, values));
    }
    void namesThatSomeClientStumblesOverAreRefused_data()
    {
        QTest::addColumn<bool>("isFine");
        for (const char *name : {"countersign", "a", "stripe-test", "a2345678901234567890"})
            QTest::newRow(name) << true;
        for (const char *name : {"", "Countersign", "a.b", "a b", "a_b", "-a", "2a", "a23456789012345678901", "workspace", "ide", "a\n"})
            QTest::newRow(name) << false;
    }
    void namesThatSomeClientStumblesOverAreRefused()
    {
        QFETCH(bool, isFine);
        EntryValues values = someValues();
        values.name = QString::fromLatin1(QTest::currentDataTag());
        QCOMPARE(isEntryName(values.name), isFine);
        QCOMPARE(entryOf(kind("zed"), kind("zed").shapes.last(), Way::Bridge, values).has_value(), isFine);
    }
    void commandsQuoteWhatAShellWouldSplit()
    {
        EntryValues values = someValues();
        QCOMPARE(*commandOf(kind("claude-code"), values),
                 QStringLiteral("claude mcp add --scope user countersign -- /usr/bin/countersign-bridge --client my-client"));
        values.bridge = QStringLiteral("/Applications/It's here/bridge");
        QVERIFY(commandOf(kind("claude-code"), values)->contains(QStringLiteral("-- '/Applications/It'\\''s here/bridge' --client")));
        QVERIFY(commandOf(kind("vscode"), someValues())
                    ->startsWith(QStringLiteral("code --add-mcp '{\"name\":\"countersign\",\"type\":\"stdio\"")));
        QVERIFY(commandOf(kind("zed"), values)->isEmpty());
    }
    void linksCarryTheEntryAndNoToken()
    {
        for (const ClientKind &one : m_catalog.kinds) {
            if (one.link.isEmpty())
                continue;
            const QString link = *linkOf(one, someValues());
            QVERIFY2(QUrl(link, QUrl::StrictMode).isValid(), qPrintable(link));
            QVERIFY(!link.contains(QStringLiteral("cst_")));
        }
        const QUrl cursor(*linkOf(kind("cursor"), someValues()));
        QCOMPARE(cursor.scheme(), QStringLiteral("cursor"));
        const QByteArray inner =
            QByteArray::fromBase64(QUrlQuery(cursor).queryItemValue(QStringLiteral("config"), QUrl::FullyDecoded).toLatin1());
        QCOMPARE(inner, QByteArray("{\"command\":\"/usr/bin/countersign-bridge\",\"args\":[\"--client\",\"my-client\"]}"));
        const QString vscode = *linkOf(kind("vscode"), someValues());
        QVERIFY(vscode.startsWith(QStringLiteral("vscode:mcp/install?%7B%22name%22%3A%22countersign%22")));
        QVERIFY(linkOf(kind("zed"), someValues())->isEmpty());
    }
};

COUNTERSIGN_TEST(tst_ClientEntry)
#include "tst_ClientEntry.moc"
