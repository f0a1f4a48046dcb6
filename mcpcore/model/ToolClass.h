// SPDX-FileCopyrightText: 2026 The Countersign authors
// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once
#include <QString>
#include <optional>

namespace mcpcore {

// What a tool or operation does, as far as a person or a pack has said (DESIGN 1).
enum class ToolClass { Read, ReadPersonal, Write, Change, Destructive, Money, Secret, Control, Unknown };

QString toText(ToolClass toolClass); // "read", "read-personal", ...
std::optional<ToolClass> toolClassFrom(const QString &text);

} // namespace mcpcore
