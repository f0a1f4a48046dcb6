// SPDX-FileCopyrightText: 2026 The Countersign authors
// SPDX-License-Identifier: GPL-3.0-or-later
#include "SignInFixture.h"
#include "support/Runner.h"

using namespace mcpcore;
using Kind = SignInState::Kind;

namespace {

QByteArray parameter(const QByteArray &address, const char *name)
{
    return QUrlQuery(QUrl(QString::fromLatin1(address))).queryItemValue(QLatin1String(name), QUrl::FullyDecoded).toLatin1();
}

} // namespace

// The whole flow against a server of our own that checks like a strict one.
class tst_SignIn : public QObject
{
    Q_OBJECT
private Q_SLOTS:
    void aPersonSignsInAndTheAccessIsGood()
    {
        SignInFixture fixture(R"({"account":"ada@example.com"})");
        QCOMPARE(fixture.state().kind, Kind::SignedOut);
        QVERIFY(fixture.token().error().message.contains(QStringLiteral("countersignctl connection sign-in acme sandbox")));
        const auto page = fixture.begin();
        QVERIFY2(page, page ? "" : qPrintable(page.error().message));
        QCOMPARE(fixture.state().kind, Kind::Waiting);
        QCOMPARE(parameter(page->address, "resource"), fixture.server.url.toLatin1());
        QCOMPARE(parameter(page->address, "scope"), QByteArray("tools:read tools:call"));
        const auto seen = fixture.open(page->address);
        QCOMPARE(seen.status, 200);
        QVERIFY2(seen.text.contains("You are signed in"), seen.text);
        QVERIFY(seen.policy.contains("default-src 'none'"));
        const auto state = fixture.finish(page->attempt);
        QVERIFY2(state, state ? "" : qPrintable(state.error().message));
        QCOMPARE(state->kind, Kind::SignedIn);
        QCOMPARE(state->account, QStringLiteral("ada@example.com"));
        QCOMPARE(state->at, QStringLiteral("127.0.0.1"));
        QCOMPARE(state->expires, fixture.clock.wall() + std::chrono::hours(1));
        QVERIFY(state->renews);
        QCOMPARE(fixture.call(*fixture.token()), 200);
        QCOMPARE(fixture.server.told("register").size(), 1);
    }
    void everyWayOfSayingWhereToSignInWorks_data()
    {
        QTest::addColumn<QByteArray>("behave");
        QTest::newRow("unquoted challenge") << QByteArray("{\"challenge\":\"unquoted\"}");
        QTest::newRow("no metadata in the challenge") << QByteArray("{\"challenge\":\"bare\"}");
        QTest::newRow("at the root") << QByteArray("{\"challenge\":\"bare\",\"metadata\":\"root\"}");
        QTest::newRow("not at all, as in 2025-03-26") << QByteArray("{\"challenge\":\"bare\",\"metadata\":\"none\"}");
        QTest::newRow("an issuer with a path") << QByteArray("{\"issuerPath\":\"/tenant\"}");
        QTest::newRow("without naming the issuer") << QByteArray("{\"iss\":\"absent\"}");
        QTest::newRow("a secret in the head") << QByteArray(
            "{\"server\":{\"token_endpoint_auth_methods_supported\":[\"client_secret_basic\"]}}");
        QTest::newRow("a secret in the body") << QByteArray(
            "{\"server\":{\"token_endpoint_auth_methods_supported\":[\"client_secret_post\"]}}");
    }
    void everyWayOfSayingWhereToSignInWorks()
    {
        QFETCH(QByteArray, behave);
        SignInFixture fixture(behave);
        QCOMPARE(fixture.signInNow(), QString());
        QCOMPARE(fixture.call(*fixture.token()), 200);
    }
    void aSignInThatCannotBeTrustedIsRefused_data()
    {
        QTest::addColumn<QByteArray>("behave");
        QTest::addColumn<QString>("says");
        QTest::addColumn<int>("asked"); // requests to the token endpoint
        const auto row = [](const char *name, const char *behave, const char *says) {
            QTest::newRow(name) << QByteArray(behave) << QString::fromLatin1(says) << 0;
        };
        row("the answer of another issuer", "{\"iss\":\"wrong\"}", "did not come from");
        row("an answer without the issuer that was announced", "{\"iss\":\"withheld\"}", "did not come from");
        row("metadata of another issuer", "{\"server\":{\"issuer\":\"http://127.0.0.1:1\"}}", "somebody else");
        row("metadata of another resource", "{\"resource\":{\"resource\":\"https://mcp.example.com/mcp\"}}",
            "another server (mcp.example.com)");
        row("no PKCE", "{\"server\":{\"code_challenge_methods_supported\":null}}", "PKCE");
        row("a token endpoint without TLS", "{\"server\":{\"token_endpoint\":\"http://auth.example.com/token\"}}", "must start with https");
        row("nobody registers us", "{\"register\":false}", "--client-id");
        row("the person said no", "{\"refuse\":\"access_denied\"}", "(access_denied): The person said no.");
    }
    void aSignInThatCannotBeTrustedIsRefused()
    {
        QFETCH(QByteArray, behave);
        QFETCH(QString, says);
        SignInFixture fixture(behave);
        const QString message = fixture.signInNow();
        QVERIFY2(message.contains(says), qPrintable(message));
        QTEST(int(fixture.server.told("token").size()), "asked");
        QCOMPARE(fixture.state().kind, Kind::SignedOut);
        QVERIFY(!fixture.store.items.contains(QStringLiteral("sign-in:acme:sandbox")));
    }
    void privateAddressesAreNotAskedForAServerThatIsNot()
    {
        // Nothing is there under this name; what would be fetched next is refused by its address alone.
        SignInFixture fixture;
        Challenge challenge;
        challenge.resourceMetadata = fixture.server.origin().toLatin1() + "/.well-known/oauth-protected-resource/mcp";
        Fetches fetches(fixture.loop);
        Attempt attempt(fetches, fixture.clock, fixture.ids,
                        {QStringLiteral("https://mcp.example.com/mcp"), {}, {}, {}, challenge, {}, {}});
        const auto page = fixture.wait<QByteArray>(
            [&](auto done) { attempt.start(std::move(done), Completion<StoredSignIn>(&fixture, [](Result<StoredSignIn>) {})); });
        QVERIFY(!page);
        QVERIFY2(page.error().message.contains(QStringLiteral("private network")), qPrintable(page.error().message));
        QCOMPARE(fixture.server.told("missing").size(), 0);
    }

