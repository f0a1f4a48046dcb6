// SPDX-FileCopyrightText: 2026 The Countersign authors
// SPDX-License-Identifier: GPL-3.0-or-later
#include "protocol/TranslationSubscriptions.h"
#include "protocol/Message.h"

namespace mcpcore {

namespace {

constexpr const char *subscriptionId = "io.modelcontextprotocol/subscriptionId";

bool isTrue(const RawJson &object, const char *name)
{
    return !object.isEmpty() && object.view().front() == '{' && memberOf(object, name).view() == "true";
}

} // namespace

QByteArray filterObject(const SubscriptionFilter &filter)
{
    QByteArrayList members;
    if (filter.tools)
        members += "\"toolsListChanged\":true";
    if (filter.prompts)
        members += "\"promptsListChanged\":true";
    if (filter.resources)
        members += "\"resourcesListChanged\":true";
    if (!filter.uris.isEmpty())
        members += "\"resourceSubscriptions\":[" + QByteArrayList(filter.uris).join(',') + ']';
    return '{' + members.join(',') + '}';
}

Result<SubscriptionFilter> filterFrom(const RawJson &object)
{
    const auto invalid = failure(Error::Kind::InvalidArgument, QStringLiteral("\"notifications\" must say what to listen to."));
    if (object.isEmpty() || object.view().front() != '{')
        return invalid;
    SubscriptionFilter filter{
        isTrue(object, "toolsListChanged"), isTrue(object, "promptsListChanged"), isTrue(object, "resourcesListChanged"), {}};
    if (const RawJson uris = memberOf(object, "resourceSubscriptions"); !uris.isEmpty()) {
        const auto list = elementsOf(uris);
        if (!list)
            return invalid;
        for (const RawJson &uri : *list) {
            if (uri.view().front() != '"')
                return invalid;
            filter.uris += uri.bytes();
        }
    }
    return filter;
}

SubscriptionFilter filterOffered(const RawJson &serverCapabilities)
{
    const auto offers = [&](const char *name) { return isTrue(memberOf(serverCapabilities, name), "listChanged"); };
    if (serverCapabilities.isEmpty())
        return {};
    return {offers("tools"), offers("prompts"), offers("resources"), {}};
}

bool isFor(const SubscriptionFilter &filter, const QString &method, const RawJson &params)
{
    if (method == QLatin1String("notifications/tools/list_changed"))
        return filter.tools;
    if (method == QLatin1String("notifications/prompts/list_changed"))
        return filter.prompts;
    if (method == QLatin1String("notifications/resources/list_changed"))
        return filter.resources;
    return method == QLatin1String("notifications/resources/updated") && !params.isEmpty()
           && filter.uris.contains(memberOf(params, "uri").bytes());
}

RawJson subscriptionOf(const RawJson &params)
{
    const RawJson meta = params.isEmpty() ? RawJson() : memberOf(params, "_meta");
    return meta.isEmpty() || meta.view().front() != '{' ? RawJson() : memberOf(meta, subscriptionId);
}

QByteArray paramsForListener(const RawJson &params, const QByteArray &listenId)
{
    const RawJson meta = params.isEmpty() ? RawJson() : memberOf(params, "_meta");
    return withMembers(params, {{"_meta", withMembers(meta, {{subscriptionId, listenId}})}});
}

} // namespace mcpcore
