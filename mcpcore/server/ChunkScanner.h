// SPDX-FileCopyrightText: 2026 The Countersign authors
// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once
#include "server/RequestHead.h"

namespace mcpcore {

// Follows the framing of a chunked body (RFC 9112, 7.1) without keeping it, and refuses whatever two parsers could read
// differently: extensions, trailers, signs, bare LF, sizes over eight digits.
class ChunkScanner
{
public:
    explicit ChunkScanner(qint64 maximumBody) : m_maximum(maximumBody) {}
    // Takes from `bytes` what belongs to the body: the number of bytes taken.
    tl::expected<qsizetype, Refusal> take(std::string_view bytes);
    bool isComplete() const { return m_state == State::Complete; }

private:
    enum class State { Size, SizeEnd, Data, DataEnd, DataEndLf, LastCr, LastLf, Complete };
    bool step(char c);
    qint64 m_maximum;
    qint64 m_total = 0;
    qint64 m_size = 0;
    int m_digits = 0;
    State m_state = State::Size;
};

} // namespace mcpcore
