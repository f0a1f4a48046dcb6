// SPDX-FileCopyrightText: 2026 The Countersign authors
// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once
#include "model/Names.h"
#include <QByteArray>
#include <chrono>
#include <optional>

namespace mcpcore {

// An AI app that may connect, known by the token we issued or by its bridge.
struct Client {
    ClientId id;
    QString label;                            // ours or the user's, never what the client says of itself
    QString kind;                             // "cursor", "claude-code", ... or "other"
    QByteArray tokenDigest;                   // SHA-256 of the bearer token; empty = bridge only
    std::optional<EnvironmentId> environment; // none = follows the active environment
    QString bridgeProgram;                    // program above the bridge at its first connection; another one is a stranger
    bool revoked = false;
    std::chrono::milliseconds created{};
    QByteArray formerTokenDigest = {}; // of the token before: who still comes with that one is told apart from strangers
};

// What this run of the gateway has seen of one client. Version and programs are what was claimed or found, not proved.
struct ClientSeen {
    std::chrono::milliseconds at{};         // its newest conversation began
    QString version;                        // of itself, as it says
    QString stranger;                       // another program than the recorded one came through its bridge, until that is accepted
    std::chrono::milliseconds wrongToken{}; // it came with the token before; 0 = not since its last good one
};

// Who is at the other end of one connection to us, as the system tells it. Unverified: a pid can be recycled.
struct Peer {
    enum class Way { Http, Bridge, Terminal };
    Way way = Way::Http;
    qint64 pid = 0;        // 0 = not known
    QString program;       // path of the executable; empty = not known
    bool stranger = false; // came through the bridge of a client from another program than the recorded one
};

} // namespace mcpcore
