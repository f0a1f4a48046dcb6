// SPDX-FileCopyrightText: 2026 The Countersign authors
// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once
#include "clientconfig/ConfigValue.h"
#include "packs/Pack.h"

namespace mcpcore {

// What clients call the parts of an entry. Each has its own words, and no two mean different things by one.
enum class EntryWord { None, Environment, Headers, Elsewhere, Arguments, Program, Folder, Address, Switch };
EntryWord wordOf(const QByteArray &member);

// The pack of the vendor whose server an entry is: by its host, its package, or the variable of its key. Empty: of none.
QString vendorOf(const ConfigValue &entry, const QList<Pack> &packs);

} // namespace mcpcore
