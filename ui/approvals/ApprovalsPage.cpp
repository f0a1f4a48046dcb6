// SPDX-FileCopyrightText: 2026 The Countersign authors
// SPDX-License-Identifier: GPL-3.0-or-later
#include "ui/approvals/ApprovalsPage.h"
#include "ui/approvals/QuestionCard.h"
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
using mcpcore::Question;

ApprovalsPage::ApprovalsPage(Desk &desk, const Theme &theme, const mcpcore::Clock &clock, SecondTicker &ticker, QWidget *parent)
    : Page({QStringLiteral("approvals"), tr("Approvals"), QStringLiteral("approvals")}, parent),
      m_desk(desk),
      m_theme(theme),
      m_ticker(ticker)
{
    setObjectName(QStringLiteral("approvals"));
    m_card = new ApprovalCard(desk, theme, clock, ticker);
    m_question = new QuestionCard(desk, theme, clock, ticker);
    build();
    addShortcuts();

    connect(&desk, &Desk::approvalAdded, this, [this](const Approval &approval) { onAdded(Waiting::of(approval)); });
    connect(&desk, &Desk::approvalRemoved, this, &ApprovalsPage::onRemoved);
    connect(&desk, &Desk::approvalChanged, this, [this](const Approval &approval) {
        m_queue.update(Waiting::of(approval));
        m_card->refresh(approval);
    });
    connect(&desk, &Desk::questionAdded, this, [this](const Question &question) { onAdded(Waiting::of(question)); });
    connect(&desk, &Desk::questionRemoved, this, &ApprovalsPage::onQuestionRemoved);
    connect(&desk, &Desk::questionChanged, this, [this](const Question &question) {
        m_queue.update(Waiting::of(question));
        m_question->refresh(question);
    });
    connect(&desk, &Desk::callStateChanged, this, &ApprovalsPage::onState);
    connect(&desk, &Desk::statusChanged, this, &ApprovalsPage::fillEmpty);
    connect(m_card, &ApprovalCard::denyAllWanted, this, &ApprovalsPage::denyAll);
    follow(m_card);
    follow(m_question);
    connect(&ticker, &SecondTicker::ticked, this, [this] { m_queue.tick(m_ticker.now()); });
    ticker.follow(this);

    m_queue.tick(ticker.now());
    QList<Waiting> waiting;
    for (const Approval &approval : desk.approvals())
        waiting.append(Waiting::of(approval));
    for (const Question &question : desk.questions())
        waiting.append(Waiting::of(question));
    std::stable_sort(waiting.begin(), waiting.end(), [](const Waiting &a, const Waiting &b) { return a.asked < b.asked; });
    for (const Waiting &each : waiting)
        onAdded(each);
    fillEmpty();
    arrange();
}

// The views go before the models they show and the card before the queue it tells.
ApprovalsPage::~ApprovalsPage()
{
    m_quiet = true;
    qDeleteAll(findChildren<QWidget *>(Qt::FindDirectChildrenOnly));
}

void ApprovalsPage::follow(Card *card)
{
    connect(card, &Card::nextWanted, this, &ApprovalsPage::next);
    connect(card, &Card::readingChanged, this, [this, card](bool reading) { m_queue.setStopped(reading ? card->id() : CallId()); });
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
    connect(view, &QAbstractItemView::activated, this, [this] {
        if (m_shown)
            m_shown->takeFocus();
    });
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
    m_right->addWidget(m_question);
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
        if (m_shown == m_card)
            m_card->allowByKey();
    });
    add(QKeySequence(Qt::CTRL | Qt::SHIFT | Qt::Key_D), [this] {
        if (m_shown)
            m_shown->refuse();
    });
    add(QKeySequence(Qt::CTRL | Qt::SHIFT | Qt::Key_R), [this] {
        if (m_shown == m_card)
            m_card->denyAndTell();
    });
    add(QKeySequence(Qt::ALT | Qt::Key_Down), [this] { step(m_queue.next(shown())); });
    add(QKeySequence(Qt::ALT | Qt::Key_Up), [this] { step(m_queue.previous(shown())); });
}

void ApprovalsPage::onAdded(const Waiting &waiting)
{
    {
        const QScopedValueRollback quiet(m_quiet, true);
        m_queue.add(waiting);
    }
    if (!m_shown)
        showWaiting(waiting, Cause::Arrival);
    arrange();
    Q_EMIT countChanged();
}

void ApprovalsPage::onRemoved(const CallId &call, ApprovalEnd end)
{
    const Waiting *found = m_queue.find(call);
    if (!found || !found->approval())
        return;
    const Approval approval = *found->approval();
    {
        const QScopedValueRollback quiet(m_quiet, true);
        m_queue.remove(call);
        m_decided.add(approval, end, m_ticker.now());
    }
    if (shown() == call)
        m_card->setFate({end, {}, {}, {}, m_ticker.now()});
    arrange();
    Q_EMIT countChanged();
}

