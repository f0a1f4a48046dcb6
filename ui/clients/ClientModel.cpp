// SPDX-FileCopyrightText: 2026 The Countersign authors
// SPDX-License-Identifier: GPL-3.0-or-later
#include "ui/clients/ClientModel.h"
#include "ui/shell/Desk.h"

namespace ui {

using Group = ClientText::Group;

ClientModel::ClientModel(const Desk &desk, QObject *parent) : QAbstractListModel(parent), m_desk(desk) {}

void ClientModel::setSight(const ClientsSight &sight)
{
    m_sight = sight;
    m_sight.clients.removeIf([](const ClientSight &client) { return client.revoked; });
    refresh();
}

void ClientModel::setUnfolded(bool unfolded)
{
    m_unfolded = unfolded;
    refresh();
}

int ClientModel::connected() const
{
    return int(m_sight.clients.size());
}

// The one that the core found for it; a second client of a kind has no files.
const ClientKindSight *ClientModel::kindOf(const ClientSight &client) const
{
    for (const ClientKindSight &kind : m_sight.kinds)
        if (kind.client == client.id)
            return &kind;
    return nullptr;
}

std::optional<ClientText::Known> ClientModel::known(const ClientKey &key) const
{
    ClientText::Known known{m_desk.workspace(), nullptr, nullptr, m_desk.now()};
    for (const ClientSight &client : m_sight.clients) {
        if (client.id != key.client || key.client.isEmpty())
            continue;
        known.client = &client;
        known.kind = kindOf(client);
    }
    if (!known.client && key.client.isEmpty())
        for (const ClientKindSight &kind : m_sight.kinds)
            if (kind.kind == key.kind)
                known.kind = &kind;
    return known.client || known.kind ? std::optional(known) : std::nullopt;
}

QList<ClientModel::Item> ClientModel::itemsNow() const
{
    QMap<Group, QList<Item>> groups;
    const auto add = [&](const ClientKey &key) {
        const auto all = known(key);
        const Group group = ClientText::groupOf(*all);
        groups[group].append({false, group, key, ClientText::row(*all), ClientText::icon(*all)});
    };
    for (const ClientSight &client : m_sight.clients)
        add({client.kind, client.id});
    // One without files of its own can be connected by hand any number of times.
    for (const ClientKindSight &kind : m_sight.kinds)
        if (kind.client.isEmpty() || kind.files.isEmpty() || !known({{}, kind.client}))
            add({kind.kind, {}});
    QList<Item> items;
    for (auto group = groups.cbegin(); group != groups.cend(); ++group) {
        if (group.key() == Group::ByHand && !m_unfolded)
            continue;
        Item head{true, group.key(), {}, {}, {}};
        head.text.title = ClientText::groupName(group.key());
        const bool counted = group.key() == Group::Connected || group.key() == Group::Installed;
        if (counted)
            head.text.title = tr("%1 %2", "group, how many").arg(head.text.title).arg(group.value().size());
        head.text.sentence = head.text.title;
        items.append(head);
        items += group.value();
    }
    return items;
}

void ClientModel::refresh()
{
    const QList<Item> items = itemsNow();
    const bool same = std::equal(items.begin(), items.end(), m_rows.begin(), m_rows.end(),
                                 [](const Item &left, const Item &right) { return left.isSamePlace(right); });
    if (!same) {
        beginResetModel();
        m_rows = items;
        return endResetModel();
    }
    const QList<Item> before = std::exchange(m_rows, items);
    for (int row = 0; row < m_rows.size(); ++row)
        if (before[row].text != m_rows[row].text)
            Q_EMIT dataChanged(index(row), index(row));
}

ClientKey ClientModel::keyAt(const QModelIndex &index) const
{
    return index.isValid() ? m_rows[index.row()].key : ClientKey();
}

QModelIndex ClientModel::indexOf(const ClientKey &key) const
{
    for (int row = 0; row < m_rows.size(); ++row)
        if (!m_rows[row].head && m_rows[row].key == key)
            return index(row);
    return {};
}

QModelIndex ClientModel::firstOf(Group group) const
{
    for (int row = 0; row < m_rows.size(); ++row)
        if (!m_rows[row].head && m_rows[row].group == group)
            return index(row);
    return {};
}

QModelIndex ClientModel::firstOf(const QString &kind) const
{
    for (int row = 0; row < m_rows.size(); ++row)
        if (!m_rows[row].head && m_rows[row].key.kind == kind)
            return index(row);
    return {};
}

int ClientModel::rowCount(const QModelIndex &parent) const
{
    return parent.isValid() ? 0 : int(m_rows.size());
}

QVariant ClientModel::data(const QModelIndex &index, int role) const
{
    const Item &item = m_rows[index.row()];
    switch (role) {
    case Qt::DisplayRole: return item.text.title;
    case Qt::AccessibleTextRole: return item.text.sentence;
    default: return {};
    }
}

Qt::ItemFlags ClientModel::flags(const QModelIndex &index) const
{
    return index.isValid() && !m_rows[index.row()].head ? Qt::ItemIsEnabled | Qt::ItemIsSelectable | Qt::ItemNeverHasChildren
                                                        : Qt::NoItemFlags;
}

} // namespace ui
