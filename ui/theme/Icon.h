// SPDX-FileCopyrightText: 2026 The Countersign authors
// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once
#include "ui/theme/Theme.h"
#include <QIcon>
#include <QPixmap>

class QPainter;

namespace ui {

// Icons are the files of resources/icons, drawn in one colour; `behind` fills the knock-out of the environment shapes.
// The icon follows the theme: it asks for the colours when it is painted. `theme` must outlive it.
QIcon icon(const Theme &theme, const QString &name, Role role = Role::TextMuted, Role behind = Role::Surface);
QPixmap iconPixmap(const QString &name, int size, qreal ratio, const QColor &color, const QColor &behind = Qt::white);
void paintIcon(QPainter &painter, const QRect &rect, const QString &name, const QColor &color, const QColor &behind = Qt::white);
// The shape of an environment (circle, triangle, octagon); without its inner mark below 14 pixels.
void paintEnvShape(QPainter &painter, const QRect &rect, EnvLook look, const QColor &color, const QColor &behind);

// An icon of fixed pixmaps for menus and trays that other programs draw.
QIcon exportedIcon(const QString &name, const QColor &color, const QColor &behind = Qt::white);
QString envIconName(EnvLook look);

} // namespace ui
