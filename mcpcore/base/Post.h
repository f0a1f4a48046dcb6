// SPDX-FileCopyrightText: 2026 The Countersign authors
// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once
#include <QMetaObject>
#include <QObject>
#include <memory>

namespace mcpcore {

// Runs `function` in the thread of `receiver`, from that thread's event loop; dropped when the receiver is destroyed
// first. The one way values cross threads. The callable may own move-only things.
template <typename Function> void post(QObject *receiver, Function function)
{
    auto owned = std::make_shared<Function>(std::move(function));
    QMetaObject::invokeMethod(
        receiver, [owned] { (*owned)(); }, Qt::QueuedConnection);
}

} // namespace mcpcore
