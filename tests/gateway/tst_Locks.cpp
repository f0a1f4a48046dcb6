// SPDX-FileCopyrightText: 2026 The Countersign authors
// SPDX-License-Identifier: GPL-3.0-or-later
#include "gateway/GatewayFixture.h"
#include "support/Runner.h"
#include <QSignalSpy>

using namespace mcpcore;
using namespace std::chrono_literals;

class tst_Locks : public QObject
{
    Q_OBJECT

    const Environment sandbox{{QStringLiteral("sandbox")}, EnvironmentKind::Sandbox};
    const Environment production{{QStringLiteral("production")}, EnvironmentKind::Production};
    const Environment european{{QStringLiteral("eu-prod")}, EnvironmentKind::Production};
    FakeClock clock;
    std::unique_ptr<Locks> locks;

    void unlock(const Environment &environment, std::chrono::minutes span = 15min)
    {
        QVERIFY(locks->unlock(environment, span, QStringLiteral("Refund for SUP-4471")));
    }
    // The rows about environments in the log of `fixture`, oldest first.
    static QStringList rowsOf(const GatewayFixture &fixture)
    {
        QStringList rows;
        const auto reader = LogReader::open(fixture.logPath());
        if (const auto all = reader ? (*reader)->rowsAfter(0, 1000) : failure(reader.error()))
            for (const LogEntry &entry : *all)
                if (entry.kind == toText(LogRow::Kind::Environment))
                    rows.append(entry.title);
        return rows;
    }

private Q_SLOTS:
    void init() { locks = std::make_unique<Locks>(clock); }
    void onlyAProductionKindIsLockedAndItIsFromTheStart()
    {
        QVERIFY(!locks->isLocked(sandbox));
        QVERIFY(locks->isLocked(production));
        QVERIFY(locks->isLocked(european));
        QVERIFY(!locks->unlock(sandbox, 5min, QStringLiteral("because")));
    }
    void unlockingNeedsOneOfThreeSpansAndAReason()
    {
        QVERIFY(!locks->unlock(production, 6min, QStringLiteral("because")));
        QVERIFY(!locks->unlock(production, 0min, QStringLiteral("because")));
        QVERIFY(!locks->unlock(production, 5min, QStringLiteral("  no  ")));
        QVERIFY(locks->isLocked(production));
        for (const auto span : {5min, 15min, 60min}) {
            unlock(production, span);
            QCOMPARE(locks->unlockedUntil(production.id), clock.wall() + span);
        }
    }
    void itLocksWhenItsTimeIsOverAndNotBefore()
    {
        unlock(production, 5min);
        QSignalSpy locked(locks.get(), &Locks::locked);
        clock.advance(5min - 1ms);
        QVERIFY(!locks->isLocked(production));
        clock.advance(1ms);
        QVERIFY(locks->isLocked(production));
        QCOMPARE(locks->unlockedUntil(production.id), Milliseconds(0));
        QCOMPARE(locked.count(), 1);
        QCOMPARE(locked[0][1].value<LockCause>(), LockCause::Time);
    }
    void unlockingAgainGivesTheLaterEnd()
    {
        unlock(production, 5min);
        clock.advance(4min);
        unlock(production, 15min);
        clock.advance(2min);
        QVERIFY(!locks->isLocked(production));
        clock.advance(13min);
        QVERIFY(locks->isLocked(production));
    }
    void anUnlockDoesNotOutliveASleepOfTheComputer()
    {
        unlock(production, 15min);
        QSignalSpy locked(locks.get(), &Locks::locked);
        clock.slept += 1h; // monotonic time stood still meanwhile
        QVERIFY(locks->isLocked(production));
        QCOMPARE(locks->unlockedUntil(production.id), Milliseconds(0));
        clock.advance(5s);
        QCOMPARE(locked.count(), 1);
        QCOMPARE(locked[0][1].value<LockCause>(), LockCause::Suspend);
        unlock(production, 15min);
        QVERIFY(!locks->isLocked(production));
    }
    void nothingWakesWhileAllIsLocked()
    {
        unlock(production, 5min);
        unlock(european, 5min);
        clock.advance(6min);
        QCOMPARE(clock.pending(), 0);
    }
    void lockingAllTellsEachWithTheCause()
    {
        unlock(production);
        unlock(european);
        QSignalSpy locked(locks.get(), &Locks::locked);
        locks->lockAll(LockCause::ScreenLock);
        QCOMPARE(locked.count(), 2);
        locks->lockAll(LockCause::ScreenLock); // nothing is open any more
        QCOMPARE(locked.count(), 2);
        QVERIFY(locks->isLocked(production) && locks->isLocked(european));
    }
    void everyWayOfLockingSaysWhichItWas_data()
    {
        QTest::addColumn<LockCause>("cause");
        QTest::addColumn<QString>("sentence");
        QTest::newRow("person") << LockCause::Person << "Locked production: a person locked it.";
        QTest::newRow("time") << LockCause::Time << "Locked production: its time was over.";
        QTest::newRow("screen lock") << LockCause::ScreenLock << "Locked production: the screen was locked.";
        QTest::newRow("suspend") << LockCause::Suspend << "Locked production: the computer went to sleep.";
        QTest::newRow("pause") << LockCause::Pause << "Locked production: everything was paused.";
        QTest::newRow("removed") << LockCause::Removed << "Locked production: it was removed.";
        QTest::newRow("quit") << LockCause::Quit << "Locked production: Countersign ended.";
    }
    void everyWayOfLockingSaysWhichItWas()
    {
        QFETCH(LockCause, cause);
        QFETCH(QString, sentence);
        QCOMPARE(sentenceOf(production.id, cause), sentence);
        GatewayFixture fixture;
        QVERIFY(fixture.locks.unlock(production, 15min, QStringLiteral("because")));
        fixture.locks.lock(production.id, cause);
        QTRY_COMPARE(rowsOf(fixture), QStringList{sentence});
    }
    void pausingLocksAndResumingDoesNotUnlock()
    {
        GatewayFixture fixture;
        QVERIFY(fixture.locks.unlock(production, 15min, QStringLiteral("because")));
        fixture.change([](Workspace &edited) { edited.paused = true; });
        QVERIFY(fixture.locks.isLocked(production));
        fixture.change([](Workspace &edited) { edited.paused = false; });
        QVERIFY(fixture.locks.isLocked(production));
        QTRY_COMPARE(rowsOf(fixture), QStringList{QStringLiteral("Locked production: everything was paused.")});
    }
    void lockingWithdrawsTheCardsOfThatEnvironmentOnly()
    {
        GatewayFixture fixture;
        fixture.trust();
        fixture.trust(QStringLiteral("production"));
        QVERIFY(fixture.locks.unlock(production, 15min, QStringLiteral("because")));
        fixture.connectClient();
        fixture.call("1");
        QTRY_COMPARE(fixture.approvals->pending().size(), 1);
        const auto sandboxSession = std::move(fixture.session);
        fixture.change([](Workspace &edited) {
            Client live = edited.clients.first();
            live.id = {QStringLiteral("live-one")};
            live.environment = EnvironmentId{QStringLiteral("production")};
            edited.clients.append(live);
        });
        auto opened = fixture.gateway->open({QStringLiteral("live-one")}, {}, {}, fixture);
        QVERIFY(opened);
        fixture.session = std::move(*opened);
        fixture.send(R"({"jsonrpc":"2.0","id":"i2","method":"initialize","params":{"protocolVersion":"2025-11-25","capabilities":{}}})");
        QTRY_VERIFY(fixture.answers.contains("\"i2\""));
        fixture.call("2", "{}", "acme_live__echo");
        QTRY_COMPARE(fixture.approvals->pending().size(), 2);
        fixture.locks.lockAll(LockCause::ScreenLock);
        QCOMPARE(fixture.approvals->pending().size(), 1);
        QCOMPARE(fixture.approvals->pending().first().call->environment, sandbox.id);
        QTRY_VERIFY(fixture.answers.contains("2"));
        QVERIFY2(fixture.answers["2"].contains("Production is locked by a person."), fixture.answers["2"]);
        QVERIFY(fixture.server.calls.empty());
    }
    // What may still happen between a person's Allow and the first byte.
    void aLockAfterTheCardOrTheAllowSendsNothing_data()
    {
        QTest::addColumn<bool>("allowedBefore");
        QTest::addColumn<bool>("byTime");
        QTest::newRow("the time is over while the card is open") << false << true;
        QTest::newRow("a person locks while the card is open") << false << false;
        QTest::newRow("the time is over right after Allow") << true << true;
        QTest::newRow("a person locks right after Allow") << true << false;
    }
    void aLockAfterTheCardOrTheAllowSendsNothing()
    {
        QFETCH(bool, allowedBefore);
        QFETCH(bool, byTime);
        GatewayFixture fixture;
        fixture.trust(QStringLiteral("production"));
        fixture.change([](Workspace &edited) { edited.clients[0].environment = EnvironmentId{QStringLiteral("production")}; });
        QVERIFY(fixture.locks.unlock(production, 5min, QStringLiteral("because")));
        fixture.clock.advance(4min);
        fixture.connectClient();
        fixture.call("1", "{}", "acme_live__echo");
        QTRY_COMPARE(fixture.approvals->pending().size(), 1);
        const Approval approval = fixture.approvals->pending().first();
        if (allowedBefore)
            QVERIFY(fixture.allow(approval));
        if (byTime)
            fixture.clock.advance(1min);
        else
            fixture.locks.lock(production.id, LockCause::Person);
        if (!allowedBefore)
            QVERIFY(!fixture.allow(approval));
        QTRY_VERIFY(fixture.answers.contains("1"));
        QVERIFY2(fixture.answers["1"].contains("Production is locked by a person."), fixture.answers["1"]);
        QVERIFY(fixture.server.calls.empty());
    }
    void aSwitchIsToldToSessionsAndOldNamesAreExplained()
    {
        GatewayFixture fixture;
        fixture.trust();
        fixture.change([](Workspace &edited) { edited.clients[0].environment.reset(); });
        fixture.connectClient();
        fixture.pushed.clear();
        fixture.change([](Workspace &edited) { edited.activeEnvironment = {QStringLiteral("staging")}; });
        QCOMPARE(fixture.pushed.size(), 1);
        QVERIFY2(fixture.pushed[0].second.contains("notifications/tools/list_changed"), fixture.pushed[0].second);
        fixture.call("1");
        QTRY_VERIFY(fixture.answers.contains("1"));
        QVERIFY2(fixture.resultText("1").contains("acme__echo is a tool of sandbox, and this client acts in staging now"),
                 fixture.answers["1"]);
        QVERIFY(fixture.server.received.empty());
    }
    // A relayed request that waits for its server to start does not go there any more once the client acts elsewhere.
    void aSwitchWhileTheServerStartsSendsNothingToIt()
    {
        GatewayFixture fixture;
        fixture.change([](Workspace &edited) { edited.clients[0].environment.reset(); });
        fixture.connectClient({ConnectionId{QStringLiteral("acme")}, sandbox.id});
        fixture.server.dropLink();
        fixture.server.received.clear();
        fixture.send(R"({"jsonrpc":"2.0","id":1,"method":"resources/read","params":{"uri":"acme:keys"}})");
        fixture.change([](Workspace &edited) { edited.activeEnvironment = {QStringLiteral("staging")}; });
        fixture.clock.advance(1min);
        QTRY_VERIFY(fixture.answers.contains("1"));
        QVERIFY2(fixture.answers["1"].contains("acts in staging now"), fixture.answers["1"]);
        for (const QByteArray &message : fixture.server.received)
            QVERIFY2(!message.contains("resources/read"), message);
    }
};

COUNTERSIGN_TEST(tst_Locks)
#include "tst_Locks.moc"
