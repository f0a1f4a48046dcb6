// SPDX-FileCopyrightText: 2026 The Countersign authors
// SPDX-License-Identifier: GPL-3.0-or-later
#include "base/Post.h"
#include "secrets/KeyringState.h"
#include <QDBusConnection>
#include <QDBusMessage>
#include <QDBusPendingCallWatcher>
#include <QDBusPendingReply>
#include <QDBusVariant>

namespace mcpcore {

namespace {

void call(QObject *context, const QString &path, const QString &interface, const QString &method, const QVariantList &arguments,
          std::function<void(const QDBusMessage &)> answer)
{
    QDBusMessage message = QDBusMessage::createMethodCall(QStringLiteral("org.freedesktop.secrets"), path, interface, method);
    message.setArguments(arguments);
    auto *watcher = new QDBusPendingCallWatcher(QDBusConnection::sessionBus().asyncCall(message), context);
    QObject::connect(watcher, &QDBusPendingCallWatcher::finished, context, [watcher, answer = std::move(answer)] {
        watcher->deleteLater();
        answer(watcher->reply());
    });
}

KeyringState stateOfFailure(const QDBusMessage &reply)
{
    const QDBusError::ErrorType type = QDBusError(reply).type();
    return type == QDBusError::ServiceUnknown || type == QDBusError::Disconnected ? KeyringState::NoService : KeyringState::Silent;
}

} // namespace

void askKeyringState(QObject *context, std::function<void(KeyringState)> answer)
{
    // A call on a bus that is not there is never answered.
    if (!QDBusConnection::sessionBus().isConnected())
        return post(context, [answer = std::move(answer)] { answer(KeyringState::NoService); });
    const QString service = QStringLiteral("org.freedesktop.Secret.Service");
    call(context, QStringLiteral("/org/freedesktop/secrets"), service, QStringLiteral("ReadAlias"), {QStringLiteral("default")},
         [context, answer = std::move(answer)](const QDBusMessage &alias) {
             if (alias.type() == QDBusMessage::ErrorMessage)
                 return answer(stateOfFailure(alias));
             const QString path = alias.arguments().value(0).value<QDBusObjectPath>().path();
             if (path.isEmpty() || path == QLatin1String("/"))
                 return answer(KeyringState::NoCollection);
             call(context, path, QStringLiteral("org.freedesktop.DBus.Properties"), QStringLiteral("Get"),
                  {QStringLiteral("org.freedesktop.Secret.Collection"), QStringLiteral("Locked")}, [answer](const QDBusMessage &reply) {
                      if (reply.type() == QDBusMessage::ErrorMessage)
                          return answer(QDBusError(reply).type() == QDBusError::UnknownObject ? KeyringState::NoCollection
                                                                                              : stateOfFailure(reply));
                      const QVariant isLocked = reply.arguments().value(0).value<QDBusVariant>().variant();
                      answer(isLocked.userType() == QMetaType::Bool && !isLocked.toBool() ? KeyringState::Open : KeyringState::Locked);
                  });
         });
}

} // namespace mcpcore
