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

// Runs in the child, which QProcess makes with vfork: it borrows our memory and stack until exec. So nothing here allocates,
// and no variable's address is taken (a sanitizer would mark our stack and never unmark it).
[[noreturn]] void becomeGuard(const char *const *arguments, const char *const *environment, int kept, const char *complaint)
{
    ::setpgid(0, 0);
    // Everything but the standard streams and `kept` closes at exec.
    if (::close_range(3, ~0U, CLOSE_RANGE_CLOEXEC) != 0) {
        const long limit = ::sysconf(_SC_OPEN_MAX); // kernels before 5.11
        for (int fd = 3; fd < limit && fd < 65536; ++fd)
            ::fcntl(fd, F_SETFD, FD_CLOEXEC);
    }
    ::fcntl(kept, F_SETFD, 0);
    ::execve(arguments[0], const_cast<char **>(arguments), const_cast<char **>(environment));
    const ssize_t written = ::write(STDERR_FILENO, complaint, ::strlen(complaint));
    ::_exit(written < 0 ? 126 : 127); // else QProcess would try with its own environment
}

} // namespace

GuardedProcess::~GuardedProcess()
{
    endTree();
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
    const QByteArray complaint = words.first() + " could not be started.\n";
    setChildProcessModifier([run = arguments.data(), with = environment.data(), fd = deathPipe[0], text = complaint.constData()] {
        becomeGuard(run, with, fd, text);
    });
    start(command.guard, QStringList());
    setChildProcessModifier({});
    ::close(deathPipe[0]);
    return {};
}

void GuardedProcess::endTree()
{
    if (m_deathPipe >= 0)
        ::close(std::exchange(m_deathPipe, -1));
}

ProgramEnder::~ProgramEnder()
{
    const auto left = findChildren<GuardedProcess *>();
    for (GuardedProcess *process : left)
        process->endTree();
    for (GuardedProcess *process : left) {
        process->disconnect();
        delete process;
    }
}

void ProgramEnder::end(std::unique_ptr<GuardedProcess> owned)
{
    GuardedProcess *process = owned.release();
    process->setParent(this);
    process->disconnect();
    if (process->state() == QProcess::NotRunning)
        return process->deleteLater();
    connect(process, &QProcess::finished, process, &QObject::deleteLater);
    connect(process, &QProcess::errorOccurred, process, [process](QProcess::ProcessError error) {
        if (error == QProcess::FailedToStart)
            process->deleteLater();
    });
    // Nobody reads any more, and a full pipe must not keep it from ending.
    connect(process, &QProcess::readyReadStandardOutput, process, [process] { process->readAllStandardOutput(); });
    connect(process, &QProcess::readyReadStandardError, process, [process] { process->readAllStandardError(); });
    process->closeWriteChannel();
    m_clock.after(inputClosedGrace, process, [process] { process->endTree(); });
    m_clock.after(inputClosedGrace + guardGrace, process, [process] { process->kill(); });
}

} // namespace mcpcore
