// SPDX-FileCopyrightText: 2026 The Countersign authors
// SPDX-License-Identifier: GPL-3.0-or-later
#include "ui/approvals/CardFooter.h"
#include "ui/widgets/ArmedButton.h"
#include "ui/widgets/Button.h"
#include "ui/widgets/Countdown.h"
#include "ui/widgets/IconView.h"
#include <QHBoxLayout>
#include <QVBoxLayout>

namespace ui {

namespace {
// The second click of a double click on Allow or Deny must not press Next.
constexpr mcpcore::Milliseconds kNextDelay{500};
} // namespace

CardFooter::CardFooter(const Theme &theme, const mcpcore::Clock &clock, SecondTicker &ticker, const Setup &setup, QWidget *parent)
    : QWidget(parent), m_theme(theme), m_clock(clock), m_ticker(ticker), m_refuse(setup.refuse), m_waiting(setup.waiting)
{
    m_icon = new IconView(theme, QStringLiteral("clock"), Role::TextMuted, metric::icon, this);
    m_countdown = new Countdown(theme, ticker, this);
    m_countdown->setObjectName(setup.name + QStringLiteral(".clock"));
    m_clockHint = new PlainLabel(theme, tr("The clock stops while you read"), Type::Caption, Role::TextMuted, this);
    m_state = new PlainLabel(theme, {}, Type::BodyStrong, Role::Text, this);
    m_state->setObjectName(setup.name + QStringLiteral(".state"));
    m_state->setMaxLines(2);
    m_state->setFocusPolicy(Qt::TabFocus);
    m_allow = new ArmedButton(theme, clock, this);
    m_next = new Button(theme, {}, Button::Kind::Normal, this);
    m_next->setObjectName(setup.name + QStringLiteral(".next"));
    m_next->setLarge();

    auto *words = new QVBoxLayout;
    words->setSpacing(2);
    words->addStretch();
    words->addWidget(m_countdown);
    words->addWidget(m_clockHint);
    words->addWidget(m_state);
    words->addStretch();
    auto *row = new QHBoxLayout(this);
    row->setContentsMargins(metric::cardEdge, 12, metric::cardEdge, 12);
    row->setSpacing(10);
    row->addWidget(m_icon);
    row->addLayout(words, 1);
    row->addWidget(m_refuse);
    row->addWidget(m_allow);
    row->addWidget(m_next);
    setMinimumHeight(60);

    connect(&ticker, &SecondTicker::ticked, this, &CardFooter::refreshState);
    ticker.follow(this);
}

void CardFooter::showWaiting(mcpcore::Milliseconds deadline)
{
    ++m_round;
    m_icon->setIcon(QStringLiteral("clock"), Role::TextMuted);
    m_countdown->setWording([this](const QString &time) { return m_waiting.arg(time); });
    m_countdown->setDeadline(deadline);
    setWaitingShown(true);
}

void CardFooter::setWaitingShown(bool waiting)
{
    for (QWidget *part :
         {static_cast<QWidget *>(m_countdown), static_cast<QWidget *>(m_clockHint), m_refuse, static_cast<QWidget *>(m_allow)})
        part->setVisible(waiting);
    for (QWidget *part : {static_cast<QWidget *>(m_state), static_cast<QWidget *>(m_next)})
        part->setVisible(!waiting);
}

void CardFooter::stopClock(mcpcore::Milliseconds left)
{
    m_countdown->setWording([](const QString &time) { return tr("%1, stopped while you read").arg(time); });
    m_countdown->stopAt(left);
}

void CardFooter::showState(const QString &icon, Role role, const QString &text, mcpcore::Milliseconds since)
{
    const bool first = m_state->isHidden();
    m_icon->setIcon(icon, role);
    m_state->setRole(role);
    m_stateText = text;
    m_since = since;
    refreshState();
    setWaitingShown(false);
    if (first) {
        m_next->setEnabled(false);
        m_clock.after(kNextDelay, this, [this, round = ++m_round] {
            if (round == m_round)
                m_next->setEnabled(true);
        });
    }
}

void CardFooter::refreshState()
{
    if (m_since.count() == 0)
        m_state->setText(m_stateText);
    else
        m_state->setText(tr("%1 %2", "what it waits for, time").arg(m_stateText, countdownText(m_ticker.now() - m_since)));
}

void CardFooter::setNextText(const QString &text)
{
    m_next->setText(text);
}

void CardFooter::paintEvent(QPaintEvent *)
{
    QPainter painter(this);
    painter.fillRect(rect(), m_theme.color(Role::Surface));
    painter.fillRect(QRect(0, 0, width(), 1), m_theme.color(Role::Border));
}

} // namespace ui
