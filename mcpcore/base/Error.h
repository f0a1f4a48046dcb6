// SPDX-FileCopyrightText: 2026 The Countersign authors
// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once
#include <QString>

namespace mcpcore {

// Why something was not done. `kind` is for code (protocol/ErrorMapping turns it into JSON-RPC codes, HTTP statuses
// and exit texts), `message` is for people: what happened, why, what to do. No secret is ever in either.
struct Error {
    enum class Kind {
        Denied,            // a person or a rule said no
        Expired,           // nobody answered before the deadline
        Cancelled,         // the caller took the request back
        Abandoned,         // the party that owed the answer went away
        Paused,            // everything is paused by a person
        Locked,            // the environment, keychain or profile is locked
        Quarantined,       // the tool is not trusted yet, or changed since it was
        Busy,              // a limit is reached: cards waiting, calls in flight
        InvalidRequest,    // the message is not well-formed for its protocol
        InvalidArgument,   // a parameter is missing or of the wrong form
        UnknownMethod,     // no such JSON-RPC method here
        NotFound,          // the named thing does not exist
        Conflict,          // it exists already, or changed meanwhile
        NeedsPerson,       // only the app's window may do this
        Unauthorized,      // no valid token or peer
        UpstreamFailed,    // the upstream could not be reached or answered nonsense; nothing was done
        OutcomeUnknown,    // the connection was lost after the first byte left; it may have been done
        LogFailed,         // the activity log cannot write: nothing is sent
        SecretUnavailable, // the keychain has no such key, is locked or does not answer
        FileFailed,        // reading or writing a file failed
    };
    Kind kind;
    QString message;
};

} // namespace mcpcore
