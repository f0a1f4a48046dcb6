// SPDX-FileCopyrightText: 2026 The Countersign authors
// SPDX-License-Identifier: GPL-3.0-or-later
// How connections stand, and what is left of their sign-ins when they go.
#include "ControlFixture.h"
#include "model/ConnectionState.h"
#include "support/Runner.h"
#include "upstream/signin/StoredSignIn.h"

using namespace mcpcore;

namespace {

const QString kSignIn = QStringLiteral("sign-in:signed:sandbox"), kClient = QStringLiteral("client:signed:sandbox");

// What a person who signed in to "signed" leaves in the keychain. Nobody listens where the server would be told of its end.
void signIn(ControlFixture &fixture)
{
    StoredSignIn stored;
    stored.client.issuer = "https://auth.example.com";
    stored.client.id = "client-1";
    stored.account = QStringLiteral("ada@example.com");
    stored.revocationEndpoint = "http://127.0.0.1:1/revoke";
    stored.scopes = {"read", "write"};
    stored.expires = fixture.clock.wall() + std::chrono::hours(1);
    stored.access = Secret("at-0123456789abcdef");
    const Connection *connection = find(fixture.space(), ConnectionId{QStringLiteral("signed")});
    const QString destination = destinationOf(*connection, {QStringLiteral("sandbox")});
    int written = 0;
    for (const QString &item : {kSignIn, kClient})
        fixture.keys.write({item}, stored.toItem(), destination, Completion<>(&fixture, [&](Result<> done) { written += done ? 1 : 0; }));
    QTRY_COMPARE(written, 2);
}

Json stateOf(ControlFixture &fixture, const char *connection, const char *environment = "sandbox")
{
    const Json states = fixture.must("connection states");
    for (const Json &state : states["states"])
        if (state["id"] == connection && state["environment"] == environment)
            return state;
    return {};
}

} // namespace

class tst_ControlStates : public QObject
{
    Q_OBJECT
private Q_SLOTS:
    void nothingIsStartedToSayHowThingsStand()
    {
        ControlFixture fixture;
        const Json state = stateOf(fixture, "acme");
        QCOMPARE(state.value("link", ""), std::string("idle"));
        QVERIFY(!state.contains("tools"));
        QVERIFY(!state.contains("signIn"));
        QVERIFY(fixture.pool->status().isEmpty());
    }
    void everyPlaceOfEveryConnectionIsListed()
    {
        ControlFixture fixture;
        qsizetype places = 0;
        for (const Connection &connection : fixture.space().connections)
            places += connection.environments.size();
        QCOMPARE(qsizetype(fixture.must("connection states")["states"].size()), places);
    }
    void whatRunsSaysWhoAnswersAndHowManyToolsWait()
    {
        ControlFixture fixture;
        fixture.must("connection tools", {{"id", "acme"}, {"environment", "sandbox"}});
        const Json state = stateOf(fixture, "acme");
        QCOMPARE(state.value("link", ""), std::string("running"));
        QVERIFY(!state.value("protocolVersion", "").empty());
        QCOMPARE(state["tools"].value("trusted", -1), 0);
        QVERIFY(state["tools"].value("waiting", 0) > 0);
        fixture.trust();
        const Json trusted = stateOf(fixture, "acme");
        QVERIFY(trusted["tools"].value("trusted", 0) > 0);
        QCOMPARE(trusted["tools"].value("trusted", 0) + trusted["tools"].value("waiting", 0), state["tools"].value("waiting", 0));
    }
    void aSignInIsShownWithoutItsTokens()
    {
        ControlFixture fixture;
        QCOMPARE(stateOf(fixture, "signed")["signIn"].value("state", ""), std::string("signed out"));
        signIn(fixture);
        const Json state = stateOf(fixture, "signed");
        QCOMPARE(state["signIn"].value("state", ""), std::string("signed in"));
        QCOMPARE(state["signIn"].value("account", ""), std::string("ada@example.com"));
        QCOMPARE(state["signIn"].value("scopes", ""), std::string("read write"));
        QCOMPARE(state["signIn"].value("at", ""), std::string("auth.example.com"));
        QVERIFY(!toBytes(state).contains("at-0123456789abcdef"));
    }
    void aKeychainThatFailsIsSaidAndNothingElseIsLost()
    {
        ControlFixture fixture;
        fixture.store.failsWith = Error{Error::Kind::SecretUnavailable, QStringLiteral("The keychain is locked.")};
        const Json state = stateOf(fixture, "signed");
        QCOMPARE(state["signIn"].value("state", ""), std::string("unknown"));
        QCOMPARE(state["signIn"].value("trouble", ""), std::string("The keychain is locked."));
        QCOMPARE(stateOf(fixture, "acme").value("link", ""), std::string("idle"));
    }
    void namesOfStatesAreReadBack()
    {
        for (int kind = 0; kind <= int(SignInState::Kind::Unknown); ++kind)
            QCOMPARE(signInKindFrom(toText(SignInState::Kind(kind))), std::optional(SignInState::Kind(kind)));
        for (int link = 0; link <= int(ConnectionState::Link::Failed); ++link)
            QCOMPARE(linkFrom(toText(ConnectionState::Link(link))), std::optional(ConnectionState::Link(link)));
        QVERIFY(!signInKindFrom(QStringLiteral("signed")));
        QVERIFY(!linkFrom(QString()));
    }
    void onlyVendorsThatHaveOneGetAPageOfSessions()
    {
        ControlFixture fixture;
        fixture.change([](Workspace &edited) {
            for (const auto &[id, url] :
                 {std::pair{"stripe", "https://mcp.stripe.com/"}, std::pair{"alike", "https://mcp.stripe.com.example.com/"}})
                edited.connections.append({{QLatin1String(id)},
                                           {},
                                           {{QStringLiteral("sandbox")}},
                                           HttpTarget{{{{QStringLiteral("sandbox")}, QLatin1String(url)}}, {HttpAuth::Kind::OAuth, {}}, {}},
                                           {}});
        });
        QVERIFY(stateOf(fixture, "stripe").value("sessionsPage", "").starts_with("https://dashboard.stripe.com/"));
        QVERIFY(!stateOf(fixture, "alike").contains("sessionsPage"));
    }

