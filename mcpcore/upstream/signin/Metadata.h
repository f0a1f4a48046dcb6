// SPDX-FileCopyrightText: 2026 The Countersign authors
// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once
#include "base/Result.h"
#include "upstream/CurlLoop.h"
#include "upstream/signin/Challenge.h"

namespace mcpcore {

// Addresses are kept as the bytes they came in: identifiers are compared and repeated byte for byte.

// What a protected MCP server says of itself (RFC 9728).
struct ResourceMetadata {
    QByteArray resource; // identifier, for the parameter `resource`
    QByteArray issuer;   // the first of its authorization servers
    QByteArrayList scopes;
};

// What an authorization server says of itself (RFC 8414, OpenID Connect Discovery).
struct ServerMetadata {
    QByteArray issuer;
    QByteArray authorizationEndpoint;
    QByteArray tokenEndpoint;
    QByteArray registrationEndpoint; // empty when not offered, as the next
    QByteArray revocationEndpoint;
    QByteArrayList tokenAuthMethods; // empty when not said
    QByteArrayList scopes;
    bool saysIssuer = false;           // answers to the browser name the issuer (RFC 9207)
    bool takesClientDocuments = false; // a client id may be the address of a document
};

// Whether an address that another server named may be used: https, or http on this computer while the connection is
// local. InvalidRequest says of which address it is and why not; `what` is "address of ...".
Result<> checkAddress(const QByteArray &address, HttpRequest::Reach reach, const QString &what);
// What discovery may reach: everything while the connection itself is local, public addresses otherwise.
HttpRequest::Reach reachFor(const QString &serverUrl);

// Where a server's metadata may be, to be tried in order up to the first that is there.
QByteArrayList resourceMetadataAddresses(const QString &serverUrl);
QByteArrayList serverMetadataAddresses(const QByteArray &issuer);

// Refuses metadata of another resource than this server.
Result<ResourceMetadata> readResourceMetadata(const QByteArray &body, const QString &serverUrl);
// Refuses metadata of another issuer, and servers without PKCE.
Result<ServerMetadata> readServerMetadata(const QByteArray &body, const QByteArray &issuer, HttpRequest::Reach reach);

} // namespace mcpcore
