// SPDX-FileCopyrightText: 2026 The Countersign authors
// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once
#include "base/Clock.h"
#include "ui/shell/Desk.h"
#include "ui/theme/Theme.h"
#include <QWidget>

namespace ui {

class Button;
class ConfirmPanel;
class PlainLabel;

// Says where keys and sign-ins are kept, and moves them to the other store: to a file after its passphrase was given twice, to
// the keychain after a confirmation in panel(), which the page puts below it.
class KeyStoreLine final : public QWidget
{
    Q_OBJECT
public:
    KeyStoreLine(Desk &desk, const Theme &theme, const mcpcore::Clock &clock, QWidget *parent);
    QWidget *panel() const;
    void refresh();

Q_SIGNALS:
    void said(const QString &sentence);

private:
    void begin();
    void moveToFile(mcpcore::Secret passphrase, const std::function<void(mcpcore::Result<>)> &tell);
    void moveToKeychain();
    void setMoving(bool moving);

    Desk &m_desk;
    const Theme &m_theme;
    bool m_moving = false;
    PlainLabel *m_where;
    Button *m_move;
    ConfirmPanel *m_confirm;
};

} // namespace ui
