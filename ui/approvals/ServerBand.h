// SPDX-FileCopyrightText: 2026 The Countersign authors
// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once
#include "ui/theme/Icon.h"
#include "ui/widgets/PlainLabel.h"
#include <QHBoxLayout>
#include <QPainter>

namespace ui {

// The teal band under the environment's banner: this is a server that asks, not a client that calls.
class ServerBand final : public QWidget
{
public:
    ServerBand(const Theme &theme, const QString &title, const QString &hint, QWidget *parent) : QWidget(parent), m_theme(theme)
    {
        auto *row = new QHBoxLayout(this);
        row->setContentsMargins(kText, 0, 16, 0);
        row->setSpacing(12);
        row->addWidget(new PlainLabel(theme, title, Type::BodyStrong, Role::OnServer, this));
        auto *right = new PlainLabel(theme, hint, Type::Small, Role::OnServer, this);
        right->setAlignment(Qt::AlignRight | Qt::AlignVCenter);
        row->addWidget(right, 1);
        setMinimumHeight(metric::controlLarge);
        setSizePolicy(QSizePolicy::Preferred, QSizePolicy::Fixed);
        setAccessibleName(title);
    }

protected:
    void paintEvent(QPaintEvent *) override
    {
        QPainter painter(this);
        painter.fillRect(rect(), m_theme.color(Role::Server));
        paintIcon(painter, QRect(kIcon, (height() - metric::iconLarge) / 2, metric::iconLarge, metric::iconLarge), QStringLiteral("server"),
                  m_theme.color(Role::OnServer), m_theme.color(Role::Server));
    }

private:
    static constexpr int kIcon = 16, kText = 46;
    const Theme &m_theme;
};

} // namespace ui
