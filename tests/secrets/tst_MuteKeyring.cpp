// SPDX-FileCopyrightText: 2026 The Countersign authors
// SPDX-License-Identifier: GPL-3.0-or-later
#include "secrets/StoreInCore.h"
#include "support/Runner.h"
#include <QDBusConnection>
#include <QDBusMessage>
#include <QDBusVirtualObject>
#include <QProcess>

using namespace mcpcore;

namespace {

// Takes every call to org.freedesktop.secrets and never answers.
class MuteService final : public QDBusVirtualObject
{
public:
    QString introspect(const QString &) const override { return {}; }
    bool handleMessage(const QDBusMessage &message, const QDBusConnection &) override
    {
        message.setDelayedReply(true);
        ++calls;
        return true;
    }
    int calls = 0;
};

} // namespace

// A keyring that owns its name on the bus and says nothing.
class tst_MuteKeyring : public QObject
{
    Q_OBJECT
private:
    SystemClock m_clock;
    QProcess m_bus;
    MuteService m_mute;

private Q_SLOTS:
    void initTestCase()
    {
        m_bus.start(QStringLiteral("dbus-daemon"),
                    {QStringLiteral("--session"), QStringLiteral("--nofork"), QStringLiteral("--print-address=1")});
        QVERIFY(m_bus.waitForReadyRead());
        const QByteArray address = m_bus.readLine().trimmed();
        qputenv("DBUS_SESSION_BUS_ADDRESS", address);
        QDBusConnection bus = QDBusConnection::connectToBus(QString::fromLatin1(address), QStringLiteral("mute"));
        QVERIFY(bus.registerVirtualObject(QStringLiteral("/"), &m_mute, QDBusConnection::SubPath));
        QVERIFY(bus.registerService(QStringLiteral("org.freedesktop.secrets")));
    }
    void cleanupTestCase()
    {
        QDBusConnection::disconnectFromBus(QStringLiteral("mute"));
        m_bus.kill();
        m_bus.waitForFinished();
    }
    void everyRequestIsGivenUpAfterItsTime()
    {
        StoreInCore store([this] {
            return std::make_unique<KeychainStore>(QStringLiteral("io.countersign/mute"), m_clock, std::chrono::milliseconds(300));
        });
        const auto read = store.read("k");
        QVERIFY(!read);
        QCOMPARE(read.error().kind, Error::Kind::SecretUnavailable);
        QVERIFY(m_mute.calls > 0);
        const auto written = store.write("k", "secret-canary");
        QVERIFY(!written);
        QCOMPARE(written.error().kind, Error::Kind::SecretUnavailable);
        QVERIFY(!written.error().message.contains(QStringLiteral("canary")));
        QCOMPARE(store.remove("k").error().kind, Error::Kind::SecretUnavailable);
    }
};

COUNTERSIGN_TEST(tst_MuteKeyring)
#include "tst_MuteKeyring.moc"
