// SPDX-FileCopyrightText: 2026 The Countersign authors
// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once
#include "model/Names.h"
#include <optional>

namespace mcpcore {

// Names of tools on /mcp: `{connection}__{tool}` in the environment "sandbox", `{connection}_live__{tool}` in "production",
// `{connection}_{environment}__{tool}` in any other, so that a name learnt in one environment can never act on another.
// Over 64 characters: cut, and 8 hexadecimal digits of the whole name's SHA-256.
QString exposedToolName(const ConnectionId &connection, const EnvironmentId &environment, const QString &tool);

// Where such a name points: the connection and the environment before the first "__". None when the form is another.
struct ToolPrefix {
    ConnectionId connection;
    EnvironmentId environment;
};
std::optional<ToolPrefix> prefixOf(const QString &exposedName);

} // namespace mcpcore
