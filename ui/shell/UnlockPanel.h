// SPDX-FileCopyrightText: 2026 The Countersign authors
// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once
#include "base/Clock.h"
#include "model/Names.h"
#include "ui/theme/Theme.h"
#include <QWidget>

class QLineEdit;

namespace ui {

class ArmedButton;
class Button;
class Desk;
class Note;
class PlainLabel;
class Segmented;

// Asks for how long and why before a production environment opens. Enter does nothing: Unlock is an ArmedButton.
class UnlockPanel : public QWidget
{
    Q_OBJECT
public:
    UnlockPanel(Desk &desk, const Theme &theme, const mcpcore::Clock &clock, QWidget *parent = nullptr);
    // Asks anew for this environment: 15 minutes, no reason.
    void ask(const mcpcore::EnvironmentId &environment);

Q_SIGNALS:
    void kept();     // the person stays where they are
    void unlocked(); // unlocked, and active

protected:
    void paintEvent(QPaintEvent *event) override;
    void keyPressEvent(QKeyEvent *event) override;

private:
    std::chrono::minutes span() const;
    void refresh();
    void confirm();
    void failed(const QString &message);

    Desk &m_desk;
    const Theme &m_theme;
    mcpcore::EnvironmentId m_environment;
    PlainLabel *m_title;
    Segmented *m_minutes;
    QLineEdit *m_reason;
    PlainLabel *m_words;
    Note *m_error;
    Button *m_keep;
    ArmedButton *m_confirm;
};

} // namespace ui
