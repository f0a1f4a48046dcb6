// SPDX-FileCopyrightText: 2026 The Countersign authors
// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once
#include "model/Workspace.h"
#include "ui/shell/ImportWishes.h"
#include "ui/theme/Theme.h"
#include <QWidget>

class QVBoxLayout;

namespace ui {

// What came of an import: the connections and the keys they have now. A key that stood in plain text may have been read by anybody,
// so that each one comes with the offer to make another. Owned by the panel.
class ImportDoneView final : public QWidget
{
    Q_OBJECT
public:
    ImportDoneView(const Theme &theme, QWidget *parent);
    void setOutcome(const ImportOutcome &outcome, const mcpcore::Workspace &workspace);

Q_SIGNALS:
    void pageWanted(const QString &address);

private:
    void add(const ImportOutcome::Connection &connection, const mcpcore::Workspace &workspace, const QString &file, int at);

    const Theme &m_theme;
    QVBoxLayout *m_column;
};

} // namespace ui
