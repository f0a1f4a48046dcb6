// SPDX-FileCopyrightText: 2026 The Countersign authors
// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once
#include "ui/theme/Theme.h"
#include "ui/widgets/Runs.h"
#include <QAbstractScrollArea>

namespace ui {

// Path, value and remark in rows; values wrap and fold after six lines. Path and value are foreign text and shown with marks.
// Only visible rows are laid out; heights are kept by width.
class FieldsView : public QAbstractScrollArea
{
    Q_OBJECT
public:
    struct Field {
        QString path, value, remark; // remark: "18 characters"
        bool strong = false;         // risky: bold
        bool mono = false;           // the value in the fixed font
        QString tag;                 // "written by the agent"
    };
    explicit FieldsView(const Theme &theme, QWidget *parent = nullptr);
    void setFields(const QList<Field> &fields);
    const QList<Field> &fields() const { return m_fields; }
    // A last row that can be pressed: "show all 2 140"; empty = none.
    void setMoreText(const QString &text);
    bool isFolded(int row) const { return m_state[row].folds && !m_state[row].open; }
    void setOpen(int row, bool open);
    int current() const { return m_current; }
    bool find(const QString &text);
    // The whole of it fits without scrolling (D11).
    bool fits() const;

Q_SIGNALS:
    void moreChosen();

protected:
    void paintEvent(QPaintEvent *event) override;
    void resizeEvent(QResizeEvent *event) override;
    void changeEvent(QEvent *event) override;
    void keyPressEvent(QKeyEvent *event) override;
    void mousePressEvent(QMouseEvent *event) override;
    void focusInEvent(QFocusEvent *event) override;
    void focusOutEvent(QFocusEvent *event) override;

private:
    struct State {
        int height = 0;
        bool folds = false;
        bool open = false;
    };
    struct Columns {
        int path = 0, value = 0, remark = 0;
    };
    void placeColumns();
    Runs valueRuns(const Field &field) const;
    QString foldText(const Field &field) const;
    int measure(int row) const;
    void layOut();
    int rowAt(int y, int *top) const;
    void setCurrent(int row);
    QString spoken(int row) const;

    const Theme &m_theme;
    QList<Field> m_fields;
    mutable QList<State> m_state;
    QString m_more;
    Columns m_columns;
    int m_current = 0;
    int m_total = 0;
};

} // namespace ui
