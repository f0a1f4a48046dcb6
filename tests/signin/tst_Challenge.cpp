// SPDX-FileCopyrightText: 2026 The Countersign authors
// SPDX-License-Identifier: GPL-3.0-or-later
#include "support/Runner.h"
#include "upstream/signin/Challenge.h"
#include <QTest>

using namespace mcpcore;

namespace {

const QByteArray url = "https://mcp.example.com/.well-known/oauth-protected-resource/mcp";

std::optional<Challenge> read(const QByteArray &head)
{
    return challengeIn({head.constData(), size_t(head.size())});
}

} // namespace

class tst_Challenge : public QObject
{
    Q_OBJECT
private Q_SLOTS:
    void theFirstBearerChallengeIsRead_data()
    {
        QTest::addColumn<QByteArray>("value");
        QTest::addColumn<QByteArray>("metadata");
        QTest::addColumn<QByteArray>("scopes"); // "-": not said
        QTest::addColumn<QByteArray>("error");
        const QByteArray none, notSaid = "-";
        QTest::newRow("bare") << QByteArray("Bearer") << none << notSaid << none;
        QTest::newRow("quoted") << QByteArray("Bearer resource_metadata=\"" + url + "\"") << url << notSaid << none;
        QTest::newRow("not quoted") << QByteArray("Bearer resource_metadata=" + url) << url << notSaid << none;
        QTest::newRow("not quoted, more follows")
            << QByteArray("Bearer resource_metadata=" + url + ", scope=\"a b\"") << url << QByteArray("a b") << none;
        QTest::newRow("all") << QByteArray("Bearer error=\"insufficient_scope\", scope=\"files:read files:write\", resource_metadata=\""
                                           + url + "\", error_description=\"More, please\"")
                             << url << QByteArray("files:read files:write") << QByteArray("insufficient_scope");
        QTest::newRow("case and spaces") << QByteArray("bEARER  Scope = \"a\" ,  ERROR=invalid_token") << none << QByteArray("a")
                                         << QByteArray("invalid_token");
        QTest::newRow("after another scheme") << QByteArray("Basic realm=\"x, Bearer scope=y\", Bearer scope=\"z\"") << none
                                              << QByteArray("z") << none;
        QTest::newRow("before another scheme") << QByteArray("Bearer scope=\"z\", DPoP algs=\"ES256\", scope=\"no\"") << none
                                               << QByteArray("z") << none;
        QTest::newRow("token68 before") << QByteArray("Negotiate YWJj==, Bearer scope=z") << none << QByteArray("z") << none;
        QTest::newRow("the first counts") << QByteArray("Bearer scope=\"a\", scope=\"b\"") << none << QByteArray("a") << none;
        QTest::newRow("two Bearer") << QByteArray("Bearer scope=\"a\", Bearer scope=\"b\"") << none << QByteArray("a") << none;
        QTest::newRow("escapes") << QByteArray("Bearer realm=\"a\\\"b, scope=no\", scope=\"yes\"") << none << QByteArray("yes") << none;
        QTest::newRow("empty scope") << QByteArray("Bearer scope=\"\"") << none << QByteArray() << none;
        QTest::newRow("quotation mark left open") << QByteArray("Bearer scope=\"a b") << none << QByteArray("a b") << none;
        QTest::newRow("scopes twice, and one that is none")
            << QByteArray("Bearer scope=\"a b\\\\c a d\"") << none << QByteArray("a d") << none;
    }
    void theFirstBearerChallengeIsRead()
    {
        QFETCH(QByteArray, value);
        const auto challenge = read("Date: today\r\nWWW-Authenticate: " + value + "\r\nContent-Length: 0\r\n");
        QVERIFY(challenge);
        QTEST(challenge->resourceMetadata, "metadata");
        QTEST(challenge->scopes ? challenge->scopes->join(' ') : QByteArray("-"), "scopes");
        QTEST(challenge->error, "error");
    }
    void otherChallengesAreNone_data()
    {
        QTest::addColumn<QByteArray>("head");
        QTest::newRow("no field") << QByteArray("Content-Length: 0\r\n");
        QTest::newRow("nothing") << QByteArray();
        QTest::newRow("another scheme") << QByteArray("WWW-Authenticate: Basic realm=\"Bearer\"\r\n");
        QTest::newRow("another field") << QByteArray("X-WWW-Authenticate: Bearer\r\n");
        QTest::newRow("a parameter of that name") << QByteArray("WWW-Authenticate: Digest bearer=1\r\n");
    }
    void otherChallengesAreNone()
    {
        QFETCH(QByteArray, head);
        QVERIFY(!read(head));
    }
    void aBearerChallengeInALaterFieldIsFound()
    {
        const auto challenge = read("WWW-Authenticate: Basic realm=x\r\nwww-authenticate: Bearer scope=a\r\n");
        QVERIFY(challenge);
        QCOMPARE(challenge->scopes->join(' '), QByteArray("a"));
    }
};

COUNTERSIGN_TEST(tst_Challenge)
#include "tst_Challenge.moc"
