// SPDX-FileCopyrightText: 2026 The Countersign authors
// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once
#include "ui/shell/ConnectionWishes.h"

namespace app {

// The packs of this program as the windows see them.
QList<ui::Vendor> knownVendors();

} // namespace app
