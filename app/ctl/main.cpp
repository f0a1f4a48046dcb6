// SPDX-FileCopyrightText: 2026 The Countersign authors
// SPDX-License-Identifier: GPL-3.0-or-later
#include "app/Composition.h"
#include "app/Owner.h"
#include "app/ctl/Invocation.h"
#include "app/ctl/Passphrase.h"
#include "base/Post.h"
#include "control/Control.h"
#include <CLI/CLI.hpp>
#include <QCoreApplication>

namespace app {

using namespace mcpcore;

namespace {

int answered(const Invocation &invocation, const Json &answer)
{
    printAnswer(invocation, answer);
    return invocation.code ? invocation.code(answer) : kDone;
}

// Without an owner this process is the owner for the length of one command.
int doItHere(const Invocation &invocation, const Profile &profile)
{
    auto lock = profile.takeLock();
    if (!lock)
        return fail(invocation, lock.error());
    Composition::Options options;
    if (invocation.passphrase)
        options.passphrase = invocation.passphrase->duplicate();
    else if (auto passphrase = passphraseFor(invocation, profile))
        options.passphrase = std::move(*passphrase);
    else
        return fail(invocation, passphrase.error());
    Composition composition(profile, std::move(options));
    int exitCode = kDone;
    composition.start([&](Result<Core *> core) {
        if (!core) {
            exitCode = fail(invocation, core.error());
            return QCoreApplication::exit(exitCode);
        }
        const auto last = [&](Result<Json> answer) {
            exitCode = answer ? answered(invocation, *answer) : fail(invocation, answer.error());
            QCoreApplication::exit(exitCode);
        };
        composition.command(invocation.command, invocation.parameters, [&, last](Result<Json> answer) {
            if (!answer || invocation.next.isEmpty())
                return last(std::move(answer));
            invocation.between(*answer);
            composition.command(invocation.next, *answer, last);
        });
    });
    QCoreApplication::exec();
    return exitCode;
}

int run(Invocation &invocation)
{
    if (invocation.local)
        return invocation.local(invocation);
    const auto profile = Profile::at(invocation.profile);
    if (!profile)
        return fail(invocation, profile.error());
    if (const auto ready = invocation.prepare ? invocation.prepare(invocation, *profile) : Result<>(); !ready)
        return fail(invocation, ready.error());
    if (const auto answer = askOwner(*profile, invocation.command, invocation.parameters)) {
        auto last = answer;
        if (*answer && !invocation.next.isEmpty()) {
            invocation.between(**answer);
            last = askOwner(*profile, invocation.next, **answer);
        }
        if (!last || !*last)
            return fail(invocation, last ? last->error() : Error{Error::Kind::Abandoned, QStringLiteral("Countersign went away.")});
        return answered(invocation, **last);
    }
    if (invocation.command == QLatin1String("try"))
        return fail(invocation, {Error::Kind::NotFound,
                                 QStringLiteral("Countersign is not running. Start it with countersignctl serve, or open the app.")});
    return doItHere(invocation, *profile);
}

} // namespace

} // namespace app

int main(int argc, char **argv)
{
    app::keepSecretsOutOfCoreDumps();
    QCoreApplication application(argc, argv);
    QCoreApplication::setApplicationName(QStringLiteral("countersignctl"));

    app::Invocation invocation;
    CLI::App program("countersignctl: everything the Countersign window can do, from the command line");
    program.set_version_flag("--version", COUNTERSIGN_VERSION);
    program.require_subcommand(1);
    program.fallthrough();
    program.add_option_function<std::string>(
        "--profile", [&](const std::string &folder) { invocation.profile = QString::fromStdString(folder); }, "Folder with all state");
    program.add_option_function<int>(
        "--passphrase-fd", [&](const int &fd) { invocation.passphraseFd = fd; },
        "File descriptor to read the passphrase of the key file from, one line; else it is asked on the terminal");
    program.add_flag("--json", invocation.json, "Print one JSON object");
    app::addServeCommands(program, invocation);
    app::addStatusCommands(program, invocation);
    app::addEnvironmentCommands(program, invocation);
    app::addConnectionCommands(program, invocation);
    app::addKeyCommands(program, invocation);
    app::addClientCommands(program, invocation);
    app::addRuleCommands(program, invocation);
    app::addLogCommands(program, invocation);
    app::addPackCommands(program, invocation);
    const auto border = std::find(argv, argv + argc, std::string_view("--"));
    if (border != argv + argc)
        invocation.rest.assign(border + 1, argv + argc);
    try {
        program.parse(int(border - argv), argv);
    } catch (const CLI::ParseError &error) {
        const int code = program.exit(error);
        return code == 0 ? app::kDone : app::kWrongUsage;
    }
    return app::run(invocation);
}
