// SPDX-FileCopyrightText: 2026 The Countersign authors
// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once
#include "Programs.h"
#include <csignal>
#include <pty.h>
#include <sys/wait.h>
#include <unistd.h>

// `countersignctl serve` on a terminal of its own: a person who types.
class Terminal
{
public:
    explicit Terminal(const Setup &setup)
    {
        const QByteArray program = binary("countersignctl").toLocal8Bit(), profile = setup.profile().toLocal8Bit();
        m_pid = ::forkpty(&m_fd, nullptr, nullptr, nullptr);
        if (m_pid == 0) {
            ::execl(program.constData(), program.constData(), "--profile", profile.constData(), "serve", "--port", "0", nullptr);
            ::_exit(127);
        }
    }
    ~Terminal()
    {
        ::kill(m_pid, SIGTERM);
        ::close(m_fd);
        ::waitpid(m_pid, nullptr, 0);
    }
    void type(const QByteArray &line) const { QCOMPARE(::write(m_fd, line.constData(), size_t(line.size())), ssize_t(line.size())); }
    // Reads until `text` was shown.
    bool shows(const QByteArray &text, int seconds = 20)
    {
        QElapsedTimer since;
        since.start();
        while (!seen.contains(text) && since.elapsed() < seconds * 1000) {
            fd_set set;
            FD_ZERO(&set);
            FD_SET(m_fd, &set);
            timeval wait{0, 100'000};
            char buffer[4096];
            if (::select(m_fd + 1, &set, nullptr, nullptr, &wait) == 1) {
                const ssize_t n = ::read(m_fd, buffer, sizeof buffer);
                if (n <= 0)
                    return false;
                seen.append(buffer, qsizetype(n));
            }
        }
        return seen.contains(text);
    }
    // The port in the line that says it is ready; 0 when none came.
    int port()
    {
        if (!shows("\"event\":\"ready\"") || !shows("/mcp\""))
            return 0;
        const qsizetype at = seen.indexOf("127.0.0.1:") + 10;
        return seen.mid(at, seen.indexOf('/', at) - at).toInt();
    }
    QByteArray seen;

private:
    int m_fd = -1;
    pid_t m_pid = -1;
};
