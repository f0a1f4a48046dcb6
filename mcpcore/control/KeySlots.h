// SPDX-FileCopyrightText: 2026 The Countersign authors
// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once
#include "base/JsonFwd.h"
#include "base/Result.h"
#include "packs/KeyRules.h"
#include "packs/VerifyAnswer.h"

// What the commands about keys share: whom the parameters name, and the sentences about a vendor's word.

namespace mcpcore {

// Which key is meant: of a connection that takes one, in one of its environments. Points into the workspace and the packs.
struct SlotAt {
    const Connection *connection;
    const Environment *environment;
    const Pack *pack; // of the vendor; null when none is known
};

// NotFound, or InvalidArgument with the reason of the pack where the vendor has no such environment.
Result<SlotAt> slotAt(const QList<Pack> &packs, const Workspace &workspace, const Json &parameters);
Result<std::optional<ClientId>> clientAt(const Workspace &workspace, const Json &parameters);

// All keys of the person, for the rules about keys that serve two slots.
QList<OtherKey> otherKeys(const QList<Pack> &packs, const Workspace &workspace);

inline constexpr char kNobodyToAsk[] = "Not verified: for this connection there is no vendor to be asked.";
// "Key refused: Stripe does not accept it (401). ..."
Error refusedBy(const Pack &pack, EnvironmentKind kind, const VerifyAnswer &answer);
// Adds by what the person may recognise the account.
void addTells(const VerifyAnswer &answer, Json &out);

} // namespace mcpcore
