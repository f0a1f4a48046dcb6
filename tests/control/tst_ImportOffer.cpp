// SPDX-FileCopyrightText: 2026 The Countersign authors
// SPDX-License-Identifier: GPL-3.0-or-later
// What a server of a client's file would be as a connection.
#include "base/Json.h"
#include "clientconfig/ClientCatalog.h"
#include "control/ImportOffer.h"
#include "packs/Packs.h"
#include "store/WorkspaceFile.h"
#include "support/Runner.h"
#include <QStandardPaths>

using namespace mcpcore;

namespace {

const char *const kTest = "rk_test_CANARY0123456789abcdefWXYZ";
const char *const kLive = "rk_live_CANARY0123456789abcdefWXYZ";

QString text(const char *bytes)
{
    return QString::fromUtf8(bytes);
}

// What an offer comes to, in one line.
QString wordsOf(const ImportOffer &offer)
{
    if (!offer.trouble.isEmpty())
        return offer.trouble;
    QStringList places;
    for (const EnvironmentId &place : offer.environments)
        places.append((place == offer.environment ? QStringLiteral("*") : QString()) + place.text);
    QStringList words{offer.connection.text, offer.vendor.isEmpty() ? QStringLiteral("-") : offer.vendor, offer.target.text(),
                      places.join(QLatin1Char(','))};
    if (!offer.target.auth.isEmpty())
        words.append(offer.target.auth);
    if (!offer.target.secretVariable.isEmpty())
        words.append(QLatin1Char('$') + offer.target.secretVariable);
    for (const auto &[name, value] : offer.target.headers)
        words.append(name + QLatin1Char('=') + value);
    if (offer.isThere)
        words.append(QStringLiteral("there"));
    return words.join(QStringLiteral(" | "));
}

} // namespace

class tst_ImportOffer : public QObject
{
    Q_OBJECT

    const ClientCatalog m_clients = *ClientCatalog::builtIn();
    const QList<Pack> m_packs = *builtInPacks();
    Workspace m_workspace = newWorkspace();

    ImportScan scanOf(const Json &servers) const
    {
        const QByteArray file = toBytes(Json{{"mcpServers", servers}});
        auto scan = scanForImport(file, *m_clients.find(QStringLiteral("cursor")), m_packs, {});
        return scan ? std::move(*scan) : ImportScan();
    }
    ImportKnowledge known() const
    {
        return {m_workspace, m_packs, [](const Secret &key) { return sha256(key.reveal()).left(16); }};
    }
    ImportOffer offer(const Json &server) const
    {
        const ImportScan scan = scanOf({{"mine", server}});
        return scan.servers.isEmpty() ? ImportOffer{QStringLiteral("no server")} : offerFor(scan.servers.first(), scan, known(), {});
    }
    void haveConnection(const char *id, const char *vendor, std::variant<HttpTarget, StdioTarget> target)
    {
        m_workspace.connections.append({{text(id)}, text(vendor), {{QStringLiteral("sandbox")}}, std::move(target), {}});
    }
private Q_SLOTS:
    void init() { m_workspace = newWorkspace(); }

