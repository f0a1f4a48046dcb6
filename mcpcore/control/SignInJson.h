// SPDX-FileCopyrightText: 2026 The Countersign authors
// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once
#include "base/JsonFwd.h"
#include "model/ConnectionState.h"

namespace mcpcore {

// How a sign-in stands, as the commands answer it. No secrets.
Json toJson(const SignInState &state, const EnvironmentId &environment);

} // namespace mcpcore
