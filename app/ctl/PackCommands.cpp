// SPDX-FileCopyrightText: 2026 The Countersign authors
// SPDX-License-Identifier: GPL-3.0-or-later
#include "app/ctl/Invocation.h"
#include "packs/PackReader.h"
#include "packs/Packs.h"
#include <CLI/CLI.hpp>
#include <QFile>

namespace app {

using namespace mcpcore;

namespace {

int list(const Invocation &now)
{
    const auto packs = builtInPacks();
    if (!packs)
        return fail(now, packs.error());
    Json all = Json::array();
    for (const Pack &pack : *packs) {
        Json environments = Json::array();
        for (auto place = pack.environments.cbegin(); place != pack.environments.cend(); ++place) {
            Json one{{"kind", toText(place.key())}};
            if (!place->impossible.isEmpty()) {
                one["impossible"] = place->impossible;
            } else {
                one["keysUrl"] = place->keysUrl;
                one["keysSteps"] = place->keysSteps;
                if (const HostedEndpoint *server = pack.hostedIn(place.key()))
                    one["server"] = server->url;
            }
            environments.push_back(one);
        }
        all.push_back({{"id", pack.id}, {"name", pack.name}, {"environments", environments}});
    }
    printAnswer(now, Json{{"packs", all}});
    return kDone;
}

void printPacks(const Json &answer)
{
    for (const Json &pack : answer["packs"]) {
        say(QStringLiteral("%1  %2").arg(text(pack, "id"), text(pack, "name")));
        for (const Json &place : pack["environments"]) {
            const QString impossible = text(place, "impossible");
            const QString keys =
                QStringLiteral("%1  keys: %2 %3").arg(text(place, "server"), text(place, "keysUrl"), text(place, "keysSteps"));
            say(QStringLiteral("    %1  %2").arg(text(place, "kind"), impossible.isEmpty() ? keys : impossible));
        }
    }
}

int check(const Invocation &now, const QString &path)
{
    QFile file(path);
    if (!file.open(QIODevice::ReadOnly))
        return fail(now, {Error::Kind::NotFound, QStringLiteral("%1 cannot be read: %2.").arg(path, file.errorString())});
    const auto pack = readPack(file.read(kMaximumPackSize + 1));
    Json faults = Json::array();
    if (!pack)
        for (const ResourceFault &fault : pack.error())
            faults.push_back({{"line", fault.line}, {"column", fault.column}, {"path", fault.path}, {"message", toText(fault)}});
    Json answer{{"file", path}};
    if (pack)
        answer["id"] = pack->id;
    answer["faults"] = faults;
    printAnswer(now, answer);
    return pack ? kDone : kFailed;
}

void printCheck(const Json &answer)
{
    for (const Json &fault : answer["faults"])
        say(QStringLiteral("%1:%2").arg(text(answer, "file"), text(fault, "message")));
    if (answer["faults"].empty())
        say(QStringLiteral("%1: the pack %2, no faults.").arg(text(answer, "file"), text(answer, "id")));
}

} // namespace

void addPackCommands(CLI::App &program, Invocation &invocation)
{
    CLI::App *pack = program.add_subcommand("pack", "Packs: what is known of vendors");
    pack->require_subcommand(1);
    pack->add_subcommand("list", "List them")->callback([&invocation] {
        invocation.local = list;
        invocation.print = printPacks;
    });
    CLI::App *checking = pack->add_subcommand("check", "Find every fault of a pack file");
    auto *file = checking->add_option("FILE", "The file")->required();
    checking->callback([&invocation, file] {
        invocation.local = [path = QString::fromStdString(file->as<std::string>())](const Invocation &now) { return check(now, path); };
        invocation.print = printCheck;
    });
}

} // namespace app
