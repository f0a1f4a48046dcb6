// SPDX-FileCopyrightText: 2026 The Countersign authors
// SPDX-License-Identifier: GPL-3.0-or-later
#include "audit/ActivityLog.h"
#include "base/AtomicFile.h"
#include "base/Json.h"
#include "control/ClientConnector.h"
#include "control/ClientImports.h"
#include "control/FreshId.h"
#include "gateway/Gateway.h"
#include "gateway/SampleClient.h"
#include "store/WorkspaceFile.h"
#include <QFile>

namespace mcpcore {

namespace {

// How many tools it is offered where it acts.
qint64 toolsOf(const Client &client, const Workspace &workspace)
{
    const EnvironmentId environment = environmentOf(workspace, client);
    return std::count_if(workspace.trusts.begin(), workspace.trusts.end(), [&](const ToolTrust &trust) {
        return trust.environment == environment && !hiddenTools(workspace, client.id, trust.connection, environment).contains(trust.tool);
    });
}

Json toJson(const Client &client, const Workspace &workspace, int sessions, const ClientSeen &seen)
{
    Json out{{"id", client.id.text},
             {"name", client.label},
             {"kind", client.kind},
             {"environment", environmentOf(workspace, client).text},
             {"follows", client.environment ? "pinned" : "active"},
             {"bridgeProgram", client.bridgeProgram},
             {"revoked", client.revoked},
             {"sessions", sessions},
             {"tools", toolsOf(client, workspace)},
             {"created", toIsoText(client.created)}};
    if (seen.at.count() > 0)
        out["seen"] = toIsoText(seen.at);
    if (!seen.version.isEmpty())
        out["seenVersion"] = seen.version;
    if (!seen.stranger.isEmpty())
        out["stranger"] = seen.stranger;
    if (seen.wrongToken.count() > 0)
        out["wrongToken"] = toIsoText(seen.wrongToken);
    return out;
}

} // namespace

void Control::addClientCommands()
{
    const auto asks = [](const char *sentence, const char *member) {
        return [text = QString::fromLatin1(sentence), member](const Json &parameters) -> Result<QString> {
            return text.arg(stringAt(parameters, member, {}));
        };
    };
    m_connector = std::make_unique<ClientConnector>(*this, m_services);
    m_imports = std::make_unique<ClientImports>(*this, m_services, *m_connector);
    using Act = void (ClientConnector::*)(const Json &, Completion<Json>);
    const auto by = [](Act act) -> Handler {
        return [act](Control *self, const Json &parameters, Completion<Json> done) {
            (self->m_connector.get()->*act)(parameters, std::move(done));
        };
    };
    m_commands[QStringLiteral("client detect")] = {&Control::detectClients, {}};
    m_commands[QStringLiteral("client preview")] = {by(&ClientConnector::preview), {}};
    m_commands[QStringLiteral("client snippet")] = {by(&ClientConnector::snippet), {}};
    m_commands[QStringLiteral("client connect")] = {
        by(&ClientConnector::connectClient), [](const Json &parameters) -> Result<QString> {
            const QString id = stringAt(parameters, "id", {});
            return boolAt(parameters, "byHand", false) ? QStringLiteral("Let %1 in? No file is written.").arg(id)
                                                       : QStringLiteral("Connect %1? An entry is written into its file.").arg(id);
        }};
    m_commands[QStringLiteral("client disconnect")] = {by(&ClientConnector::disconnectClient), {}};
    using ImportAct = void (ClientImports::*)(const Json &, Completion<Json>);
    const auto byImports = [](ImportAct act) -> Handler {
        return [act](Control *self, const Json &parameters, Completion<Json> done) {
            (self->m_imports.get()->*act)(parameters, std::move(done));
        };
    };
    m_commands[QStringLiteral("client scan")] = {byImports(&ClientImports::scan), {}};
    m_commands[QStringLiteral("client import-preview")] = {byImports(&ClientImports::preview), {}};
    m_commands[QStringLiteral("client import")] = {
        byImports(&ClientImports::import), asks("Bring servers in a file of %1 behind Countersign? Their keys go to the keychain.", "id"),
        byImports(&ClientImports::describe)};
    m_commands[QStringLiteral("client undo")] = {
        byImports(&ClientImports::undo),
        asks("Take the last change of the file of %1 back? After an import its keys stand there again.", "id")};
    m_commands[QStringLiteral("client repair")] = {by(&ClientConnector::repair), asks("Write the entry of %1 again?", "id")};
    m_commands[QStringLiteral("client start-app")] = {&Control::allowStart, asks("Let clients start Countersign (%1)?", "allow")};
    m_commands[QStringLiteral("client add")] = {&Control::addClient, asks("Add the client %1?", "name")};
    m_commands[QStringLiteral("client list")] = {&Control::listClients, {}};
    m_commands[QStringLiteral("client environment")] = {&Control::setClientEnvironment,
                                                        asks("Move the client %1 to another environment?", "id")};
    m_commands[QStringLiteral("client token")] = {&Control::rotateToken, asks("Make and show a new token for %1?", "id")};
    m_commands[QStringLiteral("client accept")] = {
        &Control::acceptProgram, asks("Accept the other program that comes through the bridge of %1?", "id"),
        [](Control *self, const Json &parameters, Completion<Json> done) {
            Json whole = parameters;
            if (const QString program = self->m_services.gateway.seenOf({stringAt(parameters, "id", {})}).stranger; !program.isEmpty())
                whole["program"] = stringAt(parameters, "program", program);
            done(std::move(whole));
        }};
    m_commands[QStringLiteral("client revoke")] = {&Control::revokeClient, {}};
    m_commands[QStringLiteral("try")] = {&Control::tryCall, {}};
}

void Control::addClient(const Json &parameters, Completion<Json> done)
{
    const auto name = stringAt(parameters, "name");
    if (!name || name->trimmed().isEmpty() || name->size() > 60)
        return done(failure(Error::Kind::InvalidArgument, QStringLiteral("Give the client a name of 1 to 60 characters.")));
    Client client;
    client.id = {freshId(*name, QStringLiteral("client-"),
                         [this](const QString &id) { return find(workspace(), ClientId{id}) || id == Gateway::sampleClient().id.text; })};
    client.label = name->trimmed();
    client.kind = stringAt(parameters, "kind", QStringLiteral("other"));
    client.environment = EnvironmentId{stringAt(parameters, "environment", QStringLiteral("sandbox"))};
    if (!find(workspace(), *client.environment))
        return done(failure(Error::Kind::NotFound, QStringLiteral("There is no environment %1.").arg(client.environment->text)));
    client.created = m_services.clock.wall();
    const QString token = newToken(m_services.ids, kTokenPrefix);
    client.tokenDigest = digestOfToken(token);
    const auto changed = change(QStringLiteral("Added the client %1 for %2.").arg(client.id.text, client.environment->text),
                                [&](Workspace &edited) -> Result<> {
                                    edited.clients.append(client);
                                    return {};
                                });
    if (!changed)
        return done(failure(changed.error()));
    m_services.log.append({LogRow::Kind::Client, {}, QStringLiteral("Added the client %1.").arg(client.id.text), {}});
    done(Json{{"id", client.id.text}, {"token", token}, {"environment", client.environment->text}});
}

void Control::detectClients(const Json &, Completion<Json> done)
{
    m_connector->detect(std::move(done));
}

void Control::listClients(const Json &, Completion<Json> done)
{
    Json clients = Json::array();
    const auto sessions = m_services.gateway.sessions();
    for (const Client &client : workspace().clients)
        clients.push_back(toJson(client, workspace(), sessions.value(client.id), m_services.gateway.seenOf(client.id)));
    done(Json{{"clients", clients}});
}

void Control::setClientEnvironment(const Json &parameters, Completion<Json> done)
{
    const ClientId id{stringAt(parameters, "id", {})};
    const QString environment = stringAt(parameters, "environment", {});
    const bool follows = environment == QLatin1String("active");
    if (!follows && !find(workspace(), EnvironmentId{environment}))
        return done(
            failure(Error::Kind::NotFound, QStringLiteral("There is no environment %1. Name one, or say active.").arg(environment)));
    const auto changed = change(QStringLiteral("Moved the client %1 to %2.").arg(id.text, environment), [&](Workspace &edited) -> Result<> {
        for (Client &client : edited.clients) {
            if (client.id != id)
                continue;
            client.environment = follows ? std::nullopt : std::optional(EnvironmentId{environment});
            return {};
        }
        return failure(Error::Kind::NotFound, QStringLiteral("There is no client %1.").arg(id.text));
    });
    if (!changed)
        return done(failure(changed.error()));
    done(toJson(*find(workspace(), id), workspace(), m_services.gateway.sessions().value(id), m_services.gateway.seenOf(id)));
}

void Control::rotateToken(const Json &parameters, Completion<Json> done)
{
    const ClientId id{stringAt(parameters, "id", {})};
    const QString token = newToken(m_services.ids, kTokenPrefix);
    const auto changed = change(QStringLiteral("Made a new token for the client %1.").arg(id.text), [&](Workspace &edited) -> Result<> {
        for (Client &client : edited.clients) {
            if (client.id != id)
                continue;
            if (client.revoked)
                return failure(Error::Kind::Conflict, QStringLiteral("%1 is revoked. Add a new client instead.").arg(id.text));
            client.formerTokenDigest = std::exchange(client.tokenDigest, digestOfToken(token));
            return {};
        }
        return failure(Error::Kind::NotFound, QStringLiteral("There is no client %1.").arg(id.text));
    });
    if (!changed)
        return done(failure(changed.error()));
    m_services.log.append({LogRow::Kind::Client, {}, QStringLiteral("Made a new token for the client %1.").arg(id.text), {}});
    m_connector->rewrite(id, token, Completion<Json>(this, [id, token, done = std::move(done)](Result<Json> files) mutable {
                             Json out{{"id", id.text}, {"token", token}};
                             if (files && !files->empty())
                                 out["files"] = std::move(*files);
                             done(std::move(out));
                         }));
}

void Control::revokeClient(const Json &parameters, Completion<Json> done)
{
    const ClientId id{stringAt(parameters, "id", {})};
    const auto changed = change(QStringLiteral("Revoked the client %1.").arg(id.text), [&](Workspace &edited) -> Result<> {
        for (Client &client : edited.clients) {
            if (client.id != id)
                continue;
            client.revoked = true;
            client.formerTokenDigest = std::exchange(client.tokenDigest, {});
            return {};
        }
        return failure(Error::Kind::NotFound, QStringLiteral("There is no client %1.").arg(id.text));
    });
    if (!changed)
        return done(failure(changed.error()));
    m_services.log.append({LogRow::Kind::Client, {}, QStringLiteral("Revoked the client %1.").arg(id.text), {}});
    done(Json{{"revoked", id.text}});
}

// The program that came through its bridge last takes the place of the recorded one.
void Control::acceptProgram(const Json &parameters, Completion<Json> done)
{
    const ClientId id{stringAt(parameters, "id", {})};
    if (!find(workspace(), id))
        return done(failure(Error::Kind::NotFound, QStringLiteral("There is no client %1.").arg(id.text)));
    const QString program = m_services.gateway.seenOf(id).stranger;
    if (program.isEmpty())
        return done(failure(Error::Kind::NotFound, QStringLiteral("No other program came through the bridge of %1.").arg(id.text)));
    if (const QString meant = stringAt(parameters, "program", program); meant != program)
        return done(
            failure(Error::Kind::Conflict, QStringLiteral("Another program asks as %1 now: %2. Look at it.").arg(id.text, program)));
    const QString what = QStringLiteral("Accepted %1 at the bridge of the client %2.").arg(program, id.text);
    const auto changed = change(what, [&](Workspace &edited) -> Result<> {
        for (Client &client : edited.clients)
            if (client.id == id)
                client.bridgeProgram = program;
        return {};
    });
    if (!changed)
        return done(failure(changed.error()));
    m_services.log.append({LogRow::Kind::Client, {}, what, {}});
    done(Json{{"id", id.text}, {"bridgeProgram", program}});
}

// A file in the profile, since it is the bridge that looks, and it reads nothing else.
void Control::allowStart(const Json &parameters, Completion<Json> done)
{
    const QString wanted = stringAt(parameters, "allow", {});
    const QString marker = m_services.profile + QStringLiteral("/start-app");
    if (wanted != QLatin1String("on") && wanted != QLatin1String("off"))
        return done(failure(Error::Kind::InvalidArgument, QStringLiteral("Say on or off.")));
    if (wanted == QLatin1String("on")) {
        if (const auto written = writeFile(marker, {}); !written)
            return done(failure(written.error()));
    } else if (QFile::exists(marker) && !QFile::remove(marker)) {
        return done(failure(Error::Kind::FileFailed, QStringLiteral("%1 cannot be removed.").arg(marker)));
    }
    m_services.log.append({LogRow::Kind::Client, {}, QStringLiteral("Clients may start Countersign: %1.").arg(wanted), {}});
    done(Json{{"startApp", wanted}});
}

void Control::tryCall(const Json &parameters, Completion<Json> done)
{
    SampleClient::Wish wish;
    wish.tool = stringAt(parameters, "tool", {});
    wish.arguments = stringAt(parameters, "arguments", {}).toUtf8();
    if (!wish.arguments.isEmpty() && !parseJson({wish.arguments.constData(), size_t(wish.arguments.size())}))
        return done(failure(Error::Kind::InvalidArgument, QStringLiteral("--args must be a JSON object.")));
    Peer peer;
    peer.way = Peer::Way::Terminal;
    peer.pid = integerAt(parameters, "pid", 0);
    auto names = std::make_shared<QStringList>();
    auto *sample = new SampleClient(m_services.gateway, this);
    sample->run(
        peer, wish, [names](const QStringList &listed) { *names = listed; },
        Completion<RawJson>(this, [names, done = std::move(done)](Result<RawJson> result) mutable {
            if (!result)
                return done(failure(result.error()));
            Json out{{"tools", Json::array()}};
            for (const QString &name : std::as_const(*names))
                out["tools"].push_back(name);
            if (const auto tree = parseJson(result->view()))
                out["result"] = *tree;
            done(std::move(out));
        }));
}

} // namespace mcpcore
