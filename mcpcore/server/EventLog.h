// SPDX-FileCopyrightText: 2026 The Countersign authors
// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once
#include "server/Limits.h"
#include <QByteArray>
#include <deque>
#include <optional>

namespace mcpcore {

// What went out on the streams of one session, so that a client that lost its connection can come back for what it missed
// (Last-Event-ID). Bounded by number and size; the newest event is always there. An event's id names its stream.
class EventLog
{
public:
    explicit EventLog(const Limits &limits) : m_limits(limits) {}

    struct Event {
        qint64 stream;
        qint64 number;
        QByteArray message;
        QByteArray id() const { return QByteArray::number(stream) + '_' + QByteArray::number(number); }
    };
    qint64 newStream() { return ++m_lastStream; }
    // The id of this event.
    QByteArray add(qint64 stream, const QByteArray &message);
    // An id that comes after everything so far and before everything later, for the first event of a stream, which is empty.
    QByteArray mark(qint64 stream) const { return Event{stream, m_lastNumber, {}}.id(); }

    struct Place {
        qint64 stream;
        qint64 number;
    };
    // Where a client was; nothing when the id is none of ours.
    std::optional<Place> placeOf(std::string_view id) const;
    std::vector<Event> after(const Place &place) const;

private:
    const Limits &m_limits;
    std::deque<Event> m_events;
    qsizetype m_bytes = 0;
    qint64 m_lastStream = 0;
    qint64 m_lastNumber = 0;
};

} // namespace mcpcore
