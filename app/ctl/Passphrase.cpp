// SPDX-FileCopyrightText: 2026 The Countersign authors
// SPDX-License-Identifier: GPL-3.0-or-later
#include "app/ctl/Passphrase.h"
#include "secrets/KeyFile.h"
#include <fcntl.h>
#include <termios.h>
#include <unistd.h>

namespace app {

using namespace mcpcore;

namespace {

constexpr qsizetype longest = 8192;

// One line without its end, byte for byte, so that what follows is left for the next question. Empty at the end of input.
Result<Secret> readLine(int fd)
{
    QByteArray line;
    line.reserve(longest); // no copy is left behind by growing
    char c = 0;
    ssize_t n = 0;
    while ((n = ::read(fd, &c, 1)) == 1 && c != '\n' && line.size() < longest)
        line += c;
    if (line.endsWith('\r'))
        line.chop(1);
    Secret secret(std::string_view(line.constData(), size_t(line.size())));
    wipe(line);
    c = 0;
    if (n < 0)
        return failure(
            Error::Kind::InvalidArgument,
            QStringLiteral("Nothing can be read from file descriptor %1: it is not open. Give the number of one that is.").arg(fd));
    return secret;
}

void tell(int terminal, std::string_view words)
{
    [[maybe_unused]] const ssize_t n = ::write(terminal, words.data(), words.size());
}

// Without showing what is typed.
Result<Secret> readUnseen(int terminal, std::string_view question)
{
    termios before{};
    if (::tcgetattr(terminal, &before) != 0)
        return failure(Error::Kind::NeedsPerson, QStringLiteral("The terminal cannot hide what is typed. Use --passphrase-fd."));
    termios silent = before;
    silent.c_lflag &= ~tcflag_t(ECHO);
    ::tcsetattr(terminal, TCSAFLUSH, &silent); // before it asks: a quick answer is neither shown nor lost
    tell(terminal, question);
    auto line = readLine(terminal);
    ::tcsetattr(terminal, TCSAFLUSH, &before);
    tell(terminal, "\n");
    return line;
}

Result<Secret> fromTerminal(Prompt prompt)
{
    const int terminal = ::open("/dev/tty", O_RDWR | O_CLOEXEC | O_NOCTTY);
    if (terminal < 0)
        return failure(Error::Kind::NeedsPerson,
                       QStringLiteral("The keys of this profile are in its key file, which takes a passphrase, and "
                                      "there is no terminal to ask on. Give it with --passphrase-fd."));
    const auto close = qScopeGuard([terminal] { ::close(terminal); });
    if (prompt == Prompt::Current)
        return readUnseen(terminal, "Passphrase of the key file: ");
    auto first = readUnseen(terminal, "New passphrase of the key file: ");
    if (!first)
        return first;
    if (const QString problem = faultOf(*first); !problem.isEmpty())
        return failure(Error::Kind::InvalidArgument, problem);
    const auto second = readUnseen(terminal, "Once more: ");
    if (!second || !equalInConstantTime(*first, *second))
        return failure(Error::Kind::InvalidArgument, QStringLiteral("The two are not the same. Nothing was changed. Try again."));
    return first;
}

// What changes nothing and sends nothing. Whatever else is done seals what it changes with the key of the profile.
bool needsNoKey(const QString &command)
{
    static const QStringList reading{
        QStringLiteral("status"),          QStringLiteral("try"),         QStringLiteral("env list"),    QStringLiteral("connection list"),
        QStringLiteral("connection show"), QStringLiteral("key list"),    QStringLiteral("client list"), QStringLiteral("rule list"),
        QStringLiteral("rule explain"),    QStringLiteral("rule export"), QStringLiteral("rule presets")};
    return reading.contains(command);
}

// What makes things narrower at once, whether or not there is anybody to ask.
bool canDoWithout(const QString &command)
{
    return command == QLatin1String("pause") || command == QLatin1String("env lock");
}

} // namespace

Result<Secret> askPassphrase(const Invocation &invocation, Prompt prompt)
{
    auto given = invocation.passphraseFd ? readLine(*invocation.passphraseFd) : fromTerminal(prompt);
    if (given && given->isEmpty())
        return failure(Error::Kind::InvalidArgument, QStringLiteral("No passphrase was given. Nothing was changed."));
    return given;
}

Result<Secret> passphraseFor(const Invocation &invocation, const Profile &profile)
{
    const bool wanted = KeyFile::existsAt(profile.keys()) && !needsNoKey(invocation.command);
    if (!wanted || (canDoWithout(invocation.command) && !invocation.passphraseFd))
        return Secret();
    return askPassphrase(invocation, Prompt::Current);
}

} // namespace app