void ApprovalsPage::onQuestionRemoved(const CallId &question, mcpcore::QuestionEnd end)
{
    {
        const QScopedValueRollback quiet(m_quiet, true);
        m_queue.remove(question);
    }
    if (shown() == question)
        m_question->setEnd(end);
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
    if (shown() == call)
        m_card->setFate({ApprovalEnd::Allowed, state, detail, took, m_ticker.now()});
    arrange();
}

void ApprovalsPage::showWaiting(const Waiting &waiting, Cause cause)
{
    if (const Approval *approval = waiting.approval())
        return showApproval(*approval, {}, cause);
    m_queue.setStopped({});
    m_question->setQuestion(*waiting.question());
    showCard(m_question, cause);
}

void ApprovalsPage::showApproval(const Approval &approval, const CallFate &fate, Cause cause)
{
    m_queue.setStopped({});
    m_card->setApproval(approval, fate);
    showCard(m_card, cause);
}

void ApprovalsPage::showCard(Card *card, Cause cause)
{
    m_shown = card;
    m_right->setCurrentWidget(card);
    arrange();
    // A card that comes to an empty page is read from its details on, unless a person is typing elsewhere.
    const QWidget *focused = QApplication::focusWidget();
    if (cause == Cause::Person
        || (cause == Cause::Arrival && isVisible() && (!focused || !focused->testAttribute(Qt::WA_InputMethodEnabled))))
        card->takeFocus();
}

void ApprovalsPage::onCurrent(const QModelIndex &index)
{
    if (m_quiet || !index.isValid())
        return;
    // The focus stays in the list: arrow keys go on; Enter goes to the card.
    if (index.model() == &m_queue) {
        const Waiting *waiting = m_queue.at(index);
        if (waiting && waiting->id != shown())
            showWaiting(Waiting(*waiting), Cause::List);
    } else if (const DecidedModel::Item item = *m_decided.at(index); item.approval.call->id != shown()) {
        showApproval(item.approval, item.fate, Cause::List);
    }
}

bool ApprovalsPage::openCall(const CallId &id)
{
    const Waiting *waiting = m_queue.find(id);
    step(waiting);
    return waiting;
}

void ApprovalsPage::step(const Waiting *waiting)
{
    if (!waiting)
        return;
    if (shown() == waiting->id)
        m_shown->takeFocus();
    else
        showWaiting(Waiting(*waiting), Cause::Person);
}

void ApprovalsPage::next()
{
    if (const Waiting *waiting = m_queue.next(shown()))
        return step(waiting);
    m_shown = nullptr;
    m_right->setCurrentWidget(m_empty);
    arrange();
    setFocus(Qt::OtherFocusReason);
}

void ApprovalsPage::denyAll(const mcpcore::ClientId &client)
{
    const auto ignored = [this] { return mcpcore::Completion<>(this, [](mcpcore::Result<>) {}); };
    for (int row = 0; row < m_queue.rowCount(); ++row) {
        const Waiting *waiting = m_queue.at(m_queue.index(row));
        if (!waiting || waiting->client != client || waiting->id == shown())
            continue;
        if (const Approval *approval = waiting->approval())
            m_desk.answer(waiting->id, {mcpcore::Answer::Kind::Deny, approval->call->argumentsDigest, {}, {}, QStringLiteral("window")},
                          ignored());
        else
            m_desk.answerQuestion(waiting->id, {mcpcore::QuestionAnswer::Action::Decline, {}}, ignored());
    }
    m_card->refuse();
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
    for (Card *card : {static_cast<Card *>(m_card), static_cast<Card *>(m_question)})
        card->setNextText(waiting > 0 ? tr("Next") : tr("Close"));
    selectShown();
}

void ApprovalsPage::selectShown()
{
    const QScopedValueRollback quiet(m_quiet, true);
    const QModelIndex waiting = m_queue.indexOf(shown());
    m_queueView->setCurrentIndex(waiting);
    QModelIndex decided;
    for (int row = 0; row < m_decided.rowCount() && !waiting.isValid(); ++row)
        if (m_decided.at(m_decided.index(row))->approval.call->id == shown())
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
    return m_shown && m_shown->openFind();
}

bool ApprovalsPage::leave()
{
    if (!m_shown)
        return false;
    if (m_shown->leave())
        return true;
    if (!m_shown->isWaiting())
        return false;
    m_shown->refuse();
    return true;
}

QList<QWidget *> ApprovalsPage::parts()
{
    QList<QWidget *> parts{m_queueView};
    if (m_shown)
        parts += m_shown->parts();
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
