// SPDX-FileCopyrightText: 2026 The Countersign authors
// SPDX-License-Identifier: GPL-3.0-or-later
#include "secrets/StoreInCore.h"
#include "support/Runner.h"
#include <QDBusArgument>
#include <QDBusConnection>
#include <QDBusMessage>
#include <QDBusVariant>

using namespace mcpcore;

// A keyring that is there and locked: it must not be taken for an empty one.
class tst_LockedKeyring : public QObject
{
    Q_OBJECT
private:
    SystemClock m_clock;
    const QString m_collection = QStringLiteral("/org/freedesktop/secrets/collection/login");

    static QVariantList call(const QString &path, const char *interface, const char *method, const QVariantList &arguments)
    {
        QDBusMessage message = QDBusMessage::createMethodCall(QStringLiteral("org.freedesktop.secrets"), path,
                                                              QString::fromLatin1(interface), QString::fromLatin1(method));
        message.setArguments(arguments);
        const QDBusMessage reply = QDBusConnection::sessionBus().call(message);
        if (reply.type() == QDBusMessage::ErrorMessage)
            qWarning("%s: %s", method, qPrintable(reply.errorMessage()));
        return reply.arguments();
    }
    bool isLocked() const
    {
        return call(m_collection, "org.freedesktop.DBus.Properties", "Get",
                    {QStringLiteral("org.freedesktop.Secret.Collection"), QStringLiteral("Locked")})
            .value(0)
            .value<QDBusVariant>()
            .variant()
            .toBool();
    }
    void lock() const
    {
        call(QStringLiteral("/org/freedesktop/secrets"), "org.freedesktop.Secret.Service", "Lock",
             {QVariant::fromValue(QList<QDBusObjectPath>{QDBusObjectPath(m_collection)})});
    }
    // As the desktop's sign-in does it.
    void unlock() const
    {
        const QString service = QStringLiteral("/org/freedesktop/secrets");
        const auto session = call(service, "org.freedesktop.Secret.Service", "OpenSession",
                                  {QStringLiteral("plain"), QVariant::fromValue(QDBusVariant(QString()))})
                                 .value(1)
                                 .value<QDBusObjectPath>();
        QDBusArgument password;
        password.beginStructure();
        // with-keyring sets this password, line end included
        password << session << QByteArray() << QByteArray("pw\n") << QStringLiteral("text/plain");
        password.endStructure();
        call(service, "org.gnome.keyring.InternalUnsupportedGuiltRiddenInterface", "UnlockWithMasterPassword",
             {QVariant::fromValue(QDBusObjectPath(m_collection)), QVariant::fromValue(password)});
    }

private Q_SLOTS:
    void aLockedKeyringIsNotAnEmptyOne()
    {
        StoreInCore store(
            [this] { return std::make_unique<KeychainStore>(QStringLiteral("io.countersign/locked"), m_clock, std::chrono::seconds(20)); });
        QVERIFY(store.write("k", "kept"));
        QVERIFY(store.probe());
        lock();
        QVERIFY(isLocked());
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

        unlock();
        QVERIFY(!isLocked());
        QCOMPARE(store.read("k").value(), QByteArray("kept"));
        QCOMPARE(store.read("new").error().kind, Error::Kind::NotFound);
    }
};

COUNTERSIGN_TEST(tst_LockedKeyring)
#include "tst_LockedKeyring.moc"
