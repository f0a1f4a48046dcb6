// SPDX-FileCopyrightText: 2026 The Countersign authors
// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once
#include "base/Clock.h"
#include "ui/approvals/CallFate.h"
#include "ui/theme/Theme.h"
#include <QWidget>

class QHBoxLayout;

namespace ui {

class AnswerArea;
class ArmedButton;
class CardDetails;
class CardFooter;
class CardNotes;
class EnvBanner;
class IconView;
class PlainLabel;
class SecondTicker;

// One call on the screen, from the question to its outcome. Shows what it is told to show and never changes to another call by
// itself. Answers through the Desk with the digest of the bytes it showed. Main thread.
class ApprovalCard final : public QWidget
{
    Q_OBJECT
public:
    ApprovalCard(Desk &desk, const Theme &theme, const mcpcore::Clock &clock, SecondTicker &ticker, QWidget *parent = nullptr);
    ~ApprovalCard() override;

    void setApproval(const mcpcore::Approval &approval, const CallFate &fate = {});
    // The same call again: a new deadline, or other content (then it is read and armed anew).
    void refresh(const mcpcore::Approval &approval);
    void setFate(const CallFate &fate);
    mcpcore::CallId call() const;
    bool isWaiting() const { return m_stage == Stage::Waiting || m_stage == Stage::Answering; }

    void deny(const QString &reason = {});
    void denyAndTell();
    void allowByKey();
    bool leave(); // closes what is open inside: the find bar, the reason
    bool openFind();
    void takeFocus(); // to the details: a person opened the card
    void setNextText(const QString &text);
    QList<QWidget *> parts() const; // for F6

Q_SIGNALS:
    void nextWanted();
    void denyAllWanted(const mcpcore::ClientId &client);
    void readingChanged(bool reading);

protected:
    bool eventFilter(QObject *watched, QEvent *event) override;
    bool event(QEvent *event) override;
    void paintEvent(QPaintEvent *event) override;

private:
    enum class Stage { Waiting, Answering, Over };
    void build(const Theme &theme);
    void fillHead();
    void fillNotes();
    void updateBlocked();
    void answer(mcpcore::Answer answer);
    void showFate();
    void updateReading();
    bool isPointerReading() const;
    bool isLocked() const;

    Desk &m_desk;
    const Theme &m_theme;
    SecondTicker &m_ticker;
    mcpcore::Approval m_approval;
    CallFate m_fate;
    Stage m_stage = Stage::Over;
    QString m_problem;      // why the last answer was not taken
    QString m_hidden;       // what hides in the call's texts, computed once a call
    bool m_changed = false; // its content changed while it was shown
    bool m_keyed = false, m_reading = false;
    QPoint m_resting; // where the pointer was when the card appeared: it reads only once it moved

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
    CardFooter *m_footer;
};

} // namespace ui
