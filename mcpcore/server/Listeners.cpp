// SPDX-FileCopyrightText: 2026 The Countersign authors
// SPDX-License-Identifier: GPL-3.0-or-later
#include "server/Listeners.h"
#include "protocol/Message.h"
#include "server/ModernAnswer.h"

namespace mcpcore {

namespace {

QByteArray notification(const char *method, const QByteArray &params)
{
    return requestMessage({}, QLatin1String(method), {params.constData(), size_t(params.size())});
}

} // namespace

void Listeners::add(const std::shared_ptr<Exchange> &exchange, const QByteArray &id, const SubscriptionFilter &filter)
{
    m_open[exchange.get()] = {exchange, id, filter};
    exchange->beginStream();
    exchange->event(notification("notifications/subscriptions/acknowledged",
                                 paramsForListener(RawJson("{\"notifications\":" + filterObject(filter) + '}'), id)));
}

void Listeners::remove(const Exchange *exchange)
{
    m_open.erase(exchange);
}

void Listeners::deliver(const QString &method, const RawJson &params)
{
    const auto open = m_open;
    for (const auto &[key, listener] : open) {
        if (!isFor(listener.filter, method, params))
            continue;
        const QByteArray tagged = paramsForListener(params, listener.id);
        listener.exchange->event(requestMessage({}, method, {tagged.constData(), size_t(tagged.size())}));
    }
}

// The protocol says both ways in two places (facts/protocol b5): cancelled, and then the answer.
void Listeners::end()
{
    for (const auto &[key, listener] : std::exchange(m_open, {})) {
        listener.exchange->event(notification("notifications/cancelled", "{\"requestId\":" + listener.id + '}'));
        const RawJson result(withMembers(RawJson(QByteArrayLiteral("{\"resultType\":\"complete\"}")),
                                         {{"_meta", "{\"io.modelcontextprotocol/subscriptionId\":" + listener.id + '}'}}));
        listener.exchange->endStream(modernResultMessage(listener.id, result));
    }
}

QList<QByteArray> Listeners::uris() const
{
    QList<QByteArray> all;
    for (const auto &[key, listener] : m_open)
        for (const QByteArray &uri : listener.filter.uris)
            if (!all.contains(uri))
                all.append(uri);
    return all;
}

} // namespace mcpcore
