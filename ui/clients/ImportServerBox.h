// SPDX-FileCopyrightText: 2026 The Countersign authors
// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once
#include "model/Workspace.h"
#include "ui/shell/ImportWishes.h"
#include "ui/theme/Theme.h"
#include <QWidget>

class QBoxLayout;
class QCheckBox;
class QLineEdit;
class QVBoxLayout;

namespace ui {

class ChoiceBox;

// One server of a client's file: what it is, where its calls would go, its keys by their public part, and what a person chooses for
// it. Made anew for each look at the file; owned by the panel.
class ImportServerBox final : public QWidget
{
    Q_OBJECT
public:
    // The parts are named `objectName`.take, .name and .environment.
    ImportServerBox(const Theme &theme, const mcpcore::Workspace &workspace, const ImportServer &server, const QString &objectName,
                    QWidget *parent);

    const ImportServer &server() const { return m_server; }
    bool isTaken() const;
    // What the person still has to give for one that is taken; empty: nothing.
    QString missing() const;
    ImportWish::Entry entry() const;
    void setFrozen(bool frozen);

Q_SIGNALS:
    void changed();
    void typed();

protected:
    void paintEvent(QPaintEvent *event) override;
    void resizeEvent(QResizeEvent *event) override;

private:
    void buildHead(QVBoxLayout *column);
    void buildFacts(QVBoxLayout *column);
    void buildChoices(QVBoxLayout *column, const mcpcore::Workspace &workspace);
    void buildNotes(QVBoxLayout *column);
    void refresh();

    const Theme &m_theme;
    const ImportServer m_server;
    bool m_frozen = false;
    QCheckBox *m_take;
    QWidget *m_choices = nullptr; // these three only where it can come
    QLineEdit *m_name = nullptr;
    ChoiceBox *m_environment = nullptr;
    QBoxLayout *m_fields = nullptr;
};

} // namespace ui
