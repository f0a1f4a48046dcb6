// SPDX-FileCopyrightText: 2026 The Countersign authors
// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once
#include "base/JsonFwd.h"
#include "model/Workspace.h"

// What the commands tell of keys. `now` is wall time.

namespace mcpcore {

// What is known of a key, without the key.
Json toJson(const KeyRecord &key, std::chrono::milliseconds now);
// What a person should do about a key: it ended, ends within a week, or a newer one is due. Empty when nothing.
QString reminderOf(const KeyRecord &key, std::chrono::milliseconds now);
// The reminders of all keys, as {"key", "connection", "environment", "text"}.
Json remindersOf(const Workspace &workspace, std::chrono::milliseconds now);
// "It ends at 2026-11-21T21:00:00.000Z, in 40 minutes."
QString endText(std::chrono::milliseconds end, std::chrono::milliseconds now);

} // namespace mcpcore
