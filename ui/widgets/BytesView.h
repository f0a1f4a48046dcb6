// SPDX-FileCopyrightText: 2026 The Countersign authors
// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once
#include "ui/theme/Theme.h"
#include <QAbstractScrollArea>
#include <vector>

namespace ui {

// Bytes as they are sent, read as UTF-8 in a fixed-width font; hidden characters and bytes that are no text are marks. The index of
// screen rows is built once a width, only what is visible is laid out: 1 MiB on one line opens at once. Nothing is left out.
class BytesView : public QAbstractScrollArea
{
    Q_OBJECT
public:
    explicit BytesView(const Theme &theme, QWidget *parent = nullptr);
    void setBytes(const QByteArray &bytes);
    const QByteArray &bytes() const { return m_bytes; }
    int rows() const { return int(m_rows.size()); }
    // Where row `row` starts in the bytes.
    qsizetype rowStart(int row) const { return m_rows[size_t(row)]; }
    // Selects and shows the next match after the selection, from the top again at the end; false when there is none.
    bool find(const QString &text);
    QByteArray selectedBytes() const;
    void selectAll();
    void copy() const; // the selection, or all without one

protected:
    void paintEvent(QPaintEvent *event) override;
    void resizeEvent(QResizeEvent *event) override;
    void changeEvent(QEvent *event) override;
    void keyPressEvent(QKeyEvent *event) override;
    void mousePressEvent(QMouseEvent *event) override;
    void mouseMoveEvent(QMouseEvent *event) override;

private:
    struct Unit; // one character or mark: bytes, cells, text
    Unit unitAt(qsizetype at) const;
    void wrap();
    void layoutBar();
    qsizetype byteAt(const QPoint &point) const;
    void reveal(qsizetype at);

    const Theme &m_theme;
    QByteArray m_bytes;
    std::vector<quint32> m_rows;
    int m_columns = 0;
    qreal m_cell = 8;
    int m_line = 16;
    qsizetype m_anchor = 0, m_cursor = 0;
};

} // namespace ui