    void onlyTheBrowserThatWasSentComesBack()
    {
        SignInFixture fixture;
        const auto page = fixture.begin();
        const QByteArray callback = parameter(page->address, "redirect_uri");
        const QByteArray state = parameter(page->address, "state");
        QCOMPARE(fixture.open(callback + "?code=stolen&state=wrong").status, 400);
        QCOMPARE(fixture.open(callback + "?code=stolen").status, 400);
        QCOMPARE(fixture.open(callback + "?code=stolen&state=" + state + "&state=" + state).status, 400);
        QCOMPARE(fixture.open(callback + "/more?code=stolen&state=" + state).status, 404);
        QCOMPARE(fixture.open(callback + "?code=stolen&state=" + state, "evil.example.com").status, 403);
        QCOMPARE(fixture.open(callback + "?code=stolen&state=" + state, "localhost:" + callback.mid(17).chopped(9)).status, 403);
        QCOMPARE(fixture.open(callback + "?code=stolen&state=" + state, {}, "body").status, 404);
        QCOMPARE(fixture.server.told("token").size(), 0);
        // None of it has ended the attempt.
        QVERIFY(fixture.open(page->address).text.contains("You are signed in"));
        QVERIFY(fixture.finish(page->attempt));
    }
    void anAnswerIsTakenOnce()
    {
        SignInFixture fixture;
        const auto page = fixture.begin();
        const QByteArray again = parameter(page->address, "redirect_uri") + "?code=again&state=" + parameter(page->address, "state");
        fixture.open(page->address);
        QVERIFY(fixture.finish(page->attempt));
        QCOMPARE(fixture.open(again).status, 0); // nobody listens any more
        QCOMPARE(fixture.server.told("token").size(), 1);
    }
    void aSignInThatNobodyFinishesEnds()
    {
        SignInFixture fixture;
        const auto page = fixture.begin();
        fixture.clock.advance(std::chrono::minutes(5));
        const auto state = fixture.finish(page->attempt);
        QVERIFY(!state);
        QCOMPARE(state.error().kind, Error::Kind::Expired);
        QCOMPARE(fixture.open(parameter(page->address, "redirect_uri") + "?state=" + parameter(page->address, "state")).status, 0);
        QCOMPARE(fixture.state().kind, Kind::SignedOut);
    }
    void aSecondSignInEndsTheFirst()
    {
        SignInFixture fixture;
        const auto first = fixture.begin();
        const auto second = fixture.begin();
        QCOMPARE(fixture.finish(first->attempt).error().kind, Error::Kind::NotFound);
        const auto late = fixture.open(first->address); // the port is the same, the sign-in is not
        QCOMPARE(late.status, 400);
        QVERIFY(late.text.contains("another sign-in"));
        fixture.open(second->address);
        QVERIFY(fixture.finish(second->attempt));
    }

