// SPDX-FileCopyrightText: 2026 The Countersign authors
// SPDX-License-Identifier: GPL-3.0-or-later
#include "server/ChunkScanner.h"
#include <algorithm>

namespace mcpcore {

namespace {

int valueOfHex(char c)
{
    if (c >= '0' && c <= '9')
        return c - '0';
    if (c >= 'a' && c <= 'f')
        return c - 'a' + 10;
    if (c >= 'A' && c <= 'F')
        return c - 'A' + 10;
    return -1;
}

} // namespace

tl::expected<qsizetype, Refusal> ChunkScanner::take(std::string_view bytes)
{
    size_t at = 0;
    while (at < bytes.size() && m_state != State::Complete) {
        if (m_state == State::Data) {
            const qint64 part = std::min(m_size, qint64(bytes.size() - at));
            at += size_t(part);
            m_size -= part;
            if (m_size == 0)
                m_state = State::DataEnd;
            continue;
        }
        if (!step(bytes[at++]))
            return tl::unexpected<Refusal>(Refusal{400, QStringLiteral("The chunks of the body are malformed.")});
        if (m_total > m_maximum)
            return tl::unexpected<Refusal>(Refusal{413, QStringLiteral("The body is too large.")});
    }
    return qsizetype(at);
}

bool ChunkScanner::step(char c)
{
    switch (m_state) {
    case State::Size: {
        const int digit = valueOfHex(c);
        if (digit >= 0 && m_digits < 8) {
            m_size = m_size * 16 + digit;
            ++m_digits;
            return true;
        }
        m_state = State::SizeEnd;
        return c == '\r' && m_digits > 0;
    }
    case State::SizeEnd:
        m_total += m_size;
        m_digits = 0;
        m_state = m_size > 0 ? State::Data : State::LastCr;
        return c == '\n';
    case State::DataEnd: m_state = State::DataEndLf; return c == '\r';
    case State::DataEndLf: m_state = State::Size; return c == '\n';
    case State::LastCr: m_state = State::LastLf; return c == '\r';
    case State::LastLf: m_state = State::Complete; return c == '\n';
    case State::Data:
    case State::Complete: break;
    }
    Q_UNREACHABLE();
    return false;
}

} // namespace mcpcore
