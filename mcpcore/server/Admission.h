// SPDX-FileCopyrightText: 2026 The Countersign authors
// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once
#include "gateway/FrontDoor.h"
#include "server/RequestHead.h"

namespace mcpcore {

// A request that may be read: whose it is and what it is addressed to.
struct Admitted {
    ClientId client;
    Scope scope;
};

using TokenCheck = std::function<std::optional<ClientId>(std::string_view token)>;

// Decides from the head alone, before a byte of the body is read. The order is part of the contract (facts/approval-and-
// security 5.2): Host, Origin and Sec-Fetch-Site, path and method, token, address, content type, length. `port` is ours.
tl::expected<Admitted, Refusal> admit(const RequestHead &head, quint16 port, const Limits &limits, const TokenCheck &clientOfToken);

} // namespace mcpcore
