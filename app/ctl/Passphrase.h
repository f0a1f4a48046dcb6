// SPDX-FileCopyrightText: 2026 The Countersign authors
// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once
#include "app/Profile.h"
#include "app/ctl/Invocation.h"

namespace app {

enum class Prompt {
    Current, // of the key file that is there
    New,     // typed twice
};

// One line from --passphrase-fd where that was given, else from the terminal, where it is not shown. NeedsPerson when there is
// neither.
mcpcore::Result<mcpcore::Secret> askPassphrase(const Invocation &invocation, Prompt prompt);

// What a process that becomes the owner of the profile gives to open the key file: empty where there is none, and for commands that
// need no key. They are not asked for anything.
mcpcore::Result<mcpcore::Secret> passphraseFor(const Invocation &invocation, const Profile &profile);

} // namespace app
