// SPDX-FileCopyrightText: 2026 The Countersign authors
// SPDX-License-Identifier: GPL-3.0-or-later
#include "control/ClientConnector.h"
#include "audit/ActivityLog.h"
#include "base/Json.h"
#include "base/Secret.h"
#include "clientconfig/RunningPrograms.h"
#include "control/ClientSights.h"
#include "store/WorkspaceFile.h"
#include <QDir>

namespace mcpcore {

namespace {

// Stands for the token where nothing is written.
const QByteArray kNoToken = QByteArrayLiteral("cst_") + QByteArray(43, 'x');

QString keyOf(const QString &file, const QString &name)
{
    return file + QLatin1Char('\n') + name;
}

} // namespace

QByteArray digestOfToken(const QString &token)
{
    return sha256(token.toStdString());
}

ClientConnector::ClientConnector(Control &control, const ControlServices &services)
    : QObject(&control), m_control(control), m_services(services)
{
    m_worker.setMaxThreadCount(1);
}

ClientConnector::~ClientConnector()
{
    m_worker.waitForDone();
}

ClientSetup::Surroundings ClientConnector::surroundings() const
{
    return {m_steps, m_services.clock, Machine::current(), m_services.profile, m_services.packs, runningPrograms};
}

QString ClientConnector::urlForClients() const
{
    const QString listening = m_services.endpoint();
    return listening.isEmpty() ? m_services.usualEndpoint : listening;
}

bool ClientConnector::mayComeIn(const ClientId &client) const
{
    const Client *known = find(m_services.workspace.current(), client);
    return known && !known->revoked;
}

Result<ClientConnector::Target> ClientConnector::targetOf(const Json &parameters) const
{
    Target target;
    target.client = {stringAt(parameters, "id", {})};
    const Client *known = find(m_services.workspace.current(), target.client);
    target.kind = m_services.clientKinds.find(known && m_services.clientKinds.find(known->kind) ? known->kind : target.client.text);
    if (!target.kind) {
        QStringList ids;
        for (const ClientKind &kind : m_services.clientKinds.kinds)
            ids.append(kind.id);
        return failure(Error::Kind::NotFound, QStringLiteral("Countersign does not know how to connect %1. It knows: %2.")
                                                  .arg(target.client.text.left(40), ids.join(QStringLiteral(", "))));
    }
    const QString via = stringAt(parameters, "via", {});
    if (!via.isEmpty() && via != QLatin1String("bridge") && via != QLatin1String("http"))
        return failure(Error::Kind::InvalidArgument, QStringLiteral("--via must be bridge or http."));
    target.order.way = via.isEmpty() ? target.kind->way : via == QLatin1String("http") ? Way::Http : Way::Bridge;
    target.order.file = stringAt(parameters, "file", {});
    if (!target.order.file.isEmpty() && !QDir::isAbsolutePath(target.order.file))
        return failure(Error::Kind::InvalidArgument, QStringLiteral("Name the file by its whole path."));
    target.order.values.bridge = m_services.bridgeProgram;
    target.order.values.profile = m_services.bridgeProfile;
    target.order.values.client = target.client.text;
    target.order.values.url = urlForClients();
    target.order.values.connection = stringAt(parameters, "connection", {});
    const QString name = stringAt(parameters, "name", {});
    target.isNamed = !name.isEmpty();
    target.order.values.name = target.isNamed ? name : usualEntryName(target.order.values.connection);
    target.order.existing = boolAt(parameters, "overwrite", false) ? SetupOrder::Existing::Overwrite : SetupOrder::Existing::Keep;
    if (boolAt(parameters, "wholeFile", false))
        target.order.linesAround = std::numeric_limits<int>::max() / 2;
    target.environment = stringAt(parameters, "environment", {});
    if (!target.environment.isEmpty() && target.environment != QLatin1String("active")
        && !find(m_services.workspace.current(), EnvironmentId{target.environment}))
        return failure(Error::Kind::NotFound,
                       QStringLiteral("There is no environment %1. Name one, or say active.").arg(target.environment.left(40)));
    return target;
}

bool ClientConnector::Target::means(const QString &file, const EntryValues &entry) const
{
    if (!order.file.isEmpty() && file != order.file)
        return false;
    if (isNamed)
        return entry.name == order.values.name;
    return order.values.connection.isEmpty() || entry.connection == order.values.connection;
}

Result<ClientConnector::Target> ClientConnector::writableTargetOf(const Json &parameters) const
{
    auto target = targetOf(parameters);
    if (!target || target->order.values.connection.isEmpty())
        return target;
    const Workspace &workspace = m_services.workspace.current();
    const QString &id = target->order.values.connection;
    const Connection *connection = find(workspace, ConnectionId{id});
    if (!connection)
        return failure(Error::Kind::NotFound, QStringLiteral("There is no connection %1. Add it first.").arg(id.left(40)));
    const Client *known = mayComeIn(target->client) ? find(workspace, target->client) : nullptr;
    const bool follows = target->environment == QLatin1String("active") || (target->environment.isEmpty() && known && !known->environment);
    if (follows)
        return failure(Error::Kind::Conflict,
                       QStringLiteral("An entry for one connection stays in one environment, and %1 would follow the active one. "
                                      "Name its environment.")
                           .arg(target->kind->name));
    const EnvironmentId own = known && known->environment ? *known->environment : EnvironmentId{QStringLiteral("sandbox")};
    const EnvironmentId environment = target->environment.isEmpty() ? own : EnvironmentId{target->environment};
    if (known && environment != environmentOf(workspace, *known))
        return failure(Error::Kind::Conflict,
                       QStringLiteral("%1 acts in %2, and such an entry acts where its client does. Move the client to "
                                      "%3 first, or name %2.")
                           .arg(target->kind->name, environmentOf(workspace, *known).text, environment.text));
    if (!connection->environments.contains(environment))
        return failure(
            Error::Kind::NotFound,
            QStringLiteral("%1 is not set up in %2. Add it there first, or name another environment.").arg(id, environment.text));
    target->order.values.environment = environment.text;
    return target;
}

SetupOrder ClientConnector::orderOf(const EntryRecord &record, SetupOrder order)
{
    order.file = record.path;
    order.way = record.way;
    order.values.name = record.place.name;
    order.values.connection = record.connection;
    order.values.environment = record.environment;
    return order;
}

QList<SetupOrder> ClientConnector::connectedOrders(const ClientSetup &setup, const Target &target) const
{
    QList<SetupOrder> orders;
    for (const EntryRecord &record : setup.records().all())
        if (record.isConnected && record.client == target.client.text)
            orders.append(orderOf(record, target.order));
    return orders;
}

// One in each file: under its name where it was said, else where there is such an entry already under that one's.
QList<SetupOrder> ClientConnector::ordersOf(const ClientSetup &setup, const Target &target) const
{
    const QList<SetupOrder> connected = connectedOrders(setup, target);
    QStringList files;
    if (!target.order.file.isEmpty())
        files.append(target.order.file);
    else
        for (const SetupOrder &order : connected)
            if (!files.contains(order.file))
                files.append(order.file);
    for (const ClientFile &file : target.order.file.isEmpty() ? lookFor(*target.kind, Machine::current()).files : QList<ClientFile>())
        if (file.scope != ClientFileKind::Scope::Workspace && !files.contains(file.path))
            files.append(file.path);
    QList<SetupOrder> orders;
    for (const QString &file : std::as_const(files)) {
        SetupOrder order = target.order;
        order.file = file;
        for (const SetupOrder &one : connected)
            if (!target.isNamed && one.file == file && one.values.connection == target.order.values.connection)
                order.values.name = one.values.name;
        orders.append(order);
    }
    return orders;
}

void ClientConnector::preview(const Json &parameters, Completion<Json> done)
{
    auto target = writableTargetOf(parameters);
    if (!target)
        return done(failure(target.error()));
    target->order.values.token = kNoToken;
    const auto owed = std::make_shared<Completion<Json>>(std::move(done));
    inWorker<std::vector<Json>>(
        [this, target = *target] {
            const ClientSetup files = setup();
            std::vector<Json> previews;
            for (const SetupOrder &order : ordersOf(files, target))
                previews.push_back(toJson(files.preview(*target.kind, order)));
            return previews;
        },
        [this, owed, target = *target](const std::vector<Json> &previews) {
            if (previews.empty())
                return (*owed)(toJson(
                    SetupResult{target.client.text,
                                {},
                                SetupResult::Status::Refused,
                                0,
                                0,
                                target.kind->unreachableReason.isEmpty()
                                    ? QStringLiteral("%1 was not found on this computer. Name its file with --file.").arg(target.kind->name)
                                    : target.kind->unreachableReason + QLatin1Char(' ') + target.kind->instead}));
            Json all = together(previews);
            addHints(all, target);
            (*owed)(std::move(all));
        });
}

void ClientConnector::addHints(Json &answer, const Target &target) const
{
    if (target.order.way != Way::Bridge)
        return; // a token would be in the list of processes, or in a link
    answer["mayComeIn"] = mayComeIn(target.client);
    for (const auto &[member, hint] :
         {std::pair("command", commandOf(*target.kind, target.order.values)), std::pair("link", linkOf(*target.kind, target.order.values))})
        if (hint && !hint->isEmpty())
            answer[member] = *hint;
}

void ClientConnector::connectClient(const Json &parameters, Completion<Json> done)
{
    auto target = writableTargetOf(parameters);
    if (!target)
        return done(failure(target.error()));
    if (boolAt(parameters, "byHand", false)) {
        if (target->order.way != Way::Bridge)
            return done(failure(Error::Kind::InvalidArgument,
                                QStringLiteral("By hand it comes through the bridge. For HTTP, add a client: its token is shown once.")));
        if (const auto admitted = admit(*target, {}); !admitted)
            return done(failure(admitted.error()));
        return snippet(parameters, std::move(done));
    }
    target->order.values.token = kNoToken;
    const auto owed = std::make_shared<Completion<Json>>(std::move(done));
    inWorker<Planned>(
        [this, target = *target] {
            const ClientSetup files = setup();
            Planned planned;
            for (const SetupOrder &order : ordersOf(files, target)) {
                SetupPreview preview = files.preview(*target.kind, order);
                // Whether an entry with a token is right is known by its digest only: it is, where nobody has touched the file since.
                const auto record = files.records().find(target.client.text, order.file, order.values.name);
                const auto file = readConfigFile(m_steps, order.file);
                if (order.way == Way::Http && record && *record && file && (*record)->isConnected && (*record)->way == Way::Http
                    && (*record)->written == file->digest)
                    preview.result.status = SetupResult::Status::Unchanged;
                planned.orders.append(order);
                planned.previews.append(preview);
            }
            return planned;
        },
        [this, owed, target = *target](Planned planned) {
            QList<SetupOrder> orders;
            std::vector<Json> unwritten;
            bool writes = false;
            for (int i = 0; i < planned.orders.size(); ++i) {
                unwritten.push_back(toJson(planned.previews[i].result));
                unwritten.back().erase("diff");
                if (isDone(planned.previews[i].result))
                    orders.append(planned.orders[i]);
                writes |= planned.previews[i].result.status == SetupResult::Status::Written;
            }
            if (planned.orders.isEmpty())
                return preview({{"id", target.client.text}}, std::move(*owed));
            if (orders.isEmpty() || (!writes && mayComeIn(target.client) && target.environment.isEmpty()))
                return (*owed)(together(unwritten));
            write(target, orders, std::move(*owed));
        });
}

Result<> ClientConnector::admit(const Target &target, const QString &token)
{
    return m_control.change(QStringLiteral("Connected the client %1.").arg(target.client.text), [&](Workspace &edited) -> Result<> {
        auto client =
            std::find_if(edited.clients.begin(), edited.clients.end(), [&](const Client &one) { return one.id == target.client; });
        if (client == edited.clients.end()) {
            Client fresh;
            fresh.id = target.client;
            fresh.label = target.kind->name;
            fresh.environment = EnvironmentId{QStringLiteral("sandbox")};
            fresh.created = m_services.clock.wall();
            client = edited.clients.insert(edited.clients.end(), fresh);
        } else if (client->revoked) {
            // As new: what it once might do it may not any more.
            client->revoked = false;
            client->bridgeProgram.clear();
            client->environment = EnvironmentId{QStringLiteral("sandbox")};
        }
        client->kind = target.kind->id;
        if (!target.environment.isEmpty())
            client->environment =
                target.environment == QLatin1String("active") ? std::nullopt : std::optional(EnvironmentId{target.environment});
        if (!token.isEmpty())
            client->formerTokenDigest = std::exchange(client->tokenDigest, digestOfToken(token));
        return {};
    });
}

Result<> ClientConnector::takeBack(const ClientId &id, const std::optional<Client> &before)
{
    return m_control.change(QStringLiteral("Took back the client %1.").arg(id.text), [&](Workspace &edited) -> Result<> {
        edited.clients.removeIf([&](const Client &one) { return one.id == id; });
        if (before)
            edited.clients.append(*before);
        return {};
    });
}

void ClientConnector::write(const Target &target, QList<SetupOrder> orders, Completion<Json> done)
{
    const auto withToken = [](const SetupOrder &order) { return order.way == Way::Http; };
    const QString token = std::any_of(orders.begin(), orders.end(), withToken) ? newToken(m_services.ids, kTokenPrefix) : QString();
    const Client *known = find(m_services.workspace.current(), target.client);
    const std::optional<Client> before = known ? std::optional(*known) : std::nullopt;
    if (const auto admitted = admit(target, token); !admitted)
        return done(failure(admitted.error()));
    const auto owed = std::make_shared<Completion<Json>>(std::move(done));
    inWorker<QList<SetupResult>>(
        [this, target, orders, token]() mutable {
            const ClientSetup files = setup();
            QSet<QString> meant;
            for (const SetupOrder &order : std::as_const(orders))
                meant.insert(keyOf(order.file, order.values.name));
            const qsizetype asked = orders.size();
            for (SetupOrder other : connectedOrders(files, target))
                if (!token.isEmpty() && other.way == Way::Http && !meant.contains(keyOf(other.file, other.values.name))) {
                    other.existing = SetupOrder::Existing::Overwrite; // it is ours, and holds the token before
                    orders.append(other);
                }
            QList<SetupResult> results;
            for (SetupOrder &order : orders) {
                order.values.token = order.way == Way::Http ? token.toLatin1() : QByteArray();
                const SetupResult result = files.connect(*target.kind, order);
                if (results.size() < asked || !isDone(result))
                    results.append(result);
            }
            return results;
        },
        [this, owed, target, before](const QList<SetupResult> &results) {
            Q_EMIT wrote();
            for (const SetupResult &result : results)
                if (result.status == SetupResult::Status::Written)
                    m_services.log.append({LogRow::Kind::Client,
                                           {},
                                           QStringLiteral("Connected %1: wrote an entry into %2.").arg(target.client.text, result.file),
                                           {}});
            if (std::any_of(results.begin(), results.end(), isDone)) {
                Json all = together(toJson(results));
                all["restart"] = target.kind->restart;
                return (*owed)(std::move(all));
            }
            const auto back = takeBack(target.client, before);
            (*owed)(back ? Result<Json>(together(toJson(results))) : failure(back.error()));
        });
}

void ClientConnector::snippet(const Json &parameters, Completion<Json> done)
{
    auto target = writableTargetOf(parameters);
    if (!target)
        return done(failure(target.error()));
    target->order.values.token = kNoToken;
    const auto text = ClientSetup::snippet(*target->kind, target->order.way, target->order.values);
    if (!text)
        return done(failure(text.error()));
    QString shown = QString::fromUtf8(*text);
    shown.replace(QString::fromLatin1(kNoToken), QStringLiteral("{token}"));
    Json answer{{"client", target->client.text}, {"text", shown}, {"where", target->kind->paste}, {"restart", target->kind->restart}};
    addHints(answer, *target);
    if (boolAt(parameters, "byHand", false))
        answer["status"] = "unchanged"; // no file is
    done(std::move(answer));
}

} // namespace mcpcore
