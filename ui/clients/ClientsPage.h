// SPDX-FileCopyrightText: 2026 The Countersign authors
// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once
#include "base/Clock.h"
#include "ui/clients/ClientModel.h"
#include "ui/shell/Desk.h"
#include "ui/shell/Page.h"
#include "ui/theme/Theme.h"

class QListView;
class QStackedWidget;

namespace ui {

class Button;
class ClientDetail;
class ClientPreview;
class EmptyState;
class ImportPanel;
class Note;
class SnippetPanel;

// The AI clients on this computer: who may connect, who is installed, who cannot come. Beside the list what the selected one is,
// or what connecting it would write. Owned by the window; asks the core while it is seen.
class ClientsPage final : public Page
{
    Q_OBJECT
public:
    ClientsPage(Desk &desk, const Theme &theme, const mcpcore::Clock &clock, QWidget *parent = nullptr);
    ~ClientsPage() override;
    int count() const override;
    bool leave() override;
    QList<QWidget *> parts() override;

protected:
    void showEvent(QShowEvent *event) override;
    void paintEvent(QPaintEvent *event) override;

private:
    void buildList();
    void buildSides(const mcpcore::Clock &clock);
    void connectSides();
    void ask();
    void takeSight(const mcpcore::Result<ClientsSight> &sight);
    void refresh();
    void onCurrent();
    void showSide();
    void setUnfolded(bool unfolded);
    // What is at the right: what the row stands for, or what was asked for there.
    enum class Side { Usual, ByHand, Import };
    void setSide(Side side);
    void openImport(const QString &file);

    Desk &m_desk;
    const Theme &m_theme;
    ClientModel m_model;
    ClientKey m_key;             // shown at the right
    mcpcore::ClientId m_awaited; // selected as soon as the core tells of it
    bool m_asking = false, m_askAgain = false, m_known = false, m_arranging = false;
    QString m_trouble; // why the core did not tell
    Side m_side = Side::Usual;

    QWidget *m_left;
    Button *m_other;
    QListView *m_list;
    Note *m_problem;
    QStackedWidget *m_sides;
    ClientPreview *m_preview;
    ClientDetail *m_detail;
    SnippetPanel *m_snippet;
    ImportPanel *m_import;
    EmptyState *m_empty;
};

} // namespace ui
