// SPDX-FileCopyrightText: 2026 The Countersign authors
// SPDX-License-Identifier: GPL-3.0-or-later
#include "base/AtomicFile.h"
#include "base/Secret.h"
#include "store/WorkspaceFile.h"
#include "support/Runner.h"
#include <QSignalSpy>
#include <QTemporaryDir>

using namespace mcpcore;

namespace {

QString text(const char *latin1)
{
    return QString::fromLatin1(latin1);
}

// One of everything.
Workspace filled()
{
    Workspace workspace = newWorkspace();
    const EnvironmentId sandbox{text("sandbox")};
    const EnvironmentId production{text("production")};
    const std::chrono::milliseconds then(1'795'255'200'000);
    HttpTarget http{{{sandbox, text("https://mcp.example.com/mcp?team=1")}, {production, text("http://127.0.0.1:9000/mcp")}},
                    {HttpAuth::Kind::Header, text("X-API-KEY")},
                    {{text("Stripe-Account"), text("acct_1")}}};
    workspace.connections = {
        {{text("web")}, text("stigg"), {sandbox, production}, http, then},
        {{text("local")}, {}, {sandbox}, StdioTarget{text("npx"), {text("-y"), text("a b\n\"c\"")}, text("API_KEY")}, then},
        {{text("signed-in")},
         {},
         {sandbox},
         HttpTarget{{{sandbox, text("https://mcp.example.com/mcp")}},
                    {HttpAuth::Kind::OAuth, {}, text("client-1"), text("https://example.com/client.json")},
                    {}},
         then}};
    workspace.clients = {{{text("cursor")}, text("Cursor"), text("cursor"), sha256("a"), sandbox, text("/opt/cursor"), false, then},
                         {{text("zed")}, text("Zed"), text("zed"), {}, std::nullopt, {}, true, then}};
    Rule rule{{text("r1")},
              Effect::Allow,
              ClientId{text("cursor")},
              ConnectionId{text("web")},
              sandbox,
              EnvironmentKind::Sandbox,
              text("list_*"),
              text("Get*"),
              {ToolClass::Read, ToolClass::ReadPersonal},
              {{text("/amount"), text("<="), "1234567890123456789012.50"},
               {text("/a~1b"), text("in"), "[1,\"a b\",null]"},
               {text("/x"), text("absent"), {}}},
              then,
              text("why"),
              then};
    workspace.rules = {rule, {{text("r2")}, Effect::Deny, {}, {}, {}, {}, {}, {}, {}, {}, {}, {}, {}}};
    workspace.trusts = {{{text("web")}, sandbox, text("list_things"), sha256("pin"), ToolClass::Read}};
    workspace.keys = {{{text("k1")},
                       {text("web")},
                       sandbox,
                       ClientId{text("cursor")},
                       text("mine"),
                       text("https://mcp.example.com:443"),
                       text("sk_test_"),
                       text("1234"),
                       text("keychain"),
                       then,
                       QByteArray(16, 'f'),
                       text("restricted"),
                       KeyVerification{then, KeyVerification::Mode::Test, text("acct_1"), text("Acme"), {text("It reads the balance.")}},
                       then,
                       30,
                       text("/home/ada/.cursor/mcp.json")}};
    workspace.alarms = {{{text("web")}, production, text("It answered with real data."), then}};
    workspace.hidden = {{{text("cursor")}, {text("web")}, sandbox, text("list_things")}};
    workspace.paused = true;
    workspace.ownedByApp = true;
    return workspace;
}

const char *smallest = "{\"version\":1,\"activeEnvironment\":\"sandbox\",\"environments\":[{\"id\":\"sandbox\",\"kind\":\"sandbox\"}]}";

} // namespace

