// SPDX-FileCopyrightText: 2026 The Countersign authors
// SPDX-License-Identifier: GPL-3.0-or-later
#include "protocol/TranslationResult.h"
#include "protocol/Message.h"
#include "protocol/ToolHeaders.h"
#include <algorithm>

namespace mcpcore {

namespace {

using Change = RawJson (*)(const RawJson &element, const QString &version);

bool isCacheable(const QString &method)
{
    static const QStringList methods{QStringLiteral("server/discover"),
                                     QStringLiteral("tools/list"),
                                     QStringLiteral("prompts/list"),
                                     QStringLiteral("resources/list"),
                                     QStringLiteral("resources/templates/list"),
                                     QStringLiteral("resources/read")};
    return methods.contains(method);
}

bool isObject(const RawJson &value)
{
    return !value.isEmpty() && value.view().front() == '{';
}

bool holds(const RawJson &json, std::string_view text)
{
    return json.view().find(text) != std::string_view::npos;
}

RawJson with(const RawJson &object, const std::vector<Replacement> &replacements)
{
    return RawJson(withMembers(object, replacements));
}

// The list under `name` with each element changed; `object` itself when none was.
RawJson withEach(const RawJson &object, const char *name, Change change, const QString &version)
{
    const auto elements = elementsOf(memberOf(object, name));
    if (!elements)
        return object;
    bool changed = false;
    QByteArray list;
    for (const RawJson &element : *elements) {
        const RawJson now = isObject(element) ? change(element, version) : element;
        changed = changed || now.view().data() != element.view().data();
        list += (list.isEmpty() ? "" : ",") + now.bytes();
    }
    return changed ? with(object, {{name, '[' + list + ']'}}) : object;
}

QByteArray textBlock(const QString &text)
{
    return "{\"type\":\"text\",\"text\":" + quoted(text) + '}';
}

// Content that the version of a strict client does not know is told in words.
RawJson contentFor(const RawJson &block, const QString &version)
{
    const RawJson type = memberOf(block, "type");
    if (type.view() == "\"resource_link\"" && version < QLatin1String("2025-06-18")) {
        const QString name = textOf(memberOf(block, "name")).value_or(QString());
        return RawJson(textBlock(QStringLiteral("Resource %1: %2").arg(name, textOf(memberOf(block, "uri")).value_or(QString()))));
    }
    if (type.view() == "\"audio\"" && version < QLatin1String("2025-03-26"))
        return RawJson(textBlock(QStringLiteral("[Audio (%1), which this client's version of the protocol does not have]")
                                     .arg(textOf(memberOf(block, "mimeType")).value_or(QString()))));
    return block;
}

RawJson messageFor(const RawJson &message, const QString &version)
{
    const RawJson content = memberOf(message, "content");
    if (!isObject(content))
        return message;
    const RawJson now = contentFor(content, version);
    return now.view().data() == content.view().data() ? message : with(message, {{"content", now.bytes()}});
}

RawJson toolFor(const RawJson &tool, const QString &version)
{
    RawJson now = withoutToolHeaders(tool);
    const RawJson output = memberOf(now, "outputSchema");
    const bool usable = isObject(output) && memberOf(output, "type").view() == "\"object\"" && version >= QLatin1String("2025-06-18");
    return output.isEmpty() || usable ? now : with(now, {{"outputSchema", {}}});
}

// Tasks of 2025-11-25 are not offered here, so a tool does not promise them.
RawJson modernTool(const RawJson &tool, const QString &)
{
    return memberOf(tool, "execution").isEmpty() ? tool : with(tool, {{"execution", {}}});
}

QByteArray uriOf(const RawJson &params)
{
    return params.isEmpty() ? QByteArray() : memberOf(params, "uri").bytes();
}

} // namespace

RawJson resultForModern(const QString &method, const RawJson &result)
{
    if (!isObject(result))
        return result;
    const RawJson listed =
        method == QLatin1String("tools/list") && holds(result, "\"execution\"") ? withEach(result, "tools", modernTool, {}) : result;
    std::vector<Replacement> added;
    const RawJson type = memberOf(listed, "resultType");
    if (type.isEmpty())
        added.push_back({"resultType", "\"complete\""});
    if (isCacheable(method) && (type.isEmpty() || type.view() == "\"complete\"")) {
        const RawJson ttl = memberOf(listed, "ttlMs"), scope = memberOf(listed, "cacheScope");
        const bool number =
            !ttl.isEmpty() && std::all_of(ttl.view().begin(), ttl.view().end(), [](char c) { return c >= '0' && c <= '9'; });
        if (!number)
            added.push_back({"ttlMs", "0"});
        if (scope.view() != "\"private\"" && scope.view() != "\"public\"")
            added.push_back({"cacheScope", "\"private\""});
    }
    return added.empty() ? listed : with(listed, added);
}

RawJson resultForLegacy(const QString &method, const RawJson &result, const QString &version)
{
    if (!isObject(result))
        return result;
    RawJson now = result;
    if (holds(now, "\"resultType\"") || holds(now, "\"ttlMs\"") || holds(now, "\"cacheScope\"") || holds(now, "io.modelcontextprotocol/")) {
        const auto meta = membersOf(memberOf(now, "_meta"));
        std::vector<Replacement> removed{{"resultType", {}}, {"ttlMs", {}}, {"cacheScope", {}}};
        if (meta) {
            std::vector<Replacement> reserved;
            for (const RawMember &member : *meta)
                if (member.key.substr(0, 24) == "io.modelcontextprotocol/")
                    reserved.push_back({member.key, {}});
            if (!reserved.empty())
                removed.push_back(
                    {"_meta", reserved.size() == meta->size() ? QByteArray() : withMembers(memberOf(now, "_meta"), reserved)});
        }
        now = with(now, removed);
    }
    if (method == QLatin1String("tools/call")) {
        const RawJson structured = memberOf(now, "structuredContent");
        if (!structured.isEmpty() && (!isObject(structured) || version < QLatin1String("2025-06-18")))
            now = with(now, {{"structuredContent", {}}});
        if (version < QLatin1String("2025-06-18"))
            now = withEach(now, "content", contentFor, version);
    } else if (method == QLatin1String("prompts/get")) {
        if (version < QLatin1String("2025-06-18"))
            now = withEach(now, "messages", messageFor, version);
    } else if (method == QLatin1String("tools/list") && (holds(now, "x-mcp-header") || holds(now, "\"outputSchema\""))) {
        now = withEach(now, "tools", toolFor, version);
    }
    return now;
}

RawJson errorForModern(const QString &method, const RawJson &params, const RawJson &error)
{
    const RawJson code = memberOf(error, "code");
    if (code.view() == "-32002") {
        const QByteArray uri = uriOf(params);
        const RawJson data = memberOf(error, "data");
        if (method != QLatin1String("resources/read") && (!isObject(data) || memberOf(data, "uri").isEmpty()))
            return with(error, {{"code", "-32603"}});
        const bool named = isObject(data) && !memberOf(data, "uri").isEmpty();
        const QByteArray withUri = named || uri.isEmpty() ? data.bytes() : withMembers(isObject(data) ? data : RawJson(), {{"uri", uri}});
        return with(error, {{"code", "-32602"}, {"data", withUri}});
    }
    const qint64 number = code.bytes().toLongLong();
    const bool known = number == -32020 || number == -32021 || number == -32022;
    return number <= -32020 && number >= -32099 && !known ? with(error, {{"code", "-32603"}}) : error;
}

RawJson errorForLegacy(const QString &method, const RawJson &error)
{
    if (method != QLatin1String("resources/read") || memberOf(error, "code").view() != "-32602")
        return error;
    const RawJson data = memberOf(error, "data");
    return isObject(data) && !memberOf(data, "uri").isEmpty() ? with(error, {{"code", "-32002"}}) : error;
}

} // namespace mcpcore
