// SPDX-FileCopyrightText: 2026 The Countersign authors
// SPDX-License-Identifier: GPL-3.0-or-later
#include "gateway/Locks.h"

namespace mcpcore {

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
    m_until[environment.id] = until;
    m_clock.after(span, this, [this, id = environment.id, until] {
        if (m_until.value(id) == until)
            lock(id);
    });
    Q_EMIT changed(environment.id);
    return {};
}

void Locks::lock(const EnvironmentId &environment)
{
    if (m_until.remove(environment) > 0)
        Q_EMIT changed(environment);
}

void Locks::lockAll()
{
    const auto open = m_until.keys();
    for (const EnvironmentId &environment : open)
        lock(environment);
}

bool Locks::isLocked(const Environment &environment) const
{
    return environment.kind == EnvironmentKind::Production && m_until.value(environment.id) <= m_clock.monotonic();
}

Milliseconds Locks::unlockedUntil(const EnvironmentId &environment) const
{
    const auto until = m_until.constFind(environment);
    if (until == m_until.cend() || *until <= m_clock.monotonic())
        return Milliseconds(0);
    return m_clock.wall() + (*until - m_clock.monotonic());
}

} // namespace mcpcore
