// SPDX-FileCopyrightText: 2026 The Countersign authors
// SPDX-License-Identifier: GPL-3.0-or-later
#include "ui/widgets/ArmedButton.h"
#include "ui/theme/Icon.h"
#include "ui/widgets/Button.h"
#include "ui/widgets/VisibleMarks.h"
#include <QApplication>
#include <QKeyEvent>
#include <QPainter>
#include <QPainterPath>

namespace ui {

using mcpcore::Milliseconds;

namespace {

constexpr Milliseconds step{100};
constexpr int padding = 16;

QColor darker(const QColor &color, int percent)
{
    return QColor::fromRgb(color.red() * (100 - percent) / 100, color.green() * (100 - percent) / 100,
                           color.blue() * (100 - percent) / 100);
}

} // namespace

ArmedButton::ArmedButton(const Theme &theme, const mcpcore::Clock &clock, QWidget *parent)
    : QAbstractButton(parent), m_theme(theme), m_clock(clock), m_icon(QStringLiteral("approvals"))
{
    setFocusPolicy(Qt::StrongFocus);
    setSizePolicy(QSizePolicy::Fixed, QSizePolicy::Fixed);
    setAttribute(Qt::WA_Hover);
    apply();
}

void ArmedButton::setText(const QString &text)
{
    m_text = visibleText(text, Spaces::Kept);
    QAbstractButton::setText(withoutMnemonics(m_text));
    setAccessibleName(m_text);
    updateGeometry();
    restart();
}

void ArmedButton::setIconName(const QString &name)
{
    m_icon = name;
    update();
}

void ArmedButton::setLook(EnvLook look)
{
    m_look = look;
    update();
}

void ArmedButton::setPlain()
{
    m_look.reset();
    setIconName({});
}

void ArmedButton::setKeyHint(const QString &keys)
{
    m_keys = keys;
    updateGeometry();
    update();
}

void ArmedButton::setArmingTime(Milliseconds time)
{
    m_time = time;
    restart();
}

void ArmedButton::setBlocked(const QString &reason)
{
    m_blocked = reason;
    apply();
}

void ArmedButton::rearm()
{
    restart();
}

void ArmedButton::pressByKey()
{
    if (isArmed() && mayArm() && place() == m_place)
        click();
}

bool ArmedButton::mayArm() const
{
    // A popup calls itself active always: the application must be in front as well.
    return isVisible() && window()->isActiveWindow() && !window()->isMinimized() && QApplication::activeWindow();
}

QRect ArmedButton::place() const
{
    return {mapToGlobal(QPoint(0, 0)), size()};
}

// Every cause to begin again ends here; `m_round` makes ticks and presses of before worthless.
void ArmedButton::restart()
{
    ++m_round;
    m_phase = Phase::Waiting;
    setDown(false);
    if (mayArm()) {
        m_phase = Phase::Arming;
        m_started = m_clock.monotonic();
        m_place = place();
        tick(m_round);
    }
    apply();
}

void ArmedButton::tick(int round)
{
    if (round != m_round || m_phase != Phase::Arming)
        return;
    if (!mayArm() || place() != m_place) {
        restart();
        return;
    }
    const Milliseconds left = m_time - (m_clock.monotonic() - m_started);
    if (left <= Milliseconds(0)) {
        m_phase = Phase::Armed;
        apply();
        return;
    }
    apply();
    m_clock.after(std::min(left, step), this, [this, round] { tick(round); });
}

void ArmedButton::apply()
{
    const bool armed = isArmed();
    QString why = m_blocked;
    if (why.isEmpty() && m_phase == Phase::Arming)
        why = m_time.count() <= 1000 ? tr("Ready in 1 second") : tr("Ready in %n seconds", nullptr, int((m_time.count() + 999) / 1000));
    else if (why.isEmpty() && m_phase == Phase::Waiting)
        why = tr("Waits until this window is in front");
    if (accessibleDescription() != why)
        setAccessibleDescription(why);
    if (armed != isEnabled()) {
        setEnabled(armed);
        Q_EMIT armedChanged(armed);
    }
    update();
}

void ArmedButton::watchWindow()
{
    if (m_window == window())
        return;
    if (m_window)
        m_window->removeEventFilter(this);
    m_window = window();
    m_window->installEventFilter(this);
}

bool ArmedButton::event(QEvent *event)
{
    switch (event->type()) {
    case QEvent::Show:
    case QEvent::Hide:
    case QEvent::ParentChange:
        watchWindow();
        restart();
        break;
    case QEvent::Move:
    case QEvent::Resize: restart(); break;
    default: break;
    }
    return QAbstractButton::event(event);
}

bool ArmedButton::eventFilter(QObject *watched, QEvent *event)
{
    if (watched == m_window) {
        switch (event->type()) {
        case QEvent::WindowActivate:
        case QEvent::WindowDeactivate:
        case QEvent::Move:
        case QEvent::Resize:
        case QEvent::WindowStateChange: restart(); break;
        default: break;
        }
    }
    return QAbstractButton::eventFilter(watched, event);
}

void ArmedButton::mousePressEvent(QMouseEvent *event)
{
    if (!mayArm() || place() != m_place) {
        restart();
        return;
    }
    m_pressRound = m_round;
    QAbstractButton::mousePressEvent(event);
}

void ArmedButton::mouseMoveEvent(QMouseEvent *event)
{
    if (m_pressRound == m_round)
        QAbstractButton::mouseMoveEvent(event);
}

void ArmedButton::mouseReleaseEvent(QMouseEvent *event)
{
    if (m_pressRound == m_round && place() == m_place)
        QAbstractButton::mouseReleaseEvent(event);
    m_pressRound = -1;
}

void ArmedButton::keyPressEvent(QKeyEvent *event)
{
    // Space only: some platforms let Enter press a button as well.
    if (event->key() != Qt::Key_Space || event->isAutoRepeat()) {
        event->setAccepted(event->key() == Qt::Key_Space);
        return;
    }
    m_pressRound = m_round;
    QAbstractButton::keyPressEvent(event);
}

void ArmedButton::keyReleaseEvent(QKeyEvent *event)
{
    if (event->key() != Qt::Key_Space || event->isAutoRepeat() || m_pressRound != m_round) {
        event->setAccepted(event->key() == Qt::Key_Space);
        return;
    }
    m_pressRound = -1;
    QAbstractButton::keyReleaseEvent(event);
}

QString ArmedButton::label() const
{
    if (m_phase != Phase::Arming || !m_blocked.isEmpty())
        return m_text;
    const Milliseconds left = std::max(Milliseconds(0), m_time - (m_clock.monotonic() - m_started));
    return tr("%1 in %2 s").arg(m_text, QString::number(double(left.count()) / 1000.0, 'f', 1));
}

QSize ArmedButton::sizeHint() const
{
    // As wide as the wider of the two faces, so that nothing moves when it arms.
    const QFont font = Theme::font(Type::BodyStrong);
    const int keys = ButtonFace{m_icon, m_text, m_keys, font, {}}.width();
    const int seconds = ButtonFace{m_icon, tr("%1 in %2 s").arg(m_text, QStringLiteral("0.0")), {}, font, {}}.width();
    return {std::max(keys, seconds) + 2 * padding + 2, std::max(int(metric::controlLarge), QFontMetrics(font).height() + 14)};
}

void ArmedButton::paintEvent(QPaintEvent *)
{
    QPainter painter(this);
    QColor fill = m_look ? m_theme.color(*m_look, EnvPart::Solid) : m_theme.color(Role::ButtonBg);
    QColor edge = m_look ? m_theme.color(*m_look, EnvPart::Edge) : m_theme.color(Role::BorderStrong);
    QColor text = m_look ? m_theme.color(*m_look, EnvPart::On) : m_theme.color(Role::Text);
    if (!isArmed()) {
        fill = m_theme.color(Role::ButtonDisabledBg);
        edge = m_theme.color(Role::BorderStrong);
        text = m_theme.color(Role::ButtonDisabledText);
    } else if (isDown()) {
        fill = m_look ? darker(fill, 12) : m_theme.color(Role::Selected);
    } else if (underMouse()) {
        fill = m_look ? darker(fill, 6) : m_theme.color(Role::Hover);
    }
    paintPanel(painter, rect(), fill, edge);
    const bool arming = m_phase == Phase::Arming && m_blocked.isEmpty();
    if (arming && m_time.count() > 0) {
        QPainterPath inside;
        inside.addRoundedRect(QRectF(rect()).adjusted(1, 1, -1, -1), metric::radius, metric::radius);
        painter.setClipPath(inside);
        const double done = std::min(1.0, double((m_clock.monotonic() - m_started).count()) / double(m_time.count()));
        painter.fillRect(QRectF(1, height() - 5, (width() - 2) * done, 4),
                         m_look ? m_theme.color(*m_look, EnvPart::Edge) : m_theme.color(Role::TextMuted));
        painter.setClipping(false);
    }
    ButtonFace{m_icon, label(), arming ? QString() : m_keys, Theme::font(Type::BodyStrong), text}.paint(painter, rect());
}

} // namespace ui
