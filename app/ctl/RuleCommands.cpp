// SPDX-FileCopyrightText: 2026 The Countersign authors
// SPDX-License-Identifier: GPL-3.0-or-later
#include "app/ctl/Invocation.h"
#include "base/AtomicFile.h"
#include <CLI/CLI.hpp>
#include <QFile>

namespace app {

using mcpcore::Json;

namespace {

void printRule(const Json &rule)
{
    say(QStringLiteral("%1  %2").arg(text(rule, "id"), text(rule, "sentence")));
}

mcpcore::Result<QByteArray> readInput(const std::string &path)
{
    if (path != "-")
        return mcpcore::readFile(QString::fromStdString(path), 1024 * 1024);
    QFile input;
    if (!input.open(stdin, QIODevice::ReadOnly))
        return mcpcore::failure(mcpcore::Error::Kind::FileFailed, QStringLiteral("Standard input cannot be read."));
    return input.read(1024 * 1024);
}

} // namespace

void addRuleCommands(CLI::App &program, Invocation &invocation)
{
    CLI::App *rule = program.add_subcommand("rule", "Rules: what is allowed, asked for or denied");
    rule->require_subcommand(1);
    rule->add_subcommand("list", "List them")->callback([&invocation] {
        invocation.command = QStringLiteral("rule list");
        invocation.print = [](const Json &answer) {
            for (const Json &item : answer["rules"])
                printRule(item);
        };
    });
    CLI::App *add = rule->add_subcommand("add", "Add one");
    auto *file = add->add_option("--json-file", "A file with one JSON object, or - for standard input")->required();
    add->callback([&invocation, file] {
        invocation.command = QStringLiteral("rule add");
        invocation.print = printRule;
        const auto bytes = readInput(file->as<std::string>());
        const auto parsed = bytes ? mcpcore::parseJson({bytes->constData(), size_t(bytes->size())})
                                  : mcpcore::Result<Json>(mcpcore::failure(bytes.error()));
        if (parsed)
            invocation.parameters["rule"] = *parsed;
        else
            invocation.local = [error = parsed.error()](const Invocation &now) { return fail(now, error); };
    });
    CLI::App *remove = rule->add_subcommand("remove", "Remove one");
    remove
        ->add_option_function<std::string>(
            "ID", [&invocation](const std::string &id) { invocation.parameters["id"] = id; }, "The rule")
        ->required();
    remove->callback([&invocation] {
        invocation.command = QStringLiteral("rule remove");
        invocation.print = [](const Json &answer) { say(QStringLiteral("Removed %1.").arg(text(answer, "removed"))); };
    });
    rule->add_subcommand("export", "Print all as one JSON object")->callback([&invocation] {
        invocation.command = QStringLiteral("rule list");
        invocation.print = {};
    });
}

} // namespace app
