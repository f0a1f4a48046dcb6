// SPDX-FileCopyrightText: 2026 The Countersign authors
// SPDX-License-Identifier: GPL-3.0-or-later
#include "app/ctl/Invocation.h"
#include "base/Secret.h"
#include <CLI/CLI.hpp>
#include <cstdio>

namespace app {

using mcpcore::Json;

namespace {

void printConnection(const Json &connection)
{
    QStringList environments;
    for (const Json &environment : connection["environments"])
        environments.append(environment.get<QString>());
    say(QStringLiteral("%1  %2  %3").arg(text(connection, "id"), text(connection, "transport"), environments.join(QStringLiteral(", "))));
    if (connection.contains("program")) {
        QString command = text(connection, "program");
        for (const Json &argument : connection["arguments"])
            command += QLatin1Char(' ') + argument.get<QString>();
        say(QStringLiteral("    runs  %1").arg(command));
    }
    if (connection.contains("urls"))
        for (const auto &[environment, url] : connection["urls"].items())
            say(QStringLiteral("    %1  %2").arg(QString::fromStdString(environment), url.get<QString>()));
}

// What the vendor's pack says besides: what was left out, and where keys are made.
void printAdded(const Json &connection)
{
    printConnection(connection);
    if (const Json *left = mcpcore::memberAt(connection, "left"))
        for (const Json &one : *left)
            say(QStringLiteral("    not in %1: %2").arg(text(one, "environment"), text(one, "reason")));
    if (const Json *keys = mcpcore::memberAt(connection, "makeKeys"); keys && text(connection, "needsKey") == QLatin1String("true"))
        for (const Json &one : *keys)
            say(QStringLiteral("    keys for %1: %2  %3").arg(text(one, "environment"), text(one, "steps"), text(one, "url")));
}

void printSignIn(const Json &signIn)
{
    QString line = QStringLiteral("    %1: %2").arg(text(signIn, "environment"), text(signIn, "state"));
    if (!text(signIn, "account").isEmpty())
        line += QStringLiteral(" as %1").arg(text(signIn, "account"));
    if (!text(signIn, "at").isEmpty())
        line += QStringLiteral(" at %1").arg(text(signIn, "at"));
    if (!text(signIn, "expires").isEmpty())
        line += (text(signIn, "renews") == QLatin1String("true") ? QStringLiteral(", renewed by itself, next before %1")
                                                                 : QStringLiteral(", until %1"))
                    .arg(text(signIn, "expires"));
    say(line);
    if (!text(signIn, "trouble").isEmpty())
        say(QStringLiteral("        %1").arg(text(signIn, "trouble")));
}

void printState(const Json &state)
{
    QString line = QStringLiteral("%1 in %2: %3").arg(text(state, "id"), text(state, "environment"), text(state, "link"));
    if (const Json *tools = mcpcore::memberAt(state, "tools"))
        line += QStringLiteral(", tools: %1 trusted, %2 waiting, %3 changed")
                    .arg(text(*tools, "trusted"), text(*tools, "waiting"), text(*tools, "changed"));
    say(line);
    if (!text(state, "error").isEmpty())
        say(QStringLiteral("    %1").arg(text(state, "error")));
    if (const Json *signIn = mcpcore::memberAt(state, "signIn"))
        printSignIn(*signIn);
}

void printTools(const Json &answer)
{
    for (const Json &tool : answer["tools"]) {
        QStringList clients;
        for (const Json &client : tool["hiddenFrom"])
            clients.append(client.get<QString>());
        say(QStringLiteral("%1  %2  %3%4")
                .arg(text(tool, "state"), text(tool, "class"), text(tool, "name"),
                     clients.isEmpty() ? QString() : QStringLiteral("  hidden from %1").arg(clients.join(QStringLiteral(", ")))));
        if (const Json *definition = mcpcore::memberAt(tool, "definition"))
            say(QStringLiteral("    the server says: %1").arg(text(*definition, "description")));
    }
}

// "ENV=URL" and "N: V" into a member of an object.
std::function<void(const std::vector<std::string> &)> pairs(Invocation &invocation, const char *member, char border)
{
    return [&invocation, member, border](const std::vector<std::string> &values) {
        for (const std::string &value : values) {
            const size_t at = value.find(border);
            if (at == std::string::npos || at == 0)
                throw CLI::ValidationError(value, std::string("write it as NAME") + border + "VALUE");
            const size_t from = value.find_first_not_of(' ', at + 1);
            invocation.parameters[member][value.substr(0, at)] = from == std::string::npos ? std::string() : value.substr(from);
        }
    };
}

void addAdd(CLI::App &connection, Invocation &invocation)
{
    CLI::App *add = connection.add_subcommand("add", "Set up a vendor; for --stdio this is the consent to its command line");
    const auto member = [&invocation](const char *key) {
        return [&invocation, key](const std::string &value) { invocation.parameters[key] = value; };
    };
    add->add_option_function<std::string>("ID", member("id"), "Your name for it")->required();
    add->add_option_function<std::string>("--pack", member("pack"), "Vendor: practice, stripe, ... (see pack list)");
    add->add_option_function<std::string>("--transport", member("transport"), "http or stdio")->check(CLI::IsMember({"http", "stdio"}));
    add->add_option_function<std::vector<std::string>>(
           "--env", [&invocation](const std::vector<std::string> &environments) { invocation.parameters["environments"] = environments; },
           "Environment it is for")
        ->allow_extra_args(false);
    add->add_option_function<std::vector<std::string>>("--endpoint", pairs(invocation, "endpoints", '='), "ENV=URL")
        ->allow_extra_args(false);
    add->add_option_function<std::vector<std::string>>("--header", pairs(invocation, "headers", ':'), "'Name: value', not a secret")
        ->allow_extra_args(false);
    add->add_option_function<std::string>("--url", member("url"), "Address of an MCP server");
    add->add_option_function<std::string>("--auth", member("auth"), "none, bearer, oauth or header:NAME");
    add->add_option_function<std::string>("--client-id", member("clientId"), "For oauth: an id you registered there yourself");
    add->add_option_function<std::string>("--client-document", member("clientDocument"),
                                          "For oauth: https address of your client's document");
    add->add_option_function<std::string>("--secret-env", member("secretVariable"),
                                          "Environment variable that carries the key to the program");
    auto *runs = add->add_flag_callback(
        "--stdio", [] {}, "Runs a program: --stdio -- PROGRAM ARG...");
    add->callback([&invocation, runs] {
        if (invocation.rest.empty() == (runs->count() > 0))
            throw CLI::ValidationError("--stdio", "give the program and its arguments after --");
        if (!invocation.rest.empty())
            invocation.parameters["stdio"] = invocation.rest;
        invocation.command = QStringLiteral("connection add");
        invocation.print = printAdded;
    });
}

// Lists, or hides one tool from one client.
void addTools(CLI::App *tools, Invocation &invocation)
{
    const auto member = [&invocation](const char *key) {
        return [&invocation, key](const std::string &value) { invocation.parameters[key] = value; };
    };
    auto *client = tools->add_option_function<std::string>("--client", member("client"), "As this client sees them");
    auto *hide = tools->add_option_function<std::string>("--hide", member("tool"), "Hide this tool from the client")->needs(client);
    auto *show =
        tools->add_option_function<std::string>("--show", member("tool"), "Show a hidden tool again")->needs(client)->excludes(hide);
    tools->callback([&invocation, hide, show] {
        const bool changes = hide->count() + show->count() > 0;
        invocation.command = hide->count() > 0   ? QStringLiteral("connection hide")
                             : show->count() > 0 ? QStringLiteral("connection unhide")
                                                 : QStringLiteral("connection tools");
        invocation.print = !changes ? printTools : [](const Json &answer) {
            say((text(answer, "hidden") == QLatin1String("true") ? QStringLiteral("%1 of %2 in %3 is hidden from %4.")
                                                                 : QStringLiteral("%1 of %2 in %3 is shown to %4."))
                    .arg(text(answer, "tool"), text(answer, "connection"), text(answer, "environment"), text(answer, "client")));
        };
    });
}

// The page goes to standard error beside --json, which prints one object.
void addSignIn(CLI::App *signIn, CLI::App *signOut, Invocation &invocation)
{
    signIn->add_flag_callback(
        "--no-browser", [&invocation] { invocation.parameters["browser"] = false; }, "Only print the address");
    auto *asks = signIn->add_flag_callback(
        "--client-secret", [] {}, "Read the secret of --client-id from standard input");
    signIn->callback([&invocation, asks] {
        invocation.command = QStringLiteral("connection sign-in");
        invocation.next = QStringLiteral("connection await-sign-in");
        if (asks->count() > 0)
            readSecret(invocation);
        invocation.between = [&invocation](const Json &page) {
            if (invocation.json)
                std::fprintf(stderr, "%s\n", qPrintable(text(page, "url")));
            else if (text(page, "opened") == QLatin1String("true"))
                say(QStringLiteral("Your browser shows the page to sign in at:\n%1").arg(text(page, "url")));
            else
                say(QStringLiteral("Open this address in your browser to sign in. Waiting for it, five minutes at most.\n%1")
                        .arg(text(page, "url")));
        };
        invocation.print = printSignIn;
    });
    signOut->callback([&invocation] {
        invocation.command = QStringLiteral("connection sign-out");
        invocation.print = [](const Json &answer) {
            const QString revoked = text(answer, "revoked");
            say(QStringLiteral("Signed out of %1 in %2.").arg(text(answer, "id"), text(answer, "environment")));
            if (revoked == QLatin1String("no"))
                say(QStringLiteral("The server could not be told: end the session on its own page, too."));
        };
    });
}

} // namespace

void addConnectionCommands(CLI::App &program, Invocation &invocation)
{
    CLI::App *connection = program.add_subcommand("connection", "Connections: the vendors you have set up");
    connection->require_subcommand(1);
    addAdd(*connection, invocation);
    const auto withId = [&invocation](CLI::App *command, bool environment) {
        command
            ->add_option_function<std::string>(
                "ID", [&invocation](const std::string &id) { invocation.parameters["id"] = id; }, "The connection")
            ->required();
        if (environment)
            command
                ->add_option_function<std::string>(
                    "ENV", [&invocation](const std::string &env) { invocation.parameters["environment"] = env; }, "The environment")
                ->required();
        return command;
    };
    connection->add_subcommand("list", "List them")->callback([&invocation] {
        invocation.command = QStringLiteral("connection list");
        invocation.print = [](const Json &answer) {
            for (const Json &item : answer["connections"])
                printConnection(item);
        };
    });
    connection->add_subcommand("states", "How each stands in each of its environments")->callback([&invocation] {
        invocation.command = QStringLiteral("connection states");
        invocation.print = [](const Json &answer) {
            for (const Json &state : answer["states"])
                printState(state);
        };
    });
    withId(connection->add_subcommand("show", "Show one"), false)->callback([&invocation] {
        invocation.command = QStringLiteral("connection show");
        invocation.print = [](const Json &answer) {
            printConnection(answer);
            for (const Json &trust : answer["trusted"])
                say(QStringLiteral("    trusted in %1: %2 (%3)")
                        .arg(text(trust, "environment"), text(trust, "tool"), text(trust, "class")));
            if (const Json *signIns = mcpcore::memberAt(answer, "signIn"))
                for (const Json &signIn : *signIns)
                    printSignIn(signIn);
        };
    });
    CLI::App *place = withId(connection->add_subcommand("environment", "Use it in another environment as well"), true);
    place->add_option_function<std::string>(
        "--url", [&invocation](const std::string &url) { invocation.parameters["url"] = url; }, "Where it goes there");
    place->add_flag_callback(
        "--remove", [&invocation] { invocation.parameters["remove"] = true; }, "Take it out of there again");
    place->callback([&invocation] {
        invocation.command = QStringLiteral("connection environment");
        invocation.print = [](const Json &answer) {
            say(mcpcore::memberAt(answer, "removed")
                    ? QStringLiteral("Took %1 out of %2.").arg(text(answer, "id"), text(answer, "removed"))
                    : QStringLiteral("%1 is in %2 now.").arg(text(answer, "id"), text(answer, "environment")));
        };
    });
    withId(connection->add_subcommand("test", "Connect now"), true)->callback([&invocation] {
        invocation.command = QStringLiteral("connection test");
        invocation.print = [](const Json &answer) {
            say(QStringLiteral("Reached %1 %2, MCP %3.")
                    .arg(text(answer, "server"), text(answer, "version"), text(answer, "protocolVersion")));
        };
    });
    addTools(withId(connection->add_subcommand("tools", "Its tools, with what the server says of them"), true), invocation);
    CLI::App *trust = withId(connection->add_subcommand("trust", "Let clients see and call tools, as they are defined now"), true);
    trust->add_option("TOOL", "Tools by name")->each([&invocation](const std::string &tool) {
        invocation.parameters["tools"].push_back(tool);
    });
    trust->add_flag_callback(
        "--all", [&invocation] { invocation.parameters["all"] = true; }, "All it lists now");
    trust->add_option_function<std::string>(
        "--class", [&invocation](const std::string &name) { invocation.parameters["class"] = name; },
        "What they do: read, write, change, ...");
    trust->callback([&invocation] {
        invocation.command = QStringLiteral("connection trust");
        invocation.print = [](const Json &answer) {
            say(QStringLiteral("Trusted %1 tools of %2 in %3.")
                    .arg(text(answer, "trusted"), text(answer, "connection"), text(answer, "environment")));
        };
    });
    addSignIn(withId(connection->add_subcommand("sign-in", "Sign in as a person, in the browser"), true),
              withId(connection->add_subcommand("sign-out", "Forget the sign-in, and tell the server"), true), invocation);
    withId(connection->add_subcommand("cancel-sign-in", "End a sign-in that waits for the browser"), true)->callback([&invocation] {
        invocation.command = QStringLiteral("connection cancel-sign-in");
        invocation.print = [](const Json &answer) {
            say(text(answer, "cancelled") == QLatin1String("true") ? QStringLiteral("Cancelled.")
                                                                   : QStringLiteral("No sign-in waits there."));
        };
    });
    withId(connection->add_subcommand("resume", "Send to it again after an alarm"), true)->callback([&invocation] {
        invocation.command = QStringLiteral("connection resume");
        invocation.print = [](const Json &answer) {
            say(QStringLiteral("Calls go to %1 in %2 again.").arg(text(answer, "id"), text(answer, "environment")));
        };
    });
    withId(connection->add_subcommand("remove", "Remove it, with its trust and rules"), false)->callback([&invocation] {
        invocation.command = QStringLiteral("connection remove");
        invocation.print = [](const Json &answer) {
            say(QStringLiteral("Removed %1.").arg(text(answer, "removed")));
            if (const Json *revoked = mcpcore::memberAt(answer, "revoked"))
                for (const auto &[environment, told] : revoked->items())
                    if (told == "no")
                        say(QStringLiteral(
                                "The server could not be told that the sign-in in %1 has ended: end the session on its own page, too.")
                                .arg(QString::fromStdString(environment)));
        };
    });
}

} // namespace app
