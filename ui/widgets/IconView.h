// SPDX-FileCopyrightText: 2026 The Countersign authors
// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once
#include "ui/theme/Icon.h"
#include <QPainter>
#include <QWidget>

namespace ui {

// An icon beside words that say the same: decoration without an accessible name.
class IconView final : public QWidget
{
public:
    IconView(const Theme &theme, const QString &name, Role role = Role::TextMuted, int size = metric::icon, QWidget *parent = nullptr)
        : QWidget(parent), m_theme(theme), m_name(name), m_role(role), m_size(size)
    {
        setFixedSize(size, size);
    }
    void setIcon(const QString &name, Role role)
    {
        m_name = name;
        m_role = role;
        update();
    }

protected:
    void paintEvent(QPaintEvent *) override
    {
        QPainter painter(this);
        paintIcon(painter, QRect(0, 0, m_size, m_size), m_name, m_theme.color(m_role), m_theme.color(Role::Surface));
    }

private:
    const Theme &m_theme;
    QString m_name;
    Role m_role;
    int m_size;
};

} // namespace ui
