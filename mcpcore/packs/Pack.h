// SPDX-FileCopyrightText: 2026 The Countersign authors
// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once
#include "model/Connection.h"
#include "model/Environment.h"

namespace mcpcore {

// What the file of a vendor says (resources/packs, DESIGN 5). Plain values; PackReader makes them. Operations, dispatchers
// and native tools are not part of the format yet.

// How the keys of one kind look: a prefix, and which characters may follow it.
struct KeyForm {
    enum class Rest { Word, Visible }; // letters, digits and _; anything printable but spaces
    QString prefix;
    Rest rest = Rest::Visible;
    QString kind; // in the vendor's words: "restricted", "operator"
    QList<EnvironmentKind> environments;
    QString question; // to be answered before it is taken: keys of another vendor look the same
    QString note;     // what to know of such a key; may be empty
};

struct RefusedForm {
    QString prefix;
    QString what; // "a publishable key"
    QString reason;
    QString fix;
};

// A read-only request (GET) that shows what the vendor makes of a key. Pointers are JSON pointers into its answer; empty ones
// are not looked for.
struct VerifyCall {
    QString path;      // below the REST base, with its query: "/v1/balance"
    QString shows;     // what the key may do when this is answered: "read the balance"
    QString live;      // true is real data
    QString account;   // id of the account
    QStringList names; // of its name; the first one that is there counts
    QString tells;     // by what a person may recognise the account; one part may be *, for each element of a list
    QString tellsWhat; // "customers"
};

// How the vendor is asked about a key, before it is stored and whenever a person wants to know.
struct VerifyRules {
    enum class Meaning { Accepted, Refused, Limited }; // Limited: a good key that may not do this one thing
    enum class Accounts { AnyKind, OneKind };          // OneKind: what is in one account is one environment
    QMap<int, Meaning> statuses;                       // any other one: the vendor could not be asked
    QString error;                                     // pointer to the vendor's error code
    Accounts accounts = Accounts::AnyKind;
    QList<VerifyCall> calls; // none: this vendor cannot be asked
};

// What a vendor has for one kind of environment.
struct PackEnvironment {
    QString impossible; // why there is none; empty: there is one
    QString keysUrl;    // where a person makes keys; may be empty
    QString keysSteps;
};

struct PackAuth {
    HttpAuth::Kind kind = HttpAuth::Kind::None;
    QString header; // for Kind::Header
    QString issuer; // for Kind::OAuth
};

// The vendor's own MCP server. The first of `auth` is what is used unless the person says otherwise.
struct HostedEndpoint {
    QList<EnvironmentKind> environments;
    QString url;
    QList<PackAuth> auth;
};

// A program of the vendor that speaks MCP on its standard streams.
struct LocalBridge {
    QList<EnvironmentKind> environments;
    QString program;
    QStringList arguments;
    QString version; // one of the arguments ends with it
    QString secretVariable;
    QString discloses; // to whom it gives the key or data besides the vendor; may be empty
};

struct RestBase {
    QList<EnvironmentKind> environments;
    QString url;
    std::optional<PackAuth> auth;
    QList<QPair<QString, QString>> headers; // sent with every call
};

// An argument of a tool that says which environment is meant.
struct EnvironmentHint {
    enum class Says { Live, Account }; // true is real data; the id of an account
    QString argument;
    Says says = Says::Live;
};

// A member of what a vendor answers, at any depth, that says from which environment the answer is.
struct AnswerHint {
    enum class Says { Live }; // true is real data
    QString member;
    Says says = Says::Live;
    QStringList exceptTools; // they answer about other environments, or with prose
};

struct Pack {
    QString id;
    QString name;
    QMap<EnvironmentKind, PackEnvironment> environments; // all three
    QList<KeyForm> accepted;
    QList<RefusedForm> refused;
    VerifyRules verify;
    QList<HostedEndpoint> hosted;
    QList<LocalBridge> local;
    QList<RestBase> rest;
    QList<EnvironmentHint> hints;
    QList<AnswerHint> answers;

    // Why this vendor cannot be used in such an environment; empty when it can.
    QString impossibleIn(EnvironmentKind kind) const { return environments.value(kind).impossible; }
    // The vendor's server for such an environment, or null.
    const HostedEndpoint *hostedIn(EnvironmentKind kind) const;
    // Its REST API for such an environment, or null.
    const RestBase *restIn(EnvironmentKind kind) const;
};

} // namespace mcpcore
