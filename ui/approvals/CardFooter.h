// SPDX-FileCopyrightText: 2026 The Countersign authors
// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once
#include "base/Clock.h"
#include "ui/theme/Theme.h"
#include <QWidget>

class QStackedLayout;

namespace ui {

class ArmedButton;
class Button;
class Countdown;
class DenyButton;
class IconView;
class PlainLabel;
class SecondTicker;

// The foot of the card: the clock with Deny and Allow while the call waits, then what became of it with Next.
// Everything keeps its place for every card.
class CardFooter final : public QWidget
{
    Q_OBJECT
public:
    CardFooter(const Theme &theme, const mcpcore::Clock &clock, SecondTicker &ticker, QWidget *parent = nullptr);

    ArmedButton *allow() const { return m_allow; }
    DenyButton *deny() const { return m_deny; }
    Button *next() const { return m_next; }
    PlainLabel *state() const { return m_state; }

    void showWaiting(mcpcore::Milliseconds deadline);
    void stopClock(mcpcore::Milliseconds left); // a person reads
    // After the answer; `since` counts on beside the words, zero = does not.
    void showState(const QString &icon, Role role, const QString &text, mcpcore::Milliseconds since = {});
    void setNextText(const QString &text);

protected:
    void paintEvent(QPaintEvent *event) override;

private:
    void refreshState();

    const Theme &m_theme;
    const mcpcore::Clock &m_clock;
    SecondTicker &m_ticker;
    IconView *m_icon;
    Countdown *m_countdown;
    PlainLabel *m_clockHint;
    PlainLabel *m_state;
    DenyButton *m_deny;
    ArmedButton *m_allow;
    Button *m_next;
    QString m_stateText;
    mcpcore::Milliseconds m_since{};
    int m_round = 0;
};

} // namespace ui