class tst_WorkspaceFile : public QObject
{
    Q_OBJECT
private Q_SLOTS:
    void whatIsWrittenReadsBackAsTheSame()
    {
        const QByteArray bytes = toFileBytes(filled());
        const auto read = workspaceFrom(bytes);
        QVERIFY2(read, read ? "" : qPrintable(read.error().message));
        QCOMPARE(toFileBytes(*read), bytes);
        QCOMPARE(read->rules[0].where[0].value, QByteArray("1234567890123456789012.50"));
        QCOMPARE(std::get<StdioTarget>(read->connections[1].target).arguments[1], text("a b\n\"c\""));
        QCOMPARE(read->clients[1].environment, std::optional<EnvironmentId>());
        QCOMPARE(read->clients[0].tokenDigest, sha256("a"));
        QCOMPARE(read->rules[0].expires, filled().rules[0].expires);
        QCOMPARE(read->hidden, filled().hidden);
        QCOMPARE(read->keys[0].foundIn, filled().keys[0].foundIn);
        QCOMPARE(read->keys[0].verified->abilities, filled().keys[0].verified->abilities);
    }
    void theFileIsReadable()
    {
        const QByteArray bytes = toFileBytes(newWorkspace());
        QCOMPARE(bytes, QByteArray("{\n"
                                   "  \"version\": 1,\n"
                                   "  \"activeEnvironment\": \"sandbox\",\n"
                                   "  \"paused\": false,\n"
                                   "  \"ownedByApp\": false,\n"
                                   "  \"environments\": [\n"
                                   "    {\n"
                                   "      \"id\": \"sandbox\",\n"
                                   "      \"kind\": \"sandbox\"\n"
                                   "    },\n"
                                   "    {\n"
                                   "      \"id\": \"staging\",\n"
                                   "      \"kind\": \"staging\"\n"
                                   "    },\n"
                                   "    {\n"
                                   "      \"id\": \"production\",\n"
                                   "      \"kind\": \"production\"\n"
                                   "    }\n"
                                   "  ],\n"
                                   "  \"connections\": [],\n"
                                   "  \"clients\": [],\n"
                                   "  \"rules\": [],\n"
                                   "  \"trusts\": [],\n"
                                   "  \"keys\": [],\n"
                                   "  \"hidden\": []\n"
                                   "}\n"));
    }
    void aBadFileIsRefusedAndThePlaceNamed_data()
    {
        QTest::addColumn<QByteArray>("cut"); // what of the smallest file is replaced
        QTest::addColumn<QByteArray>("by");
        QTest::addColumn<QString>("says");
        const QByteArray end("}]}");
        QTest::newRow("not JSON") << QByteArray("[{") << QByteArray("[{,") << "line 1, column 61";
        QTest::newRow("a newer version") << QByteArray(":1,") << QByteArray(":2,") << "version 2";
        QTest::newRow("no version") << QByteArray("version") << QByteArray("versioN") << "\"version\" is missing";
        QTest::newRow("a version that is no number") << QByteArray(":1,") << QByteArray(":\"1\",") << "\"version\" must be a whole number";
        QTest::newRow("an unknown member") << end << QByteArray("}],\"extra\":1}") << "\"extra\" is not known";
        QTest::newRow("an unknown member deep inside") << end << QByteArray(",\"extra\":1}]}") << "\"environments[0].extra\" is not known";
        QTest::newRow("a member twice") << end << QByteArray("}],\"version\":1}") << "\"version\" is written twice";
        QTest::newRow("a text in place of a list")
            << QByteArray("[{\"id\":\"sandbox\",\"kind\":\"sandbox\"}]") << QByteArray("\"sandbox\"") << "\"environments\" must be a list";
        QTest::newRow("an element of the wrong type") << end << QByteArray("},7]}") << "\"environments[1]\" must be an object";
        QTest::newRow("an unknown word") << QByteArray("\"kind\":\"sandbox\"") << QByteArray("\"kind\":\"test\"")
                                         << "\"environments[0].kind\" has the unknown word \"test\"";
        QTest::newRow("control characters") << QByteArray("\"id\":\"sandbox\"") << QByteArray("\"id\":\"sand\\u0007\"")
                                            << "\"environments[0].id\" must not hold control";
        QTest::newRow("an auth form nobody knows")
            << end
            << QByteArray("}],\"connections\":[{\"id\":\"a\",\"environments\":[\"sandbox\"],\"transport\":\"http\",\"urls\":{\"sandbox\":"
                          "\"https://a\"},\"auth\":\"magic\"}]}")
            << "\"connections[0].auth\" must be none, bearer, oauth or header:NAME";
        QTest::newRow("a URL that is no text") << end
                                               << QByteArray("}],\"connections\":[{\"id\":\"a\",\"environments\":[\"sandbox\"],"
                                                             "\"transport\":\"http\",\"urls\":{\"sandbox\":5},\"auth\":\"none\"}]}")
                                               << "\"connections[0].urls.sandbox\" must be a text";
        QTest::newRow("a time without a zone")
            << end << QByteArray("}],\"rules\":[{\"id\":\"r\",\"effect\":\"deny\",\"expires\":\"2026-11-21T10:00:00\"}]}")
            << "\"rules[0].expires\" must be a time with its zone";
        QTest::newRow("a rule with limits") << end << QByteArray("}],\"rules\":[{\"id\":\"r\",\"effect\":\"allow\",\"limits\":{}}]}")
                                            << "\"rules[0].limits\" is not supported";
        QTest::newRow("a reference to nothing")
            << end << QByteArray("}],\"rules\":[{\"id\":\"r\",\"effect\":\"allow\",\"client\":\"cursor\"}]}")
            << "The rule r names the client cursor, which does not exist";
        QTest::newRow("a list in place of the object") << QByteArray(smallest) << QByteArray("[]") << "The text must be an object";
    }
    void aBadFileIsRefusedAndThePlaceNamed()
    {
        QFETCH(QByteArray, cut);
        QFETCH(QByteArray, by);
        QFETCH(QString, says);
        QVERIFY(workspaceFrom(smallest));
        QByteArray bytes(smallest);
        const qsizetype at = bytes.indexOf(cut);
        QVERIFY(at >= 0);
        const auto read = workspaceFrom(bytes.replace(at, cut.size(), by));
        QVERIFY(!read);
        QVERIFY2(read.error().message.contains(says), qPrintable(read.error().message));
    }

