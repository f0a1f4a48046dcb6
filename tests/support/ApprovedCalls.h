// SPDX-FileCopyrightText: 2026 The Countersign authors
// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once
#include "model/ApprovedCall.h"

// Approved calls without a log, for test executables that do not link mcpcore_audit: there this takes the log's place.
namespace mcpcore {

class ActivityLog
{
public:
    static ApprovedCall approve(ToolCallPtr call) { return ApprovedCall(std::move(call)); }
};

} // namespace mcpcore

// A call as a client makes it: `params` as the bytes it sent.
inline mcpcore::ApprovedCall approvedCall(const QString &tool, const QByteArray &params)
{
    auto call = std::make_shared<mcpcore::ToolCall>();
    call->tool = tool;
    call->params = mcpcore::RawJson(params);
    call->arguments = params.isEmpty() ? mcpcore::RawJson() : mcpcore::memberOf(call->params, "arguments");
    return mcpcore::ActivityLog::approve(std::move(call));
}
