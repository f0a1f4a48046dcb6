// SPDX-FileCopyrightText: 2026 The Countersign authors
// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once
#include "ui/connections/ConnectionText.h"
#include "ui/theme/Theme.h"
#include <QHeaderView>
#include <QStyledItemDelegate>

namespace ui {

class ConnectionModel;

// Paints the cells of ConnectionModel, plain text only, and says where the one button of a cell lies.
class ConnectionDelegate final : public QStyledItemDelegate
{
    Q_OBJECT
public:
    ConnectionDelegate(const Theme &theme, const ConnectionModel &model, QObject *parent);
    void paint(QPainter *painter, const QStyleOptionViewItem &option, const QModelIndex &index) const override;
    void updateEditorGeometry(QWidget *button, const QStyleOptionViewItem &option, const QModelIndex &index) const override;
    static int rowHeight(const Theme &theme);

private:
    const Theme &m_theme;
    const ConnectionModel &m_model;
};

// Heads of the columns: shape, word and pattern of the environment.
class EnvironmentHeader final : public QHeaderView
{
    Q_OBJECT
public:
    EnvironmentHeader(const Theme &theme, QWidget *parent);

protected:
    void paintSection(QPainter *painter, const QRect &rect, int section) const override;
    QSize sectionSizeFromContents(int section) const override;

private:
    const Theme &m_theme;
};

// Heads of the rows: the connection, where it is, its tools.
class ConnectionHeader final : public QHeaderView
{
    Q_OBJECT
public:
    ConnectionHeader(const Theme &theme, QWidget *parent);

protected:
    void paintSection(QPainter *painter, const QRect &rect, int section) const override;
    QSize sectionSizeFromContents(int section) const override;

private:
    const Theme &m_theme;
};

} // namespace ui
