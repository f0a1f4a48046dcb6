// SPDX-FileCopyrightText: 2026 The Countersign authors
// SPDX-License-Identifier: GPL-3.0-or-later
#include "secrets/KeyRing.h"
#include "support/FakeClock.h"
#include "support/MemoryStore.h"
#include "support/Runner.h"

using namespace mcpcore;
using namespace std::chrono_literals;

namespace {

const KeyId key{QStringLiteral("k1")};
const QString home = QStringLiteral("https://api.example.com:443");

struct Ring {
    Result<QByteArray> read(EnvironmentKind kind = EnvironmentKind::Sandbox, const QString &destination = home)
    {
        std::optional<Result<QByteArray>> answer;
        ring.read(key, kind, destination,
                  {&ring, [&](Result<Secret> secret) {
                       answer = secret ? Result<QByteArray>(QByteArray(secret->reveal().data(), qsizetype(secret->reveal().size())))
                                       : failure(secret.error());
                   }});
        if (!QTest::qWaitFor([&] { return answer.has_value(); }))
            qFatal("never answered");
        return *answer;
    }
    Result<> write(const char *secret, const QString &destination = home)
    {
        std::optional<Result<>> answer;
        ring.write(key, Secret(secret), destination, {&ring, [&](Result<> written) { answer = written; }});
        if (!QTest::qWaitFor([&] { return answer.has_value(); }))
            qFatal("never answered");
        return *answer;
    }
    Result<> remove()
    {
        std::optional<Result<>> answer;
        ring.remove(key, {&ring, [&](Result<> removed) { answer = removed; }});
        if (!QTest::qWaitFor([&] { return answer.has_value(); }))
            qFatal("never answered");
        return *answer;
    }
    FakeClock clock;
    MemoryStore store;
    KeyRing ring{store, clock};
};

} // namespace

