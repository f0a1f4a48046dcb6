// SPDX-FileCopyrightText: 2026 The Countersign authors
// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once
#include "ui/theme/Theme.h"
#include <QHeaderView>
#include <QStyledItemDelegate>

namespace ui {

// Paints the cells of ActivityModel. Plain text only.
class ActivityDelegate final : public QStyledItemDelegate
{
    Q_OBJECT
public:
    ActivityDelegate(const Theme &theme, QObject *parent) : QStyledItemDelegate(parent), m_theme(theme) {}
    void paint(QPainter *painter, const QStyleOptionViewItem &option, const QModelIndex &index) const override;

private:
    const Theme &m_theme;
};

// Column heads without frames: small words over one line.
class ActivityHeader final : public QHeaderView
{
    Q_OBJECT
public:
    ActivityHeader(const Theme &theme, QWidget *parent);

protected:
    void paintSection(QPainter *painter, const QRect &rect, int section) const override;
    QSize sectionSizeFromContents(int section) const override;

private:
    const Theme &m_theme;
};

} // namespace ui
