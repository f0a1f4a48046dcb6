// SPDX-FileCopyrightText: 2026 The Countersign authors
// SPDX-License-Identifier: GPL-3.0-or-later
#include "ui/approvals/QuestionCard.h"
#include "ui/approvals/CardFooter.h"
#include "ui/approvals/CardNotes.h"
#include "ui/approvals/CardText.h"
#include "ui/approvals/QuestionForm.h"
#include "ui/approvals/QuestionText.h"
#include "ui/approvals/ServerBand.h"
#include "ui/approvals/UrlView.h"
#include "ui/widgets/ArmedButton.h"
#include "ui/widgets/Button.h"
#include "ui/widgets/Countdown.h"
#include "ui/widgets/Env.h"
#include <QApplication>
#include <QScrollArea>
#include <QScrollBar>
#include <QVBoxLayout>

namespace ui {

using mcpcore::Question;
using mcpcore::QuestionAnswer;

namespace {

constexpr qsizetype kLongestMessage = 4'000, kLongestLine = 300;
constexpr mcpcore::Milliseconds kArming{1000};
constexpr int kRing = 3; // room for the focus ring of what is in the scroll area

Note *makeNote(const Theme &theme, Note::Kind kind, const QString &name, QWidget *parent)
{
    auto *note = new Note(theme, kind, parent);
    note->setObjectName(name);
    QSizePolicy policy(QSizePolicy::Preferred, QSizePolicy::Preferred);
    policy.setHeightForWidth(true);
    note->setSizePolicy(policy);
    return note;
}

} // namespace

QuestionCard::QuestionCard(Desk &desk, const Theme &theme, const mcpcore::Clock &clock, SecondTicker &ticker, QWidget *parent)
    : Card(desk, theme, ticker, parent)
{
    setObjectName(QStringLiteral("approvals.question"));
    m_decline = new Button(theme, tr("Decline"));
    m_decline->setObjectName(QStringLiteral("ask.decline"));
    m_decline->setLarge();
    m_decline->setKeyHint(tr("Esc"));
    m_decline->setEnterPresses();
    auto *footer = new CardFooter(theme, clock, ticker, {QStringLiteral("ask"), tr("%1 to decide, then cancelled"), m_decline}, this);
    footer->allow()->setObjectName(QStringLiteral("ask.answer"));
    footer->allow()->setPlain();
    footer->allow()->setArmingTime(kArming);
    setFooter(footer);
    build();
    watchKeys(this);
    connect(m_decline, &QAbstractButton::clicked, this, &QuestionCard::refuse);
    connect(footer->allow(), &QAbstractButton::clicked, this, [this] { send(QuestionAnswer::Action::Accept); });
}

void QuestionCard::build()
{
    m_banner = new EnvBanner(m_theme, this);
    m_banner->setObjectName(QStringLiteral("ask.banner"));
    auto *band = new ServerBand(m_theme, tr("A server asks you something"), tr("Not a call: your answer leaves this computer"), this);
    band->setObjectName(QStringLiteral("ask.band"));
    m_sentence = new PlainLabel(m_theme, {}, Type::Sentence, Role::Text, this);
    m_sentence->setObjectName(QStringLiteral("ask.sentence"));
    m_sentence->setMaxLines(3);
    m_facts = new PlainLabel(m_theme, {}, Type::Small, Role::TextMuted, this);
    m_facts->setObjectName(QStringLiteral("ask.facts"));
    m_notes = new CardNotes(m_theme, this);
    m_notes->setObjectName(QStringLiteral("ask.notes"));
    m_goes = new PlainLabel(m_theme, {}, Type::Small, Role::TextMuted, this);
    m_goes->setObjectName(QStringLiteral("ask.goes"));
    m_goes->setMaxLines(3);

    auto *content = new QWidget;
    m_message = makeNote(m_theme, Note::Kind::Server, QStringLiteral("ask.message"), content);
    m_form = new QuestionForm(m_theme, content);
    m_secrets = makeNote(m_theme, Note::Kind::Caution, QStringLiteral("ask.secrets"), content);
    m_page = makePage();
    auto *inner = new QVBoxLayout(content);
    inner->setContentsMargins(kRing, kRing, kRing, kRing);
    inner->setSpacing(metric::gap);
    for (QWidget *part : {static_cast<QWidget *>(m_message), static_cast<QWidget *>(m_form), m_page, static_cast<QWidget *>(m_secrets)})
        inner->addWidget(part);
    inner->addStretch(1);
    m_body = new QScrollArea(this);
    m_body->setObjectName(QStringLiteral("ask.body"));
    m_body->setFrameShape(QFrame::NoFrame);
    m_body->setWidgetResizable(true);
    m_body->setHorizontalScrollBarPolicy(Qt::ScrollBarAlwaysOff);
    m_body->setWidget(content);
    content->setAutoFillBackground(false);
    m_body->viewport()->setAutoFillBackground(false);

    auto *head = new QVBoxLayout;
    head->setSpacing(6);
    head->setContentsMargins(kRing, 0, kRing, 0);
    head->addWidget(m_sentence);
    head->addWidget(m_facts);
    auto *body = new QVBoxLayout;
    body->setContentsMargins(metric::cardEdge - kRing, 16, metric::cardEdge - kRing, 14);
    body->setSpacing(metric::gap - kRing);
    body->addLayout(head);
    const auto addInset = [body](QWidget *widget) {
        auto *inset = new QHBoxLayout;
        inset->setContentsMargins(kRing, 0, kRing, 0);
        inset->addWidget(widget);
        body->addLayout(inset);
    };
    addInset(m_notes);
    body->addWidget(m_body, 1);
    addInset(m_goes);
    auto *column = new QVBoxLayout(this);
    column->setContentsMargins(0, 0, 0, 0);
    column->setSpacing(0);
    column->addWidget(m_banner);
    column->addWidget(band);
    column->addLayout(body, 1);
    column->addWidget(m_footer);
}

QWidget *QuestionCard::makePage()
{
    auto *page = new QWidget;
    auto *label = new PlainLabel(m_theme, tr("The address of the page, whole"), Type::Small, Role::TextMuted, page);
    m_url = new UrlView(m_theme, page);
    m_url->setObjectName(QStringLiteral("ask.url"));
    m_url->setAccessibleName(label->text());
    m_host = new PlainLabel(m_theme, {}, Type::Body, Role::Text, page);
    m_host->setObjectName(QStringLiteral("ask.host"));
    m_host->setMaxLines(0);
    auto *column = new QVBoxLayout(page);
    column->setContentsMargins(0, 0, 0, 0);
    column->setSpacing(5);
    column->addWidget(label);
    column->addWidget(m_url);
    column->addSpacing(3);
    column->addWidget(m_host);
    return page;
}

void QuestionCard::setQuestion(const Question &question)
{
    stopReading();
    m_question = question;
    m_problem.clear();
    m_stage = Stage::Waiting;
    fill();
    fillNotes();
    m_footer->allow()->setText(QuestionText::accept(question));
    m_footer->showWaiting(question.deadline);
    m_footer->allow()->rearm();
    updateBlocked();
    updateReading();
}

void QuestionCard::fill()
{
    const bool isPage = m_question.kind == Question::Kind::Url;
    fillBanner(*m_banner, m_question.connection, m_question.environment, m_question.environmentKind, m_question.client);
    m_sentence->setText(QuestionText::sentence(m_question));
    m_facts->setText(QuestionText::facts(m_question));
    m_message->setQuote(tr("The server wrote:"), QuestionText::whole(m_question.message, kLongestMessage));
    m_message->setVisible(!m_question.message.isEmpty());
    m_form->setEnabled(true);
    m_form->setFields(isPage || !QuestionText::problem(m_question).isEmpty() ? QList<mcpcore::QuestionField>() : m_question.fields);
    m_page->setVisible(isPage);
    m_url->setUrl(m_question.url);
    m_host->setRuns({{tr("The page is at") + QLatin1Char(' '), Role::TextMuted, Run::Style::Plain},
                     {visibleText(QuestionText::whole(m_question.urlHost, kLongestLine)), Role::Text, Run::Style::MonoStrong}});
    m_host->setVisible(!m_question.urlHost.isEmpty());
    const bool hasKey = mcpcore::findKey(m_desk.workspace(), m_question.connection, m_question.environment, m_question.client) != nullptr;
    m_secrets->setText(QuestionText::secretsTitle(), QuestionText::secretsNote(m_question, hasKey));
    m_secrets->setVisible(std::any_of(m_question.fields.begin(), m_question.fields.end(),
                                      [](const mcpcore::QuestionField &field) { return field.looksSecret; }));
    m_goes->setText(QuestionText::whereTo(m_question));
    m_body->setAccessibleName(QuestionText::sentence(m_question));
    m_body->verticalScrollBar()->setValue(0);
    setAccessibleName(QuestionText::accessibleName(m_question));
    setAccessibleDescription(QuestionText::accessibleDescription(m_question, m_ticker.now()));
    watchKeys(m_form);
    orderTabs();
}

void QuestionCard::fillNotes()
{
    QList<CardNotes::Item> items;
    const auto caution = [&](const QString &strong, const QString &rest) {
        items.append({Note::Kind::Caution, QStringLiteral("caution"), strong, rest});
    };
    if (!m_problem.isEmpty())
        caution(tr("Your answer was not taken."), visibleText(QuestionText::whole(m_problem, kLongestLine)));
    if (const QString problem = QuestionText::problem(m_question); !problem.isEmpty())
        caution(m_question.kind == Question::Kind::Url ? tr("This page is not opened.") : tr("This can only be declined."),
                visibleText(QuestionText::whole(problem, kLongestLine)));
    if (QuestionText::isPunycode(m_question.urlHost))
        caution(tr("Look at the host."), tr("Its name holds letters that can look like others: a browser may show it as a name you know."));
    if (const QString hidden = QuestionText::hiddenCharacters(m_question); !hidden.isEmpty())
        caution(tr("Hidden characters."), hidden);
    m_notes->setItems(items);
}

void QuestionCard::orderTabs()
{
    QList<QWidget *> order{m_body};
    order += m_form->stops();
    order += {m_url, m_decline, m_footer->allow(), m_footer->state(), m_footer->next()};
    for (qsizetype at = 1; at < order.size(); ++at)
        setTabOrder(order.at(at - 1), order.at(at));
}

void QuestionCard::updateBlocked()
{
    m_footer->allow()->setBlocked(m_stage == Stage::Waiting ? QuestionText::problem(m_question) : tr("The server no longer waits."));
}

void QuestionCard::refresh(const Question &question)
{
    if (question.id != id())
        return;
    m_question.deadline = question.deadline;
    if (m_stage == Stage::Waiting && !isReading())
        m_footer->showWaiting(question.deadline);
}

void QuestionCard::refuse()
{
    send(QuestionAnswer::Action::Decline);
}

void QuestionCard::send(QuestionAnswer::Action action)
{
    if (m_stage != Stage::Waiting)
        return;
    m_stage = Stage::Answering;
    QuestionAnswer answer{action, {}};
    if (action == QuestionAnswer::Action::Accept)
        answer.values = m_form->values();
    updateBlocked();
    updateReading();
    m_footer->showState(QStringLiteral("spinner"), Role::Text, QuestionText::sending(m_question, action));
    m_footer->state()->setFocus(Qt::OtherFocusReason);
    m_desk.answerQuestion(id(), answer, mcpcore::Completion<>(this, [this, asked = id()](mcpcore::Result<> result) {
                              if (result || asked != id() || m_stage != Stage::Answering)
                                  return; // how it ended comes as a signal of the desk
                              m_stage = Stage::Waiting;
                              m_problem = result.error().message;
                              m_footer->showWaiting(m_question.deadline);
                              m_footer->allow()->rearm();
                              fillNotes();
                              updateBlocked();
                              takeFocus();
                          }));
}

void QuestionCard::setEnd(mcpcore::QuestionEnd end)
{
    const bool hadFocus = m_stage != Stage::Over && isAncestorOf(QApplication::focusWidget());
    m_stage = Stage::Over;
    m_problem.clear();
    const QString icon = end == mcpcore::QuestionEnd::Answered   ? QStringLiteral("check")
                         : end == mcpcore::QuestionEnd::Declined ? QStringLiteral("denied")
                                                                 : QStringLiteral("clock");
    m_footer->showState(icon, Role::Text, QuestionText::ended(m_question, end));
    if (hadFocus)
        m_footer->state()->setFocus(Qt::OtherFocusReason);
    m_form->setEnabled(false);
    fillNotes();
    updateBlocked();
    updateReading();
}

void QuestionCard::takeFocus()
{
    m_body->setFocus(Qt::OtherFocusReason);
}

QList<QWidget *> QuestionCard::parts() const
{
    return {m_body, m_stage == Stage::Waiting ? static_cast<QWidget *>(m_decline) : static_cast<QWidget *>(m_footer->next())};
}

} // namespace ui
