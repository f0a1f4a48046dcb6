// SPDX-FileCopyrightText: 2026 The Countersign authors
// SPDX-License-Identifier: GPL-3.0-or-later
#include "ui/widgets/PlainLabel.h"
#include <QEvent>
#include <QPainter>
#include <QTextDocument>
#include <cmath>

namespace ui {

PlainLabel::PlainLabel(const Theme &theme, QWidget *parent) : PlainLabel(theme, {}, Type::Body, Role::Text, parent) {}

PlainLabel::PlainLabel(const Theme &theme, const QString &text, Type type, Role role, QWidget *parent)
    : QLabel(parent), m_theme(theme), m_type(type), m_role(role)
{
    setTextFormat(Qt::PlainText);
    setTextInteractionFlags(Qt::NoTextInteraction);
    setFont(m_theme.font(type));
    setSizePolicy(QSizePolicy::Preferred, QSizePolicy::Preferred);
    setText(text);
}

void PlainLabel::setText(const QString &text)
{
    if (text == QLabel::text() && !text.isEmpty() && m_runs.size() == 1)
        return;
    setRuns({{text, m_role, Run::Style::Plain}});
}

void PlainLabel::setForeignText(const QString &text)
{
    m_spaces = Spaces::Marked;
    setText(text);
}

void PlainLabel::setForeignRuns(const Runs &runs)
{
    m_spaces = Spaces::Marked;
    setRuns(runs);
}

void PlainLabel::setRuns(const Runs &runs)
{
    m_runs = runs;
    QString text;
    for (const Run &run : runs)
        text += run.text;
    QLabel::setText(text);
    setAccessibleName(spokenText(text));
    updateToolTip();
    updateGeometry();
    update();
}

void PlainLabel::setType(Type type)
{
    m_type = type;
    setFont(m_theme.font(type));
    updateGeometry();
}

void PlainLabel::setRole(Role role)
{
    for (Run &run : m_runs) {
        if (run.role == m_role)
            run.role = role;
    }
    m_role = role;
    update();
}

void PlainLabel::setMaxLines(int lines)
{
    m_maxLines = lines;
    QSizePolicy policy = sizePolicy();
    policy.setHeightForWidth(lines != 1);
    setSizePolicy(policy);
    updateGeometry();
}

Runs PlainLabel::coloured() const
{
    Runs runs;
    for (const Run &run : m_runs) {
        Runs parts = m_spaces == Spaces::Kept ? ownRuns(run.text, run.role, run.style) : foreignRuns(run.text, run.role, run.style);
        for (Run &part : parts)
            part.change = run.change;
        runs += parts;
    }
    return runs;
}

QSize PlainLabel::sizeHint() const
{
    const QFontMetrics metrics(font());
    const int natural = int(std::ceil(widthOf(m_theme, coloured(), font()))) + 1;
    if (m_maxLines == 1)
        return {natural, metrics.height()};
    const int width = std::min({natural, 480, maximumWidth()});
    return {width, heightForWidth(width)};
}

QSize PlainLabel::minimumSizeHint() const
{
    const QFontMetrics metrics(font());
    return {std::min(metrics.averageCharWidth() * 4, sizeHint().width()), metrics.height()};
}

bool PlainLabel::hasHeightForWidth() const
{
    return m_maxLines != 1;
}

int PlainLabel::heightForWidth(int width) const
{
    return m_maxLines == 1 ? -1
                           : std::max(QFontMetrics(font()).height(),
                                      int(RunLayout(m_theme, coloured(), font(), std::min(width, maximumWidth()), m_maxLines).height()));
}

void PlainLabel::paintEvent(QPaintEvent *)
{
    QPainter painter(this);
    Runs runs = coloured();
    if (!isEnabled()) {
        for (Run &run : runs)
            run.role = Role::ButtonDisabledText;
    }
    const QRect box = contentsRect();
    const RunLayout layout(m_theme, runs, font(), box.width(), m_maxLines);
    const int top = alignment() & Qt::AlignVCenter ? (box.height() - int(layout.height())) / 2 : 0;
    layout.draw(painter, QPointF(box.left(), box.top() + std::max(0, top)), box.width(), alignment());
}

void PlainLabel::resizeEvent(QResizeEvent *event)
{
    QLabel::resizeEvent(event);
    updateToolTip();
}

void PlainLabel::changeEvent(QEvent *event)
{
    if (event->type() == QEvent::ApplicationFontChange)
        setFont(m_theme.font(m_type));
    QLabel::changeEvent(event);
}

void PlainLabel::updateToolTip()
{
    const bool cut = m_maxLines != 0 && width() > 0 && RunLayout(m_theme, coloured(), font(), width(), m_maxLines).cut();
    setToolTip(cut ? plainToolTip(text()) : QString());
}

QString plainToolTip(QStringView text)
{
    const QString visible = visibleText(text, Spaces::Kept);
    // Qt takes what looks like HTML for HTML; escaped inside a tag of ours it is shown letter by letter.
    return Qt::mightBeRichText(visible) ? QLatin1String("<qt>") + visible.toHtmlEscaped() + QLatin1String("</qt>") : visible;
}

} // namespace ui
