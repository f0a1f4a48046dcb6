// SPDX-FileCopyrightText: 2026 The Countersign authors
// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once
#include "server/ConnectionGuard.h"
#include <QHash>
#include <QTcpServer>
#include <array>

namespace mcpcore {

// What the connections of one server share.
struct GuardRules {
    const Limits &limits;
    const Clock &clock;
    TokenCheck clientOfToken;
    std::function<void(const Refusal &)> refused; // told of every refusal but those of /.well-known
};

// Accepts connections on 127.0.0.1 and puts a guard in front of each. One wake-up serves all deadlines; with no deadline
// there is none.
class GuardedTcpServer final : public QTcpServer
{
    Q_OBJECT
public:
    explicit GuardedTcpServer(GuardRules rules, QObject *parent = nullptr);
    ~GuardedTcpServer() override;

    const GuardRules &rules() const { return m_rules; }
    // Peers all have the address 127.0.0.1, so their port tells them apart.
    ConnectionGuard *guardAt(quint16 peerPort) const { return m_guards.value(peerPort); }
    int count(Standing standing) const { return m_counts[size_t(standing)]; }

    // For the guards.
    void wakeAt(Milliseconds deadline);
    void counted(Standing standing, int change) { m_counts[size_t(standing)] += change; }
    void removed(quint16 peerPort) { m_guards.remove(peerPort); }
    static constexpr Milliseconds never = Milliseconds::max();

protected:
    void incomingConnection(qintptr descriptor) override;

private:
    void onWake();
    GuardRules m_rules;
    QHash<quint16, ConnectionGuard *> m_guards;
    std::array<int, 4> m_counts{};
    Milliseconds m_wake = never;
};

} // namespace mcpcore
