// SPDX-FileCopyrightText: 2026 The Countersign authors
// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once
#include "base/RawJson.h"
#include "clientconfig/ConfigDocument.h"
#include <QMap>
#include <chrono>
#include <optional>

namespace mcpcore {

// What the file of a kind of client says (resources/clients, DESIGN 8). Plain values; ClientReader makes them.
// Client::kind is the id of one.

enum class OperatingSystem { Linux, Mac, Windows };
// How a client reaches us: over the small program that its entry starts, or over HTTP with a token in its entry.
enum class Way { Bridge, Http };

// Places with variables: "~", "${NAME}" (no such place when it is not set), "${NAME:-otherwise}"; * stands for any part of one name.
using Places = QMap<OperatingSystem, QStringList>;

struct ClientFileKind {
    enum class Scope { User, Profile, Workspace }; // places of a workspace are relative to its folder
    enum class Take { One, Each };                 // One: the first that is there, else the first; Each: all of them
    enum class Create { Always, InFolder, Never }; // InFolder: only where its folder is there
    QString what;                                  // "user settings"
    Scope scope = Scope::User;
    Take take = Take::One;
    Create create = Create::Never;
    Places places;
};

// Where entries go and how they look. Strings of an entry hold {bridge} {client} {url} {token} {name}.
struct EntryShape {
    enum class When { Always, HolderThere }; // HolderThere: only in a file that has such a holder of entries already
    When when = When::Always;
    QStringList path;
    EntryPlace::Holder holder = EntryPlace::Holder::Map;
    RawJson bridge;
    RawJson http; // empty: the client has no such way
    const RawJson &entry(Way way) const { return way == Way::Bridge ? bridge : http; }
};

// How long the client waits for one call by itself, and with what our entry says.
struct RaisedTimeout {
    std::chrono::seconds was{};
    std::chrono::seconds now{};
};

struct ClientLock {
    QString suffix; // a folder of this name beside the file, made and removed by who writes
    std::chrono::seconds stale{};
};

struct ClientKind {
    enum class Look { Terminal, Editor, Chat };
    QString id;
    QString name;
    Look look = Look::Terminal;
    QString unreachableReason; // empty: it can reach this computer, and the rest of this holds
    QString instead;           // what to do when it cannot
    Places installedPlaces;
    QStringList programs; // on the PATH
    QString package;      // the name in its package.json, by which its version is known; may be empty
    QList<ClientFileKind> files;
    QString paste; // for one without files of its own: where a person puts the snippet
    ConfigDialect dialect;
    QList<EntryShape> shapes; // the first that holds counts; the last one always does
    Way way = Way::Bridge;
    QMap<Way, RaisedTimeout> timeouts;
    QMap<Way, std::chrono::seconds> holds; // after so long a call that still waits is given up by the client
    std::optional<int> toolLimit;
    QString interpolates; // characters that this client would replace inside an entry
    QString restart;      // what has to happen until the client has the entry
    Places quitPrograms;  // they must not run while the file is written
    QString quitReason;
    std::optional<ClientLock> lock;
    QStringList allowedList;  // path of a list of names: with others in it only, our entry is not used
    QStringList excludedList; // with our name in it, our entry is not used
    QString command;          // for a terminal instead of an edit; bridge only, since a token would be in a process list
    QString link;             // opens the client, which asks and writes by itself; bridge only

    bool has(Way wanted) const { return !shapes.isEmpty() && !shapes.last().entry(wanted).isEmpty(); }
};

} // namespace mcpcore
