// SPDX-FileCopyrightText: 2026 The Countersign authors
// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once
#include "base/Clock.h"
#include "ui/widgets/PlainLabel.h"
#include <QWidget>

namespace ui {

// One line of what has just happened, at the foot of the window. Goes after 8 s, stays while it has focus or the pointer.
class Toast : public QWidget
{
    Q_OBJECT
public:
    Toast(const Theme &theme, const mcpcore::Clock &clock, QWidget *parent);
    void say(const QString &text);
    QString text() const { return m_label->text(); }

protected:
    void paintEvent(QPaintEvent *event) override;
    bool eventFilter(QObject *watched, QEvent *event) override;

private:
    void expire(int round);
    void place();

    const Theme &m_theme;
    const mcpcore::Clock &m_clock;
    PlainLabel *m_label;
    int m_round = 0;
};

} // namespace ui
