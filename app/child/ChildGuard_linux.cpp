// SPDX-FileCopyrightText: 2026 The Countersign authors
// SPDX-License-Identifier: GPL-3.0-or-later
#include "app/child/ChildGuard.h"
#include <cerrno>
#include <csignal>
#include <cstdio>
#include <cstdlib>
#include <cstring>
#include <ctime>
#include <dirent.h>
#include <fcntl.h>
#include <poll.h>
#include <sys/prctl.h>
#include <sys/signalfd.h>
#include <sys/wait.h>
#include <unistd.h>
#include <vector>

namespace app {

namespace {

constexpr int graceMilliseconds = 1000; // from SIGTERM to SIGKILL
constexpr int killMilliseconds = 5000;  // a process in an uninterruptible wait must not keep us for ever

long long nowMilliseconds()
{
    timespec t;
    ::clock_gettime(CLOCK_MONOTONIC, &t);
    return t.tv_sec * 1000LL + t.tv_nsec / 1000000;
}

void closeRange(unsigned first, unsigned last)
{
    if (first > last || ::close_range(first, last, 0) == 0)
        return;
    const long limit = ::sysconf(_SC_OPEN_MAX); // kernels before 5.9
    for (unsigned fd = first; fd <= last && long(fd) < limit; ++fd)
        ::close(int(fd));
}

void appendChildrenOf(pid_t process, std::vector<pid_t> &found)
{
    char path[96];
    std::snprintf(path, sizeof path, "/proc/%d/task", int(process));
    DIR *threads = ::opendir(path);
    if (!threads)
        return;
    while (const dirent *thread = ::readdir(threads)) {
        if (thread->d_name[0] == '.')
            continue;
        std::snprintf(path, sizeof path, "/proc/%d/task/%.20s/children", int(process), thread->d_name);
        FILE *children = std::fopen(path, "re");
        if (!children)
            continue;
        int child = 0;
        while (std::fscanf(children, "%d", &child) == 1)
            found.push_back(child);
        std::fclose(children);
    }
    ::closedir(threads);
}

// Everything below us, parents first: a supervisor is gone before it could restart what it watches. What left its parent
// (setsid, double fork) is here too, because a subreaper inherits orphans.
std::vector<pid_t> descendants()
{
    std::vector<pid_t> found;
    appendChildrenOf(::getpid(), found);
    for (size_t i = 0; i < found.size(); ++i)
        appendChildrenOf(found[i], found);
    return found;
}

void signalTree(int signal)
{
    for (const pid_t process : descendants())
        ::kill(process, signal);
}

[[noreturn]] void becomeProgram(char **command, pid_t guard)
{
    ::setpgid(0, 0);
    // Second belt: if the guard itself is killed the program goes as well. What it started then lives on.
    ::prctl(PR_SET_PDEATHSIG, SIGKILL);
    if (::getppid() != guard)
        ::_exit(127);
    sigset_t none;
    ::sigemptyset(&none);
    ::sigprocmask(SIG_SETMASK, &none, nullptr);
    for (const int signal : {SIGPIPE, SIGINT, SIGHUP, SIGTERM, SIGCHLD})
        ::signal(signal, SIG_DFL);
    closeRange(3, ~0U);
    ::execvp(command[0], command);
    ::dprintf(STDERR_FILENO, "countersign-child: cannot start %s: %s.\n", command[0], std::strerror(errno));
    ::_exit(127);
}

// The life of one guarded program. One thread; signals arrive through a descriptor.
class Guard
{
public:
    Guard(int deathPipe, int signals, pid_t program) : m_deathPipe(deathPipe), m_signals(signals), m_program(program) {}

    int run()
    {
        while (!m_programEnded && !m_asked)
            wait(-1);
        signalTree(SIGTERM);
        for (const long long limit = nowMilliseconds() + graceMilliseconds; !m_empty && nowMilliseconds() < limit;)
            wait(int(limit - nowMilliseconds()));
        // Again and again: what forks while we look is caught by the next look.
        for (const long long limit = nowMilliseconds() + killMilliseconds; !m_empty && nowMilliseconds() < limit;) {
            signalTree(SIGKILL);
            wait(10);
        }
        return m_exitCode;
    }

private:
    void wait(int milliseconds)
    {
        pollfd watched[] = {{m_signals, POLLIN, 0}, {m_deathPipe, POLLIN, 0}};
        if (::poll(watched, m_asked ? 1 : 2, milliseconds < 0 ? -1 : milliseconds) > 0) {
            readSignals();
            if (watched[1].revents)
                readDeathPipe();
        }
        reap();
    }

    void readSignals()
    {
        signalfd_siginfo received;
        while (::read(m_signals, &received, sizeof received) == ssize_t(sizeof received))
            m_asked = m_asked || received.ssi_signo == SIGTERM;
    }

    void readDeathPipe()
    {
        char ignored[64];
        const ssize_t n = ::read(m_deathPipe, ignored, sizeof ignored);
        m_asked = m_asked || n == 0 || (n < 0 && errno != EINTR && errno != EAGAIN);
    }

    void reap()
    {
        int status = 0;
        pid_t ended = 0;
        while ((ended = ::waitpid(-1, &status, WNOHANG)) > 0) {
            if (ended != m_program)
                continue;
            m_programEnded = true;
            m_exitCode = WIFSIGNALED(status) ? 128 + WTERMSIG(status) : WEXITSTATUS(status);
        }
        m_empty = ended < 0 && errno == ECHILD;
    }

    const int m_deathPipe;
    const int m_signals;
    const pid_t m_program;
    int m_exitCode = 128 + SIGKILL;
    bool m_programEnded = false;
    bool m_asked = false;
    bool m_empty = false;
};

} // namespace

int runGuarded(int deathPipe, char **command)
{
    closeRange(3, unsigned(deathPipe) - 1);
    closeRange(unsigned(deathPipe) + 1, ~0U);
    // The program's key is in our environment: same-user processes must not read it from here.
    ::prctl(PR_SET_DUMPABLE, 0);
    ::prctl(PR_SET_CHILD_SUBREAPER, 1);

    // SIGINT and SIGHUP of the terminal are for the program that started us; it ends us when it has finished its work.
    sigset_t taken;
    ::sigemptyset(&taken);
    for (const int signal : {SIGCHLD, SIGTERM, SIGINT, SIGHUP})
        ::sigaddset(&taken, signal);
    ::sigprocmask(SIG_SETMASK, &taken, nullptr);
    const int signals = ::signalfd(-1, &taken, SFD_CLOEXEC | SFD_NONBLOCK);

    const pid_t guard = ::getpid();
    const pid_t program = signals < 0 ? -1 : ::fork();
    if (program < 0) {
        ::dprintf(STDERR_FILENO, "countersign-child: cannot start %s: %s.\n", command[0], std::strerror(errno));
        return 127;
    }
    if (program == 0)
        becomeProgram(command, guard);
    ::setpgid(program, program);

    // The pipes belong to the program alone: its end of them closes when it closes it.
    const int nothing = ::open("/dev/null", O_RDWR | O_CLOEXEC);
    for (int fd = 0; nothing >= 0 && fd <= 2; ++fd)
        ::dup2(nothing, fd);
    return Guard(deathPipe, signals, program).run();
}

} // namespace app
