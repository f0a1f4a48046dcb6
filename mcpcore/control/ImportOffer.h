// SPDX-FileCopyrightText: 2026 The Countersign authors
// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once
#include "base/JsonFwd.h"
#include "clientconfig/ImportScan.h"
#include "model/Workspace.h"

namespace mcpcore {

// Where the calls of a server go, and how it gets its key.
struct ImportTarget {
    QString url = {};
    QString auth = {};                           // as of "connection add"
    QList<QPair<QString, QString>> headers = {}; // fixed
    QStringList command = {};                    // program and arguments, where it is none of an address
    QString secretVariable = {};                 // of the program
    QStringList notes = {};                      // what is different then; sentences

    // The program of the command where it is not on this computer; empty where it is.
    QString missingProgram() const;
    // "https://mcp.example.com", "npx -y @example/mcp".
    QString text() const { return url.isEmpty() ? command.join(QLatin1Char(' ')) : url; }
};

// The same program or address without the key in it. An error says why there is none, and what to do. `pack`: of its vendor, or null.
Result<ImportTarget> importTargetOf(const FoundServer &server, const Pack *pack);

// How a server of a client's file would be a connection: the same program or address, with its key out of the file. A plain value.
struct ImportOffer {
    QString trouble = {};                   // why it cannot be one, and what to do; a sentence. The rest is empty then
    ConnectionId connection = {};           // its name, or that of the one that is there
    bool isThere = false;                   // a connection goes there with this very key already: it is used
    QList<EnvironmentId> environments = {}; // where it may be
    EnvironmentId environment = {};         // the one that the key says; empty: a person has to
    std::optional<qsizetype> key = {};      // in ImportScan::keys
    QString vendor = {};                    // pack; may be empty
    ImportTarget target = {};

    // The parameters of "connection add".
    Json added(const ConnectionId &connection, const EnvironmentId &environment) const;
};

// What an offer is made from. `fingerprintOf`: tells keys apart (ProfileSeal), empty where it cannot.
struct ImportKnowledge {
    const Workspace &workspace;
    const QList<Pack> &packs;
    std::function<QByteArray(const Secret &key)> fingerprintOf;
};

// `taken`: ids of connections that others of the same import will have.
ImportOffer offerFor(const FoundServer &server, const ImportScan &scan, const ImportKnowledge &known, const QList<ConnectionId> &taken);

} // namespace mcpcore
