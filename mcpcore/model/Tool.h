// SPDX-FileCopyrightText: 2026 The Countersign authors
// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once
#include "base/RawJson.h"
#include "model/Names.h"
#include "model/ToolClass.h"

namespace mcpcore {

// What the person accepted for one tool of one connection in one environment. The pin is the SHA-256 of the canonical form
// of everything a model or the policy sees of the tool; the class is part of what was accepted.
struct ToolTrust {
    ConnectionId connection;
    EnvironmentId environment;
    QString tool;
    QByteArray pin;
    ToolClass toolClass = ToolClass::Unknown;
};

// A tool as an upstream lists it now. Only Trusted ones are listed to clients and callable.
struct Tool {
    enum class State { Quarantined, Trusted, Changed };
    QString name;       // the upstream's
    RawJson definition; // bytes as received
    QByteArray pin;
    State state = State::Quarantined;
    ToolClass toolClass = ToolClass::Unknown; // accepted at trust time
};

} // namespace mcpcore
