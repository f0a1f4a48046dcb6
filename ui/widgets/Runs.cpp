// SPDX-FileCopyrightText: 2026 The Countersign authors
// SPDX-License-Identifier: GPL-3.0-or-later
#include "ui/widgets/Runs.h"
#include <QFontDatabase>
#include <QFontInfo>
#include <QFontMetricsF>
#include <QPainter>
#include <cmath>

namespace ui {

namespace {

constexpr qreal endless = 1'000'000;

Runs runsOf(QStringView text, Role role, Run::Style style, Spaces spaces)
{
    Runs runs;
    for (const MarkedPiece &piece : visibleMarks(text, spaces)) {
        // Thin spaces inside the format give the mark its padding, a hair space keeps a comma off it.
        if (piece.mark) {
            runs.append({QStringLiteral("\u2009%1\u2009").arg(piece.text), Role::MarkText, Run::Style::Mark});
            runs.append({QStringLiteral("\u200A"), role, style});
        } else {
            runs.append({piece.text, role, style});
        }
    }
    return runs;
}

QTextCharFormat formatOf(const Theme &theme, const Run &run, const QFont &base)
{
    QTextCharFormat format;
    format.setForeground(theme.color(run.role));
    QFont font = base;
    switch (run.style) {
    case Run::Style::Plain: break;
    case Run::Style::Strong: font.setWeight(QFont::DemiBold); break;
    case Run::Style::Mono:
    case Run::Style::MonoStrong:
        font.setFamilies(QFontDatabase::systemFont(QFontDatabase::FixedFont).families());
        font.setFixedPitch(true);
        if (run.style == Run::Style::MonoStrong)
            font.setWeight(QFont::DemiBold);
        break;
    case Run::Style::EnvWord:
        font.setWeight(QFont::Bold);
        font.setLetterSpacing(QFont::AbsoluteSpacing, 0.05 * QFontInfo(base).pixelSize());
        break;
    case Run::Style::Mark:
        font.setWeight(QFont::DemiBold);
        if (font.pixelSize() > 0)
            font.setPixelSize(std::max(1, qRound(font.pixelSize() * 0.8)));
        else
            font.setPointSizeF(font.pointSizeF() * 0.8);
        format.setBackground(theme.color(Role::MarkBg));
        break;
    }
    if (run.change != Run::Change::None) {
        const bool added = run.change == Run::Change::Added;
        font.setUnderline(added);
        font.setStrikeOut(!added);
        if (run.style != Run::Style::Mark) {
            format.setForeground(theme.color(added ? Role::DiffAddText : Role::DiffDelText));
            format.setBackground(theme.color(added ? Role::DiffAddBg : Role::DiffDelBg));
        }
    }
    format.setFont(font);
    return format;
}

std::unique_ptr<QTextLayout> layoutOf(const Theme &theme, const Runs &runs, const QFont &font)
{
    QString text;
    QList<QTextLayout::FormatRange> formats;
    for (const Run &run : runs) {
        formats.append({int(text.size()), int(run.text.size()), formatOf(theme, run, font)});
        text += run.text;
    }
    text.replace(QLatin1Char('\n'), QChar(QChar::LineSeparator));
    auto layout = std::make_unique<QTextLayout>(text, font);
    layout->setFormats(formats);
    layout->setCacheEnabled(true);
    QTextOption option;
    option.setTextDirection(Qt::LeftToRight);
    option.setWrapMode(QTextOption::WrapAtWordBoundaryOrAnywhere);
    layout->setTextOption(option);
    return layout;
}

} // namespace

Runs foreignRuns(QStringView text, Role role, Run::Style style)
{
    return runsOf(text, role, style, Spaces::Marked);
}

Runs ownRuns(QStringView text, Role role, Run::Style style)
{
    return runsOf(text, role, style, Spaces::Kept);
}

RunLayout::RunLayout(const Theme &theme, const Runs &runs, const QFont &font, qreal width, int maxLines)
    : m_layout(layoutOf(theme, runs, font))
{
    layOut(width, maxLines);
    if (!m_cut)
        return;
    // Cut where the ellipsis still fits and lay out again.
    const QTextLine last = m_layout->lineAt(m_layout->lineCount() - 1);
    const QString ellipsis(QChar(0x2026));
    const qreal room = std::max(0.0, width - QFontMetricsF(font).horizontalAdvance(ellipsis));
    int end = last.xToCursor(room, QTextLine::CursorBetweenCharacters);
    if (last.cursorToX(end) > room)
        --end;
    end = std::max(end, last.textStart());
    Runs shorter;
    int at = 0;
    for (const Run &run : runs) {
        if (at >= end)
            break;
        Run part = run;
        part.text = run.text.left(end - at);
        at += int(part.text.size());
        shorter.append(part);
    }
    while (!shorter.isEmpty() && shorter.last().text.endsWith(QLatin1Char(' ')))
        shorter.last().text.chop(1);
    const Role role = shorter.isEmpty() ? Role::Text : shorter.last().style == Run::Style::Mark ? Role::Text : shorter.last().role;
    shorter.append({ellipsis, role, Run::Style::Plain});
    m_layout = layoutOf(theme, shorter, font);
    layOut(width, maxLines);
    m_cut = true;
}

void RunLayout::layOut(qreal width, int maxLines)
{
    m_height = 0;
    m_widest = 0;
    m_cut = false;
    m_layout->beginLayout();
    for (int count = 1;; ++count) {
        QTextLine line = m_layout->createLine();
        if (!line.isValid())
            break;
        line.setLineWidth(width);
        line.setPosition({0, m_height});
        m_height += std::ceil(line.height());
        m_widest = std::max(m_widest, line.naturalTextWidth());
        if (maxLines > 0 && count == maxLines) {
            m_cut = line.textStart() + line.textLength() < m_layout->text().size();
            break;
        }
    }
    m_layout->endLayout();
}

void RunLayout::draw(QPainter &painter, const QPointF &at, qreal width, Qt::Alignment alignment) const
{
    if (!(alignment & (Qt::AlignHCenter | Qt::AlignRight))) {
        m_layout->draw(&painter, at);
        return;
    }
    for (int index = 0; index < m_layout->lineCount(); ++index) {
        const QTextLine line = m_layout->lineAt(index);
        const qreal rest = width - line.naturalTextWidth();
        line.draw(&painter, at + QPointF(alignment & Qt::AlignRight ? rest : rest / 2, 0));
    }
}

qreal widthOf(const Theme &theme, const Runs &runs, const QFont &font)
{
    return RunLayout(theme, runs, font, endless).widest();
}

} // namespace ui
