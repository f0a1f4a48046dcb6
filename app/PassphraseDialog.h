// SPDX-FileCopyrightText: 2026 The Countersign authors
// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once
#include "base/Result.h"
#include "base/Secret.h"
#include "ui/theme/Theme.h"
#include <QDialog>
#include <functional>

namespace ui {
class Button;
class PlainLabel;
class SecretField;
} // namespace ui

namespace app {

// Asks the person at the window for the passphrase of the key file, until it is right or they leave it for later: then nothing that
// needs a key is sent. Deletes itself.
class PassphraseDialog final : public QDialog
{
    Q_OBJECT
public:
    // `unlock` is called in the main thread, and answers there.
    using Unlock = std::function<void(mcpcore::Secret passphrase, std::function<void(mcpcore::Result<>)> done)>;
    PassphraseDialog(const ui::Theme &theme, Unlock unlock, QWidget *parent);

private:
    void submit();
    void take(const mcpcore::Result<> &unlocked);

    Unlock m_unlock;
    ui::SecretField *m_field;
    ui::PlainLabel *m_message;
    ui::Button *m_open;
};

} // namespace app
