// SPDX-FileCopyrightText: 2026 The Countersign authors
// SPDX-License-Identifier: GPL-3.0-or-later
#include "base/Json.h"
#include "protocol/Elicitation.h"
#include <QRegularExpression>

// A person's answer, checked against what was asked.

namespace mcpcore {

namespace {

using Field = QuestionField;

tl::unexpected<Error> wrong(const Field &field, const QString &what)
{
    return failure(Error::Kind::InvalidArgument, QStringLiteral("%1: %2.").arg(field.name.left(80), what));
}

Result<QByteArray> numberFrom(const Field &field, const QString &text)
{
    static const QRegularExpression whole(QStringLiteral("\\A-?(0|[1-9][0-9]{0,17})\\z"));
    static const QRegularExpression any(QStringLiteral("\\A-?(0|[1-9][0-9]*)(\\.[0-9]+)?([eE][+-]?[0-9]{1,3})?\\z"));
    if (field.type == Field::Type::Integer && !whole.match(text).hasMatch())
        return wrong(field, QStringLiteral("this must be a whole number"));
    if (text.size() > 40 || !any.match(text).hasMatch())
        return wrong(field, QStringLiteral("this must be a number, as 12.50"));
    if (!field.least.isEmpty() && text.toDouble() < field.least.toDouble())
        return wrong(field, QStringLiteral("this must be %1 or more").arg(field.least));
    if (!field.most.isEmpty() && text.toDouble() > field.most.toDouble())
        return wrong(field, QStringLiteral("this must be %1 or less").arg(field.most));
    return text.toLatin1(); // as the person wrote it
}

Result<> checkCount(const Field &field, qsizetype count, const QString &unit)
{
    if (field.shortest && count < *field.shortest)
        return wrong(field, QStringLiteral("at least %1 %2").arg(*field.shortest).arg(unit));
    if (field.longest && count > *field.longest)
        return wrong(field, QStringLiteral("at most %1 %2").arg(*field.longest).arg(unit));
    return {};
}

Result<> checkOption(const Field &field, const QString &value)
{
    const bool known = std::any_of(field.options.begin(), field.options.end(), [&](const Field::Option &o) { return o.value == value; });
    return known ? Result<>() : Result<>(wrong(field, QStringLiteral("choose one of what is offered")));
}

Result<QByteArray> valueFrom(const Field &field, const Field::Value &value)
{
    const QString *text = std::get_if<QString>(&value);
    const QStringList *list = std::get_if<QStringList>(&value);
    const bool *flag = std::get_if<bool>(&value);
    Result<> checked;
    switch (field.type) {
    case Field::Type::Text:
        if (text)
            checked = checkCount(field, text->toUcs4().size(), QStringLiteral("characters"));
        break;
    case Field::Type::Choice:
        if (text)
            checked = checkOption(field, *text);
        break;
    case Field::Type::Number:
    case Field::Type::Integer:
        if (text)
            return numberFrom(field, text->trimmed());
        break;
    case Field::Type::YesNo:
        if (flag)
            return QByteArray(*flag ? "true" : "false");
        break;
    case Field::Type::Choices:
        if (!list)
            break;
        checked = checkCount(field, list->size(), QStringLiteral("choices"));
        for (const QString &one : *list)
            if (checked)
                checked = checkOption(field, one);
        if (!checked)
            return failure(checked.error());
        return toBytes(Json(*list));
    }
    if (!checked)
        return failure(checked.error());
    const bool written = text && field.type != Field::Type::YesNo && field.type != Field::Type::Choices;
    return written ? Result<QByteArray>(quoted(*text)) : Result<QByteArray>(wrong(field, QStringLiteral("this is not what was asked for")));
}

} // namespace

Result<QByteArray> elicitationResult(const Question &question, const QuestionAnswer &answer)
{
    switch (answer.action) {
    case QuestionAnswer::Action::Decline: return QByteArrayLiteral(R"({"action":"decline"})");
    case QuestionAnswer::Action::Cancel: return QByteArrayLiteral(R"({"action":"cancel"})");
    case QuestionAnswer::Action::Accept: break;
    }
    if (!question.problem.isEmpty())
        return failure(Error::Kind::InvalidArgument, question.problem);
    if (question.kind == Question::Kind::Url)
        return QByteArrayLiteral(R"({"action":"accept"})");
    QByteArray content;
    QStringList answered;
    for (const auto &[name, value] : answer.values) {
        const auto field =
            std::find_if(question.fields.begin(), question.fields.end(), [&wanted = name](const Field &f) { return f.name == wanted; });
        if (field == question.fields.end())
            return failure(Error::Kind::InvalidArgument, QStringLiteral("The server did not ask for %1.").arg(name.left(80)));
        if (answered.contains(name))
            return wrong(*field, QStringLiteral("this was answered twice"));
        if (std::holds_alternative<std::monostate>(value))
            continue;
        if (field->looksSecret)
            return wrong(*field, QStringLiteral("this looks like a secret and is not answered"));
        auto valid = valueFrom(*field, value);
        if (!valid)
            return failure(valid.error());
        content += (content.isEmpty() ? "" : ",") + quoted(name) + ':' + *valid;
        answered.append(name);
    }
    for (const Field &field : question.fields)
        if (field.required && !field.looksSecret && !answered.contains(field.name))
            return wrong(field, QStringLiteral("this must be answered"));
    return QByteArray(R"({"action":"accept","content":{)" + content + "}}");
}

} // namespace mcpcore
