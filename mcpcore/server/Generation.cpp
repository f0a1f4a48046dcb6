// SPDX-FileCopyrightText: 2026 The Countersign authors
// SPDX-License-Identifier: GPL-3.0-or-later
#include "server/Generation.h"

namespace mcpcore {

bool isLegacyVersion(std::string_view version)
{
    return version == "2025-11-25" || version == "2025-06-18" || version == "2025-03-26" || version == "2024-11-05";
}

ClientGeneration generationOf(const RequestHead &head, const RawJson &body)
{
    static constexpr std::string_view key = "io.modelcontextprotocol/protocolVersion";
    if (const auto version = head.field("mcp-protocol-version"); version && !isLegacyVersion(*version))
        return ClientGeneration::Modern;
    // Almost no legacy message holds these characters anywhere; only then is it worth looking where they are.
    if (body.view().find(key) == std::string_view::npos)
        return ClientGeneration::Legacy;
    return memberOf(memberOf(memberOf(body, "params"), "_meta"), key).isEmpty() ? ClientGeneration::Legacy : ClientGeneration::Modern;
}

} // namespace mcpcore
