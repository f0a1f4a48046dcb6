// SPDX-FileCopyrightText: 2026 The Countersign authors
// SPDX-License-Identifier: GPL-3.0-or-later
#include "server/GuardedTcpServer.h"
#include <QHostAddress>
#include <algorithm>

namespace mcpcore {

namespace {

constexpr Milliseconds wakeGranularity{250};
constexpr int refusedAtOnce = 64;

} // namespace

GuardedTcpServer::GuardedTcpServer(GuardRules rules, QObject *parent) : QTcpServer(parent), m_rules(std::move(rules))
{
    setListenBacklogSize(m_rules.limits.backlog);
    // Out of descriptors: Qt stops accepting for good unless told to go on.
    connect(this, &QTcpServer::acceptError, this,
            [this] { m_rules.clock.after(Milliseconds(1'000), this, [this] { resumeAccepting(); }); });
}

GuardedTcpServer::~GuardedTcpServer()
{
    // Sockets outlive this only in Qt 6.8, where the HTTP server owns them.
    for (ConnectionGuard *guard : QHash(m_guards))
        delete guard;
}

void GuardedTcpServer::incomingConnection(qintptr descriptor)
{
    auto *socket = new QTcpSocket(this);
    socket->setSocketDescriptor(descriptor);
    const int live = count(Standing::Unknown) + count(Standing::Known);
    if (socket->peerAddress() != QHostAddress(QHostAddress::LocalHost)
        || (live >= m_rules.limits.connections && count(Standing::Refused) >= refusedAtOnce)) {
        socket->abort();
        socket->deleteLater();
        return;
    }
    socket->setReadBufferSize(m_rules.limits.body + m_rules.limits.header + 64 * 1024);
    socket->setSocketOption(QAbstractSocket::LowDelayOption, 1);
    // The same address again: the old connection is dead, only its end was not read yet.
    if (auto *old = guardAt(socket->peerPort()))
        old->abort();
    auto *guard = new ConnectionGuard(*this, *socket);
    m_guards.insert(socket->peerPort(), guard);
    if (live >= m_rules.limits.connections) {
        connect(socket, &QTcpSocket::disconnected, socket, &QObject::deleteLater);
        return guard->refuse({503, QStringLiteral("Too many connections are open. Try again.")});
    }
    addPendingConnection(socket);
}

void GuardedTcpServer::wakeAt(Milliseconds deadline)
{
    const Milliseconds now = m_rules.clock.monotonic();
    const Milliseconds at = std::max(deadline, now + wakeGranularity);
    if (at >= m_wake)
        return;
    m_wake = at;
    m_rules.clock.after(at - now, this, [this, at] {
        if (m_wake == at)
            onWake();
    });
}

void GuardedTcpServer::onWake()
{
    m_wake = never;
    const Milliseconds now = m_rules.clock.monotonic();
    std::vector<QPointer<ConnectionGuard>> due;
    Milliseconds next = never;
    for (ConnectionGuard *guard : std::as_const(m_guards)) {
        if (guard->deadline() <= now)
            due.emplace_back(guard);
        else
            next = std::min(next, guard->deadline());
    }
    for (const auto &guard : due)
        if (guard)
            guard->onDeadline();
    if (next != never)
        wakeAt(next);
}

} // namespace mcpcore
