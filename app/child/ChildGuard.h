// SPDX-FileCopyrightText: 2026 The Countersign authors
// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

namespace app {

// Runs `command` (program and arguments, ended by a null pointer) with our stdin, stdout and stderr, and ends it together
// with everything it started when `deathPipe` reaches its end, when we get SIGTERM, or when the program itself ends.
// Returns the program's exit code: 128 + n if signal n ended it, 127 if it could not be started.
int runGuarded(int deathPipe, char **command);

} // namespace app
