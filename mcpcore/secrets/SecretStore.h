// SPDX-FileCopyrightText: 2026 The Countersign authors
// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once
#include "base/Completion.h"
#include "base/Secret.h"

namespace mcpcore {

// Where keys are kept: the OS keychain, or an encrypted file. Asynchronous; every request is answered, at the latest
// after the store's own timeout, with SecretUnavailable and what to do.
class SecretStore
{
public:
    virtual ~SecretStore() = default;
    // NotFound only when the store is open and has no such item; a locked or silent store is SecretUnavailable.
    virtual void read(const QString &name, Completion<Secret> done) = 0;
    virtual void write(const QString &name, Secret secret, Completion<> done) = 0;
    // Removing what is not there is no error.
    virtual void remove(const QString &name, Completion<> done) = 0;
    // Locked when reading would have to ask a person to unlock the store first, or would get no answer. Asks nobody itself.
    virtual void probe(Completion<> done) = 0;
    // "keychain" or "file", for records and display.
    virtual QString kind() const = 0;
};

} // namespace mcpcore
