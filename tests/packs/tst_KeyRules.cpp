// SPDX-FileCopyrightText: 2026 The Countersign authors
// SPDX-License-Identifier: GPL-3.0-or-later
#include "base/Secret.h"
#include "packs/KeyRules.h"
#include "packs/Packs.h"
#include "support/Runner.h"

using namespace mcpcore;

namespace {

const char *const kTail = "4eC39HqLyjWDarjtT1zdp7dc";

const QList<Pack> &packs()
{
    static const QList<Pack> all = builtInPacks().value_or(QList<Pack>());
    return all;
}

Result<AcceptedKey> check(const QByteArray &key, const char *pack, EnvironmentKind kind, const char *madeBy = "",
                          const QByteArray &fingerprint = {}, const QList<OtherKey> &others = {})
{
    const Pack *found = find(packs(), QString::fromLatin1(pack));
    if (!found)
        return failure(Error::Kind::NotFound, QStringLiteral("no such pack"));
    return checkKey({key.constData(), size_t(key.size())}, {packs(), *found, kind, QString::fromLatin1(madeBy), fingerprint, others});
}

constexpr EnvironmentKind allKinds[] = {EnvironmentKind::Sandbox, EnvironmentKind::Staging, EnvironmentKind::Production};

} // namespace

class tst_KeyRules : public QObject
{
    Q_OBJECT
private Q_SLOTS:
    // Each form a vendor's key can have, in a slot of each kind. A verdict that begins with + is the kind of an accepted key,
    // any other is part of the reason it is refused for.
    void aKeyIsTakenWhereItBelongsAndNowhereElse_data()
    {
        QTest::addColumn<QByteArray>("key");
        QTest::addColumn<QByteArray>("pack");
        QTest::addColumn<int>("kind");
        QTest::addColumn<QString>("verdict");
        const auto rows = [](const char *pack, const char *prefix, const char *sandbox, const char *staging, const char *production) {
            const char *const verdicts[] = {sandbox, staging, production};
            for (const EnvironmentKind kind : allKinds)
                QTest::addRow("%s %s %s", pack, prefix, qPrintable(toText(kind)))
                    << QByteArray(prefix) + kTail << QByteArray(pack) << int(kind) << QString::fromLatin1(verdicts[size_t(kind)]);
        };
        const auto everywhere = [&rows](const char *pack, const char *prefix, const char *verdict) {
            rows(pack, prefix, verdict, verdict, verdict);
        };
        const char *const isLive = "this key is for production (";
        const char *const isTest = "this key is for sandbox or staging (";
        rows("stripe", "rk_test_", "+restricted", "+restricted", isTest);
        rows("stripe", "sk_test_", "+secret", "+secret", isTest);
        rows("stripe", "rk_live_", isLive, isLive, "+restricted");
        rows("stripe", "sk_live_", isLive, isLive, "+secret");
        rows("stripe", "sk_live_51", isLive, isLive, "+secret");
        everywhere("stripe", "pk_test_", "this is a publishable key (pk_)");
        everywhere("stripe", "pk_live_", "this is a publishable key (pk_)");
        everywhere("stripe", "sk_org_live_", "this is a key of an organization (sk_org_)");
        everywhere("stripe", "rk_org_test_", "this is a key of an organization (rk_org_)");
        everywhere("stripe", "whsec_", "this is a webhook secret");
        everywhere("stripe", "ek_test_", "this is a key that tools cannot use (ek_)");
        everywhere("stripe", "sk_live_op_", "this is an operator key of STACK");
        everywhere("stripe", "sk_live_mem_", "this is a member key of STACK");
        everywhere("stripe", "server-", "looks like a key of Stigg (server-), and this connection is to Stripe");
        everywhere("stripe", "console-", "looks like a key of Statsig (console-)");
        everywhere("stripe", "ghp_", "keys of Stripe for ");
        everywhere("stigg", "server-", "+server");
        everywhere("stigg", "client-", "this is a publishable client key");
        everywhere("stigg", "console-", "looks like a key of Statsig");
        everywhere("stigg", "rk_test_", "looks like a key of Stripe (rk_test_)");
        everywhere("stigg", "rk_live_", "looks like a key of Stripe (rk_live_)");
        everywhere("statsig", "console-", "+console");
        everywhere("statsig", "secret-", "this is a server SDK key");
        everywhere("statsig", "client-", "this is a client SDK key");
        everywhere("statsig", "server-", "looks like a key of Stigg");
        everywhere("statsig", "sk_test_", "looks like a key of Stripe (sk_test_)");
        const char *const noSandbox = "this slot is for sandbox. STACK has no sandbox";
        const char *const noStaging = "this slot is for staging. STACK has no staging";
        rows("stack", "sk_live_op_", noSandbox, noStaging, "+operator");
        rows("stack", "sk_live_mem_", noSandbox, noStaging, "+member");
        rows("stack", "eyJ", noSandbox, noStaging, "+passport or session token");
        rows("stack", "sk_live_", noSandbox, noStaging, "Is this key from getstack.run, or from Stripe?");
        rows("stack", "sk_live_51", noSandbox, noStaging, "this is a live key of Stripe");
        rows("stack", "sk_test_", noSandbox, noStaging, "this is a test key of Stripe");
        rows("stack", "rk_live_", noSandbox, noStaging, "this is a restricted key of Stripe");
        rows("stack", "rk_test_", noSandbox, noStaging, "this is a restricted key of Stripe");
        rows("stack", "pk_live_", noSandbox, noStaging, "this is a publishable key");
        rows("stack", "server-", noSandbox, noStaging, "looks like a key of Stigg");
    }
    void aKeyIsTakenWhereItBelongsAndNowhereElse()
    {
        QFETCH(QByteArray, key);
        QFETCH(QByteArray, pack);
        QFETCH(int, kind);
        QFETCH(QString, verdict);
        const auto checked = check(key, pack.constData(), EnvironmentKind(kind));
        if (verdict.startsWith(QLatin1Char('+'))) {
            QVERIFY2(checked, checked ? "" : qPrintable(checked.error().message));
            QCOMPARE(checked->kind, verdict.mid(1));
            QVERIFY(key.startsWith(checked->prefix.toLatin1()));
            QCOMPARE(checked->lastFour, QStringLiteral("p7dc"));
            return;
        }
        QVERIFY(!checked);
        const QString message = checked.error().message;
        QVERIFY2(message.contains(verdict), qPrintable(message));
        QVERIFY(message.startsWith(QStringLiteral("Key refused: ")) && message.endsWith(QLatin1Char('.')));
        QVERIFY(!message.contains(QLatin1String(kTail, 6)));
        QCOMPARE(checked.error().kind, Error::Kind::InvalidArgument);
    }
    void whatIsNoWholeKeyIsRefused_data()
    {
        QTest::addColumn<QByteArray>("key");
        QTest::addColumn<QString>("says");
        QTest::newRow("nothing") << QByteArray() << "there is nothing in it";
        QTest::newRow("space inside") << QByteArray("rk_test_4eC39HqLyjWD arjtT1zdp7dc") << "a space or a line break";
        QTest::newRow("space before") << QByteArray(" rk_test_4eC39HqLyjWDarjtT1zdp7dc") << "a space or a line break";
        QTest::newRow("line break after") << QByteArray("rk_test_4eC39HqLyjWDarjtT1zdp7dc\n") << "a space or a line break";
        QTest::newRow("carriage return") << QByteArray("rk_test_4eC39HqLyjWD\r\narjtT1zdp7dc") << "a space or a line break";
        QTest::newRow("its header") << QByteArray("Bearer rk_test_4eC39HqLyjWDarjtT1zdp7dc") << "a space or a line break";
        QTest::newRow("zero byte") << QByteArray("rk_test_4eC39HqLyjWD\0rjtT1zdp7dc", 32) << "characters that no key has";
        QTest::newRow("shortened") << QByteArray("rk_test_4eC39Hq\xe2\x80\xa6p7dcp7dc") << "copy the key itself";
        QTest::newRow("quotes around") << QByteArray("\"rk_test_4eC39HqLyjWDarjtT1zdp7dc\"") << "begin with rk_test_ or sk_test_";
        QTest::newRow("quote after") << QByteArray("rk_test_4eC39HqLyjWDarjtT1zdp7dc\"") << "characters that keys of Stripe do not have";
        QTest::newRow("capitals") << QByteArray("RK_TEST_4EC39HQLYJWDARJTT1ZDP7DC") << "begin with rk_test_ or sk_test_";
        QTest::newRow("too short") << QByteArray("rk_test_4eC39HqLyjW") << "too short for a key";
        QTest::newRow("prefix alone") << QByteArray("rk_test_") << "too short for a key";
    }
    void whatIsNoWholeKeyIsRefused()
    {
        QFETCH(QByteArray, key);
        QFETCH(QString, says);
        const auto checked = check(key, "stripe", EnvironmentKind::Sandbox);
        QVERIFY(!checked);
        QVERIFY2(checked.error().message.contains(says), qPrintable(checked.error().message));
        QVERIFY(!checked.error().message.contains(QStringLiteral("4eC39")));
    }
    void theShortestKeyIsTaken() { QVERIFY(check("rk_test_4eC39HqLyjWD", "stripe", EnvironmentKind::Sandbox)); }
    void aDoubtfulKeyIsTakenOnceThePersonSaysWhoMadeIt()
    {
        const QByteArray key = QByteArray("sk_live_") + kTail;
        const auto asked = check(key, "stack", EnvironmentKind::Production);
        QVERIFY(!asked && asked.error().message.contains(QStringLiteral("--from stack")));
        QVERIFY(!check(key, "stack", EnvironmentKind::Production, "stripe"));
        QVERIFY(check(key, "stack", EnvironmentKind::Production, "stack"));
        // No word of the person makes another vendor's key one of this vendor, or a live key a test key.
        QVERIFY(!check(QByteArray("sk_live_51") + kTail, "stack", EnvironmentKind::Production, "stack"));
        QVERIFY(!check(key, "stack", EnvironmentKind::Sandbox, "stack"));
        QVERIFY(!check(key, "stripe", EnvironmentKind::Sandbox, "stripe"));
    }
    void theSameKeyIsNotForTwoKindsOfEnvironmentOrTwoVendors()
    {
        const QByteArray key = QByteArray("server-") + kTail;
        const QByteArray mine(16, 'a'), other(16, 'b');
        const auto with = [&](const QByteArray &fingerprint, const QList<OtherKey> &others) {
            return check(key, "stigg", EnvironmentKind::Sandbox, "", fingerprint, others);
        };
        const QString place = QStringLiteral("stigg in production");
        const auto reused = with(mine, {{other, place, EnvironmentKind::Production}, {mine, place, EnvironmentKind::Production}});
        QVERIFY(!reused && reused.error().message.contains(QStringLiteral("the same key is set for stigg in production already")));
        QVERIFY(with(mine, {{other, place, EnvironmentKind::Production}}));
        QVERIFY(with(mine, {{mine, place, EnvironmentKind::Sandbox}}));
        const auto foreign = with(mine, {{mine, QStringLiteral("stripe in sandbox"), EnvironmentKind::Sandbox, QStringLiteral("stripe")}});
        QVERIFY(!foreign && foreign.error().message.contains(QStringLiteral("set for stripe in sandbox already, which is another vendor")));
        QVERIFY(with(mine, {{mine, place, EnvironmentKind::Sandbox, QStringLiteral("stigg")}}));
        // A key that was set where no fingerprint could be made equals none.
        QVERIFY(with({}, {{{}, place, EnvironmentKind::Production}}));
    }
    void itIsSaidWhoseWordTheEnvironmentIs()
    {
        using By = AcceptedKey::EnvironmentBy;
        QCOMPARE(check(QByteArray("rk_test_") + kTail, "stripe", EnvironmentKind::Sandbox)->environmentBy, By::Key);
        QCOMPARE(check(QByteArray("sk_live_op_") + kTail, "stack", EnvironmentKind::Production)->environmentBy, By::Key);
        QCOMPARE(check(QByteArray("server-") + kTail, "stigg", EnvironmentKind::Production)->environmentBy, By::Person);
        QCOMPARE(check(QByteArray("console-") + kTail, "statsig", EnvironmentKind::Sandbox)->environmentBy, By::Person);
        QVERIFY(check(QByteArray("sk_test_") + kTail, "stripe", EnvironmentKind::Sandbox)
                    ->note.contains(QStringLiteral("refuses secret keys")));
    }
};

COUNTERSIGN_TEST(tst_KeyRules)
#include "tst_KeyRules.moc"
