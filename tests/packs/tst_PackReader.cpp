// SPDX-FileCopyrightText: 2026 The Countersign authors
// SPDX-License-Identifier: GPL-3.0-or-later
#include "SchemaCheck.h"
#include "packs/PackReader.h"
#include "packs/Packs.h"
#include "support/Runner.h"
#include <QDir>
#include <QFile>

using namespace mcpcore;

namespace {

QByteArray fileAt(const QString &name)
{
    QFile file(QStringLiteral(COUNTERSIGN_SOURCE_DIR "/resources/packs/") + name);
    return file.open(QIODevice::ReadOnly) ? file.readAll() : QByteArray();
}

Json parsed(const QByteArray &bytes)
{
    const auto json = parseJson({bytes.constData(), size_t(bytes.size())});
    return json ? *json : Json();
}

QStringList schemaFaults(const Json &pack)
{
    static const Json schema = parsed(fileAt(QStringLiteral("schema.json")));
    return schema.is_object() ? faultsBySchema(pack, schema, schema) : QStringList{QStringLiteral("no schema")};
}

QStringList readerFaults(const QByteArray &bytes)
{
    QStringList texts;
    if (const auto pack = readPack(bytes); !pack)
        for (const ResourceFault &fault : pack.error())
            texts.append(toText(fault));
    return texts;
}

// The smallest pack.
Json smallest()
{
    const Json place{{"makeKeys", {{"steps", "Ask for one"}}}};
    return {{"format", 1},
            {"id", "acme"},
            {"name", "Acme"},
            {"environments", {{"sandbox", place}, {"staging", place}, {"production", place}}},
            {"keys",
             {{"accepted",
               Json::array({{{"prefix", "ac_"}, {"rest", "word"}, {"kind", "secret"}, {"environments", Json::array({"sandbox"})}}})}}},
            {"endpoints", Json::object()}};
}

const Json kHosted{
    {"environments", Json::array({"sandbox"})}, {"url", "https://mcp.example.com/mcp"}, {"auth", Json::array({{{"kind", "bearer"}}})}};
const Json kLocal{{"environments", Json::array({"sandbox"})},
                  {"program", "npx"},
                  {"arguments", {"-y", "acme@1.2.3"}},
                  {"version", "1.2.3"},
                  {"secretVariable", "ACME_KEY"}};
const Json kRest{{"environments", Json::array({"sandbox"})}, {"url", "https://api.example.com"}, {"auth", {{"kind", "bearer"}}}};
const Json kVerify{{"statuses", {{"200", "accepted"}, {"401", "refused"}}},
                   {"accounts", "any kind"},
                   {"calls", Json::array({{{"path", "/v1/me?limit=1"}, {"shows", "read itself"}, {"live", "/live"}}})}};

} // namespace

