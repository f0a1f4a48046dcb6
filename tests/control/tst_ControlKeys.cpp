// SPDX-FileCopyrightText: 2026 The Countersign authors
// SPDX-License-Identifier: GPL-3.0-or-later
#include "ControlFixture.h"
#include "support/Runner.h"
#include <QFile>

using namespace mcpcore;

namespace {

Json slot(const char *connection = "paid", const char *environment = "sandbox")
{
    return {{"connection", connection}, {"environment", environment}};
}

} // namespace

class tst_ControlKeys : public QObject
{
    Q_OBJECT
private Q_SLOTS:
    void aKeyIsStoredUnverifiedAndSaidToBeSo()
    {
        ControlFixture fixture;
        Json parameters = slot();
        parameters["secret"] = "sk_test_0123456789abcdef";
        parameters["label"] = "mine";
        const Json stored = fixture.must("key set", parameters);
        QCOMPARE(stored["verified"].get<bool>(), false);
        QVERIFY(stored["note"].get<QString>().startsWith(QStringLiteral("Not verified")));
        QCOMPARE(stored["prefix"].get<QString>(), QStringLiteral("sk_test_"));
        QCOMPARE(stored["lastFour"].get<QString>(), QStringLiteral("cdef"));
        QVERIFY(!toBytes(stored).contains("0123456789"));
        const Json listed = fixture.must("key list")["keys"];
        QCOMPARE(listed.size(), size_t(1));
        QVERIFY(!toBytes(listed).contains("0123456789"));
        QFile file(fixture.folder.filePath(QStringLiteral("workspace.json")));
        QVERIFY(file.open(QIODevice::ReadOnly) && !file.readAll().contains("0123456789"));
    }
    void aSecondKeyReplacesTheFirst()
    {
        ControlFixture fixture;
        const QString first = fixture.setKey();
        const QString second = fixture.setKey();
        QVERIFY(first != second);
        QCOMPARE(fixture.space().keys.size(), 1);
        const auto held = [&](const QString &id) {
            const QStringList names = fixture.store.items.keys();
            return std::any_of(names.begin(), names.end(), [&](const QString &name) { return name.contains(id); });
        };
        QTRY_VERIFY(!held(first));
        QVERIFY(held(second));
        QVERIFY(fixture.run("key delete", {{"id", second}}));
        QVERIFY(!held(second) && fixture.space().keys.isEmpty());
    }
    void whatIsNoUsableKeyIsRefused_data()
    {
        QTest::addColumn<QString>("parameters");
        QTest::addColumn<QString>("says");
        const auto row = [](const char *connection, const char *environment, const char *key, const char *says, const char *client = "") {
            Json parameters = slot(connection, environment);
            parameters["secret"] = key;
            parameters["client"] = client;
            QTest::newRow(says) << QString::fromUtf8(toBytes(parameters)) << QString::fromLatin1(says);
        };
        row("nobody", "sandbox", "sk_test_0123456789abcdef", "There is no connection nobody in sandbox");
        row("paid", "production", "sk_test_0123456789abcdef", "There is no connection paid in production");
        row("acme", "sandbox", "sk_test_0123456789abcdef", "acme takes no key");
        row("paid", "sandbox", "two words", "This is no key");
        row("paid", "sandbox", "sk_live_0123456789abcdef", "this is a live key (sk_live_) in the sandbox slot");
        row("paid", "sandbox", "sk_test_0123456789abcdef", "There is no client hal", "hal");
    }
    void whatIsNoUsableKeyIsRefused()
    {
        QFETCH(QString, parameters);
        QFETCH(QString, says);
        ControlFixture fixture;
        const auto before = fixture.store.items;
        const QString refusal = refusalOf(fixture.run("key set", *parseJson(parameters.toStdString())));
        QVERIFY2(refusal.contains(says), qPrintable(refusal));
        QVERIFY(!refusal.contains(QStringLiteral("0123456789")));
        QCOMPARE(fixture.store.items, before);
        QVERIFY(fixture.space().keys.isEmpty());
    }
    void testReadsTheKeyAndConnectsAndClaimsNoMore()
    {
        ControlFixture fixture;
        const QString id = fixture.setKey();
        Json tested = fixture.must("key test", slot());
        QCOMPARE(tested["id"].get<QString>(), id);
        QCOMPARE(tested["readable"].get<bool>(), true);
        QCOMPARE(tested["connected"].get<QString>(), QStringLiteral("now"));
        QCOMPARE(tested["verified"].get<bool>(), false);
        QCOMPARE(fixture.server.starts, 1);
        tested = fixture.must("key test", slot());
        QCOMPARE(tested["connected"].get<QString>(), QStringLiteral("before"));
        // The key of one client, not the common one.
        const QString own = fixture.setKey("cursor");
        Json parameters = slot();
        parameters["client"] = "cursor";
        QCOMPARE(fixture.must("key test", parameters)["id"].get<QString>(), own);
    }
    void testSaysWhatIsMissing()
    {
        ControlFixture fixture;
        QVERIFY(refusalOf(fixture.run("key test", slot())).contains(QStringLiteral("countersignctl key set paid sandbox")));
        QVERIFY(refusalOf(fixture.run("key test", slot("acme"))).contains(QStringLiteral("takes no key")));
        fixture.setKey();
        fixture.server.refusesToStart = true;
        const QString unreachable = refusalOf(fixture.run("key test", slot()));
        QVERIFY2(unreachable.startsWith(QStringLiteral("The key can be read, but no connection can be made with it.")),
                 qPrintable(unreachable));
        fixture.keys.dropAll();
        fixture.store.failsWith = Error{Error::Kind::SecretUnavailable, QStringLiteral("The keychain is locked.")};
        QCOMPARE(refusalOf(fixture.run("key test", slot())), QStringLiteral("The keychain is locked."));
        fixture.must("pause");
        const int reads = fixture.store.reads;
        QCOMPARE(fixture.run("key test", slot()).error().kind, Error::Kind::Paused);
        QCOMPARE(fixture.store.reads, reads);
    }
    void theRulesOfThePackHoldBeforeAnythingIsStored_data()
    {
        QTest::addColumn<QString>("parameters");
        QTest::addColumn<QString>("says"); // empty: taken
        const auto row = [](const char *name, const char *connection, const char *environment, const char *key, const char *says,
                            const char *madeBy = "") {
            Json parameters = slot(connection, environment);
            parameters["secret"] = key;
            parameters["madeBy"] = madeBy;
            parameters["unverified"] = true;
            QTest::newRow(name) << QString::fromUtf8(toBytes(parameters)) << QString::fromLatin1(says);
        };
        row("test key", "stripe", "sandbox", "rk_test_0123456789abcdef", "");
        row("with spaces around", "stripe", "sandbox", " rk_test_0123456789abcdef \n", "");
        row("live key in sandbox", "stripe", "sandbox", "rk_live_0123456789abcdef", "this key is for production (rk_live_, restricted)");
        row("test key in production", "stripe", "production", "sk_test_0123456789abcdef", "this key is for sandbox or staging (sk_test_");
        row("live key in production", "stripe", "production", "rk_live_0123456789abcdef", "");
        row("publishable", "stripe", "sandbox", "pk_test_0123456789abcdef", "this is a publishable key (pk_)");
        row("key of Stripe for STACK", "stack", "production", "rk_live_0123456789abcdef", "this is a restricted key of Stripe");
        row("whose is it", "stack", "production", "sk_live_0123456789abcdef", "from getstack.run, or from Stripe?");
        row("STACK's, says the person", "stack", "production", "sk_live_0123456789abcdef", "", "stack");
        row("key of STACK for Stripe", "stripe", "production", "sk_live_op_0123456789abcdef", "this is an operator key of STACK");
        row("too short", "stripe", "sandbox", "rk_test_0123456789", "too short");
    }
    void theRulesOfThePackHoldBeforeAnythingIsStored()
    {
        QFETCH(QString, parameters);
        QFETCH(QString, says);
        ControlFixture fixture;
        fixture.must("connection add", {{"id", "stripe"}, {"pack", "stripe"}, {"environments", Json::array({"sandbox", "production"})}});
        fixture.must("connection add", {{"id", "stack"}, {"pack", "stack"}, {"environments", Json::array({"production"})}});
        const auto before = fixture.store.items;
        const auto answer = fixture.run("key set", *parseJson(parameters.toStdString()));
        if (says.isEmpty()) {
            QVERIFY2(answer, qPrintable(refusalOf(answer)));
            QVERIFY(answer->contains("kind"));
            QCOMPARE(fixture.space().keys.size(), 1);
            QVERIFY(!toBytes(*answer).contains("0123456789"));
            return;
        }
        QVERIFY2(refusalOf(answer).contains(says), qPrintable(refusalOf(answer)));
        QVERIFY(!refusalOf(answer).contains(QStringLiteral("0123456789")));
        QCOMPARE(fixture.store.items, before);
        QVERIFY(fixture.space().keys.isEmpty());
    }
    void theSameKeyIsNotForTwoVendors()
    {
        ControlFixture fixture;
        for (const char *vendor : {"stack", "stripe"})
            fixture.must("connection add", {{"id", vendor}, {"pack", vendor}, {"environments", Json::array({"production"})}});
        Json parameters = slot("stripe", "production");
        parameters["secret"] = "sk_live_0123456789abcdef";
        parameters["unverified"] = true;
        QVERIFY(fixture.run("key set", parameters));
        const auto before = fixture.store.items;
        parameters["connection"] = "stack";
        parameters["madeBy"] = "stack";
        const QString refusal = refusalOf(fixture.run("key set", parameters));
        QVERIFY2(refusal.contains(QStringLiteral("set for stripe in production already, which is another vendor")), qPrintable(refusal));
        QCOMPARE(fixture.store.items, before);
    }
    void theSameKeyIsNotForTwoKindsOfEnvironment()
    {
        ControlFixture fixture;
        fixture.must("connection add", {{"id", "stigg"}, {"pack", "stigg"}, {"environments", Json::array({"sandbox", "production"})}});
        fixture.must("connection add", {{"id", "other"}, {"pack", "stigg"}, {"environments", Json::array({"sandbox", "staging"})}});
        Json parameters = slot("stigg", "production");
        parameters["secret"] = "server-0123456789abcdef";
        parameters["unverified"] = true;
        const Json stored = fixture.must("key set", parameters);
        QCOMPARE(stored["kind"].get<QString>(), QStringLiteral("server"));
        QCOMPARE(stored["prefix"].get<QString>(), QStringLiteral("server-"));
        QCOMPARE(stored["environmentSaidBy"].get<QString>(), QStringLiteral("person"));
        QVERIFY(stored["note"].get<QString>().contains(QStringLiteral("That it belongs to production is your word")));
        // The fingerprint is no plain digest of the key: without the key of the profile nothing can be tried against it.
        const QByteArray fingerprint = fixture.space().keys.first().fingerprint;
        QCOMPARE(fingerprint.size(), 16);
        QVERIFY(fingerprint != sha256("server-0123456789abcdef").left(16));
        const auto before = fixture.store.items;
        for (const auto &[connection, environment] : {std::pair("stigg", "sandbox"), {"other", "sandbox"}, {"other", "staging"}}) {
            parameters["connection"] = connection;
            parameters["environment"] = environment;
            const QString refusal = refusalOf(fixture.run("key set", parameters));
            QVERIFY2(refusal.contains(QStringLiteral("the same key is set for stigg in production already")), qPrintable(refusal));
        }
        QCOMPARE(fixture.store.items, before);
        parameters = slot("stigg", "production");
        parameters["secret"] = "server-0123456789abcdef";
        parameters["unverified"] = true;
        parameters["client"] = "cursor";
        QVERIFY(fixture.run("key set", parameters));
        // Once no production slot has it any more it may go elsewhere.
        while (!fixture.space().keys.isEmpty())
            fixture.must("key delete", {{"id", fixture.space().keys.first().id.text}});
        parameters = slot("stigg", "sandbox");
        parameters["secret"] = "server-0123456789abcdef";
        parameters["unverified"] = true;
        QVERIFY(fixture.run("key set", parameters));
    }
    void keysStayWhereTheyAreWithoutAPassphraseForTheFile()
    {
        ControlFixture fixture;
        fixture.setKey();
        const Json kept = fixture.must("key move", {{"to", "keychain"}});
        QCOMPARE(kept["moved"].get<int>(), 0);
        QCOMPARE(kept["keys"].get<int>(), 1);
        QVERIFY(refusalOf(fixture.run("key move", {{"to", "file"}})).contains(QStringLiteral("passphrase needs at least 8")));
        QVERIFY(refusalOf(fixture.run("key move", {{"to", "usb"}})).contains(QStringLiteral("keychain or file")));
        QCOMPARE(fixture.space().keys.first().store, QStringLiteral("keychain"));
    }
    void aSlotThatTheVendorDoesNotHaveIsRefusedForItsReason()
    {
        ControlFixture fixture;
        QVERIFY(refusalOf(fixture.run("connection add", {{"id", "stack"}, {"pack", "stack"}, {"environments", Json::array({"sandbox"})}}))
                    .contains(QStringLiteral("STACK has no sandbox")));
        fixture.must("connection add", {{"id", "stack"}, {"pack", "stack"}, {"environments", Json::array({"production"})}});
        Json parameters = slot("stack", "sandbox");
        parameters["secret"] = "sk_live_op_0123456789abcdef";
        const QString refusal = refusalOf(fixture.run("key set", parameters));
        QVERIFY2(refusal.contains(QStringLiteral("STACK has no sandbox: every key of it acts on real data.")), qPrintable(refusal));
        const Json shown = fixture.must("connection show", {{"id", "stack"}});
        QCOMPARE(shown["impossible"].size(), size_t(2));
        QCOMPARE(shown["impossible"][0]["environment"].get<QString>(), QStringLiteral("sandbox"));
        QVERIFY(shown["impossible"][1]["reason"].get<QString>().contains(QStringLiteral("STACK has no staging")));
        QVERIFY(!fixture.must("connection show", {{"id", "paid"}}).contains("impossible"));
    }
    void deletingWhatIsNotThereIsSaid()
    {
        ControlFixture fixture;
        QVERIFY(refusalOf(fixture.run("key delete", {{"id", "key-1"}})).contains(QStringLiteral("There is no key key-1")));
    }
};

COUNTERSIGN_TEST(tst_ControlKeys)
#include "tst_ControlKeys.moc"
