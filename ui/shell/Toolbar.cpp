// SPDX-FileCopyrightText: 2026 The Countersign authors
// SPDX-License-Identifier: GPL-3.0-or-later
#include "ui/shell/Toolbar.h"
#include "ui/shell/Desk.h"
#include "ui/shell/EnvSwitch.h"
#include "ui/widgets/Button.h"
#include "ui/widgets/Countdown.h"
#include <QHBoxLayout>
#include <QPainter>

namespace ui {

Toolbar::Toolbar(Desk &desk, const Theme &theme, const mcpcore::Clock &clock, SecondTicker &ticker, QWidget *parent)
    : QWidget(parent),
      m_desk(desk),
      m_theme(theme),
      m_switch(new EnvSwitch(desk, theme, clock, ticker)),
      m_lock(new Button(theme, tr("Lock now"))),
      m_pause(new Button(theme, {}))
{
    setObjectName(QStringLiteral("toolbar"));
    m_lock->setObjectName(QStringLiteral("env.lock"));
    m_lock->setIconName(QStringLiteral("lock"));
    m_lock->setAccessibleDescription(tr("Locks production at once"));
    m_pause->setObjectName(QStringLiteral("pause"));
    m_pause->setIconName(QStringLiteral("pause"));
    auto *layout = new QHBoxLayout(this);
    layout->setContentsMargins(8, 6, metric::pageEdge, 6);
    layout->setSpacing(metric::gap);
    layout->addWidget(m_switch);
    layout->addStretch();
    layout->addWidget(m_lock);
    layout->addWidget(m_pause);
    setMinimumHeight(metric::toolbar);
    setSizePolicy(QSizePolicy::Preferred, QSizePolicy::Fixed);

    connect(m_lock, &QAbstractButton::clicked, this, &Toolbar::lockNow);
    connect(m_pause, &QAbstractButton::clicked, this, &Toolbar::pausePressed);
    connect(&desk, &Desk::workspaceChanged, this, &Toolbar::refresh);
    connect(&desk, &Desk::locksChanged, this, &Toolbar::refresh);
    connect(&ticker, &SecondTicker::ticked, this, &Toolbar::refresh);
    refresh();
}

void Toolbar::lockNow()
{
    for (const mcpcore::Environment &environment : m_desk.workspace().environments) {
        if (m_desk.unlockedUntil(environment.id) > m_desk.now())
            m_desk.lock(environment.id);
    }
}

void Toolbar::refresh()
{
    const mcpcore::Workspace &space = m_desk.workspace();
    m_lock->setVisible(std::any_of(space.environments.begin(), space.environments.end(), [this](const mcpcore::Environment &environment) {
        return m_desk.unlockedUntil(environment.id) > m_desk.now();
    }));
    const QString text = space.paused ? tr("Paused") : tr("Pause everything");
    if (m_pause->accessibleName() == text)
        return;
    m_pause->setKind(space.paused ? Button::Kind::Caution : Button::Kind::Normal);
    m_pause->setText(text);
    m_pause->setAccessibleDescription(space.paused ? tr("Goes to Resume") : tr("Denies what waits and refuses every new call"));
}

void Toolbar::paintEvent(QPaintEvent *)
{
    QPainter(this).fillRect(rect(), m_theme.color(Role::Sidebar));
}

} // namespace ui
