// SPDX-FileCopyrightText: 2026 The Countersign authors
// SPDX-License-Identifier: GPL-3.0-or-later
#include "ui/shell/EnvSwitch.h"
#include "ui/shell/Desk.h"
#include "ui/shell/EnvLooks.h"
#include "ui/shell/EnvMenu.h"
#include "ui/theme/Icon.h"
#include "ui/widgets/Button.h"
#include "ui/widgets/Countdown.h"
#include <QFontInfo>
#include <QKeyEvent>
#include <QPainter>

namespace ui {

namespace {

constexpr int switchWidth = 184, textLeft = 40, arrowRoom = 34;

QFont wordFont()
{
    QFont font = Theme::font(Type::Body);
    font.setWeight(QFont::Bold);
    font.setLetterSpacing(QFont::AbsoluteSpacing, 0.05 * QFontInfo(font).pixelSize());
    return font;
}

} // namespace

EnvSwitch::EnvSwitch(Desk &desk, const Theme &theme, const mcpcore::Clock &clock, SecondTicker &ticker, QWidget *parent)
    : QAbstractButton(parent), m_desk(desk), m_theme(theme), m_menu(new EnvMenu(desk, theme, clock, ticker, this))
{
    setObjectName(QStringLiteral("env.switch"));
    setFocusPolicy(Qt::StrongFocus);
    setSizePolicy(QSizePolicy::Fixed, QSizePolicy::Fixed);
    setAttribute(Qt::WA_Hover);
    ticker.follow(this);
    connect(&ticker, &SecondTicker::ticked, this, &EnvSwitch::refresh);
    connect(&desk, &Desk::workspaceChanged, this, &EnvSwitch::refresh);
    connect(&desk, &Desk::locksChanged, this, &EnvSwitch::refresh);
    connect(this, &QAbstractButton::clicked, this, [this] { m_menu->openAt(corner()); });
    refresh();
}

void EnvSwitch::choose(const mcpcore::EnvironmentId &environment)
{
    const bool production = lookOf(m_desk.workspace(), environment) == EnvLook::Production;
    const bool active = m_desk.workspace().activeEnvironment == environment;
    if (production && !(active && m_desk.unlockedUntil(environment) > m_desk.now()))
        m_menu->openPanelAt(corner(), environment);
    else if (!active)
        m_desk.useEnvironment(environment, {this, [this](const mcpcore::Result<> &result) {
                                                if (!result)
                                                    Q_EMIT said(result.error().message);
                                            }});
}

void EnvSwitch::refresh()
{
    const mcpcore::Workspace &space = m_desk.workspace();
    const auto left = m_desk.unlockedUntil(space.activeEnvironment) - m_desk.now();
    m_look = lookOf(space, space.activeEnvironment);
    m_urgent = m_look == EnvLook::Production && left.count() > 0 && left < std::chrono::minutes(1);
    const QString word = wordOf(space.activeEnvironment);
    QString below;
    QString spoken;
    switch (m_look) {
    case EnvLook::Sandbox: spoken = below = space.paused ? tr("paused") : tr("nothing real"); break;
    case EnvLook::Staging: spoken = below = space.paused ? tr("paused") : tr("test data"); break;
    case EnvLook::Production:
        below = left.count() > 0 ? tr("locks in %1").arg(countdownText(left)) : tr("locked");
        spoken = left.count() <= 0 ? tr("locked")
                 : m_urgent        ? tr("locks in less than a minute")
                                   : tr("locks in %n minutes", nullptr, int((left.count() + 59'999) / 60'000));
        break;
    }
    if (word == m_word && below == m_below)
        return;
    m_word = word;
    m_below = below;
    setText(word);
    setAccessibleName(tr("Environment %1, %2").arg(word, spoken));
    setAccessibleDescription(tr("Opens the list of environments"));
    updateGeometry();
    update();
}

QPoint EnvSwitch::corner() const
{
    return mapToGlobal(QPoint(0, height() + 8));
}

QSize EnvSwitch::sizeHint() const
{
    const int text = textLeft + QFontMetrics(wordFont()).horizontalAdvance(m_word) + arrowRoom;
    const int height = QFontMetrics(wordFont()).height() + QFontMetrics(Theme::font(Type::Caption)).height();
    return {std::max(switchWidth, text), std::max(int(metric::controlLarge), height + 2)};
}

void EnvSwitch::keyPressEvent(QKeyEvent *event)
{
    if (event->key() == Qt::Key_Down)
        m_menu->openAt(corner());
    else
        QAbstractButton::keyPressEvent(event);
}

void EnvSwitch::paintEvent(QPaintEvent *)
{
    QPainter painter(this);
    const Theme::Banner banner = Theme::banner(m_look);
    QColor fill = m_theme.color(banner.background);
    const QColor text = m_theme.color(banner.text);
    if (underMouse() || isDown() || m_menu->isVisible())
        fill = m_theme.color(m_look == EnvLook::Sandbox ? Role::SandboxTint : banner.background)
                   .darker(m_theme.kind() == Theme::Kind::Light ? 104 : 100);
    paintPanel(painter, rect(), fill, m_theme.color(banner.edge));
    if (m_theme.kind() == Theme::Kind::Contrast)
        paintPanel(painter, rect().adjusted(1, 1, -1, -1), Qt::transparent, m_theme.color(banner.edge));
    paintEnvShape(painter, QRect(11, (height() - 20) / 2, 20, 20), m_look, text, fill);
    const QFont word = wordFont();
    QFont small = Theme::font(Type::Caption);
    if (m_urgent)
        small.setWeight(QFont::Bold);
    const int wordHeight = QFontMetrics(word).ascent() + 3;
    const int smallHeight = QFontMetrics(small).ascent() + 2;
    const int top = (height() - wordHeight - smallHeight) / 2 - 1;
    painter.setPen(text);
    painter.setFont(word);
    painter.drawText(QPointF(textLeft, top + QFontMetrics(word).ascent()), m_word);
    painter.setFont(small);
    painter.drawText(QPointF(textLeft, top + wordHeight + QFontMetrics(small).ascent()), m_below);
    paintIcon(painter, QRect(width() - 11 - 16, (height() - 16) / 2, 16, 16), QStringLiteral("chevron-down"), text);
}

} // namespace ui
