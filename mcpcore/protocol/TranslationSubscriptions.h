// SPDX-FileCopyrightText: 2026 The Countersign authors
// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once
#include "base/RawJson.h"

namespace mcpcore {

// What a subscriptions/listen of 2026-07-28 wants to hear of: its `notifications` object.
struct SubscriptionFilter {
    bool tools = false;
    bool prompts = false;
    bool resources = false;
    QList<QByteArray> uris; // of resources, as JSON texts with their quotes

    bool isEmpty() const { return !tools && !prompts && !resources && uris.isEmpty(); }
    friend bool operator==(const SubscriptionFilter &, const SubscriptionFilter &) = default;
};

QByteArray filterObject(const SubscriptionFilter &filter);
// InvalidArgument when it is no such object; what is not known is left out.
Result<SubscriptionFilter> filterFrom(const RawJson &object);
// What can be listened to for clients of a server with these capabilities (either generation).
SubscriptionFilter filterOffered(const RawJson &serverCapabilities);
// Whether a notification is among what was asked for.
bool isFor(const SubscriptionFilter &filter, const QString &method, const RawJson &params);

// The number of the listening request, which each of its notifications carries; empty when there is none.
RawJson subscriptionOf(const RawJson &params);
// The parameters with the number of the listening request, which keeps its JSON type.
QByteArray paramsForListener(const RawJson &params, const QByteArray &listenId);

} // namespace mcpcore
