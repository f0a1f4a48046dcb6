// SPDX-FileCopyrightText: 2026 The Countersign authors
// SPDX-License-Identifier: GPL-3.0-or-later
// Nobody answers for the person (DESIGN 2): every command there is, and whether an app-owned profile asks at its window first.
#include "ControlFixture.h"
#include "support/Runner.h"

using namespace mcpcore;

namespace {

enum class Asks { Yes, No };

struct Case {
    const char *command;
    const char *what;
    Json parameters;
    Asks asks;
    std::function<void(ControlFixture &)> prepare = {};
    std::optional<Error::Kind> fails = {}; // how it ends where it may begin: nobody is there to sign in
};

Json on(const char *id, const char *environment)
{
    return {{"id", id}, {"environment", environment}};
}

Json rule(const char *effect)
{
    return {{"effect", effect}, {"connection", "acme"}};
}

Json hidden()
{
    return {{"id", "acme"}, {"environment", "sandbox"}, {"client", "cursor"}, {"tool", "echo"}};
}

void addRule(ControlFixture &fixture, const char *effect)
{
    fixture.change([&](Workspace &edited) {
        Rule added;
        added.id = {QStringLiteral("r1")};
        added.effect = *effectFrom(QLatin1String(effect));
        edited.rules.append(added);
    });
}

// A file of a client with a server in it, as it was before each test.
std::string fileToImport()
{
    static const QTemporaryDir folder;
    const QString path = folder.filePath(QStringLiteral("mcp.json"));
    QFile file(path);
    if (!file.open(QIODevice::WriteOnly) || file.write("{\"mcpServers\": {\"mine\": {\"command\": \"env\"}}}") < 0)
        qFatal("no file to import from");
    return path.toStdString();
}

// A command that is not here fails the first test: decide what it widens, then add it.
QList<Case> cases()
{
    const Json key{{"connection", "paid"}, {"environment", "sandbox"}, {"secret", "sk_test_0123456789abcdef"}};
    const auto removes = [](const char *effect) { return [effect](ControlFixture &fixture) { addRule(fixture, effect); }; };
    return {
        {"status", "", Json::object(), Asks::No},
        {"env list", "", Json::object(), Asks::No},
        {"env add", "", {{"id", "mine"}, {"kind", "production"}}, Asks::No},
        {"env use", "upwards", {{"id", "production"}}, Asks::Yes},
        {"env use",
         "downwards",
         {{"id", "sandbox"}},
         Asks::No,
         [](ControlFixture &fixture) {
             fixture.change([](Workspace &edited) { edited.activeEnvironment = {QStringLiteral("production")}; });
         }},
        {"env unlock", "", {{"id", "production"}, {"minutes", 5}, {"reason", "a test"}}, Asks::Yes},
        {"env lock", "", {{"id", "production"}}, Asks::No},
        {"env remove", "", {{"id", "staging"}}, Asks::No},
        {"pause", "", Json::object(), Asks::No},
        {"resume", "everything", Json::object(), Asks::Yes,
         [](ControlFixture &fixture) { fixture.change([](Workspace &edited) { edited.paused = true; }); }},
        {"resume", "one client", {{"client", "cursor"}}, Asks::Yes},
        {"connection add", "", {{"id", "new"}, {"url", "https://new.example.com/mcp"}}, Asks::Yes},
        {"connection environment",
         "into one",
         {{"id", "acme"}, {"environment", "staging"}, {"url", "https://staging.example.com/mcp"}},
         Asks::Yes},
        {"connection environment", "out of one", {{"id", "acme"}, {"environment", "production"}, {"remove", true}}, Asks::No},
        {"connection list", "", Json::object(), Asks::No},
        {"connection states", "", Json::object(), Asks::No},
        {"connection show", "", {{"id", "acme"}}, Asks::No},
        {"connection remove", "", {{"id", "acme"}}, Asks::No},
        {"connection resume", "", on("acme", "sandbox"), Asks::Yes,
         [](ControlFixture &fixture) {
             fixture.change([](Workspace &edited) {
                 edited.alarms.append({{QStringLiteral("acme")}, {QStringLiteral("sandbox")}, QStringLiteral("It answered wrong."), {}});
             });
         }},
        {"connection test", "", on("acme", "sandbox"), Asks::No},
        {"connection tools", "", on("acme", "sandbox"), Asks::No},
        {"connection trust", "", {{"id", "acme"}, {"environment", "sandbox"}, {"all", true}}, Asks::Yes},
        {"connection sign-in", "", on("signed", "sandbox"), Asks::Yes, {}, Error::Kind::UpstreamFailed},
        {"connection await-sign-in", "", on("signed", "sandbox"), Asks::No, {}, Error::Kind::NotFound},
        {"connection cancel-sign-in", "", on("signed", "sandbox"), Asks::No},
        {"connection sign-out", "", on("signed", "sandbox"), Asks::No},
        {"connection hide", "", hidden(), Asks::No},
        {"connection unhide", "", hidden(), Asks::Yes, [](ControlFixture &fixture) { fixture.must("connection hide", hidden()); }},
        {"key set", "", key, Asks::Yes},
        {"key list", "", Json::object(), Asks::No},
        {"key cancel", "", {{"connection", "paid"}, {"environment", "sandbox"}}, Asks::No},
        {"key test", "", {{"connection", "paid"}, {"environment", "sandbox"}}, Asks::No, [](ControlFixture &fixture) { fixture.setKey(); }},
        {"key move", "where they are", {{"to", "keychain"}}, Asks::No},
        {"key move", "elsewhere", {{"to", "file"}, {"secret", "0123456789abcdef"}}, Asks::Yes},
        {"key passphrase",
         "",
         {{"oldSecret", "0123456789abcdef0"}, {"secret", "0123456789abcdef1"}},
         Asks::Yes,
         [](ControlFixture &fixture) {
             fixture.must("key move", {{"to", "file"}, {"secret", "0123456789abcdef0"}});
         }},
        {"key delete", "the only one", {{"id", "KEY"}}, Asks::No, [](ControlFixture &fixture) { fixture.setKey(); }},
        {"key delete",
         "of a client that then gets the key for all",
         {{"id", "KEY"}},
         Asks::Yes,
         [](ControlFixture &fixture) {
             fixture.setKey();
             fixture.setKey("cursor");
         }},
        {"client add", "", {{"name", "New"}}, Asks::Yes},
        {"client list", "", Json::object(), Asks::No},
        {"client environment", "", {{"id", "cursor"}, {"environment", "production"}}, Asks::Yes},
        {"client token", "", {{"id", "cursor"}}, Asks::Yes},
        {"client revoke", "", {{"id", "cursor"}}, Asks::No},
        {"client detect", "", Json::object(), Asks::No},
        {"client preview", "", {{"id", "codex"}}, Asks::No},
        {"client scan", "", {{"id", "codex"}}, Asks::No},
        {"client import-preview", "", {{"id", "codex"}, {"file", "/nowhere/config.toml"}}, Asks::No, {}, Error::Kind::InvalidArgument},
        {"client import",
         "",
         {{"id", "cursor"}, {"file", fileToImport()}, {"entries", {{{"entry", "mine"}, {"environment", "sandbox"}}}}},
         Asks::Yes},
        {"client snippet", "", {{"id", "other"}}, Asks::No},
        {"client disconnect", "", {{"id", "codex"}}, Asks::No},
        {"client connect", "", {{"id", "chatgpt-web"}}, Asks::Yes},
        {"client connect", "by hand", {{"id", "codex"}, {"byHand", true}}, Asks::Yes},
        {"client connect", "one connection", {{"id", "chatgpt-web"}, {"connection", "acme"}}, Asks::Yes},
        {"client undo", "", {{"id", "codex"}}, Asks::Yes},
        {"client repair", "", {{"id", "codex"}}, Asks::Yes, {}, Error::Kind::NotFound},  // it is not connected
        {"client accept", "", {{"id", "cursor"}}, Asks::Yes, {}, Error::Kind::NotFound}, // nobody came
        {"client start-app", "", {{"allow", "on"}}, Asks::Yes},
        {"try", "", {{"tool", "acme__echo"}}, Asks::No, [](ControlFixture &fixture) { addRule(fixture, "deny"); }},
        {"rule list", "", Json::object(), Asks::No},
        {"rule export", "", Json::object(), Asks::No},
        {"rule presets", "", Json::object(), Asks::No},
        {"rule explain", "", {{"call", "{\"connection\":\"acme\",\"environment\":\"sandbox\",\"tool\":\"echo\"}"}}, Asks::No},
        {"rule add", "allow", {{"rule", rule("allow")}}, Asks::Yes},
        {"rule add", "ask", {{"rule", rule("ask")}}, Asks::No},
        {"rule add", "ask-typed", {{"rule", rule("ask-typed")}}, Asks::No},
        {"rule add", "deny", {{"rule", rule("deny")}}, Asks::No},
        {"rule import", "allow among others", {{"rules", {rule("deny"), rule("allow")}}}, Asks::Yes},
        {"rule import", "deny and ask", {{"rules", {rule("deny"), rule("ask")}}}, Asks::No},
        {"rule preset", "read-only", {{"name", "read-only"}}, Asks::Yes},
        {"rule preset", "sandbox-free", {{"name", "sandbox-free"}}, Asks::Yes},
        {"rule preset", "ask-everything", {{"name", "ask-everything"}}, Asks::No},
        {"rule remove", "allow", {{"id", "r1"}}, Asks::No, removes("allow")},
        {"rule remove", "ask", {{"id", "r1"}}, Asks::Yes, removes("ask")},
        {"rule remove", "ask-typed", {{"id", "r1"}}, Asks::Yes, removes("ask-typed")},
        {"rule remove", "deny", {{"id", "r1"}}, Asks::Yes, removes("deny")},
    };
}

// The parameters, with the id of the newest key where one is meant.
Json parametersOf(const Case &one, const ControlFixture &fixture)
{
    Json parameters = one.parameters;
    if (parameters.contains("id") && parameters["id"] == "KEY")
        parameters["id"] = fixture.space().keys.last().id.text;
    return parameters;
}

// It was done, or ended as it has to.
bool passed(const Case &one, const Result<Json> &answer)
{
    return one.fails ? !answer && answer.error().kind == *one.fails : answer.has_value();
}

// What is in the keychain beside the key of the profile itself.
QStringList vendorKeys(const ControlFixture &fixture)
{
    QStringList names = fixture.store.items.keys();
    names.removeAll(QStringLiteral("profile-key"));
    names.sort();
    return names;
}

void addRows(std::optional<Asks> which = std::nullopt)
{
    QTest::addColumn<int>("index");
    const auto all = cases();
    for (int i = 0; i < all.size(); ++i)
        if (!which || all[i].asks == *which)
            QTest::addRow("%s%s%s", all[i].command, *all[i].what ? ": " : "", all[i].what) << i;
}

} // namespace

