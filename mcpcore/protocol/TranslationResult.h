// SPDX-FileCopyrightText: 2026 The Countersign authors
// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once
#include "base/RawJson.h"

namespace mcpcore {

// Results and errors between the generations. Pure functions; what needs no change comes back as it is, byte for byte.

// For a client of 2026-07-28: resultType, and ttlMs and cacheScope where the protocol wants them, are added where they are
// missing. Nothing is claimed of a server that said nothing: not to be kept, and private.
RawJson resultForModern(const QString &method, const RawJson &result);
// For a client with sessions of that version: without what only 2026-07-28 knows, and what its version does not know as text.
RawJson resultForLegacy(const QString &method, const RawJson &result, const QString &version);

// A resource that is not there is -32602 with its URI in 2026-07-28 and -32002 before. Codes that must not be sent in
// 2026-07-28 become -32603. `params` are those of the request.
RawJson errorForModern(const QString &method, const RawJson &params, const RawJson &error);
RawJson errorForLegacy(const QString &method, const RawJson &error);

} // namespace mcpcore
