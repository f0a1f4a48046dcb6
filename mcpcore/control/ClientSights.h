// SPDX-FileCopyrightText: 2026 The Countersign authors
// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once
#include "base/JsonFwd.h"
#include "clientconfig/ClientFiles.h"
#include "clientconfig/ClientSetup.h"

// How clients and what was done to their files look in answers (DESIGN 2).

namespace mcpcore {

// How our entry in one file stands.
struct EntryState {
    enum class Kind { None, Ours, Gone, Altered, Unreadable };
    Kind kind = Kind::None;
    QString trouble; // why it cannot be read; a sentence
    QStringList bypasses = {};
    int plainKeys = 0; // of others, in plain text
};
// An entry of ours, and how it stands.
struct WatchedEntry {
    QString client, file, name;
    EntryState::Kind state = EntryState::Kind::None;
};

// `record`: of what we wrote there, or null.
EntryState stateOf(FileSteps &steps, const ClientKind &kind, const QString &file, const EntryRecord *record, const EntryValues &values,
                   const QList<Pack> &packs);

bool isDone(const SetupResult &result);
Json toJson(const SetupResult &result);
std::vector<Json> toJson(const QList<SetupResult> &results);
Json toJson(const SetupPreview &preview);
// One object for all files: the worst of them, and where there are several, each as a member of "files".
Json together(const std::vector<Json> &results);
Json toJson(const ClientFile &file, const EntryRecord *record, const EntryState &state);
// One object for all entries of ours in a file: the one that needs a look most, and where there are several, each as a member of "entries".
Json worstOf(const std::vector<Json> &entries);
Json toJson(const ClientKind &kind, const FoundClient &found, const std::vector<Json> &files);

} // namespace mcpcore
