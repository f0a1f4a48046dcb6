// SPDX-FileCopyrightText: 2026 The Countersign authors
// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once
#include "base/Clock.h"
#include "base/Result.h"
#include "model/Environment.h"
#include <QHash>

namespace mcpcore {

// Why an environment was locked.
enum class LockCause { Person, Time, ScreenLock, Suspend, Pause, Removed, Quit };
// "Locked production: the screen was locked."
QString sentenceOf(const EnvironmentId &environment, LockCause cause);

// Which environments of a production kind are open now. They are locked from the start and lock again on time, when the
// computer slept, and on lockAll() (screen lock, suspend, pause, quit). Lives in the core thread; nothing of it is stored.
class Locks : public QObject
{
    Q_OBJECT
public:
    explicit Locks(const Clock &clock, QObject *parent = nullptr) : QObject(parent), m_clock(clock) {}

    // InvalidArgument unless `span` is 5, 15 or 60 minutes and `reason` has at least 3 characters.
    Result<> unlock(const Environment &environment, std::chrono::minutes span, const QString &reason);
    void lock(const EnvironmentId &environment, LockCause cause);
    void lockAll(LockCause cause);
    // Nothing at all is sent: `why` says so to people and clients. Unlike a pause it is not stored and ends by itself.
    void hold(const QString &why) { m_held = why; }
    void release() { m_held.clear(); }
    bool isHeld() const { return !m_held.isEmpty(); }
    const QString &heldBecause() const { return m_held; }
    // Only a production kind is ever locked.
    bool isLocked(const Environment &environment) const;
    // Wall time; zero when it is locked or cannot be.
    Milliseconds unlockedUntil(const EnvironmentId &environment) const;

Q_SIGNALS:
    void changed(const mcpcore::EnvironmentId &environment);
    // It was open and is not any more; before changed().
    void locked(const mcpcore::EnvironmentId &environment, mcpcore::LockCause cause);

private:
    struct Opened {
        Milliseconds until;  // monotonic
        Milliseconds asleep; // how long the computer had slept by then
    };
    bool slept(const Opened &opened) const;
    bool isOpen(const EnvironmentId &environment) const;
    void watchSleep();

    const Clock &m_clock;
    QString m_held;
    QHash<EnvironmentId, Opened> m_opened;
    bool m_watching = false;
};

} // namespace mcpcore