    void aServerIsOfferedAsItIsWithItsKeyOutOfIt_data()
    {
        QTest::addColumn<QByteArray>("server");
        QTest::addColumn<QString>("words");
        const auto row = [](const char *name, const Json &server, const char *words) {
            QTest::newRow(name) << toBytes(server) << text(words);
        };
        const QString all = QStringLiteral("sandbox,staging,production");
        row("a program with its key in a variable",
            {{"command", "npx"}, {"args", {"-y", "@stripe/mcp"}}, {"env", {{"STRIPE_SECRET_KEY", kTest}}}},
            "mine | stripe | npx -y @stripe/mcp | *sandbox,staging | $STRIPE_SECRET_KEY");
        row("a live key", {{"command", "npx"}, {"args", {"-y", "@stripe/mcp"}}, {"env", {{"STRIPE_SECRET_KEY", kLive}}}},
            "mine | stripe | npx -y @stripe/mcp | *production | $STRIPE_SECRET_KEY");
        row("a key in the command line, of a vendor's program",
            {{"command", "npx"}, {"args", {"-y", "@stripe/mcp", "--tools=all", std::string("--api-key=") + kTest}}},
            "mine | stripe | npx -y @stripe/mcp --tools=all | *sandbox,staging | $STRIPE_SECRET_KEY");
        row("the same as a word after its option", {{"command", "npx"}, {"args", {"@stripe/mcp", "--api-key", kTest, "--tools=all"}}},
            "mine | stripe | npx @stripe/mcp --tools=all | *sandbox,staging | $STRIPE_SECRET_KEY");
        row("other variables and a folder",
            {{"command", "run"}, {"cwd", "/srv/a b"}, {"env", {{"LEVEL", "debug"}, {"A_TOKEN", "CANARYtoken0123456789"}}}},
            "mine | - | env --chdir=/srv/a b LEVEL=debug run | sandbox,staging,production | $A_TOKEN");
        row("a program without a key", {{"command", "files"}, {"args", {"/home/ada"}}},
            "mine | - | files /home/ada | sandbox,staging,production");
        row("a header with Bearer",
            {{"url", "https://mcp.stripe.com"},
             {"headers", {{"Authorization", std::string("Bearer ") + kTest}, {"Stripe-Account", "acct_1"}}}},
            "mine | stripe | https://mcp.stripe.com | *sandbox,staging | bearer | Stripe-Account=acct_1");
        row("a header of its own", {{"url", "https://mcp.example.com/x"}, {"headers", {{"X-API-Key", "CANARYkey0123456789"}}}},
            "mine | - | https://mcp.example.com/x | sandbox,staging,production | header:X-API-Key");
        row("an address of a vendor that signs in", {{"url", "https://mcp.stripe.com"}},
            "mine | stripe | https://mcp.stripe.com | sandbox,staging,production | oauth");
        row("an address without a key", {{"url", "https://mcp.example.com/x"}},
            "mine | - | https://mcp.example.com/x | sandbox,staging,production");
        row("a program that passes an address on",
            {{"command", "npx"},
             {"args", {"mcp-remote", "https://api.statsig.com/v3/mcp", "--header", "statsig-api-key:console-CANARY55555aaaaabbbbbMNOP"}}},
            "mine | statsig | https://api.statsig.com/v3/mcp | sandbox,staging,production | header:statsig-api-key");
        row("the same with Bearer and a space",
            {{"command", "npx"},
             {"args", {"-y", "mcp-remote@0.1.9", "https://mcp.example.com/", "--header", "Authorization: Bearer CANARYkey0123456789"}}},
            "mine | - | https://mcp.example.com/ | sandbox,staging,production | bearer");
        row("a variable that the client takes from elsewhere", {{"command", "run"}, {"env", {{"A_TOKEN", "${env:A_TOKEN}"}}}},
            "mine | - | run | sandbox,staging,production | $A_TOKEN");
        row("a header that the client takes from elsewhere",
            {{"url", "https://mcp.example.com/x"}, {"headers", {{"Authorization", "Bearer ${env:X}"}}}},
            "mine | - | https://mcp.example.com/x | sandbox,staging,production | bearer");
        row("a program that passes an address on, with a header of its own",
            {{"command", "npx"}, {"args", {"mcp-remote", "https://mcp.example.com/", "--header", "X-Org: acme"}}},
            "mine | - | https://mcp.example.com/ | sandbox,staging,production | X-Org=acme");
        // What cannot be the same behind us stays, and it is said why.
        row("a password in the address of a database", {{"command", "run"}, {"env", {{"DATABASE_URL", "postgres://me:CANARYpass01@db/x"}}}},
            "Its key is a part of a longer text (password), which Countersign cannot put together. Add it by hand.");
        row("a short password in an address", {{"command", "run"}, {"env", {{"DATABASE_URL", "postgres://me:short@db/x"}}}},
            "Its variable DATABASE_URL may be a secret, and would stand in a command line, where every program could read it. Add it by "
            "hand, with this as its key.");
        row("a variable that is named like a secret", {{"command", "run"}, {"env", {{"PGPASSWORD", "short"}}}},
            "Its variable PGPASSWORD may be a secret, and would stand in a command line, where every program could read it. Add it by "
            "hand, with this as its key.");
        row("a key within a text", {{"command", "run"}, {"env", {{"OPTIONS", std::string("--with ") + kTest + " --more"}}}},
            "Its key is a part of a longer text (OPTIONS), which Countersign cannot put together. Add it by hand.");
        row("a key in a line for a shell",
            {{"command", "sh"}, {"args", {"-c", std::string("STRIPE_SECRET_KEY=") + kTest + " npx @stripe/mcp"}}},
            "Its key is a part of a longer text (STRIPE_SECRET_KEY), which Countersign cannot put together. Add it by hand.");
        row("a user in the address", {{"url", "https://CANARYuser@mcp.example.com/x"}},
            "Its address is not whole in this file. Add it by hand.");
        row("an older transport", {{"type", "sse"}, {"url", "https://mcp.example.com/sse"}},
            "It speaks sse, an older transport that Countersign does not. Look whether the server has another address.");
        row("variables in another file", {{"command", "run"}, {"envFile", ".env"}},
            "It uses envFile, which only the client knows. Add it by hand.");
        row("a folder that nobody knows", {{"command", "node"}, {"args", {"./server.js"}}},
            "It starts in a folder that only the client knows. Write whole paths into the file first.");
        row("an option of a relay", {{"command", "npx"}, {"args", {"mcp-remote", "https://mcp.example.com/", "--transport", "sse-only"}}},
            "It passes on with --transport, which Countersign does not know. Add its address by hand.");
        row("what a client puts in", {{"command", "run"}, {"args", {"{env:HOME}"}}},
            "Its command line is not whole in this file. Add it by hand.");
        row("two keys", {{"command", "run"}, {"env", {{"A_TOKEN", "CANARYtoken0123456789"}, {"B_TOKEN", "CANARYother0123456789"}}}},
            "It holds 2 keys, and a connection carries one. Leave it as it is, or add it by hand with one of them.");
        row("a key in the address", {{"url", "https://mcp.example.com/x?api_key=CANARYquery0123456789"}},
            "Its key is a part of the address, where logs and others see it, and Countersign sends keys in headers only. Look whether the "
            "server takes one, and add it by hand.");
        row("a key in the command line of somebody's program", {{"command", "run"}, {"args", {"--token=CANARYtoken0123456789"}}},
            "Its key (token) is a word of its command line, and Countersign gives keys to programs in variables only. Look which one it "
            "takes, and add it by hand.");
        row("another word before the key",
            {{"url", "https://mcp.example.com/x"}, {"headers", {{"Authorization", "Basic CANARYkey0123456789"}}}},
            "It sends its key with the word \"Basic\" before it, which Countersign does not. Leave the entry as it is.");
        row("a publishable key",
            {{"command", "npx"}, {"args", {"@stripe/mcp"}}, {"env", {{"STRIPE_SECRET_KEY", "pk_test_CANARY0123456789abcdefWXYZ"}}}},
            "Its key is a publishable key, which is of no use to tools. Take it out of the file by hand.");
        row("two things from elsewhere", {{"command", "run"}, {"env", {{"A_TOKEN", "$A"}, {"B_TOKEN", "$B"}}}},
            "The client takes A_TOKEN, B_TOKEN from elsewhere, and a connection carries one key. Add it by hand.");
        row("what only the client can fill in", {{"command", "run"}, {"args", {"${workspaceFolder}"}}},
            "Its command line is not whole in this file. Add it by hand.");
    }
    void aServerIsOfferedAsItIsWithItsKeyOutOfIt()
    {
        QFETCH(QByteArray, server);
        QFETCH(QString, words);
        const ImportOffer made = offer(*parseJson({server.constData(), size_t(server.size())}));
        QCOMPARE(wordsOf(made), words);
        QVERIFY(!(wordsOf(made) + made.target.notes.join(QLatin1Char(' '))).contains(QStringLiteral("CANARY")));
        if (made.trouble.isEmpty())
            QVERIFY(
                !QString::fromUtf8(toBytes(made.added(made.connection, {QStringLiteral("sandbox")}))).contains(QStringLiteral("CANARY")));
    }

