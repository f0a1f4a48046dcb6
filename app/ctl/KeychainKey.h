// SPDX-FileCopyrightText: 2026 The Countersign authors
// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once
#include "app/Profile.h"
#include "app/ctl/Invocation.h"
#include "secrets/ProfileKey.h"

namespace app {

// The key of the profile, for commands that read the log beside its owner, from the key file or the keychain. Makes nobody unlock
// anything: an error says why there is none. Of a key file that is so without --passphrase-fd. Runs the event loop until the
// keychain has answered.
mcpcore::Result<mcpcore::ProfileKey> keychainKeyOf(const Invocation &invocation, const Profile &profile);

} // namespace app
