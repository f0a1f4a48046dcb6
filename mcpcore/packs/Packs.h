// SPDX-FileCopyrightText: 2026 The Countersign authors
// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once
#include "base/Result.h"
#include "packs/Pack.h"
#include <vector>

namespace mcpcore {

// The texts of resources/packs, as they were when the program was built.
const std::vector<const char *> &packTexts();
// The packs of this program, in the order of their ids.
Result<QList<Pack>> builtInPacks();
// The pack of the vendor of this connection, by its name or by the address it goes to; null when none is known.
const Pack *packOf(const QList<Pack> &packs, const Connection &connection, const EnvironmentId &environment);
// The pack with this id, or null.
const Pack *find(const QList<Pack> &packs, const QString &id);

} // namespace mcpcore
