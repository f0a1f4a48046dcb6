// SPDX-FileCopyrightText: 2026 The Countersign authors
// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once
#include "clientconfig/ClientEntry.h"
#include "clientconfig/ConfigValue.h"
#include "packs/Pack.h"

namespace mcpcore {

// What a client's file says about us and beside us. Pure functions over its meaning.

// The shape that holds for this file.
const EntryShape &shapeFor(const ClientKind &kind, const ConfigValue &document);
// Each entry of the holder with its name.
QList<QPair<QString, const ConfigValue *>> entriesOf(const ConfigValue &document, const EntryPlace &place);
// The entry of that name there, or null.
const ConfigValue *entryAt(const ConfigValue &document, const EntryPlace &place);
// Whether an entry leads to us: to the bridge, or to the endpoint. Which one made it cannot be told.
bool leadsToUs(const ConfigValue &entry, const EntryValues &values);

// The names of the entries there that this client comes in by, whoever wrote them.
enum class EntriesOfHttp { Too, Not }; // they do not say whose they are
QStringList entriesToUs(const ConfigValue &document, const EntryPlace &place, const EntryValues &values, EntriesOfHttp http);

// An entry beside ours that talks to a vendor directly, around every approval.
struct Bypass {
    QString entry;
    QString vendor; // its name
};
QList<Bypass> bypasses(const ConfigValue &document, const EntryPlace &place, const QList<Pack> &packs);

// Why the client would not use an entry of this name though it is there; empty when nothing says so.
QString leftOut(const ClientKind &kind, const ConfigValue &document, const QString &name);

} // namespace mcpcore