    void aVendorThatHasNoSuchEnvironmentIsNotOfferedThere()
    {
        const Pack *stack = find(m_packs, QStringLiteral("stack"));
        QVERIFY(stack && !stack->hosted.isEmpty());
        const ImportOffer theirs = offer({{"url", stack->hosted.first().url.toStdString()},
                                          {"headers", {{"Authorization", "Bearer sk_live_op_CANARY5555555555555555"}}}});
        QCOMPARE(theirs.environment.text, QStringLiteral("production"));
        QVERIFY(!theirs.environments.contains(EnvironmentId{QStringLiteral("sandbox")}));
    }

    void theSameServerWithThisVeryKeyIsUsed()
    {
        const QString npx = QStandardPaths::findExecutable(text("env")); // which is everywhere
        haveConnection("pay", "stripe", StdioTarget{npx, {text("@stripe/mcp")}, text("STRIPE_SECRET_KEY")});
        KeyRecord key;
        key.id = {QStringLiteral("key-1")};
        key.connection = {QStringLiteral("pay")};
        key.environment = {QStringLiteral("sandbox")};
        key.fingerprint = sha256(kTest).left(16);
        m_workspace.keys = {key};
        const Json server{{"command", "env"}, {"args", {"@stripe/mcp"}}, {"env", {{"STRIPE_SECRET_KEY", kTest}}}};
        QCOMPARE(wordsOf(offer(server)), QStringLiteral("pay | stripe | env @stripe/mcp | *sandbox | $STRIPE_SECRET_KEY | there"));
        // Another key is another matter, and so is another server, and a key of one client alone.
        Json other = server;
        other["env"]["STRIPE_SECRET_KEY"] = std::string(kTest) + "1";
        QVERIFY(!offer(other).isThere);
        other = server;
        other["args"].push_back("--tools=all");
        QVERIFY(!offer(other).isThere);
        other = server;
        other["command"] = "/elsewhere/env";
        QVERIFY(!offer(other).isThere);
        QVERIFY(!offer({{"url", "https://mcp.stripe.com"}, {"headers", {{"Authorization", std::string("Bearer ") + kTest}}}}).isThere);
        m_workspace.keys[0].client = ClientId{QStringLiteral("cursor")};
        QVERIFY(!offer(server).isThere);
        m_workspace.keys[0].client.reset();
        m_workspace.keys[0].fingerprint.clear();
        QVERIFY(!offer(server).isThere);
    }

