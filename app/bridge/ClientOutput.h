// SPDX-FileCopyrightText: 2026 The Countersign authors
// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once
#include <string>

namespace app {

// What goes to the client's end of stdout: whole lines only, except that a line too long to be held is passed on as it comes.
// What arrives from the app is first held back (`held`), then released or dropped; lines of our own go between lines.
class ClientOutput
{
public:
    static constexpr size_t roomy = 64 * 1024;

    explicit ClientOutput(int descriptor);

    void hold(const char *bytes, size_t count) { m_bytes.append(bytes, count); }
    const char *held() const { return m_bytes.data() + m_released; }
    size_t heldSize() const { return m_bytes.size() - m_released; }
    void release(size_t count) { m_released += count; }
    void drop(size_t count) { m_bytes.erase(m_released, count); }
    // Only while nothing is held.
    void write(const std::string &line);

    bool isFull() const { return m_released - m_written >= roomy; }
    bool isEmpty() const { return m_written == m_released; }
    enum class Client { There, Gone };
    // Writes what can be written without waiting.
    Client flush();

private:
    const int m_descriptor;
    std::string m_bytes;
    size_t m_written = 0;
    size_t m_released = 0;
};

} // namespace app
