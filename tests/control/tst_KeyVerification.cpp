// SPDX-FileCopyrightText: 2026 The Countersign authors
// SPDX-License-Identifier: GPL-3.0-or-later
// Keys on their way to a slot, with real curl and stand-ins of the vendors on this computer.
#include "ControlFixture.h"
#include "support/Runner.h"
#include "support/VendorServer.h"
#include <QFile>
#include <QTcpServer>

using namespace mcpcore;

namespace {

constexpr const char *kStripe = "rk_test_51CANARYaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaa";
constexpr const char *kStripeLive = "rk_live_51CANARYllllllllllllllllllllllllllllll";
constexpr const char *kStigg = "server-CANARY-3333333333333333";
constexpr const char *kStatsig = "console-CANARY4444444444444444";
constexpr const char *kStack = "sk_live_op_CANARY5555555555555555";

Json slot(const char *connection, const char *environment, const char *key)
{
    return {{"connection", connection}, {"environment", environment}, {"secret", key}};
}

QByteArray token(const QByteArray &claims)
{
    const auto coded = [](const QByteArray &text) { return text.toBase64(QByteArray::Base64UrlEncoding | QByteArray::OmitTrailingEquals); };
    return coded("{\"alg\":\"RS256\"}") + '.' + coded(claims) + ".CANARY";
}

} // namespace

// The four vendors at one address of this computer, each with a connection of its name.
class VendorFixture : public ControlFixture
{
public:
    VendorFixture()
    {
        for (const char *vendor : {"stripe", "stigg", "statsig"})
            add(vendor, vendor, {"sandbox", "production"});
        add("stack", "stack", {"production"});
    }
    void add(const char *id, const char *pack, const std::vector<const char *> &environments)
    {
        Json endpoints = Json::object();
        for (const char *environment : environments)
            endpoints[environment] = server.url();
        must("connection add", {{"id", id}, {"pack", pack}, {"endpoints", endpoints}});
    }
    // Gives a command whose answer comes later.
    std::shared_ptr<std::optional<Result<Json>>> begin(const char *command, const Json &parameters)
    {
        auto answer = std::make_shared<std::optional<Result<Json>>>();
        control->handle(QString::fromLatin1(command), parameters, Authority::CommandLine,
                        Completion<Json>(this, [answer](Result<Json> result) { answer->emplace(std::move(result)); }));
        return answer;
    }
    // Nothing of a key is anywhere but in the keychain.
    bool keptSecret(const QString &message = {})
    {
        QFile file(folder.filePath(QStringLiteral("workspace.json")));
        return !message.contains(QStringLiteral("CANARY")) && file.open(QIODevice::ReadOnly) && !file.readAll().contains("CANARY");
    }

    // The items of keys in the keychain; the seal of the profile has one of its own, which counts on.
    QHash<QString, QByteArray> items() const
    {
        QHash<QString, QByteArray> found = store.items;
        found.removeIf([](const auto &item) { return !item.key().startsWith(QLatin1String("key-")); });
        return found;
    }

    VendorServer server;
};

