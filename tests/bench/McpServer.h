// SPDX-FileCopyrightText: 2026 The Countersign authors
// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once
#include <string>

namespace bench {

inline constexpr int kTools = 20; // that it lists

// The MCP server behind the measurements: one process, one thread, no library, so that what is measured is the way to it.
// Tools: `echo` answers at once, `big` with 1 MiB, `slow` after 50 ms. Runs until it is killed.

// Listens on 127.0.0.1, writes its port to `readyDescriptor` as decimal text and closes that.
[[noreturn]] void serveHttp(int readyDescriptor);
// One JSON-RPC message a line on standard input and output.
[[noreturn]] void serveStdio();

} // namespace bench
