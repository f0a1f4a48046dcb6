// SPDX-FileCopyrightText: 2026 The Countersign authors
// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once
#include "base/Clock.h"
#include "ui/connections/ConnectionText.h"
#include "ui/shell/Desk.h"
#include "ui/theme/Theme.h"
#include <QWidget>

class QLineEdit;

namespace ui {

class ArmedButton;
class Note;
class PlainLabel;

// Brings a connection to another environment: says whole what will be contacted or run there; the button that does it is armed and
// in the colours of that environment. Hidden where the connection is already, or cannot be.
class PlacePanel final : public QWidget
{
    Q_OBJECT
public:
    PlacePanel(Desk &desk, const Theme &theme, const mcpcore::Clock &clock, QWidget *parent);
    void setKnown(const ConnectionText::Known &known, EnvLook look);
    // What is missing gets the focus.
    void begin();
    // It stands elsewhere on the screen now.
    void rearm();

Q_SIGNALS:
    void said(const QString &sentence);

private:
    void build(const Theme &theme, const mcpcore::Clock &clock);
    void refresh();
    void add();

    Desk &m_desk;
    Place m_place;
    bool m_adding = false;
    QString m_command; // empty: it has an address
    QWidget *m_addressRow;
    QLineEdit *m_address;
    PlainLabel *m_whatHead;
    PlainLabel *m_what;
    Note *m_trouble;
    ArmedButton *m_add;
};

} // namespace ui
