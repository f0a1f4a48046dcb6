// SPDX-FileCopyrightText: 2026 The Countersign authors
// SPDX-License-Identifier: GPL-3.0-or-later
#include "ui/clients/ClientDelegate.h"
#include "ui/clients/ClientModel.h"
#include "ui/shell/EnvLooks.h"
#include "ui/theme/Icon.h"
#include "ui/widgets/Env.h"
#include <QPainter>

namespace ui {

namespace {

constexpr int kEdge = 14, kBar = 3, kGapAfterIcon = 10, kHead = 34;

// One line from x to right, cut with dots; returns where it ends.
int line(QPainter &painter, const QFont &font, const QColor &color, const QString &text, int x, int right, int baseline)
{
    const QFontMetrics metrics(font);
    const QString shown = metrics.elidedText(text, Qt::ElideRight, std::max(0, right - x));
    painter.setFont(font);
    painter.setPen(color);
    painter.drawText(x, baseline, shown);
    return x + metrics.horizontalAdvance(shown);
}

} // namespace

void ClientDelegate::paint(QPainter *painter, const QStyleOptionViewItem &option, const QModelIndex &index) const
{
    painter->save();
    if (m_model.isHead(index)) {
        paintHead(*painter, option.rect, index);
    } else {
        const bool selected = option.state.testFlag(QStyle::State_Selected);
        if (selected)
            painter->fillRect(option.rect, m_theme.color(Role::Selected));
        else if (option.state.testFlag(QStyle::State_MouseOver))
            painter->fillRect(option.rect, m_theme.color(Role::Hover));
        if (selected)
            painter->fillRect(QRect(option.rect.left(), option.rect.top(), kBar, option.rect.height()), m_theme.color(Role::Accent));
        paintRow(*painter, option.rect, index, selected);
    }
    painter->restore();
}

void ClientDelegate::paintHead(QPainter &painter, const QRect &rect, const QModelIndex &index) const
{
    const QFont font = Theme::font(Type::CaptionStrong);
    const int baseline = rect.bottom() - 6 - QFontMetrics(font).descent();
    line(painter, font, m_theme.color(Role::TextFaint), m_model.row(index).title, rect.left() + kEdge, rect.right() - kEdge, baseline);
}

void ClientDelegate::paintRow(QPainter &painter, const QRect &rect, const QModelIndex &index, bool selected) const
{
    const ClientText::Row &row = m_model.row(index);
    const QFont strong = Theme::font(Type::BodyStrong), small = Theme::font(Type::Small);
    const QFontMetrics first(strong), second(small);
    const int top = rect.top() + (rect.height() - first.height() - second.height() - 1) / 2;
    const int upper = top + first.ascent(), lower = top + first.height() + 1 + second.ascent();
    const int icon = rect.left() + kEdge + 1;
    paintIcon(painter, QRect(icon, rect.center().y() - metric::icon / 2 + 1, metric::icon, metric::icon), m_model.icon(index),
              m_theme.color(selected ? Role::Text : Role::TextMuted), m_theme.color(Role::Window));
    const int left = icon + metric::icon + kGapAfterIcon;
    int right = rect.right() - kEdge;
    // The link is what opening the row leads to: it says nothing once that is open.
    if (!row.state.isEmpty() && !(selected && row.tone == ClientText::Row::Tone::Link)) {
        const bool care = row.tone == ClientText::Row::Tone::Caution;
        QFont font = small;
        if (care)
            font.setWeight(QFont::DemiBold);
        const Role role = care ? Role::Caution : row.tone == ClientText::Row::Tone::Link ? Role::AccentText : Role::TextMuted;
        const int width = QFontMetrics(font).horizontalAdvance(row.state);
        line(painter, font, m_theme.color(role), row.state, right - width, right + 1, rect.center().y() + second.ascent() / 2);
        right -= width + 10;
    }
    line(painter, strong, m_theme.color(Role::Text), row.title, left, right, upper);
    const int end = line(painter, small, m_theme.color(Role::TextMuted), row.before, left, right, lower);
    if (row.word.isEmpty())
        return;
    const int space = second.horizontalAdvance(QLatin1Char(' '));
    const QRect word(end + space, lower - second.ascent(), std::max(0, right - end - space), second.height());
    const int used = paintEnvWord(painter, word, m_theme, lookOf(row.environment), row.word, false);
    line(painter, small, m_theme.color(Role::TextMuted), row.after, word.left() + used + space, right, lower);
}

QSize ClientDelegate::sizeHint(const QStyleOptionViewItem &option, const QModelIndex &index) const
{
    if (m_model.isHead(index))
        return {option.rect.width(), std::max(kHead, QFontMetrics(Theme::font(Type::CaptionStrong)).height() + 18)};
    const int body = QFontMetrics(Theme::font(Type::BodyStrong)).height() + QFontMetrics(Theme::font(Type::Small)).height() + 1;
    return {option.rect.width(), std::max(int(metric::rowTwoLine), body + 14)};
}

} // namespace ui
