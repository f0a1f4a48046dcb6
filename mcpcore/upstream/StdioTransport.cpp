// SPDX-FileCopyrightText: 2026 The Countersign authors
// SPDX-License-Identifier: GPL-3.0-or-later
#include "upstream/StdioTransport.h"
#include "base/Post.h"
#include "upstream/OneLine.h"
#include <QFileInfo>
#include <QPointer>
#include <charconv>

namespace mcpcore {

namespace {

constexpr qsizetype maximumLine = 8 * 1024 * 1024;
constexpr qint64 maximumQueue = 16 * 1024 * 1024;
constexpr qsizetype keptErrors = 64 * 1024;
constexpr qsizetype shownErrors = 4 * 1024;

} // namespace

StdioTransport::StdioTransport(ProgramEnder &ender, GuardedCommand command, KeySource keys, QObject *parent)
    : Transport(parent), m_ender(ender), m_command(std::move(command)), m_keys(std::move(keys))
{}

StdioTransport::~StdioTransport()
{
    stop();
}

void StdioTransport::start()
{
    post(this, [this] {
        if (m_ended)
            return;
        if (m_command.secretVariable.isEmpty())
            return launch(Secret());
        m_keys(Completion<Secret>(this, [this](Result<Secret> key) {
            if (m_ended)
                return;
            if (!key)
                return close(key.error().message);
            if (key->isEmpty() || key->reveal().find('\0') != std::string_view::npos)
                return close(QStringLiteral("The key is empty or cannot be given to a program. Set it again."));
            launch(std::move(*key));
        }));
    });
}

void StdioTransport::launch(Secret secret)
{
    m_secret = std::move(secret);
    m_process = std::make_unique<GuardedProcess>();
    GuardedProcess *process = m_process.get();
    connect(process, &QProcess::started, this, &Transport::started);
    connect(process, &QProcess::readyReadStandardOutput, this, &StdioTransport::readOutput);
    connect(process, &QProcess::readyReadStandardError, this, &StdioTransport::readErrors);
    connect(process, &QProcess::bytesWritten, this, [this](qint64 bytes) { m_written += bytes; });
    connect(process, &QProcess::finished, this, &StdioTransport::takeExit);
    connect(process, &QProcess::errorOccurred, this, [this](QProcess::ProcessError error) {
        if (error == QProcess::FailedToStart)
            close(QStringLiteral("%1 could not be started.").arg(name()));
    });
    if (const auto run = process->run(m_command, m_secret); !run)
        close(run.error().message);
}

void StdioTransport::send(const QByteArray &message, qint64 request)
{
    if (m_ended || !m_process)
        return;
    if (m_process->bytesToWrite() + message.size() > maximumQueue) {
        if (request > 0)
            Q_EMIT failed(request,
                          {Error::Kind::Busy, QStringLiteral("Not sent: %1 does not read what it is sent. Try again later.").arg(name())});
        return;
    }
    if (request > 0)
        m_open.insert(request, m_queued);
    m_queued += message.size() + 1;
    m_process->write(message);
    m_process->write("\n", 1);
}

void StdioTransport::abandon(qint64 request)
{
    m_open.remove(request);
}

void StdioTransport::readOutput()
{
    QByteArray chunk = m_process->readAllStandardOutput();
    const QPointer<StdioTransport> alive(this);
    qsizetype at = 0;
    if (!m_partial.isEmpty()) {
        const qsizetype end = chunk.indexOf('\n');
        m_partial.append(chunk.constData(), end < 0 ? chunk.size() : end);
        if (end >= 0) {
            QByteArray line = std::exchange(m_partial, {});
            padForReading(line);
            takeLine(RawJson(line));
            at = end + 1;
        } else {
            at = chunk.size();
        }
    }
    if (at < chunk.size())
        padForReading(chunk);
    while (alive && !m_ended && at < chunk.size()) {
        const qsizetype end = chunk.indexOf('\n', at);
        if (end < 0) {
            m_partial = chunk.mid(at);
            break;
        }
        takeLine(RawJson(chunk, {chunk.constData() + at, size_t(end - at)}));
        at = end + 1;
    }
    if (alive && !m_ended && m_partial.size() > maximumLine)
        close(QStringLiteral("%1 sent a line of more than 8 MiB and was ended.").arg(name()));
}

void StdioTransport::takeLine(const RawJson &line)
{
    std::string_view text = line.view();
    while (!text.empty() && (text.back() == '\r' || text.back() == ' '))
        text.remove_suffix(1);
    if (text.empty())
        return;
    const RawJson message = onOneLine(RawJson(line.owner(), text));
    if (text.front() != '[')
        return takeMessage(message);
    const auto batch = elementsOf(message); // 2025-03-26
    if (!batch) {
        ++m_skippedLines;
        return;
    }
    const QPointer<StdioTransport> alive(this);
    for (const RawJson &element : *batch)
        if (alive)
            takeMessage(element);
}

void StdioTransport::takeMessage(const RawJson &bytes)
{
    if (m_ended)
        return;
    const auto message = bytes.view().front() == '{' ? readMessage(bytes) : failure(Error::Kind::InvalidRequest, {});
    if (!message) {
        ++m_skippedLines;
        return;
    }
    m_spoke = true;
    if (message->kind == Message::Kind::Response) {
        qint64 id = 0;
        const std::string_view text = message->id.view();
        std::from_chars(text.data(), text.data() + text.size(), id);
        m_open.remove(id);
    }
    Q_EMIT received(*message, 0);
}

void StdioTransport::readErrors()
{
    m_errors += m_process->readAllStandardError();
    if (m_errors.size() > keptErrors)
        m_errors.remove(0, m_errors.size() - keptErrors);
}

// The end of what it wrote, without the key and without control characters.
QString StdioTransport::errorOutput() const
{
    QByteArray bytes = m_errors;
    if (!m_secret.isEmpty())
        bytes.replace(QByteArray::fromRawData(m_secret.reveal().data(), qsizetype(m_secret.reveal().size())), "[key]");
    QString text = QString::fromUtf8(bytes.right(shownErrors));
    for (QChar &c : text)
        if (c.category() == QChar::Other_Control && c != QLatin1Char('\n'))
            c = QLatin1Char(' ');
    return text.trimmed();
}

QString StdioTransport::name() const
{
    return QFileInfo(m_command.program).fileName();
}

void StdioTransport::takeExit()
{
    if (m_ended)
        return;
    const QPointer<StdioTransport> alive(this);
    readOutput(); // the last line may still be there
    if (!alive || m_ended)
        return;
    readErrors();
    const int code = m_process->exitStatus() == QProcess::NormalExit ? m_process->exitCode() : 128 + 9;
    close(code > 128 ? QStringLiteral("%1 was ended by signal %2.").arg(name()).arg(code - 128)
                     : QStringLiteral("%1 ended with code %2.").arg(name()).arg(code));
}

void StdioTransport::close(const QString &why)
{
    QString text = why;
    if (const QString output = errorOutput(); !output.isEmpty())
        text += QStringLiteral(" It wrote:\n") + output;
    m_ended = true;
    m_secret = Secret();
    endProcess();
    const QPointer<StdioTransport> alive(this);
    const auto open = std::exchange(m_open, {});
    // Who waits for the start sees what the program wrote; later calls go to clients, which need not.
    const QString shown = m_spoke ? why : text;
    const Error unsent{Error::Kind::UpstreamFailed, QStringLiteral("Not sent: ") + shown};
    const Error sent{Error::Kind::OutcomeUnknown,
                     m_spoke ? shown + QStringLiteral(" It may have been done: check before you try again.") : shown};
    for (auto it = open.begin(); alive && it != open.end(); ++it)
        Q_EMIT failed(it.key(), m_written > it.value() ? sent : unsent);
    if (alive)
        Q_EMIT closed({Error::Kind::UpstreamFailed, text});
}

void StdioTransport::restart()
{
    stop();
    m_partial.clear();
    m_errors.clear();
    m_queued = m_written = 0;
    m_spoke = m_ended = false;
    start();
}

void StdioTransport::stop()
{
    m_ended = true;
    m_open.clear();
    m_secret = Secret();
    endProcess();
}

void StdioTransport::endProcess()
{
    if (!m_process)
        return;
    m_process->disconnect(this); // there may be another one soon
    m_ender.end(std::move(m_process));
}

} // namespace mcpcore
