// SPDX-FileCopyrightText: 2026 The Countersign authors
// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once
#include "base/Result.h"
#include <QByteArray>

namespace mcpcore {

// The one table from what went wrong to how it is said on each wire.

int jsonRpcCodeOf(Error::Kind kind); // protocol brief b12: standard codes only
int httpStatusOf(Error::Kind kind);
QString nameOf(Error::Kind kind); // "denied", "not-found", ...: `kind` in countersignctl --json
std::optional<Error::Kind> errorKindFrom(const QString &name);

// A JSON-RPC error response. `id` is the raw JSON of the request's id; empty = left out (unreadable request).
QByteArray errorMessage(const QByteArray &id, const Error &error);
QByteArray errorMessage(const QByteArray &id, int code, const QString &message);
// A result response with `result` as it is.
QByteArray resultMessage(const QByteArray &id, std::string_view result);
// The result of a tools/call that says why it was not done, so that the model can read it: isError with one text.
QByteArray toolErrorResult(const QString &text);

} // namespace mcpcore
