// SPDX-FileCopyrightText: 2026 The Countersign authors
// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once
#include "support/FakeDesk.h"

// Questions of servers, as data for tests and pictures.
namespace samples {

inline mcpcore::QuestionField field(const char *name, mcpcore::QuestionField::Type type = mcpcore::QuestionField::Type::Text)
{
    mcpcore::QuestionField made;
    made.name = QString::fromLatin1(name);
    made.type = type;
    return made;
}

inline mcpcore::QuestionField required(mcpcore::QuestionField made)
{
    made.required = true;
    return made;
}

inline mcpcore::QuestionField preset(mcpcore::QuestionField made, const mcpcore::QuestionField::Value &value)
{
    made.preset = value;
    return made;
}

inline mcpcore::QuestionField chosenFrom(mcpcore::QuestionField made, const QStringList &values)
{
    for (const QString &value : values)
        made.options.append({value, value.toUpper()});
    return made;
}

inline mcpcore::QuestionField secret(const char *name)
{
    mcpcore::QuestionField made = required(field(name));
    made.looksSecret = true;
    return made;
}

// A text with a preset, yes or no, and a secret that is blocked.
inline mcpcore::Question revocation(FakeDesk &desk, const QString &environment = QStringLiteral("production"))
{
    using Type = mcpcore::QuestionField::Type;
    mcpcore::Question question = desk.sampleQuestion(environment);
    question.message = QStringLiteral("Revocation is final. State why, and confirm with your operator key.");
    mcpcore::QuestionField reason = required(preset(field("reason"), QStringLiteral("Agent retired, ticket OPS-2214")));
    reason.longest = 200;
    question.fields = {reason, preset(field("notify_owner", Type::YesNo), false), secret("operator_key")};
    return question;
}

// Every type of field.
inline mcpcore::Question everything(FakeDesk &desk)
{
    using Type = mcpcore::QuestionField::Type;
    mcpcore::Question question = desk.sampleQuestion();
    mcpcore::QuestionField mail = field("contact");
    mail.format = QStringLiteral("email");
    mail.title = QStringLiteral("Contact");
    mail.description = QStringLiteral("Who hears of it when the passport is gone.");
    mcpcore::QuestionField days = required(field("days", Type::Integer));
    days.least = QStringLiteral("1");
    days.most = QStringLiteral("30");
    mcpcore::QuestionField scopes =
        chosenFrom(field("scopes", Type::Choices), {QStringLiteral("read"), QStringLiteral("write"), QStringLiteral("admin")});
    scopes.longest = 2;
    question.fields = {mail,
                       days,
                       field("share", Type::Number),
                       field("notify_owner", Type::YesNo),
                       chosenFrom(required(field("region", Type::Choice)), {QStringLiteral("eu"), QStringLiteral("us")}),
                       scopes};
    return question;
}

inline mcpcore::Question page(FakeDesk &desk, const QString &url, const QString &host)
{
    mcpcore::Question question = desk.sampleQuestion(QStringLiteral("staging"));
    question.kind = mcpcore::Question::Kind::Url;
    question.message = QStringLiteral("Sign the order on our page.");
    question.url = url;
    question.urlHost = host;
    return question;
}

} // namespace samples
