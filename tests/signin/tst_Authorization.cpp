// SPDX-FileCopyrightText: 2026 The Countersign authors
// SPDX-License-Identifier: GPL-3.0-or-later
#include "base/Secret.h"
#include "support/FakeIds.h"
#include "support/Runner.h"
#include "upstream/signin/Authorization.h"
#include <QTest>
#include <QUrl>
#include <QUrlQuery>

using namespace mcpcore;

namespace {

QByteArray bytesOf(const Secret &secret)
{
    return QByteArray(secret.reveal().data(), qsizetype(secret.reveal().size()));
}

} // namespace

class tst_Authorization : public QObject
{
    Q_OBJECT
private Q_SLOTS:
    void theProofIsThatOfRfc7636()
    {
        // The bytes of its appendix B.
        class Appendix final : public Ids
        {
        public:
            QString next() override { return {}; }
            QByteArray randomBytes(qsizetype) override
            {
                return QByteArray::fromBase64("dBjftJeZ4CVP-mB92K27uhbUJU1p1r_wW1gFWFOEjXk", QByteArray::Base64UrlEncoding);
            }
        } ids;
        const Proof proof = newProof(ids);
        QCOMPARE(bytesOf(proof.verifier), QByteArray("dBjftJeZ4CVP-mB92K27uhbUJU1p1r_wW1gFWFOEjXk"));
        QCOMPARE(proof.challenge, QByteArray("E9Melhoa2OwvFrEMTJguCHaoeK1t8URWbuGJSstw-cM"));
    }
    void theAddressCarriesEveryParameterOnceAndAsItIs()
    {
        const AuthorizationRequest request{"https://a.example/client.json?x=1&y",
                                           "http://127.0.0.1:1234/callback",
                                           "http://localhost:1234",
                                           {"files:read", "b"},
                                           "st&te",
                                           "ch-llenge"};
        const QByteArray address = authorizationAddress("https://auth.example.com/authorize?tenant=1", request);
        QVERIFY(address.startsWith("https://auth.example.com/authorize?tenant=1&response_type=code&"));
        const QUrlQuery query{QUrl(QString::fromLatin1(address), QUrl::StrictMode)};
        const auto value = [&](const char *name) {
            return query.allQueryItemValues(QLatin1String(name), QUrl::FullyDecoded).join(QLatin1Char('|'));
        };
        QCOMPARE(value("client_id"), QStringLiteral("https://a.example/client.json?x=1&y"));
        QCOMPARE(value("redirect_uri"), QStringLiteral("http://127.0.0.1:1234/callback"));
        QCOMPARE(value("resource"), QStringLiteral("http://localhost:1234"));
        QCOMPARE(value("scope"), QStringLiteral("files:read b"));
        QCOMPARE(value("state"), QStringLiteral("st&te"));
        QCOMPARE(value("code_challenge"), QStringLiteral("ch-llenge"));
        QCOMPARE(value("code_challenge_method"), QStringLiteral("S256"));
        QVERIFY(!query.hasQueryItem(QStringLiteral("prompt")));
        QVERIFY(!authorizationAddress("https://a.example/", {"c", "r", "x", {}, "s", "h"}).contains("scope="));
    }

