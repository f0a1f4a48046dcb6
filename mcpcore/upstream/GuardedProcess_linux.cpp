// SPDX-FileCopyrightText: 2026 The Countersign authors
// SPDX-License-Identifier: GPL-3.0-or-later
#include "upstream/GuardedProcess.h"
#include <QFile>
#include <cerrno>
#include <cstring>
#include <fcntl.h>
#include <unistd.h>

extern char **environ;

namespace mcpcore {

namespace {

constexpr Milliseconds inputClosedGrace{2000};
constexpr Milliseconds guardGrace{8000}; // the guard asks for a second, then kills for at most five

bool isPassedOn(std::string_view variable)
{
    static constexpr std::string_view names[] = {"PATH",      "HOME",     "LANG",       "TMPDIR",      "HTTP_PROXY", "HTTPS_PROXY",
                                                 "ALL_PROXY", "NO_PROXY", "http_proxy", "https_proxy", "all_proxy",  "no_proxy"};
    const std::string_view name = variable.substr(0, variable.find('='));
    return name.substr(0, 3) == "LC_" || std::find(std::begin(names), std::end(names), name) != std::end(names);
}

// Runs in the forked child: only what is safe there. Everything but the standard streams and `kept` closes at exec.
void keepOnly(int kept)
{
    if (::close_range(3, ~0U, CLOSE_RANGE_CLOEXEC) != 0) {
        const long limit = std::min<long>(::sysconf(_SC_OPEN_MAX), 65536); // kernels before 5.11
        for (int fd = 3; fd < limit; ++fd)
            ::fcntl(fd, F_SETFD, FD_CLOEXEC);
    }
    ::fcntl(kept, F_SETFD, 0);
}

} // namespace

GuardedProcess::~GuardedProcess()
{
    closeDeathPipe();
    if (state() != NotRunning)
        waitForFinished(int(guardGrace.count())); // else QProcess would kill the guard before it has done its work
}

Result<> GuardedProcess::run(const GuardedCommand &command, const Secret &secret)
{
    int deathPipe[2];
    if (!m_folder.isValid() || ::pipe2(deathPipe, O_CLOEXEC) != 0)
        return failure(Error::Kind::UpstreamFailed,
                       QStringLiteral("The program cannot be started: %1.").arg(QString::fromLocal8Bit(std::strerror(errno))));
    m_deathPipe = deathPipe[1];

    QByteArrayList words{QFile::encodeName(command.guard), QByteArray::number(deathPipe[0]), QByteArrayLiteral("--"),
                         QFile::encodeName(command.program)};
    for (const QString &argument : command.arguments)
        words += QFile::encodeName(argument);
    std::vector<const char *> arguments;
    for (const QByteArray &word : std::as_const(words))
        arguments.push_back(word.constData());
    arguments.push_back(nullptr);

    // The key goes from guarded memory straight into the new process's environment, never through a QString.
    Secret secretLine;
    if (!command.secretVariable.isEmpty()) {
        QByteArray line;
        line.reserve(command.secretVariable.size() * 4 + qsizetype(secret.reveal().size()) + 2);
        line += command.secretVariable.toUtf8() + '=';
        line.append(secret.reveal().data(), qsizetype(secret.reveal().size()));
        secretLine = Secret({line.constData(), size_t(line.size()) + 1});
        wipe(line);
    }
    std::vector<const char *> environment;
    const QByteArray taken = command.secretVariable.toUtf8() + '=';
    for (char **variable = environ; *variable; ++variable)
        if (isPassedOn(*variable) && qstrncmp(*variable, taken.constData(), size_t(taken.size())) != 0)
            environment.push_back(*variable);
    if (!secretLine.isEmpty())
        environment.push_back(secretLine.reveal().data());
    environment.push_back(nullptr);

    setWorkingDirectory(m_folder.path());
    setProcessChannelMode(SeparateChannels);
    setChildProcessModifier([&arguments, &environment, fd = deathPipe[0]] {
        ::setpgid(0, 0);
        keepOnly(fd);
        ::execve(arguments[0], const_cast<char **>(arguments.data()), const_cast<char **>(environment.data()));
        ::dprintf(STDERR_FILENO, "%s cannot be started: %s.\n", arguments[0], std::strerror(errno));
        ::_exit(127); // else QProcess would try with its own environment
    });
    start(command.guard, QStringList());
    setChildProcessModifier({});
    ::close(deathPipe[0]);
    return {};
}

void GuardedProcess::end(std::unique_ptr<GuardedProcess> owned)
{
    GuardedProcess *process = owned.release();
    process->disconnect();
    if (process->state() == NotRunning)
        return process->deleteLater();
    connect(process, &QProcess::finished, process, &QObject::deleteLater);
    connect(process, &QProcess::errorOccurred, process, [process](ProcessError error) {
        if (error == FailedToStart)
            process->deleteLater();
    });
    // Nobody reads any more, and a full pipe must not keep it from ending.
    connect(process, &QProcess::readyReadStandardOutput, process, [process] { process->readAllStandardOutput(); });
    connect(process, &QProcess::readyReadStandardError, process, [process] { process->readAllStandardError(); });
    process->closeWriteChannel();
    process->m_clock.after(inputClosedGrace, process, [process] { process->closeDeathPipe(); });
    process->m_clock.after(inputClosedGrace + guardGrace, process, [process] { process->kill(); });
}

void GuardedProcess::closeDeathPipe()
{
    if (m_deathPipe >= 0)
        ::close(std::exchange(m_deathPipe, -1));
}

} // namespace mcpcore
