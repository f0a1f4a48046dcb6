// SPDX-FileCopyrightText: 2026 The Countersign authors
// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once
#include "model/Names.h"
#include <QByteArrayList>
#include <chrono>
#include <optional>

namespace mcpcore {

// Where one sign-in stands, for people. A plain value, without secrets.
struct SignInState {
    enum class Kind {
        SignedOut,
        SignedIn,
        SignInAgain, // it ended, was withdrawn, or was for another address
        MoreAccess,  // signed in, and the server wants more than was given
        Waiting,     // for the person in the browser
        Unknown,     // the keychain does not say
    };
    Kind kind = Kind::SignedOut;
    QString account; // empty when the server did not say
    QString at;      // host of the issuer
    QByteArrayList scopes;
    std::chrono::milliseconds expires{}; // wall time of the access; 0 = not told
    bool renews = false;                 // by itself, before that
    QString trouble;                     // a sentence
};

QString toText(SignInState::Kind kind);
std::optional<SignInState::Kind> signInKindFrom(const QString &text);

// How one connection stands in one environment, beside what the workspace says of it. A plain value, without secrets.
struct ConnectionState {
    enum class Link { Idle, Starting, Running, Failed };
    struct Tools {
        int trusted = 0;
        int waiting = 0; // never accepted
        int changed = 0; // since they were accepted
    };

    ConnectionId connection;
    EnvironmentId environment;
    Link link = Link::Idle;
    QString server;                    // as it calls itself
    QString protocol;                  // "2025-11-25"
    QString error;                     // why it ended last; a sentence
    std::optional<Tools> tools;        // none: the server was not asked yet
    std::optional<SignInState> signIn; // none: nobody signs in here
    QString sessionsPage;              // of the vendor, where sign-ins are ended; empty when none is known
};

QString toText(ConnectionState::Link link);
std::optional<ConnectionState::Link> linkFrom(const QString &text);

} // namespace mcpcore
