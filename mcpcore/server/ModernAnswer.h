// SPDX-FileCopyrightText: 2026 The Countersign authors
// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once
#include "base/RawJson.h"

namespace mcpcore {

class Exchange;

// What a request of the stateless generation (2026-07-28) is answered, made of the answer that a session of the older ones
// got (pure). What the server sent stays as it is, byte for byte.
struct ModernAnswer {
    int status = 200;
    QByteArray message;
};

// `answer` is the whole response; `id` and `params` are those of the client's request.
ModernAnswer modernAnswer(const QByteArray &id, const QString &method, const RawJson &params, const RawJson &answer);
// One with this result, and who we are.
QByteArray modernResultMessage(const QByteArray &id, const RawJson &result);
// The result of server/discover, made of the one of initialize.
RawJson discovered(const RawJson &initialized);
// Ends the stream with it, or answers with one body.
void respond(Exchange &exchange, const ModernAnswer &answer);

} // namespace mcpcore
