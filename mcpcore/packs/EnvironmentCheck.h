// SPDX-FileCopyrightText: 2026 The Countersign authors
// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once
#include "base/RawJson.h"
#include "model/Workspace.h"
#include "packs/Pack.h"

namespace mcpcore {

// Three sources say which environment a call is for: the slot, its key, and the arguments (DESIGN 4, step 4). They must
// agree before anything is sent; afterwards the answer must agree too. Pure; errors are sentences for people and clients.
struct CheckedSlot {
    const Pack *pack;     // of the vendor; null when none is known
    const KeyRecord *key; // null when calls go without one
    ConnectionId connection;
    Environment environment;
};

// The vendor has such an environment, and the key is for it and has not ended at `now` (wall time).
Result<> checkKeyOf(const CheckedSlot &slot, std::chrono::milliseconds now);
// `arguments` as the client sent them; empty when there are none.
Result<> checkArguments(const CheckedSlot &slot, const RawJson &arguments);
// "Stripe answered livemode true to a sandbox call." Empty when the answer agrees or says nothing. One pass over the bytes.
QString contradictionIn(const CheckedSlot &slot, const QString &tool, const RawJson &result);

} // namespace mcpcore
