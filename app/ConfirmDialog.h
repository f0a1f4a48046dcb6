// SPDX-FileCopyrightText: 2026 The Countersign authors
// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once
#include "base/Clock.h"
#include "base/Completion.h"
#include "ui/theme/Theme.h"
#include <QDialog>

namespace app {

// Asks the person at the window whether a command that came from the command line may be done: it would widen what can
// happen without a person. Nothing has focus that could be pressed by accident; closing it is a no. Deletes itself.
class ConfirmDialog final : public QDialog
{
    Q_OBJECT
public:
    ConfirmDialog(const ui::Theme &theme, const mcpcore::Clock &clock, const QString &sentence, const QString &detail,
                  mcpcore::Completion<> done, QWidget *parent);

private:
    void decide(bool allowed);
    mcpcore::Completion<> m_done;
};

} // namespace app
