// SPDX-FileCopyrightText: 2026 The Countersign authors
// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once
#include "base/Clock.h"
#include "ui/shell/Desk.h"
#include "ui/theme/Theme.h"
#include <QWidget>

class QCheckBox;
class QLineEdit;
class QPlainTextEdit;
class QVBoxLayout;

namespace ui {

class ArmedButton;
class ChoiceBox;
class Note;
class PlainLabel;

// The form that adds a connection: of a vendor, Practice, any server by its address or by a command. Says whole what will be
// contacted or run, and to whom else data goes. Adding it is the consent to that.
class AddPanel final : public QWidget
{
    Q_OBJECT
public:
    AddPanel(Desk &desk, const Theme &theme, const mcpcore::Clock &clock, QWidget *parent);
    void open();

Q_SIGNALS:
    void closed();
    void added(const mcpcore::ConnectionId &connection);

private:
    enum class Source { Vendor, VendorProgram, Practice, Address, Command };
    void build(const Theme &theme, const mcpcore::Clock &clock);
    void fillSources();
    void fillWays();
    void fillEnvironments();
    void chooseSource();
    Source source() const;
    const Vendor *vendor() const;
    QString impossible(const mcpcore::Environment &environment) const;
    ConnectionWish wish() const;
    QString missing() const;
    void refresh();
    void add();

    Desk &m_desk;
    const Theme &m_theme;
    const QList<Vendor> m_vendors;
    QList<QCheckBox *> m_environments; // in the order of the workspace
    bool m_adding = false;

    ChoiceBox *m_source;
    QLineEdit *m_id;
    QWidget *m_places;
    QVBoxLayout *m_placeColumn;
    QWidget *m_addressRow;
    QLineEdit *m_address;
    QWidget *m_commandRow;
    QPlainTextEdit *m_command;
    QWidget *m_variableRow;
    QLineEdit *m_variable;
    QWidget *m_wayRow;
    ChoiceBox *m_way;
    PlainLabel *m_whatHead;
    PlainLabel *m_what;
    Note *m_discloses;
    Note *m_trouble;
    PlainLabel *m_missing;
    ArmedButton *m_add;
};

} // namespace ui
