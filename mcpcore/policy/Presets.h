// SPDX-FileCopyrightText: 2026 The Countersign authors
// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once
#include "base/Result.h"
#include "model/Rule.h"

namespace mcpcore {

// A few rules under one name, to begin with. They are rules like any other: added to the person's own, and no floor is
// lowered by them.
struct Preset {
    QString name;
    QString sentence; // what it is for, for people
    QList<Rule> rules;
};

// resources/policy/presets.json.
extern const char *const presetsText;
Result<QList<Preset>> presets();

} // namespace mcpcore
