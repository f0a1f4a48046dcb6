// SPDX-FileCopyrightText: 2026 The Countersign authors
// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once
#include "base/Clock.h"
#include "ui/widgets/PlainLabel.h"
#include <functional>

namespace ui {

// One second tick for everything that counts. Runs only while a visible widget subscribes; owned by who builds the window.
class SecondTicker : public QObject
{
    Q_OBJECT
public:
    explicit SecondTicker(const mcpcore::Clock &clock, QObject *parent = nullptr) : QObject(parent), m_clock(clock) {}
    // Calls ticked() every second while `widget` is visible.
    void follow(QWidget *widget);
    mcpcore::Milliseconds now() const { return m_clock.wall(); }
    bool isRunning() const { return m_running; }

Q_SIGNALS:
    void ticked();

protected:
    bool eventFilter(QObject *watched, QEvent *event) override;

private:
    bool wanted() const;
    void update();
    void next();

    const mcpcore::Clock &m_clock;
    QList<QWidget *> m_followers;
    bool m_running = false;
};

// "4:12", tabular; "1 h 05 min" above an hour; never below 0:00.
QString countdownText(mcpcore::Milliseconds left);

// The time left until a wall time. For readers the accessible text changes at minutes and at 30 s, not each second.
class Countdown : public PlainLabel
{
    Q_OBJECT
public:
    Countdown(const Theme &theme, SecondTicker &ticker, QWidget *parent = nullptr);
    void setDeadline(mcpcore::Milliseconds wall);
    // Stands still at what is left; empty text is given back by setDeadline.
    void stopAt(mcpcore::Milliseconds left);
    // Words around the time; the default is the time alone.
    void setWording(std::function<QString(const QString &time)> wording);

private:
    void refresh();

    SecondTicker &m_ticker;
    mcpcore::Milliseconds m_deadline{0}, m_stopped{-1};
    std::function<QString(const QString &)> m_wording;
};

} // namespace ui
