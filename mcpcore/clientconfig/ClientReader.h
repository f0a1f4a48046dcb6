// SPDX-FileCopyrightText: 2026 The Countersign authors
// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once
#include "base/ResourceObject.h"
#include "clientconfig/ClientKind.h"

namespace mcpcore {

inline constexpr qsizetype kMaximumClientKindSize = 64 * 1024;

// Reads the description of a kind of client as strictly as packs are read: every fault is found, with its line and member.
// resources/clients/schema.json says the same to editors.
tl::expected<ClientKind, QList<ResourceFault>> readClientKind(const QByteArray &bytes);

} // namespace mcpcore
