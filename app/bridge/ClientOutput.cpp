// SPDX-FileCopyrightText: 2026 The Countersign authors
// SPDX-License-Identifier: GPL-3.0-or-later
#include "app/bridge/ClientOutput.h"
#include <cerrno>
#include <fcntl.h>
#include <sys/stat.h>
#include <unistd.h>

namespace app {

ClientOutput::ClientOutput(int descriptor) : m_descriptor(descriptor)
{
    // A client that reads slowly must not stop us. Terminals are left alone: others share their open description.
    struct stat status {};
    if (::fstat(descriptor, &status) == 0 && (S_ISFIFO(status.st_mode) || S_ISSOCK(status.st_mode)))
        ::fcntl(descriptor, F_SETFL, ::fcntl(descriptor, F_GETFL) | O_NONBLOCK);
}

void ClientOutput::write(const std::string &line)
{
    m_bytes += line;
    m_released = m_bytes.size();
}

ClientOutput::Client ClientOutput::flush()
{
    while (m_written < m_released) {
        const ssize_t n = ::write(m_descriptor, m_bytes.data() + m_written, m_released - m_written);
        if (n < 0 && errno == EINTR)
            continue;
        if (n < 0 && errno == EAGAIN)
            break;
        if (n < 0)
            return Client::Gone;
        m_written += size_t(n);
    }
    if (m_written == m_released || m_written >= roomy) {
        m_bytes.erase(0, m_written);
        m_released -= m_written;
        m_written = 0;
    }
    return Client::There;
}

} // namespace app
