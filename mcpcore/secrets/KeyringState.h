// SPDX-FileCopyrightText: 2026 The Countersign authors
// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once
#include <QObject>
#include <functional>

namespace mcpcore {

// Whether a "not found" of the keyring can be believed: a locked one says it of every item.
enum class KeyringState { Open, Locked, NoCollection, NoService, Silent };

// Asks the Secret Service of this session and answers in the thread of `context`, unless that is destroyed first.
void askKeyringState(QObject *context, std::function<void(KeyringState)> answer);

} // namespace mcpcore
