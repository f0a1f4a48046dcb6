// SPDX-FileCopyrightText: 2026 The Countersign authors
// SPDX-License-Identifier: GPL-3.0-or-later
#include "app/ctl/Invocation.h"
#include <CLI/CLI.hpp>

namespace app {

using mcpcore::Json;

namespace {

void printEnvironment(const Json &environment)
{
    say(QStringLiteral("%1  %2%3%4")
            .arg(text(environment, "id"), text(environment, "kind"),
                 text(environment, "active") == QLatin1String("true") ? QStringLiteral("  active") : QString(),
                 text(environment, "locked") == QLatin1String("true") ? QStringLiteral("  locked") : QString()));
}

} // namespace

void addEnvironmentCommands(CLI::App &program, Invocation &invocation)
{
    CLI::App *env = program.add_subcommand("env", "Environments: sandbox, staging, production and your own");
    env->require_subcommand(1);
    const auto choose = [&invocation](const char *command) {
        return [&invocation, command] {
            invocation.command = QString::fromLatin1(command);
            invocation.print = printEnvironment;
        };
    };
    env->add_subcommand("list", "List them")->callback([&invocation] {
        invocation.command = QStringLiteral("env list");
        invocation.print = [](const Json &answer) {
            for (const Json &environment : answer["environments"])
                printEnvironment(environment);
        };
    });
    const auto withId = [&invocation](CLI::App *command) {
        command
            ->add_option_function<std::string>(
                "ID", [&invocation](const std::string &id) { invocation.parameters["id"] = id; }, "Its name")
            ->required();
        return command;
    };
    CLI::App *add = withId(env->add_subcommand("add", "Add one of your own"));
    add->add_option_function<std::string>(
           "--kind", [&invocation](const std::string &kind) { invocation.parameters["kind"] = kind; }, "sandbox, staging or production")
        ->required();
    add->callback(choose("env add"));
    withId(env->add_subcommand("use", "Make it the active one"))->callback(choose("env use"));
    CLI::App *unlock = withId(env->add_subcommand("unlock", "Open a production environment for a while"));
    unlock
        ->add_option_function<int>(
            "--minutes", [&invocation](int minutes) { invocation.parameters["minutes"] = minutes; }, "5, 15 or 60")
        ->required();
    unlock
        ->add_option_function<std::string>(
            "--reason", [&invocation](const std::string &reason) { invocation.parameters["reason"] = reason; },
            "Goes into the activity log")
        ->required();
    unlock->callback(choose("env unlock"));
    withId(env->add_subcommand("lock", "Lock it now"))->callback(choose("env lock"));
    withId(env->add_subcommand("remove", "Remove one that nothing uses"))->callback([&invocation] {
        invocation.command = QStringLiteral("env remove");
        invocation.print = [](const Json &answer) { say(QStringLiteral("Removed %1.").arg(text(answer, "removed"))); };
    });
}

} // namespace app
