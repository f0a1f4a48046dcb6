// SPDX-FileCopyrightText: 2026 The Countersign authors
// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once
#include "clientconfig/TomlPlace.h"

namespace mcpcore {

// Members of inline tables, which stand on one line with commas between.

// Takes members out with the commas between. `{ x }` becomes `{}` again, or `{ }` where `created` says that it held a space.
QList<TextSpan> inlineRemoval(const QByteArray &file, const TomlValue &table, const std::vector<TomlPlace::Member> &gone, int created);

// Puts `member` behind the last one; the edit's `created` is the one given, with what the table held.
EntryEdit inlineInsertion(const QByteArray &file, const TomlValue &table, const QByteArray &member, int created);

} // namespace mcpcore
