// SPDX-FileCopyrightText: 2026 The Countersign authors
// SPDX-License-Identifier: GPL-3.0-or-later
// Every public way by which a client of the sandbox might reach production is walked. Production is unlocked and an allow
// rule fits everything, so that nothing but the environment stands between: its server gets not one request.
#include "World.h"
#include "support/Runner.h"

using mcpcore::Json;

namespace {

using Walk = QByteArray (*)(World &);

constexpr const char *mcp = "/mcp", *live = "/mcp/acme/production", *test = "/mcp/acme/sandbox";

// A session that was opened in production with this path, whose client acts in the sandbox by the time `then` is sent.
QByteArray afterTheMove(World &world, const char *path, const QByteArray &then)
{
    const QByteArray session = world.open(path, world.liveToken);
    if (session.isEmpty() || !world.in(session, path, request("tools/list", "{}"), world.liveToken).contains("echo"))
        return "the walk could not begin";
    world.moveTo("prod", "sandbox");
    world.production.forget();
    return world.in(session, path, then, world.liveToken);
}

// A card of production, made void by `event` before the person types what allows it.
QByteArray afterTheCard(World &world, const char *event)
{
    RawClient client((quint16(world.port)));
    const QByteArray body = call("acme_live__refund");
    client.send("POST /mcp HTTP/1.1\r\nHost: 127.0.0.1:" + QByteArray::number(world.port)
                + "\r\nContent-Type: application/json\r\nAccept: application/json\r\nAuthorization: Bearer " + world.liveToken
                + "\r\nContent-Length: " + QByteArray::number(body.size()) + "\r\n\r\n" + body);
    if (!client.socket.waitForBytesWritten(5000) || !world.gateway->shows("Type: allow "))
        return "the card did not come";
    const qsizetype at = world.gateway->seen.indexOf("Type: allow ") + 12;
    const QByteArray word = world.gateway->seen.mid(at, world.gateway->seen.indexOf("   or", at) - at);
    world.production.forget(); // it was asked for its tools, as long as the client acted there
    world.setup.must(words(event));
    world.gateway->type("allow " + word + "\n");
    [&] { QTRY_VERIFY_WITH_TIMEOUT(client.reply().complete, 20'000); }();
    return client.reply().body;
}

} // namespace
Q_DECLARE_METATYPE(Walk)

class tst_SandboxWalk : public QObject
{
    Q_OBJECT

    static void add(const char *name, Walk walk, const char *why) { QTest::newRow(name) << walk << QByteArray(why); }

private Q_SLOTS:
    // What makes the others worth anything: the way to production is there for who acts in it.
    void aClientOfProductionReachesItsServer()
    {
        World world;
        world.prepare();
        const QByteArray session = world.open(mcp, world.liveToken);
        QVERIFY(world.in(session, mcp, call("acme_live__echo"), world.liveToken).contains("done"));
        QVERIFY(!world.production.requests().empty());
        QVERIFY(world.sandbox.requests().empty());
    }
    void noWayLeadsFromTheSandboxToProduction_data()
    {
        QTest::addColumn<Walk>("walk");
        QTest::addColumn<QByteArray>("why");
        const char *elsewhere = "acts in sandbox now";
        add(
            "a production name without a session", [](World &w) { return w.post(mcp, call("acme_live__echo")); }, elsewhere);
        add(
            "a production name in a session", [](World &w) { return w.in(w.open(mcp, w.token), mcp, call("acme_live__echo"), w.token); },
            elsewhere);
        add(
            "a name of a production of the user's own", [](World &w) { return w.post(mcp, call("acme_eu-prod__echo")); }, elsewhere);
        add(
            "the environment spelled out in a name", [](World &w) { return w.post(mcp, call("acme_production__echo")); }, "Unknown tool");
        add(
            "a production name behind a sandbox prefix", [](World &w) { return w.post(mcp, call("acme__acme_live__echo")); },
            "Unknown tool");
        add(
            "a production name in capitals", [](World &w) { return w.post(mcp, call("ACME_LIVE__echo")); }, "Unknown tool");
        add(
            "a production name in escapes", [](World &w) { return w.post(mcp, call("acme\\u005flive__echo")); }, elsewhere);
        add(
            "two names in one call",
            [](World &w) { return w.post(mcp, request("tools/call", R"({"name":"acme__echo","name":"acme_live__echo","arguments":{}})")); },
            "error");
        add(
            "production's address", [](World &w) { return w.post(live, call("echo")); }, "acts in sandbox");
        add(
            "a session at production's address",
            [](World &w) { return w.post(live, request("initialize", R"({"protocolVersion":"2025-11-25","capabilities":{}})")); },
            "acts in sandbox");
        add(
            "production's address through the sandbox's", [](World &w) { return w.post("/mcp/acme/sandbox/../production", call("echo")); },
            "404 ");
        add(
            "production's address in escapes", [](World &w) { return w.post("/mcp/acme/%70roduction", call("echo")); }, "404 ");
        add(
            "production's address with a slash more", [](World &w) { return w.post("/mcp/acme/production/", call("echo")); }, "404 ");
        add(
            "a sandbox session at production's address", [](World &w) { return w.in(w.open(test, w.token), live, call("echo"), w.token); },
            "404 ");
        add(
            "a session of all connections at production's address",
            [](World &w) { return w.in(w.open(mcp, w.token), live, call("echo"), w.token); }, "404 ");
        add(
            "another client's session", [](World &w) { return w.in(w.open(mcp, w.liveToken), mcp, call("acme_live__echo"), w.token); },
            "404 ");
        add(
            "another client's session at production's address",
            [](World &w) {
                const QByteArray session = w.open(live, w.liveToken);
                w.production.forget();
                return w.in(session, live, call("echo"), w.token);
            },
            "404 ");
        add(
            "the stream of another client's session",
            [](World &w) {
                const QByteArray session = w.open(live, w.liveToken);
                w.production.forget();
                const RawReply reply =
                    w.send("GET", live, {}, "Authorization: Bearer " + w.token + "\r\nLast-Event-ID: 1\r\n" + World::sessionField(session));
                return QByteArray::number(reply.status) + ' ' + reply.body;
            },
            "404 ");
        add(
            "the end of another client's session",
            [](World &w) {
                const QByteArray session = w.open(live, w.liveToken);
                w.production.forget();
                const RawReply reply =
                    w.send("DELETE", live, {}, "Authorization: Bearer " + w.token + "\r\n" + World::sessionField(session));
                return QByteArray::number(reply.status) + ' ';
            },
            "404 ");
        add(
            "a session opened in production, after the client was moved",
            [](World &w) { return afterTheMove(w, mcp, call("acme_live__echo")); }, elsewhere);
        add(
            "a direct session of production, after the client was moved", [](World &w) { return afterTheMove(w, live, call("echo")); },
            "acts in sandbox now");
        add(
            "a resource of production, after the client was moved",
            [](World &w) { return afterTheMove(w, live, request("resources/read", R"({"uri":"acme:production/keys"})")); },
            "acts in sandbox now");
        add(
            "a subscription in production, after the client was moved",
            [](World &w) { return afterTheMove(w, live, request("resources/subscribe", R"({"uri":"acme:production/keys"})")); },
            "acts in sandbox now");
        add(
            "a prompt of production, after the client was moved",
            [](World &w) { return afterTheMove(w, live, request("prompts/get", R"({"name":"refund"})")); }, "acts in sandbox now");
        add(
            "a completion in production, after the client was moved",
            [](World &w) {
                return afterTheMove(
                    w, live,
                    request("completion/complete", R"({"ref":{"type":"ref/prompt","name":"refund"},"argument":{"name":"a","value":"b"}})"));
            },
            "acts in sandbox now");
        add(
            "the level of production's messages, after the client was moved",
            [](World &w) { return afterTheMove(w, live, request("logging/setLevel", R"({"level":"debug"})")); }, "acts in sandbox now");
        add(
            "a notification to production, after the client was moved",
            [](World &w) { return afterTheMove(w, live, R"({"jsonrpc":"2.0","method":"notifications/roots/list_changed"})"); }, "202 ");
        add(
            "the end of a direct session of production, after the client was moved",
            [](World &w) {
                const QByteArray session = w.open(live, w.liveToken);
                w.in(session, live, request("resources/subscribe", R"({"uri":"acme:a"})"), w.liveToken);
                w.moveTo("prod", "sandbox");
                // What the switch itself takes back has gone by the time this is answered.
                const QByteArray refused = w.in(session, live, request("resources/list", "{}"), w.liveToken);
                w.production.forget();
                w.send("DELETE", live, {}, "Authorization: Bearer " + w.liveToken + "\r\n" + World::sessionField(session));
                return refused;
            },
            "acts in sandbox now");
        add(
            "a client that follows, after a switch down",
            [](World &w) {
                w.moveTo("prod", "active");
                w.use("production");
                const QByteArray session = w.open(mcp, w.liveToken);
                const QByteArray before = w.in(session, mcp, call("acme_live__echo"), w.liveToken);
                w.use("sandbox");
                w.production.forget();
                return before.contains("done") ? w.in(session, mcp, call("acme_live__echo"), w.liveToken) : before;
            },
            elsewhere);
        add(
            "a name learnt in the sandbox, after a switch up",
            [](World &w) {
                w.moveTo("tester", "active");
                const QByteArray session = w.open(mcp, w.token);
                w.use("production");
                (void)w.in(session, mcp, request("tools/list", "{}"), w.token); // the switch asks for the tools there
                w.production.forget();
                return w.in(session, mcp, call("acme__echo"), w.token);
            },
            "acme__echo is a tool of sandbox, and this client acts in production now");
        add(
            "a switch while a card is open", [](World &w) { return afterTheCard(w, "client environment prod sandbox"); },
            "switched to sandbox meanwhile");
        add(
            "a lock while a card is open", [](World &w) { return afterTheCard(w, "env lock production"); },
            "Production is locked by a person");
        add(
            "a pause while a card is open", [](World &w) { return afterTheCard(w, "pause"); }, "Paused by a person");
        add(
            "a resource of production at the sandbox's address",
            [](World &w) {
                return w.in(w.open(test, w.token), test, request("resources/read", R"({"uri":"acme:production/keys"})"), w.token);
            },
            "contents");
        add(
            "a production name at the sandbox's address",
            [](World &w) { return w.in(w.open(test, w.token), test, call("acme_live__echo"), w.token); }, "7");
        add(
            "the sample client", [](World &w) { return w.setup.ctl(words("try acme_live__echo")).out; }, elsewhere);
        add(
            "a batch of a call to each",
            [](World &w) {
                const QByteArray session = w.open(mcp, w.token, "2025-03-26");
                const RawReply reply =
                    w.send("POST", mcp, '[' + call("acme__echo", "8") + ',' + call("acme_live__echo", "9") + ']',
                           "Authorization: Bearer " + w.token + "\r\n" + kStreams + "Mcp-Session-Id: " + session + "\r\n");
                return reply.body;
            },
            elsewhere);
        add(
            "a stateless call",
            [](World &w) { return w.post(mcp, statelessCall("acme_live__echo"), kStateless + "Mcp-Name: acme_live__echo\r\n"); },
            elsewhere);
        add(
            "a stateless call at production's address",
            [](World &w) { return w.post(live, statelessCall("echo"), kStateless + "Mcp-Name: echo\r\n"); }, "acts in sandbox");
        add(
            "a stateless call with another tool in its header",
            [](World &w) { return w.post(mcp, statelessCall("acme_live__echo"), kStateless + "Mcp-Name: acme__echo\r\n"); }, "400 ");
        add(
            "a stateless call with production's tool in its header",
            [](World &w) { return w.post(mcp, statelessCall("acme__echo"), kStateless + "Mcp-Name: acme_live__echo\r\n"); }, "400 ");
        add(
            "a stateless call with another method in its header",
            [](World &w) {
                return w.post(mcp, statelessCall("acme_live__echo"),
                              kStreams + "MCP-Protocol-Version: 2026-07-28\r\nMcp-Method: tools/list\r\nMcp-Name: acme_live__echo\r\n");
            },
            "400 ");
        add(
            "a state that nobody gave",
            [](World &w) {
                return w.post(live, statelessCall("echo", R"(,"requestState":"bGl2ZQ","inputResponses":{})"),
                              kStateless + "Mcp-Name: echo\r\n");
            },
            "acts in sandbox");
        add(
            "workspace.json: the client's environment",
            [](World &w) {
                w.editOnDisk([](Json &tree) { tree["clients"][0]["environment"] = "production"; });
                return w.post(mcp, call("acme_live__echo"));
            },
            "Paused by a person");
        add(
            "workspace.json: the active environment of a client that follows",
            [](World &w) {
                w.moveTo("tester", "active");
                w.editOnDisk([](Json &tree) { tree["activeEnvironment"] = "production"; });
                return w.post(mcp, call("acme_live__echo"));
            },
            "Paused by a person");
        add(
            "workspace.json: the address of the sandbox",
            [](World &w) {
                w.editOnDisk([&w](Json &tree) { tree["connections"][0]["urls"]["sandbox"] = w.production.url(); });
                return w.post(mcp, call("acme__echo"));
            },
            "Paused by a person");
        add(
            "workspace.json: an address that is nobody's",
            [](World &w) {
                w.editOnDisk([&w](Json &tree) { tree["connections"][0]["urls"]["production"] = w.elsewhere.url(); });
                return w.elsewhere.requests().empty() ? w.post(mcp, call("acme__echo")) : "elsewhere was asked";
            },
            "Paused by a person");
        add(
            "workspace.json: the kind of an environment",
            [](World &w) {
                w.editOnDisk([](Json &tree) {
                    tree["environments"][3]["kind"] = "sandbox";
                    tree["clients"][0]["environment"] = "eu-prod";
                });
                return w.post(mcp, call("acme_eu-prod__echo"));
            },
            "Paused by a person");
        add(
            "workspace.json: the token of the client of production",
            [](World &w) {
                w.editOnDisk([](Json &tree) {
                    const Json mine = tree["clients"][0]["tokenDigest"];
                    tree["clients"][0]["tokenDigest"] = tree["clients"][1]["tokenDigest"];
                    tree["clients"][1]["tokenDigest"] = mine;
                });
                return w.post(mcp, call("acme_live__echo"));
            },
            "Paused by a person");
        add(
            "workspace.json: a rule",
            [](World &w) {
                w.editOnDisk([](Json &tree) {
                    tree["rules"][0]["note"] = "mine";
                    tree["clients"][0]["environment"] = "production";
                });
                return w.post(mcp, call("acme_live__refund"));
            },
            "Paused by a person");
        add(
            "workspace.json: the trust of a tool",
            [](World &w) {
                w.editOnDisk([](Json &tree) {
                    for (Json &trust : tree["trusts"])
                        trust["class"] = "read";
                });
                return w.post(mcp, call("acme__refund"));
            },
            "Paused by a person");
        add(
            "workspace.json: what is paused is resumed in the file",
            [](World &w) {
                w.setup.must(words("pause"));
                w.editOnDisk([](Json &tree) {
                    tree["paused"] = false;
                    tree["clients"][0]["environment"] = "production";
                });
                return w.post(mcp, call("acme_live__echo"));
            },
            "Paused by a person");
    }
    void noWayLeadsFromTheSandboxToProduction()
    {
        QFETCH(Walk, walk);
        QFETCH(QByteArray, why);
        World world;
        world.prepare();
        const QByteArray answer = walk(world);
        QVERIFY2(answer.contains(why), answer.left(2000));
        const auto reached = world.production.requests();
        QVERIFY2(reached.empty(), reached.empty() ? "" : reached.front().c_str());
        QVERIFY(world.elsewhere.requests().empty());
    }
    // The first program above a bridge is the client; another one under its name acts in the sandbox only.
    void aBridgeUnderAnotherClientsNameIsAStranger()
    {
        World world;
        world.prepare();
        const auto ask = [&world](const QString &program, const QStringList &before) {
            QProcess process;
            process.start(program, before
                                       + QStringList{binary("countersign-bridge"), QStringLiteral("--profile"), world.setup.profile(),
                                                     QStringLiteral("--client"), QStringLiteral("prod")}
                                             .mid(before.isEmpty() ? 1 : 0));
            process.write(request("initialize", R"({"protocolVersion":"2025-11-25","capabilities":{}})", "1") + '\n');
            process.write(QByteArray(R"({"jsonrpc":"2.0","method":"notifications/initialized"})") + '\n');
            process.write(call("acme_live__echo", "2") + '\n');
            QByteArray said;
            [&] {
                QTRY_VERIFY_WITH_TIMEOUT((process.waitForReadyRead(100), said += process.readAllStandardOutput(), said.count('\n') >= 2),
                                         20'000);
            }();
            process.closeWriteChannel();
            process.waitForFinished();
            return said;
        };
        QVERIFY(ask(binary("countersign-bridge"), {}).contains("done"));
        world.production.forget();
        // `sh` stays above the bridge: it has something to do after it.
        const QByteArray stranger = ask(QStringLiteral("/bin/sh"), {QStringLiteral("-c"), QStringLiteral("\"$0\" \"$@\"; true")});
        QVERIFY2(stranger.contains("only act in a sandbox"), stranger);
        QVERIFY(world.production.requests().empty());
    }
    // Its clients see the tools they had, in both generations and on both addresses, also after a restart; nobody asks its server.
    void aLockedProductionShowsItsToolsAndAsksNobody_data()
    {
        QTest::addColumn<QByteArray>("path");
        QTest::addColumn<QByteArray>("tool");
        QTest::addColumn<bool>("restarted");
        for (const bool restarted : {false, true}) {
            QTest::addRow("all connections, %s", restarted ? "after a restart" : "after a lock")
                << QByteArray(mcp) << QByteArray("acme_live__echo") << restarted;
            QTest::addRow("one connection, %s", restarted ? "after a restart" : "after a lock")
                << QByteArray(live) << QByteArray("echo") << restarted;
        }
    }
    void aLockedProductionShowsItsToolsAndAsksNobody()
    {
        QFETCH(QByteArray, path);
        QFETCH(QByteArray, tool);
        QFETCH(bool, restarted);
        World world;
        world.prepare();
        std::swap(world.token, world.liveToken); // who asks from here on acts in production
        const auto inSession = [&](const QByteArray &message) {
            return world.in(world.open(path, world.token), path, message, world.token);
        };
        const auto stateless = [&](const char *method, QByteArray message) {
            return world.post(path, message,
                              kStreams + "MCP-Protocol-Version: 2026-07-28\r\nMcp-Method: " + method + "\r\n"
                                  + (method == QByteArray("tools/call") ? "Mcp-Name: " + tool + "\r\n" : QByteArray()));
        };
        const QByteArray statelessList =
            statelessCall({}).replace("tools/call", "tools/list").replace("\"name\":\"\",\"arguments\":{},", "");
        const QByteArray before = inSession(request("tools/list", "{}"));
        const QByteArray statelessBefore = stateless("tools/list", statelessList);
        QVERIFY2(before.contains('"' + tool + '"') && statelessBefore.contains('"' + tool + '"'), before + statelessBefore);
        if (restarted) {
            world.gateway.reset();
            world.production.forget();
            QVERIFY(world.serve());
        } else {
            world.tell("env lock", {{"id", "production"}});
            world.production.forget();
        }
        QCOMPARE(inSession(request("tools/list", "{}")), before);
        QCOMPARE(stateless("tools/list", statelessList), statelessBefore);
        const QByteArray refused = inSession(call(tool));
        QVERIFY2(refused.contains("Production is locked by a person.") && refused.contains("\"isError\":true"), refused);
        const QByteArray statelessRefused = stateless("tools/call", statelessCall(tool));
        QVERIFY2(statelessRefused.contains("Production is locked by a person."), statelessRefused);
        QVERIFY(world.production.requests().empty());
    }
    void theLogSaysThatProductionWasTried()
    {
        World world;
        world.prepare();
        world.post(mcp, call("acme_live__echo"));
        QTRY_VERIFY(world.setup.ctl(words("log export --format jsonl"))
                        .out.contains("Refused a call of tester to acme_live__echo: Not sent: acme_live__echo is a tool of production"));
    }
};

COUNTERSIGN_TEST(tst_SandboxWalk)
#include "tst_SandboxWalk.moc"
