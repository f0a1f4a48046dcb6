// SPDX-FileCopyrightText: 2026 The Countersign authors
// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once
#include "ui/approvals/CallFate.h"
#include "ui/approvals/Card.h"
#include "ui/approvals/CardNotes.h"

class QHBoxLayout;

namespace ui {

class AnswerArea;
class ArmedButton;
class CardDetails;
class DenyButton;
class IconView;
class PlainLabel;

// One call on the screen, from the question to its outcome. Answers through the Desk with the digest of the bytes it showed.
// Main thread.
class ApprovalCard final : public Card
{
    Q_OBJECT
public:
    ApprovalCard(Desk &desk, const Theme &theme, const mcpcore::Clock &clock, SecondTicker &ticker, QWidget *parent = nullptr);

    void setApproval(const mcpcore::Approval &approval, const CallFate &fate = {});
    // The same call again: a new deadline, or other content (then it is read and armed anew).
    void refresh(const mcpcore::Approval &approval);
    void setFate(const CallFate &fate);
    void deny(const QString &reason);
    void denyAndTell();
    void allowByKey();

    mcpcore::CallId id() const override;
    bool isWaiting() const override { return m_stage == Stage::Waiting || m_stage == Stage::Answering; }
    void refuse() override { deny({}); }
    bool leave() override;
    bool openFind() override;
    void takeFocus() override; // to the details
    QList<QWidget *> parts() const override;

Q_SIGNALS:
    void denyAllWanted(const mcpcore::ClientId &client);

protected:
    bool isAnswerable() const override { return m_stage == Stage::Waiting; }
    mcpcore::Milliseconds deadline() const override { return m_approval.deadline; }

private:
    enum class Stage { Waiting, Answering, Over };
    void build(const Theme &theme);
    void fillHead();
    void fillNotes();
    void fillKeyNotes(QList<CardNotes::Item> &items) const;
    void updateBlocked();
    void answer(mcpcore::Answer answer);
    void showFate();
    bool isLocked() const;

    mcpcore::Approval m_approval;
    CallFate m_fate;
    Stage m_stage = Stage::Over;
    QString m_problem;      // why the last answer was not taken
    QString m_hidden;       // what hides in the call's texts, computed once a call
    bool m_changed = false; // its content changed while it was shown

    EnvBanner *m_banner;
    PlainLabel *m_sentence;
    PlainLabel *m_facts;
    QHBoxLayout *m_tags;
    IconView *m_clientIcon;
    PlainLabel *m_who;
    CardNotes *m_notes;
    CardDetails *m_details;
    PlainLabel *m_digest;
    AnswerArea *m_answer;
    DenyButton *m_deny;
};

} // namespace ui
