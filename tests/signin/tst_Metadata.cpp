// SPDX-FileCopyrightText: 2026 The Countersign authors
// SPDX-License-Identifier: GPL-3.0-or-later
#include "base/Json.h"
#include "support/Runner.h"
#include "upstream/signin/Metadata.h"
#include <QTest>

using namespace mcpcore;
using Reach = HttpRequest::Reach;

namespace {

const QString serverUrl = QStringLiteral("https://mcp.example.com/v1/mcp");
const QByteArray issuer = "https://auth.example.com";

Json server()
{
    return {{"issuer", issuer.toStdString()},
            {"authorization_endpoint", "https://auth.example.com/authorize"},
            {"token_endpoint", "https://auth.example.com/token"},
            {"registration_endpoint", "https://auth.example.com/register"},
            {"revocation_endpoint", "https://auth.example.com/revoke"},
            {"token_endpoint_auth_methods_supported", {"none", "client_secret_post"}},
            {"scopes_supported", {"read", "offline_access"}},
            {"code_challenge_methods_supported", {"plain", "S256"}},
            {"authorization_response_iss_parameter_supported", true},
            {"client_id_metadata_document_supported", true}};
}

} // namespace

class tst_Metadata : public QObject
{
    Q_OBJECT
private Q_SLOTS:
    void theMetadataOfAResourceIsSoughtAtItsPathFirst_data()
    {
        QTest::addColumn<QByteArray>("addresses");
        const QByteArray known = "https://a.example/.well-known/oauth-protected-resource";
        QTest::newRow("https://a.example/mcp") << known + "/mcp " + known;
        QTest::newRow("https://a.example/x/y/") << known + "/x/y " + known;
        QTest::newRow("https://a.example/mcp?key=1") << known + "/mcp " + known;
        QTest::newRow("https://a.example/") << known;
        QTest::newRow("https://a.example") << known;
        QTest::newRow("http://localhost:3000/mcp") << QByteArray("http://localhost:3000/.well-known/oauth-protected-resource/mcp "
                                                                 "http://localhost:3000/.well-known/oauth-protected-resource");
    }
    void theMetadataOfAResourceIsSoughtAtItsPathFirst()
    {
        QTEST(resourceMetadataAddresses(QLatin1String(QTest::currentDataTag())).join(' '), "addresses");
    }
    void theMetadataOfAnIssuerIsSoughtWithItsPathInsertedAndNeverAtTheRoot_data()
    {
        QTest::addColumn<QByteArray>("addresses");
        const QByteArray root = "https://a.example";
        const QByteArray oauth = root + "/.well-known/oauth-authorization-server", oidc = root + "/.well-known/openid-configuration";
        QTest::newRow("https://a.example") << oauth + ' ' + oidc;
        QTest::newRow("https://a.example/") << oauth + ' ' + oidc;
        QTest::newRow("https://a.example/tenant")
            << oauth + "/tenant " + oidc + "/tenant " + root + "/tenant/.well-known/openid-configuration";
        QTest::newRow("https://a.example/t/1/") << oauth + "/t/1 " + oidc + "/t/1 " + root + "/t/1/.well-known/openid-configuration";
    }
    void theMetadataOfAnIssuerIsSoughtWithItsPathInsertedAndNeverAtTheRoot()
    {
        QTEST(serverMetadataAddresses(QTest::currentDataTag()).join(' '), "addresses");
    }

    void aResourceMustBeTheServerOrAFolderOfIt_data()
    {
        QTest::addColumn<bool>("covers");
        for (const char *resource : {"https://mcp.example.com/v1/mcp", "https://mcp.example.com/v1/mcp/", "https://mcp.example.com/v1",
                                     "https://mcp.example.com", "https://mcp.example.com/", "https://mcp.example.com:443/v1/mcp"})
            QTest::newRow(resource) << true;
        for (const char *resource :
             {"https://evil.example.com/v1/mcp", "http://mcp.example.com/v1/mcp", "https://mcp.example.com:8443/v1/mcp",
              "https://mcp.example.com/v1/mc", "https://mcp.example.com/v1/mcp/more", "https://mcp.example.com/V1/mcp",
              "https://mcp.example.com/v1/mcp#x", "https://mcp.example.com/v1/mcp?x=1", "https://mcp.example.com.evil.com/v1/mcp", "",
              "mcp"})
            QTest::newRow(resource) << false;
    }
    void aResourceMustBeTheServerOrAFolderOfIt()
    {
        QFETCH(bool, covers);
        const Json json{{"resource", QTest::currentDataTag()}, {"authorization_servers", {"https://auth.example.com"}}};
        const auto read = readResourceMetadata(toBytes(json), serverUrl);
        QCOMPARE(read.has_value(), covers);
        if (covers)
            QCOMPARE(read->resource, QByteArray(QTest::currentDataTag())); // byte for byte
    }
    void theFirstAuthorizationServerAndAllScopesAreRead()
    {
        const Json json{{"resource", serverUrl},
                        {"authorization_servers", {"https://auth.example.com/a", "https://other.example.com"}},
                        {"scopes_supported", {"read", "write", "read", "not a scope\n"}}};
        const auto read = readResourceMetadata(toBytes(json), serverUrl);
        QVERIFY(read);
        QCOMPARE(read->issuer, QByteArray("https://auth.example.com/a"));
        QCOMPARE(read->scopes.first(2).join(' '), QByteArray("read write"));
    }
    void metadataOfAResourceWithoutAServerOrThatIsNoneIsRefused()
    {
        QVERIFY(!readResourceMetadata(toBytes(Json{{"resource", serverUrl}}), serverUrl));
        QVERIFY(!readResourceMetadata("<html>", serverUrl));
        QVERIFY(!readResourceMetadata("[]", serverUrl));
    }

