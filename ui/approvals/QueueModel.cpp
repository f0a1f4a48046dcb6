// SPDX-FileCopyrightText: 2026 The Countersign authors
// SPDX-License-Identifier: GPL-3.0-or-later
#include "ui/approvals/QueueModel.h"
#include "ui/approvals/CardText.h"
#include "ui/shell/EnvLooks.h"
#include "ui/widgets/Countdown.h"
#include "ui/widgets/PlainLabel.h"

namespace ui {

using mcpcore::Approval;
using mcpcore::CallId;

void QueueModel::add(const Approval &approval)
{
    if (rowOf(approval.call->id) >= 0)
        return update(approval);
    int head = -1, end = int(m_rows.size());
    for (int row = 0; row < m_rows.size(); ++row) {
        if (!m_rows.at(row).head)
            continue;
        if (head >= 0) {
            end = row;
            break;
        }
        if (m_rows.at(row).approval.call->client == approval.call->client)
            head = row;
    }
    if (head < 0) {
        head = end = int(m_rows.size());
        beginInsertRows({}, head, head + 1);
        m_rows.append({true, approval, {}});
        m_rows.append({false, approval, approval.deadline - m_now});
        endInsertRows();
        return;
    }
    beginInsertRows({}, end, end);
    m_rows.insert(end, {false, approval, approval.deadline - m_now});
    endInsertRows();
    Q_EMIT dataChanged(index(head), index(head));
}

void QueueModel::update(const Approval &approval)
{
    const int row = rowOf(approval.call->id);
    if (row < 0)
        return;
    m_rows[row].approval = approval;
    m_rows[row].left = approval.deadline - m_now;
    Q_EMIT dataChanged(index(row), index(row));
}

void QueueModel::remove(const CallId &call)
{
    const int row = rowOf(call);
    if (row < 0)
        return;
    int head = row;
    while (!m_rows.at(head).head)
        --head;
    const bool last = countBelow(head) == 1;
    beginRemoveRows({}, last ? head : row, row);
    m_rows.remove(last ? head : row, last ? 2 : 1);
    endRemoveRows();
    if (!last)
        Q_EMIT dataChanged(index(head), index(head));
}

void QueueModel::tick(std::chrono::milliseconds now)
{
    m_now = now;
    for (Row &row : m_rows)
        if (row.approval.call->id != m_stopped)
            row.left = row.approval.deadline - now;
    if (!m_rows.isEmpty())
        Q_EMIT dataChanged(index(0), index(int(m_rows.size()) - 1), {TimeLeft});
}

void QueueModel::setStopped(const CallId &call)
{
    m_stopped = call;
}

int QueueModel::waiting() const
{
    return int(std::count_if(m_rows.begin(), m_rows.end(), [](const Row &row) { return !row.head; }));
}

const Approval *QueueModel::find(const CallId &call) const
{
    const int row = rowOf(call);
    return row < 0 ? nullptr : &m_rows.at(row).approval;
}

const Approval *QueueModel::at(const QModelIndex &index) const
{
    return index.isValid() && !m_rows.at(index.row()).head ? &m_rows.at(index.row()).approval : nullptr;
}

QModelIndex QueueModel::indexOf(const CallId &call) const
{
    const int row = rowOf(call);
    return row < 0 ? QModelIndex() : index(row);
}

const Approval *QueueModel::next(const CallId &call) const
{
    return step(call, 1);
}
const Approval *QueueModel::previous(const CallId &call) const
{
    return step(call, -1);
}

const Approval *QueueModel::step(const CallId &call, int by) const
{
    const int count = int(m_rows.size());
    int row = rowOf(call);
    if (row < 0 && by < 0)
        row = count;
    for (int tried = 0; tried < count; ++tried) {
        row = (row + by + count) % count;
        if (!m_rows.at(row).head)
            return &m_rows.at(row).approval;
    }
    return nullptr;
}

int QueueModel::rowCount(const QModelIndex &parent) const
{
    return parent.isValid() ? 0 : int(m_rows.size());
}

QVariant QueueModel::data(const QModelIndex &index, int role) const
{
    if (!index.isValid())
        return {};
    const Row &row = m_rows.at(index.row());
    const mcpcore::ToolCall &call = *row.approval.call;
    if (row.head) {
        switch (role) {
        case Qt::DisplayRole: return CardText::clientName(call);
        case Qt::AccessibleTextRole: return tr("%1, %2 waiting").arg(CardText::clientName(call), QString::number(countBelow(index.row())));
        case IsHead: return true;
        case Count: return countBelow(index.row());
        case ClientKind: return call.client.text;
        default: return {};
        }
    }
    switch (role) {
    case Qt::DisplayRole: return CardText::title(call);
    case Qt::ToolTipRole: return plainToolTip(CardText::sentence(call));
    case Qt::AccessibleTextRole:
        return tr("%1, %2, %3", "call, connection, environment")
            .arg(CardText::title(call), CardText::connectionName(call), wordOf(call.environment));
    case IsHead: return false;
    case Place: return CardText::connectionName(call);
    case EnvironmentWord: return wordOf(call.environment);
    case EnvironmentKind: return int(call.environmentKind);
    case TimeLeft: return countdownText(row.left);
    default: return {};
    }
}

Qt::ItemFlags QueueModel::flags(const QModelIndex &index) const
{
    return index.isValid() && !m_rows.at(index.row()).head ? Qt::ItemIsEnabled | Qt::ItemIsSelectable | Qt::ItemNeverHasChildren
                                                           : Qt::NoItemFlags;
}

int QueueModel::rowOf(const CallId &call) const
{
    for (int row = 0; row < m_rows.size(); ++row)
        if (!m_rows.at(row).head && m_rows.at(row).approval.call->id == call)
            return row;
    return -1;
}

int QueueModel::countBelow(int head) const
{
    int end = head + 1;
    while (end < m_rows.size() && !m_rows.at(end).head)
        ++end;
    return end - head - 1;
}

} // namespace ui
