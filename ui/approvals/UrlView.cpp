// SPDX-FileCopyrightText: 2026 The Countersign authors
// SPDX-License-Identifier: GPL-3.0-or-later
#include "ui/approvals/UrlView.h"
#include "ui/approvals/QuestionText.h"
#include "ui/widgets/Button.h"
#include "ui/widgets/VisibleMarks.h"
#include <QPainter>
#include <QTextBlock>
#include <QWheelEvent>

namespace ui {

namespace {
constexpr int kMostLines = 12; // then it scrolls
constexpr int kMargin = 6;
} // namespace

UrlView::UrlView(const Theme &theme, QWidget *parent) : QPlainTextEdit(parent), m_theme(theme)
{
    setReadOnly(true);
    setTextInteractionFlags(Qt::TextSelectableByMouse | Qt::TextSelectableByKeyboard);
    setTabChangesFocus(true);
    setWordWrapMode(QTextOption::WrapAnywhere);
    setFont(theme.font(Type::Code));
    setFrameShape(QFrame::NoFrame);
    setHorizontalScrollBarPolicy(Qt::ScrollBarAlwaysOff);
    viewport()->setAutoFillBackground(false);
    document()->setDocumentMargin(kMargin);
}

void UrlView::setUrl(const QString &url)
{
    const QuestionText::Span host = QuestionText::hostIn(url);
    m_start = int(visibleText(url.left(host.start)).size());
    m_length = int(visibleText(url.mid(host.start, host.length)).size());
    setPlainText(visibleText(url));
    mark();
    fit();
}

QString UrlView::boldPart() const
{
    return toPlainText().mid(m_start, m_length);
}

void UrlView::mark()
{
    QTextCharFormat rest, host;
    rest.setForeground(m_theme.color(Role::TextMuted));
    host.setForeground(m_theme.color(Role::Text));
    host.setFontWeight(QFont::Bold);
    QTextCursor cursor(document());
    cursor.select(QTextCursor::Document);
    cursor.setCharFormat(rest);
    cursor.setPosition(m_start);
    cursor.setPosition(m_start + m_length, QTextCursor::KeepAnchor);
    cursor.setCharFormat(host);
}

// As high as its lines.
void UrlView::fit()
{
    int lines = 0;
    for (QTextBlock block = document()->begin(); block.isValid(); block = block.next())
        lines += int(blockBoundingRect(block).height() / fontMetrics().lineSpacing() + 0.5);
    setFixedHeight(std::clamp(lines, 1, kMostLines) * fontMetrics().lineSpacing() + 2 * kMargin + 2);
}

void UrlView::resizeEvent(QResizeEvent *event)
{
    QPlainTextEdit::resizeEvent(event);
    fit();
}

void UrlView::changeEvent(QEvent *event)
{
    QPlainTextEdit::changeEvent(event);
    if (event->type() == QEvent::PaletteChange)
        mark();
}

void UrlView::paintEvent(QPaintEvent *event)
{
    QPainter painter(viewport());
    paintPanel(painter, viewport()->rect(), m_theme.color(Role::Sunken), m_theme.color(Role::Border));
    painter.end();
    QPlainTextEdit::paintEvent(event);
}

// The card scrolls, unless this is too long to be shown at once.
void UrlView::wheelEvent(QWheelEvent *event)
{
    if (document()->lineCount() <= kMostLines && height() >= int(document()->size().height()) * fontMetrics().lineSpacing())
        event->ignore();
    else
        QPlainTextEdit::wheelEvent(event);
}

} // namespace ui
