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
    GuardedProcess() = default;
    // Waits for the end of the tree, a few seconds at most: see ProgramEnder for the way that does not wait.
    ~GuardedProcess() override;

    // Starts it; the signals of QProcess tell what comes of it.
    Result<> run(const GuardedCommand &command, const Secret &secret);
    // Tells the guard to end the tree: politely, a second later by force.
    void endTree();

private:
    QTemporaryDir m_folder;
    int m_deathPipe = -1; // the write end: when it closes, the guard ends the tree
};

// Ends programs by timers, without waiting: closes their input, then ends the tree. Those that still run when it is
// destroyed end at once. One per core, outlives the transports.
class ProgramEnder final : public QObject
{
    Q_OBJECT
public:
    explicit ProgramEnder(const Clock &clock, QObject *parent = nullptr) : QObject(parent), m_clock(clock) {}
    ~ProgramEnder() override;

    void end(std::unique_ptr<GuardedProcess> process);

private:
    const Clock &m_clock;
};

} // namespace mcpcore
