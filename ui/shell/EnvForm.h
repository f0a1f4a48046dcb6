// SPDX-FileCopyrightText: 2026 The Countersign authors
// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once
#include "model/Environment.h"
#include "ui/theme/Theme.h"
#include <QWidget>

class QLineEdit;

namespace ui {

class Button;
class Desk;
class EnvWord;
class Note;
class PlainLabel;
class Segmented;

// Asks for the name and the kind of a new environment, and shows what it will look like. Enter does nothing, as in UnlockPanel.
class EnvForm : public QWidget
{
    Q_OBJECT
public:
    EnvForm(Desk &desk, const Theme &theme, QWidget *parent = nullptr);
    // Asks anew.
    void ask();

Q_SIGNALS:
    void closed(); // nothing was added, or it was

protected:
    void paintEvent(QPaintEvent *event) override;
    void keyPressEvent(QKeyEvent *event) override;

private:
    mcpcore::EnvironmentKind kind() const;
    void refresh();
    void add();

    Desk &m_desk;
    const Theme &m_theme;
    QLineEdit *m_name;
    Segmented *m_kind;
    EnvWord *m_look;
    PlainLabel *m_words;
    Note *m_error;
    Button *m_cancel;
    Button *m_add;
};

} // namespace ui
