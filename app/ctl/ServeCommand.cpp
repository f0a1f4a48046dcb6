// SPDX-FileCopyrightText: 2026 The Countersign authors
// SPDX-License-Identifier: GPL-3.0-or-later
#include "app/Composition.h"
#include "app/ctl/Invocation.h"
#include "app/ctl/Passphrase.h"
#include "app/ctl/TerminalDesk.h"
#include "approvals/ApprovalQueue.h"
#include "base/Post.h"
#include <CLI/CLI.hpp>
#include <QCoreApplication>
#include <cstdio>
#include <unistd.h>

namespace app {

using namespace mcpcore;

namespace {

int serve(const Invocation &invocation, quint16 port)
{
    const auto profile = Profile::at(invocation.profile);
    if (!profile)
        return fail(invocation, profile.error());
    auto lock = profile->takeLock();
    if (!lock)
        return fail(invocation, lock.error());

    auto passphrase = passphraseFor(invocation, *profile);
    if (!passphrase)
        return fail(invocation, passphrase.error());
    Composition::Options options{Composition::Serve::Yes, port, {}};
    options.passphrase = std::move(*passphrase);
    Composition composition(*profile, std::move(options));
    int exitCode = kDone;
    std::unique_ptr<TerminalDesk> terminal;
    composition.start([&](Result<Core *> core) {
        if (!core) {
            exitCode = fail(invocation, core.error());
            return QCoreApplication::exit(exitCode);
        }
        QObject::connect(*core, &Core::endWanted, QCoreApplication::instance(), &QCoreApplication::quit, Qt::QueuedConnection);
        // The first and only line on standard output: whoever started us waits for it. What follows is for the terminal.
        const QByteArray ready =
            toBytes(Json{{"event", "ready"}, {"url", composition.url()}, {"pid", QCoreApplication::applicationPid()}}) + '\n';
        std::fwrite(ready.constData(), 1, size_t(ready.size()), stdout);
        std::fflush(stdout);
        ApprovalQueue &approvals = (*core)->approvals();
        const bool person = ::isatty(STDIN_FILENO) && ::isatty(STDOUT_FILENO) && !composition.ownedByApp();
        if (!person) {
            // Queued: the queue is still adding the card when it tells of it.
            QObject::connect(
                &approvals, &ApprovalQueue::added, &approvals,
                [&approvals](const Approval &approval) {
                    (void)approvals.answer(approval.call->id, {Answer::Kind::Deny,
                                                               approval.call->argumentsDigest,
                                                               {},
                                                               QStringLiteral("nobody can be asked here. Open Countersign, or add a rule"),
                                                               QStringLiteral("serve")});
                },
                Qt::QueuedConnection);
            return;
        }
        terminal = std::make_unique<TerminalDesk>([&approvals](const CallId &call, const Answer &answer) {
            post(&approvals, [&approvals, call, answer] { (void)approvals.answer(call, answer); });
        });
        QObject::connect(&approvals, &ApprovalQueue::added, terminal.get(), &TerminalDesk::added);
        QObject::connect(&approvals, &ApprovalQueue::removed, terminal.get(), &TerminalDesk::removed);
        say(QStringLiteral("Calls that need you are asked here. In another terminal: countersignctl try"));
    });
    quitOnSignals();
    QCoreApplication::exec();
    terminal.reset();
    return exitCode;
}

} // namespace

void addServeCommands(CLI::App &program, Invocation &invocation)
{
    CLI::App *command = program.add_subcommand("serve", "Run the gateway without a window");
    auto *port = command->add_option("--port", "Port on 127.0.0.1")->default_val(kStandardPort)->check(CLI::Range(0, 65535));
    command->callback([&invocation, port] {
        invocation.local = [number = quint16(port->as<int>())](const Invocation &now) { return serve(now, number); };
    });
}

} // namespace app