class tst_PackReader : public QObject
{
    Q_OBJECT
private Q_SLOTS:
    void everyFileOfTheFolderIsAPackOfThisProgram()
    {
        const auto packs = builtInPacks();
        QVERIFY2(packs, packs ? "" : qPrintable(packs.error().message));
        QStringList ids;
        for (const Pack &pack : *packs)
            ids.append(pack.id);
        QStringList files;
        for (const QString &name : QDir(QStringLiteral(COUNTERSIGN_SOURCE_DIR "/resources/packs")).entryList({QStringLiteral("*.json")})) {
            if (name == QLatin1String("schema.json"))
                continue;
            files.append(name.chopped(5));
            QCOMPARE(readerFaults(fileAt(name)), QStringList());
            QCOMPARE(schemaFaults(parsed(fileAt(name))), QStringList());
        }
        QCOMPARE(ids, files);
        QCOMPARE(ids, (QStringList{QStringLiteral("stack"), QStringLiteral("statsig"), QStringLiteral("stigg"), QStringLiteral("stripe")}));
    }
    void whatAFileSaysIsRead()
    {
        const auto packs = builtInPacks();
        QVERIFY(packs);
        const Pack &stripe = *find(*packs, QStringLiteral("stripe"));
        QCOMPARE(stripe.name, QStringLiteral("Stripe"));
        QCOMPARE(stripe.hostedIn(EnvironmentKind::Sandbox)->url, QStringLiteral("https://mcp.stripe.com"));
        QCOMPARE(stripe.hostedIn(EnvironmentKind::Sandbox)->auth[0].kind, HttpAuth::Kind::Bearer);
        QCOMPARE(stripe.hostedIn(EnvironmentKind::Sandbox)->auth[1].issuer, QStringLiteral("https://access.stripe.com/mcp"));
        QCOMPARE(stripe.local[0].arguments[1], QStringLiteral("@stripe/mcp@0.3.3"));
        QCOMPARE(stripe.hints[0].argument, QStringLiteral("livemode"));
        QCOMPARE(stripe.hints[1].says, EnvironmentHint::Says::Account);
        QCOMPARE(stripe.answers[0].member, QStringLiteral("livemode"));
        QVERIFY(stripe.answers[0].exceptTools.contains(QStringLiteral("search_stripe_documentation")));
        QVERIFY(stripe.environments[EnvironmentKind::Sandbox].keysUrl != stripe.environments[EnvironmentKind::Production].keysUrl);
        const Pack &stack = *find(*packs, QStringLiteral("stack"));
        QVERIFY(!stack.impossibleIn(EnvironmentKind::Sandbox).isEmpty() && !stack.impossibleIn(EnvironmentKind::Staging).isEmpty());
        QVERIFY(stack.impossibleIn(EnvironmentKind::Production).isEmpty());
        QVERIFY(!stack.hostedIn(EnvironmentKind::Sandbox) && stack.hostedIn(EnvironmentKind::Production));
        const Pack &statsig = *find(*packs, QStringLiteral("statsig"));
        QCOMPARE(statsig.rest[0].headers.size(), 2);
        QCOMPARE(statsig.hosted[0].auth[0].header, QStringLiteral("statsig-api-key"));
        QVERIFY(!find(*packs, QStringLiteral("nobody")));
        QCOMPARE(stripe.verify.calls.size(), 2);
        QCOMPARE(stripe.verify.calls[0].path, QStringLiteral("/v1/balance"));
        QCOMPARE(stripe.verify.calls[0].live, QStringLiteral("/livemode"));
        QCOMPARE(stripe.verify.calls[1].names.size(), 2);
        QCOMPARE(stripe.verify.statuses.value(403), VerifyRules::Meaning::Limited);
        QCOMPARE(stripe.verify.error, QStringLiteral("/error/code"));
        QCOMPARE(stripe.verify.accounts, VerifyRules::Accounts::AnyKind);
        QCOMPARE(stripe.restIn(EnvironmentKind::Production)->auth->kind, HttpAuth::Kind::Bearer);
        QCOMPARE(stripe.restIn(EnvironmentKind::Production)->headers[0].first, QStringLiteral("Stripe-Version"));
        QCOMPARE(statsig.verify.accounts, VerifyRules::Accounts::OneKind);
        const VerifyCall &customers = find(*packs, QStringLiteral("stigg"))->verify.calls[0];
        QCOMPARE(customers.tells, QStringLiteral("/data/*/name"));
        QCOMPARE(customers.tellsWhat, QStringLiteral("customers"));
        QVERIFY(!stack.restIn(EnvironmentKind::Sandbox));
    }
    void aBrokenPackIsRefusedByReaderAndSchema_data()
    {
        QTest::addColumn<QString>("patch");
        QTest::addColumn<QString>("says");
        QTest::addColumn<bool>("bySchema");
        const auto row = [](const Json &operations, const char *says, bool bySchema = true) {
            QTest::newRow(says) << QString::fromUtf8(toBytes(operations)) << QString::fromLatin1(says) << bySchema;
        };
        const auto put = [](const char *path, const Json &value) {
            return Json::array({{{"op", "add"}, {"path", path}, {"value", value}}});
        };
        const auto drop = [](const char *path) { return Json::array({{{"op", "remove"}, {"path", path}}}); };
        // Later parts of the format: their place is free, and taken on purpose only.
        row(put("/operations", Json::object()), "operations is not known to this version");
        row(put("/dispatchers", Json::array()), "dispatchers is not known to this version");
        row(put("/tools", Json::array()), "tools is not known to this version");
        row(put("/strip", Json::array()), "strip is not known to this version");
        row(put("/format", 2), "format must be 1");
        row(put("/format", "1"), "1:11: format must be 1");
        row(drop("/format"), "format is missing");
        row(drop("/id"), "id is missing");
        row(put("/id", "Acme"), "id must be 1 to 20 of");
        row(put("/id", 7), "id must be a text");
        row(put("/name", ""), "name must be 1 to 40");
        row(put("/$schema", "https://example.com/"), "$schema must be");
        row(drop("/environments/staging"), "environments.staging is missing");
        row(put("/environments/mars", Json::object()), "environments.mars is not known");
        row(put("/environments/sandbox", Json::object()), "environments.sandbox.makeKeys is missing");
        row(put("/environments/sandbox", "none"), "environments.sandbox must be an object");
        row(put("/environments/sandbox/impossible", "There is none."), "environments.sandbox.makeKeys must not stand beside");
        row(put("/environments/sandbox/makeKeys/url", "http://example.com"), "environments.sandbox.makeKeys.url must be an address");
        row(put("/environments/sandbox/makeKeys/url", "https://me@example.com"), "makeKeys.url must be an address");
        row(drop("/keys"), "keys is missing");
        row(drop("/keys/accepted"), "keys.accepted is missing");
        row(put("/keys/accepted", Json::array()), "keys.accepted must have 1 to 64 elements");
        row(put("/keys/accepted", Json::object()), "keys.accepted must be a list");
        row(put("/keys/accepted/0/prefix", "k"), "keys.accepted[0].prefix must be 2 to 16");
        row(put("/keys/accepted/0/rest", "any"), "keys.accepted[0].rest must be one of: visible, word");
        row(put("/keys/accepted/0/kind", "Secret!"), "keys.accepted[0].kind must be 1 to 30 small letters");
        row(put("/keys/accepted/0/environments", Json::array({"live"})),
            "keys.accepted[0].environments may hold sandbox, staging and production only");
        row(put("/keys/accepted/0/environments", Json::array({"sandbox", "sandbox"})), "keys.accepted[0].environments names sandbox twice");
        row(put("/keys/accepted/0/note", std::string(401, 'x')), "keys.accepted[0].note must be 1 to 400");
        row(put("/keys/accepted/0/note", "two\nlines"), "note must be 1 to 400 characters on one line");
        row(put("/keys/refused", Json::array({{{"prefix", "pk_"}, {"what", "a key"}, {"reason", "No."}}})),
            "keys.refused[0].fix is missing");
        row(put("/keys/refused", Json::array({{{"prefix", "ac_"}, {"what", "a key"}, {"reason", "No."}, {"fix", "Other."}}})),
            "keys.refused[0].prefix stands for another form already", false);
        row(put("/environments/sandbox", Json::object({{"impossible", "There is none."}})),
            "keys has the form ac_ for sandbox, which is impossible", false);
        row(put("/endpoints/hosted", Json::array({kHosted, kHosted})), "endpoints.hosted[1].environments names sandbox, which another",
            false);
        const auto with = [](Json what, const char *member, const Json &value) {
            what[member] = value;
            return Json::array({what});
        };
        row(put("/endpoints/hosted", with(kHosted, "auth", Json::array())), "endpoints.hosted[0].auth must have 1 to 64");
        row(put("/endpoints/hosted", with(kHosted, "auth", Json::array({{{"kind", "header"}}}))),
            "endpoints.hosted[0].auth[0].name is missing");
        row(put("/endpoints/hosted", with(kHosted, "auth", Json::array({{{"kind", "basic"}}}))), "auth[0].kind must be one of");
        row(put("/endpoints/hosted", with(kHosted, "url", "https://mcp.example.com/?key=1")), "endpoints.hosted[0].url must be an address");
        row(put("/endpoints/hosted", with(kHosted, "tools", 3)), "endpoints.hosted[0].tools is not known");
        row(put("/endpoints/local", with(kLocal, "program", "/bin/sh")), "endpoints.local[0].program must be the name");
        row(put("/endpoints/local", with(kLocal, "version", "latest")), "endpoints.local[0].version must be one version");
        row(put("/endpoints/local", with(kLocal, "arguments", Json::array({"-y", "acme"}))),
            "endpoints.local[0].arguments must name the package with @1.2.3", false);
        row(put("/endpoints/local", with(kLocal, "secretVariable", "a b")), "endpoints.local[0].secretVariable must be the name");
        const Json rest{{"environments", Json::array({"sandbox"})}, {"url", "https://api.example.com"}};
        row(put("/endpoints/rest", with(rest, "headers", Json::object({{"a b", "c"}}))),
            "endpoints.rest[0].headers.a b must be the name of a header");
        row(put("/endpoints/rest", with(rest, "headers", Json::object({{"A", 1}}))), "endpoints.rest[0].headers.A must be a text");
        row(put("/answers", Json::array({{{"member", "live mode"}, {"says", "live"}}})), "answers[0].member must be the name");
        row(put("/answers", Json::array({{{"member", "livemode"}, {"says", "account"}}})), "answers[0].says must be one of: live");
        // How the vendor is asked about a key: `whole` is a pack that can be, with one thing put or dropped.
        const auto verify = [&](const Json &change) {
            Json whole = Json::array({{{"op", "add"}, {"path", "/keys/verify"}, {"value", kVerify}},
                                      {{"op", "add"}, {"path", "/endpoints/rest"}, {"value", Json::array({kRest})}}});
            whole.insert(whole.end(), change.begin(), change.end());
            return whole;
        };
        row(verify(put("/keys/verify", Json::object())), "keys.verify.calls is missing");
        row(verify(drop("/keys/verify/statuses")), "keys.verify.statuses is missing");
        row(verify(put("/keys/verify/statuses/429", "limited")), "keys.verify.statuses.429 must be a status: 200, or 400 to 428");
        row(verify(put("/keys/verify/statuses/302", "accepted")), "keys.verify.statuses.302 must be a status");
        row(verify(put("/keys/verify/statuses/401", "fine")), "keys.verify.statuses may say accepted, refused and limited only");
        row(verify(drop("/keys/verify/statuses/200")), "keys has no status in verify that means accepted", false);
        row(verify(put("/keys/verify/error", "error.code")), "keys.verify.error must be a pointer");
        row(verify(drop("/keys/verify/accounts")), "keys.verify.accounts is missing");
        row(verify(put("/keys/verify/accounts", "one")), "keys.verify.accounts must be one of: any kind, one kind");
        row(verify(put("/keys/verify/calls", Json::array())), "keys.verify.calls must have 1 to 64");
        row(verify(put("/keys/verify/calls/0/method", "POST")), "keys.verify.calls[0].method is not known");
        row(verify(drop("/keys/verify/calls/0/path")), "keys.verify.calls[0].path is missing");
        row(verify(put("/keys/verify/calls/0/path", "https://elsewhere.example.com/")), "keys.verify.calls[0].path must be a path");
        row(verify(put("/keys/verify/calls/0/path", "//elsewhere.example.com/v1")), "calls[0].path must be a path such as");
        row(verify(put("/keys/verify/calls/0/path", "/../admin#x")), "calls[0].path must be a path such as /v1");
        row(verify(drop("/keys/verify/calls/0/shows")), "keys.verify.calls[0].shows is missing");
        row(verify(put("/keys/verify/calls/0/shows", "Read <b>all</b>")), "keys.verify.calls[0].shows must be 3 to 60");
        row(verify(put("/keys/verify/calls/0/live", "livemode")), "keys.verify.calls[0].live must be a pointer");
        row(verify(put("/keys/verify/calls/0/account", "/a/*")), "keys.verify.calls[0].account must be a pointer");
        row(verify(put("/keys/verify/calls/0/names", "/name")), "keys.verify.calls[0].names must be a list");
        row(verify(put("/keys/verify/calls/0/tells", Json::object({{"pointer", "/data/*/name"}}))),
            "keys.verify.calls[0].tells.what is missing");
        row(verify(put("/keys/verify/calls/0/tells", Json::object({{"pointer", "/data/*/x/*"}, {"what", "customers"}}))),
            "keys.verify.calls[0].tells.pointer may have one * only", false);
        row(verify(drop("/endpoints/rest")), "keys has verify, and no REST base takes a key for sandbox", false);
        row(verify(drop("/endpoints/rest/0/auth")), "no REST base takes a key for sandbox", false);
        row(verify(put("/endpoints/rest/0/auth", Json::object({{"kind", "oauth"}, {"issuer", "https://example.com"}}))),
            "REST base takes a key for sandbox", false);
        row(put("/hints", Json::array({{{"argument", "livemode"}, {"says", "maybe"}}})), "hints[0].says must be one of: live, account");
    }
    void aBrokenPackIsRefusedByReaderAndSchema()
    {
        QFETCH(QString, patch);
        QFETCH(QString, says);
        QFETCH(bool, bySchema);
        QCOMPARE(readerFaults(toBytes(smallest())), QStringList());
        QCOMPARE(schemaFaults(smallest()), QStringList());
        Json asking = smallest();
        asking["keys"]["verify"] = kVerify;
        asking["endpoints"]["rest"] = Json::array({kRest});
        QCOMPARE(readerFaults(toBytes(asking)), QStringList());
        QCOMPARE(schemaFaults(asking), QStringList());
        const Json broken = smallest().patch(parsed(patch.toUtf8()));
        const QStringList faults = readerFaults(toBytes(broken));
        QVERIFY2(faults.join(QLatin1Char('\n')).contains(says), qPrintable(faults.join(QLatin1Char('\n'))));
        QCOMPARE(!schemaFaults(broken).isEmpty(), bySchema);
    }
    void whatIsNotOneJsonObjectIsRefused_data()
    {
        QTest::addColumn<QByteArray>("bytes");
        QTest::addColumn<QString>("says");
        QTest::newRow("empty") << QByteArray() << "Not valid JSON at line 1, column 1";
        QTest::newRow("cut") << QByteArray("{\n\"id\": ") << "Not valid JSON at line 2";
        QTest::newRow("list") << QByteArray("[]") << "A pack is one JSON object";
        QTest::newRow("deep") << QByteArray(1000, '[') << "deeper than 64";
        QTest::newRow("latin-1") << QByteArray("{\"name\": \"caf\xe9\"}") << "Not valid JSON";
        QTest::newRow("large") << QByteArray(kMaximumPackSize + 1, ' ') << "larger than 1048576 bytes";
        QTest::newRow("twice") << QByteArray("{\"id\": \"a\",\n \"id\": \"b\"}") << "2:8: id is written twice.";
        QTest::newRow("mark of byte order") << QByteArray("\xef\xbb\xbf{\"id\": \"a\"}") << "name is missing";
    }
    void whatIsNotOneJsonObjectIsRefused()
    {
        QFETCH(QByteArray, bytes);
        QFETCH(QString, says);
        const QString faults = readerFaults(bytes).join(QLatin1Char('\n'));
        QVERIFY2(faults.contains(says), qPrintable(faults));
    }
    void everyFaultIsFoundWithItsPlace()
    {
        const QStringList faults = readerFaults(
            "{\n  \"format\": 3,\n  \"id\": \"acme\",\n  \"name\": 7,\n  \"keys\": {\"accepted\": [\n    {\"prefix\": \"!\"}\n  ]}\n}\n");
        QVERIFY(faults.contains(QStringLiteral("2:13: format must be 1: this version knows no other.")));
        QVERIFY(faults.contains(QStringLiteral("4:11: name must be a text.")));
        QVERIFY(faults.contains(QStringLiteral("6:16: keys.accepted[0].prefix must be 2 to 16 of A-Z, a-z, 0-9, _ and -.")));
        QVERIFY(faults.contains(QStringLiteral("6:5: keys.accepted[0].kind is missing.")));
        QVERIFY(faults.contains(QStringLiteral("1:1: endpoints is missing.")));
    }
};

COUNTERSIGN_TEST(tst_PackReader)
#include "tst_PackReader.moc"
