// SPDX-FileCopyrightText: 2026 The Countersign authors
// SPDX-License-Identifier: GPL-3.0-or-later
#include "protocol/SseReader.h"
#include <charconv>
#include <cstring>

namespace mcpcore {

namespace {

constexpr std::string_view mark = "\xEF\xBB\xBF";

// The first line end, searched with memchr: a message has none inside, so both searches run over long stretches.
size_t endOfLine(std::string_view text)
{
    const auto *feed = static_cast<const char *>(std::memchr(text.data(), '\n', text.size()));
    const size_t end = feed ? size_t(feed - text.data()) : text.size();
    const auto *carriage = static_cast<const char *>(std::memchr(text.data(), '\r', end));
    if (carriage)
        return size_t(carriage - text.data());
    return feed ? end : std::string_view::npos;
}

QByteArray paddedCopy(std::string_view text)
{
    QByteArray bytes;
    bytes.reserve(qsizetype(text.size()) + 64);
    bytes.append(text.data(), qsizetype(text.size()));
    padForReading(bytes);
    return bytes;
}

} // namespace

void SseReader::skipMark(std::string_view &chunk)
{
    while (m_markBytes >= 0 && !chunk.empty()) {
        if (chunk.front() != mark[size_t(m_markBytes)]) {
            m_line.append(mark.data(), m_markBytes);
            m_markBytes = -1;
            return;
        }
        chunk.remove_prefix(1);
        if (++m_markBytes == int(mark.size()))
            m_markBytes = -1;
    }
}

Result<> SseReader::read(std::string_view chunk, std::vector<SseEvent> &events)
{
    skipMark(chunk);
    while (!chunk.empty()) {
        if (m_skipLineFeed) {
            m_skipLineFeed = false;
            if (chunk.front() == '\n') {
                chunk.remove_prefix(1);
                continue;
            }
        }
        const size_t end = endOfLine(chunk);
        const std::string_view piece = chunk.substr(0, end);
        if (end == std::string_view::npos || !m_line.isEmpty())
            m_line.append(piece.data(), qsizetype(piece.size()));
        if (end == std::string_view::npos) {
            chunk = {};
        } else {
            m_skipLineFeed = chunk[end] == '\r';
            chunk.remove_prefix(end + 1);
            if (m_line.isEmpty()) {
                takeLine(piece, nullptr, events);
            } else {
                QByteArray line = std::move(m_line);
                m_line = QByteArray();
                padForReading(line);
                takeLine({line.constData(), size_t(line.size())}, &line, events);
            }
        }
        if (isTooLong())
            return failure(Error::Kind::InvalidRequest,
                           QStringLiteral("An event of the stream is longer than %1 MiB.").arg(m_maximumEvent >> 20));
    }
    return {};
}

void SseReader::finish(std::vector<SseEvent> &events)
{
    if (!m_line.isEmpty()) {
        padForReading(m_line);
        takeLine({m_line.constData(), size_t(m_line.size())}, &m_line, events);
        m_line = QByteArray();
    }
    dispatch(events);
}

void SseReader::takeLine(std::string_view line, const QByteArray *owner, std::vector<SseEvent> &events)
{
    if (line.empty())
        return dispatch(events);
    const size_t colon = line.find(':');
    const std::string_view field = line.substr(0, colon);
    std::string_view value = colon == std::string_view::npos ? std::string_view() : line.substr(colon + 1);
    if (!value.empty() && value.front() == ' ')
        value.remove_prefix(1);

    if (field == "data") {
        takeData(value, owner);
    } else if (field == "event") {
        m_name = QByteArray(value.data(), qsizetype(value.size()));
    } else if (field == "id") {
        if (value.find('\0') == std::string_view::npos)
            m_id = QByteArray(value.data(), qsizetype(value.size()));
    } else if (field == "retry") {
        qint64 milliseconds = 0;
        const auto read = std::from_chars(value.data(), value.data() + value.size(), milliseconds);
        if (!value.empty() && value.front() != '-' && read.ec == std::errc() && read.ptr == value.data() + value.size())
            m_retry = std::chrono::milliseconds(milliseconds);
    } // Comments (an empty field) and unknown fields are skipped.
}

void SseReader::takeData(std::string_view value, const QByteArray *owner)
{
    if (++m_dataLines == 1) {
        m_data = owner ? RawJson(*owner, value) : RawJson(paddedCopy(value));
        return;
    }
    if (m_dataLines == 2) {
        const std::string_view first = m_data.view();
        m_joined.append(first.data(), qsizetype(first.size()));
        m_data = RawJson();
    }
    m_joined += '\n';
    m_joined.append(value.data(), qsizetype(value.size()));
}

void SseReader::dispatch(std::vector<SseEvent> &events)
{
    if (m_id)
        m_lastEventId = *m_id;
    if (m_dataLines > 1) {
        padForReading(m_joined);
        m_data = RawJson(std::move(m_joined));
    }
    if (!m_data.isEmpty())
        events.push_back({std::move(m_name), std::move(m_data), m_dataLines});
    m_name = QByteArray();
    m_data = RawJson();
    m_joined = QByteArray();
    m_id.reset();
    m_dataLines = 0;
}

bool SseReader::isTooLong() const
{
    return m_line.size() + m_data.size() + m_joined.size() + m_name.size() + (m_id ? m_id->size() : 0) > m_maximumEvent;
}

} // namespace mcpcore
