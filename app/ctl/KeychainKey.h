// SPDX-FileCopyrightText: 2026 The Countersign authors
// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once
#include "app/Profile.h"
#include "secrets/ProfileKey.h"

namespace app {

// The key of the profile, for commands that read the log beside its owner. Makes nobody unlock anything: an error says why
// there is none. Runs the event loop until the keychain has answered.
mcpcore::Result<mcpcore::ProfileKey> keychainKeyOf(const Profile &profile);

} // namespace app
