// SPDX-FileCopyrightText: 2026 The Countersign authors
// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once
#include "base/Clock.h"
#include "ui/activity/ActivityModel.h"
#include "ui/shell/Desk.h"
#include "ui/shell/Page.h"
#include "ui/theme/Theme.h"

class QTableView;

namespace ui {

class Button;
class CallDetail;
class Chip;
class EmptyState;
class PlainLabel;

// Every call on the log, newest on top, with the story of one of them on the right. Live only at the top: scrolled away a bar
// says how many are new and nothing shifts. Reads while it is visible, at most ten times a second.
class ActivityPage final : public Page
{
    Q_OBJECT
public:
    ActivityPage(Desk &desk, const Theme &theme, const mcpcore::Clock &clock, QWidget *parent = nullptr);
    ~ActivityPage() override;

    bool leave() override; // Esc: closes the detail
    QList<QWidget *> parts() override;

protected:
    void showEvent(QShowEvent *event) override;
    void resizeEvent(QResizeEvent *event) override;
    void paintEvent(QPaintEvent *event) override;
    bool eventFilter(QObject *watched, QEvent *event) override;

private:
    void build();
    Chip *addFilter(const QString &id, const QString &title);
    struct Choice {
        QString value, text;
    };
    QList<Choice> choicesOf(const QString &id) const;
    QString *valueOf(mcpcore::LogReader::Filter &filter, const QString &id) const;
    void openFilter(Chip *chip, const QString &id, const QString &title);
    void choose(Chip *chip, const QString &id, const QString &title, const Choice &choice);
    void onAppended();
    void refresh();
    const mcpcore::CallSummary *selected() const; // null when none is
    void openDetail();
    void closeDetail();
    void reloadDetail();
    void scrollToTop();
    void arrange();
    bool isFiltered() const;

    Desk &m_desk;
    const Theme &m_theme;
    const mcpcore::Clock &m_clock;
    ActivityModel m_model;
    bool m_refreshDue = false;

    QWidget *m_main;
    QWidget *m_filters;
    QTableView *m_table;
    EmptyState *m_empty;
    Button *m_newCalls;
    PlainLabel *m_foot;
    CallDetail *m_detail;
};

} // namespace ui
