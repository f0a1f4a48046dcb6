// SPDX-FileCopyrightText: 2026 The Countersign authors
// SPDX-License-Identifier: GPL-3.0-or-later
#include "upstream/Listener.h"
#include "base/Post.h"

namespace mcpcore {

namespace {

constexpr int maximumAttempts = 6;
constexpr Milliseconds firstWait{1000};

} // namespace

Listener::Listener(SubscriptionFilter always, const Clock &clock, Wire wire)
    : m_always(std::move(always)), m_clock(clock), m_wire(std::move(wire))
{}

SubscriptionFilter Listener::wanted() const
{
    SubscriptionFilter filter = m_always;
    filter.uris = m_uris.keys();
    return filter;
}

void Listener::start()
{
    if (!wanted().isEmpty())
        updateSoon();
}

void Listener::updateSoon()
{
    if (std::exchange(m_updatesSoon, true))
        return;
    post(this, [this] {
        m_updatesSoon = false;
        update();
    });
}

void Listener::update()
{
    const SubscriptionFilter filter = wanted();
    if ((m_open || m_opening) && filter == m_asked) {
        if (!m_opening)
            answerWaiting({});
        return;
    }
    if (m_opening)
        m_wire.close(std::exchange(m_opening, 0));
    m_asked = filter;
    if (filter.isEmpty()) {
        if (m_open)
            m_wire.close(std::exchange(m_open, 0));
        return answerWaiting({});
    }
    m_opening = m_wire.newId(); // before it is sent: its end may come at once
    m_wire.open(m_opening, filter);
}

void Listener::subscribe(const QByteArray &uri, Completion<> done)
{
    ++m_uris[uri];
    m_waiting.push_back(std::move(done));
    updateSoon();
}

void Listener::unsubscribe(const QByteArray &uri)
{
    const auto found = m_uris.find(uri);
    if (found == m_uris.end())
        return;
    if (--*found == 0) {
        m_uris.erase(found);
        updateSoon();
    }
}

void Listener::takeAcknowledged(qint64 id)
{
    if (id == 0 || id != m_opening)
        return;
    if (m_open)
        m_wire.close(m_open);
    m_open = std::exchange(m_opening, 0);
    m_attempts = 0;
    if (std::exchange(m_wasDeaf, false))
        Q_EMIT missed(m_asked);
    answerWaiting({});
}

void Listener::takeEnd(qint64 id, const std::optional<Error> &refusal)
{
    if (id == m_open)
        m_open = 0;
    if (id == m_opening)
        m_opening = 0;
    if (m_open || m_opening)
        return; // the other one goes on
    if (refusal || ++m_attempts > maximumAttempts)
        return answerWaiting(failure(
            refusal.value_or(Error{Error::Kind::UpstreamFailed, QStringLiteral("The server does not keep its subscriptions open.")})));
    m_wasDeaf = true;
    m_clock.after(firstWait * (1 << (m_attempts - 1)), this, [this] {
        if (!m_open && !m_opening && !wanted().isEmpty())
            update();
    });
}

void Listener::answerWaiting(const Result<> &result)
{
    for (auto &done : std::exchange(m_waiting, {}))
        done(result);
}

} // namespace mcpcore
