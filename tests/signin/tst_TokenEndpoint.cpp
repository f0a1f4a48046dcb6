// SPDX-FileCopyrightText: 2026 The Countersign authors
// SPDX-License-Identifier: GPL-3.0-or-later
#include "base/Json.h"
#include "support/Runner.h"
#include "upstream/signin/StoredSignIn.h"
#include <QTest>

using namespace mcpcore;

namespace {

const QByteArray issuer = "https://auth.example.com";

QByteArray bytesOf(const Secret &secret)
{
    return QByteArray(secret.reveal().data(), qsizetype(secret.reveal().size()));
}

Secret secretOf(const char *text)
{
    return Secret(std::string_view(text));
}

ServerMetadata server(const QByteArray &methods = {})
{
    ServerMetadata made;
    made.issuer = issuer;
    made.tokenAuthMethods = methods.isEmpty() ? QByteArrayList() : methods.split(' ');
    return made;
}

} // namespace

class tst_TokenEndpoint : public QObject
{
    Q_OBJECT
private Q_SLOTS:
    void aTokenAnswerIsRead()
    {
        const QByteArray claims = QByteArray(R"({"sub":"1","email":"ada@example.com\u202e"})").toBase64(QByteArray::Base64UrlEncoding);
        const auto read = readTokenAnswer(200,
                                          R"({"access_token":"a\/b\u002bc","token_type":"bearer","expires_in":3600,"refresh_token":"r1",)"
                                          R"("scope":"a b","id_token":"e30.)"
                                              + claims + R"(.sig"})",
                                          issuer);
        QVERIFY2(read, read ? "" : qPrintable(read.error().message));
        QCOMPARE(bytesOf(read->access), QByteArray("a/b+c"));
        QCOMPARE(bytesOf(read->refresh), QByteArray("r1"));
        QCOMPARE(read->lifetime, std::optional(std::chrono::seconds(3600)));
        QCOMPARE(read->scopes->join(' '), QByteArray("a b"));
        QCOMPARE(read->account, QStringLiteral("ada@example.com"));
    }
    void aTokenAnswerMaySayLittle()
    {
        const auto read =
            readTokenAnswer(200, R"({"access_token":"a","token_type":"Bearer","expires_in":"60","refresh_token":null})", issuer);
        QVERIFY(read);
        QCOMPARE(read->lifetime, std::optional(std::chrono::seconds(60)));
        QVERIFY(read->refresh.isEmpty());
        QVERIFY(!read->scopes);
        QCOMPARE(read->account, QString());
        QVERIFY(!readTokenAnswer(200, R"({"access_token":"a","token_type":"Bearer"})", issuer)->lifetime);
    }
    void whatIsNoTokenIsRefused_data()
    {
        QTest::addColumn<QByteArray>("body");
        QTest::newRow("no JSON") << QByteArray("access_token=a&token_type=bearer");
        QTest::newRow("no token") << QByteArray(R"({"token_type":"Bearer"})");
        QTest::newRow("an empty one") << QByteArray(R"({"access_token":"","token_type":"Bearer"})");
        QTest::newRow("a number") << QByteArray(R"({"access_token":1,"token_type":"Bearer"})");
        QTest::newRow("a line break") << QByteArray(R"({"access_token":"a\nX-Evil: 1","token_type":"Bearer"})");
        QTest::newRow("a space") << QByteArray(R"({"access_token":"a b","token_type":"Bearer"})");
        QTest::newRow("an escaped line break") << QByteArray(R"({"access_token":"a\u000ab","token_type":"Bearer"})");
        QTest::newRow("beyond ASCII") << QByteArray(R"({"access_token":"a\u00e4","token_type":"Bearer"})");
        QTest::newRow("another kind") << QByteArray(R"({"access_token":"a","token_type":"DPoP"})");
        QTest::newRow("no kind") << QByteArray(R"({"access_token":"a"})");
        QTest::newRow("a bad refresh token") << QByteArray(R"({"access_token":"a","token_type":"Bearer","refresh_token":"x y"})");
    }
    void whatIsNoTokenIsRefused()
    {
        QFETCH(QByteArray, body);
        const auto read = readTokenAnswer(200, body, issuer);
        QVERIFY(!read);
        QCOMPARE(read.error().kind, Error::Kind::UpstreamFailed);
        QVERIFY(!read.error().message.contains(QStringLiteral("Evil")));
    }
    void onlyAnInvalidGrantAsksForANewSignIn()
    {
        const auto ended = readTokenAnswer(400, R"({"error":"invalid_grant","error_description":"expired"})", issuer);
        QCOMPARE(ended.error().kind, Error::Kind::Unauthorized);
        QVERIFY(ended.error().message.contains(QStringLiteral("auth.example.com gave no access (invalid_grant): expired")));
        QCOMPARE(readTokenAnswer(400, R"({"error":"invalid_client"})", issuer).error().kind, Error::Kind::UpstreamFailed);
        QCOMPARE(readTokenAnswer(503, "<html>", issuer).error().kind, Error::Kind::UpstreamFailed);
    }

    void theSecretOfAClientTravelsAsTheServerTakesIt_data()
    {
        QTest::addColumn<QByteArray>("methods");
        QTest::addColumn<int>("auth");
        const auto row = [](const char *methods, OAuthClient::Auth auth) { QTest::newRow(methods) << QByteArray(methods) << int(auth); };
        row("", OAuthClient::Auth::Basic);
        row("client_secret_basic client_secret_post", OAuthClient::Auth::Basic);
        row("none client_secret_post client_secret_basic", OAuthClient::Auth::Basic);
        row("private_key_jwt client_secret_post none", OAuthClient::Auth::Post);
        row("none", OAuthClient::Auth::None);
        row("private_key_jwt", OAuthClient::Auth::Basic);
    }
    void theSecretOfAClientTravelsAsTheServerTakesIt()
    {
        QFETCH(QByteArray, methods);
        QFETCH(int, auth);
        QCOMPARE(int(authFor(server(methods), secretOf("s"))), auth);
        QCOMPARE(authFor(server(methods), Secret()), OAuthClient::Auth::None);
    }
    void aFormCarriesTheClientInOneWayOnly()
    {
        OAuthClient client;
        client.id = "id:1";
        client.secret = secretOf("s/1 ä");
        const std::vector<FormField> fields{{"grant_type", "refresh_token"}, {"empty", ""}, {"resource", "http://localhost:1"}};
        const auto none = formRequest("https://auth.example.com/token", client, fields, HttpRequest::Reach::Public);
        QCOMPARE(none.body, QByteArray("grant_type=refresh_token&resource=http%3A%2F%2Flocalhost%3A1&client_id=id%3A1"));
        QVERIFY(none.secret.isEmpty());
        QCOMPARE(none.reach, HttpRequest::Reach::Public);
        client.auth = OAuthClient::Auth::Post;
        const auto inBody = formRequest("https://auth.example.com/token", client, fields, HttpRequest::Reach::Public);
        QVERIFY(inBody.body.endsWith("&client_id=id%3A1&client_secret=s%2F1%20%C3%A4"));
        client.auth = OAuthClient::Auth::Basic;
        const auto inHead = formRequest("https://auth.example.com/token", client, fields, HttpRequest::Reach::Public);
        QVERIFY(!inHead.body.contains("client"));
        QCOMPARE(inHead.secretField, QByteArray("Authorization: Basic "));
        QCOMPARE(QByteArray::fromBase64(bytesOf(inHead.secret)), QByteArray("id%3A1:s%2F1%20%C3%A4"));
    }

    void aRegistrationSaysWhatWeAre()
    {
        const auto body = parseJson(registrationBody("http://127.0.0.1:5/callback", server()).toStdString());
        QVERIFY((*body)["application_type"] == "native");
        QVERIFY((*body)["redirect_uris"] == Json({"http://127.0.0.1:5/callback"}));
        QVERIFY((*body)["grant_types"] == Json({"authorization_code", "refresh_token"}));
        QVERIFY((*body)["token_endpoint_auth_method"] == "none");
        const auto method = [](const char *methods) {
            return (*parseJson(registrationBody("r", server(methods)).toStdString()))["token_endpoint_auth_method"].get<std::string>();
        };
        QCOMPARE(method("client_secret_post client_secret_basic"), std::string("client_secret_basic"));
        QCOMPARE(method("client_secret_post"), std::string("client_secret_post"));
    }
    void theAnswerToARegistrationDecidesHowWeProveOurselves()
    {
        const auto read = [](const char *body, const char *methods = "") { return readRegistration(201, body, server(methods)); };
        QCOMPARE(read(R"({"client_id":"c"})")->auth, OAuthClient::Auth::None);
        QCOMPARE(read(R"({"client_id":"c","client_secret":"s","token_endpoint_auth_method":"none"})")->auth, OAuthClient::Auth::None);
        QCOMPARE(read(R"({"client_id":"c","client_secret":"s"})")->auth, OAuthClient::Auth::Basic);
        QCOMPARE(read(R"({"client_id":"c","client_secret":"s"})", "client_secret_post")->auth, OAuthClient::Auth::Post);
        QCOMPARE(read(R"({"client_id":"c","client_secret":"s","token_endpoint_auth_method":"client_secret_post"})")->auth,
                 OAuthClient::Auth::Post);
        const auto ends = read(R"({"client_id":"c","client_secret":"s","client_secret_expires_at":1795255200})");
        QCOMPARE(ends->secretEnds, Milliseconds(1795255200000));
        QCOMPARE(ends->issuer, issuer);
        QVERIFY(!read(R"({"client_secret":"s"})"));
        QVERIFY(!read(R"({"client_id":"c","client_secret":"a b"})"));
        const auto refused = readRegistration(400, R"({"error":"invalid_redirect_uri","error_description":"only https"})", server());
        QVERIFY(refused.error().message.contains(QStringLiteral("only https")));
        QVERIFY(refused.error().message.contains(QStringLiteral("--client-id")));
    }

    void aStoredSignInIsReadBackAsItWas()
    {
        StoredSignIn stored;
        stored.client = {
            OAuthClient::Kind::Registered, OAuthClient::Auth::Post, issuer, "client\n1", secretOf("cs"), 4711, Milliseconds(5)};
        stored.resource = "http://localhost:1234";
        stored.tokenEndpoint = "https://auth.example.com/token";
        stored.revocationEndpoint = "https://auth.example.com/revoke";
        stored.scopes = {"a", "b"};
        stored.account = QStringLiteral("Ada Lövelace");
        TokenAnswer answer;
        answer.access = secretOf("at");
        answer.refresh = secretOf("rt");
        answer.lifetime = std::chrono::seconds(3600);
        stored.take(std::move(answer), Milliseconds(1'000'000));
        const auto read = StoredSignIn::fromItem(stored.toItem());
        QVERIFY(read);
        QCOMPARE(bytesOf(read->toItem()), bytesOf(stored.toItem()));
        QCOMPARE(bytesOf(read->access), QByteArray("at"));
        QCOMPARE(bytesOf(read->refresh), QByteArray("rt"));
        QCOMPARE(bytesOf(read->client.secret), QByteArray("cs"));
        QCOMPARE(read->client.id, QByteArray("client\n1"));
        QCOMPARE(read->expires, Milliseconds(1'000'000 + 3'600'000));
        QCOMPARE(read->renewAt, read->expires - Milliseconds(60'000));
        for (const char *damaged : {"", "x", "{}\n\n\n", "{\"version\":2}\n\n\n", "{\"version\":1,\"kind\":9,\"auth\":0}\n\n\n"})
            QVERIFY2(!StoredSignIn::fromItem(secretOf(damaged)), damaged);
    }
    void aShortTokenIsRenewedAQuarterBeforeItsEndAndKeepsTheRefreshTokenThatNobodyReplaced()
    {
        StoredSignIn stored;
        stored.refresh = secretOf("old");
        TokenAnswer answer;
        answer.access = secretOf("at");
        answer.lifetime = std::chrono::seconds(60);
        stored.take(std::move(answer), Milliseconds(0));
        QCOMPARE(stored.renewAt, Milliseconds(45'000));
        QCOMPARE(bytesOf(stored.refresh), QByteArray("old"));
        TokenAnswer endless;
        endless.access = secretOf("at");
        stored.take(std::move(endless), Milliseconds(0));
        QCOMPARE(stored.expires, Milliseconds(0));
    }
};

COUNTERSIGN_TEST(tst_TokenEndpoint)
#include "tst_TokenEndpoint.moc"
