// SPDX-FileCopyrightText: 2026 The Countersign authors
// SPDX-License-Identifier: GPL-3.0-or-later
#include "ui/connections/ConnectionModel.h"
#include "ui/connections/KeyActs.h"
#include "ui/connections/KeyText.h"
#include "ui/connections/SignIns.h"
#include "ui/shell/EnvLooks.h"
#include "ui/widgets/VisibleMarks.h"

namespace ui {

ConnectionModel::ConnectionModel(const Desk &desk, const SignIns &signIns, const KeyActs &keyActs, QObject *parent)
    : QAbstractTableModel(parent), m_desk(desk), m_signIns(signIns), m_keyActs(keyActs)
{
    m_vendors = desk.vendors();
    refresh();
}

void ConnectionModel::setStates(const QList<mcpcore::ConnectionState> &states)
{
    m_states.clear();
    for (const mcpcore::ConnectionState &state : states)
        m_states.insert({state.connection, state.environment}, state);
    refresh();
}

bool ConnectionModel::isLocked(const mcpcore::EnvironmentId &environment) const
{
    const mcpcore::Environment *place = mcpcore::find(m_desk.workspace(), environment);
    return place && place->kind == mcpcore::EnvironmentKind::Production && m_desk.unlockedUntil(environment) <= m_desk.now();
}

ConnectionText::Known ConnectionModel::known(const mcpcore::Connection &connection, const mcpcore::EnvironmentId &environment,
                                             const mcpcore::ClientId &client) const
{
    const Place place{connection.id, environment};
    ConnectionText::Known known{m_desk.workspace(), connection, environment, stateOf(place), m_signIns.at(place), m_desk.now()};
    for (const Vendor &vendor : m_vendors)
        if (vendor.id == connection.vendor)
            known.vendor = &vendor;
    const mcpcore::KeyRecord *key = keyOf(known.workspace, place, client);
    known.keyProgress = key ? m_keyActs.at(key->id) : nullptr;
    known.locked = isLocked(environment);
    known.store = m_desk.status().keyStore;
    known.client = client;
    return known;
}

bool ConnectionModel::hasShape(const QList<Row> &rows, const QList<Column> &columns) const
{
    return columns.size() == m_columns.size()
           && std::equal(columns.begin(), columns.end(), m_columns.begin(),
                         [](const Column &left, const Column &right) { return left.id == right.id && left.look == right.look; })
           && std::equal(rows.begin(), rows.end(), m_rows.begin(), m_rows.end(),
                         [](const Row &left, const Row &right) { return left.id == right.id; });
}

void ConnectionModel::refresh()
{
    const mcpcore::Workspace &workspace = m_desk.workspace();
    QList<Column> columns;
    for (const mcpcore::Environment &environment : workspace.environments)
        columns.append({environment.id, lookOf(environment.kind), isLocked(environment.id)});
    QList<Row> rows;
    for (const mcpcore::Connection &connection : workspace.connections) {
        Row row{connection.id, ConnectionText::rowCaption(workspace, connection), {}};
        for (const Column &column : columns)
            row.cells.append(ConnectionText::cell(known(connection, column.id)));
        rows.append(row);
    }
    if (!hasShape(rows, columns)) {
        beginResetModel();
        m_rows = rows;
        m_columns = columns;
        return endResetModel();
    }
    if (std::exchange(m_columns, columns) != columns)
        Q_EMIT headerDataChanged(Qt::Horizontal, 0, int(columns.size()) - 1);
    const QList<Row> before = std::exchange(m_rows, rows);
    for (int row = 0; row < m_rows.size(); ++row) {
        if (before[row].caption != m_rows[row].caption)
            Q_EMIT headerDataChanged(Qt::Vertical, row, row);
        for (int column = 0; column < m_columns.size(); ++column)
            if (before[row].cells[column] != m_rows[row].cells[column])
                Q_EMIT dataChanged(index(row, column), index(row, column));
    }
}

Place ConnectionModel::placeAt(const QModelIndex &index) const
{
    return checkIndex(index, CheckIndexOption::IndexIsValid) ? Place{m_rows[index.row()].id, m_columns[index.column()].id} : Place();
}

QModelIndex ConnectionModel::indexOf(const Place &place) const
{
    for (int row = 0; row < m_rows.size(); ++row)
        for (int column = 0; column < m_columns.size(); ++column)
            if (m_rows[row].id == place.connection && m_columns[column].id == place.environment)
                return index(row, column);
    return {};
}

const mcpcore::ConnectionState *ConnectionModel::stateOf(const Place &place) const
{
    const auto found = m_states.constFind(place);
    return found == m_states.cend() ? nullptr : &*found;
}

int ConnectionModel::rowCount(const QModelIndex &parent) const
{
    return parent.isValid() ? 0 : int(m_rows.size());
}

int ConnectionModel::columnCount(const QModelIndex &parent) const
{
    return parent.isValid() ? 0 : int(m_columns.size());
}

QVariant ConnectionModel::data(const QModelIndex &index, int role) const
{
    switch (role) {
    case Qt::DisplayRole: return cell(index).title;
    case Qt::AccessibleTextRole: return cell(index).sentence;
    case Look: return int(m_columns[index.column()].look);
    default: return {};
    }
}

QVariant ConnectionModel::headerData(int section, Qt::Orientation orientation, int role) const
{
    if (orientation == Qt::Horizontal) {
        const Column &column = m_columns[section];
        if (role == Qt::DisplayRole)
            return visibleText(wordOf(column.id));
        if (role == Qt::AccessibleTextRole)
            return column.locked ? tr("%1, locked", "environment").arg(visibleText(wordOf(column.id))) : visibleText(wordOf(column.id));
        if (role == Locked)
            return column.locked;
        return role == Look ? QVariant(int(column.look)) : QVariant();
    }
    const Row &row = m_rows[section];
    if (role == Qt::DisplayRole)
        return ConnectionText::name(row.id.text);
    if (role == Qt::AccessibleTextRole)
        return tr("%1, %2", "connection, where it is").arg(ConnectionText::name(row.id.text), row.caption);
    return role == Caption ? QVariant(row.caption) : QVariant();
}

} // namespace ui
