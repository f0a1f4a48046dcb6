// SPDX-FileCopyrightText: 2026 The Countersign authors
// SPDX-License-Identifier: GPL-3.0-or-later
#include "server/ModernEndpoint.h"
#include "protocol/ErrorMapping.h"

namespace mcpcore {

namespace {

QByteArray keyOf(const ClientId &client, const Scope &scope, const QByteArray &capabilities)
{
    QByteArray key = client.text.toUtf8();
    if (scope.connection)
        key += '/' + scope.connection->text.toUtf8() + '/' + scope.environment->text.toUtf8();
    return key + '\n' + capabilities;
}

void respond(Exchange &exchange, int status, const QByteArray &message)
{
    exchange.respond(status, QByteArrayLiteral("application/json"), message);
}

} // namespace

ModernEndpoint::ModernEndpoint(FrontDoor &frontDoor, Ids &ids, const Clock &clock, const Limits &limits, QObject *parent)
    : QObject(parent), m_frontDoor(frontDoor), m_ids(ids), m_clock(clock), m_limits(limits), m_seal(ids)
{}

ModernEndpoint::~ModernEndpoint() = default;

void ModernEndpoint::post(const std::shared_ptr<Exchange> &exchange)
{
    const auto request = readModernRequest(exchange->head(), RawJson(exchange->body()));
    if (!request)
        return respond(*exchange, request.error().status, request.error().message);
    // Over HTTP a client has nothing to notify of: it cancels by going away.
    if (request->message.kind == Message::Kind::Notification)
        return exchange->respond(202, {}, {});
    const auto session = sessionFor(*exchange, request->capabilities);
    if (!session)
        return respond(*exchange, httpStatusOf(session.error().kind), errorMessage(request->message.id.bytes(), session.error()));
    (*session)->serve(exchange, *request);
}

Result<ModernSession *> ModernEndpoint::sessionFor(const Exchange &exchange, const QByteArray &capabilities)
{
    const QByteArray key = keyOf(exchange.client(), exchange.scope(), capabilities);
    if (const auto known = m_sessions.value(key)) {
        known->lastUsed = m_clock.monotonic();
        return known->session.get();
    }
    if (const auto room = makeRoom(exchange.client()); !room)
        return failure(room.error());
    auto session = std::make_unique<ModernSession>(exchange.client(), exchange.scope(), capabilities, m_seal, m_ids, m_clock, m_limits);
    connect(session.get(), &ModernSession::streamOpened, this, &ModernEndpoint::streamOpened);
    connect(
        session.get(), &ModernSession::ended, this,
        [this, key, ended = session.get()] {
            if (const auto known = m_sessions.value(key); known && known->session.get() == ended)
                drop(key);
        },
        Qt::QueuedConnection);
    if (const auto opened = session->open(m_frontDoor); !opened)
        return failure(opened.error());
    ModernSession *created = session.get();
    m_sessions.insert(key, std::make_shared<Known>(Known{std::move(session), m_clock.monotonic()}));
    watch();
    return created;
}

// The sessions of one client are bounded; the one that was not used for longest makes room, if nothing of it is open.
Result<> ModernEndpoint::makeRoom(const ClientId &client)
{
    int ofClient = 0;
    QByteArray oldest;
    Milliseconds since{};
    for (auto it = m_sessions.cbegin(); it != m_sessions.cend(); ++it) {
        if ((*it)->session->client() != client)
            continue;
        ++ofClient;
        if ((*it)->session->isQuiet() && (oldest.isEmpty() || (*it)->lastUsed < since)) {
            oldest = it.key();
            since = (*it)->lastUsed;
        }
    }
    if (ofClient < m_limits.capabilitySets)
        return {};
    if (oldest.isEmpty())
        return failure(Error::Kind::Busy, QStringLiteral("This client uses too many sets of capabilities at once. Use one."));
    drop(oldest);
    return {};
}

void ModernEndpoint::drop(const QByteArray &key)
{
    const auto known = m_sessions.take(key);
    if (known)
        known->session.release()->deleteLater(); // it may be on the stack
}

void ModernEndpoint::watch()
{
    if (!m_sessions.isEmpty() && !std::exchange(m_sweepArmed, true))
        m_clock.after(m_limits.sessionIdle / 4, this, [this] { sweep(); });
}

void ModernEndpoint::sweep()
{
    m_sweepArmed = false;
    const Milliseconds now = m_clock.monotonic();
    QList<QByteArray> idle;
    for (auto it = m_sessions.cbegin(); it != m_sessions.cend(); ++it) {
        if (!(*it)->session->isQuiet())
            (*it)->lastUsed = now;
        else if (now - (*it)->lastUsed >= m_limits.sessionIdle)
            idle.push_back(it.key());
    }
    for (const QByteArray &key : std::as_const(idle))
        drop(key);
    watch();
}

} // namespace mcpcore
