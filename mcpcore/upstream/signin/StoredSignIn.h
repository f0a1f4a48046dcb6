// SPDX-FileCopyrightText: 2026 The Countersign authors
// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once
#include "upstream/signin/TokenEndpoint.h"

namespace mcpcore {

// What the keychain keeps of one sign-in: for one connection in one environment, at one issuer. Also, without tokens, what
// it keeps of our registration there.
struct StoredSignIn {
    OAuthClient client;
    QByteArray resource;
    QByteArray tokenEndpoint;
    QByteArray revocationEndpoint;
    QByteArrayList scopes; // asked for
    QString account;
    Milliseconds expires{}; // wall time of the access token; 0 = not told
    Milliseconds renewAt{}; // when it is renewed ahead of that
    Secret access;          // empty when a person has to sign in again
    Secret refresh;

    // Takes over what the token endpoint gave, at the wall time `now`.
    void take(TokenAnswer answer, Milliseconds now);
    Secret toItem() const;
    // InvalidRequest when the item is not one of ours.
    static Result<StoredSignIn> fromItem(const Secret &item);
};

} // namespace mcpcore
