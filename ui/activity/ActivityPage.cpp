// SPDX-FileCopyrightText: 2026 The Countersign authors
// SPDX-License-Identifier: GPL-3.0-or-later
#include "ui/activity/ActivityPage.h"
#include "ui/activity/ActivityDelegate.h"
#include "ui/activity/ActivityText.h"
#include "ui/activity/CallDetail.h"
#include "ui/shell/EnvLooks.h"
#include "ui/widgets/Button.h"
#include "ui/widgets/Chip.h"
#include "ui/widgets/EmptyState.h"
#include "ui/widgets/PlainLabel.h"
#include <QHBoxLayout>
#include <QKeyEvent>
#include <QMenu>
#include <QPainter>
#include <QScrollBar>
#include <QSplitter>
#include <QTableView>
#include <QVBoxLayout>

namespace ui {

namespace {
constexpr mcpcore::Milliseconds kBatch{100};
constexpr int kNarrow = 840; // below it the detail covers the table
} // namespace

ActivityPage::ActivityPage(Desk &desk, const Theme &theme, const mcpcore::Clock &clock, QWidget *parent)
    : Page({QStringLiteral("activity"), tr("Activity"), QStringLiteral("activity")}, parent),
      m_desk(desk),
      m_theme(theme),
      m_clock(clock),
      m_model(desk.logPath())
{
    setObjectName(QStringLiteral("activity"));
    build();
    connect(&desk, &Desk::logAppended, this, &ActivityPage::onAppended);
    connect(m_table->verticalScrollBar(), &QScrollBar::valueChanged, this, [this](int value) {
        m_model.setLive(value == 0);
        arrange();
    });
    // Not the current row: that one comes with the focus alone.
    connect(m_table->selectionModel(), &QItemSelectionModel::selectionChanged, this, [this](const QItemSelection &selected) {
        if (!selected.isEmpty())
            openDetail();
    });
    connect(m_table, &QAbstractItemView::clicked, this, &ActivityPage::openDetail);
    connect(&m_model, &ActivityModel::newCallsChanged, this, &ActivityPage::arrange);
    connect(&m_model, &ActivityModel::problemChanged, this, &ActivityPage::arrange);
    connect(&m_model, &QAbstractItemModel::dataChanged, this, [this](const QModelIndex &first) {
        const mcpcore::CallSummary *call = m_model.at(first.row());
        if (call && !m_detail->isHidden() && call->call == m_detail->call())
            reloadDetail();
    });
    connect(m_detail, &CallDetail::closed, this, &ActivityPage::closeDetail);
    connect(m_detail, &CallDetail::answerWanted, this, [this] { Q_EMIT pageWanted(QStringLiteral("approvals")); });
    connect(m_newCalls, &QAbstractButton::clicked, this, &ActivityPage::scrollToTop);
    m_table->setFocus(); // where the focus goes when the page is first shown
    arrange();
}

// The views go before the model they show.
ActivityPage::~ActivityPage()
{
    m_model.disconnect(this);
    qDeleteAll(findChildren<QWidget *>(Qt::FindDirectChildrenOnly));
}

void ActivityPage::build()
{
    m_main = new QWidget(this);
    m_filters = new QWidget(m_main);
    m_filters->setObjectName(QStringLiteral("activity.filters"));
    auto *filterRow = new QHBoxLayout(m_filters);
    filterRow->setContentsMargins(metric::pageEdge, 0, metric::pageEdge, 0);
    filterRow->setSpacing(8);
    m_filters->setMinimumHeight(metric::toolbar);
    for (const auto &[id, title] :
         {std::pair{QStringLiteral("client"), tr("Client")}, std::pair{QStringLiteral("connection"), tr("Connection")},
          std::pair{QStringLiteral("environment"), tr("Environment")}, std::pair{QStringLiteral("decision"), tr("Decision")}})
        filterRow->addWidget(addFilter(id, title));
    filterRow->addStretch(1);

    m_table = new QTableView(m_main);
    m_table->setObjectName(QStringLiteral("activity.table"));
    m_table->setAccessibleName(tr("Calls"));
    m_table->setModel(&m_model);
    m_table->setItemDelegate(new ActivityDelegate(m_theme, m_table));
    m_table->setHorizontalHeader(new ActivityHeader(m_theme, m_table));
    m_table->setFrameShape(QFrame::NoFrame);
    m_table->setShowGrid(false);
    m_table->setWordWrap(false);
    m_table->setTabKeyNavigation(false);
    m_table->setSelectionBehavior(QAbstractItemView::SelectRows);
    m_table->setSelectionMode(QAbstractItemView::SingleSelection);
    m_table->setEditTriggers(QAbstractItemView::NoEditTriggers);
    m_table->setHorizontalScrollBarPolicy(Qt::ScrollBarAlwaysOff);
    m_table->verticalHeader()->hide();
    m_table->verticalHeader()->setSectionResizeMode(QHeaderView::Fixed);
    m_table->verticalHeader()->setDefaultSectionSize(std::max(int(metric::row), QFontMetrics(m_theme.font(Type::Body)).height() + 8));
    QHeaderView *heads = m_table->horizontalHeader();
    const QFontMetrics small(m_theme.font(Type::Small));
    heads->setSectionResizeMode(QHeaderView::Fixed);
    heads->setSectionResizeMode(ActivityModel::What, QHeaderView::Stretch);
    heads->resizeSection(ActivityModel::Time, small.horizontalAdvance(QStringLiteral("00-00 00:00")) + 18);
    heads->resizeSection(ActivityModel::Environment, 112);
    heads->resizeSection(ActivityModel::Client, 108);
    heads->resizeSection(ActivityModel::Result, 160);
    m_table->installEventFilter(this);

    m_empty = new EmptyState(m_theme, QStringLiteral("activity"), {}, {}, m_main);
    m_newCalls = new Button(m_theme, {}, Button::Kind::Primary, m_main);
    m_newCalls->setObjectName(QStringLiteral("activity.new"));
    m_newCalls->hide();
    m_foot = new PlainLabel(m_theme, {}, Type::Caption, Role::TextFaint, m_main);
    m_foot->setObjectName(QStringLiteral("activity.foot"));
    m_foot->setMinimumHeight(26);
    m_foot->setAlignment(Qt::AlignVCenter);
    auto *column = new QVBoxLayout(m_main);
    column->setContentsMargins(0, 0, 0, 0);
    column->setSpacing(0);
    column->addWidget(m_filters);
    column->addWidget(m_table, 1);
    column->addWidget(m_empty, 1);
    auto *foot = new QHBoxLayout;
    foot->setContentsMargins(12, 0, 12, 0);
    foot->addWidget(m_foot);
    column->addLayout(foot);

    m_detail = new CallDetail(m_theme, this);
    m_detail->hide();
    auto *splitter = new QSplitter(Qt::Horizontal, this);
    splitter->setChildrenCollapsible(false);
    splitter->setHandleWidth(1);
    splitter->addWidget(m_main);
    splitter->addWidget(m_detail);
    splitter->setStretchFactor(0, 1);
    splitter->setStretchFactor(1, 0);
    splitter->setSizes({660, metric::detail});
    m_detail->setMinimumWidth(300);
    auto *page = new QVBoxLayout(this);
    page->setContentsMargins(0, 0, 0, 0);
    page->addWidget(splitter);
}

Chip *ActivityPage::addFilter(const QString &id, const QString &title)
{
    auto *chip = new Chip(m_theme, title, m_filters);
    chip->setObjectName(QStringLiteral("activity.filter.") + id);
    connect(chip, &QAbstractButton::clicked, this, [this, chip, id, title] { openFilter(chip, id, title); });
    return chip;
}

QString *ActivityPage::valueOf(mcpcore::LogReader::Filter &filter, const QString &id) const
{
    return id == QLatin1String("client")        ? &filter.client
           : id == QLatin1String("connection")  ? &filter.connection
           : id == QLatin1String("environment") ? &filter.environment
                                                : &filter.decision;
}

QList<ActivityPage::Choice> ActivityPage::choicesOf(const QString &id) const
{
    const mcpcore::Workspace &workspace = m_desk.workspace();
    QList<Choice> choices{{{}, tr("Any")}};
    if (id == QLatin1String("client"))
        for (const mcpcore::Client &client : workspace.clients)
            choices.append({client.id.text, ActivityText::name(client.label)});
    else if (id == QLatin1String("connection"))
        for (const mcpcore::Connection &connection : workspace.connections)
            choices.append({connection.id.text, connection.id.text});
    else if (id == QLatin1String("environment"))
        for (const mcpcore::Environment &environment : workspace.environments)
            choices.append({environment.id.text, wordOf(environment.id)});
    else
        choices += {{QStringLiteral("allowed"), tr("Allowed")}, {QStringLiteral("denied"), tr("Denied")}};
    return choices;
}

void ActivityPage::openFilter(Chip *chip, const QString &id, const QString &title)
{
    mcpcore::LogReader::Filter filter = m_model.filter();
    const QString chosen = *valueOf(filter, id);
    chip->setChecked(!chosen.isEmpty());
    auto *menu = new QMenu(chip);
    menu->setAttribute(Qt::WA_DeleteOnClose);
    menu->setObjectName(chip->objectName() + QStringLiteral(".menu"));
    for (const Choice &choice : choicesOf(id)) {
        QAction *action = menu->addAction(withoutMnemonics(choice.text));
        action->setCheckable(true);
        action->setChecked(choice.value == chosen);
        connect(action, &QAction::triggered, this, [this, chip, id, title, choice] { choose(chip, id, title, choice); });
    }
    menu->popup(chip->mapToGlobal(QPoint(0, chip->height() + 2)));
}

void ActivityPage::choose(Chip *chip, const QString &id, const QString &title, const Choice &choice)
{
    mcpcore::LogReader::Filter filter = m_model.filter();
    *valueOf(filter, id) = choice.value;
    chip->setText(choice.value.isEmpty() ? title : tr("%1: %2", "what is filtered, its value").arg(title, choice.text));
    chip->setChecked(!choice.value.isEmpty());
    closeDetail();
    m_model.setFilter(filter);
    m_table->scrollToTop();
    arrange();
}

void ActivityPage::onAppended()
{
    if (m_refreshDue || !isVisible())
        return;
    m_refreshDue = true;
    m_clock.after(kBatch, this, [this] {
        m_refreshDue = false;
        if (isVisible())
            refresh();
    });
}

void ActivityPage::refresh()
{
    m_model.setNow(m_desk.now());
    m_model.refresh();
    arrange();
}

const mcpcore::CallSummary *ActivityPage::selected() const
{
    const QModelIndexList rows = m_table->selectionModel()->selectedRows();
    return rows.isEmpty() ? nullptr : m_model.at(rows.first().row());
}

void ActivityPage::openDetail()
{
    const mcpcore::CallSummary *call = selected();
    if (!call)
        return;
    if (m_detail->isHidden() || m_detail->call() != call->call) {
        m_detail->show();
        reloadDetail();
    }
    arrange();
}

void ActivityPage::reloadDetail()
{
    const mcpcore::CallSummary *found = selected();
    if (!found)
        return;
    const mcpcore::CallSummary call = *found;
    const mcpcore::LogReader *reader = m_model.reader();
    if (!reader)
        return m_detail->setProblem(call, m_model.problem());
    const auto entries = reader->story(call.call);
    if (entries)
        m_detail->setCall(call, *entries);
    else
        m_detail->setProblem(call, entries.error().message);
}

void ActivityPage::closeDetail()
{
    m_detail->hide();
    m_table->clearSelection();
    m_table->setCurrentIndex({});
    arrange();
    if (isVisible())
        m_table->setFocus(Qt::OtherFocusReason);
}

bool ActivityPage::leave()
{
    if (m_detail->isHidden())
        return false;
    closeDetail();
    return true;
}

QList<QWidget *> ActivityPage::parts()
{
    QList<QWidget *> parts{m_table};
    if (!m_detail->isHidden())
        parts.append(m_detail->findChild<QWidget *>(QStringLiteral("activity.detail.arguments")));
    return parts;
}

void ActivityPage::scrollToTop()
{
    m_table->scrollToTop();
    m_model.setLive(true);
    m_table->setFocus(Qt::OtherFocusReason);
    arrange();
}

void ActivityPage::arrange()
{
    const bool empty = m_model.rowCount() == 0;
    m_table->setVisible(!empty);
    m_empty->setVisible(empty);
    if (!m_model.problem().isEmpty())
        m_empty->setContent(QStringLiteral("caution"), tr("The activity log cannot be shown"), m_model.problem());
    else if (!isFiltered())
        m_empty->setContent(QStringLiteral("activity"), tr("No calls yet"),
                            tr("Every call of every client is listed here, with who decided and what became of it."));
    else
        m_empty->setContent(QStringLiteral("filter"), tr("No call matches"), tr("Choose Any in a filter to see more."));
    const int fresh = m_model.newCalls();
    m_newCalls->setText(fresh >= ActivityModel::kPage ? tr("%1 or more new").arg(fresh) : tr("%1 new").arg(fresh));
    m_newCalls->setVisible(fresh > 0 && !empty);
    m_newCalls->adjustSize();
    m_newCalls->move(m_table->x() + (m_table->width() - m_newCalls->width()) / 2, m_table->y() + m_table->horizontalHeader()->height() + 8);
    m_newCalls->raise();
    m_foot->setVisible(!empty);
    m_foot->setText(m_model.isLive() ? tr("Live, newest on top") : tr("Not live: scroll to the top to follow"));
    m_main->setVisible(m_detail->isHidden() || width() >= kNarrow);
    update();
}

bool ActivityPage::isFiltered() const
{
    const mcpcore::LogReader::Filter &filter = m_model.filter();
    return !filter.client.isEmpty() || !filter.connection.isEmpty() || !filter.environment.isEmpty() || !filter.decision.isEmpty();
}

void ActivityPage::showEvent(QShowEvent *event)
{
    Page::showEvent(event);
    refresh();
}

void ActivityPage::resizeEvent(QResizeEvent *event)
{
    Page::resizeEvent(event);
    arrange();
}

bool ActivityPage::eventFilter(QObject *watched, QEvent *event)
{
    if (watched == m_table && event->type() == QEvent::KeyPress) {
        const int key = static_cast<QKeyEvent *>(event)->key();
        if (key == Qt::Key_Return || key == Qt::Key_Enter) {
            if (m_table->currentIndex().isValid())
                m_table->selectRow(m_table->currentIndex().row());
            openDetail();
            return true;
        }
    }
    return Page::eventFilter(watched, event);
}

void ActivityPage::paintEvent(QPaintEvent *)
{
    QPainter painter(this);
    painter.fillRect(rect(), m_theme.color(Role::Window));
    painter.fillRect(QRect(0, m_filters->geometry().bottom(), m_main->width(), 1), m_theme.color(Role::Border));
}

} // namespace ui