    void cancellingWithoutASignInSaysSo()
    {
        ControlFixture fixture;
        const Json place{{"id", "signed"}, {"environment", "sandbox"}};
        QVERIFY(!fixture.must("connection cancel-sign-in", place).value("cancelled", true));
        const auto refused = fixture.run("connection cancel-sign-in", {{"id", "acme"}, {"environment", "sandbox"}});
        QVERIFY2(refusalOf(refused).contains(QStringLiteral("Nobody signs in to acme")), qPrintable(refusalOf(refused)));
    }
    void aSignInThatIsBeginningIsCancelled()
    {
        ControlFixture fixture;
        const Json place{{"id", "signed"}, {"environment", "sandbox"}};
        std::optional<Result<Json>> begun;
        fixture.control->handle(QStringLiteral("connection sign-in"), place, Authority::Window,
                                Completion<Json>(&fixture, [&](Result<Json> answer) { begun = std::move(answer); }));
        QVERIFY(!begun);
        QVERIFY(fixture.must("connection cancel-sign-in", place).value("cancelled", false));
        QTRY_VERIFY(begun.has_value());
        QCOMPARE(begun->error().kind, Error::Kind::Cancelled);
        QCOMPARE(refusalOf(*begun), QStringLiteral("The sign-in was cancelled."));
    }

    void whatIsRemovedLeavesNoSignInBehind()
    {
        ControlFixture fixture;
        signIn(fixture);
        const Json answer = fixture.must("connection remove", {{"id", "signed"}});
        QCOMPARE(answer["revoked"].value("sandbox", ""), std::string("no")); // nobody was there to be told
        QVERIFY(!fixture.store.items.contains(kSignIn));
        QVERIFY(!fixture.store.items.contains(kClient));
        QVERIFY(!find(fixture.space(), ConnectionId{QStringLiteral("signed")}));
    }
    void whatCannotBeDeletedFromTheKeychainKeepsItsConnection()
    {
        ControlFixture fixture;
        signIn(fixture);
        fixture.store.failsWith = Error{Error::Kind::SecretUnavailable, QStringLiteral("The keychain is locked.")};
        const auto refused = fixture.run("connection remove", {{"id", "signed"}});
        QVERIFY(!refused);
        QCOMPARE(refused.error().kind, Error::Kind::SecretUnavailable);
        QVERIFY2(refusalOf(refused).contains(QStringLiteral("still in the keychain. The keychain is locked.")),
                 qPrintable(refusalOf(refused)));
        QVERIFY(find(fixture.space(), ConnectionId{QStringLiteral("signed")}));
        fixture.store.failsWith.reset();
        fixture.must("connection remove", {{"id", "signed"}});
        QVERIFY(!find(fixture.space(), ConnectionId{QStringLiteral("signed")}));
    }
    void aConnectionWithoutSignInIsRemovedAtOnce()
    {
        ControlFixture fixture;
        fixture.store.failsWith = Error{Error::Kind::SecretUnavailable, QStringLiteral("The keychain is locked.")};
        const Json answer = fixture.must("connection remove", {{"id", "acme"}});
        QCOMPARE(answer.value("removed", ""), std::string("acme"));
        QVERIFY(!answer.contains("revoked"));
    }
};

COUNTERSIGN_TEST(tst_ControlStates)
#include "tst_ControlStates.moc"
