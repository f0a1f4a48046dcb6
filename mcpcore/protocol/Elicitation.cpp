// SPDX-FileCopyrightText: 2026 The Countersign authors
// SPDX-License-Identifier: GPL-3.0-or-later
#include "protocol/Elicitation.h"
#include "base/Json.h"
#include <QRegularExpression>
#include <QUrl>

namespace mcpcore {

namespace {

using Field = QuestionField;

constexpr size_t maximumFields = 50;
constexpr size_t maximumOptions = 500;
constexpr qsizetype maximumUrl = 8'192;

tl::unexpected<Error> unreadable(const QString &what)
{
    return failure(Error::Kind::InvalidArgument, QStringLiteral("The question cannot be shown: %1.").arg(what));
}

// "apiKey", "api_key" and "API-key" are the same words.
QString wordsOf(const QString &text)
{
    static const QRegularExpression border(QStringLiteral("(?<=[a-z0-9])(?=[A-Z])|[_\\-./]+"));
    return QString(text).replace(border, QStringLiteral(" ")).toLower();
}

bool looksSecret(const Field &field)
{
    static const QRegularExpression name(
        QStringLiteral("passw|pass ?(phrase|code)|secret|token|\\bkeys?\\b|credential|\\bpin\\b|\\bcv[vc]2?\\b|card ?number|"
                       "\\bssn\\b|social security|\\b[mt]?otp\\b|one ?time code|mnemonic|seed phrase|bearer|\\biban\\b"));
    static const QRegularExpression described(QStringLiteral("passw|pass ?(phrase|code)|(api|access|private|secret|operator|signing) ?key|"
                                                             "client secret|access token|card ?number|security code|seed phrase"));
    if (field.format == QLatin1String("password"))
        return true;
    // What can only be counted or chosen cannot carry one, but for codes that are numbers.
    static const QRegularExpression numeric(QStringLiteral("\\bpin\\b|\\bcv[vc]2?\\b|card ?number|\\bssn\\b|\\botp\\b|passw|code\\b"));
    const QString words = wordsOf(field.name) + QLatin1Char('\n') + wordsOf(field.title);
    switch (field.type) {
    case Field::Type::Text: return name.match(words).hasMatch() || described.match(wordsOf(field.description)).hasMatch();
    case Field::Type::Number:
    case Field::Type::Integer: return numeric.match(words).hasMatch();
    case Field::Type::YesNo:
    case Field::Type::Choice:
    case Field::Type::Choices: return false;
    }
    return true;
}

QString numberAt(const Json &schema, const char *key)
{
    const Json *number = memberAt(schema, key);
    return number && number->is_number() ? QString::fromStdString(number->dump()) : QString();
}

std::optional<qsizetype> countAt(const Json &schema, const char *key)
{
    const Json *number = memberAt(schema, key);
    return number && number->is_number_unsigned() ? std::optional(qsizetype(std::min<quint64>(number->get<quint64>(), 1'000'000)))
                                                  : std::nullopt;
}

// enum (with enumNames), oneOf or anyOf of {const, title}.
Result<QList<Field::Option>> optionsOf(const Json &schema)
{
    QList<Field::Option> options;
    const Json *titled = memberAt(schema, "oneOf") ? memberAt(schema, "oneOf") : memberAt(schema, "anyOf");
    const Json *values = titled ? titled : memberAt(schema, "enum");
    if (!values)
        return options;
    if (!values->is_array() || values->empty() || values->size() > maximumOptions)
        return unreadable(QStringLiteral("it offers no choice, or too many"));
    const Json *names = memberAt(schema, "enumNames");
    for (size_t i = 0; i < values->size(); ++i) {
        const Json &value = (*values)[i];
        const Json *constant = titled ? memberAt(value, "const") : &value;
        if (!constant || !constant->is_string())
            return unreadable(QStringLiteral("an option is not a text"));
        Field::Option option{constant->get<QString>(), {}};
        const bool named = names && names->is_array() && i < names->size() && (*names)[i].is_string();
        option.label = titled ? stringAt(value, "title", option.value) : named ? (*names)[i].get<QString>() : option.value;
        options.append(option);
    }
    return options;
}

Field::Value presetOf(const Json &schema, Field::Type type)
{
    const Json *preset = memberAt(schema, "default");
    if (!preset)
        return {};
    switch (type) {
    case Field::Type::Text:
    case Field::Type::Choice: return preset->is_string() ? Field::Value(preset->get<QString>()) : Field::Value();
    case Field::Type::Number:
    case Field::Type::Integer: return preset->is_number() ? Field::Value(QString::fromStdString(preset->dump())) : Field::Value();
    case Field::Type::YesNo: return preset->is_boolean() ? Field::Value(preset->get<bool>()) : Field::Value();
    case Field::Type::Choices: {
        QStringList chosen;
        if (!preset->is_array())
            return {};
        for (const Json &one : *preset)
            if (one.is_string())
                chosen.append(one.get<QString>());
        return chosen;
    }
    }
    return {};
}

Result<Field> fieldOf(const QString &name, const Json &schema)
{
    Field field;
    field.name = name;
    field.title = stringAt(schema, "title", {});
    field.description = stringAt(schema, "description", {});
    field.format = stringAt(schema, "format", {});
    const QString type = stringAt(schema, "type", {});
    const Json *items = memberAt(schema, "items");
    auto options = optionsOf(type == QLatin1String("array") && items ? *items : schema);
    if (!options)
        return failure(options.error());
    field.options = std::move(*options);
    if (type == QLatin1String("array")) {
        field.type = Field::Type::Choices;
        if (field.options.isEmpty())
            return unreadable(QStringLiteral("the list %1 has no options").arg(name.left(80)));
    } else if (type == QLatin1String("boolean")) {
        field.type = Field::Type::YesNo;
    } else if (type == QLatin1String("integer")) {
        field.type = Field::Type::Integer;
    } else if (type == QLatin1String("number")) {
        field.type = Field::Type::Number;
    } else if (type == QLatin1String("string")) {
        field.type = field.options.isEmpty() ? Field::Type::Text : Field::Type::Choice;
    } else {
        return unreadable(QStringLiteral("%1 is of the type %2").arg(name.left(80), type.left(40)));
    }
    const bool list = field.type == Field::Type::Choices;
    field.shortest = countAt(schema, list ? "minItems" : "minLength");
    field.longest = countAt(schema, list ? "maxItems" : "maxLength");
    field.least = numberAt(schema, "minimum");
    field.most = numberAt(schema, "maximum");
    field.preset = presetOf(schema, field.type);
    field.looksSecret = looksSecret(field);
    if (field.looksSecret)
        field.preset = {};
    return field;
}

Result<> readForm(const Json &params, Question &question)
{
    const Json *schema = memberAt(params, "requestedSchema");
    const Json *properties = schema ? memberAt(*schema, "properties") : nullptr;
    if (!properties || !properties->is_object() || properties->size() > maximumFields)
        return unreadable(QStringLiteral("requestedSchema has no properties, or too many"));
    const Json *required = memberAt(*schema, "required");
    for (const auto &[name, property] : properties->items()) {
        auto field = fieldOf(QString::fromStdString(name), property);
        if (!field)
            return failure(field.error());
        field->required = required && required->is_array() && std::find(required->begin(), required->end(), Json(name)) != required->end();
        question.fields.append(std::move(*field));
    }
    return {};
}

void readUrl(Question &question)
{
    const QUrl url(question.url, QUrl::StrictMode);
    const bool plain = question.url.size() <= maximumUrl
                       && std::all_of(question.url.begin(), question.url.end(), [](QChar c) { return c > u' ' && c < u'\x7f'; });
    if (!plain || !url.isValid() || url.host().isEmpty())
        question.problem = QStringLiteral("The address is not one that a browser can be given.");
    else if (url.scheme() != QLatin1String("https"))
        question.problem = QStringLiteral("The address does not begin with https. Only such pages are opened.");
    else if (!url.userInfo().isEmpty())
        question.problem = QStringLiteral("The address has a user name in it, which hides the host it leads to.");
    else
        question.urlHost = url.host(QUrl::FullyEncoded);
}

} // namespace

Result<> readElicitation(const RawJson &params, Question &question)
{
    const auto tree = parseJson(params.view());
    const Json *message = tree ? memberAt(*tree, "message") : nullptr;
    if (!message || !message->is_string())
        return unreadable(QStringLiteral("it has no message"));
    question.message = message->get<QString>();
    const QString mode = stringAt(*tree, "mode", QStringLiteral("form"));
    if (mode == QLatin1String("form")) {
        question.kind = Question::Kind::Form;
        return readForm(*tree, question);
    }
    if (mode != QLatin1String("url"))
        return unreadable(QStringLiteral("it is of the kind %1").arg(mode.left(40)));
    question.kind = Question::Kind::Url;
    question.url = stringAt(*tree, "url", {});
    readUrl(question);
    return {};
}

} // namespace mcpcore
