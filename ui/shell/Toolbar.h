// SPDX-FileCopyrightText: 2026 The Countersign authors
// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once
#include "base/Clock.h"
#include "ui/theme/Theme.h"
#include <QWidget>

namespace ui {

class Button;
class Desk;
class EnvSwitch;
class SecondTicker;

// The top of the window: the environment on the left, Lock now (only while something is unlocked) and Pause on the right.
class Toolbar : public QWidget
{
    Q_OBJECT
public:
    Toolbar(Desk &desk, const Theme &theme, const mcpcore::Clock &clock, SecondTicker &ticker, QWidget *parent = nullptr);
    EnvSwitch *environment() const { return m_switch; }
    void lockNow();

Q_SIGNALS:
    void pausePressed();

protected:
    void paintEvent(QPaintEvent *event) override;

private:
    void refresh();

    Desk &m_desk;
    const Theme &m_theme;
    EnvSwitch *m_switch;
    Button *m_lock;
    Button *m_pause;
};

} // namespace ui
