// SPDX-FileCopyrightText: 2026 The Countersign authors
// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once
#include "control/ClientImports.h"

namespace mcpcore {

// One import on its way.
struct ClientImports::Run {
    struct Server {
        const FoundServer *found;
        ImportOffer offer;
        ConnectionId connection;
        EnvironmentId environment;
        bool added = false; // the connection, by this run
        QString key = {};   // id of the one that it has; empty: none
        bool set = false;   // the key, by this run
        QString note = {};
    };
    Target target;
    bool unverified = false;
    ScannedFile file;
    std::vector<Server> servers;
    size_t next = 0;
    bool isConnected = false; // the file has our entry already
    bool couldComeIn = false; // the client, when this began
    std::optional<Client> before = {};
    bool admitted = false;
    QString token = {};
    Completion<Json> done = {};
};

} // namespace mcpcore
