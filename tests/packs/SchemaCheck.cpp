// SPDX-FileCopyrightText: 2026 The Countersign authors
// SPDX-License-Identifier: GPL-3.0-or-later
#include "SchemaCheck.h"
#include <QRegularExpression>
#include <functional>
#include <map>
#include <set>

using mcpcore::Json;

namespace {

struct Check {
    const Json &value;
    const Json &schema;
    const Json &root;
    const QString &path;

    QStringList wrong(bool fine, const char *word) const
    {
        return fine ? QStringList() : QStringList{path + QLatin1Char(' ') + QLatin1String(word)};
    }
    QStringList type(const Json &name) const
    {
        const bool fine = (name == "object" && value.is_object()) || (name == "array" && value.is_array())
                          || (name == "string" && value.is_string()) || (name == "integer" && value.is_number_integer());
        return wrong(fine, "type");
    }
    QStringList pattern(const Json &form) const
    {
        return wrong(!value.is_string() || QRegularExpression(form.get<QString>()).match(value.get<QString>()).hasMatch(), "pattern");
    }
    QStringList required(const Json &names) const
    {
        QStringList faults;
        for (const Json &name : names)
            faults += wrong(!value.is_object() || value.contains(name.get<std::string>()), "required");
        return faults;
    }
    QStringList members(const Json &rest) const
    {
        QStringList faults;
        if (!value.is_object())
            return faults;
        const Json known = schema.value("properties", Json::object());
        for (const auto &[name, member] : value.items()) {
            const QString at = path + QLatin1Char('.') + QString::fromStdString(name);
            if (known.contains(name))
                faults += faultsBySchema(member, known[name], root, at);
            else if (rest.is_boolean())
                faults += wrong(rest.get<bool>(), "additionalProperties");
            else
                faults += faultsBySchema(member, rest, root, at);
        }
        return faults;
    }
    QStringList elements(const Json &each) const
    {
        QStringList faults;
        if (value.is_array())
            for (const Json &element : value)
                faults += faultsBySchema(element, each, root, path + QStringLiteral("[]"));
        return faults;
    }
    QStringList oneOf(const Json &choices) const
    {
        const auto fits = [&](const Json &choice) { return faultsBySchema(value, choice, root, path).isEmpty(); };
        return wrong(std::count_if(choices.begin(), choices.end(), fits) == 1, "oneOf");
    }
    QStringList names(const Json &form) const
    {
        QStringList faults;
        if (value.is_object())
            for (const auto &member : value.items())
                faults += faultsBySchema(Json(member.key()), form, root, path);
        return faults;
    }
    QStringList reference(const Json &to) const
    {
        return faultsBySchema(value, root.at(Json::json_pointer(to.get<std::string>().substr(1))), root, path);
    }
};

} // namespace

QStringList faultsBySchema(const Json &value, const Json &schema, const Json &root, const QString &path)
{
    const Check check{value, schema, root, path};
    QStringList faults;
    for (const auto &[word, rule] : schema.items()) {
        if (word == "type")
            faults += check.type(rule);
        else if (word == "const")
            faults += check.wrong(value == rule, "const");
        else if (word == "enum")
            faults += check.wrong(std::find(rule.begin(), rule.end(), value) != rule.end(), "enum");
        else if (word == "pattern")
            faults += check.pattern(rule);
        else if (word == "required")
            faults += check.required(rule);
        else if (word == "additionalProperties")
            faults += check.members(rule);
        else if (word == "propertyNames")
            faults += check.names(rule);
        else if (word == "items")
            faults += check.elements(rule);
        else if (word == "minItems")
            faults += check.wrong(!value.is_array() || value.size() >= rule.get<size_t>(), "minItems");
        else if (word == "minimum")
            faults += check.wrong(!value.is_number() || value.get<double>() >= rule.get<double>(), "minimum");
        else if (word == "maximum")
            faults += check.wrong(!value.is_number() || value.get<double>() <= rule.get<double>(), "maximum");
        else if (word == "minProperties")
            faults += check.wrong(!value.is_object() || value.size() >= rule.get<size_t>(), "minProperties");
        else if (word == "maxItems")
            faults += check.wrong(!value.is_array() || value.size() <= rule.get<size_t>(), "maxItems");
        else if (word == "uniqueItems")
            faults += check.wrong(!value.is_array() || std::set<Json>(value.begin(), value.end()).size() == value.size(), "uniqueItems");
        else if (word == "oneOf")
            faults += check.oneOf(rule);
        else if (word == "$ref")
            faults += check.reference(rule);
        else if (word != "properties" && word != "$defs" && word != "$schema" && word != "title" && word != "description")
            faults += path + QStringLiteral(": unknown word in the schema: ") + QString::fromStdString(word);
    }
    return faults;
}
