// SPDX-FileCopyrightText: 2026 The Countersign authors
// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once
#include "ui/ApprovalsBench.h"
#include "ui/QuestionSamples.h"

// The approvals page with a server's question on it.
class QuestionBench : public ApprovalsBench
{
    Q_OBJECT
protected:
    mcpcore::Question ask(const mcpcore::QuestionField &field)
    {
        mcpcore::Question question = m_desk->sampleQuestion();
        question.fields = {field};
        m_desk->add(question);
        return question;
    }
    mcpcore::Question ask(const mcpcore::Question &question)
    {
        m_desk->add(question);
        return question;
    }
    ui::ArmedButton *accept() const { return the<ui::ArmedButton>("ask.answer"); }
    void pressAnswer()
    {
        arm();
        QTest::mouseClick(accept(), Qt::LeftButton);
    }
    // The values of the only answer that was sent.
    QHash<QString, mcpcore::QuestionField::Value> answered() const
    {
        QHash<QString, mcpcore::QuestionField::Value> values;
        if (m_desk->replies.size() == 1 && m_desk->replies.first().answer.action == mcpcore::QuestionAnswer::Action::Accept)
            for (const auto &[name, value] : m_desk->replies.first().answer.values)
                values.insert(name, value);
        return values;
    }
    mcpcore::QuestionField::Value valueOf(const char *name) const { return answered().value(QString::fromLatin1(name)); }
    QString text(const char *name) const { return the<QLabel>(name)->text(); }
    QString askNotes() const { return the<ui::CardNotes>("ask.notes")->text(); }
};
