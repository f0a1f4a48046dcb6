// SPDX-FileCopyrightText: 2026 The Countersign authors
// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once
#include <QDBusArgument>
#include <QDBusConnection>
#include <QDBusMessage>
#include <QDBusVariant>

// The keyring that tests/support/with-keyring starts, locked and unlocked as the desktop does it.
class LoginKeyring
{
public:
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
        call(m_service, "org.freedesktop.Secret.Service", "Lock",
             {QVariant::fromValue(QList<QDBusObjectPath>{QDBusObjectPath(m_collection)})});
    }
    // As the desktop's sign-in does it.
    void unlock() const
    {
        const auto session = call(m_service, "org.freedesktop.Secret.Service", "OpenSession",
                                  {QStringLiteral("plain"), QVariant::fromValue(QDBusVariant(QString()))})
                                 .value(1)
                                 .value<QDBusObjectPath>();
        QDBusArgument password;
        password.beginStructure();
        // with-keyring sets this password, line end included
        password << session << QByteArray() << QByteArray("pw\n") << QStringLiteral("text/plain");
        password.endStructure();
        call(m_service, "org.gnome.keyring.InternalUnsupportedGuiltRiddenInterface", "UnlockWithMasterPassword",
             {QVariant::fromValue(QDBusObjectPath(m_collection)), QVariant::fromValue(password)});
    }

private:
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

    const QString m_service = QStringLiteral("/org/freedesktop/secrets");
    const QString m_collection = QStringLiteral("/org/freedesktop/secrets/collection/login");
};
