// SPDX-FileCopyrightText: 2026 The Countersign authors
// SPDX-License-Identifier: GPL-3.0-or-later
#include "app/ClientJson.h"
#include "app/DeskLink.h"

namespace app {

using namespace mcpcore;
using ui::ImportKey;

namespace {

ImportKey keyFrom(const Json &json)
{
    ImportKey key;
    const QString where = stringAt(json, "where", {});
    key.where = where == QLatin1String("variable")   ? ImportKey::Where::Variable
                : where == QLatin1String("header")   ? ImportKey::Where::Header
                : where == QLatin1String("argument") ? ImportKey::Where::Argument
                : where == QLatin1String("address")  ? ImportKey::Where::Address
                                                     : ImportKey::Where::Other;
    key.name = stringAt(json, "name", {});
    key.prefix = stringAt(json, "prefix", {});
    key.lastFour = stringAt(json, "lastFour", {});
    key.kind = stringAt(json, "kind", {});
    key.vendorName = stringAt(json, "vendorName", {});
    return key;
}

ui::ImportProposal proposalFrom(const Json &json)
{
    ui::ImportProposal proposal;
    proposal.connection = stringAt(json, "connection", {});
    proposal.exists = boolAt(json, "exists", false);
    proposal.environment = {stringAt(json, "environment", {})};
    for (const QString &environment : textsFrom(json, "environments"))
        proposal.environments.append({environment});
    proposal.target = stringAt(json, "target", {});
    proposal.note = stringAt(json, "note", {});
    return proposal;
}

ui::ImportServer serverFrom(const Json &json)
{
    ui::ImportServer server;
    server.entry = stringAt(json, "entry", {});
    server.name = stringAt(json, "name", {});
    server.url = stringAt(json, "url", {});
    server.program = stringAt(json, "program", {});
    server.arguments = textsFrom(json, "arguments");
    server.vendorName = stringAt(json, "vendorName", {});
    server.on = boolAt(json, "on", true);
    server.keys = listFrom(json, "keys", keyFrom);
    server.trouble = stringAt(json, "trouble", {});
    if (const Json *proposal = memberAt(json, "proposal"); proposal && proposal->is_object())
        server.proposal = proposalFrom(*proposal);
    return server;
}

ui::ImportFile fileFrom(const Json &json)
{
    ui::ImportFile file;
    file.path = stringAt(json, "file", {});
    file.digest = stringAt(json, "digest", {});
    file.trouble = stringAt(json, "trouble", {});
    file.line = int(integerAt(json, "line", 0));
    file.column = int(integerAt(json, "column", 0));
    file.servers = listFrom(json, "servers", serverFrom);
    return file;
}

ui::ImportOutcome::Connection connectionFrom(const Json &json)
{
    return {{stringAt(json, "connection", {})},
            {stringAt(json, "environment", {})},
            {stringAt(json, "key", {})},
            stringAt(json, "note", {}),
            stringAt(json, "makeKeys", {})};
}

Json parametersOf(const ui::ImportWish &wish)
{
    Json entries = Json::array();
    for (const ui::ImportWish::Entry &entry : wish.entries)
        entries.push_back({{"entry", entry.entry}, {"connection", entry.connection}, {"environment", entry.environment.text}});
    Json parameters{{"id", wish.id}, {"file", wish.file}, {"digest", wish.digest}, {"entries", std::move(entries)}};
    if (wish.way)
        parameters["via"] = toText(*wish.way);
    if (!wish.name.isEmpty())
        parameters["name"] = wish.name;
    if (wish.check == ui::ImportWish::Check::NotAtAll)
        parameters["unverified"] = true;
    return parameters;
}

} // namespace

void DeskLink::scanClient(const QString &id, const QString &file, Completion<ui::ImportFile> done)
{
    auto owed = std::make_shared<Completion<ui::ImportFile>>(std::move(done));
    m_composition.command(
        QStringLiteral("client scan"), Json{{"id", id}, {"file", file}},
        [owed](const Result<Json> &answer) {
            if (!answer)
                return (*owed)(failure(answer.error()));
            const QList<ui::ImportFile> files = listFrom(*answer, "files", fileFrom);
            if (files.isEmpty())
                return (*owed)(failure(Error::Kind::NotFound, QStringLiteral("The file is not there any more.")));
            (*owed)(files.first());
        },
        Authority::Window);
}

void DeskLink::previewImport(const ui::ImportWish &wish, Completion<ui::ClientEdit> done)
{
    Json parameters = parametersOf(wish);
    parameters["wholeFile"] = true;
    auto owed = std::make_shared<Completion<ui::ClientEdit>>(std::move(done));
    m_composition.command(
        QStringLiteral("client import-preview"), parameters,
        [owed](const Result<Json> &answer) { (*owed)(answer ? Result<ui::ClientEdit>(editFrom(*answer)) : failure(answer.error())); },
        Authority::Window);
}

void DeskLink::importServers(const ui::ImportWish &wish, Completion<ui::ImportOutcome> done)
{
    auto owed = std::make_shared<Completion<ui::ImportOutcome>>(std::move(done));
    m_composition.command(
        QStringLiteral("client import"), parametersOf(wish),
        [owed](const Result<Json> &answer) {
            if (!answer)
                return (*owed)(failure(answer.error()));
            (*owed)(ui::ImportOutcome{editFrom(*answer), listFrom(*answer, "connections", connectionFrom)});
        },
        Authority::Window);
}

} // namespace app
