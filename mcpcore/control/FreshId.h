// SPDX-FileCopyrightText: 2026 The Countersign authors
// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once
#include <QString>
#include <functional>

namespace mcpcore {

// An id (model/Names.h) that begins as `name` does: "Claude Code" -> claude-code; `otherwise` stands before what begins with no letter,
// and a number behind what is taken.
QString freshId(const QString &name, const QString &otherwise, const std::function<bool(const QString &id)> &isTaken);

} // namespace mcpcore
