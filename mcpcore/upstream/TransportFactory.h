// SPDX-FileCopyrightText: 2026 The Countersign authors
// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once
#include "upstream/CurlLoop.h"
#include "upstream/UpstreamPool.h"

namespace mcpcore {

class KeyRing;
class SignIn;

// Links as a connection describes them: HttpTransport with the key ring or a sign-in behind it, or StdioTransport under the
// guard (path of countersign-child). The arguments outlive the pool.
TransportFactory transportFactory(CurlLoop &loop, KeyRing &keys, SignIn &signIn, const Clock &clock, const QString &guard);

} // namespace mcpcore
