// SPDX-FileCopyrightText: 2026 The Countersign authors
// SPDX-License-Identifier: GPL-3.0-or-later
#include "app/ctl/Invocation.h"
#include <CLI/CLI.hpp>
#include <filesystem>

namespace app {

using mcpcore::Json;

namespace {

void printToken(const Json &answer)
{
    say(QStringLiteral("Client %1. Its token, shown this once:").arg(text(answer, "id")));
    say(text(answer, "token"));
}

// "written  /home/ada/.codex/config.toml", and why not.
void printFile(const Json &answer)
{
    const QString place = text(answer, "line") == QLatin1String("0") || text(answer, "line").isEmpty()
                              ? QString()
                              : QStringLiteral(":%1:%2").arg(text(answer, "line"), text(answer, "column"));
    say(QStringLiteral("%1  %2%3").arg(text(answer, "status"), text(answer, "file"), place));
    if (!text(answer, "reason").isEmpty())
        say(QStringLiteral("    ") + text(answer, "reason"));
    for (const char *sentence : {"timeout", "restart"})
        if (!text(answer, sentence).isEmpty())
            say(QStringLiteral("    ") + text(answer, sentence));
    for (const char *list : {"checked", "cautions"})
        for (const Json &sentence : answer.value(list, Json::array()))
            say(QStringLiteral("    ") + QString::fromStdString(sentence.get<std::string>()));
    for (const Json &line : answer.value("diff", Json::array())) {
        const QString change = text(line, "change");
        const char *mark = change == QLatin1String("added") ? "+" : change == QLatin1String("removed") ? "-" : " ";
        say(QStringLiteral("%1 %2 %3").arg(text(line, "line"), 5).arg(QLatin1String(mark), text(line, "text")));
    }
}

// What makes the client write its entry by itself. It does so by its own rules: comments of the file may go, and longer timeouts are not in it.
void printHints(const Json &answer)
{
    for (const auto &[member, how] : {std::pair("command", "Or run:  %1"), std::pair("link", "Or open: %1")})
        if (!text(answer, member).isEmpty())
            say(QString::fromLatin1(how).arg(text(answer, member)));
    if ((answer.contains("command") || answer.contains("link")) && text(answer, "mayComeIn") == QLatin1String("false"))
        say(QStringLiteral("    and let it in: countersignctl client connect %1 --by-hand").arg(text(answer, "client")));
}

void printFiles(const Json &answer)
{
    if (!answer.contains("files"))
        printFile(answer);
    for (const Json &file : answer.value("files", Json::array()))
        printFile(file);
    if (answer.contains("files") && !text(answer, "restart").isEmpty())
        say(text(answer, "restart"));
    printHints(answer);
}

// What a person pastes, or where nothing is written, what was done.
void printSnippet(const Json &answer)
{
    if (!answer.contains("text"))
        return printFiles(answer);
    say(text(answer, "text").trimmed());
    for (const char *sentence : {"where", "restart"})
        if (!text(answer, sentence).isEmpty())
            say(QStringLiteral("    ") + text(answer, sentence));
    printHints(answer);
}

// A file that was not written is a failure for scripts.
int codeOf(const Json &answer)
{
    const std::string status = answer.value("status", "");
    return status == "refused" || status == "conflict" ? kFailed : kDone;
}

void printDetected(const Json &answer)
{
    for (const Json &client : answer["clients"]) {
        if (text(client, "installed") != QLatin1String("true") && !client.contains("client"))
            continue;
        say(QStringLiteral("%1  %2 %3%4")
                .arg(text(client, "kind"), text(client, "name"), text(client, "version"),
                     client.contains("client") ? QStringLiteral("  connected") : QString()));
        for (const Json &file : client["files"]) {
            say(QStringLiteral("    %1  %2  %3").arg(text(file, "state"), text(file, "path"), text(file, "trouble")));
            for (const Json &entry : file.value("entries", Json::array()))
                say(QStringLiteral("        %1  %2").arg(text(entry, "state"), text(entry, "name")));
        }
    }
}

// "npx -y @stripe/mcp", "https://mcp.example.com".
QString goalOf(const Json &server)
{
    QStringList words{text(server, "url").isEmpty() ? text(server, "program") : text(server, "url")};
    for (const Json &word : server.value("arguments", Json::array()))
        words.append(QString::fromStdString(word.get<std::string>()));
    return words.join(QLatin1Char(' '));
}

void printServer(const Json &server)
{
    say(QStringLiteral("  %1  %2").arg(text(server, "name"), goalOf(server)));
    for (const Json &key : server["keys"])
        say(QStringLiteral("      key in plain text: %1 (%2) %3...%4  %5")
                .arg(text(key, "name"), text(key, "where"), text(key, "prefix"), text(key, "lastFour"), text(key, "vendorName")));
    if (!text(server, "trouble").isEmpty())
        return say(QStringLiteral("      stays: ") + text(server, "trouble"));
    const Json &proposal = server["proposal"];
    QStringList places;
    for (const Json &place : proposal["environments"])
        places.append(QString::fromStdString(place.get<std::string>()));
    say(QStringLiteral("      would be the connection %1%2 in %3: %4")
            .arg(text(proposal, "connection"),
                 text(proposal, "exists") == QLatin1String("true") ? QStringLiteral(", which is there,") : QString(),
                 text(proposal, "environment").isEmpty() ? places.join(QStringLiteral(" or ")) : text(proposal, "environment"),
                 text(proposal, "target")));
    if (!text(proposal, "note").isEmpty())
        say(QStringLiteral("      ") + text(proposal, "note"));
}

void printScan(const Json &answer)
{
    for (const Json &file : answer["files"]) {
        say(text(file, "file"));
        if (!text(file, "trouble").isEmpty())
            say(QStringLiteral("  ") + text(file, "trouble"));
        else if (file["servers"].empty())
            say(QStringLiteral("  no servers of others"));
        for (const Json &server : file["servers"])
            printServer(server);
    }
    for (const Json &import : answer["imports"])
        say(QStringLiteral("Can be undone: the import from %1 of %2").arg(text(import, "file"), text(import, "time")));
}

void printImported(const Json &answer)
{
    printFile(answer);
    for (const Json &one : answer.value("connections", Json::array())) {
        say(QStringLiteral("%1 in %2  %3  %4").arg(text(one, "connection"), text(one, "environment"), text(one, "key"), text(one, "note")));
        if (!text(one, "makeKeys").isEmpty())
            say(QStringLiteral("    Its key stood in plain text. Make a new one: ") + text(one, "makeKeys"));
    }
}

// Without an entry it only looks.
void addImport(CLI::App &client, Invocation &invocation)
{
    struct Choice {
        std::vector<std::string> entries;
        std::string connection, environment;
        bool onlyLook = false;
    };
    const auto choice = std::make_shared<Choice>();
    CLI::App *command =
        client.add_subcommand("import", "Bring servers in its file behind Countersign, and their keys into the keychain; lists them first");
    command
        ->add_option_function<std::string>(
            "ID", [&invocation](const std::string &id) { invocation.parameters["id"] = id; },
            "The client: codex, claude-code, ... (see: client detect)")
        ->required();
    command->add_option_function<std::string>(
        "--file", [&invocation](const std::string &path) { invocation.parameters["file"] = std::filesystem::absolute(path).string(); },
        "Its file, if it has several");
    command->add_option("--entry", choice->entries, "An entry to bring over; may be repeated. Without: only lists what is there");
    command->add_option("--as", choice->connection, "Name of the connection, for one entry");
    command->add_option("--env", choice->environment, "The environment that their keys are for, where these do not say it");
    for (const auto &[option, member, about] : {std::tuple("--via", "via", "How the client comes: bridge or http"),
                                                std::tuple("--name", "name", "Name of our entry; countersign if not said")})
        command->add_option_function<std::string>(
            option, [&invocation, member = member](const std::string &value) { invocation.parameters[member] = value; }, about);
    command->add_flag_callback(
        "--unverified", [&invocation] { invocation.parameters["unverified"] = true; }, "Also when the vendor could not be asked");
    command->add_flag("--preview", choice->onlyLook, "Only show what would be written");
    command->callback([&invocation, choice] {
        invocation.command = QStringLiteral("client scan");
        invocation.print = printScan;
        if (choice->entries.empty())
            return;
        if (choice->entries.size() > 1 && !choice->connection.empty())
            throw CLI::ValidationError("--as", "names the connection of one entry; say it for one at a time");
        invocation.parameters["entries"] = Json::array();
        for (const std::string &entry : choice->entries)
            invocation.parameters["entries"].push_back(
                {{"entry", entry}, {"connection", choice->connection}, {"environment", choice->environment}});
        invocation.command = choice->onlyLook ? QStringLiteral("client import-preview") : QStringLiteral("client import");
        invocation.print = printImported;
        invocation.code = codeOf;
    });
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
    client->add_subcommand("detect", "Which clients are on this computer, and how their files stand")->callback([&invocation] {
        invocation.command = QStringLiteral("client detect");
        invocation.print = printDetected;
    });
    CLI::App *snippet = client->add_subcommand("snippet", "Print an entry to be pasted by hand");
    snippet->add_option_function<std::string>("ID", member("id"), "The client: codex, other, ... (see: client detect)")->required();
    snippet->add_option_function<std::string>("--via", member("via"), "bridge or http");
    snippet->add_option_function<std::string>("--connection", member("connection"), "An entry that reaches this connection only");
    snippet->add_option_function<std::string>("--name", member("name"), "Name of the entry");
    snippet->callback([&invocation] {
        invocation.command = QStringLiteral("client snippet");
        invocation.print = printSnippet;
    });
    struct FileCommand {
        const char *name;
        const char *about;
        bool writes; // an entry, so that it can be said how
    };
    for (const FileCommand &one : {FileCommand{"preview", "Show what connect would write", true},
                                   {"connect", "Write an entry for Countersign into its file", true},
                                   {"disconnect", "Take our entry out again and end its access", false},
                                   {"undo", "Take the last connect or disconnect back", false},
                                   {"repair", "Write our entry again where it is gone or altered", false}}) {
        CLI::App *command = client->add_subcommand(one.name, one.about);
        command->add_option_function<std::string>("ID", member("id"), "The client: codex, claude-code, ... (see: client detect)")
            ->required();
        command->add_option_function<std::string>(
            "--file", [&invocation](const std::string &path) { invocation.parameters["file"] = std::filesystem::absolute(path).string(); },
            "Its file, if not the usual one");
        command->add_option_function<std::string>("--connection", member("connection"), "The entry that reaches this connection only");
        command->add_option_function<std::string>("--name", member("name"),
                                                  "Name of the entry; countersign or countersign-CONNECTION if not said");
        if (one.writes) {
            command->add_option_function<std::string>("--via", member("via"), "bridge or http");
            command->add_option_function<std::string>("--env", member("environment"), "The environment it acts in, or active");
            command->add_flag_callback(
                "--overwrite", [&invocation] { invocation.parameters["overwrite"] = true; },
                "Also where somebody else's entry has this name");
        }
        if (one.name == std::string("connect"))
            command->add_flag_callback(
                "--by-hand", [&invocation] { invocation.parameters["byHand"] = true; },
                "Let it in and write no file: print what to paste, run or open");
        command->callback([&invocation, name = one.name] {
            invocation.command = QStringLiteral("client ") + QLatin1String(name);
            invocation.print = printSnippet;
            invocation.code = codeOf;
        });
    }
    addImport(*client, invocation);
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
    CLI::App *start = client->add_subcommand("start-app", "Whether a client's bridge may start Countersign when it does not run");
    start->add_option_function<std::string>("STATE", member("allow"), "on or off")->required();
    start->callback([&invocation] {
        invocation.command = QStringLiteral("client start-app");
        invocation.print = [](const Json &answer) {
            say(QStringLiteral("Clients may start Countersign: %1").arg(text(answer, "startApp")));
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