    void ofAnAddressOnlyTheEnvironmentsWithItAreUsed()
    {
        HttpTarget there{{{{text("sandbox")}, text("https://a.example.com/x")}, {{text("staging")}, text("https://b.example.com/x")}},
                         {},
                         {{text("X-Org"), text("a")}}};
        haveConnection("docs", "", there);
        m_workspace.connections.last().environments = {{text("sandbox")}, {text("staging")}};
        const Json same{{"url", "https://b.example.com/x"}, {"headers", {{"X-Org", "a"}}}};
        QCOMPARE(wordsOf(offer(same)), QStringLiteral("docs | - | https://b.example.com/x | *staging | X-Org=a | there"));
        QVERIFY(!offer({{"url", "https://b.example.com/x"}, {"headers", {{"X-Org", "b"}}}}).isThere);
        QVERIFY(!offer({{"url", "https://b.example.com/x"}}).isThere);
    }

    void whatNeedsNoKeyIsUsedWhereItGoesThereAlready()
    {
        haveConnection("docs", "", StdioTarget{QStandardPaths::findExecutable(text("env")), {text("/home/ada")}, {}});
        QCOMPARE(wordsOf(offer({{"command", "env"}, {"args", {"/home/ada"}}})),
                 QStringLiteral("docs | - | env /home/ada | *sandbox | there"));
        QVERIFY(!offer({{"command", "env"}, {"args", {"/home/bob"}}}).isThere);
    }

    void whatIsDifferentThenIsSaid()
    {
        const auto notes = [this](const Json &server) { return offer(server).target.notes.join(QLatin1Char(' ')); };
        QVERIFY(notes({{"url", "https://mcp.example.com/x"}}).contains(text("sign-in")));
        QVERIFY(notes({{"command", "run"}, {"disabled", true}}).contains(text("switched off")));
        QVERIFY(notes({{"command", "run"}, {"includeTools", {"a"}}}).contains(text("includeTools limits its tools")));
        const QByteArray file = R"({"projects":{"/home/ada/shop":{"mcpServers":{"mine":{"command":"node","args":["./server.js"]}}}}})";
        const auto scan = scanForImport(file, *m_clients.find(text("claude-code")), m_packs, {});
        QVERIFY(scan && scan->servers.size() == 1);
        const ImportOffer made = offerFor(scan->servers.first(), *scan, known(), {});
        QCOMPARE(made.target.text(), text("env --chdir=/home/ada/shop node ./server.js"));
        QVERIFY(made.target.notes.join(QLatin1Char(' ')).contains(text("in /home/ada/shop only")));
    }

    void aProgramThatIsNotHereIsKnown()
    {
        QCOMPARE(offer({{"command", "no-such-program"}, {"env", {{"A", "b"}}}}).target.missingProgram(), text("no-such-program"));
        QCOMPARE(offer({{"command", "env"}, {"cwd", "/tmp"}}).target.missingProgram(), QString());
        QCOMPARE(offer({{"url", "https://mcp.example.com/x"}}).target.missingProgram(), QString());
    }

    void namesAreFreeOnes()
    {
        haveConnection("my-server", "", StdioTarget{QStringLiteral("/usr/bin/true"), {}, {}});
        const ImportScan scan = scanOf({{"My Server!", {{"command", "a"}}},
                                        {"my.server", {{"command", "b"}}},
                                        {"9 lives", {{"command", "c"}}},
                                        {"live", {{"command", "d"}}}});
        QList<ConnectionId> taken;
        QStringList names;
        for (const FoundServer &server : scan.servers) {
            taken.append(offerFor(server, scan, known(), taken).connection);
            names.append(taken.last().text);
        }
        QCOMPARE(names, QStringList({QStringLiteral("my-server-2"), QStringLiteral("my-server-3"), QStringLiteral("server-9-lives"),
                                     QStringLiteral("live-2")}));
    }
};

COUNTERSIGN_TEST(tst_ImportOffer)
#include "tst_ImportOffer.moc"
