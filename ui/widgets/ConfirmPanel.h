// SPDX-FileCopyrightText: 2026 The Countersign authors
// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once
#include "base/Clock.h"
#include "ui/theme/Theme.h"
#include <QWidget>

namespace ui {

class ArmedButton;
class Button;
class Note;

// Asks in its place whether something that cannot be taken back shall be done. Hidden until it asks; one question at a time.
class ConfirmPanel final : public QWidget
{
    Q_OBJECT
public:
    // The parts are named `objectName`.confirm and .keep.
    ConfirmPanel(const Theme &theme, const mcpcore::Clock &clock, const QString &objectName, QWidget *parent);

    // `text` says what stops working, `act` is what the button does.
    void ask(const QString &text, const QString &act, const QString &keep);
    void drop();

Q_SIGNALS:
    void confirmed();

private:
    Note *m_note;
    ArmedButton *m_confirm;
    Button *m_keep;
};

} // namespace ui
