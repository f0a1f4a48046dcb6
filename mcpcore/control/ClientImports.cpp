// SPDX-FileCopyrightText: 2026 The Countersign authors
// SPDX-License-Identifier: GPL-3.0-or-later
#include "audit/ActivityLog.h"
#include "base/Json.h"
#include "control/ClientSights.h"
#include "control/ImportRun.h"
#include "control/ProfileSeal.h"
#include "packs/Packs.h"
#include "secrets/KeyRing.h"
#include "store/WorkspaceFile.h"

namespace mcpcore {

namespace {

Json answerOf(const ImportResult &result)
{
    Json out = toJson(result.result);
    out["cautions"] = Json::array();
    for (const ImportWarning &warning : result.warnings)
        out["cautions"].push_back(warning.text);
    return out;
}

// The key, where a command takes it from its parameters; no copy of it is left in them.
void wipe(Json &parameters)
{
    std::string *text = parameters["secret"].get_ptr<std::string *>();
    for (char &letter : *text)
        *const_cast<volatile char *>(&letter) = 0;
}

} // namespace

ClientImports::ClientImports(Control &control, const ControlServices &services, ClientConnector &connector)
    : QObject(&control), m_control(control), m_services(services), m_connector(connector)
{}

ImportKnowledge ClientImports::knowledge() const
{
    return {m_services.workspace.current(), m_services.packs,
            [this](const Secret &key) { return m_services.seal.fingerprintOf(key.reveal()); }};
}

// With a copy of each key that is in what was chosen. In the worker.
ImportOrder ClientImports::orderOf(const Run &run) const
{
    ImportOrder order{run.target.order, {}, {}, run.file.digest};
    QList<qsizetype> keys;
    for (const Run::Server &server : run.servers) {
        order.entries.append(server.found->place);
        if (!server.offer.key || keys.contains(*server.offer.key))
            continue;
        keys.append(*server.offer.key);
        order.keys.push_back(
            {server.key.isEmpty() ? QStringLiteral("key") : server.key, run.file.scan.keys[size_t(*server.offer.key)].secret.duplicate()});
    }
    return order;
}

void ClientImports::preview(const Json &parameters, Completion<Json> done)
{
    const auto owed = std::make_shared<Completion<Json>>(std::move(done));
    begin(parameters, [this, owed](const Result<std::shared_ptr<Run>> &begun) {
        if (!begun)
            return (*owed)(failure(begun.error()));
        m_connector.inWorker<ImportResult>(
            [this, run = *begun] { return ClientImport(m_connector.surroundings()).preview(*run->target.kind, orderOf(*run)); },
            [owed](const ImportResult &result) { (*owed)(answerOf(result)); });
    });
}

void ClientImports::import(const Json &parameters, Completion<Json> done)
{
    const auto owed = std::make_shared<Completion<Json>>(std::move(done));
    begin(parameters, [this, owed](const Result<std::shared_ptr<Run>> &begun) {
        if (!begun)
            return (*owed)(failure(begun.error()));
        (*begun)->done = std::move(*owed);
        addNext(*begun);
    });
}

void ClientImports::addNext(const std::shared_ptr<Run> &run)
{
    if (run->next == run->servers.size())
        return takeOver(run);
    Run::Server &server = run->servers[run->next];
    if (server.offer.isThere)
        return checkKey(run);
    m_control.handle(QStringLiteral("connection add"), server.offer.added(server.connection, server.environment), Authority::Window,
                     Completion<Json>(this, [this, run, &server](Result<Json> added) {
                         if (!added)
                             return rollBack(run, failure(added.error()));
                         server.added = true;
                         setKey(run);
                     }));
}

// A connection that is there has the key by the workspace. Before it leaves the file the keychain has to have it, too.
void ClientImports::checkKey(const std::shared_ptr<Run> &run)
{
    Run::Server &server = run->servers[run->next];
    const Workspace &workspace = m_services.workspace.current();
    const KeyRecord *found = nullptr;
    for (const KeyRecord &key : workspace.keys)
        if (key.connection == server.connection && key.environment == server.environment && !key.client)
            found = &key;
    const Environment *place = find(workspace, server.environment);
    const QString gone = QStringLiteral("The keychain does not have the key of %1 in %2 any more. Set it first. Nothing was written.")
                             .arg(server.connection.text, server.environment.text);
    if (!server.offer.key) {
        ++run->next;
        return addNext(run);
    }
    if (!found || !place)
        return rollBack(run, failure(Error::Kind::Conflict, gone));
    server.key = found->id.text;
    m_services.keys.read(found->id, place->kind, found->destination,
                         Completion<Secret>(this, [this, run, gone, index = run->next](const Result<Secret> &secret) {
                             const FoundKey &inFile = run->file.scan.keys[size_t(*run->servers[index].offer.key)];
                             if (!secret || !equalInConstantTime(*secret, inFile.secret))
                                 return rollBack(run, failure(secret ? Error{Error::Kind::Conflict, gone} : secret.error()));
                             ++run->next;
                             addNext(run);
                         }));
}

void ClientImports::setKey(const std::shared_ptr<Run> &run)
{
    Run::Server &server = run->servers[run->next];
    if (!server.offer.key) {
        ++run->next;
        return addNext(run);
    }
    const std::string_view secret = run->file.scan.keys[size_t(*server.offer.key)].secret.reveal();
    Json parameters{{"connection", server.connection.text},
                    {"environment", server.environment.text},
                    {"foundIn", run->file.path},
                    {"unverified", run->unverified},
                    {"secret", std::string(secret)}};
    m_control.handle(QStringLiteral("key set"), parameters, Authority::Window,
                     Completion<Json>(this, [this, run, &server](Result<Json> set) {
                         if (!set)
                             return rollBack(run, failure(set.error()));
                         server.set = true;
                         server.key = stringAt(*set, "id", {});
                         server.note = stringAt(*set, "note", {});
                         ++run->next;
                         addNext(run);
                     }));
    wipe(parameters);
}

// Vendors and keychains take their time. What was changed by others since; empty when nothing was.
QString ClientImports::changedMeanwhile(const Run &run) const
{
    const Workspace &workspace = m_services.workspace.current();
    if (run.couldComeIn && !m_connector.mayComeIn(run.target.client))
        return QStringLiteral("%1 was disconnected meanwhile.").arg(run.target.client.text);
    for (const Run::Server &server : run.servers) {
        const bool hasKey = server.key.isEmpty() || std::any_of(workspace.keys.begin(), workspace.keys.end(), [&](const KeyRecord &key) {
                                return key.id.text == server.key;
                            });
        if (!hasKey || !find(workspace, server.connection))
            return QStringLiteral("The connection %1 was changed meanwhile.").arg(server.connection.text);
    }
    return {};
}

// Access is given before a file says so.
void ClientImports::takeOver(const std::shared_ptr<Run> &run)
{
    if (const QString changed = changedMeanwhile(*run); !changed.isEmpty())
        return rollBack(run, failure(Error::Kind::Conflict, changed + QStringLiteral(" Nothing was written. Look again.")));
    Target &target = run->target;
    const Client *known = find(m_services.workspace.current(), target.client);
    run->before = known ? std::optional(*known) : std::nullopt;
    if (!run->isConnected || !m_connector.mayComeIn(target.client)) {
        if (target.order.way == Way::Http)
            run->token = newToken(m_services.ids, kTokenPrefix);
        if (known && !known->revoked)
            target.environment.clear(); // where it acts is changed by no import
        if (const auto admitted = m_connector.admit(target, run->token); !admitted)
            return rollBack(run, failure(admitted.error()));
        run->admitted = true;
    }
    target.order.values.token = target.order.way == Way::Http ? run->token.toLatin1() : QByteArray();
    m_connector.inWorker<ImportResult>(
        [this, run] { return ClientImport(m_connector.surroundings()).takeOver(*run->target.kind, orderOf(*run)); },
        [this, run](const ImportResult &result) { finish(run, result); });
}

void ClientImports::finish(const std::shared_ptr<Run> &run, const ImportResult &result)
{
    Json answer = answerOf(result);
    if (result.mayBeOut) {
        m_services.log.append(
            {LogRow::Kind::Client,
             {},
             QStringLiteral("Took servers of %1 over and cannot say whether the file has changed: their keys stay.").arg(run->file.path),
             {}});
        return run->done(std::move(answer));
    }
    if (!isDone(result.result)) {
        if (run->admitted)
            if (const auto back = m_connector.takeBack(run->target.client, run->before); !back)
                return rollBack(run, failure(back.error()));
        return rollBack(run, std::move(answer));
    }
    Q_EMIT m_connector.wrote();
    const Workspace &workspace = m_services.workspace.current();
    const Client *client = find(workspace, run->target.client);
    answer["record"] = result.record;
    answer["restart"] = run->target.kind->restart;
    answer["connections"] = Json::array();
    QStringList fresh;
    for (const Run::Server &server : run->servers) {
        if (server.added)
            fresh.append(server.connection.text);
        m_services.log.append({LogRow::Kind::Client,
                               {},
                               QStringLiteral("Took the server %1 of %2 over: it is the connection %3 in %4 now%5.")
                                   .arg(server.found->place.name, run->file.path, server.connection.text, server.environment.text,
                                        server.set ? QStringLiteral(", and its key %1 is out of the file").arg(server.key) : QString()),
                               {}});
        Json one{{"connection", server.connection.text}, {"environment", server.environment.text}, {"note", server.note}};
        if (!server.key.isEmpty())
            one["key"] = server.key;
        const Connection *connection = find(workspace, server.connection);
        const Environment *place = find(workspace, server.environment);
        const Pack *pack = connection ? packOf(m_services.packs, *connection, server.environment) : nullptr;
        if (const QString url = pack && place ? pack->environments.value(place->kind).keysUrl : QString();
            !url.isEmpty() && server.offer.key)
            one["makeKeys"] = url;
        answer["connections"].push_back(std::move(one));
        if (client && environmentOf(workspace, *client) != server.environment)
            answer["cautions"].push_back(
                QStringLiteral("%1 acts in %2, and does not reach %3 in %4 before you move it there.")
                    .arg(client->label, environmentOf(workspace, *client).text, server.connection.text, server.environment.text));
    }
    if (!fresh.isEmpty())
        answer["cautions"].push_back(
            QStringLiteral("Clients get no tool of %1 before you have looked at its tools in Connections and trusted them.")
                .arg(fresh.join(QStringLiteral(" and "))));
    if (run->token.isEmpty())
        return run->done(std::move(answer));
    // Other files of the client hold the token before.
    m_connector.rewrite(run->target.client, run->token,
                        Completion<Json>(this, [run, answer](const Result<Json> &) mutable { run->done(std::move(answer)); }));
}

void ClientImports::rollBack(const std::shared_ptr<Run> &run, Result<Json> answer)
{
    for (size_t i = run->servers.size(); i > 0; --i) {
        Run::Server &server = run->servers[i - 1];
        const bool key = std::exchange(server.set, false);
        if (!key && !std::exchange(server.added, false))
            continue;
        const Json parameters{{"id", key ? server.key : server.connection.text}};
        return m_control.handle(key ? QStringLiteral("key delete") : QStringLiteral("connection remove"), parameters, Authority::Window,
                                Completion<Json>(this, [this, run, answer = std::move(answer), server](const Result<Json> &gone) mutable {
                                    if (!gone)
                                        answer = failure(gone.error().kind,
                                                         QStringLiteral("Nothing was written, but the connection %1 is there now. %2")
                                                             .arg(server.connection.text, gone.error().message));
                                    rollBack(run, std::move(answer));
                                }));
    }
    run->done(std::move(answer));
}

} // namespace mcpcore
