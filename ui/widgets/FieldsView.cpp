// SPDX-FileCopyrightText: 2026 The Countersign authors
// SPDX-License-Identifier: GPL-3.0-or-later
#include "ui/widgets/FieldsView.h"
#include "ui/widgets/Button.h"
#include <QKeyEvent>
#include <QMouseEvent>
#include <QPainter>
#include <QScrollBar>
#include <cmath>

namespace ui {

namespace {

constexpr int pad = 5, foldAfter = 6, leastPath = 136;
// A value is measured to this many characters: nobody unfolds more in a table, Exact bytes has it all.
constexpr qsizetype measured = 20'000;

QFont pathFont(bool strong)
{
    QFont font = Theme::font(Type::Code);
    if (strong)
        font.setWeight(QFont::DemiBold);
    return font;
}

QFont valueFont(const FieldsView::Field &field)
{
    QFont font = Theme::font(field.mono ? Type::Code : Type::Body);
    if (field.strong)
        font.setWeight(QFont::DemiBold);
    return font;
}

bool fitsOneLine(const QString &text, const QFont &font, int width)
{
    const bool plain = std::all_of(text.begin(), text.end(), [](QChar c) { return c.unicode() >= 0x20 && c.unicode() < 0x7F; });
    return plain && text.size() * QFontMetrics(font).averageCharWidth() * 2 < width;
}

} // namespace

FieldsView::FieldsView(const Theme &theme, QWidget *parent) : QAbstractScrollArea(parent), m_theme(theme)
{
    setFocusPolicy(Qt::StrongFocus);
    setHorizontalScrollBarPolicy(Qt::ScrollBarAlwaysOff);
    setFrameShape(QFrame::NoFrame);
    viewport()->setObjectName(QStringLiteral("fields.viewport"));
    verticalScrollBar()->setSingleStep(metric::row);
}

void FieldsView::setFields(const QList<Field> &fields)
{
    m_fields = fields;
    m_state = QList<State>(fields.size());
    m_current = 0;
    verticalScrollBar()->setValue(0);
    layOut();
    setCurrent(0);
}

void FieldsView::setMoreText(const QString &text)
{
    m_more = text;
    layOut();
}

void FieldsView::setOpen(int row, bool open)
{
    m_state[row].open = open;
    layOut();
}

// The path takes what it needs up to 45 %, the remark what it needs, the value the rest.
void FieldsView::placeColumns()
{
    const int width = viewport()->width();
    int path = leastPath, remark = 0;
    const QFontMetrics paths(pathFont(true)), remarks(Theme::font(Type::Caption));
    for (qsizetype row = 0; row < std::min<qsizetype>(m_fields.size(), 500); ++row) {
        path = std::max(path, paths.horizontalAdvance(visibleText(QStringView(m_fields[row].path).left(200))) + 16);
        remark = std::max(remark, remarks.horizontalAdvance(m_fields[row].remark) + 12);
    }
    path = std::min(path, width * 45 / 100);
    remark = std::min(remark, width * 30 / 100);
    m_columns = {path, std::max(40, width - path - remark), remark};
}

Runs FieldsView::valueRuns(const Field &field) const
{
    return foreignRuns(QStringView(field.value).left(measured), Role::Text, Run::Style::Plain);
}

QString FieldsView::foldText(const Field &field) const
{
    const int lines = int(field.value.count(QLatin1Char('\n'))) + 1;
    const QString characters = tr("%n characters", nullptr, int(field.value.size()));
    return lines > 1 ? tr("%1, %n lines, show", nullptr, lines).arg(characters) : tr("%1, show").arg(characters);
}

int FieldsView::measure(int row) const
{
    const Field &field = m_fields[row];
    State &state = m_state[row];
    const Columns &widths = m_columns;
    const int least = metric::row - 2 * pad;
    // Most rows are short and plain: no layout is needed to know that they take one line.
    if (field.tag.isEmpty() && fitsOneLine(field.value, valueFont(field), widths.value)
        && fitsOneLine(field.path, pathFont(field.strong), widths.path - 16)) {
        state.folds = false;
        return std::max(least, QFontMetrics(valueFont(field)).height()) + 2 * pad;
    }
    const RunLayout whole(m_theme, valueRuns(field), valueFont(field), widths.value, foldAfter + 1);
    state.folds = whole.lines() > foldAfter || whole.cut() || field.value.size() > measured;
    double height = whole.height();
    if (state.folds) {
        height = RunLayout(m_theme, valueRuns(field), valueFont(field), widths.value, state.open ? 0 : foldAfter).height();
        if (!state.open || field.value.size() > measured)
            height += QFontMetrics(Theme::font(Type::Small)).height() + 2;
    }
    if (!field.tag.isEmpty())
        height += QFontMetrics(Theme::font(Type::CaptionStrong)).height() + 6;
    const RunLayout path(m_theme, foreignRuns(field.path), pathFont(field.strong), std::max(20, widths.path - 16));
    return int(std::ceil(std::max({height, path.height(), double(least)}))) + 2 * pad;
}

void FieldsView::layOut()
{
    placeColumns();
    m_total = 0;
    for (int row = 0; row < m_fields.size(); ++row) {
        m_state[row].height = measure(row);
        m_total += m_state[row].height;
    }
    if (!m_more.isEmpty())
        m_total += metric::row;
    verticalScrollBar()->setPageStep(viewport()->height());
    verticalScrollBar()->setRange(0, std::max(0, m_total - viewport()->height()));
    viewport()->update();
}

bool FieldsView::fits() const
{
    return m_total <= viewport()->height();
}

int FieldsView::rowAt(int y, int *top) const
{
    int at = -verticalScrollBar()->value();
    for (int row = 0; row < m_fields.size(); ++row) {
        if (y < at + m_state[row].height) {
            *top = at;
            return row;
        }
        at += m_state[row].height;
    }
    *top = at;
    return int(m_fields.size());
}

void FieldsView::paintEvent(QPaintEvent *)
{
    QPainter painter(viewport());
    painter.fillRect(viewport()->rect(), m_theme.color(Role::Surface));
    const Columns &widths = m_columns;
    int top = 0;
    for (int row = rowAt(0, &top); row < m_fields.size() && top < viewport()->height(); ++row) {
        const Field &field = m_fields[row];
        const State &state = m_state[row];
        if (hasFocus() && row == m_current)
            painter.fillRect(QRect(0, top, viewport()->width(), state.height - 1), m_theme.color(Role::Selected));
        RunLayout(m_theme, foreignRuns(field.path, field.strong ? Role::Text : Role::TextMuted), pathFont(field.strong),
                  std::max(20, widths.path - 16))
            .draw(painter, QPointF(0, top + pad + 1));
        const RunLayout value(m_theme, valueRuns(field), valueFont(field), widths.value, state.folds && !state.open ? foldAfter : 0);
        value.draw(painter, QPointF(widths.path, top + pad));
        int below = top + pad + int(std::ceil(value.height()));
        if (state.folds && (!state.open || field.value.size() > measured)) {
            painter.setFont(Theme::font(Type::Small));
            painter.setPen(m_theme.color(state.open ? Role::Caution : Role::AccentText));
            const QString text = state.open ? tr("The rest is under Exact bytes") : foldText(field);
            painter.drawText(QRect(widths.path, below + 2, widths.value, metric::row), int(Qt::AlignLeft | Qt::AlignTop), text);
            // What a fold hides is said in violet beside it as well.
            painter.fillRect(QRect(widths.path - 8, top + pad, 3, below - top - pad), m_theme.color(Role::Caution));
            below += QFontMetrics(painter.font()).height() + 2;
        }
        if (!field.tag.isEmpty()) {
            const QFont font = Theme::font(Type::CaptionStrong);
            const QRect plate(widths.path, below + 2, QFontMetrics(font).horizontalAdvance(field.tag) + 12,
                              QFontMetrics(font).height() + 2);
            paintPanel(painter, plate, m_theme.color(Role::Sunken),
                       m_theme.color(m_theme.kind() == Theme::Kind::Contrast ? Role::TextMuted : Role::Sunken), metric::radiusMark);
            painter.setFont(font);
            painter.setPen(m_theme.color(Role::TextMuted));
            painter.drawText(plate, int(Qt::AlignCenter), field.tag);
        }
        painter.setFont(Theme::font(Type::Caption));
        painter.setPen(m_theme.color(Role::TextFaint));
        painter.drawText(QRect(viewport()->width() - widths.remark, top + pad + 1, widths.remark, state.height - pad),
                         int(Qt::AlignRight | Qt::AlignTop) | Qt::TextWordWrap, field.remark);
        top += state.height;
        if (row + 1 < m_fields.size())
            painter.fillRect(QRect(0, top - 1, viewport()->width(), 1), m_theme.color(Role::Border));
    }
    if (!m_more.isEmpty() && top < viewport()->height()) {
        const QRect line(0, top, viewport()->width(), metric::row);
        if (hasFocus() && m_current == m_fields.size())
            painter.fillRect(line, m_theme.color(Role::Selected));
        painter.setFont(Theme::font(Type::Body));
        painter.setPen(m_theme.color(Role::AccentText));
        painter.drawText(line, int(Qt::AlignLeft | Qt::AlignVCenter), m_more);
    }
}

void FieldsView::resizeEvent(QResizeEvent *event)
{
    QAbstractScrollArea::resizeEvent(event);
    layOut();
}

void FieldsView::changeEvent(QEvent *event)
{
    QAbstractScrollArea::changeEvent(event);
    if (event->type() == QEvent::FontChange || event->type() == QEvent::ApplicationFontChange)
        layOut();
}

QString FieldsView::spoken(int row) const
{
    if (row >= m_fields.size())
        return m_more;
    const Field &field = m_fields[row];
    return tr("%1 is %2, %3").arg(spokenText(field.path), spokenText(QStringView(field.value).left(2000)), field.remark);
}

void FieldsView::setCurrent(int row)
{
    const int last = int(m_fields.size()) - (m_more.isEmpty() ? 1 : 0);
    m_current = std::clamp(row, 0, std::max(0, last));
    setAccessibleDescription(m_fields.isEmpty() ? QString() : spoken(m_current));
    int top = 0;
    for (int before = 0; before < std::min<int>(m_current, int(m_fields.size())); ++before)
        top += m_state[before].height;
    const int height = m_current < m_fields.size() ? m_state[m_current].height : metric::row;
    QScrollBar *bar = verticalScrollBar();
    if (top < bar->value())
        bar->setValue(top);
    else if (top + height > bar->value() + viewport()->height())
        bar->setValue(std::min(top, top + height - viewport()->height()));
    viewport()->update();
}

void FieldsView::keyPressEvent(QKeyEvent *event)
{
    const bool open = event->key() == Qt::Key_Return || event->key() == Qt::Key_Enter || event->key() == Qt::Key_Space;
    if (event->key() == Qt::Key_Down)
        setCurrent(m_current + 1);
    else if (event->key() == Qt::Key_Up)
        setCurrent(m_current - 1);
    else if (event->key() == Qt::Key_Home)
        setCurrent(0);
    else if (event->key() == Qt::Key_End)
        setCurrent(int(m_fields.size()));
    else if (open && m_current == m_fields.size() && !m_more.isEmpty())
        Q_EMIT moreChosen();
    else if (open && m_current < m_fields.size() && m_state[m_current].folds)
        setOpen(m_current, !m_state[m_current].open);
    else
        QAbstractScrollArea::keyPressEvent(event);
}

void FieldsView::mousePressEvent(QMouseEvent *event)
{
    int top = 0;
    const int row = rowAt(event->pos().y(), &top);
    if (row == m_fields.size()) {
        if (!m_more.isEmpty() && event->pos().y() < top + metric::row)
            Q_EMIT moreChosen();
        return;
    }
    setCurrent(row);
    if (m_state[row].folds)
        setOpen(row, !m_state[row].open);
}

bool FieldsView::find(const QString &text)
{
    for (int step = 1; step <= m_fields.size(); ++step) {
        const int row = (m_current + step) % int(m_fields.size());
        if (m_fields[row].path.contains(text, Qt::CaseInsensitive) || m_fields[row].value.contains(text, Qt::CaseInsensitive)) {
            if (m_state[row].folds)
                setOpen(row, true);
            setCurrent(row);
            return true;
        }
    }
    return false;
}

void FieldsView::focusInEvent(QFocusEvent *event)
{
    QAbstractScrollArea::focusInEvent(event);
    viewport()->update();
}

void FieldsView::focusOutEvent(QFocusEvent *event)
{
    QAbstractScrollArea::focusOutEvent(event);
    viewport()->update();
}

} // namespace ui
