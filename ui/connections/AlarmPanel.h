// SPDX-FileCopyrightText: 2026 The Countersign authors
// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once
#include "base/Clock.h"
#include "ui/connections/ConnectionText.h"
#include "ui/shell/Desk.h"
#include "ui/theme/Theme.h"
#include <QWidget>

namespace ui {

class ArmedButton;
class Note;
class PlainLabel;

// Why nothing is sent to a place, and the button that ends that. Hidden while there is no alarm.
class AlarmPanel final : public QWidget
{
    Q_OBJECT
public:
    AlarmPanel(Desk &desk, const Theme &theme, const mcpcore::Clock &clock, QWidget *parent);
    void setKnown(const ConnectionText::Known &known, EnvLook look);
    // It stands elsewhere on the screen now.
    void rearm();

Q_SIGNALS:
    void logWanted();
    void said(const QString &sentence);

private:
    void resume();

    Desk &m_desk;
    Place m_place;
    Note *m_note;
    PlainLabel *m_advice;
    ArmedButton *m_resume;
};

} // namespace ui
