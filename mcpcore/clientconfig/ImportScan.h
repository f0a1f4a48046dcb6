// SPDX-FileCopyrightText: 2026 The Countersign authors
// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once
#include "base/Secret.h"
#include "clientconfig/ClientEntry.h"
#include "packs/Pack.h"
#include <vector>

namespace mcpcore {

inline const QString kHidden = QString(8, QChar(0x2022)); // in the place of a secret

// What somebody else's entries in a client's file hold: servers, and keys in plain text. Pure functions over its bytes. A key leaves
// the scan as a Secret only: names, addresses and arguments below are without it, to be shown.

// A key of the file, however often it stands there. What it looks like is the word of its prefix alone (packs/KeyRules judges it when it is
// set for a connection).
struct FoundKey {
    Secret secret;
    QString vendor; // id of the pack that knows such keys; empty: none does
    QString kind;   // "restricted"
    QString prefix; // public: "rk_test_"; may be empty
    QString lastFour;
    QString refused;                     // "a publishable key": of no use to tools
    QList<EnvironmentKind> environments; // which it may be for: one of production alone is live; empty: it does not say
};

struct KeyPlace {
    enum class Where { Environment, Header, Argument, Address, Other };
    Where where;
    QString name;   // of the variable, header, option or parameter; empty where there is none
    qsizetype key;  // index in ImportScan::keys
    QString scheme; // "Bearer" of a header
    bool isWhole;   // nothing else stands there but the scheme
};

// An entry that is not ours.
struct FoundServer {
    enum class Transport { Stdio, Http, Unknown };
    EntryPlace place; // by which ClientImport takes it over
    Transport transport = Transport::Unknown;
    QString url; // without its secrets
    QString program;
    QStringList arguments; // dots where a secret is
    QString folder = {};   // in which the program is started; empty: not said
    QList<QPair<QString, QString>> environment;
    QList<QPair<QString, QString>> headers;
    QString vendor; // id of the pack whose server it is, by its host or package; empty: of none
    bool isOn = true;
    QList<KeyPlace> keys;
    QString type;          // as it says: "http", "sse"; may be empty
    QStringList members;   // names of those that say something else
    QStringList elsewhere; // names of what the client takes from elsewhere: variables, what it asks for ("${input:key}")
};

struct ImportScan {
    QList<FoundServer> servers;
    std::vector<FoundKey> keys; // of all of them, each once
};

// `ours` tells our own entries (bridge and url). Fails where the client itself would not read the file.
ConfigResult<ImportScan> scanForImport(const QByteArray &file, const ClientKind &kind, const QList<Pack> &packs, const EntryValues &ours);
// How many keys lie in the entries of others in this file; 0 where it cannot be read.
int plainKeys(const QByteArray &file, const ClientKind &kind, const QList<Pack> &packs, const EntryValues &ours);

} // namespace mcpcore
