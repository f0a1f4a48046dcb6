// SPDX-FileCopyrightText: 2026 The Countersign authors
// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once
#include "protocol/Message.h"
#include "protocol/TranslationRequest.h"
#include "server/RequestHead.h"

namespace mcpcore {

// One request or notification of the stateless generation (2026-07-28), checked as far as it can be without its server.
struct ModernRequest {
    Message message;
    QByteArray capabilities;     // of the client, as it wrote them
    QByteArray progressToken;    // raw; empty = no progress is wanted
    std::optional<LogLevel> log; // the least grave message that is wanted
    RawJson inputResponses;
    QByteArray requestState; // the text; empty = this is not a retry
    // The parameters without what belongs to this generation alone: what a session of the older ones is given.
    RawJson params;
};

// Why a request is answered with an error, and the answer.
struct ModernRefusal {
    int status;
    QByteArray message;
};

inline constexpr int headerMismatchCode = -32020;
inline constexpr int missingCapabilityCode = -32021;
inline constexpr int unsupportedVersionCode = -32022;

// The checks of facts/protocol b1, in its order; the first that fails answers.
tl::expected<ModernRequest, ModernRefusal> readModernRequest(const RequestHead &head, const RawJson &body);

} // namespace mcpcore
