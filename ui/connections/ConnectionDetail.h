// SPDX-FileCopyrightText: 2026 The Countersign authors
// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once
#include "base/Clock.h"
#include "ui/connections/ConnectionFacts.h"
#include "ui/shell/Desk.h"
#include "ui/theme/Theme.h"
#include <QWidget>

class QScrollArea;
class QVBoxLayout;

namespace ui {

class AddPanel;
class AlarmPanel;
class Button;
class ConfirmPanel;
class EnvBanner;
class KeyCard;
class KeyForm;
class PlacePanel;
class PlainLabel;
class SignInPanel;
class ToolsPanel;

// One connection in one environment: its account or key, and all that is known of the link. Its form for a key and its list of
// tools open in the same place; the form for another connection, too.
class ConnectionDetail final : public QWidget
{
    Q_OBJECT
public:
    ConnectionDetail(Desk &desk, const Theme &theme, const mcpcore::Clock &clock, QWidget *parent = nullptr);

    // The same place again leaves open what is open in it.
    void setKnown(const ConnectionText::Known &known, EnvLook look);
    void clear();
    Place place() const { return m_place; }

    void openForm(const ConnectionText::Known &known);
    void openTools();
    void openAdd();
    bool isAdding() const { return m_view == View::Add; }
    void askDelete();
    // The act of a place where the connection is not.
    void beginPlace();
    // Esc: from a form or a list back to the place. False when there was nothing to leave.
    bool leave();

Q_SIGNALS:
    void closed();
    void signInWanted(const ui::Place &place);
    void cancelWanted(const ui::Place &place);
    void signOutWanted(const ui::Place &place);
    void verifyWanted(const ui::Place &place, const mcpcore::ClientId &client);
    void formWanted(const ui::Place &place, const mcpcore::ClientId &client);
    void picked(const mcpcore::ClientId &client);
    void added(const mcpcore::ConnectionId &connection);
    void pageWanted(const QString &address);
    void logWanted();
    void said(const QString &sentence);

protected:
    void paintEvent(QPaintEvent *event) override;
    void resizeEvent(QResizeEvent *event) override;

private:
    enum class View { Card, Form, Tools, Add };
    void build(const mcpcore::Clock &clock);
    void connectParts();
    void setView(View view);
    void setFacts(const QList<ConnectionFacts> &facts);
    void setFoot(const ConnectionText::Known &known);
    void removeConnection();

    Desk &m_desk;
    const Theme &m_theme;
    Place m_place;
    View m_view = View::Card;
    mcpcore::ClientId m_client; // whose key is shown
    bool m_keyed = false;       // a key is used here
    bool m_absent = false;      // it could come here
    bool m_alarmed = false;
    QList<ConnectionFacts> m_facts;
    QString m_footPage;
    EnvBanner *m_banner;
    PlainLabel *m_name;
    QScrollArea *m_scroll;
    QWidget *m_body;
    AlarmPanel *m_alarm;
    SignInPanel *m_panel;
    PlacePanel *m_put;
    KeyCard *m_card;
    KeyForm *m_form;
    ToolsPanel *m_tools;
    AddPanel *m_add;
    QVBoxLayout *m_sections;
    QWidget *m_acts;
    Button *m_showTools;
    Button *m_remove;
    ConfirmPanel *m_confirm;
    QWidget *m_foot;
    Button *m_footLink;
    PlainLabel *m_footAddress;
};

} // namespace ui
