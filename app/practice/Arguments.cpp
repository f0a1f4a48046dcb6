// SPDX-FileCopyrightText: 2026 The Countersign authors
// SPDX-License-Identifier: GPL-3.0-or-later
#include "app/practice/Arguments.h"
#include "base/Json.h"
#include <QStringList>
#include <algorithm>

using namespace mcpcore;

namespace app {

namespace {

Result<> check(const Json &schema, const Json &value, const QString &name);

tl::unexpected<Error> wrong(const QString &name, const QString &rule)
{
    return failure(Error::Kind::InvalidArgument, QStringLiteral("%1 must be %2.").arg(name, rule));
}

QString joined(const QString &name, const std::string &member)
{
    const QString text = QString::fromStdString(member);
    return name.isEmpty() ? text : name + QLatin1Char('.') + text;
}

Result<> checkObject(const Json &schema, const Json &value, const QString &name)
{
    if (!value.is_object())
        return wrong(name.isEmpty() ? QStringLiteral("The arguments") : name, QStringLiteral("an object"));
    const Json &properties = schema.at("properties");
    for (const auto &[member, content] : value.items()) {
        if (!properties.contains(member)) {
            QStringList known;
            for (const auto &property : properties.items())
                known += QString::fromStdString(property.key());
            return failure(Error::Kind::InvalidArgument,
                           QStringLiteral("%1 is not known here. Known: %2.")
                               .arg(joined(name, member), known.isEmpty() ? QStringLiteral("nothing") : known.join(QLatin1String(", "))));
        }
        if (const auto checked = check(properties.at(member), content, joined(name, member)); !checked)
            return checked;
    }
    for (const auto &required : schema.value("required", Json::array())) {
        if (!value.contains(required.get<std::string>()))
            return failure(Error::Kind::InvalidArgument, QStringLiteral("%1 is missing.").arg(joined(name, required.get<std::string>())));
    }
    return {};
}

Result<> checkArray(const Json &schema, const Json &value, const QString &name)
{
    if (!value.is_array())
        return wrong(name, QStringLiteral("a list"));
    if (qint64(value.size()) > schema.value("maxItems", qint64(1000)))
        return wrong(name, QStringLiteral("a list of at most %1 entries").arg(schema.value("maxItems", qint64(1000))));
    for (size_t i = 0; i < value.size(); ++i) {
        if (const auto checked = check(schema.at("items"), value[i], QStringLiteral("%1[%2]").arg(name).arg(i)); !checked)
            return checked;
    }
    return {};
}

Result<> checkString(const Json &schema, const Json &value, const QString &name)
{
    if (!value.is_string())
        return wrong(name, QStringLiteral("text"));
    if (const Json *choices = memberAt(schema, "enum"); choices && std::find(choices->begin(), choices->end(), value) == choices->end()) {
        QStringList words;
        for (const auto &choice : *choices)
            words += choice.get<QString>();
        return wrong(name, QStringLiteral("one of: ") + words.join(QLatin1String(", ")));
    }
    const qsizetype length = value.get<QString>().toUcs4().size();
    const qint64 shortest = integerAt(schema, "minLength", 0);
    const qint64 longest = integerAt(schema, "maxLength", 1000);
    if (length < shortest || length > longest)
        return wrong(name, QStringLiteral("%1 to %2 characters long").arg(shortest).arg(longest));
    return {};
}

Result<> checkInteger(const Json &schema, const Json &value, const QString &name)
{
    const qint64 smallest = schema.at("minimum").get<qint64>();
    const qint64 largest = schema.at("maximum").get<qint64>();
    const bool readable = value.is_number_integer() && !(value.is_number_unsigned() && value.get<quint64>() > quint64(largest));
    if (!readable || value.get<qint64>() < smallest || value.get<qint64>() > largest)
        return wrong(name, QStringLiteral("a whole number from %1 to %2").arg(smallest).arg(largest));
    return {};
}

Result<> check(const Json &schema, const Json &value, const QString &name)
{
    const std::string type = schema.at("type").get<std::string>();
    if (type == "object")
        return checkObject(schema, value, name);
    if (type == "array")
        return checkArray(schema, value, name);
    if (type == "string")
        return checkString(schema, value, name);
    if (type == "integer")
        return checkInteger(schema, value, name);
    if (!value.is_boolean())
        return wrong(name, QStringLiteral("true or false"));
    return {};
}

} // namespace

Result<> checkArguments(const Json &schema, const Json &arguments)
{
    return check(schema, arguments, {});
}

} // namespace app
