// SPDX-FileCopyrightText: 2026 The Countersign authors
// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once
#include "base/Secret.h"
#include "model/Names.h"
#include <QList>
#include <QStringList>
#include <chrono>
#include <optional>

// Plain values between the clients page and the core.

namespace ui {

enum class ClientWay { Bridge, Http };

// A file of a client, and our entry in it, as they are now.
struct ClientFile {
    enum class Entry { None, Ours, Gone, Altered, Unreadable };
    struct OwnEntry {
        QString name, connection; // empty: it reaches all of them
        ClientWay way = ClientWay::Bridge;
        Entry entry = Entry::None;

        friend bool operator==(const OwnEntry &, const OwnEntry &) = default;
    };
    QString path;
    QString what; // "user settings"
    bool there = false;
    Entry entry = Entry::None;
    ClientWay way = ClientWay::Bridge; // of our entry
    QString name;                      // of our entry
    QString connection;                // that it reaches alone; empty: all of them
    QList<OwnEntry> entries;           // each of them, when there are several; above stands the one that needs a look most
    QString trouble;                   // why it cannot be read; a sentence
    QStringList bypasses;              // entries that go to a vendor directly
    int plainKeys = 0;                 // that anybody who reads the file has

    friend bool operator==(const ClientFile &, const ClientFile &) = default;
};

// What is known of a kind of client on this computer. Versions and paths are what others wrote.
struct ClientKindSight {
    enum class Look { Terminal, Editor, Chat };
    QString kind, name;
    Look look = Look::Terminal;
    bool installed = false;
    QString evidence, version; // what shows that it is installed; may be empty
    QString reason, instead;   // why it cannot reach this computer, and what to do; empty: it can
    QList<ClientWay> ways;
    ClientWay way = ClientWay::Bridge; // the better one
    QString paste;                     // where a person puts the snippet, when it has no file of its own
    std::optional<int> toolLimit;
    QString restart;          // what has to happen until it has the entry
    mcpcore::ClientId client; // empty: not connected
    QList<ClientFile> files;

    friend bool operator==(const ClientKindSight &, const ClientKindSight &) = default;
};

// A client that may connect, and what was seen of it.
struct ClientSight {
    mcpcore::ClientId id;
    QString name, kind;
    QString program;  // above the bridge at its first connection; may be empty
    QString stranger; // another program that asked under its name; empty: none
    bool revoked = false;
    int sessions = 0;                                          // open now
    std::optional<std::chrono::milliseconds> seen, wrongToken; // wall
    QString seenVersion;
    std::optional<int> tools;
    std::chrono::milliseconds created{};

    friend bool operator==(const ClientSight &, const ClientSight &) = default;
};

struct ClientsSight {
    QList<ClientKindSight> kinds;
    QList<ClientSight> clients;
};

// How a client is to be connected.
struct ClientWish {
    enum class SameName { Keep, Replace };     // what is done with somebody else's entry of that name
    enum class Writer { Countersign, Person }; // Person: it is let in, and no file is written
    QString id;                                // of a kind, or of a client
    QString file;                              // empty: all that are written by themselves
    std::optional<ClientWay> way;
    QString name; // of the entry; empty: the usual one
    SameName sameName = SameName::Keep;
    std::optional<mcpcore::EnvironmentId> environment; // empty: follows the switch
    mcpcore::ConnectionId connection = {};             // that the entry reaches alone; empty: all of them
    Writer writer = Writer::Countersign;

    friend bool operator==(const ClientWish &, const ClientWish &) = default;
};

struct DiffLine {
    enum class Change { Same, Added, Removed };
    Change change = Change::Same;
    int number = 0;
    QString text; // what others wrote; a token is dots

    friend bool operator==(const DiffLine &, const DiffLine &) = default;
};

// What makes a client write its entry by itself. Each may be empty: it has no such thing.
struct ClientHints {
    QString command; // for a terminal
    QString link;    // opens the client, which asks

    friend bool operator==(const ClientHints &, const ClientHints &) = default;
    bool isEmpty() const { return command.isEmpty() && link.isEmpty(); }
};

// What was written to a file of a client, or would be.
struct ClientEdit {
    enum class Status { Written, Unchanged, Refused, Conflict };
    mcpcore::ClientId client;
    QString file;
    Status status = Status::Unchanged;
    int line = 0, column = 0; // where it is wrong, of a refused one; 0: nowhere in particular
    QString reason;           // sentences: why not, and what to do
    QList<DiffLine> diff;
    int bytesAdded = 0;
    QStringList checked, cautions; // sentences
    QString timeout;               // a sentence: what becomes of it; may be empty
    QString restart;
    QList<ClientEdit> files; // each of them, when there are several
    ClientHints hints;
};

// What a person pastes into a client by hand.
struct ClientSnippet {
    QString shown;            // a token is dots
    mcpcore::Secret whole;    // with the token; empty where none is in it
    mcpcore::ClientId client; // that it was made for; empty: none yet
    ClientHints hints = {};
};

// A new token; it is in the files already, where there are any.
struct ClientToken {
    mcpcore::Secret token;
    QList<ClientEdit> files;
};

} // namespace ui
