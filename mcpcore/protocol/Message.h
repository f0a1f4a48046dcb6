// SPDX-FileCopyrightText: 2026 The Countersign authors
// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once
#include "base/RawJson.h"

namespace mcpcore {

// One JSON-RPC 2.0 message as slices of the bytes it came in.
struct Message {
    enum class Kind { Request, Notification, Response };
    Kind kind;
    RawJson id;     // of requests and responses: a string or an integer
    QString method; // of requests and notifications
    RawJson params; // an object, or empty when absent
    RawJson result; // of responses: exactly one of result and error
    RawJson error;
};

// Reads what an upstream sent; members are not checked for duplicates.
Result<Message> readMessage(const RawJson &bytes);

// Reads what a client sent: checkStrictJson first, and members that differ from the protocol's names only in case are
// refused, so that nobody down the line can read another message from the same bytes.
Result<Message> readClientMessage(const RawJson &bytes);

// The id of a message that could not be read, if it can be told, else empty: for the error response.
QByteArray idOfUnreadable(const RawJson &bytes);

// One request or notification; `params` empty = left out, `id` empty = notification.
QByteArray requestMessage(const QByteArray &id, const QString &method, std::string_view params);

// `params` with some members replaced or added and everything else as it was, in the same order: the way of a call, which
// must not pass through a JSON tree. An empty replacement removes the member. `params` may be empty.
struct Replacement {
    std::string_view key;
    QByteArray value;
};
QByteArray withMembers(const RawJson &params, const std::vector<Replacement> &replacements);

} // namespace mcpcore
