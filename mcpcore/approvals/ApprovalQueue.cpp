// SPDX-FileCopyrightText: 2026 The Countersign authors
// SPDX-License-Identifier: GPL-3.0-or-later
#include "approvals/ApprovalQueue.h"
#include "base/Post.h"
#include "base/Secret.h"
#include <algorithm>

namespace mcpcore {

namespace {

std::string_view viewOf(const QByteArray &bytes)
{
    return {bytes.constData(), size_t(bytes.size())};
}

tl::unexpected<Error> busy(const QString &message)
{
    return failure(Error::Kind::Busy, message);
}

tl::unexpected<Error> noLongerWaiting()
{
    return failure(Error::Kind::NotFound, QStringLiteral("This call no longer waits for an answer."));
}

} // namespace

ApprovalQueue::ApprovalQueue(const Clock &clock, Limits limits, QObject *parent) : QObject(parent), m_clock(clock), m_limits(limits) {}

ApprovalQueue::~ApprovalQueue()
{
    // Dropped completions answer Abandoned, and who gets that may still call us: the cards go first.
    const auto cards = std::exchange(m_cards, {});
}

Result<> ApprovalQueue::admit(const ToolCall &call)
{
    if (find(call.id))
        return failure(Error::Kind::Conflict, QStringLiteral("This call waits for an answer already."));
    const Milliseconds now = m_clock.monotonic();
    Asker &asker = m_askers[call.client];
    if (asker.coolsUntil && now < *asker.coolsUntil)
        return busy(QStringLiteral("Nobody answered the last approvals this client asked for, so no new ones are shown until %1. "
                                   "The person can resume them in Countersign.")
                        .arg(toIsoText(m_clock.wall() + *asker.coolsUntil - now)));
    if (qsizetype(m_cards.size()) >= m_limits.all)
        return busy(QStringLiteral("%1 calls wait for approval already. Call again when some are answered.").arg(m_limits.all));
    const auto own =
        std::count_if(m_cards.begin(), m_cards.end(), [&](const Card &card) { return card.approval.call->client == call.client; });
    if (own >= m_limits.perClient)
        return busy(QStringLiteral("%1 calls of this client wait for approval already. Call again when some are answered.")
                        .arg(m_limits.perClient));
    asker.recent.removeIf([&](Milliseconds at) { return at + std::chrono::seconds(1) <= now; });
    if (asker.recent.size() >= m_limits.newPerSecond)
        return busy(QStringLiteral("More than %1 calls a second ask for approval. Call again more slowly.").arg(m_limits.newPerSecond));
    asker.recent.append(now);
    return {};
}

void ApprovalQueue::request(ToolCallPtr call, const Verdict &verdict, Completion<Answer> done)
{
    if (const auto admitted = admit(*call); !admitted)
        return done(failure(admitted.error()));
    Card card;
    card.approval.typedWord = verdict.effect == Effect::AskTyped ? typedWordFor(*call) : QString();
    card.approval.call = std::move(call);
    card.approval.verdict = verdict;
    card.approval.asked = m_clock.wall();
    card.done = std::move(done);
    card.deadline = m_clock.monotonic() + m_limits.deadline;
    card.readingLeft = m_limits.reading;
    arm(card);
    const Approval approval = shown(card);
    m_cards.push_back(std::move(card));
    Q_EMIT added(approval);
}

Result<> ApprovalQueue::answer(const CallId &call, const Answer &answer)
{
    Card *card = find(call);
    if (!card)
        return noLongerWaiting();
    if (!card->readingSince && m_clock.monotonic() >= card->deadline) { // the timer is late
        expire(call);
        return noLongerWaiting();
    }
    if (!equalInConstantTime(viewOf(answer.argumentsDigest), viewOf(card->approval.call->argumentsDigest)))
        return failure(Error::Kind::Conflict,
                       QStringLiteral("The answer belongs to other arguments than those that wait. Look at the card again."));
    const bool allows = answer.kind == Answer::Kind::Allow;
    if (allows && answer.typed != card->approval.typedWord && !card->approval.typedWord.isEmpty())
        return failure(Error::Kind::InvalidArgument, QStringLiteral("Type \"%1\" to allow this call.").arg(card->approval.typedWord));
    m_askers[card->approval.call->client].unanswered = 0;
    take(call, allows ? ApprovalEnd::Allowed : ApprovalEnd::Denied)(answer);
    return {};
}

void ApprovalQueue::withdraw(const CallId &call)
{
    if (!find(call))
        return;
    // Whoever withdraws may be half destroyed, its guard not yet cleared: it must not be called from here.
    post(this, [done = take(call, ApprovalEnd::Withdrawn)]() mutable {
        done(failure(Error::Kind::Cancelled, QStringLiteral("The call was withdrawn before it was answered.")));
    });
}

void ApprovalQueue::denyAll(const QString &reason)
{
    for (const Approval &approval : pending())
        if (find(approval.call->id))
            take(approval.call->id, ApprovalEnd::Denied)(failure(Error::Kind::Denied, reason));
}

QList<Approval> ApprovalQueue::pending() const
{
    QList<Approval> approvals;
    for (const Card &card : m_cards)
        approvals.append(shown(card));
    return approvals;
}

void ApprovalQueue::setReading(const CallId &call, bool reading)
{
    Card *card = find(call);
    const Milliseconds now = m_clock.monotonic();
    if (!card || reading == card->readingSince.has_value())
        return;
    if (!reading)
        return stopReading(*card, now);
    if (card->readingLeft <= Milliseconds::zero() || now >= card->deadline)
        return;
    card->readingSince = now;
    arm(*card);
}

void ApprovalQueue::stopReading(Card &card, Milliseconds now)
{
    const Milliseconds read = std::min(now - *card.readingSince, card.readingLeft);
    card.readingSince.reset();
    card.readingLeft -= read;
    card.deadline += read;
    arm(card);
    Q_EMIT changed(shown(card));
}

QHash<ClientId, Milliseconds> ApprovalQueue::coolingDown() const
{
    QHash<ClientId, Milliseconds> clients;
    const Milliseconds now = m_clock.monotonic();
    for (auto it = m_askers.begin(); it != m_askers.end(); ++it)
        if (it->coolsUntil && now < *it->coolsUntil)
            clients.insert(it.key(), m_clock.wall() + *it->coolsUntil - now);
    return clients;
}

void ApprovalQueue::resume(const ClientId &client)
{
    const auto asker = m_askers.find(client);
    if (asker == m_askers.end() || !asker->coolsUntil)
        return;
    asker->coolsUntil.reset();
    Q_EMIT coolingDownChanged();
}

void ApprovalQueue::startCooldown(const ClientId &client)
{
    const Milliseconds until = m_clock.monotonic() + m_limits.cooldown;
    m_askers[client].unanswered = 0;
    m_askers[client].coolsUntil = until;
    m_clock.after(m_limits.cooldown, this, [this, client, until] {
        if (m_askers[client].coolsUntil == until)
            resume(client);
    });
    Q_EMIT coolingDownChanged();
}

ApprovalQueue::Card *ApprovalQueue::find(const CallId &call)
{
    const auto card = std::find_if(m_cards.begin(), m_cards.end(), [&](const Card &one) { return one.approval.call->id == call; });
    return card == m_cards.end() ? nullptr : &*card;
}

Approval ApprovalQueue::shown(const Card &card) const
{
    Approval approval = card.approval;
    const Milliseconds now = m_clock.monotonic();
    const Milliseconds stood = card.readingSince ? std::min(now - *card.readingSince, card.readingLeft) : Milliseconds::zero();
    approval.deadline = m_clock.wall() + card.deadline + stood - now;
    return approval;
}

void ApprovalQueue::arm(Card &card)
{
    const Milliseconds due = card.readingSince ? *card.readingSince + card.readingLeft : card.deadline;
    card.timer = ++m_lastTimer;
    m_clock.after(std::max(due - m_clock.monotonic(), Milliseconds(1)), this,
                  [this, call = card.approval.call->id, timer = card.timer] { onTimer(call, timer); });
}

void ApprovalQueue::onTimer(const CallId &call, quint64 timer)
{
    Card *card = find(call);
    if (!card || card->timer != timer)
        return;
    const Milliseconds now = m_clock.monotonic();
    if (card->readingSince && now >= *card->readingSince + card->readingLeft)
        return stopReading(*card, now);
    if (!card->readingSince && now >= card->deadline)
        return expire(call);
    arm(*card); // timers may be a little early
}

Completion<Answer> ApprovalQueue::take(const CallId &call, ApprovalEnd end)
{
    const auto card = std::find_if(m_cards.begin(), m_cards.end(), [&](const Card &one) { return one.approval.call->id == call; });
    const CallId id = call; // `call` may be a part of the card
    Completion<Answer> done = std::move(card->done);
    m_cards.erase(card);
    Q_EMIT removed(id, end);
    return done;
}

void ApprovalQueue::expire(const CallId &call)
{
    const ClientId client = find(call)->approval.call->client;
    if (++m_askers[client].unanswered >= m_limits.unanswered)
        startCooldown(client);
    take(call, ApprovalEnd::Expired)(failure(Error::Kind::Expired, QStringLiteral("Nobody answered in time, so the call was not sent.")));
}

QString typedWordFor(const ToolCall &call)
{
    return call.environment.text;
}

} // namespace mcpcore
