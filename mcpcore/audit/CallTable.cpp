// SPDX-FileCopyrightText: 2026 The Countersign authors
// SPDX-License-Identifier: GPL-3.0-or-later
#include "audit/CallTable.h"

namespace mcpcore {

CallState callFrom(const Statement &row)
{
    const auto bytes = [&row](int column) {
        const std::string_view text = row.bytes(column);
        return QByteArray(text.data(), qsizetype(text.size()));
    };
    CallState state;
    state.call = bytes(0);
    state.last = row.integer(1);
    state.received = row.integer(2);
    state.client = bytes(3);
    state.connection = bytes(4);
    state.environment = bytes(5);
    state.environmentKind = bytes(6);
    state.tool = bytes(7);
    state.decision = bytes(8);
    state.decidedBy = bytes(9);
    state.outcome = bytes(10);
    state.detail = bytes(11);
    state.took = row.integer(12);
    return state;
}

void bindCall(Statement &insert, const CallState &state)
{
    const auto text = [&insert](int index, const QByteArray &utf8) { insert.bindText(index, {utf8.constData(), size_t(utf8.size())}); };
    text(1, state.call);
    insert.bind(2, state.last).bind(3, state.received);
    text(4, state.client);
    text(5, state.connection);
    text(6, state.environment);
    text(7, state.environmentKind);
    text(8, state.tool);
    text(9, state.decision);
    text(10, state.decidedBy);
    text(11, state.outcome);
    text(12, state.detail);
    insert.bind(13, state.took);
}

CallSummary summaryOf(const CallState &state)
{
    const auto text = [](const QByteArray &utf8) { return QString::fromUtf8(utf8); };
    return {state.last,
            std::chrono::milliseconds(state.received),
            text(state.call),
            text(state.client),
            text(state.connection),
            text(state.environment),
            text(state.environmentKind),
            text(state.tool),
            text(state.decision),
            text(state.decidedBy),
            text(state.outcome),
            text(state.detail),
            state.took};
}

} // namespace mcpcore