    void theMetadataOfAServerIsRead()
    {
        const auto read = readServerMetadata(toBytes(server()), issuer, Reach::Public);
        QVERIFY(read);
        QCOMPARE(read->tokenEndpoint, QByteArray("https://auth.example.com/token"));
        QCOMPARE(read->revocationEndpoint, QByteArray("https://auth.example.com/revoke"));
        QCOMPARE(read->tokenAuthMethods.join(' '), QByteArray("none client_secret_post"));
        QVERIFY(read->saysIssuer);
        QVERIFY(read->takesClientDocuments);
    }
    void metadataThatCannotBeTrustedIsRefused_data()
    {
        QTest::addColumn<QByteArray>("member");
        QTest::addColumn<QByteArray>("value");
        QTest::newRow("another issuer") << QByteArray("issuer") << QByteArray("\"https://evil.example.com\"");
        QTest::newRow("the issuer with a slash") << QByteArray("issuer") << QByteArray("\"https://auth.example.com/\"");
        QTest::newRow("no issuer") << QByteArray("issuer") << QByteArray("null");
        QTest::newRow("no PKCE") << QByteArray("code_challenge_methods_supported") << QByteArray("null");
        QTest::newRow("PKCE without S256") << QByteArray("code_challenge_methods_supported") << QByteArray("[\"plain\"]");
        QTest::newRow("no sign-in page") << QByteArray("authorization_endpoint") << QByteArray("null");
        QTest::newRow("a sign-in page that is a program") << QByteArray("authorization_endpoint") << QByteArray("\"file:///usr/bin/true\"");
        QTest::newRow("a sign-in page that is script") << QByteArray("authorization_endpoint") << QByteArray("\"javascript:alert(1)\"");
        QTest::newRow("a sign-in page that is no address") << QByteArray("authorization_endpoint") << QByteArray("\"https://a b\"");
        QTest::newRow("no token endpoint") << QByteArray("token_endpoint") << QByteArray("7");
        QTest::newRow("a token endpoint without TLS") << QByteArray("token_endpoint") << QByteArray("\"http://auth.example.com/token\"");
        QTest::newRow("a token endpoint in a private network")
            << QByteArray("token_endpoint") << QByteArray("\"https://192.168.0.1/token\"");
        QTest::newRow("a token endpoint on this computer") << QByteArray("token_endpoint") << QByteArray("\"https://localhost/token\"");
        QTest::newRow("a token endpoint in short form") << QByteArray("token_endpoint") << QByteArray("\"https://127.1/token\"");
        QTest::newRow("a token endpoint as a number") << QByteArray("token_endpoint") << QByteArray("\"https://2130706433/token\"");
        QTest::newRow("a token endpoint with a password")
            << QByteArray("token_endpoint") << QByteArray("\"https://a:b@auth.example.com/token\"");
    }
    void metadataThatCannotBeTrustedIsRefused()
    {
        QFETCH(QByteArray, member);
        QFETCH(QByteArray, value);
        Json json = server();
        json[member.toStdString()] = *parseJson(value.toStdString());
        const auto read = readServerMetadata(toBytes(json), issuer, Reach::Public);
        QVERIFY(!read);
        QVERIFY(!read.error().message.isEmpty());
    }
    void anOptionalEndpointThatMayNotBeReachedIsNotOffered()
    {
        Json json = server();
        json["registration_endpoint"] = "https://10.0.0.1/register";
        json["revocation_endpoint"] = "http://auth.example.com/revoke";
        const auto read = readServerMetadata(toBytes(json), issuer, Reach::Public);
        QVERIFY(read);
        QVERIFY(read->registrationEndpoint.isEmpty());
        QVERIFY(read->revocationEndpoint.isEmpty());
    }
    void privateAddressesAreForConnectionsThatAreLocalThemselves()
    {
        const QString what = QStringLiteral("address of the test");
        QVERIFY(!checkAddress("https://10.0.0.1/", Reach::Public, what));
        QVERIFY(checkAddress("https://10.0.0.1/", Reach::Anywhere, what));
        QVERIFY(checkAddress("http://127.0.0.1:9/", Reach::Anywhere, what));
        QVERIFY(!checkAddress("http://10.0.0.1/", Reach::Anywhere, what));
        QCOMPARE(reachFor(QStringLiteral("http://localhost:3000/mcp")), Reach::Anywhere);
        QCOMPARE(reachFor(QStringLiteral("https://mcp.example.com/mcp")), Reach::Public);
    }
};

COUNTERSIGN_TEST(tst_Metadata)
#include "tst_Metadata.moc"
