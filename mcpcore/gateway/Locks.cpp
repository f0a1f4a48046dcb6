// SPDX-FileCopyrightText: 2026 The Countersign authors
// SPDX-License-Identifier: GPL-3.0-or-later
#include "gateway/Locks.h"

namespace mcpcore {

namespace {
// The clocks are read one after the other: less than this between them is no sleep.
constexpr Milliseconds kSlept = std::chrono::seconds(1);
constexpr Milliseconds kWatchEvery = std::chrono::seconds(5); // only while something is unlocked
} // namespace

QString sentenceOf(const EnvironmentId &environment, LockCause cause)
{
    QString why;
    switch (cause) {
    case LockCause::Person: why = QStringLiteral("a person locked it"); break;
    case LockCause::Time: why = QStringLiteral("its time was over"); break;
    case LockCause::ScreenLock: why = QStringLiteral("the screen was locked"); break;
    case LockCause::Suspend: why = QStringLiteral("the computer went to sleep"); break;
    case LockCause::Pause: why = QStringLiteral("everything was paused"); break;
    case LockCause::Removed: why = QStringLiteral("it was removed"); break;
    case LockCause::Quit: why = QStringLiteral("Countersign ended"); break;
    }
    return QStringLiteral("Locked %1: %2.").arg(environment.text, why);
}

Result<> Locks::unlock(const Environment &environment, std::chrono::minutes span, const QString &reason)
{
    using namespace std::chrono_literals;
    if (environment.kind != EnvironmentKind::Production)
        return failure(Error::Kind::InvalidArgument,
                       QStringLiteral("Only production environments are locked; %1 is open.").arg(environment.id.text));
    if (span != 5min && span != 15min && span != 60min)
        return failure(Error::Kind::InvalidArgument, QStringLiteral("Unlock for 5, 15 or 60 minutes."));
    if (reason.trimmed().size() < 3)
        return failure(Error::Kind::InvalidArgument,
                       QStringLiteral("Give a reason of 3 characters or more: it goes into the activity log."));
    const Milliseconds until = m_clock.monotonic() + span;
    m_opened[environment.id] = {until, m_clock.asleep()};
    m_clock.after(span, this, [this, id = environment.id, until] {
        if (const auto opened = m_opened.constFind(id); opened != m_opened.cend() && opened->until == until)
            lock(id, LockCause::Time);
    });
    if (!std::exchange(m_watching, true))
        watchSleep();
    Q_EMIT changed(environment.id);
    return {};
}

void Locks::lock(const EnvironmentId &environment, LockCause cause)
{
    if (m_opened.remove(environment) == 0)
        return;
    Q_EMIT locked(environment, cause);
    Q_EMIT changed(environment);
}

void Locks::lockAll(LockCause cause)
{
    const auto open = m_opened.keys();
    for (const EnvironmentId &environment : open)
        lock(environment, cause);
}

bool Locks::slept(const Opened &opened) const
{
    return m_clock.asleep() - opened.asleep >= kSlept;
}

bool Locks::isOpen(const EnvironmentId &environment) const
{
    const auto opened = m_opened.constFind(environment);
    return opened != m_opened.cend() && opened->until > m_clock.monotonic() && !slept(*opened);
}

// isLocked() knows of a sleep at once; this tells those who wait for a signal, where no other program tells of it.
void Locks::watchSleep()
{
    m_clock.after(kWatchEvery, this, [this] {
        const auto open = m_opened.keys();
        for (const EnvironmentId &environment : open)
            if (slept(m_opened.value(environment)))
                lock(environment, LockCause::Suspend);
        m_watching = !m_opened.isEmpty();
        if (m_watching)
            watchSleep();
    });
}

bool Locks::isLocked(const Environment &environment) const
{
    return environment.kind == EnvironmentKind::Production && !isOpen(environment.id);
}

Milliseconds Locks::unlockedUntil(const EnvironmentId &environment) const
{
    return isOpen(environment) ? m_clock.wall() + (m_opened.value(environment).until - m_clock.monotonic()) : Milliseconds(0);
}

} // namespace mcpcore
