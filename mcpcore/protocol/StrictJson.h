// SPDX-FileCopyrightText: 2026 The Countersign authors
// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once
#include "base/Result.h"
#include <string_view>

namespace mcpcore {

// Checks that `bytes` are one JSON value on which no two parsers can disagree: RFC 8259 grammar, no duplicate keys at any
// depth (compared after resolving escapes), at most 64 levels, valid UTF-8, no lone surrogates. Numbers stay text and are
// not limited. One pass, no tree. InvalidRequest names the fault and its byte offset.
Result<> checkStrictJson(std::string_view bytes);

} // namespace mcpcore
