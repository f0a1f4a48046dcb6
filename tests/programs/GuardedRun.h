// SPDX-FileCopyrightText: 2026 The Countersign authors
// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once
#include <QByteArray>
#include <QList>
#include <sys/types.h>

// A process that starts countersign-child the way the app does (death pipe, pipes for stdout and stderr) and can be killed
// with SIGKILL. Kills what is left when it goes out of scope.
class GuardedRun
{
public:
    explicit GuardedRun(const QList<QByteArray> &command);
    GuardedRun(const GuardedRun &) = delete;
    GuardedRun &operator=(const GuardedRun &) = delete;
    ~GuardedRun();

    pid_t guard() const { return m_guard; }
    // The app's abrupt end.
    void killStarter();
    // Closes the app's end of the death pipe while the app goes on.
    void closeDeathPipe();
    // One line of the program's stdout, without its end; empty when none came within 10 s.
    QByteArray readLine();
    // All of stderr until its end.
    QByteArray readErrors();
    // The guard's exit code, or -1 when it did not end within 10 s. Only while the starter lives.
    int exitCode();

private:
    pid_t m_starter = -1;
    pid_t m_guard = -1;
    int m_commands = -1; // to the starter
    int m_results = -1;  // from the starter
    int m_out = -1;
    int m_errors = -1;
};

// True once the process does not run any more; waits for at most 10 s.
bool waitUntilGone(pid_t process);
