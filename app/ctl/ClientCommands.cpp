// SPDX-FileCopyrightText: 2026 The Countersign authors
// SPDX-License-Identifier: GPL-3.0-or-later
#include "app/ctl/Invocation.h"
#include <CLI/CLI.hpp>

namespace app {

using mcpcore::Json;

namespace {

void printToken(const Json &answer)
{
    say(QStringLiteral("Client %1. Its token, shown this once:").arg(text(answer, "id")));
    say(text(answer, "token"));
}

} // namespace

void addClientCommands(CLI::App &program, Invocation &invocation)
{
    CLI::App *client = program.add_subcommand("client", "Clients: the AI apps that may connect");
    client->require_subcommand(1);
    const auto member = [&invocation](const char *name) {
        return [&invocation, name](const std::string &value) { invocation.parameters[name] = value; };
    };
    client->add_subcommand("list", "List them")->callback([&invocation] {
        invocation.command = QStringLiteral("client list");
        invocation.print = [](const Json &answer) {
            for (const Json &item : answer["clients"])
                say(QStringLiteral("%1  %2  %3%4")
                        .arg(text(item, "id"), text(item, "name"), text(item, "environment"),
                             text(item, "revoked") == QLatin1String("true") ? QStringLiteral("  revoked") : QString()));
        };
    });
    CLI::App *add = client->add_subcommand("add", "Add one; prints its token this once");
    add->add_option_function<std::string>("NAME", member("name"), "How it is called")->required();
    add->add_option_function<std::string>("--kind", member("kind"), "Which program it is, e.g. cursor");
    add->add_option_function<std::string>("--env", member("environment"), "The environment it acts in; sandbox if not said");
    add->callback([&invocation] {
        invocation.command = QStringLiteral("client add");
        invocation.print = printToken;
    });
    CLI::App *environment = client->add_subcommand("environment", "Move it to another environment");
    environment->add_option_function<std::string>("ID", member("id"), "The client")->required();
    environment->add_option_function<std::string>("ENV", member("environment"), "An environment, or active")->required();
    environment->callback([&invocation] {
        invocation.command = QStringLiteral("client environment");
        invocation.print = [](const Json &answer) {
            say(QStringLiteral("%1 acts in %2.").arg(text(answer, "id"), text(answer, "environment")));
        };
    });
    CLI::App *token = client->add_subcommand("token", "Make a new token; the old one ends");
    token->add_option_function<std::string>("ID", member("id"), "The client")->required();
    token
        ->add_flag_callback(
            "--rotate", [] {}, "Needed: the old token stops working")
        ->required();
    token->callback([&invocation] {
        invocation.command = QStringLiteral("client token");
        invocation.print = printToken;
    });
    CLI::App *accept = client->add_subcommand("accept", "Let the other program that came through its bridge be this client");
    accept->add_option_function<std::string>("ID", member("id"), "The client")->required();
    accept->callback([&invocation] {
        invocation.command = QStringLiteral("client accept");
        invocation.print = [](const Json &answer) {
            say(QStringLiteral("%1 is %2 now.").arg(text(answer, "bridgeProgram"), text(answer, "id")));
        };
    });
    CLI::App *revoke = client->add_subcommand("revoke", "Take its access away");
    revoke->add_option_function<std::string>("ID", member("id"), "The client")->required();
    revoke->callback([&invocation] {
        invocation.command = QStringLiteral("client revoke");
        invocation.print = [](const Json &answer) { say(QStringLiteral("Revoked %1.").arg(text(answer, "revoked"))); };
    });
}

} // namespace app
