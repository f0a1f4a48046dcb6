// SPDX-FileCopyrightText: 2026 The Countersign authors
// SPDX-License-Identifier: GPL-3.0-or-later
#include "ui/approvals/QueueDelegate.h"
#include "ui/approvals/CardText.h"
#include "ui/approvals/DecidedModel.h"
#include "ui/approvals/QueueModel.h"
#include "ui/shell/EnvLooks.h"
#include "ui/theme/Icon.h"
#include "ui/widgets/Env.h"
#include <QPainter>

namespace ui {

namespace {

constexpr int kEdge = 14, kBar = 3, kIcon = 16, kGapAfterIcon = 10, kHeadHeight = 33;

// One line from x to right, cut with dots; returns where it ends.
int line(QPainter &painter, const QFont &font, const QColor &color, const QString &text, int x, int right, int baseline)
{
    const QFontMetrics metrics(font);
    const QString shown = metrics.elidedText(text, Qt::ElideRight, right - x);
    painter.setFont(font);
    painter.setPen(color);
    painter.drawText(x, baseline, shown);
    return x + metrics.horizontalAdvance(shown);
}

EnvLook lookAt(const QModelIndex &index, int role)
{
    return lookOf(mcpcore::EnvironmentKind(index.data(role).toInt()));
}

// The baselines of two lines centred in `rect`.
struct TwoLines {
    TwoLines(const QRect &rect, const QFont &upper, const QFont &lower)
    {
        const QFontMetrics first(upper), second(lower);
        const int top = rect.top() + (rect.height() - first.height() - second.height() - 1) / 2;
        one = top + first.ascent();
        two = top + first.height() + 1 + second.ascent();
    }
    int one, two;
};

} // namespace

void QueueDelegate::paint(QPainter *painter, const QStyleOptionViewItem &option, const QModelIndex &index) const
{
    painter->save();
    const bool selected = option.state.testFlag(QStyle::State_Selected);
    if (selected)
        painter->fillRect(option.rect, m_theme.color(Role::Selected));
    else if (option.state.testFlag(QStyle::State_MouseOver) && option.state.testFlag(QStyle::State_Enabled))
        painter->fillRect(option.rect, m_theme.color(Role::Hover));
    if (selected)
        painter->fillRect(QRect(option.rect.left(), option.rect.top(), kBar, option.rect.height()), m_theme.color(Role::Accent));
    if (m_rows == Rows::Decided)
        paintDecided(*painter, option.rect, index);
    else if (index.data(QueueModel::IsHead).toBool())
        paintHead(*painter, option.rect, index);
    else
        paintWaiting(*painter, option.rect, index);
    painter->restore();
}

void QueueDelegate::paintHead(QPainter &painter, const QRect &rect, const QModelIndex &index) const
{
    const QFont font = m_theme.font(Type::CaptionStrong);
    const QColor color = m_theme.color(Role::TextFaint);
    const QFontMetrics metrics(font);
    const int baseline = rect.bottom() - 5 - metrics.descent();
    paintIcon(painter,
              QRect(rect.left() + kEdge, baseline - metrics.ascent() + (metrics.height() - metric::iconSmall) / 2, metric::iconSmall,
                    metric::iconSmall),
              CardText::clientIcon(index.data(QueueModel::ClientKind).toString()), color, m_theme.color(Role::Window));
    const int left = rect.left() + kEdge + metric::iconSmall + 6;
    const int end = line(painter, font, color, index.data().toString(), left, rect.right() - kEdge - 24, baseline);
    line(painter, m_theme.font(Type::Caption), color, index.data(QueueModel::Count).toString(), end + 6, rect.right(), baseline);
}

void QueueDelegate::paintWaiting(QPainter &painter, const QRect &rect, const QModelIndex &index) const
{
    const QFont strong = m_theme.font(Type::BodyStrong), small = m_theme.font(Type::Small);
    const TwoLines at(rect, strong, small);
    const EnvLook look = lookAt(index, QueueModel::EnvironmentKind);
    const int icon = rect.left() + kEdge + 1;
    const QRect shape(icon, rect.center().y() - kIcon / 2 + 1, kIcon, kIcon);
    if (index.data(QueueModel::Asks).toBool())
        paintIcon(painter, shape, QStringLiteral("server"), m_theme.color(Role::Server), m_theme.color(Role::Window));
    else
        paintEnvShape(painter, shape, look, m_theme.color(look, EnvPart::Edge), m_theme.color(Role::Window));
    const int left = icon + kIcon + kGapAfterIcon, right = rect.right() - kEdge;

    const QString time = index.data(QueueModel::TimeLeft).toString();
    const int timeWidth = QFontMetrics(small).horizontalAdvance(time);
    line(painter, small, m_theme.color(Role::TextMuted), time, right - timeWidth, right + 1, at.one);
    line(painter, strong, m_theme.color(Role::Text), index.data().toString(), left, right - timeWidth - 8, at.one);
    const QFontMetrics metrics(small);
    const QString word = index.data(QueueModel::EnvironmentWord).toString();
    const int end = line(painter, small, m_theme.color(Role::TextMuted), CardText::placeBefore(index.data(QueueModel::Place).toString()),
                         left, right - 90, at.two);
    paintEnvWord(painter, QRect(end, at.two - metrics.ascent(), right - end, metrics.height()), m_theme, look, word, false);
}

void QueueDelegate::paintDecided(QPainter &painter, const QRect &rect, const QModelIndex &index) const
{
    const bool care = index.data(DecidedModel::NeedsCare).toBool();
    const QFont upper = m_theme.font(care ? Type::BodyStrong : Type::Body), small = m_theme.font(Type::Small);
    const TwoLines at(rect, upper, small);
    const EnvLook look = lookAt(index, DecidedModel::EnvironmentKind);
    const int icon = rect.left() + kEdge + 1;
    paintIcon(painter, QRect(icon, rect.center().y() - kIcon / 2, kIcon, kIcon), index.data(DecidedModel::Icon).toString(),
              m_theme.color(care ? Role::Caution : Role::TextMuted), m_theme.color(Role::Window));
    const int left = icon + kIcon + kGapAfterIcon, right = rect.right() - kEdge;
    line(painter, upper, m_theme.color(Role::Text), index.data().toString(), left, right, at.one);
    const QFontMetrics metrics(small);
    const QRect word(left, at.two - metrics.ascent(), right - left, metrics.height());
    const int used = paintEnvWord(painter, word, m_theme, look, index.data(DecidedModel::EnvironmentWord).toString(), false);
    line(painter, small, m_theme.color(Role::TextMuted), index.data(DecidedModel::State).toString(), left + used + 5, right, at.two);
}

QSize QueueDelegate::sizeHint(const QStyleOptionViewItem &option, const QModelIndex &index) const
{
    const int body = QFontMetrics(m_theme.font(Type::BodyStrong)).height() + QFontMetrics(m_theme.font(Type::Small)).height() + 1;
    if (m_rows == Rows::Decided)
        return {option.rect.width(), std::max(42, body + 6)};
    if (index.data(QueueModel::IsHead).toBool())
        return {option.rect.width(), std::max(kHeadHeight, QFontMetrics(m_theme.font(Type::CaptionStrong)).height() + 17)};
    return {option.rect.width(), std::max(int(metric::rowTwoLine), body + 14)};
}

} // namespace ui
