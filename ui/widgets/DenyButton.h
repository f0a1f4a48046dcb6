// SPDX-FileCopyrightText: 2026 The Countersign authors
// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once
#include "ui/theme/Theme.h"
#include <QWidget>

class QAbstractButton;
class QAction;
class QMenu;

namespace ui {

// Deny and its menu, two targets in one frame. Works at once, also with Enter; no default look.
class DenyButton : public QWidget
{
    Q_OBJECT
public:
    // The parts are named `objectName` and `objectName`.menu.
    DenyButton(const Theme &theme, const QString &objectName, QWidget *parent = nullptr);
    QMenu *menu() const { return m_menu; }
    QAbstractButton *button() const { return m_main; }
    // Whether "Deny all of this client" is offered.
    void setDenyAllShown(bool shown);

Q_SIGNALS:
    void denied();
    void denyAndTellChosen();
    void denyAllChosen();

private:
    QAbstractButton *m_main;
    QAbstractButton *m_more;
    QMenu *m_menu;
    QAction *m_denyAll;
};

} // namespace ui
