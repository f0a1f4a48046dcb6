// SPDX-FileCopyrightText: 2026 The Countersign authors
// SPDX-License-Identifier: GPL-3.0-or-later
#include "ui/approvals/QuestionText.h"
#include "ui/approvals/ArgumentRows.h"
#include "ui/approvals/CardText.h"
#include "ui/shell/EnvLooks.h"
#include "ui/widgets/VisibleMarks.h"
#include <QDateTime>

namespace ui {

using mcpcore::Question;
using mcpcore::QuestionAnswer;
using mcpcore::QuestionEnd;
using mcpcore::QuestionField;

namespace {

constexpr qsizetype kLongestHint = 400;
// More is nothing a person answers, and would freeze the window.
constexpr qsizetype kMostFields = 100, kMostOptions = 300;

qsizetype blockedAndRequired(const Question &question)
{
    return std::count_if(question.fields.begin(), question.fields.end(),
                         [](const QuestionField &field) { return field.looksSecret && field.required; });
}

} // namespace

QString QuestionText::connectionName(const Question &question)
{
    return CardText::connectionName(question.vendor, question.connection);
}

QString QuestionText::sentence(const Question &question)
{
    const QString asker = CardText::named(question.asker), tool = CardText::named(question.tool);
    const qsizetype wanted = question.fields.size();
    if (question.kind == Question::Kind::Url)
        return tool.isEmpty() ? tr("%1 wants you to open a page").arg(asker)
                              : tr("%1 wants you to open a page before it goes on with “%2”").arg(asker, tool);
    if (wanted == 0)
        return tool.isEmpty() ? tr("%1 wants you to agree to something").arg(asker)
                              : tr("%1 wants you to agree before it goes on with “%2”").arg(asker, tool);
    if (wanted == 1)
        return tool.isEmpty() ? tr("%1 wants an answer from you").arg(asker)
                              : tr("%1 wants an answer before it goes on with “%2”").arg(asker, tool);
    const QString count = QString::number(wanted);
    return tool.isEmpty() ? tr("%1 wants %2 answers from you").arg(asker, count)
                          : tr("%1 wants %2 answers before it goes on with “%3”").arg(asker, count, tool);
}

QString QuestionText::title(const Question &question)
{
    return tr("%1 asks you something").arg(connectionName(question));
}

QString QuestionText::facts(const Question &question)
{
    const QString client = CardText::named(question.clientLabel);
    const QString time = QDateTime::fromMSecsSinceEpoch(question.asked.count()).toString(QStringLiteral("HH:mm:ss"));
    if (question.tool.isEmpty())
        return tr("%1 · outside of a call · connected for %2 · asked at %3").arg(connectionName(question), client, time);
    return tr("%1 · %2 · in a call of %3 · asked at %4").arg(connectionName(question), CardText::named(question.tool), client, time);
}

QString QuestionText::wanted(const QuestionField &field)
{
    QStringList parts;
    if (field.required)
        parts.append(tr("required"));
    if (field.looksSecret)
        return parts.join(QString());
    const auto limits = [&parts](const QString &least, const QString &most, const QString &both, const QString &from, const QString &to) {
        if (!least.isEmpty() && !most.isEmpty())
            parts.append(both.arg(least, most));
        else if (!least.isEmpty() || !most.isEmpty())
            parts.append(least.isEmpty() ? to.arg(most) : from.arg(least));
    };
    const QString shortest = field.shortest.value_or(0) > 0 ? grouped(*field.shortest) : QString();
    const QString longest = field.longest ? grouped(*field.longest) : QString();
    switch (field.type) {
    case QuestionField::Type::Text:
        if (field.format == QLatin1String("email"))
            parts.append(tr("an email address"));
        else if (field.format == QLatin1String("uri"))
            parts.append(tr("an address such as https://example.com/page"));
        else if (field.format == QLatin1String("date"))
            parts.append(tr("a date such as 2026-11-21"));
        else if (field.format == QLatin1String("date-time"))
            parts.append(tr("a time such as 2026-11-21T09:41:00Z"));
        limits(shortest, longest, tr("%1 to %2 characters"), tr("at least %1 characters"), tr("up to %1 characters"));
        break;
    case QuestionField::Type::Number:
    case QuestionField::Type::Integer:
        parts.append(field.type == QuestionField::Type::Integer ? tr("a whole number") : tr("a number"));
        limits(CardText::named(field.least), CardText::named(field.most), tr("from %1 to %2"), tr("at least %1"), tr("at most %1"));
        break;
    case QuestionField::Type::YesNo: parts.append(tr("yes or no")); break;
    case QuestionField::Type::Choice: parts.append(tr("one of %1").arg(grouped(field.options.size()))); break;
    case QuestionField::Type::Choices:
        parts.append(tr("any of %1").arg(grouped(field.options.size())));
        limits(shortest, longest, tr("%1 to %2 of them"), tr("at least %1"), tr("up to %1"));
        break;
    }
    return parts.join(tr(", ", "between facts"));
}

QString QuestionText::described(const QuestionField &field)
{
    QStringList parts;
    for (const QString &text : {field.title, field.description})
        if (!text.trimmed().isEmpty() && text != field.name)
            parts.append(tr("“%1”", "what others wrote").arg(whole(text, kLongestHint)));
    return parts.join(QLatin1Char(' '));
}

QString QuestionText::accept(const Question &question)
{
    if (question.kind == Question::Kind::Url)
        return tr("Open this page in the browser");
    if (question.fields.isEmpty())
        return tr("Agree");
    const qsizetype blocked = blockedAndRequired(question);
    if (blocked > 1)
        return tr("Answer without %1 fields").arg(grouped(blocked));
    for (const QuestionField &field : question.fields)
        if (field.looksSecret && field.required)
            return tr("Answer without %1").arg(CardText::named(field.name).left(24));
    return tr("Answer");
}

QString QuestionText::secretsTitle()
{
    return tr("A server may not ask for secrets here.");
}

QString QuestionText::secretsNote(const Question &question, bool hasKey)
{
    const QString name = connectionName(question);
    const auto blocked =
        std::count_if(question.fields.begin(), question.fields.end(), [](const QuestionField &field) { return field.looksSecret; });
    if (blocked == 1)
        return hasKey ? tr("The field stays empty. %1 has your key already; if it needs another, set it under Connections.").arg(name)
                      : tr("The field stays empty. If %1 needs a key, set it under Connections.").arg(name);
    return hasKey ? tr("These fields stay empty. %1 has your key already; if it needs another, set it under Connections.").arg(name)
                  : tr("These fields stay empty. If %1 needs a key, set it under Connections.").arg(name);
}

QString QuestionText::whereTo(const Question &question)
{
    if (question.kind == Question::Kind::Url)
        return tr("The page opens only when you press the button. What you enter there goes to that page, not to the client. "
                  "Declining is safe: %1 is told that you declined, nothing else.")
            .arg(CardText::named(question.asker));
    return tr("Your answers go to %1, not to the client. Declining is safe: the server is told that you declined, nothing else.")
        .arg(CardText::named(question.asker));
}

QString QuestionText::problem(const Question &question)
{
    if (!question.problem.isEmpty())
        return question.problem;
    if (question.fields.size() > kMostFields)
        return tr("It has %1 fields, Countersign shows %2 at most.").arg(grouped(question.fields.size()), grouped(kMostFields));
    for (const QuestionField &field : question.fields)
        if (field.options.size() > kMostOptions)
            return tr("%1 has %2 options, Countersign shows %3 at most.")
                .arg(CardText::named(field.name), grouped(field.options.size()), grouped(kMostOptions));
    return {};
}

QString QuestionText::hiddenCharacters(const Question &question)
{
    qsizetype hidden = ui::hiddenCharacters(question.message) + ui::hiddenCharacters(question.url) + ui::hiddenCharacters(question.asker);
    for (const QuestionField &field : question.fields) {
        hidden += ui::hiddenCharacters(field.name) + ui::hiddenCharacters(field.title) + ui::hiddenCharacters(field.description);
        for (const QuestionField::Option &option : field.options)
            hidden += ui::hiddenCharacters(option.label);
    }
    if (hidden == 1)
        return tr("What the server wrote holds a character that does not show. It is shown as a mark.");
    return hidden == 0 ? QString()
                       : tr("What the server wrote holds %1 characters that do not show. They are shown as marks.").arg(grouped(hidden));
}

QString QuestionText::sending(const Question &question, QuestionAnswer::Action action)
{
    if (action != QuestionAnswer::Action::Accept)
        return tr("Declining");
    return question.kind == Question::Kind::Url ? tr("Opening the page") : tr("Answering");
}

QString QuestionText::ended(const Question &question, QuestionEnd end)
{
    switch (end) {
    case QuestionEnd::Answered:
        return question.kind == Question::Kind::Url ? tr("Opened in the browser.")
                                                    : tr("Answered. %1 has your answers.").arg(CardText::named(question.asker));
    case QuestionEnd::Declined: return tr("Declined. No answer was sent.");
    case QuestionEnd::Expired:
        return tr("Nobody answered in %1. No answer was sent.").arg(CardText::duration(question.deadline - question.asked));
    case QuestionEnd::Withdrawn: break;
    }
    return question.tool.isEmpty() ? tr("The server no longer waits. No answer was sent.") : tr("The call ended. No answer was sent.");
}

QString QuestionText::accessibleName(const Question &question)
{
    return tr("%1 asks you something, %2 in %3", "host, connection, environment")
        .arg(CardText::named(question.asker), connectionName(question), wordOf(question.environment));
}

QString QuestionText::accessibleDescription(const Question &question, std::chrono::milliseconds now)
{
    return tr("%1. %2 left.", "our sentence, time").arg(sentence(question), CardText::duration(question.deadline - now));
}

QString QuestionText::whole(const QString &text, qsizetype longest)
{
    if (text.size() <= longest)
        return text;
    return tr("%1 … and %2 more characters, not shown", "the beginning of a long text")
        .arg(text.left(longest), grouped(text.size() - longest));
}

QuestionText::Span QuestionText::hostIn(const QString &url)
{
    const qsizetype scheme = url.indexOf(QLatin1String("://"));
    if (scheme < 0)
        return {};
    qsizetype start = scheme + 3, end = start;
    while (end < url.size() && !QStringLiteral("/?#\\").contains(url.at(end)))
        ++end;
    const qsizetype user = url.lastIndexOf(QLatin1Char('@'), end - 1);
    if (user >= start)
        start = user + 1;
    const qsizetype bracket = url.indexOf(QLatin1Char(']'), start);
    const qsizetype port = url.indexOf(QLatin1Char(':'), url.mid(start, 1) == QLatin1String("[") && bracket >= 0 ? bracket : start);
    if (port >= start && port < end)
        end = port;
    return {start, end - start};
}

bool QuestionText::isPunycode(const QString &host)
{
    const QStringList labels = host.split(QLatin1Char('.'));
    return std::any_of(labels.begin(), labels.end(),
                       [](const QString &label) { return label.startsWith(QLatin1String("xn--"), Qt::CaseInsensitive); });
}

} // namespace ui
