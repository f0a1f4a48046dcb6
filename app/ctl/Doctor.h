// SPDX-FileCopyrightText: 2026 The Countersign authors
// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once
#include "app/ctl/Invocation.h"

namespace app {

// Looks at profile, keychain, endpoint and log, and says what is wrong and what to do. 0 when all is well.
int doctor(const Invocation &invocation);

} // namespace app
