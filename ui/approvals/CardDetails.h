// SPDX-FileCopyrightText: 2026 The Countersign authors
// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once
#include "model/Approval.h"
#include "ui/theme/Theme.h"
#include <QWidget>

class QLineEdit;
class QStackedWidget;
class QTabBar;

namespace ui {

class BytesView;
class FieldsView;
class PlainLabel;

// The middle of the card: the same call as fields, as exact bytes, as the tool it calls, and why a person is asked.
class CardDetails final : public QWidget
{
    Q_OBJECT
public:
    enum Tab { Fields, Exact, Tool, Why };
    CardDetails(const Theme &theme, QWidget *parent = nullptr);

    void setApproval(const mcpcore::Approval &approval);
    // The scroll gate of production destructive calls: the fields fit, or were scrolled to their end once.
    bool wasSeenWhole() const { return m_seenWhole; }
    // Where the focus is put when a person opens the card.
    QWidget *firstFocus() const;
    QTabBar *tabs() const { return m_tabs; }
    void setTab(Tab tab);
    bool openFind();
    bool closeFind(); // false when it was not open

Q_SIGNALS:
    void seenWhole();

protected:
    bool eventFilter(QObject *watched, QEvent *event) override;

private:
    void fill(qsizetype limit);
    void checkSeen();
    void findNext();

    mcpcore::ToolCallPtr m_call;
    QTabBar *m_tabs;
    QStackedWidget *m_stack;
    FieldsView *m_fields;
    BytesView *m_bytes;
    FieldsView *m_tool;
    PlainLabel *m_why;
    PlainLabel *m_whoDecided;
    QWidget *m_findBar;
    QLineEdit *m_find;
    PlainLabel *m_findResult;
    bool m_seenWhole = false;
};

} // namespace ui
