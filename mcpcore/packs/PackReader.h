// SPDX-FileCopyrightText: 2026 The Countersign authors
// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once
#include "base/ResourceObject.h"
#include "packs/Pack.h"
#include <tl/expected.hpp>

namespace mcpcore {

inline constexpr qsizetype kMaximumPackSize = 1024 * 1024;

// Reads a pack file strictly: members it does not know, keys written twice and values of another form are faults, all of
// which are found. resources/packs/schema.json says the same to editors.
tl::expected<Pack, QList<ResourceFault>> readPack(const QByteArray &bytes);

} // namespace mcpcore
