// SPDX-FileCopyrightText: 2026 The Countersign authors
// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once
#include "model/ToolCall.h"

namespace mcpcore {

class ActivityLog;

// Proof that a call was decided for and that its intent is durable in the activity log. Only ActivityLog makes one, after
// the commit; only an upstream consumes it. So a call that was not approved or not recorded does not compile.
class ApprovedCall
{
public:
    ApprovedCall(ApprovedCall &&) noexcept = default;
    ApprovedCall &operator=(ApprovedCall &&) noexcept = default;

    const ToolCall &call() const { return *m_call; }

private:
    friend class ActivityLog;
    explicit ApprovedCall(ToolCallPtr call) : m_call(std::move(call)) {}
    ToolCallPtr m_call;
};

} // namespace mcpcore
