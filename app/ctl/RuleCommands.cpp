// SPDX-FileCopyrightText: 2026 The Countersign authors
// SPDX-License-Identifier: GPL-3.0-or-later
#include "app/ctl/Invocation.h"
#include "base/AtomicFile.h"
#include <CLI/CLI.hpp>
#include <QFile>
#include <cstdio>

namespace app {

using mcpcore::Json;

namespace {

void printRule(const Json &rule)
{
    say(QStringLiteral("%1  %2").arg(text(rule, "id"), text(rule, "sentence")));
}

void printAdded(const Json &answer)
{
    for (const Json &rule : answer["rules"])
        printRule(rule);
    say(QStringLiteral("Added %1 rules, %2 were there already.").arg(answer["rules"].size()).arg(text(answer, "unchanged")));
}

// What can be imported again: nothing is made visible that is not in it.
void printFile(const Json &answer)
{
    const QByteArray file = mcpcore::toIndentedBytes(answer);
    std::fwrite(file.constData(), 1, size_t(file.size()), stdout);
}

void printPresets(const Json &answer)
{
    for (const Json &preset : answer["presets"]) {
        say(QStringLiteral("%1: %2").arg(text(preset, "name"), text(preset, "sentence")));
        for (const Json &rule : preset["rules"])
            say(QStringLiteral("    %1").arg(rule.get<QString>()));
    }
}

void printExplanation(const Json &answer)
{
    say(QStringLiteral("%1 of %2 in %3, class %4")
            .arg(text(answer, "tool"), text(answer, "connection"), text(answer, "environment"), text(answer, "class")));
    if (answer.contains("refused"))
        say(QStringLiteral("Refused now, before any rule: %1").arg(text(answer, "refused")));
    say(QStringLiteral("Now: %1. %2").arg(text(answer, "effect"), text(answer, "reason")));
    for (const Json &rule : answer["matching"])
        say(QStringLiteral("    speaks of it: %1  %2").arg(text(rule, "id"), text(rule, "sentence")));
    if (const Json *then = mcpcore::memberAt(answer, "then"))
        say(QStringLiteral("When it was called: %1, by %2. %3").arg(text(*then, "decision"), text(*then, "by"), text(*then, "reason")));
    if (mcpcore::boolAt(answer, "redacted", false))
        say(QStringLiteral("The log keeps this call with secrets blacked out: a rule that looks at them may decide otherwise."));
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

mcpcore::Result<Json> parsedInput(const std::string &path)
{
    const auto bytes = readInput(path);
    return bytes ? mcpcore::parseJson({bytes->constData(), size_t(bytes->size())}) : mcpcore::Result<Json>(mcpcore::failure(bytes.error()));
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
        if (const auto parsed = parsedInput(file->as<std::string>()))
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
    rule->add_subcommand("export", "Print all as one JSON object, for import")->callback([&invocation] {
        invocation.command = QStringLiteral("rule export");
        invocation.print = printFile;
    });
    CLI::App *importing = rule->add_subcommand("import", "Add the rules of an exported file, all of them or none");
    auto *from = importing->add_option("F", "The file, or - for standard input")->required();
    importing->callback([&invocation, from] {
        invocation.command = QStringLiteral("rule import");
        invocation.print = printAdded;
        if (const auto parsed = parsedInput(from->as<std::string>()))
            invocation.parameters = parsed->is_object() ? *parsed : Json{{"rules", nullptr}}; // refused with the form it must have
        else
            invocation.local = [error = parsed.error()](const Invocation &now) { return fail(now, error); };
    });
    CLI::App *preset = rule->add_subcommand("preset", "Add the rules of a preset; without a name: what presets there are");
    auto *name = preset->add_option("NAME", "read-only, ask-everything or sandbox-free");
    preset->callback([&invocation, name] {
        const bool named = name->count() > 0;
        invocation.command = named ? QStringLiteral("rule preset") : QStringLiteral("rule presets");
        invocation.print = named ? printAdded : printPresets;
        if (named)
            invocation.parameters["name"] = name->as<std::string>();
    });
    CLI::App *explain = rule->add_subcommand("explain", "What the rules of now say of a call, and why");
    explain
        ->add_option_function<std::string>(
            "CALL", [&invocation](const std::string &call) { invocation.parameters["call"] = call; },
            "Its id from the log, or {\"connection\":..,\"environment\":..,\"tool\":..,\"client\":..,\"class\":..,\"arguments\":{..}}")
        ->required();
    explain->callback([&invocation] {
        invocation.command = QStringLiteral("rule explain");
        invocation.print = printExplanation;
    });
}

} // namespace app
