// SPDX-FileCopyrightText: 2026 The Countersign authors
// SPDX-License-Identifier: GPL-3.0-or-later
#include "ui/widgets/DiffView.h"
#include "ui/widgets/Button.h"
#include "ui/widgets/Runs.h"
#include <QAbstractListModel>
#include <QApplication>
#include <QClipboard>
#include <QKeyEvent>
#include <QPainter>
#include <QScrollBar>
#include <QStyledItemDelegate>
#include <cmath>

namespace ui {

namespace {

constexpr int kEdge = 10, kMostColumns = 4096, kTab = 4, kFewestRows = 5, kUsualRows = 13;

int lineHeight()
{
    return int(std::ceil(QFontMetricsF(Theme::font(Type::Code)).height() * 1.25));
}

qreal columnWidth()
{
    return std::max(1.0, QFontMetricsF(Theme::font(Type::Code)).horizontalAdvance(QLatin1Char('0')));
}

// As it is shown: without its end, tabs as columns; longer than any line that a person wrote is cut.
QString shownText(const QString &text)
{
    QString shown;
    for (const QChar letter : text) {
        if (letter == QLatin1Char('\t'))
            shown += QString(kTab - shown.size() % kTab, QLatin1Char(' '));
        else
            shown += letter;
        if (shown.size() >= kMostColumns)
            return shown.left(kMostColumns) + QChar(0x2026);
    }
    while (shown.endsWith(QLatin1Char('\r')) || shown.endsWith(QLatin1Char('\n')))
        shown.chop(1);
    return shown;
}

} // namespace

class DiffView::Model final : public QAbstractListModel
{
public:
    using QAbstractListModel::QAbstractListModel;

    void set(const QList<Line> &given)
    {
        beginResetModel();
        lines = given;
        for (Line &line : lines)
            line.text = shownText(line.text);
        const bool numbered = std::any_of(lines.begin(), lines.end(), [](const Line &line) { return line.number > 0; });
        digits = numbered ? 2 : 0;
        columns = 0;
        for (const Line &line : std::as_const(lines)) {
            digits = numbered ? std::max(digits, int(QString::number(line.number).size())) : 0;
            columns = std::max(columns, int(line.text.size() + 8 * hiddenCharacters(line.text)));
        }
        endResetModel();
    }
    int rowCount(const QModelIndex &parent = {}) const override { return parent.isValid() ? 0 : int(lines.size()); }
    QVariant data(const QModelIndex &index, int role) const override
    {
        const Line &line = lines[index.row()];
        if (role == Qt::DisplayRole)
            return visibleText(line.text);
        return role == Qt::AccessibleTextRole ? QVariant(spoken(line)) : QVariant();
    }
    QString spoken(const Line &line) const
    {
        const QString text = spokenText(line.text);
        switch (line.change) {
        case Change::Same: return line.number > 0 ? DiffView::tr("Line %1: %2").arg(line.number).arg(text) : text;
        case Change::Added: return DiffView::tr("Added, line %1: %2").arg(line.number).arg(text);
        case Change::Removed: return DiffView::tr("Removed, line %1: %2").arg(line.number).arg(text);
        case Change::Skipped:
        case Change::Head: return text;
        }
        Q_UNREACHABLE();
    }

    QList<Line> lines;
    int digits = 2, columns = 0;
};

class DiffView::Delegate final : public QStyledItemDelegate
{
public:
    Delegate(const Theme &theme, const Model &model, QObject *parent) : QStyledItemDelegate(parent), m_theme(theme), m_model(model) {}

