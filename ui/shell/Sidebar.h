// SPDX-FileCopyrightText: 2026 The Countersign authors
// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once
#include "ui/shell/Page.h"
#include "ui/theme/Theme.h"
#include "ui/widgets/PlainLabel.h"
#include <QWidget>

class QListView;
class QStandardItemModel;

namespace ui {

// The pages in a list, each with its count; at the foot where clients connect to and how the log is. Narrow, it shows icons only.
class Sidebar : public QWidget
{
    Q_OBJECT
public:
    explicit Sidebar(const Theme &theme, QWidget *parent = nullptr);
    void addEntry(const Page::Entry &entry);
    void setCount(int row, int count, Page::CountLook look);
    void setCurrent(int row);
    void setFoot(const QString &endpoint, const QString &logState);
    void setNarrow(bool narrow);
    QListView *list() const { return m_list; }

Q_SIGNALS:
    void chosen(int row);

protected:
    void paintEvent(QPaintEvent *event) override;

private:
    class FootLine;
    const Theme &m_theme;
    QListView *m_list;
    QStandardItemModel *m_entries;
    FootLine *m_endpoint;
    FootLine *m_log;
    bool m_narrow = false;
};

} // namespace ui
