// SPDX-FileCopyrightText: 2026 The Countersign authors
// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once
#include <QString>

namespace mcpcore {

// What is wrong with the write-ahead log of a SQLite file, or empty. SQLite takes a frame that does not check for the end
// and silently forgets every commit after it; this finds commits behind such a frame. The very last commit cannot be told
// from one that a crash cut off.
QString damageOfWal(const QString &databasePath);

} // namespace mcpcore
