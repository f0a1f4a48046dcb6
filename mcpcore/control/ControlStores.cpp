// SPDX-FileCopyrightText: 2026 The Countersign authors
// SPDX-License-Identifier: GPL-3.0-or-later
#include "base/Json.h"
#include "control/Control.h"
#include "secrets/KeyRing.h"
#include "store/WorkspaceFile.h"

// Where keys are kept: the OS keychain or the encrypted file of the profile.

namespace mcpcore {

void Control::addStoreCommands()
{
    m_commands[QStringLiteral("key move")] = {&Control::moveKeys, {}};
}

void Control::moveKeys(const Json &parameters, Completion<Json> done)
{
    const QString to = stringAt(parameters, "to", {});
    if (to != QLatin1String("keychain") && to != QLatin1String("file"))
        return done(failure(Error::Kind::InvalidArgument, QStringLiteral("Say where to: keychain or file.")));
    if (to != m_services.keys.storeKind())
        return done(failure(Error::Kind::InvalidArgument,
                            QStringLiteral("This version keeps keys in the %1 only. Nothing was moved.").arg(m_services.keys.storeKind())));
    done(Json{{"store", to}, {"moved", 0}, {"keys", workspace().keys.size()}});
}

} // namespace mcpcore
