// SPDX-FileCopyrightText: 2026 The Countersign authors
// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once
#include "ui/connections/ConnectionText.h"
#include "ui/theme/Theme.h"
#include <QTableView>

namespace ui {

class ConnectionModel;

// The view of ConnectionModel: heads, cells, and a real button in each cell that has something to do.
class ConnectionGrid final : public QTableView
{
    Q_OBJECT
public:
    ConnectionGrid(const Theme &theme, ConnectionModel &model, QWidget *parent);

    Place selected() const; // empty when none is
    void select(const Place &place);
    // As high as its rows.
    int wholeHeight() const;

Q_SIGNALS:
    void selectionMoved();
    // Clicked, or Enter.
    void placeOpened(const ui::Place &place);
    // V, T or Del on a cell.
    void keyPressed(int key);
    void actWanted(const ui::Place &place, ui::ConnectionText::Act act);

protected:
    void keyPressEvent(QKeyEvent *event) override;
    bool eventFilter(QObject *watched, QEvent *event) override;

private:
    void placeButtons();
    void keepFocus();

    const Theme &m_theme;
    ConnectionModel &m_model;
    QWidget *m_corner = nullptr;
};

} // namespace ui
