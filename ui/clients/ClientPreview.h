// SPDX-FileCopyrightText: 2026 The Countersign authors
// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once
#include "base/Clock.h"
#include "ui/clients/ClientText.h"
#include "ui/shell/Desk.h"
#include "ui/theme/Theme.h"
#include <QWidget>

class QBoxLayout;
class QLineEdit;
class QScrollArea;
class QVBoxLayout;

namespace ui {

class Button;
class ChoiceBox;
class EditView;
class EnvironmentChoice;
class HintsView;
class IconView;
class PlainLabel;
class Segmented;

// What connecting a client would write, before it does: the choices, the lines of its file, what was checked, what else to know.
// Shows one kind at a time; a choice asks the core anew, and only the newest answer counts. Owned by the page.
class ClientPreview final : public QWidget
{
    Q_OBJECT
public:
    ClientPreview(Desk &desk, const Theme &theme, const mcpcore::Clock &clock, QWidget *parent);

    // Another kind starts with the usual choices, the same one keeps what was chosen. Asks for the preview either way.
    void open(const ClientText::Known &known);
    QScrollArea *scroll() const { return m_scroll; }

Q_SIGNALS:
    void said(const QString &sentence);
    void connected(const mcpcore::ClientId &client);
    void snippetWanted();
    void importWanted(const QString &file);

protected:
    void paintEvent(QPaintEvent *event) override;
    void resizeEvent(QResizeEvent *event) override;

private:
    void buildHead(QVBoxLayout *column);
    void buildBody(QVBoxLayout *column);
    void buildFoot(QVBoxLayout *column);
    void connectParts();
    void startAnew();
    void fillFiles();
    void fillConnections(const mcpcore::Workspace &workspace);
    ClientWish wish() const;
    void ask();
    void askSoon();
    void take(const mcpcore::Result<ClientEdit> &edit);
    void connectNow();
    // Lets the client in without writing a file, then does this.
    void letIn(std::function<void(const ClientHints &)> then);
    void finish(const mcpcore::Result<ClientEdit> &edit);
    void showEdit();
    void showNotes();
    void addConflict(const ClientEdit &edit);
    void setNameOpen(bool open);
    QString shownFile() const;

    Desk &m_desk;
    const Theme &m_theme;
    const mcpcore::Clock &m_clock;
    ClientKindSight m_kind;
    ClientEdit m_edit;
    ClientWish m_asked;
    bool m_known = false; // m_edit is the answer to what is chosen
    ClientWish::SameName m_sameName = ClientWish::SameName::Keep;
    bool m_filling = false;
    int m_round = 0;

    QBoxLayout *m_choices;
    QVBoxLayout *m_notes;
    IconView *m_icon;
    PlainLabel *m_title, *m_caption, *m_hint, *m_wayLabel, *m_nameLabel, *m_footText;
    EnvironmentChoice *m_environment;
    Segmented *m_way;
    ChoiceBox *m_files, *m_entry;
    HintsView *m_hints;
    EditView *m_view;
    Button *m_more, *m_snippet, *m_connect;
    QLineEdit *m_name;
    QScrollArea *m_scroll;
};

} // namespace ui
