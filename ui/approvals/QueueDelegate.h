// SPDX-FileCopyrightText: 2026 The Countersign authors
// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once
#include "ui/theme/Theme.h"
#include <QStyledItemDelegate>

namespace ui {

// Paints the rows of QueueModel and DecidedModel: heads, calls that wait, calls that were decided. Plain text only.
class QueueDelegate final : public QStyledItemDelegate
{
    Q_OBJECT
public:
    enum class Rows { Waiting, Decided };
    QueueDelegate(const Theme &theme, Rows rows, QObject *parent = nullptr) : QStyledItemDelegate(parent), m_theme(theme), m_rows(rows) {}

    void paint(QPainter *painter, const QStyleOptionViewItem &option, const QModelIndex &index) const override;
    QSize sizeHint(const QStyleOptionViewItem &option, const QModelIndex &index) const override;

private:
    void paintHead(QPainter &painter, const QRect &rect, const QModelIndex &index) const;
    void paintWaiting(QPainter &painter, const QRect &rect, const QModelIndex &index) const;
    void paintDecided(QPainter &painter, const QRect &rect, const QModelIndex &index) const;

    const Theme &m_theme;
    const Rows m_rows;
};

} // namespace ui
