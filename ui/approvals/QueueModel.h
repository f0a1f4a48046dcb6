// SPDX-FileCopyrightText: 2026 The Countersign authors
// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once
#include "ui/approvals/Waiting.h"
#include <QAbstractListModel>

namespace ui {

// What waits, grouped by client in order of arrival: a head for each client, then its calls and questions, new ones below.
// Heads have no flags. Main thread; fed by ApprovalsPage.
class QueueModel final : public QAbstractListModel
{
    Q_OBJECT
public:
    enum Role { IsHead = Qt::UserRole, Count, ClientKind, Asks, Place, EnvironmentWord, EnvironmentKind, TimeLeft };
    using QAbstractListModel::QAbstractListModel;

    void add(const Waiting &waiting);
    void update(const Waiting &waiting); // its deadline moved
    void remove(const mcpcore::CallId &id);
    // Time goes on for all but `stopped`, which keeps the time it showed.
    void tick(std::chrono::milliseconds now);
    void setStopped(const mcpcore::CallId &id);

    int waiting() const;
    const Waiting *find(const mcpcore::CallId &id) const;
    const Waiting *at(const QModelIndex &index) const; // null for heads
    QModelIndex indexOf(const mcpcore::CallId &id) const;
    // What waits below (or above) `id` as listed, round the ends; the first one when `id` is not listed.
    const Waiting *next(const mcpcore::CallId &id) const;
    const Waiting *previous(const mcpcore::CallId &id) const;

    int rowCount(const QModelIndex &parent = {}) const override;
    QVariant data(const QModelIndex &index, int role) const override;
    Qt::ItemFlags flags(const QModelIndex &index) const override;

private:
    struct Row {
        bool head = false;
        Waiting what; // of a head: its first one
        std::chrono::milliseconds left{};
    };
    int rowOf(const mcpcore::CallId &id) const;
    int countBelow(int head) const;
    const Waiting *step(const mcpcore::CallId &id, int by) const;

    QList<Row> m_rows;
    std::chrono::milliseconds m_now{};
    mcpcore::CallId m_stopped;
};

} // namespace ui
