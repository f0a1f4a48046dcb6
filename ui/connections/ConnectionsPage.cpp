// SPDX-FileCopyrightText: 2026 The Countersign authors
// SPDX-License-Identifier: GPL-3.0-or-later
#include "ui/connections/ConnectionsPage.h"
#include "ui/connections/ConnectionDetail.h"
#include "ui/connections/ConnectionGrid.h"
#include "ui/connections/KeyStoreLine.h"
#include "ui/connections/KeyText.h"
#include "ui/shell/EnvLooks.h"
#include "ui/widgets/Button.h"
#include "ui/widgets/EmptyState.h"
#include "ui/widgets/Note.h"
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

} // namespace

ConnectionsPage::ConnectionsPage(Desk &desk, const Theme &theme, const mcpcore::Clock &clock, QWidget *parent)
    : Page({QStringLiteral("connections"), tr("Connections"), QStringLiteral("connections")}, parent),
      m_desk(desk),
      m_theme(theme),
      m_clock(clock),
      m_signIns(desk, nullptr),
      m_keyActs(desk, nullptr),
      m_uses(desk, nullptr),
      m_model(desk, m_signIns, m_keyActs)
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
    connect(&desk, &Desk::locksChanged, this, &ConnectionsPage::refresh);
    connect(&desk, &Desk::logAppended, this, &ConnectionsPage::lookAtUses);
    connect(&m_keyActs, &KeyActs::changed, this, &ConnectionsPage::refresh);
    connect(&m_uses, &KeyUses::changed, this, [this] { refreshDetail(); });
    connect(m_grid, &ConnectionGrid::placeOpened, this, &ConnectionsPage::openDetail);
    connect(m_grid, &ConnectionGrid::actWanted, this, &ConnectionsPage::act);
    connect(m_grid, &ConnectionGrid::selectionMoved, this, [this] {
        const Place place = m_grid->selected();
        if (!place.isEmpty() && (!isNarrow() || !m_detail->isHidden()))
            openDetail(place);
    });
    connect(m_store, &KeyStoreLine::said, this, &Page::said);
    connect(m_detail, &ConnectionDetail::closed, this, &ConnectionsPage::closeDetail);
    connect(m_detail, &ConnectionDetail::signInWanted, &m_signIns, &SignIns::begin);
    connect(m_detail, &ConnectionDetail::cancelWanted, &m_signIns, &SignIns::cancel);
    connect(m_detail, &ConnectionDetail::signOutWanted, &m_signIns, &SignIns::signOut);
    connect(m_detail, &ConnectionDetail::pageWanted, this, [this](const QString &address) { m_desk.openPage(address); });
    connect(m_detail, &ConnectionDetail::said, this, &Page::said);
    connect(m_detail, &ConnectionDetail::logWanted, this, [this] { Q_EMIT pageWanted(QStringLiteral("activity")); });
    connect(m_detail, &ConnectionDetail::verifyWanted, this, &ConnectionsPage::verify);
    connect(m_detail, &ConnectionDetail::formWanted, this, &ConnectionsPage::openForm);
    connect(m_detail, &ConnectionDetail::picked, this, [this](const mcpcore::ClientId &client) {
        m_client = client;
        refreshDetail();
    });
    connect(m_detail, &ConnectionDetail::added, this, [this](const mcpcore::ConnectionId &added) {
        closeDetail();
        if (const mcpcore::Connection *connection = mcpcore::find(m_desk.workspace(), added); connection && isVisible())
            openDetail({added, connection->environments.value(0)});
    });
    connect(m_grid, &ConnectionGrid::keyPressed, this, &ConnectionsPage::doByKey);
    m_grid->setFocus();
    arrange();
}

// The views go before the model they show.
ConnectionsPage::~ConnectionsPage()
{
    m_signIns.disconnect(this);
    m_keyActs.disconnect(this);
    m_uses.disconnect(this);
    qDeleteAll(findChildren<QWidget *>(Qt::FindDirectChildrenOnly));
}

void ConnectionsPage::build()
{
    buildMain();
    m_detail = new ConnectionDetail(m_desk, m_theme, m_clock, this);
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
    page->addWidget(m_store->panel());
    page->addWidget(splitter, 1);
}

