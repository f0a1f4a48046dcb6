// SPDX-FileCopyrightText: 2026 The Countersign authors
// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once
#include "model/Environment.h"
#include "model/Tool.h"
#include "model/Workspace.h"
#include <QMap>
#include <QStringList>
#include <optional>

// Plain values between the connections page and the core, beside those of mcpcore/model.

namespace ui {

// What the pack of a vendor says of it.
struct Vendor {
    struct Place {
        QString impossible; // why there is nothing for such an environment; empty: there is
        QString keysPage;   // where a person makes and revokes keys; may be empty
        QString keysSteps;
        QString server; // address of its MCP server; empty: it has none
    };
    // A program of the vendor that speaks MCP.
    struct Program {
        QStringList command;
        QString secretVariable;
        QString discloses; // to whom it gives the key or data besides the vendor; may be empty
        QList<mcpcore::EnvironmentKind> environments;
    };
    QString id, name;
    QMap<mcpcore::EnvironmentKind, Place> places;
    QStringList questions; // of keys that look like those of another vendor
    QStringList ways;      // to its server: "bearer", "oauth", "header:NAME"; the first is the usual one
    QList<Program> programs;
};

// Where keys are kept, and whether they can be read now.
struct KeyStore {
    bool inFile = false;
    bool locked = false;
    QString trouble; // why they cannot be read; a sentence; empty: they can

    friend bool operator==(const KeyStore &, const KeyStore &) = default;
};

// What a person gave for a key, beside the key.
struct KeyWish {
    enum class Check { WithVendor, NotAtAll };
    mcpcore::ConnectionId connection;
    mcpcore::EnvironmentId environment;
    mcpcore::ClientId client; // empty: for all
    QString label;
    QString madeBy; // id of a vendor; empty: not said
    Check check = Check::WithVendor;
    int rotationDays = mcpcore::kUsualRotationDays; // a reminder comes after so many; 0: never
};

// A tool as its server lists it now. All texts are the server's.
struct ListedTool {
    QString name, title, description;
    QString pin; // of exactly this definition
    mcpcore::Tool::State state = mcpcore::Tool::State::Quarantined;
    mcpcore::ToolClass accepted = mcpcore::ToolClass::Unknown; // when it is trusted
    // What its annotations claim; none where they are silent.
    std::optional<bool> readOnly, destructive, openWorld;
    QStringList arguments; // names
    // All of its definition: what it says of itself, and the rest as JSON.
    struct Definition {
        QString description, rest;
    };
    Definition definition;
    std::optional<Definition> before; // as it was trusted, of one that changed; none when it was not kept
};

// Tools that a person has seen, as they were then.
struct ToolsWish {
    mcpcore::ConnectionId connection;
    mcpcore::EnvironmentId environment;
    QMap<QString, QString> pins; // by name
    mcpcore::ToolClass toolClass = mcpcore::ToolClass::Unknown;
};

// A connection to be made: of a vendor, by an address, or by a command.
struct ConnectionWish {
    mcpcore::ConnectionId id;
    QString vendor; // empty: not one of the packs
    QList<mcpcore::EnvironmentId> environments;
    QString url;            // empty: the vendor's own
    QString way;            // "none", "bearer", "oauth", "header:NAME"; empty: the usual one
    QStringList command;    // program and arguments; empty: none
    QString secretVariable; // that carries the key to the program
};

} // namespace ui
