// SPDX-FileCopyrightText: 2026 The Countersign authors
// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once
#include "base/Clock.h"
#include "base/Result.h"
#include "base/Secret.h"
#include <QProcess>
#include <QTemporaryDir>

namespace mcpcore {

// A program and its arguments, never a shell line.
struct GuardedCommand {
    QString guard; // path of countersign-child, which ends the whole tree
    QString program;
    QStringList arguments;
    QString secretVariable; // carries the key; empty = needs none
};

// One program under countersign-child: with few environment variables, a folder of its own, and no descriptor of ours but
// its three streams. However we end, the tree below it ends.
class GuardedProcess final : public QProcess
{
    Q_OBJECT
public:
    explicit GuardedProcess(const Clock &clock) : m_clock(clock) {}
    ~GuardedProcess() override;

    // Starts it; the signals of QProcess tell what comes of it.
    Result<> run(const GuardedCommand &command, const Secret &secret);
    // Closes its input, waits, ends the tree, by timers. Deletes itself when all is over; emits nothing to others.
    static void end(std::unique_ptr<GuardedProcess> process);

private:
    void closeDeathPipe();

    const Clock &m_clock;
    QTemporaryDir m_folder;
    int m_deathPipe = -1; // the write end: when it closes, the guard ends the tree
};

} // namespace mcpcore
