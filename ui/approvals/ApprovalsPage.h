// SPDX-FileCopyrightText: 2026 The Countersign authors
// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once
#include "ui/approvals/ApprovalCard.h"
#include "ui/approvals/DecidedModel.h"
#include "ui/approvals/QueueModel.h"
#include "ui/shell/Page.h"

class QListView;
class QStackedWidget;

namespace ui {

class Button;
class EmptyState;
class QuestionCard;

// What waits for a person, calls and servers' questions: the queue on the left, one card on the right. The shown card changes only
// by a person's act: new ones append to the queue, a decided one stays with its state until Next. Main thread.
class ApprovalsPage final : public Page
{
    Q_OBJECT
public:
    ApprovalsPage(Desk &desk, const Theme &theme, const mcpcore::Clock &clock, SecondTicker &ticker, QWidget *parent = nullptr);
    ~ApprovalsPage() override;

    int count() const override { return m_queue.waiting(); }
    CountLook countLook() const override { return CountLook::Hot; }
    bool openFind() override;
    bool leave() override; // Esc: closes what is open in the card, else denies it
    QList<QWidget *> parts() override;
    // A person chose this call or question, e.g. in a notification. False when it does not wait.
    bool openCall(const mcpcore::CallId &id);

protected:
    void keyPressEvent(QKeyEvent *event) override;
    void paintEvent(QPaintEvent *event) override;

private:
    enum class Cause { Person, List, Arrival };
    void build();
    QListView *makeList(const QString &name, QAbstractItemModel *model);
    void addShortcuts();
    void follow(Card *card);
    void showWaiting(const Waiting &waiting, Cause cause);
    void showApproval(const mcpcore::Approval &approval, const CallFate &fate, Cause cause);
    void showCard(Card *card, Cause cause);
    mcpcore::CallId shown() const { return m_shown ? m_shown->id() : mcpcore::CallId(); }
    void step(const Waiting *waiting);
    void next();
    void onAdded(const Waiting &waiting);
    void onRemoved(const mcpcore::CallId &call, mcpcore::ApprovalEnd end);
    void onQuestionRemoved(const mcpcore::CallId &question, mcpcore::QuestionEnd end);
    void onState(const mcpcore::CallId &call, Desk::CallState state, const QString &detail, std::chrono::milliseconds took);
    void onCurrent(const QModelIndex &index);
    void denyAll(const mcpcore::ClientId &client);
    void sendTestCall();
    void arrange();
    void selectShown();
    void fillEmpty();

    Desk &m_desk;
    const Theme &m_theme;
    SecondTicker &m_ticker;
    QueueModel m_queue;
    DecidedModel m_decided;
    bool m_quiet = false; // the selection moves because rows do, not because a person chose

    QWidget *m_left;
    PlainLabel *m_title;
    QListView *m_queueView;
    QListView *m_decidedView;
    QWidget *m_decidedPart;
    QStackedWidget *m_right;
    EmptyState *m_empty;
    Button *m_test;
    ApprovalCard *m_card;
    QuestionCard *m_question;
    Card *m_shown = nullptr; // one of these; none while the page is empty
};

} // namespace ui
