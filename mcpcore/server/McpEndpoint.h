// SPDX-FileCopyrightText: 2026 The Countersign authors
// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once
#include "base/Ids.h"
#include "protocol/Message.h"
#include "server/HttpSession.h"
#include "server/ModernEndpoint.h"

namespace mcpcore {

// MCP over HTTP at /mcp and /mcp/{connection}/{environment}: the Streamable HTTP sessions of 2024-11-05 to 2025-11-25, bare
// calls, and the way to the stateless generation. Knows HTTP and sessions; what messages mean is the gateway's. Core
// thread; `frontDoor` outlives it.
class McpEndpoint final : public QObject
{
    Q_OBJECT
public:
    McpEndpoint(FrontDoor &frontDoor, Ids &ids, const Clock &clock, const Limits &limits, QObject *parent = nullptr);
    ~McpEndpoint() override;

    void handle(const std::shared_ptr<Exchange> &exchange);
    int sessionCount() const { return int(m_sessions.size()); }

private:
    struct Known {
        std::unique_ptr<HttpSession> session;
        Milliseconds lastUsed;
    };
    void post(const std::shared_ptr<Exchange> &exchange);
    void postWithoutSession(const std::shared_ptr<Exchange> &exchange, const Message &message);
    void postMessage(const std::shared_ptr<Exchange> &exchange, HttpSession &session, const Message &message);
    void postBatch(const std::shared_ptr<Exchange> &exchange, const RawJson &body);
    void initialize(const std::shared_ptr<Exchange> &exchange, const Message &message);
    void get(const std::shared_ptr<Exchange> &exchange);
    void remove(const std::shared_ptr<Exchange> &exchange);
    void deliver(HttpSession &session, const RawJson &bytes, const Message &message);
    // The session that the request names; without one the exchange is answered.
    HttpSession *sessionOf(const std::shared_ptr<Exchange> &exchange);
    void drop(const QByteArray &id);
    void openSoon(HttpSession *session);
    void watchStream(const std::shared_ptr<Exchange> &exchange);
    void pruneStreams();
    void onKeepAlive();
    void watchSessions();
    void onSessionSweep();

    FrontDoor &m_frontDoor;
    Ids &m_ids;
    const Clock &m_clock;
    const Limits &m_limits;
    QHash<QByteArray, std::shared_ptr<Known>> m_sessions;
    std::vector<std::weak_ptr<Exchange>> m_streams;
    std::vector<QPointer<HttpSession>> m_owing; // streams that are to begin at the next tick
    size_t m_pruneAt = 64;
    bool m_keepAliveArmed = false;
    bool m_sweepArmed = false;
    ModernEndpoint m_modern;
};

} // namespace mcpcore
