// SPDX-FileCopyrightText: 2026 The Countersign authors
// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once
#include "base/Clock.h"
#include "base/Result.h"
#include "model/Environment.h"
#include <QHash>

namespace mcpcore {

// Which environments of a production kind are open now. They are locked from the start and lock again on time and on
// lockAll() (screen lock, suspend, quit). Lives in the core thread; nothing of it is stored.
class Locks : public QObject
{
    Q_OBJECT
public:
    explicit Locks(const Clock &clock, QObject *parent = nullptr) : QObject(parent), m_clock(clock) {}

    // InvalidArgument unless `span` is 5, 15 or 60 minutes and `reason` has at least 3 characters.
    Result<> unlock(const Environment &environment, std::chrono::minutes span, const QString &reason);
    void lock(const EnvironmentId &environment);
    void lockAll();
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

private:
    const Clock &m_clock;
    QString m_held;
    QHash<EnvironmentId, Milliseconds> m_until; // monotonic
};

} // namespace mcpcore
