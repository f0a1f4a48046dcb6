// SPDX-FileCopyrightText: 2026 The Countersign authors
// SPDX-License-Identifier: GPL-3.0-or-later
#include "base/Clock.h"
#include <QDateTime>
#include <QTimer>
#include <ctime>

namespace mcpcore {

Milliseconds SystemClock::wall() const
{
    return std::chrono::duration_cast<Milliseconds>(std::chrono::system_clock::now().time_since_epoch());
}

Milliseconds SystemClock::monotonic() const
{
    return std::chrono::duration_cast<Milliseconds>(std::chrono::steady_clock::now().time_since_epoch());
}

Milliseconds SystemClock::asleep() const
{
#ifdef CLOCK_BOOTTIME
    const auto read = [](clockid_t id) {
        timespec now{};
        ::clock_gettime(id, &now);
        return Milliseconds(qint64(now.tv_sec) * 1000 + now.tv_nsec / 1'000'000);
    };
    return read(CLOCK_BOOTTIME) - read(CLOCK_MONOTONIC);
#else
    return {};
#endif
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
