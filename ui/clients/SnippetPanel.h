// SPDX-FileCopyrightText: 2026 The Countersign authors
// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once
#include "ui/clients/ClientText.h"
#include "ui/shell/Desk.h"
#include "ui/theme/Theme.h"
#include "ui/widgets/KeyClipboard.h"
#include <QWidget>

class QLineEdit;
class QScrollArea;

namespace ui {

class Button;
class DiffView;
class EnvironmentChoice;
class HintsView;
class IconView;
class Note;
class PlainLabel;
class Segmented;

// What a person pastes into a client by hand. A token is dots until a client was made for it; then it is copied, for half a minute,
// and never shown. Owned by the page.
class SnippetPanel final : public QWidget
{
    Q_OBJECT
public:
    SnippetPanel(Desk &desk, const Theme &theme, const mcpcore::Clock &clock, QWidget *parent);
    enum class From { List, Preview }; // where Back leads to
    void open(const ClientText::Known &known, From from);
    // It is not seen any more: nothing of what was made stays here, but on the clipboard for its time.
    void forget();
    QScrollArea *scroll() const { return m_scroll; }

Q_SIGNALS:
    void said(const QString &sentence);
    void made(const mcpcore::ClientId &client);
    void backWanted();

protected:
    void paintEvent(QPaintEvent *event) override;

private:
    void build();
    ClientWay way() const;
    void ask();
    void make();
    void take(mcpcore::Result<ClientSnippet> snippet);
    void copy();
    void refresh();
    void showSnippet(const ClientSnippet &snippet);

    Desk &m_desk;
    const Theme &m_theme;
    KeyClipboard m_clipboard;
    ClientKindSight m_kind;
    ClientSnippet m_made; // its client is empty until it was
    bool m_filling = false;
    int m_round = 0;

    IconView *m_icon;
    PlainLabel *m_title, *m_caption, *m_wayLabel, *m_state, *m_nameLabel;
    QLineEdit *m_name;
    EnvironmentChoice *m_environment;
    Segmented *m_way;
    DiffView *m_text;
    HintsView *m_hints;
    Note *m_note;
    Button *m_back, *m_make;
    QScrollArea *m_scroll;
};

} // namespace ui