class tst_KeyRing : public QObject
{
    Q_OBJECT
private Q_SLOTS:
    void aKeyIsGivenToItsDestinationOnly()
    {
        Ring ring;
        QVERIFY(ring.write("sk_test_1"));
        for (const EnvironmentKind kind : {EnvironmentKind::Production, EnvironmentKind::Sandbox, EnvironmentKind::Sandbox}) {
            QCOMPARE(ring.read(kind).value(), QByteArray("sk_test_1"));
            for (const char *other :
                 {"https://api.example.com:444", "http://api.example.com:443", "https://api.example.com:443/", "command:ab", ""})
                QCOMPARE(ring.read(kind, QString::fromLatin1(other)).error().kind, Error::Kind::Conflict);
        }
    }
    void theErrorNamesBothDestinationsAndNoSecret()
    {
        Ring ring;
        QVERIFY(ring.write("sk_test_1"));
        const QString message = ring.read(EnvironmentKind::Sandbox, QStringLiteral("https://evil.example:443")).error().message;
        QVERIFY(message.contains(home) && message.contains(QStringLiteral("https://evil.example:443")));
        QVERIFY(!message.contains(QStringLiteral("sk_test_1")));
    }
    void theStoredItemHoldsVersionLengthDestinationAndSecret()
    {
        Ring ring;
        QVERIFY(ring.write("ab", QStringLiteral("x:1")));
        QCOMPARE(ring.store.items.value(key.text), QByteArray("\x01\x00\x00\x00\x03x:1ab", 10));
    }
    void aDamagedItemIsNoKey_data()
    {
        QTest::addColumn<QByteArray>("item");
        QTest::newRow("nothing but a version") << QByteArray("\x01", 1);
        QTest::newRow("another version") << QByteArray("\x02\x00\x00\x00\x03x:1ab", 10);
        QTest::newRow("a length behind the end") << QByteArray("\x01\xff\xff\xff\xffx:1ab", 10);
        QTest::newRow("no secret") << QByteArray("\x01\x00\x00\x00\x03x:1", 8);
        QTest::newRow("a bare key, as another program would store it") << QByteArray("sk_test_1234567890");
    }
    void aDamagedItemIsNoKey()
    {
        QFETCH(QByteArray, item);
        Ring ring;
        ring.store.items.insert(key.text, item);
        QCOMPARE(ring.read(EnvironmentKind::Sandbox, QStringLiteral("x:1")).error().kind, Error::Kind::SecretUnavailable);
    }
    void productionKeysAreReadEachTime()
    {
        Ring ring;
        QVERIFY(ring.write("a"));
        QVERIFY(ring.read(EnvironmentKind::Production));
        QVERIFY(ring.read(EnvironmentKind::Production));
        QCOMPARE(ring.store.reads, 2);
    }
    void otherKeysStayForFiveIdleMinutes_data()
    {
        QTest::addColumn<EnvironmentKind>("kind");
        QTest::newRow("sandbox") << EnvironmentKind::Sandbox;
        QTest::newRow("staging") << EnvironmentKind::Staging;
    }
    void otherKeysStayForFiveIdleMinutes()
    {
        QFETCH(EnvironmentKind, kind);
        Ring ring;
        QVERIFY(ring.write("a"));
        QVERIFY(ring.read(kind));
        ring.clock.advance(4min);
        QVERIFY(ring.read(kind)); // a use starts the time anew
        ring.clock.advance(5min - 1ms);
        QCOMPARE(ring.read(kind).value(), QByteArray("a"));
        QCOMPARE(ring.store.reads, 1);
        ring.clock.advance(5min);
        QVERIFY(ring.read(kind));
        QCOMPARE(ring.store.reads, 2);
    }
    void aKeyThatIsAskedForAsProductionIsForgotten()
    {
        Ring ring;
        QVERIFY(ring.write("a"));
        QVERIFY(ring.read());
        QVERIFY(ring.read(EnvironmentKind::Production));
        QVERIFY(ring.read());
        QCOMPARE(ring.store.reads, 3);
    }
    void droppingAllForgetsAlsoWhatIsOnItsWay()
    {
        Ring ring;
        QVERIFY(ring.write("a"));
        QVERIFY(ring.read());
        ring.ring.dropAll();
        bool answered = false;
        ring.ring.read(key, EnvironmentKind::Sandbox, home, {&ring.ring, [&](Result<Secret> secret) { answered = secret.has_value(); }});
        ring.ring.dropAll();
        QTRY_VERIFY(answered);
        QVERIFY(ring.read());
        QCOMPARE(ring.store.reads, 3);
    }
    void settingAKeyAgainReplacesWhatIsHeld()
    {
        Ring ring;
        QVERIFY(ring.write("old"));
        QVERIFY(ring.read());
        QVERIFY(ring.write("new", QStringLiteral("https://b:443")));
        QCOMPARE(ring.read().error().kind, Error::Kind::Conflict);
        QCOMPARE(ring.read(EnvironmentKind::Sandbox, QStringLiteral("https://b:443")).value(), QByteArray("new"));
    }
    void aRemovedKeyIsGone()
    {
        Ring ring;
        QVERIFY(ring.write("a"));
        QVERIFY(ring.read());
        QVERIFY(ring.remove());
        QCOMPARE(ring.read().error().kind, Error::Kind::NotFound);
    }
    void aFailingStoreIsNotAMissingKey()
    {
        Ring ring;
        QVERIFY(ring.write("a"));
        ring.store.failsWith = Error{Error::Kind::SecretUnavailable, QStringLiteral("locked")};
        QCOMPARE(ring.read().error().kind, Error::Kind::SecretUnavailable);
        QCOMPARE(ring.write("b").error().kind, Error::Kind::SecretUnavailable);
        ring.store.failsWith.reset();
        QCOMPARE(ring.read().value(), QByteArray("a"));
    }
    void aKeyNeedsASecretAndADestination()
    {
        Ring ring;
        QCOMPARE(ring.write("").error().kind, Error::Kind::InvalidArgument);
        QCOMPARE(ring.write("a", QString()).error().kind, Error::Kind::InvalidArgument);
        QVERIFY(ring.store.items.isEmpty());
    }
    void closingTheRingAnswersWhoWaits()
    {
        FakeClock clock;
        MemoryStore store;
        auto ring = std::make_unique<KeyRing>(store, clock);
        std::optional<Error::Kind> kind;
        ring->read(key, EnvironmentKind::Sandbox, home, {this, [&](Result<Secret> secret) { kind = secret.error().kind; }});
        ring.reset();
        QTRY_COMPARE(kind, Error::Kind::Abandoned);
    }
};

COUNTERSIGN_TEST(tst_KeyRing)
#include "tst_KeyRing.moc"
