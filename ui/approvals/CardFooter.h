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
class IconView;
class PlainLabel;
class SecondTicker;

// The foot of a card: the clock with the refusing and the allowing button while it waits, then what became of it with Next.
// Everything keeps its place for every card.
class CardFooter final : public QWidget
{
    Q_OBJECT
public:
    struct Setup {
        QString name;    // before the parts' object names
        QString waiting; // "%1 to decide, then denied"
        QWidget *refuse; // becomes the footer's child
    };
    CardFooter(const Theme &theme, const mcpcore::Clock &clock, SecondTicker &ticker, const Setup &setup, QWidget *parent);

    ArmedButton *allow() const { return m_allow; }
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
    void setWaitingShown(bool waiting);

    const Theme &m_theme;
    const mcpcore::Clock &m_clock;
    SecondTicker &m_ticker;
    IconView *m_icon;
    Countdown *m_countdown;
    PlainLabel *m_clockHint;
    PlainLabel *m_state;
    QWidget *m_refuse;
    ArmedButton *m_allow;
    Button *m_next;
    const QString m_waiting;
    QString m_stateText;
    mcpcore::Milliseconds m_since{};
    int m_round = 0;
};

} // namespace ui