class tst_ControlWidens : public QObject
{
    Q_OBJECT
private Q_SLOTS:
    void everyCommandIsInTheTable()
    {
        ControlFixture fixture;
        QStringList named;
        const auto all = cases();
        for (const Case &one : all)
            if (!named.contains(QLatin1String(one.command)))
                named.append(QLatin1String(one.command));
        named.sort();
        QCOMPARE(named, fixture.control->commands());
    }
    void whatWidensIsRefusedWithoutThePersonAndChangesNothing_data() { addRows(Asks::Yes); }
    void whatWidensIsRefusedWithoutThePersonAndChangesNothing()
    {
        QFETCH(int, index);
        const Case one = cases()[index];
        ControlFixture fixture(ControlFixture::Window::None);
        if (one.prepare)
            one.prepare(fixture);
        fixture.giveToApp();
        const QByteArray before = toFileBytes(fixture.space());
        const QStringList keysBefore = vendorKeys(fixture);
        const auto answer = fixture.run(one.command, parametersOf(one, fixture));
        QVERIFY(!answer);
        QCOMPARE(answer.error().kind, Error::Kind::NeedsPerson);
        QVERIFY2(answer.error().message.contains(QStringLiteral("open Countersign to confirm")), qPrintable(answer.error().message));
        QCOMPARE(toFileBytes(fixture.space()), before);
        QCOMPARE(vendorKeys(fixture), keysBefore);
        QVERIFY(fixture.locks.isLocked({{QStringLiteral("production")}, EnvironmentKind::Production}));
    }
    void whatWidensIsAskedAtTheWindowWithoutTheSecretAndDoneWhenThePersonAgrees_data() { addRows(Asks::Yes); }
    void whatWidensIsAskedAtTheWindowWithoutTheSecretAndDoneWhenThePersonAgrees()
    {
        QFETCH(int, index);
        const Case one = cases()[index];
        ControlFixture fixture;
        if (one.prepare)
            one.prepare(fixture);
        fixture.giveToApp();
        const Json parameters = parametersOf(one, fixture);
        const QByteArray before = toFileBytes(fixture.space());
        fixture.personIsThere = true;
        fixture.personAgrees = false;
        const auto refused = fixture.run(one.command, parameters);
        QVERIFY(!refused);
        QCOMPARE(refused.error().kind, Error::Kind::Denied);
        QCOMPARE(toFileBytes(fixture.space()), before);
        QVERIFY(fixture.question.contains(QLatin1Char('?')));
        QVERIFY(!fixture.questionDetail.contains(QStringLiteral("0123456789abcdef")));
        fixture.personAgrees = true;
        const auto done = fixture.run(one.command, parameters);
        QVERIFY2(passed(one, done), qPrintable(refusalOf(done)));
    }
    void theWindowItselfIsNotAsked_data() { addRows(); }
    void theWindowItselfIsNotAsked()
    {
        QFETCH(int, index);
        const Case one = cases()[index];
        ControlFixture fixture;
        if (one.prepare)
            one.prepare(fixture);
        fixture.trust();
        fixture.giveToApp();
        const auto done = fixture.run(one.command, parametersOf(one, fixture), Authority::Window);
        QVERIFY2(passed(one, done), qPrintable(refusalOf(done)));
        QCOMPARE(fixture.question, QString());
    }
    void tighteningNeverAsks_data() { addRows(Asks::No); }
    void tighteningNeverAsks()
    {
        QFETCH(int, index);
        const Case one = cases()[index];
        ControlFixture fixture(ControlFixture::Window::None);
        if (one.prepare)
            one.prepare(fixture);
        fixture.trust();
        fixture.giveToApp();
        const auto done = fixture.run(one.command, parametersOf(one, fixture));
        QVERIFY2(passed(one, done), qPrintable(refusalOf(done)));
    }
    void aHeadlessProfileAsksNobody_data() { addRows(); }
    void aHeadlessProfileAsksNobody()
    {
        QFETCH(int, index);
        const Case one = cases()[index];
        ControlFixture fixture(ControlFixture::Window::None);
        if (one.prepare)
            one.prepare(fixture);
        fixture.trust();
        const auto done = fixture.run(one.command, parametersOf(one, fixture));
        QVERIFY2(passed(one, done), qPrintable(refusalOf(done)));
    }
};

COUNTERSIGN_TEST(tst_ControlWidens)
#include "tst_ControlWidens.moc"
