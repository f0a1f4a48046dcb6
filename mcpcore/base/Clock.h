// SPDX-FileCopyrightText: 2026 The Countersign authors
// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once
#include <QObject>
#include <chrono>
#include <functional>

namespace mcpcore {

using Milliseconds = std::chrono::milliseconds;

// Time, injected. Durations and deadlines use the monotonic reading; the wall reading is for records and display.
class Clock
{
public:
    virtual ~Clock() = default;
    // Since 1970-01-01 UTC.
    virtual Milliseconds wall() const = 0;
    // Since an arbitrary start; never goes back.
    virtual Milliseconds monotonic() const = 0;
    // How long the computer slept since it started: time that monotonic() does not count. Zero where the system does not say.
    virtual Milliseconds asleep() const = 0;
    // Runs `function` once after `delay` in the thread of `context`; never after context is destroyed.
    virtual void after(Milliseconds delay, QObject *context, std::function<void()> function) const = 0;
};

// The clocks of this machine, and Qt timers. Usable from any thread.
class SystemClock final : public Clock
{
public:
    Milliseconds wall() const override;
    Milliseconds monotonic() const override;
    Milliseconds asleep() const override;
    void after(Milliseconds delay, QObject *context, std::function<void()> function) const override;
};

// 2026-11-21T10:00:00.000Z
QString toIsoText(Milliseconds wall);

} // namespace mcpcore
