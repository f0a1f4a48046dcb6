// SPDX-FileCopyrightText: 2026 The Countersign authors
// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once
#include "base/Clock.h"
#include "base/Json.h"
#include "upstream/CurlLoop.h"
#include "upstream/Upstream.h"

// One connection of ours to a server of the conformance suite, in steps that wait: everything below it is what the app uses.
class Driver
{
public:
    explicit Driver(QString url) : m_url(std::move(url)) {}

    mcpcore::Result<> connect();
    // A request and its result; an error of the server is a failure.
    mcpcore::Result<mcpcore::Json> request(const char *method, const mcpcore::Json &params = mcpcore::Json::object());
    mcpcore::Result<mcpcore::Json> call(const std::string &tool, const mcpcore::Json &arguments = mcpcore::Json::object());
    // The tools as listed, as they are.
    mcpcore::Result<std::vector<mcpcore::RawJson>> tools();

    // Before an elicitation is answered.
    std::function<void()> beforeAnswering;

private:
    void answer(const mcpcore::UpstreamMessage &message);
    mcpcore::Completion<mcpcore::UpstreamAnswer> into(std::optional<mcpcore::Result<mcpcore::UpstreamAnswer>> &slot);

    const QString m_url;
    mcpcore::SystemClock m_clock;
    mcpcore::CurlLoop m_loop;
    std::unique_ptr<mcpcore::Upstream> m_upstream;
    std::map<std::string, mcpcore::RawJson> m_definitions;
};