    void theScopesAreThoseOfTheChallengeElseAllElseNone_data()
    {
        QTest::addColumn<QByteArray>("challenge"); // "-": none; "*...": insufficient_scope
        QTest::addColumn<QByteArray>("resource");
        QTest::addColumn<QByteArray>("server");
        QTest::addColumn<QByteArray>("before");
        QTest::addColumn<QByteArray>("asked");
        const QByteArray none, no = "-";
        QTest::newRow("of the challenge") << QByteArray("a") << QByteArray("b c") << none << none << QByteArray("a");
        QTest::newRow("of the resource") << no << QByteArray("b c") << QByteArray("d") << none << QByteArray("b c");
        QTest::newRow("none") << no << none << QByteArray("d e") << none << none;
        QTest::newRow("none, and no offline access alone") << no << none << QByteArray("offline_access") << none << none;
        QTest::newRow("offline access where it is offered")
            << QByteArray("a") << none << QByteArray("x offline_access") << none << QByteArray("a offline_access");
        QTest::newRow("no offline access where it is not") << QByteArray("a") << none << QByteArray("x") << none << QByteArray("a");
        QTest::newRow("more: before and new") << QByteArray("*b a") << QByteArray("z") << none << QByteArray("a c") << QByteArray("a c b");
        QTest::newRow("more without saying what: before")
            << QByteArray("*-") << QByteArray("z") << none << QByteArray("a") << QByteArray("a");
        QTest::newRow("anew: not what was before") << QByteArray("b") << none << none << QByteArray("a") << QByteArray("b");
    }
    void theScopesAreThoseOfTheChallengeElseAllElseNone()
    {
        QFETCH(QByteArray, challenge);
        QFETCH(QByteArray, resource);
        QFETCH(QByteArray, server);
        QFETCH(QByteArray, before);
        const auto list = [](const QByteArray &text) { return scopesIn(text.toStdString()); };
        std::optional<Challenge> said;
        if (challenge != "-") {
            said.emplace();
            if (challenge.startsWith('*'))
                said->error = "insufficient_scope";
            if (!challenge.endsWith('-'))
                said->scopes = list(challenge.startsWith('*') ? challenge.mid(1) : challenge);
        }
        ServerMetadata offered;
        offered.scopes = list(server);
        QTEST(scopesToAsk(said, {{}, {}, list(resource)}, offered, list(before)).join(' '), "asked");
    }

    void theCodeIsTakenOnlyFromTheRightIssuer_data()
    {
        QTest::addColumn<QByteArray>("query");
        QTest::addColumn<bool>("saysIssuer");
        QTest::addColumn<QByteArray>("code"); // empty: refused
        QTest::addColumn<QString>("inError");
        const QByteArray iss = "&iss=https%3A%2F%2Fauth.example.com", no;
        QTest::newRow("not announced, absent") << QByteArray("code=c%2F1&state=s") << false << QByteArray("c/1") << QString();
        QTest::newRow("not announced, right") << "code=c&state=s" + iss << false << QByteArray("c") << QString();
        QTest::newRow("announced, right") << "code=c&state=s" + iss << true << QByteArray("c") << QString();
        QTest::newRow("announced, absent") << QByteArray("code=c&state=s") << true << no << QStringLiteral("did not come from");
        QTest::newRow("wrong") << QByteArray("code=c&iss=https://evil.example.com") << false << no << QStringLiteral("did not come from");
        QTest::newRow("with a slash") << "code=c" + iss + "/" << true << no << QStringLiteral("did not come from");
        QTest::newRow("an error") << "error=access_denied&error_description=You+said+no%0A!" + iss << true << no
                                  << QStringLiteral("(access_denied): You said no !");
        QTest::newRow("an error of somebody else") << QByteArray("error=x&error_description=Call+evil&iss=https://evil.example.com") << true
                                                   << no << QStringLiteral("did not come from");
        QTest::newRow("an error with a code") << QByteArray("error=x&code=c") << false << no << QStringLiteral("(x)");
        QTest::newRow("nothing") << QByteArray("state=s") << false << no << QStringLiteral("did not say why");
    }
    void theCodeIsTakenOnlyFromTheRightIssuer()
    {
        QFETCH(QByteArray, query);
        QFETCH(bool, saysIssuer);
        QFETCH(QByteArray, code);
        QFETCH(QString, inError);
        auto answer = readCallback(query.toStdString());
        QVERIFY(answer);
        ServerMetadata server;
        server.issuer = "https://auth.example.com";
        server.saysIssuer = saysIssuer;
        const auto taken = codeOf(std::move(*answer), server);
        QCOMPARE(taken.has_value(), !code.isEmpty());
        if (taken) {
            QCOMPARE(bytesOf(*taken), code);
            return;
        }
        QVERIFY2(taken.error().message.contains(inError), qPrintable(taken.error().message));
        QVERIFY(!taken.error().message.contains(QStringLiteral("Call evil")));
    }
    void aCallbackThatCanBeReadInTwoWaysIsRefused()
    {
        for (const char *query : {"code=a&code=b", "state=a&state=b&code=c", "iss=a&iss=b", "code=%zz", "code=%4", "co%64e=a&code=b"})
            QVERIFY2(!readCallback(query), query);
    }
};

COUNTERSIGN_TEST(tst_Authorization)
#include "tst_Authorization.moc"
