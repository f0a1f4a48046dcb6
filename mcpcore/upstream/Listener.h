// SPDX-FileCopyrightText: 2026 The Countersign authors
// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once
#include "base/Clock.h"
#include "base/Completion.h"
#include "protocol/TranslationSubscriptions.h"
#include <QMap>

namespace mcpcore {

// What a stateless server tells unasked: keeps one subscriptions/listen open for all that is wanted, opens another when that
// changes and closes the old one when the new one is acknowledged, and starts again when it breaks. Owned by an Upstream.
class Listener : public QObject
{
    Q_OBJECT
public:
    // How it speaks: an id for the wire, a subscriptions/listen with that id, its end.
    struct Wire {
        std::function<qint64()> newId;
        std::function<void(qint64, const SubscriptionFilter &)> open;
        std::function<void(qint64)> close;
    };
    Listener(SubscriptionFilter always, const Clock &clock, Wire wire);

    void start();
    // Counted: as many unsubscriptions as subscriptions. Answers when the server has acknowledged. `uri` as a JSON text.
    void subscribe(const QByteArray &uri, Completion<> done);
    void unsubscribe(const QByteArray &uri);

    bool owns(qint64 id) const { return id != 0 && (id == m_open || id == m_opening); }
    void takeAcknowledged(qint64 id);
    // The server ended it, or its connection broke. A refusal is final until something else is wanted.
    void takeEnd(qint64 id, const std::optional<Error> &refusal);

Q_SIGNALS:
    // It was deaf for a while: all of this may have changed meanwhile.
    void missed(const mcpcore::SubscriptionFilter &filter);

private:
    SubscriptionFilter wanted() const;
    void updateSoon();
    void update();
    void answerWaiting(const Result<> &result);

    const SubscriptionFilter m_always;
    const Clock &m_clock;
    const Wire m_wire;
    QMap<QByteArray, int> m_uris;
    std::vector<Completion<>> m_waiting;
    SubscriptionFilter m_asked; // by the newest one
    qint64 m_open = 0;          // acknowledged
    qint64 m_opening = 0;
    int m_attempts = 0; // since the last acknowledgement
    bool m_wasDeaf = false;
    bool m_updatesSoon = false; // one change on the wire for all that are made at once
};

} // namespace mcpcore
