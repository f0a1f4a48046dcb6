// SPDX-FileCopyrightText: 2026 The Countersign authors
// SPDX-License-Identifier: GPL-3.0-or-later
#include "ui/connections/ConnectionDelegate.h"
#include "ui/connections/ConnectionModel.h"
#include "ui/theme/Icon.h"
#include "ui/widgets/Env.h"
#include "ui/widgets/Runs.h"
#include <QPainter>

namespace ui {

using Cell = ConnectionText::Cell;

namespace {

constexpr int kEdge = 12, kLineGap = 3, kButtonGap = 7, kPattern = 5, kNames = 118;

Role roleOf(Cell::Tone tone)
{
    switch (tone) {
    case Cell::Tone::Plain: return Role::Text;
    case Cell::Tone::Muted: return Role::TextMuted;
    case Cell::Tone::Caution: return Role::Caution;
    }
    Q_UNREACHABLE();
}

// The lines of a cell, laid out in a width: what is painted and where the button below them lies.
struct CellLines {
    std::vector<RunLayout> lines;
    qreal height = 0;
    bool icon = false;

    CellLines(const Theme &theme, const Cell &cell, int width) : icon(!cell.icon.isEmpty())
    {
        const bool alone = cell.code.isEmpty() && cell.account.isEmpty() && cell.caption.isEmpty();
        const Type type = cell.tone == Cell::Tone::Caution ? Type::BodyStrong : Type::Body;
        add({theme, ownRuns(cell.title, roleOf(cell.tone)), theme.font(type), qreal(width - indent()),
             alone ? cell.act == ConnectionText::Act::None ? 3 : 2 : 1});
        if (!cell.code.isEmpty())
            add({theme, foreignRuns(cell.code, Role::Text), theme.font(Type::Code), qreal(width), 1});
        for (const QString &text : {cell.account, cell.caption})
            if (!text.isEmpty())
                add({theme, ownRuns(text, Role::TextMuted), theme.font(Type::Small), qreal(width), 1});
    }
    int indent() const { return icon ? metric::icon + 6 : 0; }

private:
    void add(RunLayout line)
    {
        height += line.height() + (lines.empty() ? 0 : kLineGap);
        lines.push_back(std::move(line));
    }
};

int actHeight(const Theme &theme)
{
    return std::max(24, QFontMetrics(theme.font(Type::BodyMedium)).height() + 6);
}

// Below and on the right, where another cell follows.
void paintLines(QPainter &painter, const QRect &rect, const Theme &theme, bool last)
{
    painter.fillRect(QRect(rect.left(), rect.bottom(), rect.width(), 1), theme.color(Role::Border));
    if (!last)
        painter.fillRect(QRect(rect.right(), rect.top(), 1, rect.height()), theme.color(Role::Border));
}

} // namespace

ConnectionDelegate::ConnectionDelegate(const Theme &theme, const ConnectionModel &model, QObject *parent)
    : QStyledItemDelegate(parent), m_theme(theme), m_model(model)
{}

int ConnectionDelegate::rowHeight(const Theme &theme)
{
    const int lines = QFontMetrics(theme.font(Type::Body)).height() + QFontMetrics(theme.font(Type::Code)).height()
                      + QFontMetrics(theme.font(Type::Small)).height();
    return std::max(74, lines + 2 * kLineGap + 16);
}

void ConnectionDelegate::paint(QPainter *painter, const QStyleOptionViewItem &option, const QModelIndex &index) const
{
    const Cell &cell = m_model.cell(index);
    painter->save();
    painter->setClipRect(option.rect);
    const bool selected = option.state.testFlag(QStyle::State_Selected);
    painter->fillRect(option.rect, m_theme.color(selected ? Role::Selected : Role::Surface));
    paintLines(*painter, option.rect, m_theme, index.column() + 1 == m_model.columnCount());
    if (selected && option.state.testFlag(QStyle::State_HasFocus)) {
        painter->setPen(QPen(m_theme.color(Role::Accent), 2));
        painter->drawRect(option.rect.adjusted(1, 1, -1, -1));
    }
    const CellLines content(m_theme, cell, option.rect.width() - 2 * kEdge);
    const qreal height = content.height + (cell.act == ConnectionText::Act::None ? 0 : kButtonGap + actHeight(m_theme));
    qreal top = option.rect.top() + (option.rect.height() - height) / 2;
    for (size_t line = 0; line < content.lines.size(); ++line) {
        qreal left = option.rect.left() + kEdge;
        if (line == 0 && content.icon) {
            const int middle = int(top + content.lines[0].height() / 2) - metric::icon / 2;
            paintIcon(*painter, QRect(int(left), middle, metric::icon, metric::icon), cell.icon, m_theme.color(roleOf(cell.tone)),
                      m_theme.color(Role::Surface));
            left += content.indent();
        }
        content.lines[line].draw(*painter, {left, top});
        top += content.lines[line].height() + kLineGap;
    }
    painter->restore();
}

void ConnectionDelegate::updateEditorGeometry(QWidget *button, const QStyleOptionViewItem &option, const QModelIndex &index) const
{
    const CellLines content(m_theme, m_model.cell(index), option.rect.width() - 2 * kEdge);
    const int height = actHeight(m_theme);
    const qreal top = option.rect.top() + (option.rect.height() - content.height - kButtonGap - height) / 2;
    const int width = std::min(button->sizeHint().width(), option.rect.width() - 2 * kEdge);
    button->setGeometry(option.rect.left() + kEdge, int(top + content.height) + kButtonGap, width, height);
}

EnvironmentHeader::EnvironmentHeader(const Theme &theme, QWidget *parent) : QHeaderView(Qt::Horizontal, parent), m_theme(theme)
{
    setSectionsClickable(false);
    setHighlightSections(false);
}

void EnvironmentHeader::paintSection(QPainter *painter, const QRect &rect, int section) const
{
    const auto look = EnvLook(model()->headerData(section, orientation(), ConnectionModel::Look).toInt());
    painter->save();
    painter->fillRect(rect, m_theme.color(Role::Window));
    const QRect words = rect.adjusted(kEdge, 0, -kEdge, -kPattern - 1);
    const QRect shape(words.left(), words.center().y() - metric::icon / 2 + 1, metric::icon, metric::icon);
    paintEnvShape(*painter, shape, look, m_theme.color(look, EnvPart::Edge), m_theme.color(Role::Window));
    QFont font = m_theme.font(Type::Small);
    font.setWeight(QFont::Bold);
    font.setLetterSpacing(QFont::PercentageSpacing, 105);
    painter->setFont(font);
    painter->setPen(m_theme.color(look, EnvPart::Text));
    const bool locked = model()->headerData(section, orientation(), ConnectionModel::Locked).toBool();
    const QRect room = words.adjusted(metric::icon + 7, 0, locked ? -metric::icon - 4 : 0, 0);
    const QString word = model()->headerData(section, orientation(), Qt::DisplayRole).toString();
    painter->drawText(room, int(Qt::AlignLeft | Qt::AlignVCenter) | Qt::TextSingleLine,
                      QFontMetrics(font).elidedText(word, Qt::ElideRight, room.width()));
    if (locked)
        paintIcon(*painter, QRect(words.right() - metric::icon + 1, shape.top(), metric::icon, metric::icon), QStringLiteral("lock"),
                  m_theme.color(look, EnvPart::Text));
    const bool last = section + 1 == count();
    paintPattern(*painter, QRect(rect.left(), rect.bottom() - kPattern, rect.width() - (last ? 0 : 1), kPattern), m_theme, look, kPattern);
    paintLines(*painter, rect, m_theme, last);
    painter->restore();
}

QSize EnvironmentHeader::sectionSizeFromContents(int section) const
{
    return {QHeaderView::sectionSizeFromContents(section).width(),
            std::max(40, QFontMetrics(m_theme.font(Type::Small)).height() + kPattern + 16)};
}

ConnectionHeader::ConnectionHeader(const Theme &theme, QWidget *parent) : QHeaderView(Qt::Vertical, parent), m_theme(theme)
{
    setSectionsClickable(false);
    setHighlightSections(false);
    setSectionResizeMode(QHeaderView::Fixed);
}

void ConnectionHeader::paintSection(QPainter *painter, const QRect &rect, int section) const
{
    painter->save();
    painter->fillRect(rect, m_theme.color(Role::Window));
    paintLines(*painter, rect, m_theme, false);
    const qreal width = rect.width() - metric::pageEdge - 8;
    const RunLayout name(m_theme, ownRuns(model()->headerData(section, orientation(), Qt::DisplayRole).toString()),
                         m_theme.font(Type::BodyStrong), width, 1);
    const RunLayout caption(m_theme,
                            ownRuns(model()->headerData(section, orientation(), ConnectionModel::Caption).toString(), Role::TextMuted),
                            m_theme.font(Type::Caption), width, 2);
    const qreal top = rect.top() + (rect.height() - name.height() - caption.height() - 2) / 2;
    painter->setClipRect(rect);
    name.draw(*painter, {qreal(rect.left() + metric::pageEdge), top});
    caption.draw(*painter, {qreal(rect.left() + metric::pageEdge), top + name.height() + 2});
    painter->restore();
}

QSize ConnectionHeader::sectionSizeFromContents(int) const
{
    const int caption = QFontMetrics(m_theme.font(Type::Caption)).horizontalAdvance(QStringLiteral("hosted · 100 tools"));
    return {std::max(kNames, caption + metric::pageEdge + 10), ConnectionDelegate::rowHeight(m_theme)};
}

} // namespace ui
