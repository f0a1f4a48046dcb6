// SPDX-FileCopyrightText: 2026 The Countersign authors
// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once
#include "app/practice/Business.h"
#include "base/RawJson.h"
#include "protocol/Message.h"

namespace app {

// The practice business as an MCP server (2025-11-25 and before): one message in, at most one out. One thread.
class PracticeServer
{
public:
    static mcpcore::Result<PracticeServer> open(Business business);
    // The answer to one line of input; empty when none is due.
    QByteArray receive(const QByteArray &line);

private:
    PracticeServer(Business business, QByteArray listing);
    QByteArray answer(const mcpcore::Message &request);
    mcpcore::Result<QByteArray> initialize(const mcpcore::RawJson &params) const;
    mcpcore::Result<QByteArray> callTool(const mcpcore::RawJson &params);

    Business m_business;
    QByteArray m_listing; // {"tools":[...]}
};

} // namespace app
