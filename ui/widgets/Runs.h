// SPDX-FileCopyrightText: 2026 The Countersign authors
// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once
#include "ui/theme/Theme.h"
#include "ui/widgets/VisibleMarks.h"
#include <QList>
#include <QTextLayout>
#include <memory>

namespace ui {

// A stretch of text in one role: how sentences with a strong word or a mark are painted without HTML.
struct Run {
    enum class Style { Plain, Strong, Mono, MonoStrong, EnvWord, Mark };
    QString text;
    Role role = Role::Text;
    Style style = Style::Plain;
    // Struck out or underlined, on a ground of its own; a mark keeps its colours.
    enum class Change { None, Added, Removed };
    Change change = Change::None;
};
using Runs = QList<Run>;

// What others wrote, with violet marks.
Runs foreignRuns(QStringView text, Role role = Role::Text, Run::Style style = Run::Style::Plain);
// Our own sentence: the same, no-break spaces kept.
Runs ownRuns(QStringView text, Role role = Role::Text, Run::Style style = Run::Style::Plain);

// Runs laid out left to right in a width; wraps anywhere if it must, cuts at `maxLines` with an ellipsis (0 = no limit).
class RunLayout
{
public:
    RunLayout(const Theme &theme, const Runs &runs, const QFont &font, qreal width, int maxLines = 0);
    qreal height() const { return m_height; }
    qreal widest() const { return m_widest; }
    int lines() const { return m_layout->lineCount(); }
    bool cut() const { return m_cut; }
    // Lines stand left in `width`, or centred or right in it.
    void draw(QPainter &painter, const QPointF &at, qreal width = 0, Qt::Alignment alignment = Qt::AlignLeft) const;

private:
    void layOut(qreal width, int maxLines);

    std::unique_ptr<QTextLayout> m_layout;
    qreal m_height = 0;
    qreal m_widest = 0;
    bool m_cut = false;
};

// The width of the runs on one line.
qreal widthOf(const Theme &theme, const Runs &runs, const QFont &font);

} // namespace ui
