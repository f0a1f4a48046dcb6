// SPDX-FileCopyrightText: 2026 The Countersign authors
// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once
#include "clientconfig/ClientImport.h"
#include "clientconfig/SetupPlan.h"

namespace mcpcore {

// What an import would do to a file, before anything is written.
struct ClientImport::Plan {
    ConfigFile file;
    QByteArray bytes; // of the new file
    MaskedText kept;  // of the old one
    EntryPlace ours;
    int created = 0;
    std::optional<EntryRecord> previous = {};
    bool putsOurs = false;                // our entry was not there
    std::vector<ImportedKey> hidden = {}; // also keys that are not moved: nobody need see them
};

} // namespace mcpcore
