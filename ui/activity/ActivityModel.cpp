// SPDX-FileCopyrightText: 2026 The Countersign authors
// SPDX-License-Identifier: GPL-3.0-or-later
#include "ui/activity/ActivityModel.h"
#include "ui/activity/ActivityText.h"
#include "ui/widgets/PlainLabel.h"

namespace ui {

using mcpcore::CallSummary;

ActivityModel::ActivityModel(QString logPath, QObject *parent) : QAbstractTableModel(parent), m_path(std::move(logPath)) {}

ActivityModel::~ActivityModel() = default;

const mcpcore::LogReader *ActivityModel::reader()
{
    if (m_reader)
        return m_reader.get();
    auto opened = mcpcore::LogReader::open(m_path);
    if (!opened) {
        setProblem(opened.error().message);
        return nullptr;
    }
    m_reader = std::move(*opened);
    return m_reader.get();
}

void ActivityModel::setFilter(const mcpcore::LogReader::Filter &filter)
{
    m_filter = filter;
    reload();
}

void ActivityModel::setProblem(const QString &problem)
{
    if (problem == m_problem)
        return;
    m_problem = problem;
    Q_EMIT problemChanged();
}

QList<CallSummary> ActivityModel::read(qint64 before)
{
    const mcpcore::LogReader *log = reader();
    if (!log)
        return {};
    auto page = log->calls(m_filter, before, kPage);
    setProblem(page ? QString() : page.error().message);
    if (!page)
        m_reader.reset(); // opened again at the next read
    return page ? std::move(*page) : QList<CallSummary>();
}

void ActivityModel::reload()
{
    const QList<CallSummary> page = read(0);
    beginResetModel();
    m_calls.clear();
    m_ids.clear();
    append(page);
    endResetModel();
    if (std::exchange(m_new, 0) != 0)
        Q_EMIT newCallsChanged();
}

void ActivityModel::append(const QList<CallSummary> &page)
{
    for (const CallSummary &call : page)
        if (!m_ids.contains(call.call)) {
            m_ids.insert(call.call);
            m_calls.append(call);
        }
    m_more = page.size() == kPage;
    m_oldest = page.isEmpty() ? 0 : page.last().sequence;
}

void ActivityModel::refresh()
{
    if (m_calls.isEmpty())
        return reload();
    const QList<CallSummary> page = read(0);
    QList<CallSummary> added;
    for (const CallSummary &call : page) {
        if (!m_ids.contains(call.call)) {
            added.append(call);
            continue;
        }
        const int row = rowOfCall(call.call);
        if (m_calls.at(row).sequence != call.sequence) {
            m_calls[row] = call;
            Q_EMIT dataChanged(index(row, 0), index(row, ColumnCount - 1));
        }
    }
    if (m_live && added.size() == kPage)
        return reload(); // more than a page was appended: there may be a gap below it
    if (m_live && !added.isEmpty()) {
        beginInsertRows({}, 0, int(added.size()) - 1);
        for (const CallSummary &call : added)
            m_ids.insert(call.call);
        m_calls = added + m_calls;
        endInsertRows();
        trim();
    }
    if (std::exchange(m_new, m_live ? 0 : int(added.size())) != m_new)
        Q_EMIT newCallsChanged();
}

void ActivityModel::trim()
{
    if (m_calls.size() <= kLongestLive)
        return;
    beginRemoveRows({}, kLongestLive, int(m_calls.size()) - 1);
    while (m_calls.size() > kLongestLive)
        m_ids.remove(m_calls.takeLast().call);
    m_oldest = m_calls.last().sequence;
    m_more = true;
    endRemoveRows();
}

void ActivityModel::setLive(bool live)
{
    if (m_live == live)
        return;
    m_live = live;
    if (live)
        refresh();
}

const CallSummary *ActivityModel::at(int row) const
{
    return row >= 0 && row < m_calls.size() ? &m_calls.at(row) : nullptr;
}

int ActivityModel::rowOfCall(const QString &call) const
{
    const auto it = std::find_if(m_calls.begin(), m_calls.end(), [&](const CallSummary &row) { return row.call == call; });
    return it == m_calls.end() ? -1 : int(it - m_calls.begin());
}

int ActivityModel::rowCount(const QModelIndex &parent) const
{
    return parent.isValid() ? 0 : int(m_calls.size());
}
int ActivityModel::columnCount(const QModelIndex &parent) const
{
    return parent.isValid() ? 0 : ColumnCount;
}

bool ActivityModel::canFetchMore(const QModelIndex &parent) const
{
    return !parent.isValid() && m_more;
}

void ActivityModel::fetchMore(const QModelIndex &parent)
{
    if (!canFetchMore(parent))
        return;
    const QList<CallSummary> page = read(m_oldest);
    const auto known = std::count_if(page.begin(), page.end(), [this](const CallSummary &call) { return m_ids.contains(call.call); });
    if (page.size() == known) {
        append(page);
        return;
    }
    beginInsertRows({}, int(m_calls.size()), int(m_calls.size() + page.size() - known) - 1);
    append(page);
    endInsertRows();
}

QVariant ActivityModel::data(const QModelIndex &index, int role) const
{
    const CallSummary *call = at(index.row());
    if (!index.isValid() || !call)
        return {};
    switch (role) {
    case Qt::AccessibleTextRole: return index.column() == Time ? QVariant(ActivityText::sentence(*call)) : data(index, Qt::DisplayRole);
    case Qt::ToolTipRole:
        return plainToolTip(index.column() == Time ? ActivityText::dateAndTime(call->time) : data(index, Qt::DisplayRole).toString());
    case Object: return ActivityText::name(call->connection);
    case Icon: return ActivityText::result(*call).icon;
    case Tone: return int(ActivityText::result(*call).tone);
    case EnvironmentKind: return call->environmentKind;
    case Qt::DisplayRole: break;
    default: return {};
    }
    switch (Column(index.column())) {
    case Time: return ActivityText::time(call->time, m_now);
    case Environment: return ActivityText::environmentWord(call->environment);
    case What: return ActivityText::name(call->tool);
    case Client: return ActivityText::name(call->client);
    case Result: return ActivityText::result(*call).text;
    case ColumnCount: break;
    }
    return {};
}

QVariant ActivityModel::headerData(int section, Qt::Orientation orientation, int role) const
{
    if (orientation != Qt::Horizontal || role != Qt::DisplayRole)
        return {};
    switch (Column(section)) {
    case Time: return tr("Time");
    case Environment: return tr("Environment");
    case What: return tr("What");
    case Client: return tr("Client");
    case Result: return tr("Decision, result");
    case ColumnCount: break;
    }
    return {};
}

} // namespace ui
