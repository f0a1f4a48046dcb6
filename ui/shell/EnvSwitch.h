// SPDX-FileCopyrightText: 2026 The Countersign authors
// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once
#include "base/Clock.h"
#include "model/Names.h"
#include "ui/theme/Theme.h"
#include <QAbstractButton>

namespace ui {

class Desk;
class EnvMenu;
class SecondTicker;

// The active environment, always visible: colour, word, shape, and for production how long it stays unlocked. Opens EnvMenu.
class EnvSwitch : public QAbstractButton
{
    Q_OBJECT
public:
    EnvSwitch(Desk &desk, const Theme &theme, const mcpcore::Clock &clock, SecondTicker &ticker, QWidget *parent = nullptr);
    // Alt+1 … 3 and the tray: down and sideways at once, production opens the panel.
    void choose(const mcpcore::EnvironmentId &environment);
    EnvMenu *menu() const { return m_menu; }
    QSize sizeHint() const override;
    QSize minimumSizeHint() const override { return sizeHint(); }

Q_SIGNALS:
    void said(const QString &sentence); // why it was not switched

protected:
    void paintEvent(QPaintEvent *event) override;
    void keyPressEvent(QKeyEvent *event) override;

private:
    void refresh();
    QPoint corner() const;

    Desk &m_desk;
    const Theme &m_theme;
    EnvMenu *m_menu;
    EnvLook m_look = EnvLook::Sandbox;
    QString m_word, m_below;
    bool m_urgent = false; // less than a minute unlocked
};

} // namespace ui
