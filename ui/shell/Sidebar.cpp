// SPDX-FileCopyrightText: 2026 The Countersign authors
// SPDX-License-Identifier: GPL-3.0-or-later
#include "ui/shell/Sidebar.h"
#include "ui/theme/Icon.h"
#include "ui/widgets/Button.h"
#include <QHBoxLayout>
#include <QListView>
#include <QPainter>
#include <QStandardItemModel>
#include <QStyledItemDelegate>
#include <QVBoxLayout>

namespace ui {

namespace {

enum EntryRole { IconName = Qt::UserRole + 1, Count, Hot };

constexpr int narrowWidth = 52, rowGap = 2;

// One entry: icon, title, count; the current one on a fill with a bar.
class EntryDelegate final : public QStyledItemDelegate
{
public:
    EntryDelegate(const Theme &theme, QObject *parent) : QStyledItemDelegate(parent), m_theme(theme) {}

    QSize sizeHint(const QStyleOptionViewItem &, const QModelIndex &) const override
    {
        return {100, std::max(int(metric::navRow), QFontMetrics(Theme::font(Type::BodyStrong)).height() + 12) + rowGap};
    }

    void paint(QPainter *painter, const QStyleOptionViewItem &option, const QModelIndex &index) const override
    {
        const bool on = option.state & QStyle::State_Selected;
        const bool focused = option.state & QStyle::State_HasFocus;
        const QRect box = option.rect.adjusted(0, 0, 0, -rowGap);
        if (on || option.state & QStyle::State_MouseOver)
            paintPanel(*painter, box, m_theme.color(on ? Role::Selected : Role::Hover),
                       focused ? m_theme.color(Role::Focus) : m_theme.color(on ? Role::Selected : Role::Hover));
        if (on) {
            painter->setRenderHint(QPainter::Antialiasing);
            painter->setPen(Qt::NoPen);
            painter->setBrush(m_theme.color(Role::Accent));
            painter->drawRoundedRect(QRect(box.left(), box.top() + 6, 3, box.height() - 12), 1.5, 1.5);
        }
        const QColor text = m_theme.color(on ? Role::Text : Role::TextMuted);
        paintIcon(*painter, QRect(box.left() + 10, box.top() + (box.height() - 16) / 2, 16, 16), index.data(IconName).toString(), text);
        const int count = paintCount(*painter, box, index);
        painter->setFont(Theme::font(on ? Type::BodyStrong : Type::BodyMedium));
        painter->setPen(text);
        const QRect room = box.adjusted(36, 0, -count - 6, 0);
        if (room.width() > 24)
            painter->drawText(room, int(Qt::AlignLeft | Qt::AlignVCenter) | Qt::TextSingleLine, index.data().toString());
    }

private:
    // The width it took from the right.
    int paintCount(QPainter &painter, const QRect &box, const QModelIndex &index) const
    {
        const int count = index.data(Count).toInt();
        if (count == 0 || box.width() < narrowWidth)
            return 0;
        const bool hot = index.data(Hot).toBool();
        const QString number = QString::number(count);
        const QFont font = Theme::font(Type::CaptionStrong);
        const int padding = hot ? 7 : 0;
        const int height = QFontMetrics(font).height() + 3;
        const int width = std::max(QFontMetrics(font).horizontalAdvance(number) + 2 * padding, hot ? height : 0);
        const QRect pill(box.right() - 9 - width, box.top() + (box.height() - height) / 2, width, height);
        if (hot)
            paintPanel(painter, pill, m_theme.color(Role::Accent), m_theme.color(Role::Accent), height / 2.0);
        painter.setFont(font);
        painter.setPen(m_theme.color(hot ? Role::OnAccent : Role::TextMuted));
        painter.drawText(pill, int(Qt::AlignCenter), number);
        return width + 9;
    }

