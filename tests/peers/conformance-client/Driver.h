// SPDX-FileCopyrightText: 2026 The Countersign authors
// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once
#include "base/Clock.h"
#include "base/Json.h"
#include "secrets/KeyRing.h"
#include "support/MemoryStore.h"
#include "upstream/Upstream.h"
#include "upstream/signin/SignIn.h"

// One connection of ours to a server of the conformance suite, in steps that wait: everything below it is what the app uses.
class Driver
{
public:
    // `auth` says whether somebody has to sign in to it.
    Driver(const QString &url, const mcpcore::HttpAuth &auth);

    mcpcore::Result<> connect();
    // The whole sign-in, with a browser in which the person agrees at once. `clientSecret` of a client that is registered already.
    mcpcore::Result<> signIn(const std::string &clientSecret);
    // The server refused what it was sent, for want of a sign-in or of scopes, since the last sign-in.
    bool wantsSignIn() const { return m_wantsSignIn; }
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

    template <typename T> mcpcore::Result<T> wait(const std::function<void(mcpcore::Completion<T>)> &ask);

    const mcpcore::Environment m_environment{{QStringLiteral("sandbox")}, mcpcore::EnvironmentKind::Sandbox};
    mcpcore::Connection m_connection;
    mcpcore::SystemClock m_clock;
    mcpcore::SystemIds m_ids{m_clock};
    MemoryStore m_store;
    mcpcore::KeyRing m_keys{m_store, m_clock};
    mcpcore::CurlLoop m_loop;
    mcpcore::SignIn m_signIn{m_loop, m_keys, m_clock, m_ids};
    bool m_wantsSignIn = false;
    std::unique_ptr<mcpcore::Upstream> m_upstream;
    std::map<std::string, mcpcore::RawJson> m_definitions;
};
