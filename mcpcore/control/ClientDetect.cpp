// SPDX-FileCopyrightText: 2026 The Countersign authors
// SPDX-License-Identifier: GPL-3.0-or-later
#include "base/Json.h"
#include "clientconfig/ImportCopies.h"
#include "control/ClientConnector.h"
#include "control/ClientSights.h"
#include "store/WorkspaceFile.h"

namespace mcpcore {

namespace {

EntryValues valuesOf(const EntryRecord &record, EntryValues values)
{
    values.client = record.client;
    values.name = record.place.name;
    values.connection = record.connection;
    values.environment = record.environment;
    return values;
}

} // namespace

void ClientConnector::detect(Completion<Json> done)
{
    EntryValues values;
    values.bridge = m_services.bridgeProgram;
    values.profile = m_services.bridgeProfile;
    values.url = urlForClients();
    QMap<QString, QStringList> clients; // of each kind
    for (const Client &client : m_services.workspace.current().clients)
        if (!client.revoked)
            clients[client.kind].append(client.id.text);
    const auto owed = std::make_shared<Completion<Json>>(std::move(done));
    inWorker<Json>(
        [this, values, clients] {
            const Machine machine = Machine::current();
            const QList<EntryRecord> records = setup().records().all();
            Json list = Json::array();
            for (const ClientKind &kind : m_services.clientKinds.kinds) {
                FoundClient found = lookFor(kind, machine);
                for (const EntryRecord &record : records) {
                    const auto same = [&](const ClientFile &file) { return file.path == record.path; };
                    if (record.kind == kind.id && record.isConnected && std::none_of(found.files.begin(), found.files.end(), same))
                        found.files.append({record.path, QStringLiteral("another file"), ClientFileKind::Scope::Workspace, true});
                }
                std::vector<Json> files;
                QString connected;
                for (const ClientFile &file : std::as_const(found.files)) {
                    std::vector<Json> entries;
                    const auto look = [&](const EntryRecord *ours) {
                        EntryValues own = ours ? valuesOf(*ours, values) : values;
                        if (!ours)
                            own.client = kind.id;
                        entries.push_back(toJson(file, ours, stateOf(m_steps, kind, file.path, ours, own, m_services.packs)));
                    };
                    for (const EntryRecord &record : records)
                        if (record.kind == kind.id && record.path == file.path && record.isConnected) {
                            look(&record);
                            connected = record.client;
                        }
                    if (entries.empty())
                        look(nullptr);
                    files.push_back(worstOf(entries));
                }
                Json one = toJson(kind, found, files);
                if (connected.isEmpty() && !clients.value(kind.id).isEmpty())
                    connected = clients.value(kind.id).first();
                if (!connected.isEmpty())
                    one["client"] = connected;
                list.push_back(one);
            }
            return Json{{"clients", list}};
        },
        [owed](Json list) { (*owed)(std::move(list)); });
}

void ClientConnector::watched(std::function<void(const QList<WatchedEntry> &)> then)
{
    EntryValues values;
    values.bridge = m_services.bridgeProgram;
    values.profile = m_services.bridgeProfile;
    values.url = urlForClients();
    inWorker<QList<WatchedEntry>>(
        [this, values] {
            removeLeftOvers(m_steps, ImportRecords(m_services.profile + QStringLiteral("/imported")), m_services.clock.wall());
            QList<WatchedEntry> entries;
            for (const EntryRecord &record : setup().records().all()) {
                const ClientKind *kind = m_services.clientKinds.find(record.kind);
                if (!kind || !record.isConnected)
                    continue;
                const EntryValues own = valuesOf(record, values);
                entries.append({record.client, record.path, record.place.name,
                                stateOf(m_steps, *kind, record.path, &record, own, m_services.packs).kind});
            }
            return entries;
        },
        [then = std::move(then)](const QList<WatchedEntry> &entries) { then(entries); });
}

} // namespace mcpcore
