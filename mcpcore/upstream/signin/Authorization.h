// SPDX-FileCopyrightText: 2026 The Countersign authors
// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once
#include "base/Ids.h"
#include "base/Result.h"
#include "base/Secret.h"
#include "upstream/signin/Metadata.h"

namespace mcpcore {

// PKCE (RFC 7636, S256): only who asked can use what the answer brings.
struct Proof {
    Secret verifier;
    QByteArray challenge;
};
Proof newProof(Ids &ids);

// What the person is asked for in the browser.
struct AuthorizationRequest {
    QByteArray clientId;
    QByteArray redirect; // "http://127.0.0.1:1234/callback"
    QByteArray resource;
    QByteArrayList scopes;
    QByteArray state;
    QByteArray challenge;
};
QByteArray authorizationAddress(const QByteArray &endpoint, const AuthorizationRequest &request);

// The scopes to ask for: those of the challenge, else all that the resource names, else none; `before` are added to a
// challenge for more. Offline access is asked for only where it is offered.
QByteArrayList scopesToAsk(const std::optional<Challenge> &challenge, const ResourceMetadata &resource, const ServerMetadata &server,
                           const QByteArrayList &before);

// What the browser brought back in its query. A parameter that comes twice makes it invalid.
struct CallbackAnswer {
    Secret code;
    QByteArray state;
    std::optional<QByteArray> issuer;
    QByteArray error;
    QString description; // what others wrote
};
Result<CallbackAnswer> readCallback(std::string_view query);
// The code of an answer whose state was compared already. Whose answer it is comes before what it says (RFC 9207).
Result<Secret> codeOf(CallbackAnswer answer, const ServerMetadata &server);

// What others wrote, on one line and short.
QString plain(std::string_view text);

} // namespace mcpcore
