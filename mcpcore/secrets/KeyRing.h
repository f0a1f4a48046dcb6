// SPDX-FileCopyrightText: 2026 The Countersign authors
// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once
#include "base/Clock.h"
#include "model/Environment.h"
#include "secrets/SecretStore.h"
#include <map>

namespace mcpcore {

// Keys of vendors. The stored item holds the secret beside the one destination it may be given to (model/Connection.h
// destinationOf); both are compared before each use. Sandbox and staging keys stay in memory for at most 5 idle minutes,
// production keys are read each time; dropAll() on lock, pause and suspend. Lives in the core thread.
class KeyRing : public QObject
{
    Q_OBJECT
public:
    KeyRing(SecretStore &store, const Clock &clock, QObject *parent = nullptr);

    // SecretUnavailable when the store fails, NotFound when there is no such key, Conflict when it was set for another
    // destination (the endpoint or command changed since).
    void read(const KeyId &key, EnvironmentKind kind, const QString &destination, Completion<Secret> done);
    void write(const KeyId &key, Secret secret, const QString &destination, Completion<> done);
    void remove(const KeyId &key, Completion<> done);
    void dropAll();
    QString storeKind() const;

private:
    struct Held {
        Secret secret;
        QString destination;
        Milliseconds lastUse{}; // monotonic
    };
    void hold(const KeyId &key, Secret secret, const QString &destination);
    void dropIdle();
    void dropIdleIn(Milliseconds delay);
    void forget(const KeyId &key);

    SecretStore &m_store;
    const Clock &m_clock;
    std::map<KeyId, Held> m_held;
    bool m_timerRuns = false;
    quint64 m_generation = 0; // what was read from the store before a change here is not held
};

} // namespace mcpcore
