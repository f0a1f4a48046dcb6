// SPDX-FileCopyrightText: 2026 The Countersign authors
// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once
#include "model/Names.h"
#include <QList>
#include <QMap>
#include <QPair>
#include <QStringList>
#include <chrono>
#include <variant>

namespace mcpcore {

// How a key travels to an HTTP upstream.
struct HttpAuth {
    enum class Kind { None, Bearer, Header, OAuth };
    Kind kind = Kind::None;
    QString header; // for Kind::Header
    // For Kind::OAuth; without them Countersign registers itself.
    QString clientId = {};       // registered by the user at the authorization server
    QString clientDocument = {}; // https address of a document about the client, which the user keeps there
};

// "none", "bearer", "header:NAME", "oauth": as a person gives it.
QString toText(HttpAuth::Kind kind, const QString &header);

struct HttpTarget {
    QMap<EnvironmentId, QString> urls;
    HttpAuth auth;
    QList<QPair<QString, QString>> headers; // fixed, not secret
};

// A local MCP server: program and argument vector, never a shell line. Adding the connection is the consent to it.
struct StdioTarget {
    QString program;
    QStringList arguments;
    QString secretVariable; // environment variable that carries the key; empty = needs none
};

// A vendor the user has set up.
struct Connection {
    ConnectionId id;
    QString vendor; // pack name, "practice", or empty for an unknown vendor
    QList<EnvironmentId> environments;
    std::variant<HttpTarget, StdioTarget> target;
    std::chrono::milliseconds created{};
};

// "https://host:port" of an http or https address, always with the port; empty when it is not a valid one.
QString originOf(const QString &url);
// The one place a key of this connection may be given to: the origin of its URL ("https://host:port"), or "command:" and
// the SHA-256 of the program with its arguments. Empty when the connection has no target in `environment`.
QString destinationOf(const Connection &connection, const EnvironmentId &environment);
// True when a call to it needs a key that the user sets.
bool needsKey(const Connection &connection);
// True when a person signs in to it instead (upstream/signin).
bool needsSignIn(const Connection &connection);

} // namespace mcpcore
