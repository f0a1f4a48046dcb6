// SPDX-FileCopyrightText: 2026 The Countersign authors
// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once
#include <QThread>

namespace mcpcore {

// Gives a thread that has not started an event loop whose turns cost the same with thousands of sockets as with ten
// (EpollDispatcher). Not for a thread that needs GLib's, as the one with the keychain does.
void useScalingEventLoop(QThread &thread);

} // namespace mcpcore
