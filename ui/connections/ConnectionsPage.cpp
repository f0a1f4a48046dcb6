// SPDX-FileCopyrightText: 2026 The Countersign authors
// SPDX-License-Identifier: GPL-3.0-or-later
#include "ui/connections/ConnectionsPage.h"
#include "ui/connections/ConnectionDetail.h"
#include "ui/connections/ConnectionGrid.h"
#include "ui/shell/EnvLooks.h"
#include "ui/widgets/Button.h"
#include "ui/widgets/EmptyState.h"
#include "ui/widgets/Note.h"
#include <QClipboard>
#include <QGuiApplication>
#include <QHBoxLayout>
#include <QPainter>
#include <QSplitter>
#include <QVBoxLayout>

namespace ui {

using mcpcore::Completion;
using mcpcore::ConnectionState;
using mcpcore::Result;

namespace {

constexpr int kNarrowWindow = 1040; // below it the detail covers the grid
const QString kAddCommand = QStringLiteral("countersignctl connection add NAME --url https://HOST/mcp --auth oauth");

} // namespace

ConnectionsPage::ConnectionsPage(Desk &desk, const Theme &theme, const mcpcore::Clock &clock, QWidget *parent)
    : Page({QStringLiteral("connections"), tr("Connections"), QStringLiteral("connections")}, parent),
      m_desk(desk),
      m_theme(theme),
      m_clock(clock),
      m_signIns(desk, nullptr),
      m_model(desk, m_signIns)
{
    setObjectName(QStringLiteral("connections"));
    build();
    connect(&desk, &Desk::workspaceChanged, this, [this] {
        refresh();
        ask();
    });
    connect(&desk, &Desk::connectionsChanged, this, &ConnectionsPage::ask);
    connect(&m_signIns, &SignIns::changed, this, &ConnectionsPage::refresh);
    connect(&m_signIns, &SignIns::said, this, &Page::said);
    connect(m_grid, &ConnectionGrid::placeOpened, this, &ConnectionsPage::openDetail);
    connect(m_grid, &ConnectionGrid::actWanted, this, &ConnectionsPage::act);
    connect(m_grid, &ConnectionGrid::selectionMoved, this, [this] {
        const Place place = m_grid->selected();
        if (!place.isEmpty() && (!isNarrow() || !m_detail->isHidden()))
            openDetail(place);
    });
    connect(m_detail, &ConnectionDetail::closed, this, &ConnectionsPage::closeDetail);
    connect(m_detail, &ConnectionDetail::signInWanted, &m_signIns, &SignIns::begin);
    connect(m_detail, &ConnectionDetail::cancelWanted, &m_signIns, &SignIns::cancel);
    connect(m_detail, &ConnectionDetail::signOutWanted, &m_signIns, &SignIns::signOut);
    connect(m_detail, &ConnectionDetail::pageWanted, this, [this](const QString &address) { m_desk.openPage(address); });
    connect(m_detail, &ConnectionDetail::said, this, &Page::said);
    m_grid->setFocus();
    arrange();
}

// The views go before the model they show.
ConnectionsPage::~ConnectionsPage()
{
    m_signIns.disconnect(this);
    qDeleteAll(findChildren<QWidget *>(Qt::FindDirectChildrenOnly));
}

void ConnectionsPage::build()
{
    buildMain();
    m_detail = new ConnectionDetail(m_theme, this);
    m_detail->setMinimumWidth(320);
    m_detail->hide();
    auto *splitter = new QSplitter(Qt::Horizontal, this);
    splitter->setChildrenCollapsible(false);
    splitter->setHandleWidth(1);
    splitter->addWidget(m_main);
    splitter->addWidget(m_detail);
    splitter->setStretchFactor(0, 1);
    splitter->setStretchFactor(1, 0);
    splitter->setSizes({640, metric::detail});
    auto *page = new QVBoxLayout(this);
    page->setContentsMargins(0, 0, 0, 0);
    page->setSpacing(0);
    page->addWidget(m_bar);
    page->addWidget(splitter, 1);
}

void ConnectionsPage::buildMain()
{
    m_bar = new QWidget(this);
    m_bar->setMinimumHeight(metric::toolbar);
    auto *title = new PlainLabel(m_theme, tr("Connections"), Type::Title, Role::Text, m_bar);
    auto *keychain = new PlainLabel(m_theme, tr("Keys and sign-ins are in the system keychain"), Type::Small, Role::TextMuted, m_bar);
    auto *bar = new QHBoxLayout(m_bar);
    bar->setContentsMargins(metric::pageEdge, 0, metric::pageEdge, 0);
    bar->setSpacing(12);
    bar->addWidget(title);
    bar->addWidget(keychain, 1);

    m_main = new QWidget(this);
    m_grid = new ConnectionGrid(m_theme, m_model, m_main);
    m_problem = new Note(m_theme, Note::Kind::Caution, m_main);
    m_problem->setObjectName(QStringLiteral("connections.problem"));
    m_problem->hide();
    m_hint = new Note(m_theme, Note::Kind::Plain, m_main);
    m_hint->setObjectName(QStringLiteral("connections.hint"));
    m_hint->setText({}, tr("Arrow keys move through the grid, Enter opens a cell, Esc closes it. Add a connection at a terminal: "
                           "countersignctl connection add"));
    m_empty = new EmptyState(m_theme, QStringLiteral("connections"), tr("No vendor is connected"),
                             tr("Clients see no tools until there is one. Add a vendor at a terminal with countersignctl connection add, "
                                "or start with Practice: it needs no key and nothing in it is real."),
                             m_main);
    m_practice = m_empty->addButton(QStringLiteral("connections.practice"), tr("Start with Practice"), Button::Kind::Primary);
    Button *copy = m_empty->addButton(QStringLiteral("connections.copy-add"), tr("Copy the command"));
    connect(m_practice, &QAbstractButton::clicked, this, &ConnectionsPage::addPractice);
    connect(copy, &QAbstractButton::clicked, this, [this] {
        QGuiApplication::clipboard()->setText(kAddCommand);
        Q_EMIT said(tr("Copied: %1").arg(kAddCommand));
    });

    auto *notes = new QVBoxLayout;
    notes->setContentsMargins(metric::pageEdge, 14, metric::pageEdge, 14);
    notes->setSpacing(8);
    notes->addWidget(m_problem);
    notes->addWidget(m_hint);
    auto *column = new QVBoxLayout(m_main);
    column->setContentsMargins(0, 0, 0, 0);
    column->setSpacing(0);
    column->addWidget(m_grid, 1000);
    column->addWidget(m_empty, 1000);
    column->addLayout(notes);
    column->addStretch(1);
}

void ConnectionsPage::ask()
{
    if (!isVisible())
        return;
    if (std::exchange(m_asking, true)) {
        m_askAgain = true;
        return;
    }
    m_desk.connectionStates(
        Completion<QList<ConnectionState>>(this, [this](const Result<QList<ConnectionState>> &states) { takeStates(states); }));
}

void ConnectionsPage::takeStates(const Result<QList<ConnectionState>> &states)
{
    m_asking = false;
    m_problem->setText(tr("How the connections stand is not known."), states ? QString() : states.error().message);
    m_problem->setVisible(!states);
    if (states) {
        m_model.setStates(*states);
        refreshDetail();
        watchNextEnd(*states);
    }
    arrange();
    if (std::exchange(m_askAgain, false))
        ask();
}

// An access that ends changes what is true without anybody telling.
void ConnectionsPage::watchNextEnd(const QList<ConnectionState> &states)
{
    const std::chrono::milliseconds now = m_desk.now();
    std::chrono::milliseconds next{};
    for (const ConnectionState &state : states)
        if (state.signIn && state.signIn->expires > now && (next.count() == 0 || state.signIn->expires < next))
            next = state.signIn->expires;
    ++m_watch;
    if (next.count() == 0)
        return;
    m_clock.after(next - now + std::chrono::seconds(1), this, [this, watch = m_watch] {
        if (watch == m_watch)
            ask();
    });
}

void ConnectionsPage::refresh()
{
    const Place open = m_detail->isHidden() ? Place() : m_detail->place();
    m_model.refresh();
    if (!open.isEmpty() && !m_model.indexOf(open).isValid())
        closeDetail();
    else if (!open.isEmpty() && m_grid->selected() != open)
        m_grid->select(open);
    refreshDetail();
    arrange();
}

void ConnectionsPage::openDetail(const Place &place)
{
    if (place.isEmpty())
        return;
    if (m_grid->selected() != place)
        m_grid->select(place);
    m_detail->clear();
    m_detail->show();
    const mcpcore::Workspace &workspace = m_desk.workspace();
    if (const mcpcore::Connection *connection = mcpcore::find(workspace, place.connection))
        m_detail->setKnown({workspace, *connection, place.environment, m_model.stateOf(place), m_signIns.at(place), m_desk.now()},
                           lookOf(workspace, place.environment));
    arrange();
}

void ConnectionsPage::refreshDetail()
{
    const Place place = m_detail->place();
    const mcpcore::Workspace &workspace = m_desk.workspace();
    const mcpcore::Connection *connection = mcpcore::find(workspace, place.connection);
    if (!m_detail->isHidden() && connection)
        m_detail->setKnown({workspace, *connection, place.environment, m_model.stateOf(place), m_signIns.at(place), m_desk.now()},
                           lookOf(workspace, place.environment));
}

void ConnectionsPage::closeDetail()
{
    m_detail->hide();
    m_detail->clear();
    m_grid->clearSelection();
    arrange();
    if (isVisible())
        m_grid->setFocus(Qt::OtherFocusReason);
}

bool ConnectionsPage::leave()
{
    if (m_detail->isHidden())
        return false;
    closeDetail();
    return true;
}

QList<QWidget *> ConnectionsPage::parts()
{
    QList<QWidget *> parts{m_grid};
    if (!m_detail->isHidden())
        parts.append(m_detail->findChild<QWidget *>(QStringLiteral("connections.detail.scroll")));
    return parts;
}

void ConnectionsPage::act(const Place &place, ConnectionText::Act act)
{
    openDetail(place);
    switch (act) {
    case ConnectionText::Act::None:
    case ConnectionText::Act::SetKey: return; // the detail says how
    case ConnectionText::Act::SignIn: return m_signIns.begin(place);
    }
}

void ConnectionsPage::addPractice()
{
    m_practice->setEnabled(false);
    m_desk.addPractice(Completion<>(this, [this](Result<> added) {
        m_practice->setEnabled(true);
        if (!added)
            Q_EMIT said(added.error().message);
    }));
}

bool ConnectionsPage::isNarrow() const
{
    return window()->width() < kNarrowWindow;
}

void ConnectionsPage::arrange()
{
    const bool empty = m_model.rowCount() == 0;
    m_bar->setVisible(!empty);
    m_grid->setVisible(!empty);
    m_hint->setVisible(!empty);
    m_empty->setVisible(empty);
    m_grid->setMaximumHeight(m_grid->wholeHeight());
    m_main->setVisible(m_detail->isHidden() || !isNarrow());
    update();
}

void ConnectionsPage::showEvent(QShowEvent *event)
{
    Page::showEvent(event);
    m_model.refresh();
    arrange();
    ask();
}

void ConnectionsPage::resizeEvent(QResizeEvent *event)
{
    Page::resizeEvent(event);
    arrange();
}

void ConnectionsPage::paintEvent(QPaintEvent *)
{
    QPainter painter(this);
    painter.fillRect(rect(), m_theme.color(Role::Window));
    if (!m_bar->isHidden())
        painter.fillRect(QRect(0, m_bar->geometry().bottom(), width(), 1), m_theme.color(Role::Border));
}

} // namespace ui
