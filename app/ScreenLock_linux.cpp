// SPDX-FileCopyrightText: 2026 The Countersign authors
// SPDX-License-Identifier: GPL-3.0-or-later
#include "app/ScreenLock_linux.h"
#include "app/ScreenLock.h"
#include <QDBusPendingCallWatcher>
#include <QDBusPendingReply>
#include <QDBusUnixFileDescriptor>
#include <unistd.h>

namespace app {

namespace {

const QString kLogin = QStringLiteral("org.freedesktop.login1");
const QString kLoginPath = QStringLiteral("/org/freedesktop/login1");
const QString kManager = QStringLiteral("org.freedesktop.login1.Manager");
const QString kSession = QStringLiteral("org.freedesktop.login1.Session");
const QString kProperties = QStringLiteral("org.freedesktop.DBus.Properties");
// Desktops that have a screen saver of their own tell of it by the same signal under their own names.
const QStringList kScreenSavers{QStringLiteral("org.freedesktop.ScreenSaver"), QStringLiteral("org.gnome.ScreenSaver"),
                                QStringLiteral("org.mate.ScreenSaver"), QStringLiteral("org.cinnamon.ScreenSaver"),
                                QStringLiteral("org.xfce.ScreenSaver")};

} // namespace

ScreenLock::ScreenLock(QObject *parent) : QObject(parent), m_watch(std::make_unique<ScreenWatch>(*this)) {}

ScreenLock::~ScreenLock() = default;

QStringList ScreenLock::heard() const
{
    return m_watch->heard();
}

void ScreenLock::letSleep()
{
    m_watch->letSleep();
}

// Connections of its own: nobody else's matches and names are on them.
ScreenWatch::ScreenWatch(ScreenLock &lock)
    : m_lock(lock),
      m_system(QDBusConnection::connectToBus(QDBusConnection::SystemBus, QStringLiteral("countersign.login"))),
      m_session(QDBusConnection::connectToBus(QDBusConnection::SessionBus, QStringLiteral("countersign.screensaver")))
{
    if (m_system.isConnected()) {
        m_system.connect(kLogin, kLoginPath, kManager, QStringLiteral("PrepareForSleep"), this, SLOT(onPrepareForSleep(bool)));
        delaySleep();
        findSession();
    }
    if (!m_session.isConnected())
        return;
    for (const QString &saver : kScreenSavers) {
        m_session.connect(saver, {}, saver, QStringLiteral("ActiveChanged"), this, SLOT(onActiveChanged(bool)));
        QDBusMessage owned = QDBusMessage::createMethodCall(QStringLiteral("org.freedesktop.DBus"), QStringLiteral("/org/freedesktop/DBus"),
                                                            QStringLiteral("org.freedesktop.DBus"), QStringLiteral("NameHasOwner"));
        owned.setArguments({saver});
        ask(m_session, owned, [this, saver](const QDBusMessage &answer) {
            setHeard(QStringLiteral("screen lock (%1)").arg(saver), answer.arguments().value(0).toBool());
        });
    }
    m_savers.setConnection(m_session);
    m_savers.setWatchedServices(kScreenSavers);
    m_savers.setWatchMode(QDBusServiceWatcher::WatchForOwnerChange);
    connect(&m_savers, &QDBusServiceWatcher::serviceOwnerChanged, this, [this](const QString &saver, const QString &, const QString &now) {
        setHeard(QStringLiteral("screen lock (%1)").arg(saver), !now.isEmpty());
    });
}

ScreenWatch::~ScreenWatch()
{
    QDBusConnection::disconnectFromBus(m_system.name());
    QDBusConnection::disconnectFromBus(m_session.name());
}

void ScreenWatch::ask(QDBusConnection &bus, QDBusMessage call, std::function<void(const QDBusMessage &)> done,
                      std::function<void()> refused)
{
    call.setAutoStartService(false);
    auto *watcher = new QDBusPendingCallWatcher(bus.asyncCall(call, 5000), this);
    connect(watcher, &QDBusPendingCallWatcher::finished, this,
            [done = std::move(done), refused = std::move(refused)](QDBusPendingCallWatcher *answered) {
                answered->deleteLater();
                if (!answered->isError())
                    done(answered->reply());
                else if (refused)
                    refused();
            });
}

void ScreenWatch::setHeard(const QString &what, bool isHeard)
{
    if (isHeard == m_heard.contains(what))
        return;
    if (isHeard)
        m_heard.append(what);
    else
        m_heard.removeAll(what);
    Q_EMIT m_lock.heardChanged();
}

// The computer waits for us a moment before it sleeps: what is unlocked and the keys in memory do not outlive it.
void ScreenWatch::delaySleep()
{
    QDBusMessage inhibit = QDBusMessage::createMethodCall(kLogin, kLoginPath, kManager, QStringLiteral("Inhibit"));
    inhibit.setArguments({QStringLiteral("sleep"), QStringLiteral("Countersign"),
                          QStringLiteral("Production is locked before the computer sleeps"), QStringLiteral("delay")});
    ask(m_system, inhibit, [this](const QDBusMessage &answer) {
        m_delay = answer.arguments().value(0).value<QDBusUnixFileDescriptor>();
        setHeard(QStringLiteral("suspend (logind)"), true);
    });
}

void ScreenWatch::letSleep()
{
    m_delay = {};
}

// Ours is the session we were started in; a program that the user's own service manager started is in none, and belongs
// to the one the user looks at.
void ScreenWatch::findSession()
{
    const auto found = [this](const QDBusMessage &answer) {
        const QVariant first = answer.arguments().value(0);
        follow(first.value<QDBusObjectPath>().path());
    };
    const QString id = qEnvironmentVariable("XDG_SESSION_ID");
    QDBusMessage session = QDBusMessage::createMethodCall(kLogin, kLoginPath, kManager,
                                                          id.isEmpty() ? QStringLiteral("GetSessionByPID") : QStringLiteral("GetSession"));
    session.setArguments({id.isEmpty() ? QVariant(uint(::getpid())) : QVariant(id)});
    ask(m_system, session, found, [this] {
        QDBusMessage user = QDBusMessage::createMethodCall(kLogin, kLoginPath, kManager, QStringLiteral("GetUser"));
        user.setArguments({uint(::getuid())});
        ask(m_system, user, [this](const QDBusMessage &answer) {
            QDBusMessage display = QDBusMessage::createMethodCall(kLogin, answer.arguments().value(0).value<QDBusObjectPath>().path(),
                                                                  kProperties, QStringLiteral("Get"));
            display.setArguments({QStringLiteral("org.freedesktop.login1.User"), QStringLiteral("Display")});
            ask(m_system, display, [this](const QDBusMessage &shown) {
                const auto pair = shown.arguments().value(0).value<QDBusVariant>().variant().value<QDBusArgument>();
                QString name;
                QDBusObjectPath path;
                pair.beginStructure();
                pair >> name >> path;
                pair.endStructure();
                follow(path.path());
            });
        });
    });
}

void ScreenWatch::follow(const QString &session)
{
    if (session.size() < 2) // "/": there is none
        return;
    m_system.connect(kLogin, session, kSession, QStringLiteral("Lock"), this, SLOT(onLock()));
    m_system.connect(kLogin, session, kSession, QStringLiteral("Unlock"), this, SLOT(onUnlock()));
    m_system.connect(kLogin, session, kProperties, QStringLiteral("PropertiesChanged"), this,
                     SLOT(onProperties(QString, QVariantMap, QStringList)));
    setHeard(QStringLiteral("screen lock (logind)"), true);
}

void ScreenWatch::onPrepareForSleep(bool sleeps)
{
    if (sleeps) {
        Q_EMIT m_lock.happened(ScreenLock::Event::Sleeps);
    } else {
        delaySleep();
        Q_EMIT m_lock.over();
    }
}

void ScreenWatch::onLock()
{
    onActiveChanged(true);
}

void ScreenWatch::onUnlock()
{
    onActiveChanged(false);
}

void ScreenWatch::onProperties(const QString &interface, const QVariantMap &changed, const QStringList &)
{
    if (interface == kSession && changed.contains(QStringLiteral("LockedHint")))
        onActiveChanged(changed.value(QStringLiteral("LockedHint")).toBool());
}

void ScreenWatch::onActiveChanged(bool isLocked)
{
    if (isLocked)
        Q_EMIT m_lock.happened(ScreenLock::Event::Locked);
    else
        Q_EMIT m_lock.over();
}

} // namespace app
