// SPDX-FileCopyrightText: 2026 The Countersign authors
// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once
#include "ui/shell/Desk.h"
#include "ui/theme/Theme.h"
#include "ui/widgets/KeyClipboard.h"
#include <QWidget>

namespace ui {

class ArmedButton;
class Button;
class Note;
class PlainLabel;
class RevealedKey;
class SecretField;

// Where a key is shown or copied, once: asks through the desk, and the person here where the OS cannot ask, for the passphrase
// where keys are in the key file. Shows the key for half a minute and hides it when the window loses focus, something is locked
// or this is hidden. Hidden while nothing goes on.
class KeySight final : public QWidget
{
    Q_OBJECT
public:
    KeySight(Desk &desk, const Theme &theme, const mcpcore::Clock &clock, QWidget *parent);

    void begin(const mcpcore::KeyId &key, Desk::Sight sight);
    // What is shown goes, what is asked is not waited for; the clipboard keeps its half minute.
    void end();

protected:
    void hideEvent(QHideEvent *event) override;
    bool eventFilter(QObject *watched, QEvent *event) override;

private:
    enum class Stage { Idle, Asking, Confirming, Shown, Failed };
    void ask(Desk::Confirmed confirmed, mcpcore::Secret passphrase = {});
    void confirm();
    void refreshConfirm();
    void take(mcpcore::Result<mcpcore::Secret> secret);
    void go(Stage stage, const QString &text = {});
    void tick(int round);
    void showClipboard();

    Desk &m_desk;
    const mcpcore::Clock &m_clock;
    KeyClipboard m_clipboard;
    mcpcore::KeyId m_key;
    Desk::Sight m_sight = Desk::Sight::Shown;
    Stage m_stage = Stage::Idle;
    int m_round = 0; // what an earlier one still has to say is not listened to
    mcpcore::Milliseconds m_until{0};

    PlainLabel *m_words;
    Note *m_note;
    RevealedKey *m_shown;
    QWidget *m_passphraseRow;
    SecretField *m_passphrase; // of the key file, where the person confirms here
    ArmedButton *m_confirm;
    Button *m_close;
    PlainLabel *m_copied;
};

} // namespace ui
