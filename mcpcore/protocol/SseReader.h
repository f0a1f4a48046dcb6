// SPDX-FileCopyrightText: 2026 The Countersign authors
// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once
#include "base/RawJson.h"
#include <chrono>
#include <optional>

namespace mcpcore {

// One event with data. `data` is padded for reading (base/RawJson.h) and holds line feeds only where the event had several
// data lines.
struct SseEvent {
    QByteArray name; // empty = "message"
    RawJson data;
    int lines = 1; // of data
};

// Cuts a text/event-stream into its events, from chunks split anywhere. Pure. The data of an event is copied once, out of
// the chunk; a line that comes in several chunks becomes the event's buffer itself.
class SseReader
{
public:
    explicit SseReader(qsizetype maximumEvent = 4 * 1024 * 1024) : m_maximumEvent(maximumEvent) {}

    // Appends the events that are complete now. InvalidRequest when one is longer than allowed; the reader is useless then.
    Result<> read(std::string_view chunk, std::vector<SseEvent> &events);
    // The stream ended in good order: a last event without its blank line counts.
    void finish(std::vector<SseEvent> &events);

    // Of the last complete event that had one, and the last wait the server asked for before connecting again.
    const QByteArray &lastEventId() const { return m_lastEventId; }
    std::optional<std::chrono::milliseconds> retry() const { return m_retry; }

private:
    void skipMark(std::string_view &chunk);
    void takeLine(std::string_view line, const QByteArray *owner, std::vector<SseEvent> &events);
    void takeData(std::string_view value, const QByteArray *owner);
    void dispatch(std::vector<SseEvent> &events);
    bool isTooLong() const;

    qsizetype m_maximumEvent;
    QByteArray m_line;   // the line whose end has not come yet
    RawJson m_data;      // the first data line of the event
    QByteArray m_joined; // all of them, when there are several
    int m_dataLines = 0;
    QByteArray m_name;
    std::optional<QByteArray> m_id;
    QByteArray m_lastEventId;
    std::optional<std::chrono::milliseconds> m_retry;
    int m_markBytes = 0; // of the byte order mark seen; -1 = past the start
    bool m_skipLineFeed = false;
};

} // namespace mcpcore
