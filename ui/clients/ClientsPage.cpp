// SPDX-FileCopyrightText: 2026 The Countersign authors
// SPDX-License-Identifier: GPL-3.0-or-later
#include "ui/clients/ClientsPage.h"
#include "ui/clients/ClientDelegate.h"
#include "ui/clients/ClientDetail.h"
#include "ui/clients/ClientPreview.h"
#include "ui/clients/ImportPanel.h"
#include "ui/clients/SnippetPanel.h"
#include "ui/widgets/Button.h"
#include "ui/widgets/EmptyState.h"
#include "ui/widgets/Note.h"
#include <QListView>
#include <QPainter>
#include <QScopedValueRollback>
#include <QScrollArea>
#include <QSplitter>
#include <QStackedWidget>
#include <QVBoxLayout>

namespace ui {

using mcpcore::Completion;
using mcpcore::Result;
using Group = ClientText::Group;

namespace {

constexpr int kList = 308;

} // namespace

ClientsPage::ClientsPage(Desk &desk, const Theme &theme, const mcpcore::Clock &clock, QWidget *parent)
    : Page({QStringLiteral("clients"), tr("Clients"), QStringLiteral("clients")}, parent), m_desk(desk), m_theme(theme), m_model(desk)
{
    setObjectName(QStringLiteral("clients"));
    buildList();
    buildSides(clock);
    auto *splitter = new QSplitter(Qt::Horizontal, this);
    splitter->setChildrenCollapsible(false);
    splitter->setHandleWidth(1);
    splitter->addWidget(m_left);
    splitter->addWidget(m_sides);
    splitter->setStretchFactor(0, 0);
    splitter->setStretchFactor(1, 1);
    splitter->setSizes({kList, 700});
    auto *page = new QVBoxLayout(this);
    page->setContentsMargins(0, 0, 0, 0);
    page->addWidget(splitter);

    connect(&desk, &Desk::workspaceChanged, this, [this] {
        if (isVisible())
            m_model.refresh();
        ask();
        Q_EMIT countChanged();
    });
    connect(&desk, &Desk::clientsChanged, this, &ClientsPage::ask);
    connect(m_list->selectionModel(), &QItemSelectionModel::currentChanged, this, &ClientsPage::onCurrent);
    connectSides();
}

// The view goes before the model it shows.
ClientsPage::~ClientsPage()
{
    qDeleteAll(findChildren<QWidget *>(Qt::FindDirectChildrenOnly));
}

void ClientsPage::buildList()
{
    m_left = new QWidget(this);
    m_left->setMinimumWidth(240);
    auto *title = new PlainLabel(m_theme, tr("Clients"), Type::Title, Role::Text, m_left);
    auto *look = new Button(m_theme, {}, Button::Kind::Flat, m_left);
    look->setObjectName(QStringLiteral("clients.refresh"));
    look->setIconName(QStringLiteral("refresh"));
    look->setAccessibleName(tr("Look for clients again"));
    look->setToolTip(tr("Look for clients again"));
    look->setEnterPresses();
    m_other = new Button(m_theme, tr("Other …"), Button::Kind::Normal, m_left);
    m_other->setObjectName(QStringLiteral("clients.other"));
    m_other->setIconName(QStringLiteral("plus"));
    m_other->setCheckable(true);
    m_other->setEnterPresses();
    auto *bar = new QHBoxLayout;
    bar->setContentsMargins(14, 10, 14, 10);
    bar->setSpacing(8);
    bar->addWidget(title, 1);
    bar->addWidget(look);
    bar->addWidget(m_other);
    m_problem = new Note(m_theme, Note::Kind::Caution, m_left);
    m_problem->setObjectName(QStringLiteral("clients.problem"));
    m_problem->setIcon(QStringLiteral("caution"));
    m_problem->hide();
    m_list = new QListView(m_left);
    m_list->setObjectName(QStringLiteral("clients.list"));
    m_list->setAccessibleName(tr("Clients"));
    m_list->setModel(&m_model);
    m_list->setItemDelegate(new ClientDelegate(m_theme, m_model, m_list));
    m_list->setFrameShape(QFrame::NoFrame);
    m_list->setHorizontalScrollBarPolicy(Qt::ScrollBarAlwaysOff);
    m_list->setVerticalScrollMode(QAbstractItemView::ScrollPerPixel);
    m_list->setEditTriggers(QAbstractItemView::NoEditTriggers);
    m_list->setMouseTracking(true);
    m_list->viewport()->setAutoFillBackground(false);
    auto *column = new QVBoxLayout(m_left);
    column->setContentsMargins(0, 0, 0, 0);
    column->setSpacing(0);
    column->addLayout(bar);
    column->addSpacing(1);
    column->addWidget(m_problem);
    column->addWidget(m_list, 1);
    connect(look, &QAbstractButton::clicked, this, &ClientsPage::ask);
    connect(m_other, &QAbstractButton::toggled, this, &ClientsPage::setUnfolded);
    setFocusProxy(m_list);
}

void ClientsPage::buildSides(const mcpcore::Clock &clock)
{
    m_preview = new ClientPreview(m_desk, m_theme, clock, this);
    m_detail = new ClientDetail(m_desk, m_theme, clock, this);
    m_snippet = new SnippetPanel(m_desk, m_theme, clock, this);
    m_import = new ImportPanel(m_desk, m_theme, clock, this);
    m_empty = new EmptyState(m_theme, QStringLiteral("clients"), {}, {}, this);
    m_sides = new QStackedWidget(this);
    m_sides->setObjectName(QStringLiteral("clients.side"));
    for (QWidget *side : QList<QWidget *>{m_empty, m_preview, m_detail, m_snippet, m_import})
        m_sides->addWidget(side);
}

void ClientsPage::connectSides()
{
    connect(m_preview, &ClientPreview::said, this, &Page::said);
    connect(m_preview, &ClientPreview::importWanted, this, &ClientsPage::openImport);
    connect(m_preview, &ClientPreview::connected, this, [this](const mcpcore::ClientId &client) {
        m_awaited = client;
        ask();
    });
    connect(m_preview, &ClientPreview::snippetWanted, this, [this] { setSide(Side::ByHand); });
    connect(m_detail, &ClientDetail::said, this, &Page::said);
    connect(m_detail, &ClientDetail::changed, this, &ClientsPage::ask);
    connect(m_detail, &ClientDetail::importWanted, this, &ClientsPage::openImport);
    connect(m_import, &ImportPanel::said, this, &Page::said);
    connect(m_import, &ImportPanel::changed, this, &ClientsPage::ask);
    connect(m_import, &ImportPanel::closed, this, [this] { setSide(Side::Usual); });
    connect(m_snippet, &SnippetPanel::said, this, &Page::said);
    connect(m_snippet, &SnippetPanel::made, this, [this](const mcpcore::ClientId &client) {
        if (m_side == Side::ByHand)
            m_awaited = client;
        ask();
    });
    connect(m_snippet, &SnippetPanel::backWanted, this, [this] { setSide(Side::Usual); });
}

int ClientsPage::count() const
{
    const auto &clients = m_desk.workspace().clients;
    return int(std::count_if(clients.begin(), clients.end(), [](const mcpcore::Client &client) { return !client.revoked; }));
}

void ClientsPage::ask()
{
    if (!isVisible())
        return;
    if (std::exchange(m_asking, true)) {
        m_askAgain = true;
        return;
    }
    m_desk.clients(Completion<ClientsSight>(this, [this](const Result<ClientsSight> &sight) { takeSight(sight); }));
}

void ClientsPage::takeSight(const Result<ClientsSight> &sight)
{
    m_asking = false;
    m_trouble = sight ? QString() : sight.error().message;
    m_problem->setText(tr("What is installed is not known."), m_trouble);
    m_problem->setVisible(!sight && m_known);
    if (sight) {
        m_known = true;
        const QScopedValueRollback<bool> arranging(m_arranging, true);
        m_model.setSight(*sight);
    }
    if (const ClientKey awaited{{}, m_awaited}; !m_awaited.isEmpty() && m_model.known(awaited)) {
        m_key = {m_model.known(awaited)->client->kind, m_awaited};
        m_awaited = {};
        m_side = Side::Usual;
    }
    refresh();
    if (std::exchange(m_askAgain, false))
        ask();
}

// The shown one stays the selected one while it is there.
void ClientsPage::refresh()
{
    {
        const QScopedValueRollback<bool> arranging(m_arranging, true);
        m_model.refresh();
        // An import connects the one whose file it is: it goes on beside its new row.
        if (!m_model.indexOf(m_key).isValid() && m_side == Side::Import)
            m_key = m_model.keyAt(m_model.firstOf(m_key.kind));
        if (!m_model.indexOf(m_key).isValid()) {
            m_side = Side::Usual;
            QModelIndex first = m_model.firstOf(Group::Connected);
            m_key = m_model.keyAt(first.isValid() ? first : m_model.firstOf(Group::Installed));
        }
        m_list->setCurrentIndex(m_model.indexOf(m_key));
    }
    showSide();
}

void ClientsPage::onCurrent()
{
    const ClientKey key = m_model.keyAt(m_list->currentIndex());
    if (m_arranging || key.isEmpty() || key == m_key)
        return;
    m_key = key;
    setSide(Side::Usual);
}

void ClientsPage::setSide(Side side)
{
    m_side = side;
    showSide();
}

void ClientsPage::openImport(const QString &file)
{
    const auto known = m_model.known(m_key);
    if (!known)
        return;
    m_import->open(*known, file);
    setSide(Side::Import);
    m_import->scroll()->setFocus(Qt::OtherFocusReason);
}

void ClientsPage::showSide()
{
    const auto known = m_model.known(m_key);
    if (!known || m_key.isEmpty()) {
        m_empty->setContent(QStringLiteral("clients"),
                            m_known               ? tr("No AI client was found on this computer")
                            : m_trouble.isEmpty() ? tr("Looking for clients")
                                                  : tr("What is installed is not known"),
                            m_known ? tr("Install one and look again, or choose Other for a snippet that you paste by hand.") : m_trouble);
        return m_sides->setCurrentWidget(m_empty);
    }
    const Group group = ClientText::groupOf(*known);
    if (group != Group::ByHand && m_side != Side::ByHand)
        m_snippet->forget();
    if (m_side == Side::Import)
        return m_sides->setCurrentWidget(m_import);
    switch (group) {
    case Group::Connected: m_detail->open(*known); return m_sides->setCurrentWidget(m_detail);
    case Group::Installed:
        if (m_side == Side::ByHand) {
            m_snippet->open(*known, SnippetPanel::From::Preview);
            return m_sides->setCurrentWidget(m_snippet);
        }
        m_preview->open(*known);
        return m_sides->setCurrentWidget(m_preview);
    case Group::Unreachable:
        m_empty->setContent(ClientText::icon(*known), tr("%1 cannot reach this computer").arg(ClientText::name(*known)),
                            tr("%1 %2", "why, what to do instead").arg(known->kind->reason, known->kind->instead));
        return m_sides->setCurrentWidget(m_empty);
    case Group::ByHand: m_snippet->open(*known, SnippetPanel::From::List); return m_sides->setCurrentWidget(m_snippet);
    }
}

void ClientsPage::setUnfolded(bool unfolded)
{
    {
        const QScopedValueRollback<bool> arranging(m_arranging, true);
        m_model.setUnfolded(unfolded);
        m_list->setCurrentIndex(m_model.indexOf(m_key));
    }
    if (unfolded)
        m_list->setCurrentIndex(m_model.firstOf(Group::ByHand));
    else
        refresh();
    m_list->setFocus(Qt::OtherFocusReason);
}

bool ClientsPage::leave()
{
    if (m_sides->currentWidget() == m_detail && m_detail->leave())
        return true;
    if (m_side == Side::Import && m_import->isBusy())
        return true;
    if (m_side != Side::Usual) {
        setSide(Side::Usual);
        return true;
    }
    if (!m_other->isChecked())
        return false;
    m_other->setChecked(false);
    return true;
}

QList<QWidget *> ClientsPage::parts()
{
    QList<QWidget *> parts{m_list};
    if (m_sides->currentWidget() == m_preview)
        parts.append(m_preview->scroll());
    else if (m_sides->currentWidget() == m_detail)
        parts.append(m_detail->scroll());
    else if (m_sides->currentWidget() == m_snippet)
        parts.append(m_snippet->scroll());
    else if (m_sides->currentWidget() == m_import)
        parts.append(m_import->scroll());
    return parts;
}

void ClientsPage::showEvent(QShowEvent *event)
{
    Page::showEvent(event);
    refresh();
    ask();
}

void ClientsPage::paintEvent(QPaintEvent *)
{
    QPainter painter(this);
    painter.fillRect(rect(), m_theme.color(Role::Window));
    painter.fillRect(m_sides->geometry(), m_theme.color(Role::Surface));
    const QRect bar = m_left->geometry();
    painter.fillRect(QRect(bar.left(), bar.top() + m_list->y() - 1, bar.width(), 1), m_theme.color(Role::Border));
}

} // namespace ui
