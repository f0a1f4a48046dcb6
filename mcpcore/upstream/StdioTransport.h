// SPDX-FileCopyrightText: 2026 The Countersign authors
// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once
#include "upstream/GuardedProcess.h"
#include "upstream/Transport.h"

namespace mcpcore {

// A local program that speaks one message a line. Starts it, ends it with everything it started. Lines that are no message
// are counted and dropped; what it writes to stderr is shown, without the key, when it ends.
class StdioTransport final : public Transport
{
    Q_OBJECT
public:
    StdioTransport(ProgramEnder &ender, GuardedCommand command, KeySource keys, QObject *parent = nullptr);
    ~StdioTransport() override;

    void start() override;
    void send(const QByteArray &message, qint64 request) override;
    void abandon(qint64 request) override;
    void restart() override;
    void stop() override;
    void negotiated(const QString &) override {}

    qint64 skippedLines() const { return m_skippedLines; }

private:
    void launch(Secret secret);
    void readOutput();
    void takeLine(const RawJson &line);
    void takeMessage(const RawJson &bytes);
    void readErrors();
    QString errorOutput() const;
    QString name() const;
    void takeExit();
    void close(const QString &why);
    void endProcess();

    ProgramEnder &m_ender;
    const GuardedCommand m_command;
    const KeySource m_keys;
    Secret m_secret; // to take it out of what the program writes
    std::unique_ptr<GuardedProcess> m_process;
    QByteArray m_partial; // the line whose end has not come yet
    QByteArray m_errors;  // the last of stderr
    qint64 m_skippedLines = 0;
    qint64 m_queued = 0; // bytes given to the pipe, and bytes it took
    qint64 m_written = 0;
    QHash<qint64, qint64> m_open; // requests without answer, and where in the pipe they start
    bool m_spoke = false;         // at least one message came
    bool m_ended = false;
};

} // namespace mcpcore
