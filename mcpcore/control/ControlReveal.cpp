// SPDX-FileCopyrightText: 2026 The Countersign authors
// SPDX-License-Identifier: GPL-3.0-or-later
#include "audit/ActivityLog.h"
#include "control/Control.h"
#include "control/ProfileSeal.h"
#include "secrets/KeyRing.h"
#include "secrets/ProfileStore.h"
#include "store/WorkspaceFile.h"

namespace mcpcore {

// No command: nothing that comes over the control socket leads here.
void Control::revealKey(const KeyId &id, Sight sight, Proof proof, Completion<Secret> done)
{
    if (proof.by == Proof::By::Login || !m_services.store || !m_services.store->isInFile())
        return giveOut(id, sight, std::move(done));
    if (proof.passphrase.isEmpty())
        return done(failure(Error::Kind::NeedsPerson, QStringLiteral("Give the passphrase of the key file.")));
    m_services.store->check(std::move(proof.passphrase),
                            Completion<>(this, [this, id, sight, done = std::move(done)](Result<> right) mutable {
                                if (!right)
                                    return done(failure(right.error()));
                                giveOut(id, sight, std::move(done));
                            }));
}

// The row is durable before the key is given out.
void Control::giveOut(const KeyId &id, Sight sight, Completion<Secret> done)
{
    const auto &keys = workspace().keys;
    const auto key = std::find_if(keys.begin(), keys.end(), [&](const KeyRecord &one) { return one.id == id; });
    if (key == keys.end())
        return done(failure(Error::Kind::NotFound, QStringLiteral("Not shown: this key is gone.")));
    if (m_services.seal.isHeld())
        return done(failure(Error::Kind::SecretUnavailable, m_services.seal.text()));
    const Connection *connection = find(workspace(), key->connection);
    const Environment *environment = find(workspace(), key->environment);
    const QString destination = connection ? destinationOf(*connection, key->environment) : QString();
    if (!environment || destination.isEmpty())
        return done(failure(Error::Kind::NotFound, QStringLiteral("Not shown: its connection is gone. Delete the key.")));
    const QString what =
        sight == Sight::Shown ? QStringLiteral("The key %1 of %2 in %3 was shown.") : QStringLiteral("The key %1 of %2 in %3 was copied.");
    const LogRow row{LogRow::Kind::Key, {}, what.arg(id.text, key->connection.text, key->environment.text), {}};
    // Never from what is held in memory: a key that was taken out of the store is not shown.
    m_services.keys.read(id, EnvironmentKind::Production, destination,
                         Completion<Secret>(this, [this, row, done = std::move(done)](Result<Secret> secret) mutable {
                             if (!secret)
                                 return done(failure(secret.error()));
                             m_services.log.append(
                                 row, Completion<>(this, [secret = std::move(*secret), done = std::move(done)](Result<> recorded) mutable {
                                     if (!recorded)
                                         return done(failure(recorded.error()));
                                     done(std::move(secret));
                                 }));
                         }));
}

} // namespace mcpcore