    void weRegisterOnceForTheSameIssuer()
    {
        SignInFixture fixture;
        QCOMPARE(fixture.signInNow(), QString());
        QVERIFY(fixture.signOut());
        QCOMPARE(fixture.signInNow(), QString());
        QCOMPARE(fixture.server.told("register").size(), 1);
        fixture.behave("{\"issuerPath\":\"/moved\"}");
        QCOMPARE(fixture.signInNow(), QString());
        QCOMPARE(fixture.server.told("register").size(), 2); // the old registration is not shown to another issuer
    }
    void aClientThatTheUserRegisteredIsUsedWithItsSecretAndStaysWithItsIssuer()
    {
        SignInFixture fixture("{\"clients\":{\"mine\":\"s3cret/\"},\"register\":false}");
        fixture.auth().clientId = QStringLiteral("mine");
        QCOMPARE(fixture.signInNow("s3cret/"), QString());
        QCOMPARE(fixture.signInNow(), QString()); // remembered
        fixture.clock.advance(std::chrono::hours(2));
        QCOMPARE(fixture.call(*fixture.token()), 200);
        fixture.behave("{\"issuerPath\":\"/moved\"}");
        const QString refused = fixture.signInNow();
        QVERIFY2(refused.contains(QStringLiteral("moved from")), qPrintable(refused));
    }
    void aClientDocumentIsNamedOnlyWhereItIsTaken()
    {
        SignInFixture fixture("{\"server\":{\"client_id_metadata_document_supported\":true}}");
        fixture.auth().clientDocument = QStringLiteral("https://ada.example.com/client.json");
        const auto page = fixture.begin();
        QCOMPARE(parameter(page->address, "client_id"), QByteArray("https://ada.example.com/client.json"));
        QCOMPARE(fixture.server.told("register").size(), 0);
        fixture.behave("{\"server\":{}}");
        const auto registered = fixture.begin();
        QVERIFY2(registered, registered ? "" : qPrintable(registered.error().message));
        QVERIFY(parameter(registered->address, "client_id").startsWith("client-"));
    }

