// SPDX-FileCopyrightText: 2026 The Countersign authors
// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once
#include <QByteArrayList>
#include <optional>
#include <string_view>

namespace mcpcore {

// What a server that wants a sign-in says (RFC 6750, RFC 9728), from its fields WWW-Authenticate: the first Bearer challenge.
struct Challenge {
    QByteArray resourceMetadata;          // URL; empty when not said
    std::optional<QByteArrayList> scopes; // none when not said
    QByteArray error;                     // "invalid_token", "insufficient_scope"
};

// None when there is no Bearer challenge. `head` holds the lines of the answer's head as received.
std::optional<Challenge> challengeIn(std::string_view head);
// The scopes of a text that lists them between spaces: in order, each once, none that RFC 6749 does not allow.
QByteArrayList scopesIn(std::string_view text);

} // namespace mcpcore
