// SPDX-FileCopyrightText: 2026 The Countersign authors
// SPDX-License-Identifier: GPL-3.0-or-later
#include "ui/widgets/Button.h"
#include "ui/theme/Icon.h"
#include "ui/widgets/VisibleMarks.h"
#include <QEvent>
#include <QKeyEvent>
#include <QPainter>

namespace ui {

namespace {

constexpr int spacing = 7, keyPadding = 4;

QFont keyFont()
{
    QFont font = Theme::font(Type::Caption);
    font.setWeight(QFont::Medium);
    return font;
}

} // namespace

int ButtonFace::width() const
{
    int width = icon.isEmpty() ? 0 : iconSize;
    if (!text.isEmpty())
        width += (width > 0 ? spacing : 0) + QFontMetrics(font).horizontalAdvance(text);
    if (!keys.isEmpty())
        width += spacing + QFontMetrics(keyFont()).horizontalAdvance(keys) + 2 * keyPadding + 2;
    return width;
}

void ButtonFace::paint(QPainter &painter, const QRect &rect) const
{
    int left = rect.left() + (rect.width() - width()) / 2;
    painter.setPen(color);
    if (!icon.isEmpty()) {
        paintIcon(painter, QRect(left, rect.top() + (rect.height() - iconSize) / 2, iconSize, iconSize), icon, color);
        left += iconSize + spacing;
    }
    painter.setFont(font);
    painter.drawText(QRect(left, rect.top(), rect.width(), rect.height()), int(Qt::AlignLeft | Qt::AlignVCenter) | Qt::TextSingleLine,
                     text);
    if (keys.isEmpty())
        return;
    left += QFontMetrics(font).horizontalAdvance(text) + spacing;
    const QFontMetrics metrics(keyFont());
    const int height = metrics.height() + 2;
    const QRect frame(left, rect.top() + (rect.height() - height) / 2, metrics.horizontalAdvance(keys) + 2 * keyPadding + 2, height);
    paintPanel(painter, frame, Qt::transparent, color, metric::radiusMark);
    painter.setFont(keyFont());
    painter.setPen(color);
    painter.drawText(frame, int(Qt::AlignCenter) | Qt::TextSingleLine, keys);
}

void paintPanel(QPainter &painter, const QRect &rect, const QColor &fill, const QColor &edge, qreal radius)
{
    painter.save();
    painter.setRenderHint(QPainter::Antialiasing);
    painter.setPen(edge);
    painter.setBrush(fill);
    painter.drawRoundedRect(QRectF(rect).adjusted(0.5, 0.5, -0.5, -0.5), radius, radius);
    painter.restore();
}

Button::Button(const Theme &theme, const QString &text, Kind kind, QWidget *parent) : QAbstractButton(parent), m_theme(theme), m_kind(kind)
{
    setFocusPolicy(Qt::StrongFocus);
    setSizePolicy(QSizePolicy::Fixed, QSizePolicy::Fixed);
    setAttribute(Qt::WA_Hover);
    setText(text);
}

void Button::setKind(Kind kind)
{
    m_kind = kind;
    updateGeometry();
    update();
}

void Button::setIconName(const QString &name)
{
    m_icon = name;
    updateGeometry();
    update();
}

void Button::setKeyHint(const QString &keys)
{
    m_keys = keys;
    updateGeometry();
    update();
}

void Button::setLarge()
{
    m_large = true;
    updateGeometry();
}

void Button::setJoin(Join join)
{
    m_join = join;
    update();
}

void Button::setText(const QString &text)
{
    m_label = visibleText(text, Spaces::Kept);
    QAbstractButton::setText(withoutMnemonics(m_label));
    if (!m_label.isEmpty())
        setAccessibleName(m_label);
    updateGeometry();
    update();
}

QFont Button::textFont() const
{
    return Theme::font(m_large || m_kind == Kind::Primary || m_kind == Kind::Caution ? Type::BodyStrong : Type::BodyMedium);
}

QSize Button::sizeHint() const
{
    const int text = QFontMetrics(textFont()).height();
    const int height = m_large ? std::max(int(metric::controlLarge), text + 14) : std::max(int(metric::control), text + 8);
    if (m_label.isEmpty())
        return {height, height};
    const int padding = m_large ? 16 : m_kind == Kind::Flat ? 8 : 12;
    return {ButtonFace{m_icon, m_label, m_keys, textFont(), {}}.width() + 2 * padding + 2, height};
}

void Button::paintEvent(QPaintEvent *)
{
    QPainter painter(this);
    Role fill = Role::ButtonBg, edge = Role::BorderStrong, text = Role::Text;
    switch (m_kind) {
    case Kind::Normal: break;
    case Kind::Primary: fill = edge = underMouse() && isEnabled() ? Role::AccentHover : Role::Accent, text = Role::OnAccent; break;
    case Kind::Caution: fill = edge = Role::Caution, text = Role::OnCaution; break;
    case Kind::Flat: text = Role::TextMuted; break;
    }
    const bool plain = m_kind == Kind::Normal || m_kind == Kind::Flat;
    if (!isEnabled())
        fill = Role::ButtonDisabledBg, edge = Role::Border, text = Role::ButtonDisabledText;
    else if (plain && (isDown() || isChecked()))
        fill = Role::Selected;
    else if (plain && underMouse())
        fill = Role::Hover;
    const bool bare = m_kind == Kind::Flat && (!isEnabled() || fill == Role::ButtonBg);
    const QColor line = m_theme.color(m_kind == Kind::Flat ? fill : edge);
    // The joined side runs out of the widget, so that only the outer corners are round; the left one draws the line between.
    const QRect panel =
        rect().adjusted(m_join == Join::Left ? -2 * metric::radius : 0, 0, m_join == Join::Right ? 2 * metric::radius : 0, 0);
    if (!bare)
        paintPanel(painter, panel, m_theme.color(fill), line);
    if (m_join == Join::Right)
        painter.fillRect(QRect(width() - 1, 0, 1, height()), line);
    ButtonFace{m_icon, m_label, m_keys, textFont(), m_theme.color(text)}.paint(painter, rect());
}

void Button::keyPressEvent(QKeyEvent *event)
{
    const bool enter = event->key() == Qt::Key_Return || event->key() == Qt::Key_Enter;
    if (enter && m_enterPresses && !event->isAutoRepeat())
        click();
    else if (enter)
        event->ignore();
    else
        QAbstractButton::keyPressEvent(event);
}

void Button::changeEvent(QEvent *event)
{
    if (event->type() == QEvent::FontChange || event->type() == QEvent::ApplicationFontChange)
        updateGeometry();
    QAbstractButton::changeEvent(event);
}

} // namespace ui