    void twentyRequestsRenewOnce()
    {
        SignInFixture fixture;
        QCOMPARE(fixture.signInNow(), QString());
        const QByteArray before = *fixture.token();
        fixture.clock.advance(std::chrono::minutes(59) + std::chrono::seconds(1)); // ahead of its end
        QList<QByteArray> tokens;
        for (int i = 0; i < 20; ++i)
            fixture.signIn->token(fixture.connection, fixture.environment, Completion<Secret>(&fixture, [&](Result<Secret> token) {
                                      tokens.append(token ? QByteArray(token->reveal().data(), qsizetype(token->reveal().size()))
                                                          : QByteArray());
                                  }));
        QTRY_COMPARE(tokens.size(), 20);
        for (const QByteArray &token : tokens)
            QCOMPARE(token, tokens.first());
        QVERIFY(tokens.first() != before);
        QCOMPARE(fixture.call(tokens.first()), 200);
        QCOMPARE(fixture.server.told("token").size(), 2);
        QCOMPARE(fixture.server.told("token").last()["grant"].get<std::string>(), std::string("refresh_token"));
        // The refresh token was replaced, and the new one is the one that is kept.
        fixture.clock.advance(std::chrono::hours(2));
        QCOMPARE(fixture.call(*fixture.token()), 200);
    }
    void aSignInThatTheServerEndedAsksForAPerson()
    {
        SignInFixture fixture;
        QCOMPARE(fixture.signInNow(), QString());
        fixture.behave("{\"forget\":\"refresh\"}");
        fixture.clock.advance(std::chrono::hours(2));
        const auto token = fixture.token();
        QVERIFY(!token);
        QVERIFY2(token.error().message.contains(QStringLiteral("has ended. Sign in: countersignctl connection sign-in")),
                 qPrintable(token.error().message));
        QCOMPARE(fixture.state().kind, Kind::SignInAgain);
        const auto asked = fixture.server.told("token").size();
        QVERIFY(!fixture.token());
        QCOMPARE(fixture.server.told("token").size(), asked); // a refusal is not asked for twice
        QCOMPARE(fixture.signInNow(), QString());
        QCOMPARE(fixture.call(*fixture.token()), 200);
    }
    void withoutRenewalAnAccessEndsOnTime()
    {
        SignInFixture fixture("{\"refresh\":false,\"lifetime\":60}");
        QCOMPARE(fixture.signInNow(), QString());
        QVERIFY(!fixture.state().renews);
        fixture.clock.advance(std::chrono::seconds(59));
        QVERIFY(fixture.token());
        fixture.clock.advance(std::chrono::seconds(1));
        QVERIFY(!fixture.token());
        QCOMPARE(fixture.state().kind, Kind::SignInAgain);
    }
    void anAccessThatTheServerRefusesIsRenewedBeforeTheNextRequest()
    {
        SignInFixture fixture;
        QCOMPARE(fixture.signInNow(), QString());
        fixture.behave("{\"forget\":\"access\"}");
        QCOMPARE(fixture.call(*fixture.token()), 401);
        const QString says = fixture.signIn->refused(fixture.connection, fixture.environment, 401, fixture.lastHead.toStdString());
        QVERIFY2(says.contains(QStringLiteral("Try again: it is renewed first")), qPrintable(says));
        QCOMPARE(fixture.call(*fixture.token()), 200);
    }
    void aServerThatCannotRenewDoesNotEndAnAccessThatLasts()
    {
        SignInFixture fixture;
        QCOMPARE(fixture.signInNow(), QString());
        const QByteArray before = *fixture.token();
        fixture.clock.advance(std::chrono::minutes(59) + std::chrono::seconds(1));
        fixture.server.kill();
        fixture.server.waitForFinished();
        QCOMPARE(*fixture.token(), before);
        fixture.clock.advance(std::chrono::minutes(1));
        const auto over = fixture.token();
        QVERIFY2(over.error().message.contains(QStringLiteral("could not be renewed")), qPrintable(over.error().message));
        QCOMPARE(fixture.state().kind, Kind::SignedIn); // it may come back
    }
    void moreAccessIsAskedForOnTopOfWhatWasGiven()
    {
        SignInFixture fixture("{\"scope\":\"tools:admin\"}");
        QCOMPARE(fixture.signInNow(), QString());
        QCOMPARE(fixture.call(*fixture.token()), 403);
        const QString says = fixture.signIn->refused(fixture.connection, fixture.environment, 403, fixture.lastHead.toStdString());
        QVERIFY2(says.contains(QStringLiteral("wants more access than you gave (tools:admin)")), qPrintable(says));
        QCOMPARE(fixture.state().kind, Kind::MoreAccess);
        QCOMPARE(fixture.signInNow(), QString());
        QCOMPARE(fixture.server.told("authorize").last()["scope"].get<std::string>(), std::string("tools:read tools:call tools:admin"));
        QCOMPARE(fixture.call(*fixture.token()), 200);
        QCOMPARE(fixture.state().kind, Kind::SignedIn);
    }

