// SPDX-FileCopyrightText: 2026 The Countersign authors
// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once
#include "base/Clock.h"
#include "ui/connections/ConnectionModel.h"
#include "ui/connections/KeyActs.h"
#include "ui/connections/KeyUses.h"
#include "ui/connections/SignIns.h"
#include "ui/shell/Page.h"

namespace ui {

class Button;
class ConnectionDetail;
class ConnectionGrid;
class EmptyState;
class KeyStoreLine;
class Note;

// Connections x environments as a grid, and on the right what is known of one cell: signs in and out, sets keys, trusts tools.
// Asks how things stand when it is shown and when the desk tells that something changed, never by itself.
class ConnectionsPage final : public Page
{
    Q_OBJECT
public:
    ConnectionsPage(Desk &desk, const Theme &theme, const mcpcore::Clock &clock, QWidget *parent = nullptr);
    ~ConnectionsPage() override;

    bool leave() override; // Esc: closes the detail
    void openPlace(const mcpcore::ConnectionId &connection, const mcpcore::EnvironmentId &environment) override;
    QList<QWidget *> parts() override;

protected:
    void showEvent(QShowEvent *event) override;
    void resizeEvent(QResizeEvent *event) override;
    void paintEvent(QPaintEvent *event) override;

private:
    void build();
    void buildMain();
    void ask();
    void takeStates(const mcpcore::Result<QList<mcpcore::ConnectionState>> &states);
    void watchNextEnd(const QList<mcpcore::ConnectionState> &states);
    void refresh();
    void openDetail(const Place &place);
    void closeDetail();
    void refreshDetail();
    void refreshDetail(const Place &place);
    void openForm(const Place &place, const mcpcore::ClientId &client);
    void openAdd();
    void doByKey(int key);
    void verify(const Place &place, const mcpcore::ClientId &client);
    void lookAtUses();
    std::optional<ConnectionText::Known> known(const Place &place, const mcpcore::ClientId &client) const;
    void act(const Place &place, ConnectionText::Act act);
    void addPractice();
    void arrange();
    bool isNarrow() const;

    Desk &m_desk;
    const Theme &m_theme;
    const mcpcore::Clock &m_clock;
    SignIns m_signIns;
    KeyActs m_keyActs;
    KeyUses m_uses;
    ConnectionModel m_model;
    mcpcore::ClientId m_client; // whose key the detail shows; empty: the one for all
    bool m_usesAsked = false;
    bool m_asking = false;
    bool m_askAgain = false;
    quint64 m_watch = 0; // the end that is waited for; earlier ones are void

    QWidget *m_main;
    QWidget *m_bar;
    ConnectionGrid *m_grid;
    Note *m_problem;
    Note *m_hint;
    EmptyState *m_empty;
    Button *m_practice;
    Button *m_verifyAll;
    KeyStoreLine *m_store;
    ConnectionDetail *m_detail;
};

} // namespace ui
