// SPDX-FileCopyrightText: 2026 The Countersign authors
// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once
#include <string>

namespace app {

// Who we are for the app. Everything is checked before it gets here, so it needs no escaping.
struct BridgeIdentity {
    std::string profile;
    std::string client;
    std::string connection;  // empty: everything the client may use
    std::string environment; // set if and only if the connection is
};

// The outcome of one attempt to reach the app: a connected, non-blocking socket, or why not.
struct Attempt {
    int socket = -1;
    std::string problem;
    bool mayPass = false; // trying again in a moment makes sense: the app may be starting
};

Attempt connectToApp(const BridgeIdentity &identity);

// The first line we send. The app answers {"ok":true} or {"error":{"message":...}}.
std::string greeting(const BridgeIdentity &identity);

// The text of "message" in the app's refusal, as a JSON string with its quotes.
std::string messageOf(const std::string &refusal);

} // namespace app