    void anUnusableWorkspaceIsNotWritten_data()
    {
        QTest::addColumn<std::function<void(Workspace &)>>("spoil");
        QTest::addColumn<QString>("says");
        const auto row = [](const char *name, std::function<void(Workspace &)> spoil, const char *says) {
            QTest::newRow(name) << spoil << QString::fromLatin1(says);
        };
        const auto url = [&](const char *name, const char *bad, const char *says) {
            row(
                name, [bad](Workspace &w) { std::get<HttpTarget>(w.connections[0].target).urls[{text("sandbox")}] = text(bad); }, says);
        };
        const auto header = [&](const char *name, const char *key, const char *value, const char *says) {
            row(
                name,
                [key, value](Workspace &w) {
                    std::get<HttpTarget>(w.connections[0].target).headers = {{text(key), text(value)}};
                },
                says);
        };
        const auto arguments = [&](const char *name, QStringList list, const char *says) {
            row(
                name, [list](Workspace &w) { std::get<StdioTarget>(w.connections[1].target).arguments = list; }, says);
        };
        const auto condition = [&](const char *name, const char *op, const char *value, const char *says) {
            row(
                name,
                [op, value](Workspace &w) {
                    w.rules[0].where = {{text("/a"), text(op), value}};
                },
                says);
        };
        row(
            "an id with a capital", [](Workspace &w) { w.clients[0].id = {text("Cursor")}; }, "cannot be the id of a client");
        row(
            "a connection called live", [](Workspace &w) { w.connections[1].id = {text("live")}; }, "cannot be the id of a connection");
        row(
            "two connections of one id", [](Workspace &w) { w.connections[1].id = w.connections[0].id; },
            "There is a connection with the id web already");
        row(
            "no such active environment", [](Workspace &w) { w.activeEnvironment = {text("gone")}; },
            "The active environment \"gone\" does not exist");
        row(
            "production of another kind", [](Workspace &w) { w.environments[2].kind = EnvironmentKind::Sandbox; },
            "must be of the kind production");
        row(
            "sandbox of another kind", [](Workspace &w) { w.environments[0].kind = EnvironmentKind::Production; },
            "must be of the kind sandbox");
        row(
            "a connection in an environment that is not there", [](Workspace &w) { w.connections[1].environments = {{text("gone")}}; },
            "names the environment gone");
        row(
            "a connection in no environment", [](Workspace &w) { w.connections[1].environments.clear(); }, "is in no environment");
        row(
            "a client in an environment that is not there", [](Workspace &w) { w.clients[0].environment = {text("gone")}; },
            "names the environment gone");
        row(
            "two clients with one token", [](Workspace &w) { w.clients[1].tokenDigest = w.clients[0].tokenDigest; },
            "needs a token of its own");
        row(
            "trust in a connection that is not there", [](Workspace &w) { w.trusts[0].connection = {text("gone")}; },
            "names the connection gone");
        row(
            "trust without a pin", [](Workspace &w) { w.trusts[0].pin.clear(); }, "with its pin");
        row(
            "a key for a client that is not there", [](Workspace &w) { w.keys[0].client = ClientId{text("gone")}; },
            "names the client gone");
        row(
            "a key record that shows too much", [](Workspace &w) { w.keys[0].lastFour = text("12345"); }, "more of the secret");
        row(
            "a key with half a fingerprint", [](Workspace &w) { w.keys[0].fingerprint.chop(8); }, "a fingerprint that is not one");
        row(
            "a reminder after a negative time", [](Workspace &w) { w.keys[0].rotationDays = -1; }, "after 0 to 3650 days");
        row(
            "an alarm of a connection that is not there", [](Workspace &w) { w.alarms[0].connection = {text("gone")}; },
            "names the connection gone");
        row(
            "a key as a label", [](Workspace &w) { w.keys[0].label = text("sk_live_51abc"); }, "more of the secret");
        row(
            "a tool hidden from a client that is not there", [](Workspace &w) { w.hidden[0].client = {text("gone")}; },
            "names the client gone");
        row(
            "a tool hidden where no connection is", [](Workspace &w) { w.hidden[0].connection = {text("gone")}; },
            "names the connection gone");
        row(
            "a hidden tool without a name", [](Workspace &w) { w.hidden[0].tool.clear(); }, "with its name");
        row(
            "a tool hidden twice", [](Workspace &w) { w.hidden.append(w.hidden[0]); }, "must be there once");
        row(
            "two rules of one id", [](Workspace &w) { w.rules[1].id = w.rules[0].id; }, "A rule needs an id of its own");
        row(
            "a rule for an environment that is not there", [](Workspace &w) { w.rules[0].environment = {text("gone")}; },
            "names the environment gone");
        row(
            "no URL for one of the environments",
            [](Workspace &w) { std::get<HttpTarget>(w.connections[0].target).urls.remove({text("sandbox")}); }, "needs a URL");
        row(
            "a URL for an environment it is not in", [](Workspace &w) { w.connections[0].environments.removeLast(); },
            "not among its environments");
        url("plain http to another machine", "http://example.com/mcp", "needs a URL with https");
        url("plain http to a name that begins like this machine", "http://127.0.0.1.example.com/mcp", "needs a URL with https");
        url("a file URL", "file:///etc/passwd", "needs a URL such as");
        url("no host", "https:///mcp", "needs a URL such as");
        url("a password in the URL", "https://me:secret@example.com/mcp", "user name or password");
        url("a key in the query", "https://example.com/mcp?api_key=abc", "hold a key in its URL");
        url("a key in the path", "https://example.com/sk_live_abcdef/mcp", "hold a key in its URL");
        url("a fragment", "https://example.com/mcp#a", "# part");
        header("a header that is a secret by name", "Authorization", "abc", "hold a key in the header Authorization");
        header("a header that is a secret by its look", "X-Extra", "rk_live_abcdef", "hold a key in the header X-Extra");
        header("a header we set", "Mcp-Session-Id", "1", "sets the header Mcp-Session-Id, which Countersign sets itself");
        header("a header that is another header too", "X-A: b\r\nX-B", "1", "whose name is not one");
        header("a header value with a line break", "X-A", "1\r\nX-B: 2", "not plain text on one line");
        header("the header of the key, twice", "x-api-KEY", "1", "hold a key");
        row(
            "a header twice",
            [](Workspace &w) {
                std::get<HttpTarget>(w.connections[0].target).headers.append({text("STRIPE-account"), text("b")});
            },
            "twice");
        arguments("a key after an option", {text("--api-key=abc123")}, "argument --api-key");
        arguments("a key as the next argument", {text("--token"), text("abc123")}, "argument --token");
        arguments("a key by its look", {text("sk_test_abc")}, "argument 1");
        arguments("a header with a key", {text("--header"), text("statsig-api-key: abc")}, "argument --header");
        const auto signIn = [&row](const char *name, const char *id, const char *document, const char *says) {
            row(
                name,
                [id, document](Workspace &w) {
                    std::get<HttpTarget>(w.connections[2].target).auth = {HttpAuth::Kind::OAuth, {}, text(id), text(document)};
                },
                says);
        };
        signIn("a client id with a space", "a b", "", "client id that is not plain text");
        signIn("a client document without TLS", "", "http://example.com/client.json", "https address with a path");
        signIn("a client document without a path", "", "https://example.com/", "https address with a path");
        row(
            "a client id without a sign-in",
            [](Workspace &w) {
                std::get<HttpTarget>(w.connections[2].target).auth = {HttpAuth::Kind::Bearer, {}, text("a"), {}};
            },
            "but no sign-in");
        row(
            "no program", [](Workspace &w) { std::get<StdioTarget>(w.connections[1].target).program.clear(); }, "needs a program");
        row(
            "a variable that is none", [](Workspace &w) { std::get<StdioTarget>(w.connections[1].target).secretVariable = text("A=B"); },
            "variable called");
        condition("an operator nobody knows", "~", "1", "unknown operator");
        condition("an order of texts", "<", "\"a\"", "needs a number");
        condition("a comparison with an object", "=", "{}", "compares with");
        condition("a choice of nothing", "in", "[]", "needs a list");
        condition("a prefix that is a number", "prefix", "1", "needs a text");
        condition("a value for absent", "absent", "1", "needs no value");
        condition("a value that is more than one", "=", "1},{", "needs a value");
        row(
            "a pointer without its slash", [](Workspace &w) { w.rules[0].where[0].pointer = text("amount"); }, "needs a JSON Pointer");
        row(
            "a pointer with a bad escape", [](Workspace &w) { w.rules[0].where[0].pointer = text("/a~2"); }, "needs a JSON Pointer");
    }
    void anUnusableWorkspaceIsNotWritten()
    {
        QFETCH(std::function<void(Workspace &)>, spoil);
        QFETCH(QString, says);
        QTemporaryDir folder;
        const QString path = folder.filePath(text("workspace.json"));
        auto file = WorkspaceFile::open(path);
        QVERIFY(file);
        QVERIFY((*file)->change([](Workspace &workspace) {
            workspace = filled();
            return Result<>();
        }));
        const QByteArray before = *readFile(path);
        QSignalSpy changed(file->get(), &WorkspaceFile::changed);
        const auto done = (*file)->change([&](Workspace &workspace) {
            spoil(workspace);
            return Result<>();
        });
        QVERIFY(!done);
        QCOMPARE(done.error().kind, Error::Kind::InvalidArgument);
        QVERIFY2(done.error().message.contains(says), qPrintable(done.error().message));
        QCOMPARE(changed.count(), 0);
        QCOMPARE(*readFile(path), before);
        QCOMPARE(toFileBytes((*file)->current()), before);
    }

