// SPDX-FileCopyrightText: 2026 The Countersign authors
// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once
#include "ui/connections/ConnectionText.h"
#include "ui/shell/Desk.h"
#include "ui/theme/Theme.h"
#include <QWidget>

class QCheckBox;
class QVBoxLayout;

namespace ui {

class Button;
class ChoiceBox;
class Note;
class PlainLabel;

// One tool: what its server writes, and what a person makes of it.
class ToolRow final : public QWidget
{
    Q_OBJECT
public:
    ToolRow(const Theme &theme, const ListedTool &tool, int number, QWidget *parent);
    const ListedTool &tool() const { return m_tool; }
    bool isChosen() const;
    mcpcore::ToolClass toolClass() const;
    void setOpen(bool open); // while something is on its way

Q_SIGNALS:
    void chosen();

protected:
    void paintEvent(QPaintEvent *event) override;

private:
    void addChanges(QVBoxLayout &column);

    const Theme &m_theme;
    const ListedTool m_tool;
    QCheckBox *m_check = nullptr; // none: it is trusted
    ChoiceBox *m_class = nullptr;
};

// The tools of one place: those that changed, those that wait, those that are trusted. Trusts exactly what was shown.
class ToolsPanel final : public QWidget
{
    Q_OBJECT
public:
    ToolsPanel(Desk &desk, const Theme &theme, QWidget *parent);

    void open(const Place &place);
    void close();
    bool isOpen() const { return m_open; }

Q_SIGNALS:
    void closed();
    void said(const QString &sentence);

private:
    void build(const Theme &theme);
    void ask();
    void take(const mcpcore::Result<QList<ListedTool>> &tools);
    void setRows(QList<ListedTool> tools);
    void trust(const std::function<bool(const ToolRow &)> &wanted);
    void trustNext();
    void refresh();

    Desk &m_desk;
    const Theme &m_theme;
    Place m_place;
    bool m_open = false;
    int m_round = 0; // what an earlier question still has to say is not listened to
    QList<ToolRow *> m_rows;
    QList<ToolsWish> m_wishes; // one for each class, until they are done
    qsizetype m_trusting = 0;

    PlainLabel *m_summary;
    Note *m_trouble;
    Button *m_selected;
    Button *m_reads;
    QVBoxLayout *m_column;
};

} // namespace ui
