// SPDX-FileCopyrightText: 2026 The Countersign authors
// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once
#include "packs/Pack.h"
#include "ui/shell/ConnectionWishes.h"

namespace app {

// The packs as the windows see them.
QList<ui::Vendor> knownVendors(const QList<mcpcore::Pack> &packs);

} // namespace app
