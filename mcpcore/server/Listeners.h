// SPDX-FileCopyrightText: 2026 The Countersign authors
// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once
#include "protocol/TranslationSubscriptions.h"
#include "server/Exchange.h"
#include <map>

namespace mcpcore {

// The open subscriptions/listen streams of one client: each is told what it asked for and nothing else. Owned by its
// ModernSession; core thread.
class Listeners
{
public:
    // Begins the stream with its acknowledgement. `filter` is what is granted of what was asked for; `id` the raw id.
    void add(const std::shared_ptr<Exchange> &exchange, const QByteArray &id, const SubscriptionFilter &filter);
    void remove(const Exchange *exchange);
    void deliver(const QString &method, const RawJson &params);
    // Ends every stream in good order.
    void end();

    qsizetype count() const { return qsizetype(m_open.size()); }
    // The resources that at least one of them wants to hear of, as raw JSON texts.
    QList<QByteArray> uris() const;

private:
    struct Listener {
        std::shared_ptr<Exchange> exchange;
        QByteArray id;
        SubscriptionFilter filter;
    };
    std::map<const Exchange *, Listener> m_open;
};

} // namespace mcpcore
