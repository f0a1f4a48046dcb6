// SPDX-FileCopyrightText: 2026 The Countersign authors
// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once
#include "ui/theme/Theme.h"
#include <QListView>

namespace ui {

// Lines of a file with their numbers; those that come and those that go are marked by a sign and a colour. What others wrote is
// plain text in a fixed-width font, hidden characters are marks, tabs are four columns. Only visible lines are laid out.
class DiffView : public QListView
{
    Q_OBJECT
public:
    enum class Change { Same, Added, Removed, Skipped, Head }; // lines left out, and our own words between files
    struct Line {
        Change change = Change::Same;
        int number = 0;
        QString text;
        friend bool operator==(const Line &, const Line &) = default;
    };
    explicit DiffView(const Theme &theme, QWidget *parent = nullptr);
    ~DiffView() override;
    void setLines(const QList<Line> &lines);
    const QList<Line> &lines() const;
    // The first line that comes or goes is in sight.
    void showFirstChange();
    void copy() const; // the selected lines, or all without a selection

    // Only what changes, with a few lines around it.
    static QList<Line> changesOf(const QList<Line> &lines, int around = 3);

    QSize sizeHint() const override;
    QSize minimumSizeHint() const override;

protected:
    void keyPressEvent(QKeyEvent *event) override;
    void changeEvent(QEvent *event) override;
    void resizeEvent(QResizeEvent *event) override;

private:
    class Model;
    class Delegate;
    int heightOf(int rows) const;

    const Theme &m_theme;
    Model *m_model;
};

} // namespace ui
