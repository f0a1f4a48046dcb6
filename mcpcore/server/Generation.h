// SPDX-FileCopyrightText: 2026 The Countersign authors
// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once
#include "base/RawJson.h"
#include "server/RequestHead.h"

namespace mcpcore {

// The two ways of MCP over HTTP: with initialize and sessions (2024-11-05 to 2025-11-25), or stateless (2026-07-28).
enum class ClientGeneration { Legacy, Modern };

bool isLegacyVersion(std::string_view version);
// Decided by what a request holds, not by its method (facts/protocol b1): modern when its params carry
// _meta["io.modelcontextprotocol/protocolVersion"], or its MCP-Protocol-Version field names none of the legacy versions.
ClientGeneration generationOf(const RequestHead &head, const RawJson &body);

} // namespace mcpcore
