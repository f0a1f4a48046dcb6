// SPDX-FileCopyrightText: 2026 The Countersign authors
// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once
#include "base/Secret.h"
#include "upstream/signin/Authorization.h"

namespace mcpcore {

// As what we are known to one authorization server.
struct OAuthClient {
    enum class Kind {
        Given,      // registered by the user beforehand
        Document,   // the id is the address of a document about us
        Registered, // by us, for this connection
    };
    enum class Auth { None, Basic, Post };
    Kind kind = Kind::Given;
    Auth auth = Auth::None;
    QByteArray issuer;
    QByteArray id;
    Secret secret;
    quint16 port = 0;          // of the redirect address it was registered with
    Milliseconds secretEnds{}; // wall time; 0 = never

    OAuthClient duplicate() const;
};

// Dynamic registration (RFC 7591) of a program on the person's computer.
QByteArray registrationBody(const QByteArray &redirect, const ServerMetadata &server);
Result<OAuthClient> readRegistration(int status, const QByteArray &body, const ServerMetadata &server);
// The way of a client with a secret to prove itself: the first of ours that the server takes.
OAuthClient::Auth authFor(const ServerMetadata &server, const Secret &secret);

// A POST to the token or revocation endpoint. Its body holds secrets: whoever keeps a copy wipes it.
using FormField = std::pair<const char *, std::string_view>;
HttpRequest formRequest(const QByteArray &endpoint, const OAuthClient &client, const std::vector<FormField> &fields,
                        HttpRequest::Reach reach);

struct TokenAnswer {
    Secret access;
    Secret refresh; // empty when none was given
    std::optional<std::chrono::seconds> lifetime;
    std::optional<QByteArrayList> scopes; // granted
    QString account;                      // whom the server says it signed in; empty when not said
};
// Unauthorized when the server says that the grant is not valid (any more), UpstreamFailed otherwise.
Result<TokenAnswer> readTokenAnswer(int status, const QByteArray &body, const QByteArray &issuer);

} // namespace mcpcore
