// SPDX-FileCopyrightText: 2026 The Countersign authors
// SPDX-License-Identifier: GPL-3.0-or-later
#include "ui/activity/ActivityDelegate.h"
#include "ui/activity/ActivityModel.h"
#include "ui/activity/ActivityText.h"
#include "ui/shell/EnvLooks.h"
#include "ui/theme/Icon.h"
#include "ui/widgets/Env.h"
#include <QPainter>

namespace ui {

namespace {

constexpr int kEdge = 8;

// One line from the left of `rect`, cut with dots; returns where it ends.
int line(QPainter &painter, const QFont &font, const QColor &color, const QString &text, const QRect &rect)
{
    const QFontMetrics metrics(font);
    const QString shown = metrics.elidedText(text, Qt::ElideRight, rect.width());
    painter.setFont(font);
    painter.setPen(color);
    painter.drawText(rect.left(), rect.top() + (rect.height() - metrics.height()) / 2 + metrics.ascent(), shown);
    return rect.left() + metrics.horizontalAdvance(shown);
}

// An environment that the log does not know looks like production: the loudest.
EnvLook lookFrom(const QString &kind)
{
    return lookOf(mcpcore::environmentKindFrom(kind).value_or(mcpcore::EnvironmentKind::Production));
}

} // namespace

void ActivityDelegate::paint(QPainter *painter, const QStyleOptionViewItem &option, const QModelIndex &index) const
{
    painter->save();
    if (option.state.testFlag(QStyle::State_Selected))
        painter->fillRect(option.rect, m_theme.color(Role::Selected));
    const QRect cell = option.rect.adjusted(kEdge, 0, -kEdge, 0);
    const QString text = index.data().toString();
    switch (ActivityModel::Column(index.column())) {
    case ActivityModel::Time: line(*painter, m_theme.font(Type::Small), m_theme.color(Role::TextMuted), text, cell); break;
    case ActivityModel::Environment:
        painter->setClipRect(option.rect);
        paintEnvWord(*painter, cell, m_theme, lookFrom(index.data(ActivityModel::EnvironmentKind).toString()), text);
        break;
    case ActivityModel::What: {
        const int end = line(*painter, m_theme.font(Type::BodyMedium), m_theme.color(Role::Text), text, cell);
        line(*painter, m_theme.font(Type::Body), m_theme.color(Role::TextMuted), index.data(ActivityModel::Object).toString(),
             cell.adjusted(end + 6 - cell.left(), 0, 0, 0));
        break;
    }
    case ActivityModel::Client: line(*painter, m_theme.font(Type::Body), m_theme.color(Role::TextMuted), text, cell); break;
    case ActivityModel::Result: {
        Role role = Role::Text;
        switch (ActivityText::Tone(index.data(ActivityModel::Tone).toInt())) {
        case ActivityText::Tone::Plain: break;
        case ActivityText::Tone::Accent: role = Role::AccentText; break;
        case ActivityText::Tone::Caution: role = Role::Caution; break;
        }
        const QRect icon(cell.left(), cell.center().y() - metric::icon / 2 + 1, metric::icon, metric::icon);
        paintIcon(*painter, icon, index.data(ActivityModel::Icon).toString(), m_theme.color(role), m_theme.color(Role::Surface));
        line(*painter, m_theme.font(role == Role::Caution ? Type::BodyStrong : Type::Body), m_theme.color(role), text,
             cell.adjusted(metric::icon + 4, 0, 0, 0));
        break;
    }
    case ActivityModel::ColumnCount: break;
    }
    painter->restore();
}

ActivityHeader::ActivityHeader(const Theme &theme, QWidget *parent) : QHeaderView(Qt::Horizontal, parent), m_theme(theme)
{
    setSectionsClickable(false);
    setHighlightSections(false);
    setMinimumSectionSize(24);
}

void ActivityHeader::paintSection(QPainter *painter, const QRect &rect, int section) const
{
    painter->save();
    painter->fillRect(rect, m_theme.color(Role::Window));
    painter->fillRect(QRect(rect.left(), rect.bottom(), rect.width(), 1), m_theme.color(Role::Border));
    line(*painter, m_theme.font(Type::CaptionStrong), m_theme.color(Role::TextFaint),
         model()->headerData(section, orientation(), Qt::DisplayRole).toString(), rect.adjusted(kEdge, 0, -kEdge, -1));
    painter->restore();
}

QSize ActivityHeader::sectionSizeFromContents(int section) const
{
    return {QHeaderView::sectionSizeFromContents(section).width(),
            std::max(26, QFontMetrics(m_theme.font(Type::CaptionStrong)).height() + 10)};
}

} // namespace ui
