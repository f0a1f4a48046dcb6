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

// Asks the person for the passphrase of the key file, until it is taken or they leave it: of the file that is there, to open it, or
// twice for a new one. What was typed is bytes in guarded memory and goes with the dialog. Deletes itself.
class PassphraseDialog final : public QDialog
{
    Q_OBJECT
public:
    enum class For { OpenFile, NewFile };
    // What is done with it: called in the main thread, and answers there. What is refused is asked for again.
    using Use = std::function<void(mcpcore::Secret passphrase, std::function<void(mcpcore::Result<>)> done)>;
    PassphraseDialog(const Theme &theme, For what, Use use, QWidget *parent);

private:
    void build(const Theme &theme);
    void submit();
    void take(const mcpcore::Result<> &used);
    void setBusy(bool busy);
    bool isFilled() const;

    const For m_for;
    Use m_use;
    SecretField *m_field;
    SecretField *m_again; // null: it is asked for once
    PlainLabel *m_message;
    Button *m_leave;
    Button *m_do;
};

} // namespace ui
