// SPDX-FileCopyrightText: 2026 The Countersign authors
// SPDX-License-Identifier: GPL-3.0-or-later
#include "ui/theme/Style.h"
#include "ui/theme/Icon.h"
#include <QFocusFrame>
#include <QPainter>
#include <QStyleFactory>
#include <QStyleOption>

namespace ui {

namespace {

constexpr int scrollBar = 12, ring = 3;

void panel(QPainter *painter, const QRect &rect, const QColor &fill, const QColor &edge, qreal radius = metric::radius)
{
    painter->save();
    painter->setRenderHint(QPainter::Antialiasing);
    painter->setPen(edge);
    painter->setBrush(fill);
    painter->drawRoundedRect(QRectF(rect).adjusted(0.5, 0.5, -0.5, -0.5), radius, radius);
    painter->restore();
}

} // namespace

Style::Style(const Theme &theme) : QProxyStyle(QStyleFactory::create(QStringLiteral("Fusion"))), m_theme(theme) {}

void Style::drawPrimitive(PrimitiveElement element, const QStyleOption *option, QPainter *painter, const QWidget *widget) const
{
    const bool enabled = option->state & State_Enabled;
    switch (element) {
    case PE_FrameFocusRect: return; // rings stand outside (FocusRing), rows show their own focus
    case PE_PanelLineEdit:
        if (const auto *frame = qstyleoption_cast<const QStyleOptionFrame *>(option); frame && frame->lineWidth > 0)
            panel(painter, option->rect, m_theme.color(enabled ? Role::Surface : Role::ButtonDisabledBg),
                  m_theme.color(enabled ? Role::BorderStrong : Role::Border));
        else
            painter->fillRect(option->rect, m_theme.color(Role::Surface));
        return;
    case PE_FrameLineEdit: return;
    case PE_PanelTipLabel:
        painter->fillRect(option->rect, m_theme.color(Role::Popup));
        painter->setPen(m_theme.color(Role::BorderStrong));
        painter->drawRect(option->rect.adjusted(0, 0, -1, -1));
        return;
    case PE_FrameMenu:
        painter->setPen(m_theme.color(Role::BorderStrong));
        painter->setBrush(Qt::NoBrush);
        painter->drawRect(option->rect.adjusted(0, 0, -1, -1));
        return;
    case PE_PanelMenu: painter->fillRect(option->rect, m_theme.color(Role::Popup)); return;
    case PE_IndicatorCheckBox: {
        const bool on = option->state & State_On;
        panel(painter, option->rect,
              m_theme.color(on        ? Role::Accent
                            : enabled ? Role::Surface
                                      : Role::ButtonDisabledBg),
              m_theme.color(on ? Role::Accent : Role::BorderStrong), metric::radiusMark);
        if (on)
            paintIcon(*painter, option->rect.adjusted(1, 1, -1, -1), QStringLiteral("check"), m_theme.color(Role::OnAccent));
        return;
    }
    case PE_FrameTabBarBase:
        painter->fillRect(QRect(option->rect.left(), option->rect.bottom(), option->rect.width(), 1), m_theme.color(Role::Border));
        return;
    case PE_PanelButtonCommand: {
        const bool down = option->state & (State_Sunken | State_On);
        const Role fill = !enabled                          ? Role::ButtonDisabledBg
                          : down                            ? Role::Selected
                          : option->state & State_MouseOver ? Role::Hover
                                                            : Role::ButtonBg;
        panel(painter, option->rect, m_theme.color(fill), m_theme.color(enabled ? Role::BorderStrong : Role::Border));
        return;
    }
    default: QProxyStyle::drawPrimitive(element, option, painter, widget);
    }
}

void Style::drawControl(ControlElement element, const QStyleOption *option, QPainter *painter, const QWidget *widget) const
{
    switch (element) {
    case CE_FocusFrame: {
        painter->save();
        painter->setRenderHint(QPainter::Antialiasing);
        painter->setPen(QPen(m_theme.color(Role::Focus), 2));
        painter->setBrush(Qt::NoBrush);
        painter->drawRoundedRect(QRectF(option->rect).adjusted(1, 1, -1, -1), metric::radius + 2, metric::radius + 2);
        painter->restore();
        return;
    }
    case CE_Splitter: {
        const bool upright = option->rect.height() > option->rect.width();
        const QPoint middle = option->rect.center();
        painter->fillRect(upright ? QRect(middle.x(), option->rect.top(), 1, option->rect.height())
                                  : QRect(option->rect.left(), middle.y(), option->rect.width(), 1),
                          m_theme.color(Role::Border));
        return;
    }
    case CE_TabBarTab: drawTab(option, painter); return;
    default: QProxyStyle::drawControl(element, option, painter, widget);
    }
}

void Style::drawTab(const QStyleOption *option, QPainter *painter) const
{
    const auto *tab = qstyleoption_cast<const QStyleOptionTab *>(option);
    if (!tab)
        return;
    const bool on = tab->state & State_Selected;
    painter->save();
    painter->setFont(Theme::font(on ? Type::BodyStrong : Type::BodyMedium));
    painter->setPen(m_theme.color(!(tab->state & State_Enabled)          ? Role::ButtonDisabledText
                                  : on || (tab->state & State_MouseOver) ? Role::Text
                                                                         : Role::TextMuted));
    const QRect text = tab->rect.adjusted(0, 0, -18, -7);
    painter->drawText(text, int(Qt::AlignLeft | Qt::AlignBottom) | Qt::TextSingleLine | Qt::TextShowMnemonic, tab->text);
    const int width = std::min(text.width(), QFontMetrics(painter->font()).horizontalAdvance(tab->text));
    if (on)
        painter->fillRect(QRect(text.left(), tab->rect.bottom() - 1, width, 2), m_theme.color(Role::Accent));
    if (tab->state & State_HasFocus) {
        painter->setPen(QPen(m_theme.color(Role::Focus), 2));
        painter->drawRect(QRect(text.left() - 2, text.top() + 1, width + 4, text.height() + 1));
    }
    painter->restore();
}

void Style::drawComplexControl(ComplexControl control, const QStyleOptionComplex *option, QPainter *painter, const QWidget *widget) const
{
    if (control == CC_ScrollBar)
        drawScrollBar(option, painter, widget);
    else
        QProxyStyle::drawComplexControl(control, option, painter, widget);
}

void Style::drawScrollBar(const QStyleOptionComplex *option, QPainter *painter, const QWidget *widget) const
{
    const auto *bar = qstyleoption_cast<const QStyleOptionSlider *>(option);
    painter->fillRect(option->rect, widget && widget->parentWidget() ? widget->parentWidget()->palette().color(QPalette::Base)
                                                                     : m_theme.color(Role::Surface));
    if (!bar || bar->minimum == bar->maximum)
        return;
    const QRect slider = subControlRect(CC_ScrollBar, option, SC_ScrollBarSlider, widget).adjusted(3, 3, -3, -3);
    const bool active = option->state & (State_MouseOver | State_Sunken);
    painter->save();
    painter->setRenderHint(QPainter::Antialiasing);
    painter->setPen(Qt::NoPen);
    painter->setBrush(m_theme.color(active || m_theme.kind() == Theme::Kind::Contrast ? Role::TextFaint : Role::BorderStrong));
    painter->drawRoundedRect(slider, 3, 3);
    painter->restore();
}

int Style::pixelMetric(PixelMetric metric, const QStyleOption *option, const QWidget *widget) const
{
    switch (metric) {
    case PM_FocusFrameHMargin:
    case PM_FocusFrameVMargin: return ring;
    case PM_ScrollBarExtent: return scrollBar;
    case PM_SplitterWidth: return 5;
    case PM_TabBarTabShiftHorizontal:
    case PM_TabBarTabShiftVertical:
    case PM_TabBarTabOverlap:
    case PM_ButtonShiftHorizontal:
    case PM_ButtonShiftVertical: return 0;
    case PM_SmallIconSize: return metric::icon;
    default: return QProxyStyle::pixelMetric(metric, option, widget);
    }
}

QRect Style::subElementRect(SubElement element, const QStyleOption *option, const QWidget *widget) const
{
    const QRect rect = QProxyStyle::subElementRect(element, option, widget);
    return element == SE_LineEditContents ? rect.adjusted(5, 0, -5, 0) : rect;
}

int Style::styleHint(StyleHint hint, const QStyleOption *option, const QWidget *widget, QStyleHintReturn *data) const
{
    switch (hint) {
    case SH_FocusFrame_AboveWidget: return true;
    case SH_FocusFrame_Mask: return false; // it is empty inside and lets the pointer through
    case SH_DialogButtonBox_ButtonsHaveIcons:
    case SH_UnderlineShortcut:
    case SH_EtchDisabledText: return false;
    case SH_ScrollBar_ContextMenu: return false;
    default: return QProxyStyle::styleHint(hint, option, widget, data);
    }
}

QSize Style::sizeFromContents(ContentsType type, const QStyleOption *option, const QSize &size, const QWidget *widget) const
{
    switch (type) {
    case CT_LineEdit:
        return {size.width() + 12, std::max(int(metric::control), QProxyStyle::sizeFromContents(type, option, size, widget).height())};
    case CT_TabBarTab: {
        const auto *tab = qstyleoption_cast<const QStyleOptionTab *>(option);
        const QFontMetrics metrics(Theme::font(Type::BodyStrong));
        return {metrics.horizontalAdvance(tab ? tab->text : QString()) + 18, metrics.height() + 9};
    }
    default: return QProxyStyle::sizeFromContents(type, option, size, widget);
    }
}

} // namespace ui
