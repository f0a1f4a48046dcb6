// SPDX-FileCopyrightText: 2026 The Countersign authors
// SPDX-License-Identifier: GPL-3.0-or-later
#include "ui/approvals/ApprovalsPage.h"
#include "ui/approvals/QueueDelegate.h"
#include "ui/widgets/Button.h"
#include "ui/widgets/Countdown.h"
#include "ui/widgets/EmptyState.h"
#include "ui/widgets/PlainLabel.h"
#include <QApplication>
#include <QHBoxLayout>
#include <QKeyEvent>
#include <QListView>
#include <QPainter>
#include <QScopedValueRollback>
#include <QShortcut>
#include <QSplitter>
#include <QStackedWidget>
#include <QVBoxLayout>

namespace ui {

using mcpcore::Approval;
using mcpcore::ApprovalEnd;
using mcpcore::CallId;

ApprovalsPage::ApprovalsPage(Desk &desk, const Theme &theme, const mcpcore::Clock &clock, SecondTicker &ticker, QWidget *parent)
    : Page({QStringLiteral("approvals"), tr("Approvals"), QStringLiteral("approvals")}, parent),
      m_desk(desk),
      m_theme(theme),
      m_ticker(ticker)
{
    setObjectName(QStringLiteral("approvals"));
    m_card = new ApprovalCard(desk, theme, clock, ticker);
    build();
    addShortcuts();

    connect(&desk, &Desk::approvalAdded, this, &ApprovalsPage::onAdded);
    connect(&desk, &Desk::approvalRemoved, this, &ApprovalsPage::onRemoved);
    connect(&desk, &Desk::approvalChanged, this, [this](const Approval &approval) {
        m_queue.update(approval);
        if (m_cardOpen)
            m_card->refresh(approval);
    });
    connect(&desk, &Desk::callStateChanged, this, &ApprovalsPage::onState);
    connect(&desk, &Desk::statusChanged, this, &ApprovalsPage::fillEmpty);
    connect(m_card, &ApprovalCard::nextWanted, this, &ApprovalsPage::next);
    connect(m_card, &ApprovalCard::denyAllWanted, this, &ApprovalsPage::denyAll);
    connect(m_card, &ApprovalCard::readingChanged, this, [this](bool reading) { m_queue.setStopped(reading ? m_card->call() : CallId()); });
    connect(&ticker, &SecondTicker::ticked, this, [this] { m_queue.tick(m_ticker.now()); });
    ticker.follow(this);

    m_queue.tick(ticker.now());
    for (const Approval &approval : desk.approvals())
        onAdded(approval);
    fillEmpty();
    arrange();
}

// The views go before the models they show and the card before the queue it tells.
ApprovalsPage::~ApprovalsPage()
{
    m_quiet = true;
    qDeleteAll(findChildren<QWidget *>(Qt::FindDirectChildrenOnly));
}

QListView *ApprovalsPage::makeList(const QString &name, QAbstractItemModel *model)
{
    auto *view = new QListView(m_left);
    view->setObjectName(name);
    view->setModel(model);
    view->setFrameShape(QFrame::NoFrame);
    view->setHorizontalScrollBarPolicy(Qt::ScrollBarAlwaysOff);
    view->setVerticalScrollMode(QAbstractItemView::ScrollPerPixel);
    view->setEditTriggers(QAbstractItemView::NoEditTriggers);
    view->viewport()->setAttribute(Qt::WA_Hover);
    view->viewport()->setAutoFillBackground(false);
    connect(view->selectionModel(), &QItemSelectionModel::currentChanged, this, &ApprovalsPage::onCurrent);
    connect(view, &QAbstractItemView::clicked, this, &ApprovalsPage::onCurrent);
    connect(view, &QAbstractItemView::activated, this, [this] { m_card->takeFocus(); });
    return view;
}

void ApprovalsPage::build()
{
    m_left = new QWidget(this);
    m_title = new PlainLabel(m_theme, {}, Type::Title, Role::Text, m_left);
    m_title->setMinimumHeight(40);
    m_title->setAlignment(Qt::AlignVCenter | Qt::AlignLeft);
    m_queueView = makeList(QStringLiteral("approvals.queue"), &m_queue);
    m_queueView->setItemDelegate(new QueueDelegate(m_theme, QueueDelegate::Rows::Waiting, m_queueView));
    m_queueView->setAccessibleName(tr("Calls that wait for you"));
    m_decidedPart = new QWidget(m_left);
    auto *decidedTitle = new PlainLabel(m_theme, tr("Just decided"), Type::CaptionStrong, Role::TextFaint, m_decidedPart);
    m_decidedView = makeList(QStringLiteral("approvals.decided"), &m_decided);
    m_decidedView->setItemDelegate(new QueueDelegate(m_theme, QueueDelegate::Rows::Decided, m_decidedView));
    m_decidedView->setAccessibleName(tr("Just decided"));
    auto *decidedColumn = new QVBoxLayout(m_decidedPart);
    decidedColumn->setContentsMargins(0, 1, 0, 6);
    decidedColumn->setSpacing(0);
    auto *decidedHead = new QHBoxLayout;
    decidedHead->setContentsMargins(14, 12, 14, 4);
    decidedHead->addWidget(decidedTitle);
    decidedColumn->addLayout(decidedHead);
    decidedColumn->addWidget(m_decidedView);
    auto *leftColumn = new QVBoxLayout(m_left);
    leftColumn->setContentsMargins(0, 0, 0, 0);
    leftColumn->setSpacing(0);
    auto *head = new QHBoxLayout;
    head->setContentsMargins(14, 0, 14, 0);
    head->addWidget(m_title);
    leftColumn->addLayout(head);
    leftColumn->addWidget(m_queueView, 1);
    leftColumn->addWidget(m_decidedPart);

    m_empty = new EmptyState(m_theme, QStringLiteral("approvals"), {}, {}, this);
    m_test = m_empty->addButton(QStringLiteral("approvals.test"), tr("Send a test call"), Button::Kind::Primary);
    Button *activity = m_empty->addButton(QStringLiteral("approvals.activity"), tr("Show activity"));
    connect(m_test, &QAbstractButton::clicked, this, &ApprovalsPage::sendTestCall);
    connect(activity, &QAbstractButton::clicked, this, [this] { Q_EMIT pageWanted(QStringLiteral("activity")); });

    m_right = new QStackedWidget(this);
    m_right->addWidget(m_empty);
    m_right->addWidget(m_card);
    auto *splitter = new QSplitter(Qt::Horizontal, this);
    splitter->setChildrenCollapsible(false);
    splitter->setHandleWidth(1);
    splitter->addWidget(m_left);
    splitter->addWidget(m_right);
    splitter->setStretchFactor(1, 1);
    splitter->setSizes({metric::queue, 688});
    auto *page = new QVBoxLayout(this);
    page->setContentsMargins(0, 0, 0, 0);
    page->addWidget(splitter);
}

void ApprovalsPage::addShortcuts()
{
    const auto add = [this](const QKeySequence &keys, auto act) {
        auto *shortcut = new QShortcut(keys, this);
        shortcut->setAutoRepeat(false);
        connect(shortcut, &QShortcut::activated, this, act);
    };
    add(QKeySequence(Qt::CTRL | Qt::SHIFT | Qt::Key_A), [this] {
        if (m_cardOpen)
            m_card->allowByKey();
    });
    add(QKeySequence(Qt::CTRL | Qt::SHIFT | Qt::Key_D), [this] {
        if (m_cardOpen)
            m_card->deny();
    });
    add(QKeySequence(Qt::CTRL | Qt::SHIFT | Qt::Key_R), [this] {
        if (m_cardOpen)
            m_card->denyAndTell();
    });
    add(QKeySequence(Qt::ALT | Qt::Key_Down), [this] { step(m_queue.next(m_cardOpen ? m_card->call() : CallId())); });
    add(QKeySequence(Qt::ALT | Qt::Key_Up), [this] { step(m_queue.previous(m_cardOpen ? m_card->call() : CallId())); });
}

void ApprovalsPage::onAdded(const Approval &approval)
{
    {
        const QScopedValueRollback quiet(m_quiet, true);
        m_queue.add(approval);
    }
    if (!m_cardOpen)
        showApproval(approval, {}, Cause::Arrival);
    arrange();
    Q_EMIT countChanged();
}

void ApprovalsPage::onRemoved(const CallId &call, ApprovalEnd end)
{
    const Approval *found = m_queue.find(call);
    if (!found)
        return;
    const Approval approval = *found;
    {
        const QScopedValueRollback quiet(m_quiet, true);
        m_queue.remove(call);
        m_decided.add(approval, end, m_ticker.now());
    }
    if (m_cardOpen && m_card->call() == call)
        m_card->setFate({end, {}, {}, {}, m_ticker.now()});
    arrange();
    Q_EMIT countChanged();
}

void ApprovalsPage::onState(const CallId &call, Desk::CallState state, const QString &detail, std::chrono::milliseconds took)
{
    if (m_queue.find(call))
        onRemoved(call, ApprovalEnd::Allowed);
    {
        const QScopedValueRollback quiet(m_quiet, true);
        m_decided.setState(call, state, detail, took, m_ticker.now());
    }
    if (m_cardOpen && m_card->call() == call)
        m_card->setFate({ApprovalEnd::Allowed, state, detail, took, m_ticker.now()});
    arrange();
}

void ApprovalsPage::showApproval(const Approval &approval, const CallFate &fate, Cause cause)
{
    m_cardOpen = true;
    m_queue.setStopped({});
    m_right->setCurrentWidget(m_card);
    m_card->setApproval(approval, fate);
    arrange();
    // A card that comes to an empty page is read from its details on, unless a person is typing elsewhere.
    const QWidget *focused = QApplication::focusWidget();
    if (cause == Cause::Person
        || (cause == Cause::Arrival && isVisible() && (!focused || !focused->testAttribute(Qt::WA_InputMethodEnabled))))
        m_card->takeFocus();
}

void ApprovalsPage::onCurrent(const QModelIndex &index)
{
    if (m_quiet || !index.isValid())
        return;
    const bool fromQueue = index.model() == &m_queue;
    const Approval *approval = fromQueue ? m_queue.at(index) : &m_decided.at(index)->approval;
    if (!approval || (m_cardOpen && approval->call->id == m_card->call()))
        return;
    // The focus stays in the list: arrow keys go on; Enter goes to the card.
    const Approval shown = *approval;
    showApproval(shown, fromQueue ? CallFate() : m_decided.at(index)->fate, Cause::List);
}

bool ApprovalsPage::openCall(const CallId &call)
{
    const Approval *approval = m_queue.find(call);
    step(approval);
    return approval;
}

void ApprovalsPage::step(const Approval *approval)
{
    if (!approval)
        return;
    if (m_cardOpen && m_card->call() == approval->call->id)
        m_card->takeFocus();
    else
        showApproval(Approval(*approval), {}, Cause::Person);
}

void ApprovalsPage::next()
{
    if (const Approval *approval = m_queue.next(m_card->call()))
        return step(approval);
    m_cardOpen = false;
    m_right->setCurrentWidget(m_empty);
    arrange();
    setFocus(Qt::OtherFocusReason);
}

void ApprovalsPage::denyAll(const mcpcore::ClientId &client)
{
    for (int row = 0; row < m_queue.rowCount(); ++row) {
        const Approval *approval = m_queue.at(m_queue.index(row));
        if (!approval || approval->call->client != client || approval->call->id == m_card->call())
            continue;
        m_desk.answer(approval->call->id, {mcpcore::Answer::Kind::Deny, approval->call->argumentsDigest, {}, {}, QStringLiteral("window")},
                      mcpcore::Completion<>(this, [](mcpcore::Result<>) {}));
    }
    m_card->deny();
}

void ApprovalsPage::sendTestCall()
{
    m_test->setEnabled(false);
    m_desk.sendTestCall(mcpcore::Completion<>(this, [this](mcpcore::Result<> result) {
        m_test->setEnabled(true);
        if (!result)
            Q_EMIT said(result.error().message);
    }));
}

void ApprovalsPage::arrange()
{
    const int waiting = m_queue.waiting();
    m_title->setText(waiting == 0 ? tr("Nothing waits") : tr("%1 waiting").arg(waiting));
    m_left->setVisible(waiting > 0 || m_decided.rowCount() > 0);
    m_decidedPart->setVisible(m_decided.rowCount() > 0);
    int height = 0;
    for (int row = 0; row < std::min(m_decided.rowCount(), DecidedModel::kNewest); ++row)
        height += m_decidedView->sizeHintForRow(row);
    m_decidedView->setFixedHeight(height);
    m_card->setNextText(waiting > 0 ? tr("Next") : tr("Close"));
    selectShown();
}

void ApprovalsPage::selectShown()
{
    const QScopedValueRollback quiet(m_quiet, true);
    const CallId shown = m_cardOpen ? m_card->call() : CallId();
    const QModelIndex waiting = m_queue.indexOf(shown);
    m_queueView->setCurrentIndex(waiting);
    QModelIndex decided;
    for (int row = 0; row < m_decided.rowCount() && !waiting.isValid(); ++row)
        if (m_decided.at(m_decided.index(row))->approval.call->id == shown)
            decided = m_decided.index(row);
    m_decidedView->setCurrentIndex(decided);
}

void ApprovalsPage::fillEmpty()
{
    const Desk::Status status = m_desk.status();
    m_test->setVisible(status.practiceReady);
    const QString text = !status.problem.isEmpty() ? status.problem
                         : status.practiceReady
                             ? tr("Calls that need you appear here. Send a test call to see one: it changes nothing real.")
                             : tr("Calls that need you appear here.");
    m_empty->setContent(QStringLiteral("approvals"), tr("Nothing waits for you"), text);
}

bool ApprovalsPage::openFind()
{
    return m_cardOpen && m_card->openFind();
}

bool ApprovalsPage::leave()
{
    if (!m_cardOpen)
        return false;
    if (m_card->leave())
        return true;
    if (!m_card->isWaiting())
        return false;
    m_card->deny();
    return true;
}

QList<QWidget *> ApprovalsPage::parts()
{
    QList<QWidget *> parts{m_queueView};
    if (m_cardOpen)
        parts += m_card->parts();
    return parts;
}

void ApprovalsPage::keyPressEvent(QKeyEvent *event)
{
    if (event->key() == Qt::Key_Escape && !event->isAutoRepeat() && leave())
        return;
    Page::keyPressEvent(event);
}

void ApprovalsPage::paintEvent(QPaintEvent *)
{
    QPainter painter(this);
    painter.fillRect(rect(), m_theme.color(Role::Window));
    if (m_left->isHidden())
        return;
    painter.fillRect(QRect(0, m_title->geometry().bottom(), m_left->width(), 1), m_theme.color(Role::Border));
    if (!m_decidedPart->isHidden())
        painter.fillRect(QRect(0, m_decidedPart->y(), m_left->width(), 1), m_theme.color(Role::Border));
}

} // namespace ui
