// SPDX-FileCopyrightText: 2026 The Countersign authors
// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once
#include "base/Clock.h"
#include "model/Names.h"
#include "ui/theme/Theme.h"
#include <QFrame>

class QAbstractButton;
class QVBoxLayout;

namespace ui {

class Desk;
class Note;
class SecondTicker;
class UnlockPanel;

// The environments to choose from, under the switch. Down and sideways takes one click; production opens the panel in place. A frame
// and not a QMenu, because a menu cannot hold the form. Lives as long as the switch, hidden when not in use.
class EnvMenu : public QFrame
{
    Q_OBJECT
public:
    EnvMenu(Desk &desk, const Theme &theme, const mcpcore::Clock &clock, QWidget *parent);
    void openAt(const QPoint &corner);
    void openPanelAt(const QPoint &corner, const mcpcore::EnvironmentId &environment);

protected:
    void paintEvent(QPaintEvent *event) override;
    void keyPressEvent(QKeyEvent *event) override;

private:
    void fill();
    void choose(const mcpcore::EnvironmentId &environment);
    void openPanel(const mcpcore::EnvironmentId &environment);
    void fit();

    Desk &m_desk;
    const Theme &m_theme;
    QVBoxLayout *m_rows;
    QList<QAbstractButton *> m_buttons;
    Note *m_error;
    UnlockPanel *m_panel;
};

} // namespace ui
