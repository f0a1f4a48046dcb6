// SPDX-FileCopyrightText: 2026 The Countersign authors
// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once
#include "base/Clock.h"
#include "ui/connections/ConnectionText.h"
#include "ui/shell/Desk.h"
#include "ui/theme/Theme.h"
#include <QWidget>

class QAction;
class QMenu;
class QVBoxLayout;

namespace ui {

class Button;
class ConfirmPanel;
class IconView;
class KeySight;
class Note;
class PlainLabel;

// The head of the detail where a key is used: which key it is, how it stands, and what can be done with it; where the place has
// several keys, all of them to choose from. Says what it is told, sends intents.
class KeyCard final : public QWidget
{
    Q_OBJECT
public:
    KeyCard(Desk &desk, const Theme &theme, const mcpcore::Clock &clock, QWidget *parent);
    void setKnown(const ConnectionText::Known &known);
    // As the menu does.
    void askDelete();

Q_SIGNALS:
    void verifyWanted();
    // A form for a key of this client; empty: of all.
    void setWanted(const mcpcore::ClientId &client);
    void picked(const mcpcore::ClientId &client);
    void said(const QString &sentence);

private:
    void build(const Theme &theme, const mcpcore::Clock &clock);
    void showKey(const mcpcore::KeyRecord &key, const ConnectionText::Known &known);
    void showMissing(const ConnectionText::Known &known);
    void setPicks(const ConnectionText::Known &known);
    void popUp();
    void deleteKey();

    Desk &m_desk;
    const Theme &m_theme;
    mcpcore::KeyId m_key;
    mcpcore::ClientId m_client;
    mcpcore::ClientId m_withoutOwn; // a client that has no key of its own
    QString m_lost;                 // with the key
    QStringList m_pickTexts;

    IconView *m_icon;
    PlainLabel *m_title;
    PlainLabel *m_text;
    PlainLabel *m_label;
    Note *m_trouble;
    PlainLabel *m_note;
    Button *m_set;
    Button *m_verify;
    Button *m_replace;
    Button *m_more;
    QMenu *m_menu;
    QAction *m_own;
    ConfirmPanel *m_delete;
    KeySight *m_sight;
    QWidget *m_picks;
    QVBoxLayout *m_pickColumn;
};

} // namespace ui
