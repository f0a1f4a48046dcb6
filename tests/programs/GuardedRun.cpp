// SPDX-FileCopyrightText: 2026 The Countersign authors
// SPDX-License-Identifier: GPL-3.0-or-later
#include "programs/GuardedRun.h"
#include <cerrno>
#include <csignal>
#include <cstdio>
#include <fcntl.h>
#include <poll.h>
#include <sys/syscall.h>
#include <sys/wait.h>
#include <unistd.h>
#include <vector>

namespace {

constexpr int patience = 10000;

bool readable(int fd)
{
    pollfd watched{fd, POLLIN, 0};
    return ::poll(&watched, 1, patience) == 1;
}

// In the forked starter: only calls that are safe after a fork of a threaded program.
[[noreturn]] void beStarter(char *const *arguments, const int *deathPipe, int out, int errors, int commands, int results)
{
    const pid_t guard = ::fork();
    if (guard == 0) {
        ::dup2(out, STDOUT_FILENO);
        ::dup2(errors, STDERR_FILENO);
        ::close(deathPipe[1]);
        ::execv(arguments[0], arguments);
        ::_exit(126);
    }
    ::close(deathPipe[0]);
    ::close(out);
    ::close(errors);
    if (::write(results, &guard, sizeof guard) != ssize_t(sizeof guard))
        ::_exit(1);
    char command = 0;
    while (::read(commands, &command, 1) == 1) {
        if (command == 'c')
            ::close(deathPipe[1]);
        if (command != 'w')
            continue;
        int status = 0;
        ::waitpid(guard, &status, 0);
        const int code = WIFEXITED(status) ? WEXITSTATUS(status) : 1000 + WTERMSIG(status);
        if (::write(results, &code, sizeof code) != ssize_t(sizeof code))
            ::_exit(1);
    }
    ::_exit(0);
}

} // namespace

GuardedRun::GuardedRun(const QList<QByteArray> &command)
{
    int deathPipe[2], out[2], errors[2], commands[2], results[2];
    if (::pipe(deathPipe) || ::pipe2(out, O_CLOEXEC) || ::pipe2(errors, O_CLOEXEC) || ::pipe2(commands, O_CLOEXEC)
        || ::pipe2(results, O_CLOEXEC))
        return;
    QList<QByteArray> words{QByteArray(COUNTERSIGN_BINARY_DIR "/countersign-child"), QByteArray::number(deathPipe[0]), "--"};
    words += command;
    std::vector<char *> arguments;
    for (QByteArray &word : words)
        arguments.push_back(word.data());
    arguments.push_back(nullptr);
    m_starter = ::fork();
    if (m_starter == 0) {
        for (const int fd : {out[0], errors[0], commands[1], results[0]})
            ::close(fd);
        beStarter(arguments.data(), deathPipe, out[1], errors[1], commands[0], results[1]);
    }
    for (const int fd : {deathPipe[0], deathPipe[1], out[1], errors[1], commands[0], results[1]})
        ::close(fd);
    m_commands = commands[1];
    m_results = results[0];
    m_out = out[0];
    m_errors = errors[0];
    if (!readable(m_results) || ::read(m_results, &m_guard, sizeof m_guard) != ssize_t(sizeof m_guard))
        m_guard = -1;
}

GuardedRun::~GuardedRun()
{
    killStarter();
    for (const int fd : {m_commands, m_results, m_out, m_errors})
        ::close(fd);
}

void GuardedRun::killStarter()
{
    if (m_starter <= 0)
        return;
    ::kill(m_starter, SIGKILL);
    ::waitpid(m_starter, nullptr, 0);
    m_starter = -1;
}

void GuardedRun::closeDeathPipe()
{
    (void)!::write(m_commands, "c", 1);
}

QByteArray GuardedRun::readLine()
{
    QByteArray line;
    char c = 0;
    while (readable(m_out) && ::read(m_out, &c, 1) == 1 && c != '\n')
        line += c;
    return line;
}

QByteArray GuardedRun::readErrors()
{
    QByteArray all;
    char bytes[4096];
    while (readable(m_errors)) {
        const ssize_t n = ::read(m_errors, bytes, sizeof bytes);
        if (n <= 0)
            break;
        all.append(bytes, n);
    }
    return all;
}

int GuardedRun::exitCode()
{
    int code = -1;
    if (::write(m_commands, "w", 1) != 1 || !readable(m_results) || ::read(m_results, &code, sizeof code) != ssize_t(sizeof code))
        return -1;
    return code;
}

bool waitUntilGone(pid_t process)
{
    const int fd = int(::syscall(SYS_pidfd_open, process, 0));
    if (fd < 0)
        return errno == ESRCH;
    const bool gone = readable(fd);
    ::close(fd);
    return gone;
}
