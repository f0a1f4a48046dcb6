// SPDX-FileCopyrightText: 2026 The Countersign authors
// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

namespace bench {

// The least that any gateway costs: one thread over epoll that takes a request, writes the tool's own name into it, sends
// it on, and sends the answer back. No token, no log, no approval. Listens on a free port of 127.0.0.1, which it writes to
// `readyDescriptor`; forwards to `upstreamPort`. Does not return.
[[noreturn]] void serveFloor(int upstreamPort, int readyDescriptor);

} // namespace bench
