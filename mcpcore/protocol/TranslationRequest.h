// SPDX-FileCopyrightText: 2026 The Countersign authors
// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once
#include "base/RawJson.h"

namespace mcpcore {

// What travels with each request in 2026-07-28 and once per session before it: version, client, capabilities, log level.
// Pure functions.

inline constexpr const char *kModernVersion = "2026-07-28";

// Of log messages, from chatty to silent.
enum class LogLevel { Debug, Info, Notice, Warning, Error, Critical, Alert, Emergency };
std::optional<LogLevel> logLevelFrom(const RawJson &text);
QByteArray textOf(LogLevel level); // with its quotes
// Whether a client that wants messages from `wanted` on gets this notifications/message.
bool isWanted(const RawJson &params, LogLevel wanted);

// The level a request names in its _meta; empty when it names none (no log messages for it) or one that does not exist.
std::optional<LogLevel> logLevelOf(const RawJson &params);
bool namesUnknownLogLevel(const RawJson &params);

// The members that 2026-07-28 keeps for itself in _meta of a request.
struct RequestMeta {
    QByteArray version;
    QByteArray clientInfo;
    QByteArray capabilities;
    std::optional<LogLevel> logLevel;
};
// `params` with these in their _meta, in the place of any that were there; the other keys of _meta stay as they are.
QByteArray paramsForModern(const RawJson &params, const RequestMeta &meta);
// `params` without them, as it is where there are none.
RawJson paramsForLegacy(const RawJson &params);
// The capabilities of a client with sessions as 2026-07-28 knows them: roots have no listChanged, tasks are not offered.
QByteArray capabilitiesForModern(const RawJson &capabilities);

} // namespace mcpcore
