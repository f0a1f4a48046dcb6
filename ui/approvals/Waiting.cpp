// SPDX-FileCopyrightText: 2026 The Countersign authors
// SPDX-License-Identifier: GPL-3.0-or-later
#include "ui/approvals/Waiting.h"
#include "ui/approvals/CardText.h"
#include "ui/approvals/QuestionText.h"

namespace ui {

Waiting Waiting::of(const mcpcore::Approval &approval)
{
    const mcpcore::ToolCall &call = *approval.call;
    return {approval,
            call.id,
            call.client,
            CardText::clientName(call),
            CardText::title(call),
            CardText::sentence(call),
            CardText::connectionName(call),
            call.environment,
            call.environmentKind,
            approval.asked,
            approval.deadline};
}

Waiting Waiting::of(const mcpcore::Question &question)
{
    return {question,
            question.id,
            question.client,
            CardText::named(question.clientLabel),
            QuestionText::title(question),
            QuestionText::sentence(question),
            QuestionText::connectionName(question),
            question.environment,
            question.environmentKind,
            question.asked,
            question.deadline};
}

} // namespace ui
