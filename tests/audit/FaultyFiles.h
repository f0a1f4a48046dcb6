// SPDX-FileCopyrightText: 2026 The Countersign authors
// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once
#include <atomic>

// Makes SQLite's files of this process fail on demand. Install before the first database is opened.
namespace faulty {

inline std::atomic<bool> diskIsFull{false}; // writes fail as on a full disk
inline std::atomic<int> failingSyncs{0};    // so many syncs fail, after everything was written

void install();

} // namespace faulty
