// SPDX-FileCopyrightText: 2026 The Countersign authors
// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once
#include "base/Clock.h"
#include "ui/connections/ConnectionText.h"
#include "ui/shell/Desk.h"
#include "ui/theme/Theme.h"
#include <QWidget>

class QComboBox;
class QLineEdit;

namespace ui {

class ArmedButton;
class Button;
class Note;
class PlainLabel;
class SecretField;

// The form that sets or replaces the key of one place. The vendor is asked first; only when that failed can the key be saved
// without. The key is bytes in guarded memory from the field to the desk. Closing the form takes back what is on its way.
class KeyForm final : public QWidget
{
    Q_OBJECT
public:
    KeyForm(Desk &desk, const Theme &theme, const mcpcore::Clock &clock, QWidget *parent);
    ~KeyForm() override;

    void open(const ConnectionText::Known &known);
    // What was typed is wiped, and a question on its way taken back: nothing is saved.
    void close();
    bool isOpen() const { return m_open; }

Q_SIGNALS:
    void closed();
    void said(const QString &sentence);
    void pageWanted(const QString &address);

private:
    enum class Stage { Typing, Asking, Refused, NotAsked }; // not asked: the vendor could not be
    void build(const Theme &theme, const mcpcore::Clock &clock);
    void fillClients(const mcpcore::Workspace &workspace, const mcpcore::ClientId &chosen);
    void fillVendors(const ConnectionText::Known &known);
    void save(KeyWish::Check check);
    void take(KeyWish::Check check, const mcpcore::Result<QString> &done);
    void go(Stage stage, const QString &trouble = {});
    void refresh();

    Desk &m_desk;
    bool m_open = false;
    Stage m_stage = Stage::Typing;
    int m_round = 0; // what an earlier question still has to say is not listened to
    KeyWish m_wish;
    mcpcore::Secret m_given; // out of the field, until it is saved or given up
    QString m_vendor, m_page;

    PlainLabel *m_title;
    PlainLabel *m_how;
    Button *m_make;
    SecretField *m_field;
    PlainLabel *m_kept;
    QWidget *m_question;
    PlainLabel *m_asked;
    QComboBox *m_madeBy;
    QComboBox *m_client;
    QLineEdit *m_label;
    QLineEdit *m_rotation;
    Note *m_trouble;
    PlainLabel *m_state;
    Button *m_save;
    Button *m_cancel;
    ArmedButton *m_unverified;
};

} // namespace ui
