// SPDX-FileCopyrightText: 2026 The Countersign authors
// SPDX-License-Identifier: GPL-3.0-or-later
#include "ui/approvals/QueueModel.h"
#include "ui/shell/EnvLooks.h"
#include "ui/widgets/Countdown.h"
#include "ui/widgets/PlainLabel.h"

namespace ui {

using mcpcore::CallId;

void QueueModel::add(const Waiting &waiting)
{
    if (rowOf(waiting.id) >= 0)
        return update(waiting);
    int head = -1, end = int(m_rows.size());
    for (int row = 0; row < m_rows.size(); ++row) {
        if (!m_rows.at(row).head)
            continue;
        if (head >= 0) {
            end = row;
            break;
        }
        if (m_rows.at(row).what.client == waiting.client)
            head = row;
    }
    if (head < 0) {
        head = end = int(m_rows.size());
        beginInsertRows({}, head, head + 1);
        m_rows.append({true, waiting, {}});
        m_rows.append({false, waiting, waiting.deadline - m_now});
        endInsertRows();
        return;
    }
    beginInsertRows({}, end, end);
    m_rows.insert(end, {false, waiting, waiting.deadline - m_now});
    endInsertRows();
    Q_EMIT dataChanged(index(head), index(head));
}

void QueueModel::update(const Waiting &waiting)
{
    const int row = rowOf(waiting.id);
    if (row < 0)
        return;
    m_rows[row].what = waiting;
    m_rows[row].left = waiting.deadline - m_now;
    Q_EMIT dataChanged(index(row), index(row));
}

void QueueModel::remove(const CallId &id)
{
    const int row = rowOf(id);
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
        if (row.what.id != m_stopped)
            row.left = row.what.deadline - now;
    if (!m_rows.isEmpty())
        Q_EMIT dataChanged(index(0), index(int(m_rows.size()) - 1), {TimeLeft});
}

void QueueModel::setStopped(const CallId &id)
{
    m_stopped = id;
}

int QueueModel::waiting() const
{
    return int(std::count_if(m_rows.begin(), m_rows.end(), [](const Row &row) { return !row.head; }));
}

const Waiting *QueueModel::find(const CallId &id) const
{
    const int row = rowOf(id);
    return row < 0 ? nullptr : &m_rows.at(row).what;
}

const Waiting *QueueModel::at(const QModelIndex &index) const
{
    return index.isValid() && !m_rows.at(index.row()).head ? &m_rows.at(index.row()).what : nullptr;
}

QModelIndex QueueModel::indexOf(const CallId &id) const
{
    const int row = rowOf(id);
    return row < 0 ? QModelIndex() : index(row);
}

const Waiting *QueueModel::next(const CallId &id) const
{
    return step(id, 1);
}
const Waiting *QueueModel::previous(const CallId &id) const
{
    return step(id, -1);
}

const Waiting *QueueModel::step(const CallId &id, int by) const
{
    const int count = int(m_rows.size());
    int row = rowOf(id);
    if (row < 0 && by < 0)
        row = count;
    for (int tried = 0; tried < count; ++tried) {
        row = (row + by + count) % count;
        if (!m_rows.at(row).head)
            return &m_rows.at(row).what;
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
    const Waiting &what = row.what;
    if (row.head) {
        switch (role) {
        case Qt::DisplayRole: return what.clientName;
        case Qt::AccessibleTextRole: return tr("%1, %2 waiting").arg(what.clientName, QString::number(countBelow(index.row())));
        case IsHead: return true;
        case Count: return countBelow(index.row());
        case ClientKind: return what.client.text;
        default: return {};
        }
    }
    switch (role) {
    case Qt::DisplayRole: return what.title;
    case Qt::ToolTipRole: return plainToolTip(what.sentence);
    case Qt::AccessibleTextRole:
        return tr("%1, %2, %3", "call, connection, environment").arg(what.title, what.place, wordOf(what.environment));
    case IsHead: return false;
    case Asks: return what.question() != nullptr;
    case Place: return what.place;
    case EnvironmentWord: return wordOf(what.environment);
    case EnvironmentKind: return int(what.environmentKind);
    case TimeLeft: return countdownText(row.left);
    default: return {};
    }
}

Qt::ItemFlags QueueModel::flags(const QModelIndex &index) const
{
    return index.isValid() && !m_rows.at(index.row()).head ? Qt::ItemIsEnabled | Qt::ItemIsSelectable | Qt::ItemNeverHasChildren
                                                           : Qt::NoItemFlags;
}

int QueueModel::rowOf(const CallId &id) const
{
    for (int row = 0; row < m_rows.size(); ++row)
        if (!m_rows.at(row).head && m_rows.at(row).what.id == id)
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
