// SPDX-FileCopyrightText: 2026 The Countersign authors
// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once
#include <QString>

struct sockaddr;
class QUrl;

namespace mcpcore {

// Addresses of this computer and of the networks around it, and all that no public server has: what another server names is
// not fetched from there. Unknown families count as private.
bool isPrivateAddress(const sockaddr *address);
// The same for what a URL names: a literal address, or a name that is not one of the public internet ("localhost", "nas",
// "printer.local").
bool isPrivateHost(const QString &host);
// "localhost", or an address of this computer's own.
bool isLoopbackHost(const QString &host);

} // namespace mcpcore
