// SPDX-FileCopyrightText: 2026 The Countersign authors
// SPDX-License-Identifier: GPL-3.0-or-later
#include "base/Ids.h"
#include "base/Secret.h"
#include "model/Workspace.h"
#include "support/FakeClock.h"
#include "support/Runner.h"

using namespace mcpcore;

class tst_Names : public QObject
{
    Q_OBJECT
private Q_SLOTS:
    void namesFollowTheForm_data()
    {
        QTest::addColumn<QString>("text");
        QTest::addColumn<bool>("valid");
        QTest::newRow("letters") << "stripe" << true;
        QTest::newRow("digits and dashes") << "a-1-b" << true;
        QTest::newRow("twenty") << QString(20, QLatin1Char('a')) << true;
        QTest::newRow("twenty-one") << QString(21, QLatin1Char('a')) << false;
        QTest::newRow("live stands for production in tool names") << "live" << false;
        QTest::newRow("digit first") << "1a" << false;
        QTest::newRow("capital") << "Stripe" << false;
        QTest::newRow("underscore") << "a_b" << false;
        QTest::newRow("line break at the end") << "a\n" << false;
        QTest::newRow("empty") << "" << false;
    }
    void namesFollowTheForm()
    {
        QFETCH(QString, text);
        QTEST(isValidName(text), "valid");
    }
    void idsSortByTimeAndDiffer()
    {
        FakeClock clock;
        SystemIds ids(clock);
        const QString first = ids.next();
        clock.advance(std::chrono::milliseconds(1));
        const QString second = ids.next();
        QCOMPARE(first.size(), 36);
        QCOMPARE(first[14], QLatin1Char('7'));
        QVERIFY(first < second);
    }
    void tokensAre43CharactersAfterThePrefix()
    {
        FakeClock clock;
        SystemIds ids(clock);
        const QString token = newToken(ids, QStringLiteral("cst_"));
        QCOMPARE(token.size(), 47);
        QVERIFY(newToken(ids, QStringLiteral("cst_")) != token);
    }
    void destinationsAreOriginsOrCommandDigests()
    {
        const EnvironmentId sandbox{QStringLiteral("sandbox")};
        Connection http{
            {QStringLiteral("a")}, {}, {sandbox}, HttpTarget{{{sandbox, QStringLiteral("https://Api.Example.com/mcp?x=1")}}, {}, {}}, {}};
        QCOMPARE(destinationOf(http, sandbox), QStringLiteral("https://api.example.com:443"));
        QCOMPARE(destinationOf(http, {QStringLiteral("staging")}), QString());
        Connection one{{QStringLiteral("a")}, {}, {sandbox}, StdioTarget{QStringLiteral("npx"), {QStringLiteral("a b")}, {}}, {}};
        Connection two = one;
        std::get<StdioTarget>(two.target).arguments = {QStringLiteral("a"), QStringLiteral("b")};
        QVERIFY(destinationOf(one, sandbox).startsWith(QStringLiteral("command:")));
        QVERIFY(destinationOf(one, sandbox) != destinationOf(two, sandbox));
    }
    void secretsRevealWhatWasStored()
    {
        Secret secret("sk_test_1");
        QCOMPARE(secret.reveal(), std::string_view("sk_test_1"));
        const Secret moved = std::move(secret);
        QCOMPARE(moved.duplicate().reveal(), std::string_view("sk_test_1"));
        QByteArray copy("abc");
        wipe(copy);
        QVERIFY(copy.isEmpty());
    }
};

COUNTERSIGN_TEST(tst_Names)
#include "tst_Names.moc"
