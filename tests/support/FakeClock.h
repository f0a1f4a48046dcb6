// SPDX-FileCopyrightText: 2026 The Countersign authors
// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once
#include "base/Clock.h"
#include <QPointer>
#include <algorithm>
#include <vector>

// A clock that stands still until a test moves it; what is due then runs in order.
class FakeClock final : public mcpcore::Clock
{
public:
    mcpcore::Milliseconds wall() const override { return m_start + m_now; }
    mcpcore::Milliseconds monotonic() const override { return m_now; }
    mcpcore::Milliseconds asleep() const override { return slept; }
    void after(mcpcore::Milliseconds delay, QObject *context, std::function<void()> function) const override
    {
        m_timers.push_back({m_now + delay, context, std::move(function)});
    }
    void advance(mcpcore::Milliseconds by)
    {
        const auto end = m_now + by;
        for (;;) {
            const auto next =
                std::min_element(m_timers.begin(), m_timers.end(), [](const Timer &a, const Timer &b) { return a.due < b.due; });
            if (next == m_timers.end() || next->due > end)
                break;
            Timer timer = std::move(*next);
            m_timers.erase(next);
            m_now = std::max(m_now, timer.due);
            if (timer.context)
                timer.function();
        }
        m_now = end;
    }
    // How many times it would still wake somebody.
    int pending() const
    {
        return int(std::count_if(m_timers.begin(), m_timers.end(), [](const Timer &timer) { return !timer.context.isNull(); }));
    }

    mcpcore::Milliseconds slept{0}; // set by tests: the machine slept for so long

private:
    struct Timer {
        mcpcore::Milliseconds due;
        QPointer<QObject> context;
        std::function<void()> function;
    };
    mcpcore::Milliseconds m_start{1'795'255'200'000}; // 2026-11-21T10:00:00Z
    mcpcore::Milliseconds m_now{0};
    mutable std::vector<Timer> m_timers;
};
