// SPDX-FileCopyrightText: 2026 The Countersign authors
// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once
#include "audit/Record.h"
#include <QHash>
#include <map>

namespace mcpcore {

// The newest state of one call, as its rows tell it: a row of the table `calls`.
struct CallState {
    QByteArray call;
    qint64 last = 0;     // sequence of its last row
    qint64 received = 0; // time of its first row
    QByteArray client;
    QByteArray connection;
    QByteArray environment;
    QByteArray environmentKind;
    QByteArray tool;
    QByteArray decision;
    QByteArray decidedBy;
    QByteArray outcome;
    QByteArray detail;
    qint64 took = -1;
    qint64 intent = 0; // sequence of an intent without outcome

    // Nothing more is to come.
    bool isClosed() const { return !outcome.isEmpty() || decision == "denied"; }
    friend bool operator==(const CallState &, const CallState &) = default;
};

// Derives what stands beside the records from the records, row after row: the one place that does, for the writer as for
// the verifier. Holds the states of calls that are not closed.
class CallLedger
{
public:
    struct Derived {
        qint64 previous = 0; // column `previous`
        qint64 open = 0;     // column `open`
    };
    Derived apply(qint64 sequence, const RowFacts &facts);

    CallState *find(const QByteArray &call);
    // Takes over a state from the table. With an open intent when `state.intent` says so.
    void insert(CallState state);
    void forget(const QByteArray &call) { m_states.remove(call); }
    // Calls with an intent and no outcome, oldest first.
    QList<CallState> open() const;
    qint64 oldestOpen() const { return m_open.empty() ? 0 : m_open.begin()->first; }
    const QHash<QByteArray, CallState> &states() const { return m_states; }

private:
    QHash<QByteArray, CallState> m_states;
    std::map<qint64, QByteArray> m_open;
};

} // namespace mcpcore
