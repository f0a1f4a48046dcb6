// SPDX-FileCopyrightText: 2026 The Countersign authors
// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once
#include "base/Clock.h"
#include "ui/approvals/CallFate.h"
#include <QAbstractListModel>

namespace ui {

// What was just decided and what became of it, newest first: five calls, and before them every one whose outcome is unknown.
class DecidedModel final : public QAbstractListModel
{
    Q_OBJECT
public:
    enum Role { Icon = Qt::UserRole, State, NeedsCare, EnvironmentWord, EnvironmentKind };
    static constexpr int kNewest = 5;
    struct Item {
        mcpcore::Approval approval;
        CallFate fate;
    };
    using QAbstractListModel::QAbstractListModel;

    void add(const mcpcore::Approval &approval, mcpcore::ApprovalEnd end, mcpcore::Milliseconds now);
    void setState(const mcpcore::CallId &call, Desk::CallState state, const QString &detail, mcpcore::Milliseconds took,
                  mcpcore::Milliseconds now);
    const Item *find(const mcpcore::CallId &call) const;
    const Item *at(const QModelIndex &index) const { return index.isValid() ? &m_items.at(index.row()) : nullptr; }

    int rowCount(const QModelIndex &parent = {}) const override { return parent.isValid() ? 0 : int(m_items.size()); }
    QVariant data(const QModelIndex &index, int role) const override;

private:
    static bool isUnknown(const Item &item) { return item.fate.state == Desk::CallState::OutcomeUnknown; }
    void trim();
    QString icon(const Item &item) const;
    QString state(const Item &item) const;

    QList<Item> m_items;
};

} // namespace ui
