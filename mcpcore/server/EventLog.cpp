// SPDX-FileCopyrightText: 2026 The Countersign authors
// SPDX-License-Identifier: GPL-3.0-or-later
#include "server/EventLog.h"
#include <charconv>

namespace mcpcore {

namespace {

std::optional<qint64> numberFrom(std::string_view text)
{
    qint64 number = 0;
    const auto end = std::from_chars(text.data(), text.data() + text.size(), number);
    return end.ec == std::errc() && end.ptr == text.data() + text.size() && number >= 0 ? std::optional(number) : std::nullopt;
}

} // namespace

QByteArray EventLog::add(qint64 stream, const QByteArray &message)
{
    m_events.push_back({stream, ++m_lastNumber, message});
    m_bytes += message.size();
    while (m_events.size() > 1 && (int(m_events.size()) > m_limits.replayedEvents || m_bytes > m_limits.replayedBytes)) {
        m_bytes -= m_events.front().message.size();
        m_events.pop_front();
    }
    return m_events.back().id();
}

std::optional<EventLog::Place> EventLog::placeOf(std::string_view id) const
{
    const size_t cut = id.find('_');
    if (cut == std::string_view::npos)
        return std::nullopt;
    const auto stream = numberFrom(id.substr(0, cut)), number = numberFrom(id.substr(cut + 1));
    if (!stream || !number || *stream > m_lastStream || *number > m_lastNumber)
        return std::nullopt;
    return Place{*stream, *number};
}

std::vector<EventLog::Event> EventLog::after(const Place &place) const
{
    std::vector<Event> events;
    for (const Event &event : m_events)
        if (event.stream == place.stream && event.number > place.number)
            events.push_back(event);
    return events;
}

} // namespace mcpcore
