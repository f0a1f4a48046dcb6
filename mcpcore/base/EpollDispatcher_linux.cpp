// SPDX-FileCopyrightText: 2026 The Countersign authors
// SPDX-License-Identifier: GPL-3.0-or-later
#include "base/EpollDispatcher_linux.h"
#include "base/EventLoop.h"
#include <QCoreApplication>
#include <QSocketNotifier>
#include <algorithm>
#include <cerrno>
#include <limits>
#include <sys/epoll.h>
#include <sys/eventfd.h>
#include <unistd.h>

namespace mcpcore {

namespace {

constexpr int eventsAtOnce = 64;

// The events a notifier of each type wants, and those it is told of: an error or an end is news for whoever watches.
constexpr std::array<unsigned, 3> wantedOf{EPOLLIN, EPOLLOUT, EPOLLPRI};
constexpr unsigned ended = EPOLLHUP | EPOLLERR;

} // namespace

void useScalingEventLoop(QThread &thread)
{
    thread.setEventDispatcher(new EpollDispatcher);
}

EpollDispatcher::EpollDispatcher() : m_epoll(::epoll_create1(EPOLL_CLOEXEC)), m_wake(::eventfd(0, EFD_CLOEXEC | EFD_NONBLOCK))
{
    epoll_event event{};
    event.events = EPOLLIN;
    event.data.fd = m_wake;
    if (m_epoll < 0 || m_wake < 0 || ::epoll_ctl(m_epoll, EPOLL_CTL_ADD, m_wake, &event) != 0)
        qFatal("The event loop cannot be made: too many files are open.");
}

EpollDispatcher::~EpollDispatcher()
{
    ::close(m_epoll);
    ::close(m_wake);
}

bool EpollDispatcher::processEvents(QEventLoop::ProcessEventsFlags flags)
{
    // What is posted from here on keeps this turn from waiting.
    m_state = State::Awake;
    Q_EMIT awake();
    QCoreApplication::sendPostedEvents();
    if (m_interrupted.exchange(false))
        return true;
    tellKernel();
    int milliseconds = 0;
    auto expected = State::Awake;
    if (flags.testFlag(QEventLoop::WaitForMoreEvents)) {
        Q_EMIT aboutToBlock();
        milliseconds = timeout();
        if (milliseconds != 0 && !m_state.compare_exchange_strong(expected, State::Blocked))
            milliseconds = 0;
    }
    const bool heard = wait(milliseconds);
    const bool fired = fireTimers();
    return heard || fired || m_state == State::Woken;
}

// True when a notifier was told of something.
bool EpollDispatcher::wait(int milliseconds)
{
    std::array<epoll_event, eventsAtOnce> events;
    const int count = ::epoll_wait(m_epoll, events.data(), eventsAtOnce, milliseconds);
    auto blocked = State::Blocked;
    m_state.compare_exchange_strong(blocked, State::Awake);
    bool heard = false;
    for (int i = 0; i < count; ++i) {
        const int socket = events[size_t(i)].data.fd;
        if (socket == m_wake) {
            eventfd_t value = 0;
            ::eventfd_read(m_wake, &value);
            continue;
        }
        for (size_t type = 0; type < wantedOf.size(); ++type) {
            // Looked up anew each time: the one told before may have ended the others.
            QSocketNotifier *notifier = m_watches[size_t(socket)].notifiers[type];
            if (!notifier || !(events[size_t(i)].events & (wantedOf[type] | ended)))
                continue;
            QEvent event(QEvent::SockAct);
            QCoreApplication::sendEvent(notifier, &event);
            heard = true;
        }
    }
    return heard;
}

EpollDispatcher::Watch &EpollDispatcher::watchOf(qintptr socket)
{
    if (size_t(socket) >= m_watches.size())
        m_watches.resize(std::max<size_t>(size_t(socket) + 1, 2 * m_watches.size()));
    return m_watches[size_t(socket)];
}

void EpollDispatcher::registerSocketNotifier(QSocketNotifier *notifier)
{
    Watch &watch = watchOf(notifier->socket());
    watch.notifiers[notifier->type()] = notifier;
    noteChange(notifier->socket(), watch);
}

void EpollDispatcher::unregisterSocketNotifier(QSocketNotifier *notifier)
{
    Watch &watch = watchOf(notifier->socket());
    if (watch.notifiers[notifier->type()] != notifier)
        return;
    watch.notifiers[notifier->type()] = nullptr;
    if (watch.notifiers == decltype(watch.notifiers){})
        watch.emptied = true;
    noteChange(notifier->socket(), watch);
}

void EpollDispatcher::noteChange(qintptr socket, Watch &watch)
{
    if (!std::exchange(watch.changed, true))
        m_changed.push_back(socket);
}

// Once before each wait: a notifier switched off and on again within a turn, as sockets do, costs nothing.
void EpollDispatcher::tellKernel()
{
    for (const qintptr socket : m_changed) {
        Watch &watch = m_watches[size_t(socket)];
        watch.changed = false;
        epoll_event event{};
        event.data.fd = int(socket);
        for (size_t type = 0; type < wantedOf.size(); ++type)
            if (watch.notifiers[type])
                event.events |= wantedOf[type];
        const bool emptied = std::exchange(watch.emptied, false);
        const unsigned told = std::exchange(watch.told, unsigned(event.events));
        if (event.events == 0) {
            if (told != 0)
                ::epoll_ctl(m_epoll, EPOLL_CTL_DEL, int(socket), nullptr); // fails, rightly, when it is closed by now
        } else if (told == 0 || emptied) {
            if (::epoll_ctl(m_epoll, EPOLL_CTL_ADD, int(socket), &event) != 0 && errno == EEXIST)
                ::epoll_ctl(m_epoll, EPOLL_CTL_MOD, int(socket), &event);
        } else if (told != event.events) {
            ::epoll_ctl(m_epoll, EPOLL_CTL_MOD, int(socket), &event);
        }
    }
    m_changed.clear();
}

void EpollDispatcher::registerTimer(int timerId, qint64 interval, Qt::TimerType timerType, QObject *object)
{
    const auto milliseconds = std::chrono::milliseconds(interval);
    const Timer timer{object, milliseconds, timerType, Clock::now() + milliseconds};
    m_timers.insert(timerId, timer);
    m_order.emplace(timer.due, timerId);
}

bool EpollDispatcher::unregisterTimer(int timerId)
{
    const auto timer = m_timers.constFind(timerId);
    if (timer == m_timers.cend())
        return false;
    m_order.erase({timer->due, timerId});
    m_timers.erase(timer);
    return true;
}

bool EpollDispatcher::unregisterTimers(QObject *object)
{
    bool any = false;
    for (const TimerInfo &timer : registeredTimers(object))
        any |= unregisterTimer(timer.timerId);
    return any;
}

QList<QAbstractEventDispatcher::TimerInfo> EpollDispatcher::registeredTimers(QObject *object) const
{
    QList<TimerInfo> found;
    for (auto timer = m_timers.cbegin(); timer != m_timers.cend(); ++timer)
        if (timer->object == object)
            found.append(TimerInfo(timer.key(), int(timer->interval.count()), timer->type));
    return found;
}

int EpollDispatcher::remainingTime(int timerId)
{
    const auto timer = m_timers.constFind(timerId);
    if (timer == m_timers.cend())
        return -1;
    return int(std::max<qint64>(0, std::chrono::ceil<std::chrono::milliseconds>(timer->due - Clock::now()).count()));
}

int EpollDispatcher::timeout() const
{
    if (m_order.empty())
        return -1;
    const auto left = std::chrono::ceil<std::chrono::milliseconds>(m_order.begin()->first - Clock::now()).count();
    return int(std::clamp<qint64>(left, 0, std::numeric_limits<int>::max()));
}

// Those due when this begins, each once: a timer without an interval leaves sockets and posts their turn.
bool EpollDispatcher::fireTimers()
{
    if (m_order.empty())
        return false;
    const auto now = Clock::now();
    std::vector<int> due;
    for (auto next = m_order.cbegin(); next != m_order.cend() && next->first <= now; ++next)
        due.push_back(next->second);
    for (const int id : due) {
        const auto timer = m_timers.find(id);
        if (timer == m_timers.end() || timer->due > now)
            continue; // ended or begun anew by one that fired before it
        m_order.erase({timer->due, id});
        timer->due += timer->interval;
        if (timer->due < now)
            timer->due = now + timer->interval; // ticks that were missed are not made up for
        m_order.emplace(timer->due, id);
        QTimerEvent event(id);
        QCoreApplication::sendEvent(timer->object, &event);
    }
    return !due.empty();
}

void EpollDispatcher::wakeUp()
{
    if (m_state.exchange(State::Woken) == State::Blocked)
        ::eventfd_write(m_wake, 1);
}

void EpollDispatcher::interrupt()
{
    m_interrupted = true;
    wakeUp();
}

} // namespace mcpcore
