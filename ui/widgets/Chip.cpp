// SPDX-FileCopyrightText: 2026 The Countersign authors
// SPDX-License-Identifier: GPL-3.0-or-later
#include "ui/widgets/Chip.h"
#include "ui/theme/Icon.h"
#include "ui/widgets/Button.h"
#include "ui/widgets/VisibleMarks.h"
#include <QPainter>

namespace ui {

Chip::Chip(const Theme &theme, const QString &text, QWidget *parent) : QAbstractButton(parent), m_theme(theme)
{
    setFocusPolicy(Qt::StrongFocus);
    setSizePolicy(QSizePolicy::Fixed, QSizePolicy::Fixed);
    setAttribute(Qt::WA_Hover);
    setCheckable(true);
    setText(text);
}

void Chip::setText(const QString &text)
{
    m_label = visibleText(text, Spaces::Kept);
    QAbstractButton::setText(withoutMnemonics(m_label));
    setAccessibleName(m_label);
    updateGeometry();
    update();
}

QSize Chip::sizeHint() const
{
    const QFontMetrics metrics(Theme::font(Type::Small));
    return {metrics.horizontalAdvance(m_label) + 10 + 6 + metric::iconSmall + 10 + 2, std::max(24, metrics.height() + 6)};
}

void Chip::paintEvent(QPaintEvent *)
{
    QPainter painter(this);
    const Role fill = isChecked() ? Role::Selected : underMouse() ? Role::Hover : Role::Surface;
    const QColor text = m_theme.color(!isEnabled() ? Role::ButtonDisabledText : isChecked() ? Role::Text : Role::TextMuted);
    paintPanel(painter, rect(), m_theme.color(fill), m_theme.color(isChecked() ? Role::Accent : Role::Border), height() / 2.0);
    painter.setPen(text);
    painter.setFont(Theme::font(Type::Small));
    painter.drawText(rect().adjusted(11, 0, 0, 0), int(Qt::AlignLeft | Qt::AlignVCenter) | Qt::TextSingleLine, m_label);
    paintIcon(painter, QRect(width() - 11 - metric::iconSmall, (height() - metric::iconSmall) / 2, metric::iconSmall, metric::iconSmall),
              QStringLiteral("chevron-down"), text);
}

} // namespace ui
