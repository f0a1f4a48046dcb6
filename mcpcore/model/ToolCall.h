// SPDX-FileCopyrightText: 2026 The Countersign authors
// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once
#include "base/RawJson.h"
#include "model/Client.h"
#include "model/Environment.h"
#include "model/ToolClass.h"
#include <chrono>
#include <memory>

namespace mcpcore {

// The facts of one call. Immutable once made and shared by pointer, also across threads: policy, card, log and upstream
// look at the same bytes.
struct ToolCall {
    CallId id;
    ClientId client;
    QString clientLabel;
    Peer peer;
    ConnectionId connection;
    QString vendor;
    EnvironmentId environment;
    EnvironmentKind environmentKind = EnvironmentKind::Sandbox;
    QString tool;      // the upstream's name
    QString operation; // what the vendor does; the tool's name where no pack knows better
    ToolClass toolClass = ToolClass::Unknown;
    QByteArray pin;                       // of the tool's definition; empty when the upstream does not list it
    RawJson toolDefinition;               // for the card
    RawJson arguments;                    // as received and as sent; empty when the client sent none
    QByteArray argumentsDigest;           // SHA-256 of those bytes
    RawJson params;                       // the whole `params` object as received
    QString destination;                  // origin or command hash it goes to
    KeyId key;                            // empty when it goes without one
    std::chrono::milliseconds received{}; // wall time
};

using ToolCallPtr = std::shared_ptr<const ToolCall>;

} // namespace mcpcore
