// SPDX-FileCopyrightText: 2026 The Countersign authors
// SPDX-License-Identifier: GPL-3.0-or-later
#include "secrets/StoreInCore.h"
#include "support/LoginKeyring.h"
#include "support/Runner.h"

using namespace mcpcore;

// A keyring that is there and locked: it must not be taken for an empty one.
class tst_LockedKeyring : public QObject
{
    Q_OBJECT
private:
    SystemClock m_clock;
    const LoginKeyring m_keyring;

private Q_SLOTS:
    void aLockedKeyringIsNotAnEmptyOne()
    {
        StoreInCore store(
            [this] { return std::make_unique<KeychainStore>(QStringLiteral("io.countersign/locked"), m_clock, std::chrono::seconds(20)); });
        QVERIFY(store.write("k", "kept"));
        QVERIFY(store.probe());
        m_keyring.lock();
        QVERIFY(m_keyring.isLocked());
        QCOMPARE(store.probe().error().kind, Error::Kind::Locked);

        for (const char *name : {"k", "never-set"}) {
            const auto read = store.read(name);
            QVERIFY(!read);
            QCOMPARE(read.error().kind, Error::Kind::SecretUnavailable);
            QVERIFY2(read.error().message.contains(QStringLiteral("lock")), qPrintable(read.error().message));
        }
        const auto written = store.write("new", "x");
        QVERIFY(!written);
        QCOMPARE(written.error().kind, Error::Kind::SecretUnavailable);
        QCOMPARE(store.remove("k").error().kind, Error::Kind::SecretUnavailable);

        m_keyring.unlock();
        QVERIFY(!m_keyring.isLocked());
        QCOMPARE(store.read("k").value(), QByteArray("kept"));
        QCOMPARE(store.read("new").error().kind, Error::Kind::NotFound);
    }
};

COUNTERSIGN_TEST(tst_LockedKeyring)
#include "tst_LockedKeyring.moc"
