// SPDX-FileCopyrightText: 2026 The Countersign authors
// SPDX-License-Identifier: GPL-3.0-or-later
#include "base/Clock.h"
#include <QDateTime>
#include <QTimer>

namespace mcpcore {

Milliseconds SystemClock::wall() const
{
    return std::chrono::duration_cast<Milliseconds>(std::chrono::system_clock::now().time_since_epoch());
}

Milliseconds SystemClock::monotonic() const
{
    return std::chrono::duration_cast<Milliseconds>(std::chrono::steady_clock::now().time_since_epoch());
}

void SystemClock::after(Milliseconds delay, QObject *context, std::function<void()> function) const
{
    QTimer::singleShot(delay, context, std::move(function));
}

QString toIsoText(Milliseconds wall)
{
    return QDateTime::fromMSecsSinceEpoch(wall.count()).toUTC().toString(Qt::ISODateWithMs);
}

} // namespace mcpcore