class tst_KeyVerification : public QObject
{
    Q_OBJECT
private Q_SLOTS:
    void aKeyIsSavedWithWhatItsVendorSays_data()
    {
        QTest::addColumn<QByteArray>("vendor");
        QTest::addColumn<QByteArray>("environment");
        QTest::addColumn<QByteArray>("key");
        QTest::addColumn<QByteArray>("field");
        QTest::addColumn<QString>("says");
        QTest::addColumn<QStringList>("paths");
        const auto row = [](const char *name, const char *vendor, const char *environment, const char *key, const char *field,
                            const char *says, const QStringList &paths) {
            QTest::newRow(name) << QByteArray(vendor) << QByteArray(environment) << QByteArray(key) << QByteArray(field)
                                << QString::fromLatin1(says) << paths;
        };
        row("Stripe", "stripe", "sandbox", kStripe, "authorization", "test|account-1|Acme|May read the balance. May read the account.",
            {QStringLiteral("/v1/balance"), QStringLiteral("/v1/account")});
        row("Stigg", "stigg", "sandbox", kStigg, "x-api-key", "not said|||May read customers.",
            {QStringLiteral("/api/v1/customers?limit=3")});
        row("Statsig", "statsig", "production", kStatsig, "statsig-api-key",
            "not said|account-1|Acme|May read the project. May read the company.",
            {QStringLiteral("/console/v1/project"), QStringLiteral("/console/v1/company")});
        row("STACK", "stack", "production", kStack, "authorization", "not said|account-1||May list the agents. May read the balance.",
            {QStringLiteral("/v1/agents"), QStringLiteral("/v1/billing/balance")});
    }
    void aKeyIsSavedWithWhatItsVendorSays()
    {
        QFETCH(QByteArray, vendor);
        QFETCH(QByteArray, environment);
        QFETCH(QByteArray, key);
        QFETCH(QByteArray, field);
        QFETCH(QString, says);
        QFETCH(QStringList, paths);
        VendorFixture fixture;
        fixture.server.know(key.constData());
        const Json stored = fixture.must("key set", slot(vendor.constData(), environment.constData(), key.constData()));
        QCOMPARE(stored["verified"].get<bool>(), true);
        const Json verification = stored["verification"];
        QStringList abilities;
        for (const Json &ability : verification["abilities"])
            abilities.append(ability.get<QString>());
        QCOMPARE((QStringList{verification["mode"].get<QString>(), verification["account"].get<QString>(),
                              verification["accountName"].get<QString>(), abilities.join(QLatin1Char(' '))}
                      .join(QLatin1Char('|'))),
                 says);
        QVERIFY(stored["note"].get<QString>().contains(QStringLiteral(" accepts it.")));
        if (vendor == "stigg") {
            QVERIFY(stored["tells"]["values"] == Json::array({"Acme", "Beta"}));
            QVERIFY(!toBytes(fixture.must("key list")).contains("Beta"));
        }
        QStringList asked;
        for (const Json &request : fixture.server.requests()) {
            asked.append(request["path"].get<QString>());
            QCOMPARE(request["method"].get<QString>(), QStringLiteral("GET"));
            QVERIFY(request["fields"].value(field.toStdString(), "").ends_with(key.toStdString()));
            QCOMPARE(request["fields"].contains("stripe-version"), vendor == "stripe");
        }
        QCOMPARE(asked, paths);
        const KeyRecord &record = fixture.space().keys.first();
        QVERIFY(record.verified && record.verified->at == fixture.clock.wall());
        QVERIFY(fixture.keptSecret(QString::fromUtf8(toBytes(stored))));
        // It is in the file, too, as it was said.
        const auto again = WorkspaceFile::open(fixture.folder.filePath(QStringLiteral("workspace.json")));
        QCOMPARE((*again)->current().keys.first().verified->abilities, record.verified->abilities);
    }
    void whatIsNotAcceptedIsNotSaved_data()
    {
        QTest::addColumn<QByteArray>("path");
        QTest::addColumn<int>("status");
        QTest::addColumn<QByteArray>("body");
        QTest::addColumn<QString>("says");
        const auto row = [](const char *name, const char *path, int status, const char *body, const char *says) {
            QTest::newRow(name) << QByteArray(path) << status << QByteArray(body) << QString::fromLatin1(says);
        };
        row("unknown to the vendor", "", 0, "",
            "Key refused: Stripe does not accept it (401). Copy it again, or make a new one: API keys, Create restricted key");
        row("refused with a code", "/v1/balance", 401, R"({"error":{"code":"api_key_expired"}})", "(401, api_key_expired)");
        row("refused by the second", "/v1/account", 401, "{}", "Stripe does not accept it (401)");
        row("too often", "/v1/balance", 429, "{}", "Not saved: Stripe was asked too often (429). Try again, or save it unverified.");
        row("out of order", "/v1/account", 503, "{}", "Not saved: Stripe answered with an error (503).");
        row("a page", "/v1/balance", 200, "<html>Sign in</html>", "Not saved: Stripe answered with something that is no JSON.");
        row("no livemode", "/v1/balance", 200, "{}", "Not saved: Stripe answered something else than it is known to answer.");
    }
    void whatIsNotAcceptedIsNotSaved()
    {
        QFETCH(QByteArray, path);
        QFETCH(int, status);
        QFETCH(QByteArray, body);
        QFETCH(QString, says);
        VendorFixture fixture;
        if (!path.isEmpty()) {
            fixture.server.know(kStripe);
            fixture.server.answer(path.constData(), status, body.constData());
        }
        const auto before = fixture.items();
        const QString refusal = refusalOf(fixture.run("key set", slot("stripe", "sandbox", kStripe)));
        QVERIFY2(refusal.contains(says), qPrintable(refusal));
        QVERIFY(fixture.keptSecret(refusal));
        QCOMPARE(fixture.items(), before);
        QVERIFY(fixture.space().keys.isEmpty());
        // On the person's word it is saved without asking.
        const qsizetype asked = fixture.server.requests().size();
        Json parameters = slot("stripe", "sandbox", kStripe);
        parameters["unverified"] = true;
        const Json stored = fixture.must("key set", parameters);
        QCOMPARE(stored["verified"].get<bool>(), false);
        QVERIFY(stored["note"].get<QString>().startsWith(QStringLiteral("Not verified: Stripe was not asked")));
        QCOMPARE(fixture.server.requests().size(), asked);
    }
    void aVendorThatRepeatsTheKeyDoesNotSpreadIt()
    {
        VendorFixture fixture;
        const auto refused = fixture.run("key set", slot("statsig", "sandbox", kStatsig));
        QVERIFY(refusalOf(refused).contains(QStringLiteral("Statsig does not accept it (401)")));
        QCOMPARE(refused.error().kind, Error::Kind::Unauthorized);
        fixture.server.answer("/console/v1/project", 200, "{\"data\":{\"id\":\"console-CANARY4444444444444444\"}}");
        QVERIFY(refusalOf(fixture.run("key set", slot("statsig", "sandbox", kStatsig))).startsWith(QStringLiteral("Not saved: Statsig")));
        fixture.server.know(kStripe, {{"name", "<b>Acme</b>\u202e\n key rk_test_51CANARYaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaa"}});
        QVERIFY(fixture.run("key set", slot("stripe", "sandbox", kStripe)));
        QVERIFY(fixture.space().keys.first().verified->accountName.isEmpty());
        QVERIFY(fixture.keptSecret(refusalOf(refused)));
    }
    void aRedirectIsNotFollowed()
    {
        VendorFixture fixture;
        VendorServer elsewhere;
        const std::string there = elsewhere.origin().toStdString() + "/v1/balance";
        fixture.server.answer("/v1/balance", 307, "", {{"Location", there}});
        const QString refusal = refusalOf(fixture.run("key set", slot("stripe", "sandbox", kStripe)));
        QCOMPARE(refusal,
                 QStringLiteral("Not saved: Stripe sends us elsewhere (307), which is not followed. Try again, or save it unverified."));
        QVERIFY(elsewhere.requests().isEmpty());
    }
    void aServerThatIsNotThereOrAnswersTooMuchIsNotAsked()
    {
        VendorFixture fixture;
        QTcpServer closed;
        QVERIFY(closed.listen(QHostAddress::LocalHost));
        const QString nobody = QStringLiteral("http://127.0.0.1:%1/mcp").arg(closed.serverPort());
        closed.close();
        fixture.must("connection add", {{"id", "gone"}, {"pack", "stripe"}, {"endpoints", {{"sandbox", nobody}}}});
        QVERIFY(refusalOf(fixture.run("key set", slot("gone", "sandbox", kStripe)))
                    .startsWith(QStringLiteral("Not saved: 127.0.0.1 could not be asked, because nothing accepts a connection there.")));
        fixture.server.answer("/v1/balance", 200, QByteArray(300 * 1024, ' ').constData());
        QVERIFY(refusalOf(fixture.run("key set", slot("stripe", "sandbox", kStripe)))
                    .startsWith(QStringLiteral("Not saved: 127.0.0.1 answered with more than is read of it.")));
        QVERIFY(fixture.space().keys.isEmpty());
    }
    void aKeyOfTheOtherKindIsRefusedWhateverIsSaid()
    {
        VendorFixture fixture;
        fixture.server.know(kStripe, {{"live", true}});
        const auto before = fixture.items();
        const auto refused = fixture.run("key set", slot("stripe", "sandbox", kStripe));
        QCOMPARE(refusalOf(refused),
                 QStringLiteral("Key refused: Stripe says that this key is live, and the slot is for sandbox. A call with "
                                "it would change real data. Set it under production, or make one for sandbox."));
        QCOMPARE(refused.error().kind, Error::Kind::Conflict);
        Json parameters = slot("stripe", "sandbox", kStripe);
        parameters["unverified"] = true;
        QCOMPARE(refusalOf(fixture.run("key set", parameters)), refusalOf(refused));
        fixture.server.know(kStripeLive, {{"live", false}});
        QVERIFY(
            refusalOf(fixture.run("key set", slot("stripe", "production", kStripeLive)))
                .startsWith(QStringLiteral("Key refused: Stripe says that this key is for test data, and the slot is for production.")));
        QCOMPARE(fixture.items(), before);
        QVERIFY(fixture.space().keys.isEmpty());
    }
    void oneAccountIsNotTwoEnvironmentsWhereAccountsAreEnvironments()
    {
        VendorFixture fixture;
        fixture.server.know(kStatsig, {{"account", "project-1"}});
        fixture.server.know("console-CANARY-other-key-55555", {{"account", "project-1"}});
        fixture.server.know("console-CANARY-third-key-66666", {{"account", "project-2"}});
        QVERIFY(fixture.run("key set", slot("statsig", "production", kStatsig)));
        const QString refusal = refusalOf(fixture.run("key set", slot("statsig", "sandbox", "console-CANARY-other-key-55555")));
        QVERIFY2(refusal.startsWith(QStringLiteral("Key refused: Statsig says that it opens project-1, as the key of statsig in production "
                                                   "does.")),
                 qPrintable(refusal));
        QVERIFY(fixture.run("key set", slot("statsig", "sandbox", "console-CANARY-third-key-66666")));
        // One account of Stripe has both.
        fixture.server.know(kStripe, {{"account", "acct_1"}});
        fixture.server.know(kStripeLive, {{"account", "acct_1"}, {"live", true}});
        QVERIFY(fixture.run("key set", slot("stripe", "production", kStripeLive)));
        QVERIFY(fixture.run("key set", slot("stripe", "sandbox", kStripe)));
    }
    void aLimitedKeyIsTakenAndItsLimitsAreSaid()
    {
        VendorFixture fixture;
        fixture.server.know(kStripe, {{"forbidden", Json::array({"/v1/balance", "/v1/account"})}});
        const Json stored = fixture.must("key set", slot("stripe", "sandbox", kStripe));
        QVERIFY(stored["verification"]["abilities"] == Json::array({"May not read the balance.", "May not read the account."}));
        QCOMPARE(stored["verification"]["mode"].get<QString>(), QStringLiteral("not said"));
    }
    void theOldKeyStaysUntilTheNewOneIsVerified()
    {
        VendorFixture fixture;
        fixture.server.know(kStripe);
        fixture.must("key set", slot("stripe", "sandbox", kStripe));
        const KeyId old = fixture.space().keys.first().id;
        const auto items = fixture.items();
        const auto isAsBefore = [&] {
            return fixture.space().keys.size() == 1 && fixture.space().keys.first().id == old && fixture.items() == items;
        };
        constexpr const char *fresh = "rk_test_51CANARYbbbbbbbbbbbbbbbbbbbbbbbb";
        QVERIFY(!fixture.run("key set", slot("stripe", "sandbox", fresh)));
        QVERIFY(isAsBefore());
        fixture.server.know(fresh);
        fixture.server.hold("/v1/account");
        const auto answer = fixture.begin("key set", slot("stripe", "sandbox", fresh));
        QTRY_VERIFY_WITH_TIMEOUT(fixture.server.count("/v1/account") == 2, 20'000);
        QVERIFY(isAsBefore() && !*answer);
        fixture.server.release();
        QTRY_VERIFY_WITH_TIMEOUT(*answer, 20'000);
        QVERIFY2(**answer, qPrintable(refusalOf(**answer)));
        QCOMPARE(fixture.space().keys.size(), 1);
        QVERIFY(fixture.space().keys.first().id != old);
        QTRY_COMPARE(fixture.items().size(), items.size());
        // A write that fails leaves it as well.
        const KeyId second = fixture.space().keys.first().id;
        fixture.store.failsWith = Error{Error::Kind::SecretUnavailable, QStringLiteral("The keychain is locked.")};
        QCOMPARE(refusalOf(fixture.run("key set", slot("stripe", "sandbox", kStripe))), QStringLiteral("The keychain is locked."));
        QCOMPARE(fixture.space().keys.first().id, second);
    }
    void whatChangesWhileTheVendorIsAskedIsNoticed_data()
    {
        QTest::addColumn<QString>("meanwhile");
        QTest::addColumn<QString>("says");
        QTest::newRow("the connection is removed") << "remove"
                                                   << "Not saved: the connection was changed meanwhile.";
        QTest::newRow("it goes elsewhere") << "move"
                                           << "Not saved: the connection was changed meanwhile.";
        QTest::newRow("another key is set") << "set"
                                            << "Not saved: the key of stripe in sandbox was changed meanwhile.";
        QTest::newRow("it is cancelled") << "cancel"
                                         << "Not saved: cancelled while Stripe was asked.";
    }
    void whatChangesWhileTheVendorIsAskedIsNoticed()
    {
        QFETCH(QString, meanwhile);
        QFETCH(QString, says);
        VendorFixture fixture;
        fixture.server.know(kStripe);
        fixture.server.hold("/v1/balance");
        const auto answer = fixture.begin("key set", slot("stripe", "sandbox", kStripe));
        QTRY_VERIFY_WITH_TIMEOUT(fixture.server.count("/v1/balance") == 1, 20'000);
        if (meanwhile == QLatin1String("remove")) {
            fixture.must("connection remove", {{"id", "stripe"}});
        } else if (meanwhile == QLatin1String("move")) {
            fixture.change([](Workspace &edited) {
                for (Connection &connection : edited.connections)
                    if (connection.id.text == QLatin1String("stripe"))
                        std::get<HttpTarget>(connection.target).urls[{QStringLiteral("sandbox")}] =
                            QStringLiteral("http://127.0.0.1:9/mcp");
            });
        } else if (meanwhile == QLatin1String("set")) {
            Json other = slot("stripe", "sandbox", "rk_test_51CANARYcccccccccccccccccc");
            other["unverified"] = true;
            fixture.must("key set", other);
        } else {
            QCOMPARE(fixture.must("key cancel", {{"connection", "stripe"}, {"environment", "production"}})["cancelled"].get<int>(), 0);
            QCOMPARE(fixture.must("key cancel", {{"connection", "stripe"}, {"environment", "sandbox"}})["cancelled"].get<int>(), 1);
        }
        const auto items = fixture.items();
        const auto keys = fixture.space().keys.size();
        fixture.server.release();
        QTRY_VERIFY_WITH_TIMEOUT(*answer, 20'000);
        QVERIFY2(refusalOf(**answer).startsWith(says), qPrintable(refusalOf(**answer)));
        QTRY_COMPARE(fixture.server.count("/v1/account"), 1); // the second call went on, and its answer changed nothing
        QCOMPARE(fixture.items(), items);
        QCOMPARE(fixture.space().keys.size(), keys);
    }
    void nothingIsAskedWhileEverythingIsPaused()
    {
        VendorFixture fixture;
        fixture.must("pause");
        const auto refused = fixture.run("key set", slot("stripe", "sandbox", kStripe));
        QCOMPARE(refused.error().kind, Error::Kind::Paused);
        QVERIFY(fixture.server.requests().isEmpty() && fixture.space().keys.isEmpty());
    }
    void testAsksTheVendorAgainAndRecordsWhatItSays()
    {
        VendorFixture fixture;
        fixture.server.know(kStripe, {{"account", "acct_1"}});
        Json parameters = slot("stripe", "sandbox", kStripe);
        parameters["unverified"] = true;
        fixture.must("key set", parameters);
        const auto test = [&] { return fixture.run("key test", {{"connection", "stripe"}, {"environment", "sandbox"}}); };
        const auto verified = [&] { return fixture.space().keys.first().verified; };
        QVERIFY(!verified());
        QCOMPARE((*test())["note"].get<QString>(), QStringLiteral("Stripe accepts it."));
        QCOMPARE(verified()->account, QStringLiteral("acct_1"));
        const auto first = verified()->at;
        fixture.clock.advance(std::chrono::hours(1));
        fixture.server.know(kStripe, {{"account", "acct_2"}});
        QCOMPARE((*test())["note"].get<QString>(), QStringLiteral("Stripe accepts it. The account changed: it was acct_1, and is acct_2."));
        QVERIFY(verified()->at > first);
        // No answer says nothing: what was known stays.
        fixture.server.hold("/v1/balance");
        fixture.server.answer("/v1/account", 500, "{}");
        fixture.server.release();
        QCOMPARE(refusalOf(test()), QStringLiteral("Not verified: Stripe answered with an error (500). Try again later."));
        QVERIFY(verified());
        fixture.server.answer("/v1/account", 401, "{}");
        QVERIFY(refusalOf(test()).startsWith(QStringLiteral("Key refused: Stripe does not accept it (401).")));
        QVERIFY(!verified());
        QCOMPARE(fixture.space().keys.size(), 1);
        QVERIFY(fixture.space().alarms.isEmpty());
    }
    void aKeyThatTurnsOutToBeForTheOtherEnvironmentStopsItsConnection()
    {
        VendorFixture fixture;
        Json parameters = slot("stripe", "sandbox", kStripe);
        parameters["unverified"] = true;
        fixture.must("key set", parameters);
        fixture.server.know(kStripe, {{"live", true}});
        const auto tested = fixture.run("key test", {{"connection", "stripe"}, {"environment", "sandbox"}});
        QVERIFY2(refusalOf(tested).contains(QStringLiteral("Stripe says that this key is live")), qPrintable(refusalOf(tested)));
        QVERIFY(refusalOf(tested).endsWith(QStringLiteral("stripe in sandbox is stopped.")));
        QCOMPARE(fixture.space().alarms.size(), 1);
        QCOMPARE(fixture.space().alarms.first().what,
                 QStringLiteral("Stripe says that the key of stripe in sandbox is for another environment."));
        QVERIFY(!fixture.run("key test", {{"connection", "stripe"}, {"environment", "sandbox"}}));
        QCOMPARE(fixture.space().alarms.size(), 1);
    }
    void aKeyThatEndsSaysWhen()
    {
        VendorFixture fixture;
        const qint64 now = fixture.clock.wall().count() / 1000;
        const auto key = [&](qint64 end) { return token("{\"exp\":" + QByteArray::number(end) + "}"); };
        const QByteArray ended = key(now - 1), soon = key(now + 40 * 60);
        const auto items = fixture.items();
        const QString refusal = refusalOf(fixture.run("key set", slot("stack", "production", ended.constData())));
        QVERIFY2(refusal.startsWith(QStringLiteral("Key refused: it ended at 2026-11-21T09:59:59.000Z.")), qPrintable(refusal));
        QCOMPARE(fixture.items(), items);
        QVERIFY(fixture.server.requests().isEmpty());
        fixture.server.know(soon.constData());
        const Json stored = fixture.must("key set", slot("stack", "production", soon.constData()));
        QVERIFY(stored["note"].get<QString>().contains(QStringLiteral("It ends at 2026-11-21T10:40:00.000Z, in 40 minutes.")));
        QCOMPARE(stored["expires"].get<QString>(), QStringLiteral("2026-11-21T10:40:00.000Z"));
        QCOMPARE(stored["kind"].get<QString>(), QStringLiteral("passport or session token"));
        QVERIFY(stored["reminder"].get<QString>().contains(QStringLiteral("ends in 40 minutes")));
        fixture.clock.advance(std::chrono::hours(1));
        const Json listed = fixture.must("key list");
        QVERIFY(listed["reminders"][0]["text"].get<QString>().contains(QStringLiteral("is not sent any more")));
    }
    void anOldKeyIsDueAsThePersonWants()
    {
        VendorFixture fixture;
        fixture.server.know(kStripe);
        fixture.server.know(kStigg);
        Json parameters = slot("stripe", "sandbox", kStripe);
        parameters["rotateDays"] = 30;
        fixture.must("key set", parameters);
        parameters = slot("stigg", "sandbox", kStigg);
        parameters["rotateDays"] = 0;
        fixture.must("key set", parameters);
        fixture.setKey(); // 90 days
        const auto due = [&] {
            QStringList keys;
            const Json status = fixture.must("status");
            for (const Json &reminder : status["keyReminders"])
                keys.append(reminder["connection"].get<QString>());
            return keys;
        };
        QCOMPARE(due(), QStringList());
        fixture.clock.advance(std::chrono::hours(24) * 30);
        QCOMPARE(due(), QStringList{QStringLiteral("stripe")});
        const Json listed = fixture.must("key list")["keys"];
        QCOMPARE(listed[0]["ageDays"].get<int>(), 30);
        QCOMPARE(listed[0]["rotationDue"].get<QString>(), QStringLiteral("2026-12-21T10:00:00.000Z"));
        QVERIFY(listed[0]["reminder"].get<QString>().contains(QStringLiteral("is 30 days old, and a new one was due after 30 days")));
        QVERIFY(!listed[1].contains("rotationDue"));
        fixture.clock.advance(std::chrono::hours(24) * 60);
        QCOMPARE(due(), (QStringList{QStringLiteral("stripe"), QStringLiteral("paid")}));
        parameters["rotateDays"] = -1;
        QVERIFY(refusalOf(fixture.run("key set", parameters)).contains(QStringLiteral("1 to 3650 days")));
    }
};

COUNTERSIGN_TEST(tst_KeyVerification)
#include "tst_KeyVerification.moc"