    void whatPeopleReallyUseIsAccepted_data()
    {
        QTest::addColumn<std::function<void(Workspace &)>>("edit");
        const auto row = [](const char *name, std::function<void(Workspace &)> edit) { QTest::newRow(name) << edit; };
        const auto arguments = [&](const char *name, QStringList list) {
            row(name, [list](Workspace &w) { std::get<StdioTarget>(w.connections[1].target).arguments = list; });
        };
        for (const char *url : {"http://localhost:3000/mcp", "http://[::1]:80/", "https://server.example.com/@scope/mcp",
                                "https://xn--bcher-kva.example/mcp"})
            row(url, [url](Workspace &w) { std::get<HttpTarget>(w.connections[0].target).urls[{text("sandbox")}] = text(url); });
        arguments("a variable for the key", {text("--header"), text("statsig-api-key:${KEY}")});
        arguments("a path after an option that sounds like a key", {text("--key"), text("/etc/tls.pem")});
        arguments("a limit of tokens", {text("--max-tokens"), text("5")});
        arguments("all tools", {text("-y"), text("@stripe/mcp@0.2.5"), text("--tools=all")});
        row("no key for a header", [](Workspace &w) { std::get<HttpTarget>(w.connections[0].target).auth = {HttpAuth::Kind::Bearer, {}}; });
        row("a sign-in", [](Workspace &w) { std::get<HttpTarget>(w.connections[0].target).auth = {HttpAuth::Kind::OAuth, {}}; });
        row("an own environment of production kind", [](Workspace &w) {
            w.environments.append({{text("eu-shop")}, EnvironmentKind::Production});
        });
        row("a bridge-only client", [](Workspace &w) { w.clients[0].tokenDigest.clear(); });
    }
    void whatPeopleReallyUseIsAccepted()
    {
        QFETCH(std::function<void(Workspace &)>, edit);
        Workspace workspace = filled();
        edit(workspace);
        const auto read = workspaceFrom(toFileBytes(workspace));
        QVERIFY2(read, read ? "" : qPrintable(read.error().message));
        QCOMPARE(toFileBytes(*read), toFileBytes(workspace));
    }

