// SPDX-FileCopyrightText: 2026 The Countersign authors
// SPDX-License-Identifier: GPL-3.0-or-later
#include "base/Json.h"
#include "clientconfig/ClientFiles.h"
#include "clientconfig/ConfigFile.h"
#include "clientconfig/EntryCheck.h"
#include "control/ImportRun.h"
#include "packs/Packs.h"
#include "store/WorkspaceFile.h"

// What is in a client's file, and what of it is meant.

namespace mcpcore {

namespace {

const QByteArray kNoToken = QByteArrayLiteral("cst_") + QByteArray(43, 'x'); // where nothing is written

// Names an entry within its file.
QString nameOf(const EntryPlace &place)
{
    return (place.path + QStringList{place.name}).join(QLatin1Char('/'));
}

const char *textOf(FoundServer::Transport transport)
{
    switch (transport) {
    case FoundServer::Transport::Stdio: return "stdio";
    case FoundServer::Transport::Http: return "http";
    case FoundServer::Transport::Unknown: return "unknown";
    }
    Q_UNREACHABLE();
}

const char *textOf(KeyPlace::Where where)
{
    switch (where) {
    case KeyPlace::Where::Environment: return "variable";
    case KeyPlace::Where::Header: return "header";
    case KeyPlace::Where::Argument: return "argument";
    case KeyPlace::Where::Address: return "address";
    case KeyPlace::Where::Other: return "other";
    }
    Q_UNREACHABLE();
}

Json listOf(const QStringList &texts)
{
    Json list = Json::array();
    for (const QString &text : texts)
        list.push_back(text);
    return list;
}

Json listOf(const QList<EnvironmentId> &ids)
{
    Json list = Json::array();
    for (const EnvironmentId &id : ids)
        list.push_back(id.text);
    return list;
}

QString vendorName(const QList<Pack> &packs, const QString &id)
{
    const Pack *pack = find(packs, id);
    return pack ? pack->name : QString();
}

} // namespace

// In the worker.
ClientImports::Files ClientImports::scanned(const Target &target) const
{
    QStringList paths{target.order.file};
    if (target.order.file.isEmpty()) {
        paths.clear();
        for (const ClientFile &file : lookFor(*target.kind, Machine::current()).files)
            if (file.isThere)
                paths.append(file.path);
        for (const SetupOrder &order : m_connector.connectedOrders(m_connector.setup(), target))
            if (!paths.contains(order.file))
                paths.append(order.file);
    }
    Files files;
    for (const QString &path : std::as_const(paths)) {
        ScannedFile file;
        file.path = path;
        const auto read = readConfigFile(m_connector.m_steps, path);
        if (!read) {
            file.fault.reason = read.error().message;
        } else if (!read->isThere) {
            file.fault.reason = QStringLiteral("%1 is not there.").arg(path);
        } else if (auto scan = scanForImport(read->bytes, *target.kind, m_services.packs, target.order.values); !scan) {
            file.fault = scan.error();
        } else {
            const auto document = meaningOf(read->bytes, target.kind->dialect);
            const EntryShape &shape = shapeFor(*target.kind, *document);
            file.ours = entriesToUs(*document, {shape.path, {}, shape.holder}, target.order.values, EntriesOfHttp::Too);
            file.digest = read->digest;
            file.scan = std::move(*scan);
        }
        files.push_back(std::move(file));
    }
    return files;
}

// What cannot start here is better left to the client, which may know where it is.
ImportOffer ClientImports::offerOf(const FoundServer &server, const ImportScan &scan, const QList<ConnectionId> &taken) const
{
    ImportOffer offer = offerFor(server, scan, knowledge(), taken);
    const QString missing = offer.trouble.isEmpty() ? offer.target.missingProgram() : QString();
    return missing.isEmpty()
               ? offer
               : ImportOffer{QStringLiteral("There is no program %1 on this computer, or it is not on the PATH.").arg(missing)};
}

Json ClientImports::sightOf(const ScannedFile &file) const
{
    Json servers = Json::array();
    QList<ConnectionId> taken;
    for (const FoundServer &server : file.scan.servers) {
        Json keys = Json::array();
        for (const KeyPlace &place : server.keys) {
            const FoundKey &key = file.scan.keys[size_t(place.key)];
            keys.push_back({{"where", textOf(place.where)},
                            {"name", place.name},
                            {"prefix", key.prefix},
                            {"lastFour", key.lastFour},
                            {"kind", key.kind},
                            {"vendor", key.vendor},
                            {"vendorName", vendorName(m_services.packs, key.vendor)}});
        }
        Json one{{"entry", nameOf(server.place)},
                 {"name", server.place.name},
                 {"transport", textOf(server.transport)},
                 {"url", server.url},
                 {"program", server.program},
                 {"arguments", listOf(server.arguments)},
                 {"vendor", server.vendor},
                 {"vendorName", vendorName(m_services.packs, server.vendor)},
                 {"on", server.isOn},
                 {"keys", keys},
                 {"elsewhere", listOf(server.elsewhere)}};
        const ImportOffer offer = offerOf(server, file.scan, taken);
        one["trouble"] = offer.trouble;
        if (offer.trouble.isEmpty()) {
            taken.append(offer.connection);
            one["proposal"] = {{"connection", offer.connection.text},   {"exists", offer.isThere},
                               {"environment", offer.environment.text}, {"environments", listOf(offer.environments)},
                               {"target", offer.target.text()},         {"note", offer.target.notes.join(QLatin1Char(' '))}};
        }
        servers.push_back(std::move(one));
    }
    return {{"file", file.path},
            {"digest", QString::fromLatin1(file.digest.toHex())},
            {"trouble", file.fault.reason},
            {"line", file.fault.line},
            {"column", file.fault.column},
            {"servers", servers}};
}

void ClientImports::scan(const Json &parameters, Completion<Json> done)
{
    const auto target = m_connector.targetOf(parameters);
    if (!target)
        return done(failure(target.error()));
    struct Found {
        Files files;
        QList<ImportRecord> imports;
    };
    const auto owed = std::make_shared<Completion<Json>>(std::move(done));
    m_connector.inWorker<Found>(
        [this, target = *target] {
            return Found{scanned(target), ImportRecords(m_services.profile + QStringLiteral("/imported")).all()};
        },
        [this, owed, target = *target](const Found &found) {
            Json out{{"client", target.client.text}, {"files", Json::array()}, {"imports", Json::array()}};
            for (const ScannedFile &file : found.files)
                out["files"].push_back(sightOf(file));
            for (const ImportRecord &record : found.imports)
                if (record.client == target.client.text && (target.order.file.isEmpty() || record.file == target.order.file))
                    out["imports"].push_back(
                        {{"record", record.id}, {"file", record.file}, {"taken", listOf(record.taken)}, {"time", toIsoText(record.time)}});
            (*owed)(std::move(out));
        });
}

void ClientImports::begin(const Json &parameters, std::function<void(Result<std::shared_ptr<Run>>)> then)
{
    const auto target = m_connector.targetOf(parameters);
    if (!target)
        return then(failure(target.error()));
    if (!target->order.values.connection.isEmpty())
        return then(failure(Error::Kind::InvalidArgument, QStringLiteral("Name the connections of the entries, not one for all.")));
    const auto run = std::make_shared<Run>();
    run->target = *target;
    run->target.order.values.token = kNoToken;
    run->unverified = boolAt(parameters, "unverified", false);
    const Json *entries = memberAt(parameters, "entries");
    const auto chosen = std::make_shared<Json>(entries ? *entries : Json::array());
    const QString digest = stringAt(parameters, "digest", {});
    struct Found {
        Files files;
        bool isConnected = false;
        bool isForOne = false; // our entry of that name reaches one connection only
    };
    m_connector.inWorker<std::shared_ptr<Found>>(
        [this, target = *target] {
            const auto found = std::make_shared<Found>();
            found->files = scanned(target);
            for (const EntryRecord &record : m_connector.setup().records().all()) {
                const bool isIt = record.isConnected && record.client == target.client.text && found->files.size() == 1
                                  && record.path == found->files.front().path && record.place.name == target.order.values.name;
                found->isConnected |= isIt && found->files.front().ours.contains(record.place.name);
                found->isForOne |= isIt && !record.connection.isEmpty();
            }
            return found;
        },
        [this, run, chosen, digest, then = std::move(then)](const std::shared_ptr<Found> &found) {
            if (found->files.size() != 1)
                return then(failure(Error::Kind::InvalidArgument,
                                    found->files.empty()
                                        ? QStringLiteral("%1 has no file here. Name one with --file.").arg(run->target.kind->name)
                                        : QStringLiteral("%1 has several files. Name one with --file.").arg(run->target.kind->name)));
            run->file = std::move(found->files.front());
            if (found->isForOne)
                return then(
                    failure(Error::Kind::Conflict,
                            QStringLiteral("The entry %1 of ours reaches one connection only, and not what is imported. Name another "
                                           "one with --name.")
                                .arg(run->target.order.values.name)));
            run->isConnected = found->isConnected;
            run->couldComeIn = m_connector.mayComeIn(run->target.client);
            run->target.order.file = run->file.path;
            if (!run->file.fault.reason.isEmpty())
                return then(failure(Error::Kind::InvalidArgument, run->file.fault.reason));
            if (!digest.isEmpty() && digest != QString::fromLatin1(run->file.digest.toHex()))
                return then(failure(Error::Kind::Conflict,
                                    QStringLiteral("%1 was changed since you looked at it. Look again.").arg(run->file.path)));
            if (const auto ready = choose(*run, *chosen); !ready)
                return then(failure(ready.error()));
            then(run);
        });
}

Result<> ClientImports::choose(Run &run, const Json &entries) const
{
    const auto wrong = [](const QString &why) { return failure(Error::Kind::InvalidArgument, why); };
    if (!entries.is_array() || entries.empty())
        return wrong(QStringLiteral("Choose the entries of %1 that are to come behind Countersign.").arg(run.file.path));
    QList<ConnectionId> taken;
    for (const Json &entry : entries) {
        const QString name = stringAt(entry, "entry", {});
        const FoundServer *found = nullptr;
        int count = 0;
        for (const FoundServer &server : std::as_const(run.file.scan.servers))
            if (nameOf(server.place) == name || server.place.name == name) {
                count = nameOf(server.place) == name ? 1 : count + 1;
                found = &server;
                if (nameOf(server.place) == name)
                    break;
            }
        if (count != 1)
            return wrong(count == 0 ? QStringLiteral("There is no entry \"%1\" of somebody else in %2.").arg(name.left(60), run.file.path)
                                    : QStringLiteral("There are several entries \"%1\". Name one by its whole path.").arg(name.left(60)));
        Run::Server server{found, offerOf(*found, run.file.scan, taken), {}, {}};
        if (!server.offer.trouble.isEmpty())
            return wrong(QStringLiteral("%1 cannot be taken over. %2").arg(found->place.name, server.offer.trouble));
        const QString place = stringAt(entry, "environment", {});
        server.environment = place.isEmpty() ? server.offer.environment : EnvironmentId{place};
        if (!server.offer.environments.contains(server.environment)) {
            QStringList possible;
            for (const EnvironmentId &one : server.offer.environments)
                possible.append(one.text);
            return wrong(
                place.isEmpty()
                    ? QStringLiteral("Say which environment %1 is for: %2.").arg(found->place.name, possible.join(QStringLiteral(", ")))
                    : QStringLiteral("%1 is not for %2. It is for: %3.")
                          .arg(found->place.name, place.left(40), possible.join(QStringLiteral(", "))));
        }
        const QString id = stringAt(entry, "connection", {});
        server.connection = id.isEmpty() || server.offer.isThere ? server.offer.connection : ConnectionId{id};
        const QString target = stringAt(entry, "target", {});
        if (!target.isEmpty() && target != server.offer.target.text())
            return failure(
                Error::Kind::Conflict,
                QStringLiteral("%1 goes elsewhere now: %2. Look again.").arg(found->place.name, server.offer.target.text().left(200)));
        taken.append(server.connection);
        run.servers.push_back(std::move(server));
    }
    return {};
}

void ClientImports::describe(const Json &parameters, Completion<Json> done)
{
    const auto owed = std::make_shared<Completion<Json>>(std::move(done));
    begin(parameters, [owed, parameters](const Result<std::shared_ptr<Run>> &begun) {
        if (!begun)
            return (*owed)(failure(begun.error()));
        const Run &run = **begun;
        Json whole = parameters;
        whole["file"] = run.file.path;
        whole["digest"] = QString::fromLatin1(run.file.digest.toHex());
        whole["entries"] = Json::array();
        for (const Run::Server &server : run.servers)
            whole["entries"].push_back({{"entry", nameOf(server.found->place)},
                                        {"connection", server.connection.text},
                                        {"environment", server.environment.text},
                                        {"target", server.offer.target.text()},
                                        {"withKey", server.offer.key.has_value()}});
        (*owed)(std::move(whole));
    });
}

} // namespace mcpcore