void ConnectionsPage::buildMain()
{
    m_bar = new QWidget(this);
    m_bar->setMinimumHeight(metric::toolbar);
    auto *title = new PlainLabel(m_theme, tr("Connections"), Type::Title, Role::Text, m_bar);
    m_store = new KeyStoreLine(m_desk, m_theme, m_clock, m_bar);
    auto *bar = new QHBoxLayout(m_bar);
    bar->setContentsMargins(metric::pageEdge, 0, metric::pageEdge, 0);
    bar->setSpacing(12);
    bar->addWidget(title);
    bar->addWidget(m_store, 1);
    m_verifyAll = new Button(m_theme, tr("Verify all"), Button::Kind::Normal, m_bar);
    m_verifyAll->setObjectName(QStringLiteral("connections.verify-all"));
    m_verifyAll->setIconName(QStringLiteral("refresh"));
    m_verifyAll->setEnterPresses();
    auto *add = new Button(m_theme, tr("Add connection"), Button::Kind::Primary, m_bar);
    add->setObjectName(QStringLiteral("connections.add"));
    add->setIconName(QStringLiteral("plus"));
    add->setEnterPresses();
    bar->addWidget(m_verifyAll);
    bar->addWidget(add);
    connect(m_verifyAll, &QAbstractButton::clicked, &m_keyActs, &KeyActs::verifyAll);
    connect(add, &QAbstractButton::clicked, this, &ConnectionsPage::openAdd);

    m_main = new QWidget(this);
    m_grid = new ConnectionGrid(m_theme, m_model, m_main);
    m_problem = new Note(m_theme, Note::Kind::Caution, m_main);
    m_problem->setObjectName(QStringLiteral("connections.problem"));
    m_problem->hide();
    m_hint = new Note(m_theme, Note::Kind::Plain, m_main);
    m_hint->setObjectName(QStringLiteral("connections.hint"));
    m_hint->setText({},
                    tr("Arrow keys move through the grid. Enter opens a cell, V verifies its key, T shows the tools, Del deletes the key, "
                       "Esc closes."));
    m_empty = new EmptyState(m_theme, QStringLiteral("connections"), tr("No vendor is connected"),
                             tr("Clients see no tools until there is one. Add a vendor, or start with Practice: it needs no key and "
                                "nothing in it is real."),
                             m_main);
    m_practice = m_empty->addButton(QStringLiteral("connections.practice"), tr("Start with Practice"), Button::Kind::Primary);
    Button *first = m_empty->addButton(QStringLiteral("connections.add-first"), tr("Add a connection"));
    connect(m_practice, &QAbstractButton::clicked, this, &ConnectionsPage::addPractice);
    connect(first, &QAbstractButton::clicked, this, &ConnectionsPage::openAdd);

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
    const auto consider = [&next, now](std::chrono::milliseconds at) {
        if (at > now && (next.count() == 0 || at < next))
            next = at;
    };
    for (const ConnectionState &state : states)
        if (state.signIn)
            consider(state.signIn->expires);
    for (const mcpcore::KeyRecord &key : m_desk.workspace().keys)
        consider(KeyText::nextChange(key, now));
    ++m_watch;
    if (next.count() == 0)
        return;
    const std::chrono::milliseconds day = std::chrono::hours(24); // timers count no more days than they have bits for
    m_clock.after(std::min(next - now + std::chrono::seconds(1), day), this, [this, watch = m_watch] {
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

void ConnectionsPage::refreshDetail()
{
    if (const Place place = m_detail->place(); !place.isEmpty())
        refreshDetail(place);
}

void ConnectionsPage::openDetail(const Place &place)
{
    if (place.isEmpty())
        return;
    if (m_grid->selected() != place)
        m_grid->select(place);
    if (m_detail->place() != place) {
        m_detail->clear();
        m_client = {};
    }
    m_detail->show();
    refreshDetail(place);
    m_uses.look(place);
    arrange();
}

std::optional<ConnectionText::Known> ConnectionsPage::known(const Place &place, const mcpcore::ClientId &client) const
{
    const mcpcore::Connection *connection = mcpcore::find(m_desk.workspace(), place.connection);
    if (!connection)
        return std::nullopt;
    ConnectionText::Known known = m_model.known(*connection, place.environment, client);
    const mcpcore::KeyRecord *key = known.key();
    known.use = key ? m_uses.at(key->id) : nullptr;
    return known;
}

void ConnectionsPage::refreshDetail(const Place &place)
{
    // A client's key that is gone leaves the one for all.
    if (!m_client.isEmpty() && !keyOf(m_desk.workspace(), place, m_client))
        m_client = {};
    if (const auto all = known(place, m_client); all && !m_detail->isHidden())
        m_detail->setKnown(*all, lookOf(m_desk.workspace(), place.environment));
}

void ConnectionsPage::openForm(const Place &place, const mcpcore::ClientId &client)
{
    if (const auto all = known(place, client))
        m_detail->openForm(*all);
}

void ConnectionsPage::openAdd()
{
    m_grid->clearSelection();
    m_detail->show();
    m_detail->openAdd();
    arrange();
}

void ConnectionsPage::verify(const Place &place, const mcpcore::ClientId &client)
{
    if (const mcpcore::KeyRecord *key = keyOf(m_desk.workspace(), place, client))
        m_keyActs.verify(*key);
}

// V, T and Del in the grid.
void ConnectionsPage::doByKey(int key)
{
    const Place place = m_grid->selected();
    const mcpcore::Connection *connection = mcpcore::find(m_desk.workspace(), place.connection);
    if (!connection || !connection->environments.contains(place.environment))
        return;
    openDetail(place);
    if (key == Qt::Key_V)
        verify(place, m_client);
    else if (key == Qt::Key_T)
        m_detail->openTools();
    else if (key == Qt::Key_Delete)
        m_detail->askDelete();
}

// The log grows with every call: it is read again at most every few seconds, and only while its part is seen.
void ConnectionsPage::lookAtUses()
{
    if (m_usesAsked || !isVisible() || m_detail->isHidden())
        return;
    m_usesAsked = true;
    m_clock.after(std::chrono::seconds(3), this, [this] {
        m_usesAsked = false;
        if (isVisible() && !m_detail->place().isEmpty())
            m_uses.look(m_detail->place());
    });
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
    if (!m_detail->leave())
        closeDetail();
    return true;
}

void ConnectionsPage::openPlace(const mcpcore::ConnectionId &connection, const mcpcore::EnvironmentId &environment)
{
    const Place place{connection, environment};
    if (!m_model.indexOf(place).isValid())
        return;
    openDetail(place);
    m_grid->setFocus(Qt::OtherFocusReason);
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
    case ConnectionText::Act::LookAtAlarm: return; // the detail says it
    case ConnectionText::Act::Place: return m_detail->beginPlace();
    case ConnectionText::Act::SetKey: return openForm(place, {});
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
    m_store->refresh();
    const bool empty = m_model.rowCount() == 0;
    m_bar->setVisible(!empty);
    m_verifyAll->setVisible(!m_desk.workspace().keys.isEmpty());
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
