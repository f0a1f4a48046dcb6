// SPDX-FileCopyrightText: 2026 The Countersign authors
// SPDX-License-Identifier: GPL-3.0-or-later
#include "base/Json.h"
#include "clientconfig/ClientCatalog.h"
#include "clientconfig/ClientEntry.h"
#include "support/Runner.h"
#include <QProcess>
#include <QUrl>
#include <QUrlQuery>

using namespace mcpcore;

namespace {

EntryValues someValues()
{
    return {QStringLiteral("/usr/bin/countersign-bridge"), QStringLiteral("my-client"), QStringLiteral("http://127.0.0.1:7345/mcp"),
            "cst_" + QByteArray(43, 'x')};
}

// What breaks a command or a link that is put together carelessly.
EntryValues hardValues()
{
    EntryValues values = someValues();
    values.token.clear();
    values.bridge = QStringLiteral("/opt/It's \"here\"/bridge");
    values.profile = QStringLiteral("/home/ada/my profile");
    values.name = QStringLiteral("countersign-stripe");
    values.connection = QStringLiteral("stripe");
    values.environment = QStringLiteral("sandbox");
    return values;
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
    void commandsAreWhatTheirShellReads_data()
    {
        QTest::addColumn<QString>("command");
        const auto row = [](const char *client, const char *command) { QTest::newRow(client) << QString::fromLatin1(command); };
        row("claude-code", "claude mcp add --scope user countersign-stripe -- '/opt/It'\\''s \"here\"/bridge' --client my-client --profile "
                           "'/home/ada/my profile' --connection stripe --environment sandbox");
        row("codex", "codex mcp add countersign-stripe -- '/opt/It'\\''s \"here\"/bridge' --client my-client --profile '/home/ada/my "
                     "profile' --connection stripe --environment sandbox");
        row("gemini-cli", "gemini mcp add --scope user --timeout 3600000 countersign-stripe '/opt/It'\\''s \"here\"/bridge' --client "
                          "my-client --profile '/home/ada/my profile' --connection stripe --environment sandbox");
        row("copilot-cli", "copilot mcp add --timeout 3600000 countersign-stripe -- '/opt/It'\\''s \"here\"/bridge' --client my-client "
                           "--profile '/home/ada/my profile' --connection stripe --environment sandbox");
        row("opencode", "opencode mcp add countersign-stripe -- '/opt/It'\\''s \"here\"/bridge' --client my-client --profile '/home/ada/my "
                        "profile' --connection stripe --environment sandbox");
        row("vscode", "code --add-mcp '{\"name\":\"countersign-stripe\",\"type\":\"stdio\",\"command\":\"/opt/It'\\''s "
                      "\\\"here\\\"/bridge\",\"args\":[\"--client\",\"my-client\",\"--profile\",\"/home/ada/my profile\","
                      "\"--connection\",\"stripe\",\"--environment\",\"sandbox\"]}'");
    }
    void commandsAreWhatTheirShellReads()
    {
        QFETCH(QString, command);
        const ClientKind &client = kind(QTest::currentDataTag());
        QCOMPARE(*commandOf(client, hardValues()), command);
        // As a shell takes it apart.
        QProcess shell;
        shell.start(QStringLiteral("sh"),
                    {QStringLiteral("-c"),
                     QStringLiteral("for word in %1; do printf '%s\\n' \"$word\"; done").replace(QStringLiteral("%1"), command)});
        QVERIFY(shell.waitForFinished());
        const QList<QByteArray> words = shell.readAllStandardOutput().trimmed().split('\n');
        if (client.id == QLatin1String("vscode")) {
            const auto entry = parseJson(words.last().toStdString());
            QVERIFY2(entry, words.last());
            QCOMPARE(stringAt(*entry, "command", {}), hardValues().bridge);
        } else {
            QVERIFY(words.contains(hardValues().bridge.toUtf8()));
            QCOMPARE(words.mid(words.indexOf("--client")), QList<QByteArray>({"--client", "my-client", "--profile", "/home/ada/my profile",
                                                                              "--connection", "stripe", "--environment", "sandbox"}));
        }
    }
    void everyCommandHasARow()
    {
        for (const ClientKind &one : m_catalog.kinds)
            if (!one.command.isEmpty())
                QVERIFY2(
                    QByteArrayList({"claude-code", "codex", "gemini-cli", "copilot-cli", "opencode", "vscode"}).contains(one.id.toLatin1()),
                    qPrintable(one.id));
    }
    void linksAreWhatTheirProgramReads_data()
    {
        QTest::addColumn<QString>("link");
        const auto row = [](const char *client, const char *link) { QTest::newRow(client) << QString::fromLatin1(link); };
        const char *config =
            "eyJjb21tYW5kIjoiL29wdC9JdCdzIFwiaGVyZVwiL2JyaWRnZSIsImFyZ3MiOlsiLS1jbGllbnQiLCJteS1jbGllbnQiLCItLXByb2ZpbGUiLCIvaG9t"
            "ZS9hZGEvbXkgcHJvZmlsZSIsIi0tY29ubmVjdGlvbiIsInN0cmlwZSIsIi0tZW52aXJvbm1lbnQiLCJzYW5kYm94Il19";
        row("cursor", QByteArray("cursor://anysphere.cursor-deeplink/mcp/install?name=countersign-stripe&config=").append(config));
        row("lm-studio", "lmstudio://add_mcp?name=countersign-stripe&config=eyJjb21tYW5kIjoiL29wdC9JdCdzIFwiaGVyZVwiL2JyaWRnZSIsImFyZ3Mi"
                         "OlsiLS1jbGllbnQiLCJteS1jbGllbnQiLCItLXByb2ZpbGUiLCIvaG9tZS9hZGEvbXkgcHJvZmlsZSIsIi0tY29ubmVjdGlvbiIsInN0cmlwZS"
                         "IsIi0tZW52aXJvbm1lbnQiLCJzYW5kYm94Il0sInRpbWVvdXQiOjM2MDAwMDB9");
        row("vscode",
            "vscode:mcp/install?%7B%22name%22%3A%22countersign-stripe%22%2C%22type%22%3A%22stdio%22%2C%22command%22%3A%22%2Fopt%2F"
            "It%27s%20%5C%22here%5C%22%2Fbridge%22%2C%22args%22%3A%5B%22--client%22%2C%22my-client%22%2C%22--profile%22%2C%22%2F"
            "home%2Fada%2Fmy%20profile%22%2C%22--connection%22%2C%22stripe%22%2C%22--environment%22%2C%22sandbox%22%5D%7D");
    }
    void linksAreWhatTheirProgramReads()
    {
        QFETCH(QString, link);
        QCOMPARE(*linkOf(kind(QTest::currentDataTag()), hardValues()), link);
        // What is handed to the desktop is that, to the byte.
        QCOMPARE(QUrl(link, QUrl::StrictMode).toString(QUrl::FullyEncoded), link);
    }
    void anEntryForOneConnectionIsAskedForIt()
    {
        for (const ClientKind &one : m_catalog.kinds)
            for (const EntryShape &shape : one.shapes) {
                const auto bridge = entryOf(one, shape, Way::Bridge, hardValues());
                QVERIFY2(bridge, bridge ? "" : qPrintable(bridge.error().message));
                const QByteArray bytes = toBytes(*bridge);
                QVERIFY2(bytes.contains("\"my-client\",\"--profile\",\"/home/ada/my profile\",\"--connection\",\"stripe\","
                                        "\"--environment\",\"sandbox\"]"),
                         bytes);
                EntryValues http = hardValues();
                http.token = "cst_x";
                if (one.has(Way::Http))
                    QVERIFY(toBytes(*entryOf(one, shape, Way::Http, http)).contains("\"http://127.0.0.1:7345/mcp/stripe/sandbox\""));
            }
    }
    void theUsualNameOfAnEntryIsOneThatEveryClientTakes_data()
    {
        QTest::addColumn<QString>("connection");
        QTest::addColumn<QString>("name");
        QTest::newRow("all") << QString() << QStringLiteral("countersign");
        QTest::newRow("stripe") << QStringLiteral("stripe") << QStringLiteral("countersign-stripe");
        QTest::newRow("as long as can be") << QStringLiteral("practice") << QStringLiteral("countersign-practice");
        QTest::newRow("too long") << QStringLiteral("my-billing-system") << QStringLiteral("countersign-my-billi");
        QTest::newRow("cut at a dash") << QStringLiteral("billing-system") << QStringLiteral("countersign-billing");
    }
    void theUsualNameOfAnEntryIsOneThatEveryClientTakes()
    {
        QFETCH(QString, connection);
        QFETCH(QString, name);
        QCOMPARE(usualEntryName(connection), name);
        QVERIFY(isEntryName(name));
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
