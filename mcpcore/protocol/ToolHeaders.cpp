// SPDX-FileCopyrightText: 2026 The Countersign authors
// SPDX-License-Identifier: GPL-3.0-or-later
#include "protocol/ToolHeaders.h"
#include "base/Json.h"
#include "protocol/HeaderValue.h"
#include "protocol/Message.h"
#include <algorithm>
#include <cmath>

namespace mcpcore {

namespace {

constexpr const char *annotation = "x-mcp-header";

bool isToken(const std::string &name)
{
    constexpr std::string_view symbols = "!#$%&'*+-.^_`|~";
    return !name.empty() && std::all_of(name.begin(), name.end(), [&](char c) {
        return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || (c >= '0' && c <= '9') || symbols.find(c) != std::string_view::npos;
    });
}

std::optional<ToolHeader::Type> typeOf(const Json &schema)
{
    const QString type = stringAt(schema, "type", QString());
    if (type == QLatin1String("string"))
        return ToolHeader::Type::String;
    if (type == QLatin1String("integer"))
        return ToolHeader::Type::Integer;
    if (type == QLatin1String("boolean"))
        return ToolHeader::Type::Boolean;
    return std::nullopt;
}

// Goes through a schema; what is not reached by "properties" alone may not be annotated.
class Walk
{
public:
    QList<ToolHeader> headers;
    bool valid = true;

    void schema(const Json &value, const QByteArrayList &path, bool reachable)
    {
        if (value.is_array())
            for (const Json &element : value)
                schema(element, path, false);
        if (!value.is_object())
            return;
        if (const Json *name = memberAt(value, annotation))
            annotated(value, *name, path, reachable && !path.isEmpty());
        for (const auto &[key, inner] : value.items()) {
            static const QStringList data{QStringLiteral("enum"), QStringLiteral("const"), QStringLiteral("default"),
                                          QStringLiteral("examples")};
            static const QStringList maps{QStringLiteral("properties"), QStringLiteral("patternProperties"), QStringLiteral("$defs"),
                                          QStringLiteral("definitions"), QStringLiteral("dependentSchemas")};
            const QString word = QString::fromStdString(key);
            if (data.contains(word))
                continue;
            if (!maps.contains(word) || !inner.is_object()) {
                schema(inner, path, false);
                continue;
            }
            for (const auto &[property, sub] : inner.items())
                schema(sub, path + QByteArrayList{QByteArray::fromStdString(property)}, reachable && key == "properties");
        }
    }

private:
    void annotated(const Json &schema, const Json &name, const QByteArrayList &path, bool reachable)
    {
        const auto type = typeOf(schema);
        if (!reachable || !type || !name.is_string() || !isToken(name.get_ref<const std::string &>())) {
            valid = false;
            return;
        }
        const QByteArray text = QByteArray::fromStdString(name.get<std::string>());
        valid = valid && std::none_of(headers.cbegin(), headers.cend(), [&](const ToolHeader &other) {
                    return other.name.compare(text, Qt::CaseInsensitive) == 0;
                });
        headers.append({path, text, *type});
    }
};

std::optional<QByteArray> textOf(const Json &value)
{
    if (value.is_string())
        return QByteArray::fromStdString(value.get<std::string>());
    if (value.is_boolean())
        return QByteArray(value.get<bool>() ? "true" : "false");
    if (value.is_number_float() && std::trunc(value.get<double>()) == value.get<double>() && std::abs(value.get<double>()) < 9e15)
        return QByteArray::number(qint64(value.get<double>()));
    if (value.is_number())
        return QByteArray::fromStdString(value.dump());
    return std::nullopt;
}

bool strip(Json &value)
{
    bool changed = false;
    if (value.is_array())
        for (Json &element : value)
            changed = strip(element) || changed;
    if (!value.is_object())
        return changed;
    for (auto &[key, inner] : value.items()) {
        if (key == "properties" && inner.is_object()) {
            for (auto &[property, sub] : inner.items())
                changed = strip(sub) || changed;
        } else if (key != "default" && key != "const" && key != "enum" && key != "examples") {
            changed = strip(inner) || changed;
        }
    }
    return value.erase(annotation) > 0 || changed;
}

} // namespace

Result<QList<ToolHeader>> toolHeadersOf(const RawJson &definition)
{
    if (definition.view().find(annotation) == std::string_view::npos)
        return QList<ToolHeader>();
    const auto schema = parseJson(memberOf(definition, "inputSchema").view());
    if (!schema)
        return failure(schema.error());
    Walk walk;
    walk.schema(*schema, {}, true);
    if (!walk.valid)
        return failure(Error::Kind::InvalidArgument, QStringLiteral("The tool asks for a header that the protocol does not allow."));
    return walk.headers;
}

QByteArrayList toolHeaderFields(const QList<ToolHeader> &headers, const RawJson &arguments)
{
    QByteArrayList fields;
    const auto tree = headers.isEmpty() ? Result<Json>(Json()) : parseJson(arguments.view());
    if (!tree)
        return fields;
    for (const ToolHeader &header : headers) {
        const Json *value = &*tree;
        for (const QByteArray &name : header.path)
            value = value ? memberAt(*value, {name.constData(), size_t(name.size())}) : nullptr;
        if (const auto text = value ? textOf(*value) : std::nullopt)
            fields += "Mcp-Param-" + header.name + ": " + encodedHeaderValue({text->constData(), size_t(text->size())});
    }
    return fields;
}

RawJson withoutToolHeaders(const RawJson &definition)
{
    if (definition.view().find(annotation) == std::string_view::npos)
        return definition;
    auto schema = parseJson(memberOf(definition, "inputSchema").view());
    if (!schema || !strip(*schema))
        return definition;
    return RawJson(withMembers(definition, {{"inputSchema", toBytes(*schema)}}));
}

} // namespace mcpcore
