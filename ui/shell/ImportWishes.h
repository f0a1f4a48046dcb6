// SPDX-FileCopyrightText: 2026 The Countersign authors
// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once
#include "ui/shell/ClientWishes.h"

// Plain values of bringing servers of a client's file behind us. Of a key only its public part and its end are ever here.

namespace ui {

// A key in plain text. Its name, and what of it may be seen, are what others wrote.
struct ImportKey {
    enum class Where { Variable, Header, Argument, Address, Other };
    Where where = Where::Other;
    QString name; // of the variable, header, option or parameter; may be empty
    QString prefix, lastFour;
    QString kind; // in the vendor's words
    QString vendorName;

    friend bool operator==(const ImportKey &, const ImportKey &) = default;
};

// What would become of an entry.
struct ImportProposal {
    QString connection;
    bool exists = false;                        // a connection with this very key is there, and is used
    mcpcore::EnvironmentId environment;         // empty: nothing says which, and a person has to
    QList<mcpcore::EnvironmentId> environments; // that are possible
    QString target;                             // where calls will go: an address or a command line
    QString note;                               // sentences: what will be different, and is to be set by hand; may be empty

    friend bool operator==(const ImportProposal &, const ImportProposal &) = default;
};

// An entry of somebody else's in a client's file. Secrets in its texts are dots.
struct ImportServer {
    QString entry; // names it to the core
    QString name, url, program;
    QStringList arguments;
    QString vendorName; // empty: of no vendor we know
    bool on = true;
    QList<ImportKey> keys;
    QString trouble; // a sentence: why it cannot be taken over
    std::optional<ImportProposal> proposal;

    friend bool operator==(const ImportServer &, const ImportServer &) = default;
};

// A file of a client, as it was when it was looked at.
struct ImportFile {
    QString path, digest;
    QString trouble; // a sentence: why it cannot be read
    int line = 0, column = 0;
    QList<ImportServer> servers;
};

// What is to come behind us. The file is the one that was looked at, else nothing is done.
struct ImportWish {
    enum class Check { WithVendor, NotAtAll };
    struct Entry {
        QString entry, connection;
        mcpcore::EnvironmentId environment;
        friend bool operator==(const Entry &, const Entry &) = default;
    };
    QString id; // of a kind, or of a client
    QString file, digest;
    std::optional<ClientWay> way; // of our entry; none: the usual one
    QString name;                 // the same
    QList<Entry> entries;
    Check check = Check::WithVendor;

    friend bool operator==(const ImportWish &, const ImportWish &) = default;
};

struct ImportOutcome {
    struct Connection {
        mcpcore::ConnectionId connection;
        mcpcore::EnvironmentId environment;
        mcpcore::KeyId key; // empty: it has none
        QString note;       // a sentence; may be empty
        QString makeKeys;   // the page where a new key is made; may be empty
    };
    ClientEdit edit;
    QList<Connection> connections; // empty unless it was written
};

} // namespace ui
