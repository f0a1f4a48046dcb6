// SPDX-FileCopyrightText: 2026 The Countersign authors
// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once
#include "ui/connections/ConnectionText.h"
#include "ui/theme/Theme.h"
#include <QAbstractTableModel>
#include <QHash>

namespace ui {

class Desk;
class SignIns;

// The grid: a row for each connection, a column for each environment. What it shows is the desk's workspace, the states the
// core answered last, and what was begun in this window. Owned by the page.
class ConnectionModel final : public QAbstractTableModel
{
    Q_OBJECT
public:
    enum Role { Caption = Qt::UserRole, Look };

    ConnectionModel(const Desk &desk, const SignIns &signIns, QObject *parent = nullptr);

    void setStates(const QList<mcpcore::ConnectionState> &states);
    // The workspace, the time or a sign-in is another one.
    void refresh();
    const ConnectionText::Cell &cell(const QModelIndex &index) const { return m_rows[index.row()].cells[index.column()]; }
    Place placeAt(const QModelIndex &index) const;
    QModelIndex indexOf(const Place &place) const;
    // Null until the core has answered.
    const mcpcore::ConnectionState *stateOf(const Place &place) const;

    int rowCount(const QModelIndex &parent = {}) const override;
    int columnCount(const QModelIndex &parent = {}) const override;
    QVariant data(const QModelIndex &index, int role) const override;
    QVariant headerData(int section, Qt::Orientation orientation, int role) const override;

private:
    struct Row {
        mcpcore::ConnectionId id;
        QString caption;
        QList<ConnectionText::Cell> cells;
    };
    struct Column {
        mcpcore::EnvironmentId id;
        EnvLook look = EnvLook::Production;
        friend bool operator==(const Column &, const Column &) = default;
    };
    bool hasShape(const QList<Row> &rows, const QList<Column> &columns) const;

    const Desk &m_desk;
    const SignIns &m_signIns;
    QHash<Place, mcpcore::ConnectionState> m_states;
    QList<Row> m_rows;
    QList<Column> m_columns;
};

} // namespace ui
