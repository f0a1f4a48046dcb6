// SPDX-FileCopyrightText: 2026 The Countersign authors
// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once
#include <string>

namespace app {

// Starts the app beside this program for a profile, without its window in front, where the person has allowed it: by a file "start-app" in the
// profile that is this user's (`countersignctl client start-app on`). False where it is not allowed or there is no display; whether the app then
// runs shows at its socket.
bool startApp(const std::string &profile);

} // namespace app
