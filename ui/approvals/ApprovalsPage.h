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

// What waits for a person: the queue on the left, one card on the right. The shown card changes only by a person's act:
// new calls append to the queue, a decided call stays with its state until Next. Main thread.
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
    // A person chose this call, e.g. in a notification. False when it does not wait.
    bool openCall(const mcpcore::CallId &call);

protected:
    void keyPressEvent(QKeyEvent *event) override;
    void paintEvent(QPaintEvent *event) override;

private:
    enum class Cause { Person, List, Arrival };
    void build();
    QListView *makeList(const QString &name, QAbstractItemModel *model);
    void addShortcuts();
    void showApproval(const mcpcore::Approval &approval, const CallFate &fate, Cause cause);
    void step(const mcpcore::Approval *approval);
    void next();
    void onAdded(const mcpcore::Approval &approval);
    void onRemoved(const mcpcore::CallId &call, mcpcore::ApprovalEnd end);
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
    bool m_cardOpen = false;

    QWidget *m_left;
    PlainLabel *m_title;
    QListView *m_queueView;
    QListView *m_decidedView;
    QWidget *m_decidedPart;
    QStackedWidget *m_right;
    EmptyState *m_empty;
    Button *m_test;
    ApprovalCard *m_card;
};

} // namespace ui
