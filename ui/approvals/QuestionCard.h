// SPDX-FileCopyrightText: 2026 The Countersign authors
// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once
#include "ui/approvals/Card.h"

class QScrollArea;

namespace ui {

class Button;
class CardNotes;
class Note;
class PlainLabel;
class QuestionForm;
class UrlView;

// What a server wants of the person: fields to fill in, or a page to open. Says whose words are whose; answers only by the armed
// button, which never has the focus by itself. A page is never opened here: the desk opens it when told. Main thread.
class QuestionCard final : public Card
{
    Q_OBJECT
public:
    QuestionCard(Desk &desk, const Theme &theme, const mcpcore::Clock &clock, SecondTicker &ticker, QWidget *parent = nullptr);

    void setQuestion(const mcpcore::Question &question);
    void refresh(const mcpcore::Question &question); // the same again: its deadline moved
    void setEnd(mcpcore::QuestionEnd end);

    mcpcore::CallId id() const override { return m_question.id; }
    bool isWaiting() const override { return m_stage != Stage::Over; }
    void refuse() override;
    void takeFocus() override; // to the text, never to a button
    QList<QWidget *> parts() const override;

protected:
    bool isAnswerable() const override { return m_stage == Stage::Waiting; }
    mcpcore::Milliseconds deadline() const override { return m_question.deadline; }

private:
    enum class Stage { Waiting, Answering, Over };
    void build();
    QWidget *makePage();
    void fill();
    void fillNotes();
    void updateBlocked();
    void send(mcpcore::QuestionAnswer::Action action);
    void orderTabs();

    mcpcore::Question m_question;
    Stage m_stage = Stage::Over;
    QString m_problem; // why the last answer was not taken

    EnvBanner *m_banner;
    PlainLabel *m_sentence;
    PlainLabel *m_facts;
    CardNotes *m_notes;
    QScrollArea *m_body;
    Note *m_message;
    QuestionForm *m_form;
    QWidget *m_page; // of a question that wants one opened
    UrlView *m_url;
    PlainLabel *m_host;
    Note *m_secrets;
    PlainLabel *m_goes;
    Button *m_decline;
};

} // namespace ui