    const Theme &m_theme;
};

} // namespace

// An icon and a few small words.
class Sidebar::FootLine : public QWidget
{
public:
    FootLine(const Theme &theme, const QString &icon, const QString &name)
        : label(new PlainLabel(theme, {}, Type::Caption, Role::TextFaint)), m_theme(theme), m_icon(icon)
    {
        label->setObjectName(name);
        auto *layout = new QHBoxLayout(this);
        layout->setContentsMargins(10 + 12 + 6, 0, 4, 0);
        layout->addWidget(label);
    }
    PlainLabel *label;

protected:
    void paintEvent(QPaintEvent *) override
    {
        QPainter painter(this);
        paintIcon(painter, QRect(10, (height() - 12) / 2, 12, 12), m_icon, m_theme.color(Role::TextFaint));
    }

private:
    const Theme &m_theme;
    QString m_icon;
};

Sidebar::Sidebar(const Theme &theme, QWidget *parent)
    : QWidget(parent),
      m_theme(theme),
      m_list(new QListView),
      m_entries(new QStandardItemModel(this)),
      m_endpoint(new FootLine(theme, QStringLiteral("link"), QStringLiteral("nav.endpoint"))),
      m_log(new FootLine(theme, QStringLiteral("shield-check"), QStringLiteral("nav.log")))
{
    setObjectName(QStringLiteral("sidebar"));
    m_list->setObjectName(QStringLiteral("nav"));
    m_list->setAccessibleName(tr("Pages"));
    m_list->setModel(m_entries);
    m_list->setItemDelegate(new EntryDelegate(theme, m_list));
    m_list->setFrameShape(QFrame::NoFrame);
    m_list->setSpacing(0);
    m_list->setMouseTracking(true);
    m_list->setEditTriggers(QAbstractItemView::NoEditTriggers);
    m_list->setHorizontalScrollBarPolicy(Qt::ScrollBarAlwaysOff);
    m_list->setVerticalScrollBarPolicy(Qt::ScrollBarAlwaysOff);
    m_list->viewport()->setAutoFillBackground(false);
    auto *layout = new QVBoxLayout(this);
    layout->setContentsMargins(8, 10, 9, 14);
    layout->setSpacing(3);
    layout->addWidget(m_list, 1);
    layout->addWidget(m_endpoint);
    layout->addWidget(m_log);
    setNarrow(false);
    connect(m_list->selectionModel(), &QItemSelectionModel::currentChanged, this,
            [this](const QModelIndex &now) { Q_EMIT chosen(now.row()); });
}

void Sidebar::addEntry(const Page::Entry &entry)
{
    auto *item = new QStandardItem(entry.title);
    item->setData(entry.icon, IconName);
    item->setData(entry.title, Qt::AccessibleTextRole);
    m_entries->appendRow(item);
}

void Sidebar::setCount(int row, int count, Page::CountLook look)
{
    QStandardItem *item = m_entries->item(row);
    item->setData(count, Count);
    item->setData(look == Page::CountLook::Hot, Hot);
    QString spoken = item->text();
    if (count > 0)
        spoken = look == Page::CountLook::Hot ? tr("%1, %n waiting", nullptr, count).arg(item->text())
                                              : tr("%1, %2").arg(item->text()).arg(count);
    item->setData(spoken, Qt::AccessibleTextRole);
}

void Sidebar::setCurrent(int row)
{
    m_list->setCurrentIndex(m_entries->index(row, 0));
}

void Sidebar::setFoot(const QString &endpoint, const QString &logState)
{
    m_endpoint->label->setText(endpoint.isEmpty() ? tr("Not listening") : endpoint);
    m_log->label->setText(logState);
    m_log->setVisible(!logState.isEmpty() && !m_narrow);
}

void Sidebar::setNarrow(bool narrow)
{
    m_narrow = narrow;
    setFixedWidth(narrow ? narrowWidth + 1
                         : std::max(int(metric::sidebar), QFontMetrics(Theme::font(Type::BodyStrong)).averageCharWidth() * 24));
    m_endpoint->setVisible(!narrow);
    m_log->setVisible(!narrow && !m_log->label->text().isEmpty());
    for (int row = 0; row < m_entries->rowCount(); ++row)
        m_entries->item(row)->setToolTip(narrow ? m_entries->item(row)->text() : QString());
}

void Sidebar::paintEvent(QPaintEvent *)
{
    QPainter painter(this);
    painter.fillRect(rect(), m_theme.color(Role::Sidebar));
    painter.fillRect(QRect(width() - 1, 0, 1, height()), m_theme.color(Role::Border));
}

} // namespace ui
