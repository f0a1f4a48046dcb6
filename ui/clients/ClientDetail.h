// SPDX-FileCopyrightText: 2026 The Countersign authors
// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once
#include "base/Clock.h"
#include "ui/clients/ClientFacts.h"
#include "ui/shell/Desk.h"
#include "ui/theme/Theme.h"
#include "ui/widgets/KeyClipboard.h"
#include <QWidget>

class QGridLayout;
class QScrollArea;
class QVBoxLayout;

namespace ui {

class Button;
class ConfirmPanel;
class EditView;
class EnvironmentChoice;
class IconView;
class PlainLabel;

// A client that may connect: what was seen of it, what is wrong and how it is put right, where it acts, and how it is taken away
// again. Owned by the page.
class ClientDetail final : public QWidget
{
    Q_OBJECT
public:
    ClientDetail(Desk &desk, const Theme &theme, const mcpcore::Clock &clock, QWidget *parent);
    void open(const ClientText::Known &known);
    QScrollArea *scroll() const { return m_scroll; }
    // A question that waits for an answer goes first. False when there is none.
    bool leave();

Q_SIGNALS:
    void said(const QString &sentence);
    void changed(); // the core may tell something else now
    void importWanted(const QString &file);

protected:
    void paintEvent(QPaintEvent *event) override;

private:
    void build(const mcpcore::Clock &clock);
    void connectParts();
    void showNotes(const ClientText::Known &known);
    void addNote(const QString &strong, const QString &rest, const char *id = nullptr, const QString &act = {},
                 const std::function<void()> &acted = {});
    void showFacts(const QList<ClientFact> &facts);
    void askRepair(const ClientText::Known &known);
    void act(Desk::ClientAct act, const QString &file, const QString &done);
    void rotate();
    void askAccept(const QString &stranger);
    void accept();
    void move();
    void moveTo(const std::optional<mcpcore::EnvironmentId> &environment);

    Desk &m_desk;
    const Theme &m_theme;
    KeyClipboard m_clipboard;
    mcpcore::ClientId m_id;
    QString m_name;
    QList<ClientFact> m_facts;
    QString m_broken; // the file whose repair is shown
    int m_round = 0;

    IconView *m_icon;
    PlainLabel *m_title, *m_caption, *m_hint;
    EnvironmentChoice *m_environment;
    QVBoxLayout *m_notes;
    EditView *m_repair;
    QWidget *m_factsPlace;
    ConfirmPanel *m_confirm;
    ConfirmPanel *m_confirmMove;
    ConfirmPanel *m_confirmAccept;
    QString m_stranger;                                               // that it is asked about
    std::optional<mcpcore::EnvironmentId> m_environmentNow, m_wanted; // none: follows the switch
    Button *m_undo, *m_rotate, *m_disconnect;
    QScrollArea *m_scroll;
    QWidget *m_foot;
};

} // namespace ui
