// SPDX-FileCopyrightText: 2026 The Countersign authors
// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once
#include "model/Names.h"
#include <optional>

namespace mcpcore {

// The kind decides colour, default policy and floors; the name is the user's.
enum class EnvironmentKind { Sandbox, Staging, Production };

QString toText(EnvironmentKind kind);
std::optional<EnvironmentKind> environmentKindFrom(const QString &text);

struct Environment {
    EnvironmentId id;
    EnvironmentKind kind = EnvironmentKind::Sandbox;
};

} // namespace mcpcore
