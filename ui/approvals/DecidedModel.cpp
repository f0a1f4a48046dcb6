// SPDX-FileCopyrightText: 2026 The Countersign authors
// SPDX-License-Identifier: GPL-3.0-or-later
#include "ui/approvals/DecidedModel.h"
#include "ui/approvals/CardText.h"
#include "ui/shell/EnvLooks.h"
#include "ui/widgets/PlainLabel.h"

namespace ui {

using mcpcore::ApprovalEnd;
using mcpcore::CallId;
using mcpcore::Milliseconds;

void DecidedModel::add(const mcpcore::Approval &approval, ApprovalEnd end, Milliseconds now)
{
    beginInsertRows({}, 0, 0);
    m_items.prepend({approval, {end, {}, {}, {}, now}});
    endInsertRows();
    trim();
}

void DecidedModel::setState(const CallId &call, Desk::CallState state, const QString &detail, Milliseconds took, Milliseconds now)
{
    for (int row = 0; row < m_items.size(); ++row) {
        Item &item = m_items[row];
        if (item.approval.call->id != call)
            continue;
        item.fate = {item.fate.end, state, detail, took, now};
        Q_EMIT dataChanged(index(row), index(row));
    }
    trim();
}

// The oldest go whose outcome is known: not those under way, and not those that need a person's look.
void DecidedModel::trim()
{
    for (int row = int(m_items.size()) - 1; row >= 0 && m_items.size() > kNewest; --row) {
        const CallFate &fate = m_items.at(row).fate;
        const bool known = fate.end != ApprovalEnd::Allowed || fate.state == Desk::CallState::Done || fate.state == Desk::CallState::Failed;
        if (!known)
            continue;
        beginRemoveRows({}, row, row);
        m_items.removeAt(row);
        endRemoveRows();
    }
}

const DecidedModel::Item *DecidedModel::find(const CallId &call) const
{
    const auto it = std::find_if(m_items.begin(), m_items.end(), [&](const Item &item) { return item.approval.call->id == call; });
    return it == m_items.end() ? nullptr : &*it;
}

QString DecidedModel::icon(const Item &item) const
{
    if (item.fate.state) {
        switch (*item.fate.state) {
        case Desk::CallState::Sending:
        case Desk::CallState::Waiting: return QStringLiteral("spinner");
        case Desk::CallState::Done: return QStringLiteral("check");
        case Desk::CallState::Failed: return QStringLiteral("failed");
        case Desk::CallState::OutcomeUnknown: return QStringLiteral("unknown");
        }
    }
    return item.fate.end == ApprovalEnd::Allowed ? QStringLiteral("check") : QStringLiteral("denied");
}

QString DecidedModel::state(const Item &item) const
{
    if (isUnknown(item))
        return tr("Outcome unknown: check");
    if (item.fate.state)
        return CardText::state(*item.fate.state, *item.approval.call, item.fate.detail, item.fate.took);
    switch (*item.fate.end) {
    case ApprovalEnd::Allowed: return tr("Allowed");
    case ApprovalEnd::Denied: return tr("Denied");
    case ApprovalEnd::Expired: return tr("Nobody answered");
    case ApprovalEnd::Withdrawn: return tr("No longer waited");
    }
    return {};
}

QVariant DecidedModel::data(const QModelIndex &index, int role) const
{
    if (!index.isValid())
        return {};
    const Item &item = m_items.at(index.row());
    const mcpcore::ToolCall &call = *item.approval.call;
    switch (role) {
    case Qt::DisplayRole: return CardText::title(call);
    case Qt::ToolTipRole: return plainToolTip(tr("%1. %2", "sentence, state").arg(CardText::sentence(call), state(item)));
    case Qt::AccessibleTextRole:
        return tr("%1, %2, %3", "call, environment, state").arg(CardText::title(call), wordOf(call.environment), state(item));
    case Icon: return icon(item);
    case State: return state(item);
    case NeedsCare: return isUnknown(item);
    case EnvironmentWord: return wordOf(call.environment);
    case EnvironmentKind: return int(call.environmentKind);
    default: return {};
    }
}

} // namespace ui
