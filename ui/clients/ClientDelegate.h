// SPDX-FileCopyrightText: 2026 The Countersign authors
// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once
#include "ui/theme/Theme.h"
#include <QStyledItemDelegate>

namespace ui {

class ClientModel;

// Paints the heads and rows of ClientModel. Plain text only.
class ClientDelegate final : public QStyledItemDelegate
{
    Q_OBJECT
public:
    ClientDelegate(const Theme &theme, const ClientModel &model, QObject *parent)
        : QStyledItemDelegate(parent), m_theme(theme), m_model(model)
    {}
    void paint(QPainter *painter, const QStyleOptionViewItem &option, const QModelIndex &index) const override;
    QSize sizeHint(const QStyleOptionViewItem &option, const QModelIndex &index) const override;

private:
    void paintHead(QPainter &painter, const QRect &rect, const QModelIndex &index) const;
    void paintRow(QPainter &painter, const QRect &rect, const QModelIndex &index, bool selected) const;

    const Theme &m_theme;
    const ClientModel &m_model;
};

} // namespace ui