    void signingOutForgetsAndTellsTheServer()
    {
        SignInFixture fixture;
        QCOMPARE(fixture.signInNow(), QString());
        const QByteArray token = *fixture.token();
        QCOMPARE(*fixture.signOut(), SignIn::Revoked::Yes);
        QCOMPARE(fixture.call(token), 401);
        QVERIFY(!fixture.token());
        QCOMPARE(fixture.state().kind, Kind::SignedOut);
        QVERIFY(!fixture.store.items.contains(QStringLiteral("sign-in:acme:sandbox")));
        QCOMPARE(*fixture.signOut(), SignIn::Revoked::NotOffered); // and nothing to tell
    }
    void signingOutWorksWithoutTheServer()
    {
        SignInFixture fixture;
        QCOMPARE(fixture.signInNow(), QString());
        fixture.server.kill();
        fixture.server.waitForFinished();
        QCOMPARE(*fixture.signOut(), SignIn::Revoked::No);
        QCOMPARE(fixture.state().kind, Kind::SignedOut);
    }
    void aConnectionThatGoesLeavesNothingBehind()
    {
        SignInFixture fixture;
        QCOMPARE(fixture.signInNow(), QString());
        const QByteArray token = *fixture.token();
        QVERIFY(fixture.store.items.contains(QStringLiteral("client:acme:sandbox")));
        const auto revoked = fixture.wait<SignIn::Revoked>(
            [&](auto done) { fixture.signIn->forget(fixture.connection, fixture.environment, std::move(done)); });
        QVERIFY2(revoked, revoked ? "" : qPrintable(revoked.error().message));
        QCOMPARE(*revoked, SignIn::Revoked::Yes);
        QCOMPARE(fixture.call(token), 401);
        QCOMPARE(fixture.store.items.size(), 0);
    }
    void aCancelledSignInEndsAndItsPageIsWorthNothing()
    {
        SignInFixture fixture;
        const auto page = fixture.begin();
        std::optional<Error> ended;
        fixture.signIn->wait(page->attempt, Completion<SignInState>(&fixture, [&](Result<SignInState> state) { ended = state.error(); }));
        QCOMPARE(fixture.state().kind, Kind::Waiting);
        QVERIFY(fixture.signIn->cancel(fixture.connection, fixture.environment));
        QVERIFY(ended.has_value());
        QCOMPARE(ended->kind, Error::Kind::Cancelled);
        QCOMPARE(fixture.state().kind, Kind::SignedOut);
        const QByteArray late = parameter(page->address, "redirect_uri") + "?code=late&state=" + parameter(page->address, "state");
        QCOMPARE(fixture.open(late).status, 0); // nobody listens any more
        QCOMPARE(fixture.server.told("token").size(), 0);
        QVERIFY(!fixture.signIn->cancel(fixture.connection, fixture.environment));
        QCOMPARE(fixture.signInNow(), QString()); // and it can be begun again
    }
    void whatChangesIsTold()
    {
        SignInFixture fixture;
        int told = 0;
        connect(fixture.signIn.get(), &SignIn::changed, &fixture, [&](const ConnectionId &connection) {
            QCOMPARE(connection, fixture.connection.id);
            ++told;
        });
        const auto more = [&told] { return std::exchange(told, 0) > 0; };
        const auto page = fixture.begin();
        QVERIFY(more());
        fixture.open(page->address);
        QVERIFY(fixture.finish(page->attempt));
        QVERIFY(more());
        fixture.clock.advance(std::chrono::minutes(59) + std::chrono::seconds(1));
        QVERIFY(fixture.token()); // renewed
        QVERIFY(more());
        QVERIFY(fixture.token());
        QVERIFY(!more());
        fixture.signIn->refused(fixture.connection, fixture.environment, 401, {});
        QVERIFY(more());
        QVERIFY(fixture.signOut());
        QVERIFY(more());
    }
    void aSignInIsForOneAddressAndOneEnvironment()
    {
        SignInFixture fixture;
        QCOMPARE(fixture.signInNow(), QString());
        const QString url = fixture.server.url;
        auto &urls = std::get<HttpTarget>(fixture.connection.target).urls;
        urls[fixture.environment.id] = QStringLiteral("https://evil.example.com/mcp");
        QVERIFY(!fixture.token());
        QCOMPARE(fixture.state().kind, Kind::SignInAgain);
        urls[fixture.environment.id] = url;
        QVERIFY(fixture.token());
        fixture.environment = {{QStringLiteral("production")}, EnvironmentKind::Production};
        fixture.connection.environments.append(fixture.environment.id);
        urls[fixture.environment.id] = url;
        QCOMPARE(fixture.state().kind, Kind::SignedOut);
        QVERIFY(!fixture.token());
    }
};

COUNTERSIGN_TEST(tst_SignIn)
#include "tst_SignIn.moc"