    QSize sizeHint(const QStyleOptionViewItem &, const QModelIndex &) const override
    {
        return {2 * kEdge + int(std::ceil((m_model.digits + 4 + m_model.columns) * columnWidth())), lineHeight()};
    }
    void paint(QPainter *painter, const QStyleOptionViewItem &option, const QModelIndex &index) const override
    {
        const Line &line = m_model.lines[index.row()];
        const bool added = line.change == Change::Added, removed = line.change == Change::Removed;
        if (option.state.testFlag(QStyle::State_Selected))
            painter->fillRect(option.rect, m_theme.color(Role::Selected));
        else if (added || removed)
            painter->fillRect(option.rect, m_theme.color(added ? Role::DiffAddBg : Role::DiffDelBg));
        const QFont code = Theme::font(Type::Code);
        const qreal column = columnWidth();
        const int numbers = kEdge + int(std::ceil(m_model.digits * column));
        const int signs = m_model.digits > 0 ? 3 : 0; // columns between number and text
        const int top = option.rect.top() + (lineHeight() - int(QFontMetricsF(code).height())) / 2;
        painter->setFont(code);
        painter->setPen(m_theme.color(Role::TextFaint));
        if (line.number > 0)
            painter->drawText(QRect(option.rect.left(), option.rect.top(), numbers, option.rect.height()),
                              int(Qt::AlignRight | Qt::AlignVCenter) | Qt::TextSingleLine, QString::number(line.number));
        const qreal left = option.rect.left() + numbers + column;
        const Role role = added                         ? Role::DiffAddText
                          : removed                     ? Role::DiffDelText
                          : line.change == Change::Same ? Role::Text
                                                        : Role::TextMuted;
        painter->setPen(m_theme.color(role));
        if (added || removed)
            painter->drawText(QRectF(left, option.rect.top(), column, option.rect.height()), int(Qt::AlignCenter),
                              added ? QStringLiteral("+") : QStringLiteral("\u2212"));
        const bool ours = line.change == Change::Skipped || line.change == Change::Head;
        const QFont font = line.change == Change::Head ? Theme::font(Type::BodyStrong) : code;
        RunLayout(m_theme, ours ? ownRuns(line.text, role) : foreignRuns(line.text, role), font, 1e6)
            .draw(*painter, QPointF(option.rect.left() + numbers + signs * column, top));
    }

private:
    const Theme &m_theme;
    const Model &m_model;
};

DiffView::DiffView(const Theme &theme, QWidget *parent) : QListView(parent), m_theme(theme), m_model(new Model(this))
{
    setModel(m_model);
    setItemDelegate(new Delegate(theme, *m_model, this));
    setUniformItemSizes(true);
    setSelectionMode(QAbstractItemView::ExtendedSelection);
    setEditTriggers(QAbstractItemView::NoEditTriggers);
    setHorizontalScrollMode(QAbstractItemView::ScrollPerPixel);
    setVerticalScrollMode(QAbstractItemView::ScrollPerPixel);
    setFrameShape(QFrame::Box);
    setFrameShadow(QFrame::Plain);
    setForegroundRole(QPalette::Mid);
    setViewportMargins(0, 8, 0, 8);
    setBackgroundRole(QPalette::AlternateBase);
    setAutoFillBackground(true);
    viewport()->setBackgroundRole(QPalette::AlternateBase);
    viewport()->setObjectName(QStringLiteral("diff.viewport"));
    setSizePolicy(QSizePolicy::Expanding, QSizePolicy::Preferred);
}

DiffView::~DiffView() = default;

void DiffView::setLines(const QList<Line> &lines)
{
    m_model->set(lines);
    updateGeometry();
}

const QList<DiffView::Line> &DiffView::lines() const
{
    return m_model->lines;
}

void DiffView::showFirstChange()
{
    for (int row = 0; row < m_model->lines.size(); ++row) {
        const Change change = m_model->lines[row].change;
        if (change == Change::Added || change == Change::Removed)
            return scrollTo(m_model->index(row), QAbstractItemView::PositionAtCenter);
    }
}

QList<DiffView::Line> DiffView::changesOf(const QList<Line> &lines, int around)
{
    QList<Line> shown;
    qsizetype next = 0; // the first line that is neither shown nor passed
    for (qsizetype at = 0; at < lines.size(); ++at) {
        if (lines[at].change == Change::Same)
            continue;
        const qsizetype from = std::max(next, at - around);
        if (from > next && next > 0)
            shown.append({Change::Skipped, 0, QStringLiteral("\u22ef")});
        for (qsizetype each = from; each < at; ++each)
            shown.append(lines[each]);
        next = std::max(next, at);
        for (; next < lines.size() && next <= at + around; ++next) {
            if (next > at && lines[next].change != Change::Same)
                break;
            shown.append(lines[next]);
        }
    }
    return shown;
}

void DiffView::copy() const
{
    QStringList texts;
    QModelIndexList chosen = selectionModel()->selectedIndexes();
    std::sort(chosen.begin(), chosen.end());
    for (const QModelIndex &index : std::as_const(chosen))
        texts.append(m_model->lines[index.row()].text);
    if (chosen.isEmpty())
        for (const Line &line : m_model->lines)
            texts.append(line.text);
    QApplication::clipboard()->setText(texts.join(QLatin1Char('\n')));
}

int DiffView::heightOf(int rows) const
{
    const bool scrolls = sizeHintForColumn(0) > viewport()->width();
    return rows * lineHeight() + 18 + (scrolls ? horizontalScrollBar()->sizeHint().height() : 0);
}

QSize DiffView::sizeHint() const
{
    return {320, heightOf(std::clamp(int(m_model->lines.size()), kFewestRows, kUsualRows))};
}

QSize DiffView::minimumSizeHint() const
{
    return {200, heightOf(std::min(std::max(1, int(m_model->lines.size())), kFewestRows))};
}

void DiffView::keyPressEvent(QKeyEvent *event)
{
    if (event->matches(QKeySequence::Copy))
        copy();
    else
        QListView::keyPressEvent(event);
}

// A narrower view may need a scroll bar below its lines.
void DiffView::resizeEvent(QResizeEvent *event)
{
    QListView::resizeEvent(event);
    updateGeometry();
}

void DiffView::changeEvent(QEvent *event)
{
    QListView::changeEvent(event);
    if (event->type() == QEvent::ApplicationFontChange || event->type() == QEvent::FontChange) {
        scheduleDelayedItemsLayout();
        updateGeometry();
    }
}

} // namespace ui
