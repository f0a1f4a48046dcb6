// SPDX-FileCopyrightText: 2026 The Countersign authors
// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once
#include <cstring>
#include <string>

namespace app {

// Bytes that are added at the end and taken at the front. Taking a line costs nothing: the rest moves only now and then.
class ByteQueue
{
public:
    static constexpr size_t npos = std::string::npos;

    bool empty() const { return size() == 0; }
    size_t size() const { return m_bytes.size() - m_start; }
    const char *data() const { return m_bytes.data() + m_start; }
    void append(const char *bytes, size_t count)
    {
        if (m_start >= size()) {
            m_bytes.erase(0, m_start);
            m_start = 0;
        }
        m_bytes.append(bytes, count);
    }
    void consume(size_t count) { m_start += count; }
    // The position of `c` at or after `from`.
    size_t find(char c, size_t from = 0) const
    {
        const void *found = std::memchr(data() + from, c, size() - from);
        return found ? size_t(static_cast<const char *>(found) - data()) : npos;
    }

private:
    std::string m_bytes;
    size_t m_start = 0;
};

} // namespace app
