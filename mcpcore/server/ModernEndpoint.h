// SPDX-FileCopyrightText: 2026 The Countersign authors
// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once
#include "server/ModernSession.h"
#include <QHash>

namespace mcpcore {

// The stateless generation (2026-07-28) at the same addresses as the sessions. What one client sends with the same
// capabilities to the same address shares a session of the gateway, which is let go when it was not used for a while.
// Owned by the McpEndpoint; core thread.
class ModernEndpoint final : public QObject
{
    Q_OBJECT
public:
    ModernEndpoint(FrontDoor &frontDoor, Ids &ids, const Clock &clock, const Limits &limits, QObject *parent = nullptr);
    ~ModernEndpoint() override;

    void post(const std::shared_ptr<Exchange> &exchange);
    int sessionCount() const { return int(m_sessions.size()); }

Q_SIGNALS:
    void streamOpened(const std::shared_ptr<mcpcore::Exchange> &exchange);

private:
    struct Known {
        std::unique_ptr<ModernSession> session;
        Milliseconds lastUsed;
    };
    Result<ModernSession *> sessionFor(const Exchange &exchange, const QByteArray &capabilities);
    Result<> makeRoom(const ClientId &client);
    void drop(const QByteArray &key);
    void watch();
    void sweep();

    FrontDoor &m_frontDoor;
    Ids &m_ids;
    const Clock &m_clock;
    const Limits &m_limits;
    RequestSeal m_seal;
    QHash<QByteArray, std::shared_ptr<Known>> m_sessions;
    bool m_sweepArmed = false;
};

} // namespace mcpcore
