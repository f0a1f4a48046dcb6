// SPDX-FileCopyrightText: 2026 The Countersign authors
// SPDX-License-Identifier: GPL-3.0-or-later
#include "audit/CallLedger.h"

namespace mcpcore {

CallLedger::Derived CallLedger::apply(qint64 sequence, const RowFacts &facts)
{
    if (facts.call.isEmpty())
        return {0, oldestOpen()};
    CallState &state = m_states[facts.call];
    if (state.call.isEmpty()) {
        state.call = facts.call;
        state.received = facts.time;
        state.client = facts.client;
        state.connection = facts.connection;
        state.environment = facts.environment;
        state.environmentKind = facts.environmentKind;
        state.tool = facts.tool;
    }
    if (!facts.decision.isEmpty()) {
        state.decision = facts.decision;
        state.decidedBy = facts.decidedBy;
        if (facts.decision == "denied")
            state.detail = facts.reason;
    }
    if (facts.kind == "intent" && state.intent == 0) {
        state.intent = sequence;
        m_open.emplace(sequence, facts.call);
    }
    if (!facts.outcome.isEmpty()) {
        state.outcome = facts.outcome;
        state.detail = facts.outcomeDetail;
        state.took = facts.took;
        m_open.erase(std::exchange(state.intent, 0));
    }
    return {std::exchange(state.last, sequence), oldestOpen()};
}

CallState *CallLedger::find(const QByteArray &call)
{
    const auto it = m_states.find(call);
    return it == m_states.end() ? nullptr : &*it;
}

void CallLedger::insert(CallState state)
{
    if (state.intent != 0)
        m_open.emplace(state.intent, state.call);
    m_states.insert(state.call, std::move(state));
}

QList<CallState> CallLedger::open() const
{
    QList<CallState> open;
    for (const auto &[sequence, call] : m_open)
        open.append(m_states.value(call));
    return open;
}

} // namespace mcpcore