    void aRuleReadsAsTheDesignWritesIt()
    {
        const auto rule = ruleFrom("{\"effect\":\"ask-typed\", \"client\":\"cursor\", \"environmentKind\":\"production\", "
                                   "\"tool\":\"refund_*\", \"class\":[\"money\"],\n"
                                   " \"where\":[{\"pointer\":\"/amount\",\"op\":\"<=\",\"value\":5e3}], "
                                   "\"expires\":\"2026-12-01T00:00:00+01:00\", \"note\":\"n\"}");
        QVERIFY2(rule, rule ? "" : qPrintable(rule.error().message));
        QCOMPARE(rule->effect, Effect::AskTyped);
        QVERIFY(rule->id.isEmpty());
        QCOMPARE(rule->where[0].value, QByteArray("5e3"));
        QCOMPARE(toRuleBytes(*rule),
                 QByteArray("{\"effect\":\"ask-typed\",\"client\":\"cursor\",\"environmentKind\":\"production\",\"tool\":\"refund_*\","
                            "\"class\":[\"money\"],"
                            "\"where\":[{\"pointer\":\"/"
                            "amount\",\"op\":\"<=\",\"value\":5e3}],\"expires\":\"2026-11-30T23:00:00.000Z\",\"note\":\"n\"}"));
    }
    void aBadRuleIsRefused_data()
    {
        QTest::addColumn<QByteArray>("bytes");
        QTest::addColumn<QString>("says");
        QTest::newRow("no effect") << QByteArray("{}") << "\"effect\" is missing";
        QTest::newRow("an effect nobody knows") << QByteArray("{\"effect\":\"permit\"}") << "unknown word \"permit\"";
        QTest::newRow("a member nobody knows") << QByteArray("{\"effect\":\"allow\",\"tools\":\"x\"}") << "\"tools\" is not known";
        QTest::newRow("limits") << QByteArray("{\"effect\":\"allow\",\"limits\":{\"calls\":5}}") << "\"limits\" is not supported yet";
        QTest::newRow("an empty glob, which could be meant as none")
            << QByteArray("{\"effect\":\"allow\",\"tool\":\"\"}") << "\"tool\" is empty";
        QTest::newRow("an empty list of classes") << QByteArray("{\"effect\":\"allow\",\"class\":[]}") << "\"class\" is empty";
        QTest::newRow("one class that is no list") << QByteArray("{\"effect\":\"allow\",\"class\":\"read\"}") << "\"class\" must be a list";
        QTest::newRow("a class nobody knows") << QByteArray("{\"effect\":\"allow\",\"class\":[\"reads\"]}") << "unknown word \"reads\"";
        QTest::newRow("an effect twice") << QByteArray("{\"effect\":\"deny\",\"effect\":\"allow\"}") << "\"effect\" is written twice";
        QTest::newRow("an unknown member of a condition")
            << QByteArray("{\"effect\":\"allow\",\"where\":[{\"pointer\":\"/a\",\"op\":\"=\",\"value\":1,\"not\":true}]}")
            << "\"where[0].not\" is not known";
        QTest::newRow("a null") << QByteArray("{\"effect\":\"allow\",\"client\":null}") << "\"client\" must be a text";
        QTest::newRow("two rules") << QByteArray("{\"effect\":\"deny\"}{\"effect\":\"allow\"}") << "Not valid JSON";
        QTest::newRow("nothing") << QByteArray() << "Not valid JSON";
    }
    void aBadRuleIsRefused()
    {
        QFETCH(QByteArray, bytes);
        QFETCH(QString, says);
        const auto rule = ruleFrom(bytes);
        QVERIFY(!rule);
        QCOMPARE(rule.error().kind, Error::Kind::InvalidArgument);
        QVERIFY2(rule.error().message.contains(says), qPrintable(rule.error().message));
    }
};

COUNTERSIGN_TEST(tst_WorkspaceFile)
#include "tst_WorkspaceFile.moc"
