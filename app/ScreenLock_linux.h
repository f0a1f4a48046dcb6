// SPDX-FileCopyrightText: 2026 The Countersign authors
// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once
#include "app/ScreenLock.h"
#include <QDBusConnection>
#include <QDBusMessage>
#include <QDBusServiceWatcher>
#include <QDBusUnixFileDescriptor>
#include <functional>

namespace app {

// logind on the system bus (sleep, and the lock of our session) and the screen savers of desktops on the session bus. Asks
// without waiting; a bus that is not there is not an error. Owned by ScreenLock.
class ScreenWatch final : public QObject
{
    Q_OBJECT
public:
    explicit ScreenWatch(ScreenLock &lock);
    ~ScreenWatch() override;
    const QStringList &heard() const { return m_heard; }
    void letSleep();

private Q_SLOTS: // by name: QtDBus takes no others
    void onPrepareForSleep(bool sleeps);
    void onLock();
    void onUnlock();
    void onProperties(const QString &interface, const QVariantMap &changed, const QStringList &invalidated);
    void onActiveChanged(bool isLocked);

private:
    void ask(QDBusConnection &bus, QDBusMessage call, std::function<void(const QDBusMessage &)> done, std::function<void()> refused = {});
    void setHeard(const QString &what, bool isHeard);
    void delaySleep();
    void findSession();
    void follow(const QString &session);

    ScreenLock &m_lock;
    QDBusConnection m_system, m_session;
    QDBusServiceWatcher m_savers;
    QDBusUnixFileDescriptor m_delay; // while we hold it, the computer waits before it sleeps
    QStringList m_heard;
};

} // namespace app
