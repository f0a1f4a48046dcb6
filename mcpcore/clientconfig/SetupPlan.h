// SPDX-FileCopyrightText: 2026 The Countersign authors
// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once
#include "clientconfig/ClientSetup.h"
#include "clientconfig/ConfigValue.h"

namespace mcpcore {

// What connecting would do to a file, before anything is written.
struct ClientSetup::Plan {
    ConfigFile file;
    ConfigValue document;
    EntryPlace place;
    std::optional<EntryRecord> record;
    EditedFile edited;
    bool isThere = false;  // the entry stands there already, exactly
    bool replaces = false; // an entry of that name
};

SetupResult resultOf(const SetupOrder &order, SetupResult::Status status, const QString &reason = {});
SetupResult resultOf(const SetupOrder &order, const Error &error);
SetupResult resultOf(const SetupOrder &order, const ConfigFault &fault);

// The state of a file in a record.
QByteArray stateOf(const ConfigFile &file);
QByteArray stateOf(const std::optional<QByteArray> &bytes);

EntryPlace placeOf(const EntryShape &shape, const SetupOrder &order);

// What the file means, or the fault that stands in the way of an edit: who edits tells more of it than who reads.
ConfigResult<ConfigValue> documentOf(const ClientKind &kind, const ConfigFile &file, const EntryPlace &place);

// A file that is made holds an empty document first, whatever the client makes of empty files.
ConfigDialect dialectFor(const ClientKind &kind, const ConfigFile &file);

} // namespace mcpcore
