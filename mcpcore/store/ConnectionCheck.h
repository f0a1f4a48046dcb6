// SPDX-FileCopyrightText: 2026 The Countersign authors
// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once
#include "base/Result.h"
#include "model/Workspace.h"

namespace mcpcore {

// Its environments exist, its URLs are https (http on this machine only), its headers and command line can be sent, and
// no secret is among them.
Result<> checkConnection(const Workspace &workspace, const Connection &connection);

} // namespace mcpcore
