// SPDX-FileCopyrightText: 2026 The Countersign authors
// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once
#include "base/Clock.h"
#include "model/Environment.h"
#include "secrets/SecretStore.h"
#include <QHash>

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
};

} // namespace mcpcore
