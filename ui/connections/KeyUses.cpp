// SPDX-FileCopyrightText: 2026 The Countersign authors
// SPDX-License-Identifier: GPL-3.0-or-later
#include "ui/connections/KeyUses.h"
#include "audit/LogReader.h"
#include "base/Post.h"
#include "ui/connections/KeyText.h"

namespace ui {

namespace {

constexpr int kCalls = 200;

} // namespace

KeyUses::KeyUses(Desk &desk, QObject *parent) : QObject(parent), m_desk(desk)
{
    m_pool.setMaxThreadCount(1);
    m_pool.setExpiryTimeout(1000);
}

const KeyUse *KeyUses::at(const mcpcore::KeyId &key) const
{
    const auto found = m_uses.constFind(key.text);
    return found == m_uses.cend() ? nullptr : &*found;
}

void KeyUses::look(const Place &place)
{
    if (m_reading || m_desk.logPath().isEmpty()) {
        m_next = m_reading ? place : Place();
        return;
    }
    m_reading = true;
    m_pool.start([this, place, path = m_desk.logPath()] {
        QList<Call> found;
        mcpcore::LogReader::Filter filter;
        filter.connection = place.connection.text;
        filter.environment = place.environment.text;
        filter.decision = QStringLiteral("allowed");
        if (const auto reader = mcpcore::LogReader::open(path))
            if (const auto calls = (*reader)->calls(filter, 0, kCalls))
                for (const mcpcore::CallSummary &call : *calls)
                    found.append({call.client, call.time});
        mcpcore::post(this, [this, place, found] { take(place, found); });
    });
}

// A call was made with the key its client has there now.
void KeyUses::take(const Place &place, const QList<Call> &calls)
{
    m_reading = false;
    for (const mcpcore::KeyRecord &key : keysAt(m_desk.workspace(), place))
        m_uses[key.id.text] = {};
    for (const Call &call : calls) {
        const mcpcore::KeyRecord *key =
            mcpcore::findKey(m_desk.workspace(), place.connection, place.environment, mcpcore::ClientId{call.client});
        if (!key || call.time < key->created)
            continue;
        KeyUse &use = m_uses[key->id.text];
        if (use.clients.isEmpty()) {
            use.last = call.time;
            use.by = call.client;
        }
        if (!use.clients.contains(call.client))
            use.clients.append(call.client);
    }
    Q_EMIT changed();
    if (const Place next = std::exchange(m_next, {}); !next.isEmpty())
        look(next);
}

} // namespace ui
