// SPDX-FileCopyrightText: 2026 The Countersign authors
// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once
#include "model/Approval.h"
#include <QAbstractListModel>
#include <QHash>

namespace ui {

// The calls that wait, grouped by client in order of arrival: a head for each client, then its calls, new ones below.
// Heads have no flags. Main thread; fed by ApprovalsPage.
class QueueModel final : public QAbstractListModel
{
    Q_OBJECT
public:
    enum Role { IsHead = Qt::UserRole, Count, ClientKind, Place, EnvironmentWord, EnvironmentKind, TimeLeft };
    using QAbstractListModel::QAbstractListModel;

    void add(const mcpcore::Approval &approval);
    void update(const mcpcore::Approval &approval); // its deadline moved
    void remove(const mcpcore::CallId &call);
    // Time goes on for all but `stopped`, which keeps the time it showed.
    void tick(std::chrono::milliseconds now);
    void setStopped(const mcpcore::CallId &call);

    int waiting() const;
    const mcpcore::Approval *find(const mcpcore::CallId &call) const;
    const mcpcore::Approval *at(const QModelIndex &index) const; // null for heads
    QModelIndex indexOf(const mcpcore::CallId &call) const;
    // The waiting call below (or above) `call` as listed, round the ends; the first one when `call` is not listed.
    const mcpcore::Approval *next(const mcpcore::CallId &call) const;
    const mcpcore::Approval *previous(const mcpcore::CallId &call) const;

    int rowCount(const QModelIndex &parent = {}) const override;
    QVariant data(const QModelIndex &index, int role) const override;
    Qt::ItemFlags flags(const QModelIndex &index) const override;

private:
    struct Row {
        bool head = false;
        mcpcore::Approval approval; // of a head: of its first call
        std::chrono::milliseconds left{};
    };
    int rowOf(const mcpcore::CallId &call) const;
    int countBelow(int head) const;
    const mcpcore::Approval *step(const mcpcore::CallId &call, int by) const;

    QList<Row> m_rows;
    std::chrono::milliseconds m_now{};
    mcpcore::CallId m_stopped;
};

} // namespace ui
