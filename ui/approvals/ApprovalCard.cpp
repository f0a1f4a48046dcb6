// SPDX-FileCopyrightText: 2026 The Countersign authors
// SPDX-License-Identifier: GPL-3.0-or-later
#include "ui/approvals/ApprovalCard.h"
#include "ui/approvals/AnswerArea.h"
#include "ui/approvals/CardDetails.h"
#include "ui/approvals/CardFooter.h"
#include "ui/approvals/CardText.h"
#include "ui/shell/EnvLooks.h"
#include "ui/widgets/ArmedButton.h"
#include "ui/widgets/Button.h"
#include "ui/widgets/Countdown.h"
#include "ui/widgets/DenyButton.h"
#include "ui/widgets/Env.h"
#include "ui/widgets/IconView.h"
#include "ui/widgets/Tag.h"
#include <QApplication>
#include <QDateTime>
#include <QHBoxLayout>
#include <QTabBar>
#include <QVBoxLayout>

namespace ui {

using mcpcore::Answer;
using mcpcore::ApprovalEnd;
using mcpcore::Milliseconds;

namespace {

bool needsScrollGate(const mcpcore::ToolCall &call)
{
    return call.environmentKind == mcpcore::EnvironmentKind::Production && call.toolClass == mcpcore::ToolClass::Destructive;
}

} // namespace

ApprovalCard::ApprovalCard(Desk &desk, const Theme &theme, const mcpcore::Clock &clock, SecondTicker &ticker, QWidget *parent)
    : Card(desk, theme, ticker, parent)
{
    setObjectName(QStringLiteral("approval.card"));
    m_deny = new DenyButton(theme, QStringLiteral("approval.deny"));
    auto *footer = new CardFooter(theme, clock, ticker, {QStringLiteral("approval"), tr("%1 to decide, then denied"), m_deny}, this);
    footer->allow()->setObjectName(QStringLiteral("approval.allow"));
    footer->allow()->setKeyHint(tr("Ctrl ⇧ A", "keys"));
    setFooter(footer);
    build(theme);

    connect(m_footer->allow(), &QAbstractButton::clicked, this, [this] { answer({Answer::Kind::Allow, {}, m_answer->typed(), {}, {}}); });
    connect(m_deny, &DenyButton::denied, this, [this] { deny({}); });
    connect(m_deny, &DenyButton::denyAndTellChosen, this, &ApprovalCard::denyAndTell);
    connect(m_deny, &DenyButton::denyAllChosen, this, [this] { Q_EMIT denyAllWanted(m_approval.call->client); });
    connect(m_answer, &AnswerArea::typedChanged, this, &ApprovalCard::updateBlocked);
    connect(m_answer, &AnswerArea::deniedBecause, this, &ApprovalCard::deny);
    connect(m_details, &CardDetails::seenWhole, this, &ApprovalCard::updateBlocked);
    connect(&desk, &Desk::locksChanged, this, [this] {
        if (m_stage != Stage::Waiting)
            return;
        m_footer->allow()->rearm();
        updateBlocked();
        fillNotes();
    });
    watchKeys(this);
}

void ApprovalCard::build(const Theme &theme)
{
    m_banner = new EnvBanner(theme, this);
    m_banner->setObjectName(QStringLiteral("approval.banner"));
    m_sentence = new PlainLabel(theme, {}, Type::Sentence, Role::Text, this);
    m_sentence->setObjectName(QStringLiteral("approval.summary"));
    m_sentence->setMaxLines(3);
    m_facts = new PlainLabel(theme, {}, Type::Small, Role::TextMuted, this);
    m_facts->setObjectName(QStringLiteral("approval.facts"));
    m_clientIcon = new IconView(theme, QStringLiteral("terminal"), Role::Text, metric::icon, this);
    m_who = new PlainLabel(theme, {}, Type::Small, Role::TextMuted, this);
    m_who->setObjectName(QStringLiteral("approval.client"));
    m_notes = new CardNotes(theme, this);
    m_notes->setObjectName(QStringLiteral("approval.notes"));
    m_details = new CardDetails(theme, this);
    auto *shield = new IconView(theme, QStringLiteral("shield-check"), Role::TextFaint, metric::iconSmall, this);
    m_digest = new PlainLabel(theme, {}, Type::Caption, Role::TextFaint, this);
    m_digest->setObjectName(QStringLiteral("approval.digest"));
    m_answer = new AnswerArea(theme, this);

    auto *facts = new QHBoxLayout;
    facts->setSpacing(8);
    facts->addWidget(m_facts);
    m_tags = new QHBoxLayout;
    m_tags->setSpacing(8);
    facts->addLayout(m_tags);
    facts->addStretch(1);
    auto *head = new QVBoxLayout;
    head->setSpacing(6);
    head->addWidget(m_sentence);
    head->addLayout(facts);
    auto *who = new QHBoxLayout;
    who->setSpacing(8);
    who->addWidget(m_clientIcon);
    who->addWidget(m_who, 1);
    auto *digest = new QHBoxLayout;
    digest->setSpacing(6);
    digest->addWidget(shield);
    digest->addWidget(m_digest, 1);
    auto *body = new QVBoxLayout;
    body->setContentsMargins(metric::cardEdge, 16, metric::cardEdge, 14);
    body->setSpacing(metric::gap);
    body->addLayout(head);
    body->addLayout(who);
    body->addWidget(m_notes);
    body->addWidget(m_details, 1);
    body->addLayout(digest);
    body->addWidget(m_answer);
    auto *column = new QVBoxLayout(this);
    column->setContentsMargins(0, 0, 0, 0);
    column->setSpacing(0);
    column->addWidget(m_banner);
    column->addLayout(body, 1);
    column->addWidget(m_footer);

    const QList<QWidget *> order = {m_details->firstFocus(),
                                    m_details->tabs(),
                                    m_answer->typedField(),
                                    m_deny->button(),
                                    m_deny->findChild<QWidget *>(QStringLiteral("approval.deny.menu")),
                                    m_footer->allow(),
                                    m_footer->state(),
                                    m_footer->next()};
    for (qsizetype i = 1; i < order.size(); ++i)
        setTabOrder(order.at(i - 1), order.at(i));
}

void ApprovalCard::setApproval(const mcpcore::Approval &approval, const CallFate &fate)
{
    stopReading();
    m_approval = approval;
    m_problem.clear();
    m_changed = false;
    m_stage = Stage::Waiting;
    m_hidden = CardText::hiddenCharacters(*approval.call);
    fillHead();
    m_details->setApproval(approval);
    m_answer->setApproval(approval);
    m_footer->allow()->setArmingTime(CardText::armingTime(*approval.call));
    m_footer->allow()->setLook(lookOf(approval.call->environmentKind));
    m_footer->allow()->setText(CardText::allow(approval.call->environment));
    m_footer->showWaiting(approval.deadline);
    m_footer->allow()->rearm();
    m_fate = {};
    fillNotes();
    updateBlocked();
    setFate(fate);
    updateReading();
}

void ApprovalCard::fillHead()
{
    const mcpcore::ToolCall &shown = *m_approval.call;
    fillBanner(*m_banner, shown.connection, shown.environment, shown.environmentKind, shown.client);
    m_sentence->setText(CardText::sentence(shown));
    m_facts->setText(CardText::facts(shown));
    while (QLayoutItem *old = m_tags->takeAt(0)) {
        old->widget()->hide();
        old->widget()->deleteLater();
        delete old;
    }
    m_tags->addWidget(new Tag(m_theme, CardText::tag(shown.toolClass), CardText::tagIcon(shown.toolClass),
                              shown.toolClass == mcpcore::ToolClass::Unknown ? Tag::Kind::Caution : Tag::Kind::Fact, this));
    const mcpcore::Client *client = mcpcore::find(m_desk.workspace(), shown.client);
    m_clientIcon->setIcon(CardText::clientIcon(client ? client->kind : QString()), Role::Text);
    m_who->setRuns({{CardText::clientName(shown) + QStringLiteral("  "), Role::Text, Run::Style::Strong},
                    {CardText::who(shown.peer), Role::TextMuted, Run::Style::Plain}});
    m_digest->setText(CardText::digestLine(shown));
    setAccessibleName(CardText::accessibleName(shown));
    setAccessibleDescription(CardText::accessibleDescription(m_approval, m_ticker.now()));
}

bool ApprovalCard::isLocked() const
{
    return m_approval.call->environmentKind == mcpcore::EnvironmentKind::Production
           && m_desk.unlockedUntil(m_approval.call->environment) <= m_ticker.now();
}

void ApprovalCard::fillNotes()
{
    const mcpcore::ToolCall &shown = *m_approval.call;
    QList<CardNotes::Item> items;
    const auto caution = [&](const QString &strong, const QString &rest) {
        items.append({Note::Kind::Caution, QStringLiteral("caution"), strong, rest});
    };
    if (!m_problem.isEmpty())
        caution(tr("Your answer was not taken."), m_problem);
    if (m_stage == Stage::Over && m_fate.state == Desk::CallState::OutcomeUnknown)
        caution(tr("Outcome unknown."),
                tr("The call left, then the connection broke before an answer. It may have been done. Countersign does not send it "
                   "again: look at %1 before you let it be repeated.")
                    .arg(CardText::connectionName(shown)));
    if (m_stage != Stage::Over && isLocked())
        caution(tr("%1 is locked.").arg(wordOf(shown.environment)), tr("Nothing can be allowed there until you unlock it."));
    if (m_changed)
        caution(tr("This call changed while you looked at it."), tr("Read it again."));
    if (shown.peer.stranger)
        caution(CardText::strangerTitle(shown),
                tr("Another program used this client’s bridge before. Rules and grants do not apply to this one."));
    fillKeyNotes(items);
    if (!m_hidden.isEmpty())
        caution(tr("Hidden characters."), m_hidden);
    m_notes->setItems(items);
}

// A key that nobody verified may open another account than the person thinks; one about to end may end while they read.
void ApprovalCard::fillKeyNotes(QList<CardNotes::Item> &items) const
{
    const mcpcore::ToolCall &shown = *m_approval.call;
    const mcpcore::KeyRecord *key = mcpcore::findKey(m_desk.workspace(), shown.connection, shown.environment, shown.client);
    if (!key || key->id != shown.key)
        return;
    const QString vendor = CardText::connectionName(shown);
    const bool production = shown.environmentKind == mcpcore::EnvironmentKind::Production;
    if (production && !shown.vendor.isEmpty() && !key->verified)
        items.append({Note::Kind::Caution, QStringLiteral("key"), tr("This key was never verified."),
                      tr("%1 was not asked which account it belongs to, and whether it is live.").arg(vendor)});
    const auto left = key->expires - m_ticker.now();
    if (key->expires.count() != 0 && left < std::chrono::hours(1))
        items.append({Note::Kind::Caution, QStringLiteral("clock"),
                      tr("The key ends by itself at %1.")
                          .arg(QDateTime::fromMSecsSinceEpoch(key->expires.count()).toString(QStringLiteral("HH:mm"))),
                      tr("Nothing is sent with it after that.")});
}

void ApprovalCard::refresh(const mcpcore::Approval &approval)
{
    if (approval.call->id != id())
        return;
    if (approval.call->argumentsDigest != m_approval.call->argumentsDigest || approval.call->pin != m_approval.call->pin
        || approval.typedWord != m_approval.typedWord) {
        const CallFate fate = m_fate;
        setApproval(approval, fate);
        m_changed = true;
        fillNotes();
        return;
    }
    m_approval = approval;
    if (m_stage == Stage::Waiting && !isReading())
        m_footer->showWaiting(approval.deadline);
}

mcpcore::CallId ApprovalCard::id() const
{
    return m_approval.call ? m_approval.call->id : mcpcore::CallId();
}

void ApprovalCard::updateBlocked()
{
    QString reason;
    if (m_stage != Stage::Waiting)
        reason = tr("The call no longer waits.");
    else if (isLocked())
        reason = tr("%1 is locked.").arg(wordOf(m_approval.call->environment));
    else if (!m_answer->isTypedRight())
        reason = m_answer->hint();
    else if (needsScrollGate(*m_approval.call) && !m_details->wasSeenWhole())
        reason = tr("Scroll to the end of the fields first.");
    m_footer->allow()->setBlocked(reason);
}

void ApprovalCard::answer(Answer answer)
{
    if (m_stage != Stage::Waiting)
        return;
    m_stage = Stage::Answering;
    answer.argumentsDigest = m_approval.call->argumentsDigest;
    answer.where = QStringLiteral("window");
    updateBlocked();
    m_footer->showState(QStringLiteral("spinner"), Role::Text, answer.kind == Answer::Kind::Allow ? tr("Allowing") : tr("Denying"));
    m_footer->state()->setFocus(Qt::OtherFocusReason);
    m_desk.answer(id(), answer, mcpcore::Completion<>(this, [this, asked = id()](mcpcore::Result<> result) {
                      if (result || asked != id() || m_stage != Stage::Answering)
                          return; // what became of it comes as a signal of the desk
                      m_stage = Stage::Waiting;
                      m_problem = result.error().message;
                      m_footer->showWaiting(m_approval.deadline);
                      m_footer->allow()->rearm();
                      fillNotes();
                      updateBlocked();
                      takeFocus();
                  }));
}

void ApprovalCard::deny(const QString &reason)
{
    answer({Answer::Kind::Deny, {}, {}, reason, {}});
}

void ApprovalCard::denyAndTell()
{
    if (m_stage == Stage::Waiting)
        m_answer->askWhy();
}

void ApprovalCard::allowByKey()
{
    if (m_stage == Stage::Waiting)
        m_footer->allow()->pressByKey();
}

void ApprovalCard::setFate(const CallFate &fate)
{
    m_fate = fate;
    if (!fate.end && !fate.state)
        return;
    const bool hadFocus = m_stage != Stage::Over && isAncestorOf(QApplication::focusWidget());
    m_stage = Stage::Over;
    m_answer->close();
    m_problem.clear();
    showFate();
    fillNotes();
    updateBlocked();
    updateReading();
    if (hadFocus)
        m_footer->state()->setFocus(Qt::OtherFocusReason);
}

void ApprovalCard::showFate()
{
    if (!m_fate.state) {
        const bool allowed = m_fate.end == ApprovalEnd::Allowed;
        const QString icon = allowed                             ? QStringLiteral("check")
                             : m_fate.end == ApprovalEnd::Denied ? QStringLiteral("denied")
                                                                 : QStringLiteral("clock");
        m_footer->showState(icon, Role::Text, CardText::ended(m_approval, *m_fate.end));
        return;
    }
    const QString text = CardText::state(*m_fate.state, *m_approval.call, m_fate.detail, m_fate.took);
    switch (*m_fate.state) {
    case Desk::CallState::Sending: m_footer->showState(QStringLiteral("spinner"), Role::Text, text); break;
    case Desk::CallState::Waiting: m_footer->showState(QStringLiteral("spinner"), Role::Text, text, m_fate.since); break;
    case Desk::CallState::Done: m_footer->showState(QStringLiteral("check"), Role::Text, text); break;
    case Desk::CallState::Failed: m_footer->showState(QStringLiteral("failed"), Role::Text, text); break;
    case Desk::CallState::OutcomeUnknown: m_footer->showState(QStringLiteral("unknown"), Role::Caution, text); break;
    }
}

bool ApprovalCard::leave()
{
    if (m_details->closeFind())
        return true;
    if (!m_answer->isAskingWhy())
        return false;
    m_answer->stopAskingWhy();
    takeFocus();
    return true;
}

bool ApprovalCard::openFind()
{
    return m_details->openFind();
}

void ApprovalCard::takeFocus()
{
    m_details->firstFocus()->setFocus(Qt::OtherFocusReason);
}

QList<QWidget *> ApprovalCard::parts() const
{
    return {m_details->firstFocus(), m_stage == Stage::Waiting ? m_deny->button() : static_cast<QWidget *>(m_footer->next())};
}

} // namespace ui
