// SPDX-FileCopyrightText: 2026 The Countersign authors
// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once
#include <QAbstractEventDispatcher>
#include <QHash>
#include <array>
#include <atomic>
#include <chrono>
#include <set>
#include <vector>

namespace mcpcore {

// Qt's event loop over epoll (Linux): a turn costs the same with ten sockets as with thousands, and a post to a thread that
// is awake costs no system call. Every kind of event is always delivered; timers are precise whatever type is asked for.
// Given to a thread before it starts, which then owns it: `thread.setEventDispatcher(new EpollDispatcher)`. A loop inside a
// loop is not supported: such a thread runs none.
class EpollDispatcher final : public QAbstractEventDispatcher
{
public:
    EpollDispatcher();
    ~EpollDispatcher() override;

    bool processEvents(QEventLoop::ProcessEventsFlags flags) override;
    void registerSocketNotifier(QSocketNotifier *notifier) override;
    void unregisterSocketNotifier(QSocketNotifier *notifier) override;
    void registerTimer(int timerId, qint64 interval, Qt::TimerType timerType, QObject *object) override;
    bool unregisterTimer(int timerId) override;
    bool unregisterTimers(QObject *object) override;
    QList<TimerInfo> registeredTimers(QObject *object) const override;
    int remainingTime(int timerId) override;
    void wakeUp() override; // from any thread
    void interrupt() override;

private:
    using Clock = std::chrono::steady_clock;
    enum class State { Awake, Blocked, Woken };

    // One descriptor: who watches it, and what the kernel has been told of that.
    struct Watch {
        std::array<QSocketNotifier *, 3> notifiers{}; // by QSocketNotifier::Type
        unsigned told = 0;
        bool changed = false; // is in m_changed
        bool emptied = false; // nobody watched it since the kernel was told: it may be another file by now
    };
    struct Timer {
        QObject *object;
        std::chrono::milliseconds interval;
        Qt::TimerType type;
        Clock::time_point due;
    };

    Watch &watchOf(qintptr socket);
    void noteChange(qintptr socket, Watch &watch);
    void tellKernel();
    int timeout() const; // in milliseconds; -1 without a timer
    bool wait(int milliseconds);
    bool fireTimers();

    const int m_epoll;
    const int m_wake;
    std::atomic<State> m_state = State::Awake;
    std::atomic<bool> m_interrupted = false;
    std::vector<Watch> m_watches; // by descriptor
    std::vector<qintptr> m_changed;
    QHash<int, Timer> m_timers;
    std::set<std::pair<Clock::time_point, int>> m_order;
};

} // namespace mcpcore
