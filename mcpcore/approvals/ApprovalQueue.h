// SPDX-FileCopyrightText: 2026 The Countersign authors
// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once
#include "base/Clock.h"
#include "base/Completion.h"
#include "model/Approval.h"
#include <QHash>

namespace mcpcore {

// Calls that wait for a person. Holds each until it is answered, withdrawn or its deadline passes (deadline = denied).
// Knows nothing of windows: who shows cards watches added() and removed() and calls answer(). Lives in the core thread.
class ApprovalQueue : public QObject
{
    Q_OBJECT
public:
    struct Limits {
        int perClient = 20;
        int all = 100;
        int newPerSecond = 5; // per client
        Milliseconds deadline = std::chrono::minutes(5);
        Milliseconds reading = std::chrono::minutes(30); // what setReading() may add to one deadline in all
        int unanswered = 2;                              // cards in a row that nobody answers ...
        Milliseconds cooldown = std::chrono::minutes(5); // ... keep new ones of that client away for so long
    };
    ApprovalQueue(const Clock &clock, Limits limits, QObject *parent = nullptr);
    ~ApprovalQueue() override;

    // Answers Busy at once when a limit is reached or the client cools down, Expired at the deadline, Denied by denyAll(),
    // Cancelled (later, from the event loop) by withdraw(), else what the person said.
    void request(ToolCallPtr call, const Verdict &verdict, Completion<Answer> done);
    // NotFound when the call no longer waits; Conflict when the answer was given to other bytes; InvalidArgument when the
    // typed word is wrong (the card stays).
    Result<> answer(const CallId &call, const Answer &answer);
    // The caller no longer waits. Safe to call from its destructor.
    void withdraw(const CallId &call);
    // Denies everything that waits, e.g. on pause; `reason` is told to the clients.
    void denyAll(const QString &reason);
    QList<Approval> pending() const; // oldest first
    // The clock of one card stops while the person reads it (D19), until `reading` is false or Limits::reading is used up;
    // then changed() tells the moved deadline. While it stands, pending() gives the deadline as if it started again now.
    void setReading(const CallId &call, bool reading);

    // Clients whose last cards nobody answered, and the wall time until which their new ones are refused (D18).
    QHash<ClientId, Milliseconds> coolingDown() const;
    // Lets such a client ask again at once.
    void resume(const ClientId &client);

Q_SIGNALS:
    void added(const mcpcore::Approval &approval);
    void removed(const mcpcore::CallId &call, mcpcore::ApprovalEnd end);
    void changed(const mcpcore::Approval &approval); // its deadline moved
    void coolingDownChanged();

private:
    struct Card {
        Approval approval;
        Completion<Answer> done;
        Milliseconds deadline{};                  // monotonic, as for all below
        std::optional<Milliseconds> readingSince; // the clock stands since then
        Milliseconds readingLeft{};
        quint64 timer = 0; // the only one that counts; older ones find another number
    };
    struct Asker {
        QList<Milliseconds> recent; // when its newest cards were added
        int unanswered = 0;
        std::optional<Milliseconds> coolsUntil;
    };
    Result<> admit(const ToolCall &call);
    Card *find(const CallId &call);
    Approval shown(const Card &card) const;
    void arm(Card &card);
    void onTimer(const CallId &call, quint64 timer);
    void stopReading(Card &card, Milliseconds now);
    Completion<Answer> take(const CallId &call, ApprovalEnd end);
    void expire(const CallId &call);
    void startCooldown(const ClientId &client);

    const Clock &m_clock;
    const Limits m_limits;
    std::vector<Card> m_cards; // oldest first
    QHash<ClientId, Asker> m_askers;
    quint64 m_lastTimer = 0;
};

// What must be typed to allow `call` when the verdict is ask-typed: the word of the environment.
QString typedWordFor(const ToolCall &call);

} // namespace mcpcore
