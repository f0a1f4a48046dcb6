// SPDX-FileCopyrightText: 2026 The Countersign authors
// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once
#include "app/Profile.h"
#include "base/JsonFwd.h"

namespace app {

// Asks the owner of the profile over control.sock to do the command. None when nobody listens there: the caller may take
// the lock and do it itself. Waits for the answer without a limit: a person may have to confirm.
std::optional<mcpcore::Result<mcpcore::Json>> askOwner(const Profile &profile, const QString &command, const mcpcore::Json &parameters);

} // namespace app
