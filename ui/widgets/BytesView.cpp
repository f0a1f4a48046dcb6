// SPDX-FileCopyrightText: 2026 The Countersign authors
// SPDX-License-Identifier: GPL-3.0-or-later
#include "ui/widgets/BytesView.h"
#include "ui/widgets/BytesAccessible.h"
#include "ui/widgets/VisibleMarks.h"
#include <QApplication>
#include <QClipboard>
#include <QKeyEvent>
#include <QMouseEvent>
#include <QPainter>
#include <QScrollBar>
#include <cmath>

namespace ui {

namespace {

constexpr int edge = 10;

bool isPlain(char byte)
{
    return byte >= 0x20 && byte < 0x7F;
}

// The length of the UTF-8 character at `at`, or 0 when the bytes there are none.
int characterLength(const QByteArray &bytes, qsizetype at)
{
    const auto lead = uchar(bytes[at]);
    const int length = lead < 0x80                   ? 1
                       : lead >= 0xC2 && lead < 0xE0 ? 2
                       : lead >= 0xE0 && lead < 0xF0 ? 3
                       : lead >= 0xF0 && lead < 0xF5 ? 4
                                                     : 0;
    if (length == 0 || at + length > bytes.size())
        return 0;
    for (int index = 1; index < length; ++index) {
        if ((uchar(bytes[at + index]) & 0xC0) != 0x80)
            return 0;
    }
    return length;
}

// Roughly the East Asian wide ranges: they take two cells.
bool isWide(char32_t code)
{
    return (code >= 0x1100 && code <= 0x115F) || (code >= 0x2E80 && code <= 0xA4CF) || (code >= 0xAC00 && code <= 0xD7A3)
           || (code >= 0xF900 && code <= 0xFAFF) || (code >= 0xFE30 && code <= 0xFE6F) || (code >= 0xFF00 && code <= 0xFF60)
           || (code >= 0x1F300 && code <= 0x1FAFF) || (code >= 0x20000 && code <= 0x3FFFD);
}

} // namespace

struct BytesView::Unit {
    int length = 1; // bytes
    int cells = 1;
    QString text;
    bool mark = false;
};

BytesView::BytesView(const Theme &theme, QWidget *parent) : QAbstractScrollArea(parent), m_theme(theme)
{
    BytesAccessible::install();
    setFont(Theme::font(Type::Code));
    setFocusPolicy(Qt::StrongFocus);
    setHorizontalScrollBarPolicy(Qt::ScrollBarAlwaysOff);
    setFrameShape(QFrame::NoFrame);
    viewport()->setCursor(Qt::IBeamCursor);
    viewport()->setObjectName(QStringLiteral("bytes.viewport"));
}

void BytesView::setBytes(const QByteArray &bytes)
{
    m_bytes = bytes;
    m_anchor = m_cursor = 0;
    verticalScrollBar()->setValue(0);
    wrap();
    setAccessibleDescription(tr("%n bytes: %1", nullptr, int(bytes.size())).arg(spokenText(QString::fromUtf8(bytes.left(1000)))));
}

BytesView::Unit BytesView::unitAt(qsizetype at) const
{
    if (isPlain(m_bytes[at]))
        return {1, 1, QString(QLatin1Char(m_bytes[at])), false};
    const int length = characterLength(m_bytes, at);
    const QString text = length > 0 ? QString::fromUtf8(m_bytes.constData() + at, length) : QString();
    if (text.isEmpty() || text.contains(QChar::ReplacementCharacter)) {
        const QString hex = QStringLiteral("0x%1").arg(uint(uchar(m_bytes[at])), 2, 16, QLatin1Char('0'));
        return {1, int(hex.size()) + 1, hex, true};
    }
    const QList<MarkedPiece> pieces = visibleMarks(text);
    if (pieces.first().mark)
        return {length, int(pieces.first().text.size()) + 1, pieces.first().text, true};
    const char32_t code = text.toUcs4().first();
    return {length, isWide(code) ? 2 : QChar::isMark(code) ? 0 : 1, text, false};
}

// Where each screen row starts. Plain bytes, which is nearly all of JSON, cost one comparison each.
void BytesView::wrap()
{
    const QFontMetricsF metrics(font());
    m_cell = std::max(1.0, metrics.horizontalAdvance(QLatin1Char('0')));
    m_line = int(std::ceil(metrics.height() * 1.2));
    m_columns = std::max(16, int((viewport()->width() - 2 * edge) / m_cell));
    m_rows.clear();
    if (!m_bytes.isEmpty())
        m_rows.push_back(0);
    int cells = 0;
    for (qsizetype at = 0; at < m_bytes.size();) {
        const bool plain = isPlain(m_bytes[at]);
        const Unit unit = plain ? Unit{} : unitAt(at);
        if (cells + unit.cells > m_columns && cells > 0) {
            m_rows.push_back(quint32(at));
            cells = 0;
        }
        cells += unit.cells;
        const bool ends = m_bytes[at] == '\n';
        at += unit.length;
        if (ends && at < m_bytes.size()) {
            m_rows.push_back(quint32(at));
            cells = 0;
        }
    }
    layoutBar();
    viewport()->update();
}

void BytesView::layoutBar()
{
    const int visible = std::max(1, (viewport()->height() - 2 * edge) / m_line);
    verticalScrollBar()->setPageStep(visible);
    verticalScrollBar()->setSingleStep(1);
    verticalScrollBar()->setRange(0, std::max(0, rows() - visible));
}

void BytesView::paintEvent(QPaintEvent *)
{
    QPainter painter(viewport());
    painter.fillRect(viewport()->rect(), m_theme.color(Role::Sunken));
    painter.setFont(font());
    const qsizetype from = std::min(m_anchor, m_cursor), to = std::max(m_anchor, m_cursor);
    const QFontMetricsF metrics(font());
    const int first = verticalScrollBar()->value();
    int top = edge;
    for (int row = first; row < rows() && top < viewport()->height(); ++row, top += m_line) {
        const qsizetype end = row + 1 < rows() ? m_rows[size_t(row) + 1] : m_bytes.size();
        int cell = 0;
        for (qsizetype at = m_rows[size_t(row)]; at < end;) {
            const Unit unit = unitAt(at);
            QRectF box(edge + cell * m_cell, top, std::max(1, unit.cells) * m_cell, m_line);
            if (at >= from && at < to)
                painter.fillRect(box, m_theme.color(hasFocus() ? Role::DiffAddBg : Role::Selected));
            if (unit.mark)
                painter.fillRect(box.adjusted(1, 2, -1, -2), m_theme.color(Role::MarkBg));
            painter.setPen(m_theme.color(unit.mark ? Role::MarkText : Role::Text));
            const double inset = unit.mark ? m_cell / 2 : 0;
            painter.drawText(QPointF(box.left() + inset, top + (m_line - metrics.height()) / 2 + metrics.ascent()), unit.text);
            cell += unit.cells;
            at += unit.length;
        }
    }
    painter.setPen(m_theme.color(hasFocus() ? Role::Focus : Role::Border));
    painter.drawRect(viewport()->rect().adjusted(0, 0, -1, -1));
}

void BytesView::resizeEvent(QResizeEvent *event)
{
    QAbstractScrollArea::resizeEvent(event);
    const qsizetype top = m_rows.empty() ? 0 : m_rows[size_t(std::min(verticalScrollBar()->value(), rows() - 1))];
    wrap();
    const auto row = std::upper_bound(m_rows.begin(), m_rows.end(), quint32(top));
    verticalScrollBar()->setValue(std::max(0, int(row - m_rows.begin()) - 1));
}

void BytesView::changeEvent(QEvent *event)
{
    if (event->type() == QEvent::ApplicationFontChange)
        setFont(Theme::font(Type::Code));
    QAbstractScrollArea::changeEvent(event);
    if (event->type() == QEvent::FontChange)
        wrap();
}

qsizetype BytesView::byteAt(const QPoint &point) const
{
    if (m_rows.empty())
        return 0;
    const int row = std::clamp(verticalScrollBar()->value() + (point.y() - edge) / m_line, 0, rows() - 1);
    const qsizetype end = row + 1 < rows() ? m_rows[size_t(row) + 1] : m_bytes.size();
    double left = edge;
    for (qsizetype at = m_rows[size_t(row)]; at < end;) {
        const Unit unit = unitAt(at);
        left += unit.cells * m_cell;
        if (point.x() < left - unit.cells * m_cell / 2)
            return at;
        at += unit.length;
    }
    return end;
}

void BytesView::mousePressEvent(QMouseEvent *event)
{
    if (event->button() != Qt::LeftButton)
        return;
    m_cursor = byteAt(event->pos());
    if (!(event->modifiers() & Qt::ShiftModifier))
        m_anchor = m_cursor;
    viewport()->update();
}

void BytesView::mouseMoveEvent(QMouseEvent *event)
{
    if (!(event->buttons() & Qt::LeftButton))
        return;
    m_cursor = byteAt(event->pos());
    reveal(m_cursor);
    viewport()->update();
}

void BytesView::keyPressEvent(QKeyEvent *event)
{
    if (event->matches(QKeySequence::Copy)) {
        copy();
    } else if (event->matches(QKeySequence::SelectAll)) {
        selectAll();
    } else if (event->matches(QKeySequence::MoveToStartOfDocument) || event->key() == Qt::Key_Home) {
        verticalScrollBar()->setValue(0);
    } else if (event->matches(QKeySequence::MoveToEndOfDocument) || event->key() == Qt::Key_End) {
        verticalScrollBar()->setValue(verticalScrollBar()->maximum());
    } else {
        QAbstractScrollArea::keyPressEvent(event);
    }
}

bool BytesView::find(const QString &text)
{
    const QByteArray wanted = text.toUtf8();
    if (wanted.isEmpty())
        return false;
    qsizetype at = m_bytes.indexOf(wanted, std::max(m_anchor, m_cursor));
    if (at < 0)
        at = m_bytes.indexOf(wanted);
    if (at < 0)
        return false;
    m_anchor = at;
    m_cursor = at + wanted.size();
    reveal(at);
    viewport()->update();
    return true;
}

void BytesView::reveal(qsizetype at)
{
    const auto after = std::upper_bound(m_rows.begin(), m_rows.end(), quint32(at));
    const int row = std::max(0, int(after - m_rows.begin()) - 1);
    QScrollBar *bar = verticalScrollBar();
    if (row < bar->value())
        bar->setValue(row);
    else if (row >= bar->value() + bar->pageStep())
        bar->setValue(row - bar->pageStep() + 1);
}

QByteArray BytesView::selectedBytes() const
{
    const qsizetype from = std::min(m_anchor, m_cursor);
    return m_bytes.mid(from, std::max(m_anchor, m_cursor) - from);
}

void BytesView::selectAll()
{
    m_anchor = 0;
    m_cursor = m_bytes.size();
    viewport()->update();
}

void BytesView::copy() const
{
    const QByteArray selected = selectedBytes();
    QApplication::clipboard()->setText(QString::fromUtf8(selected.isEmpty() ? m_bytes : selected));
}

} // namespace ui
