// SPDX-FileCopyrightText: 2026 The Countersign authors
// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once
#include "ui/connections/ConnectionText.h"
#include "ui/theme/Theme.h"
#include <QAbstractTableModel>
#include <QHash>

namespace ui {

class Desk;
class KeyActs;
class SignIns;

// The grid: a row for each connection, a column for each environment. What it shows is the desk's workspace, the states the
// core answered last, and what was begun in this window. Owned by the page.
class ConnectionModel final : public QAbstractTableModel
{
    Q_OBJECT
public:
    enum Role { Caption = Qt::UserRole, Look, Locked };

    ConnectionModel(const Desk &desk, const SignIns &signIns, const KeyActs &keyActs, QObject *parent = nullptr);

    void setStates(const QList<mcpcore::ConnectionState> &states);
    // The workspace, the time or a sign-in is another one.
    void refresh();
    // All that is known of a place that the workspace has, with the key of that client (empty: the one for all).
    ConnectionText::Known known(const mcpcore::Connection &connection, const mcpcore::EnvironmentId &environment,
                                const mcpcore::ClientId &client = {}) const;
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
        bool locked = false;
        friend bool operator==(const Column &, const Column &) = default;
    };
    bool isLocked(const mcpcore::EnvironmentId &environment) const;
    bool hasShape(const QList<Row> &rows, const QList<Column> &columns) const;

    const Desk &m_desk;
    const SignIns &m_signIns;
    const KeyActs &m_keyActs;
    QList<Vendor> m_vendors;
    QHash<Place, mcpcore::ConnectionState> m_states;
    QList<Row> m_rows;
    QList<Column> m_columns;
};

} // namespace ui
