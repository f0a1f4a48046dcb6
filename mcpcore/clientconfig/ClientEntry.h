// SPDX-FileCopyrightText: 2026 The Countersign authors
// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once
#include "base/JsonFwd.h"
#include "base/Result.h"
#include "clientconfig/ClientKind.h"

namespace mcpcore {

// What an entry for one client is filled in with.
struct EntryValues {
    QString bridge;                               // absolute path of countersign-bridge
    QString client;                               // the id of the client, which the bridge says
    QString url;                                  // of the endpoint
    QByteArray token;                             // of that client; empty where the way is the bridge
    QString name = QStringLiteral("countersign"); // of the entry
    QString profile = {};                         // that the bridge goes to; empty: the usual one
    QString connection = {};                      // reached by this entry alone; empty: all that the client may use
    QString environment = {};                     // of the connection
};

// "countersign", or of an entry for one connection "countersign-stripe", as much of it as names may be long.
QString usualEntryName(const QString &connection);

// A name that every client takes: facts differ by client, this is what none of them stumbles over.
bool isEntryName(const QString &name);
// The entry of this shape. InvalidArgument when the client has no such way, or would replace a part of a value by something else.
Result<Json> entryOf(const ClientKind &kind, const EntryShape &shape, Way way, const EntryValues &values);
// What a person may type or open instead of an edit; empty where the client has no such thing. Bridge only.
Result<QString> commandOf(const ClientKind &kind, const EntryValues &values);
Result<QString> linkOf(const ClientKind &kind, const EntryValues &values);

} // namespace mcpcore
