// SPDX-FileCopyrightText: 2026 The Countersign authors
// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once
#include "ui/shell/Desk.h"
#include <optional>

namespace ui {

// What has become of a call since a person was asked: nothing yet, how the question ended, what the upstream did.
struct CallFate {
    std::optional<mcpcore::ApprovalEnd> end;
    std::optional<Desk::CallState> state;
    QString detail;
    std::chrono::milliseconds took{};
    std::chrono::milliseconds since{}; // wall time of the last change
};

} // namespace ui
