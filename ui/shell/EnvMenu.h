// SPDX-FileCopyrightText: 2026 The Countersign authors
// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once
#include "base/Clock.h"
#include "model/Names.h"
#include "ui/theme/Theme.h"
#include <QFrame>

class QVBoxLayout;

namespace ui {

class Button;
class Desk;
class EnvForm;
class EnvRow;
class Note;
class SecondTicker;
class UnlockPanel;

// The environments to choose from, under the switch. Down and sideways takes one click; production opens the panel in place, and so
// does a new environment its form. A frame and not a QMenu, because a menu cannot hold a form. Lives as long as the switch, hidden
// when not in use.
class EnvMenu : public QFrame
{
    Q_OBJECT
public:
    EnvMenu(Desk &desk, const Theme &theme, const mcpcore::Clock &clock, SecondTicker &ticker, QWidget *parent);
    void openAt(const QPoint &corner);
    void openPanelAt(const QPoint &corner, const mcpcore::EnvironmentId &environment);

protected:
    void paintEvent(QPaintEvent *event) override;
    void keyPressEvent(QKeyEvent *event) override;

private:
    void fill();
    void refresh();
    void remove(const mcpcore::EnvironmentId &environment);
    void closeForm();
    void fail(const QString &message);
    void choose(const mcpcore::EnvironmentId &environment);
    void openPanel(const mcpcore::EnvironmentId &environment);
    void fit();

    Desk &m_desk;
    const Theme &m_theme;
    QVBoxLayout *m_rows;
    QList<EnvRow *> m_buttons;
    Button *m_add;
    EnvForm *m_form;
    Note *m_error;
    UnlockPanel *m_panel;
};

} // namespace ui
