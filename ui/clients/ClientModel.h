// SPDX-FileCopyrightText: 2026 The Countersign authors
// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once
#include "ui/clients/ClientText.h"
#include <QAbstractListModel>

namespace ui {

class Desk;

// Clients in groups, a head above each; heads have no flags. What is neither connected nor found stays folded until it is
// asked for. Owned by the page; fed with what the desk answered last.
class ClientModel final : public QAbstractListModel
{
    Q_OBJECT
public:
    explicit ClientModel(const Desk &desk, QObject *parent = nullptr);

    void setSight(const ClientsSight &sight);
    // Also those that were not found, and those that take a snippet only.
    void setUnfolded(bool unfolded);
    bool isUnfolded() const { return m_unfolded; }
    // The workspace or the time is another one.
    void refresh();

    int connected() const;
    bool isHead(const QModelIndex &index) const { return m_rows[index.row()].head; }
    const ClientText::Row &row(const QModelIndex &index) const { return m_rows[index.row()].text; }
    QString icon(const QModelIndex &index) const { return m_rows[index.row()].icon; }
    ClientKey keyAt(const QModelIndex &index) const; // empty for heads
    QModelIndex indexOf(const ClientKey &key) const;
    QModelIndex firstOf(ClientText::Group group) const;
    // The first row of that kind: where a client is that was connected or disconnected meanwhile.
    QModelIndex firstOf(const QString &kind) const;
    // Nothing when the core does not know such a one any more.
    std::optional<ClientText::Known> known(const ClientKey &key) const;

    int rowCount(const QModelIndex &parent = {}) const override;
    QVariant data(const QModelIndex &index, int role) const override;
    Qt::ItemFlags flags(const QModelIndex &index) const override;

private:
    struct Item {
        bool head = false;
        ClientText::Group group = ClientText::Group::Connected;
        ClientKey key;
        ClientText::Row text; // of a head: its title only
        QString icon;
        bool isSamePlace(const Item &other) const { return head == other.head && group == other.group && key == other.key; }
    };
    const ClientKindSight *kindOf(const ClientSight &client) const;
    QList<Item> itemsNow() const;

    const Desk &m_desk;
    ClientsSight m_sight;
    QList<Item> m_rows;
    bool m_unfolded = false;
};

} // namespace ui
