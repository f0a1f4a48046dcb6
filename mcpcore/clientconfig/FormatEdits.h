// SPDX-FileCopyrightText: 2026 The Countersign authors
// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once
#include "clientconfig/ConfigDocument.h"
#include "clientconfig/ConfigValue.h"

// What ConfigDocument asks of each format. An edit and the meaning of one format share no code.

namespace mcpcore {

ConfigResult<EntryEdit> jsonInsert(const QByteArray &file, const ConfigDialect &dialect, const EntryPlace &place, const Json &entry);
ConfigResult<EntryEdit> jsonReplace(const QByteArray &file, const ConfigDialect &dialect, const EntryPlace &place, const Json &entry);
ConfigResult<EntryEdit> jsonRemove(const QByteArray &file, const ConfigDialect &dialect, const EntryPlace &place, int created);
ConfigResult<ConfigValue> jsonMeaning(const QByteArray &file, const ConfigDialect &dialect);

ConfigResult<EntryEdit> tomlInsert(const QByteArray &file, const ConfigDialect &dialect, const EntryPlace &place, const Json &entry);
ConfigResult<EntryEdit> tomlReplace(const QByteArray &file, const ConfigDialect &dialect, const EntryPlace &place, const Json &entry);
ConfigResult<EntryEdit> tomlRemove(const QByteArray &file, const ConfigDialect &dialect, const EntryPlace &place, int created);
ConfigResult<ConfigValue> tomlMeaning(const QByteArray &file, const ConfigDialect &dialect);

ConfigResult<EntryEdit> yamlInsert(const QByteArray &file, const ConfigDialect &dialect, const EntryPlace &place, const Json &entry);
ConfigResult<EntryEdit> yamlReplace(const QByteArray &file, const ConfigDialect &dialect, const EntryPlace &place, const Json &entry);
ConfigResult<EntryEdit> yamlRemove(const QByteArray &file, const ConfigDialect &dialect, const EntryPlace &place, int created);
ConfigResult<ConfigValue> yamlMeaning(const QByteArray &file, const ConfigDialect &dialect);

} // namespace mcpcore
