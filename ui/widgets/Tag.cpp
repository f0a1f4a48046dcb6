// SPDX-FileCopyrightText: 2026 The Countersign authors
// SPDX-License-Identifier: GPL-3.0-or-later
#include "ui/widgets/Tag.h"
#include "ui/theme/Icon.h"
#include "ui/widgets/Button.h"
#include "ui/widgets/VisibleMarks.h"
#include <QPainter>

namespace ui {

Tag::Tag(const Theme &theme, const QString &text, const QString &icon, Kind kind, QWidget *parent)
    : QWidget(parent), m_theme(theme), m_text(visibleText(text)), m_icon(icon), m_kind(kind)
{
    setAccessibleName(spokenText(text));
    setSizePolicy(QSizePolicy::Fixed, QSizePolicy::Fixed);
}

QSize Tag::sizeHint() const
{
    const QFontMetrics metrics(Theme::font(Type::CaptionStrong));
    return {metrics.horizontalAdvance(m_text) + 12 + (m_icon.isEmpty() ? 0 : metric::iconSmall + 5), std::max(18, metrics.height() + 2)};
}

void Tag::paintEvent(QPaintEvent *)
{
    QPainter painter(this);
    const bool caution = m_kind == Kind::Caution;
    const QColor text = m_theme.color(caution ? Role::Caution : Role::TextMuted);
    const QColor fill = m_theme.color(caution ? Role::CautionTint : Role::Sunken);
    paintPanel(painter, rect(), fill, m_theme.kind() == Theme::Kind::Contrast ? text : fill, metric::radiusMark);
    QRect room = rect().adjusted(6, 0, -6, 0);
    if (!m_icon.isEmpty()) {
        paintIcon(painter, QRect(room.left(), (height() - metric::iconSmall) / 2, metric::iconSmall, metric::iconSmall), m_icon, text,
                  fill);
        room.setLeft(room.left() + metric::iconSmall + 5);
    }
    painter.setFont(Theme::font(Type::CaptionStrong));
    painter.setPen(text);
    painter.drawText(room, int(Qt::AlignLeft | Qt::AlignVCenter) | Qt::TextSingleLine, m_text);
}

} // namespace ui
