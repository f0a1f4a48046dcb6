// SPDX-FileCopyrightText: 2026 The Countersign authors
// SPDX-License-Identifier: GPL-3.0-or-later
#include "audit/ActivityLog.h"
#include "base/Json.h"
#include "clientconfig/EntryCheck.h"
#include "control/ClientConnector.h"
#include "control/ClientSights.h"
#include "store/WorkspaceFile.h"

// What becomes of entries that are there: taken out, put back, written again.

namespace mcpcore {

namespace {

// As records keep it.
QByteArray stateOf(FileSteps &steps, const QString &path)
{
    const auto file = readConfigFile(steps, path);
    return file && file->isThere ? file->digest : QByteArray();
}

} // namespace

Result<> ClientConnector::revoke(const ClientId &id)
{
    if (!mayComeIn(id))
        return {};
    const QString what = QStringLiteral("Disconnected the client %1: its access has ended.").arg(id.text);
    m_services.log.append({LogRow::Kind::Client, {}, what, {}});
    return m_control.change(what, [&](Workspace &edited) -> Result<> {
        for (Client &client : edited.clients)
            if (client.id == id) {
                client.revoked = true;
                client.formerTokenDigest = std::exchange(client.tokenDigest, {});
            }
        return {};
    });
}

void ClientConnector::disconnectClient(const Json &parameters, Completion<Json> done)
{
    const auto target = targetOf(parameters);
    if (!target)
        return done(failure(target.error()));
    struct Found {
        QList<SetupOrder> orders;
        bool isLast = true;
    };
    const auto owed = std::make_shared<Completion<Json>>(std::move(done));
    const auto end = [this, owed, target = *target](const Found &found) {
        if (found.isLast)
            if (const auto revoked = revoke(target.client); !revoked)
                return (*owed)(failure(revoked.error()));
        inWorker<QList<SetupResult>>(
            [this, target, orders = found.orders] { return takeOut(target, orders); },
            [this, owed, target](const QList<SetupResult> &results) {
                Q_EMIT wrote();
                for (const SetupResult &result : results)
                    if (result.status == SetupResult::Status::Written)
                        m_services.log.append(
                            {LogRow::Kind::Client,
                             {},
                             QStringLiteral("Disconnected %1: took the entry out of %2.").arg(target.client.text, result.file),
                             {}});
                (*owed)(results.isEmpty() ? toJson(SetupResult{target.client.text,
                                                               {},
                                                               SetupResult::Status::Unchanged,
                                                               0,
                                                               0,
                                                               QStringLiteral("%1 has no entry of ours.").arg(target.kind->name)})
                                          : together(toJson(results)));
            });
    };
    const auto &clients = m_services.workspace.current().clients;
    const bool isAlone = std::none_of(clients.begin(), clients.end(), [&](const Client &one) {
        return one.kind == target->kind->id && one.id != target->client && !one.revoked;
    });
    const EntriesOfHttp http = isAlone ? EntriesOfHttp::Too : EntriesOfHttp::Not;
    inWorker<Found>(
        [this, target = *target, http] {
            const ClientSetup files = setup();
            Found found;
            for (const SetupOrder &order : connectedOrders(files, target) + unrecordedOrders(files, target, http)) {
                if (target.means(order.file, order.values))
                    found.orders.append(order);
                else
                    found.isLast = false;
            }
            if (found.orders.isEmpty()) {
                found.orders = ordersOf(files, target);
                found.isLast = found.isLast && !target.isNamed && target.order.values.connection.isEmpty();
            }
            return found;
        },
        end);
}

QList<SetupOrder> ClientConnector::unrecordedOrders(const ClientSetup &setup, const Target &target, EntriesOfHttp http) const
{
    QStringList files{target.order.file};
    for (const ClientFile &file : lookFor(*target.kind, Machine::current()).files)
        files.append(file.path);
    files.removeDuplicates();
    files.removeAll(QString());
    const QList<EntryRecord> records = setup.records().all();
    QList<SetupOrder> orders;
    for (const QString &path : std::as_const(files)) {
        const auto file = readConfigFile(m_steps, path);
        const auto document = file && file->isThere ? meaningOf(file->bytes, target.kind->dialect) : tl::unexpected(ConfigFault());
        if (!document)
            continue;
        const EntryShape &shape = shapeFor(*target.kind, *document);
        for (const QString &name : entriesToUs(*document, {shape.path, {}, shape.holder}, target.order.values, http)) {
            if (std::any_of(records.begin(), records.end(),
                            [&](const EntryRecord &one) { return one.isConnected && one.path == path && one.place.name == name; }))
                continue;
            SetupOrder order = target.order;
            order.file = path;
            order.values.name = name;
            order.values.connection = name == usualEntryName(target.order.values.connection) ? target.order.values.connection : QString();
            orders.append(order);
        }
    }
    return orders;
}

QList<SetupResult> ClientConnector::takeOut(const Target &target, QList<SetupOrder> orders) const
{
    const ClientSetup files = setup();
    QList<SetupResult> results;
    while (!orders.isEmpty()) {
        auto next = std::find_if(orders.begin(), orders.end(), [&](const SetupOrder &order) {
            const auto record = files.records().find(order.values.client, order.file, order.values.name);
            return record && *record && (*record)->written == stateOf(m_steps, order.file);
        });
        next = next == orders.end() ? orders.begin() : next;
        results.append(files.disconnect(*target.kind, *next));
        orders.erase(next);
    }
    return results;
}

// One connect of each file, or the disconnects that stand behind each other: what one command may have done.
ClientConnector::Undone ClientConnector::undoIn(const Target &target) const
{
    const ClientSetup files = setup();
    QMap<QString, QList<SetupOrder>> open; // by file: what has a change to take back
    for (const EntryRecord &record : files.records().all()) {
        const SetupOrder order = orderOf(record, target.order);
        if (record.last && record.client == target.client.text && target.means(record.path, order.values))
            open[record.path].append(order);
    }
    const auto recordOf = [&](const SetupOrder &order) {
        const auto record = files.records().find(order.values.client, order.file, order.values.name);
        return record ? *record : std::nullopt;
    };
    Undone undone;
    for (auto [path, orders] : open.asKeyValueRange()) {
        bool goesOn = true, isFirst = true;
        const auto wasLast = [&, file = path](const SetupOrder &order) {
            const auto record = recordOf(order);
            return record && record->last && (isFirst || !record->isConnected) && record->last->after == stateOf(m_steps, file);
        };
        for (; goesOn && !orders.isEmpty(); isFirst = false) {
            const auto next = std::find_if(orders.begin(), orders.end(), wasLast);
            if (next == orders.end() && !isFirst)
                break; // older than what was taken back
            const SetupOrder order = orders.takeAt(next == orders.end() ? 0 : next - orders.begin());
            const auto before = recordOf(order);
            undone.results.append(files.undo(*target.kind, order));
            const auto after = recordOf(order);
            const bool isBack = isDone(undone.results.last()) && after && after->isConnected;
            if (isBack && order.way == Way::Http)
                undone.again.append(order);
            goesOn = isBack && before && !before->isConnected;
        }
    }
    for (const EntryRecord &record : files.records().all())
        undone.isConnected |= record.client == target.client.text && record.isConnected;
    return undone;
}

void ClientConnector::undo(const Json &parameters, Completion<Json> done)
{
    auto target = targetOf(parameters);
    if (!target)
        return done(failure(target.error()));
    const auto owed = std::make_shared<Completion<Json>>(std::move(done));
    inWorker<Undone>(
        [this, target = *target] { return undoIn(target); },
        [this, owed, target = *target](const Undone &undone) {
            if (undone.results.isEmpty())
                return (*owed)(toJson(SetupResult{target.client.text, target.order.file, SetupResult::Status::Unchanged, 0, 0,
                                                  QStringLiteral("There is nothing to take back for %1.").arg(target.kind->name)}));
            Q_EMIT wrote();
            for (const SetupResult &result : undone.results)
                if (result.status == SetupResult::Status::Written)
                    m_services.log.append({LogRow::Kind::Client,
                                           {},
                                           QStringLiteral("Took the last change of %1 for %2 back.").arg(result.file, target.client.text),
                                           {}});
            if (!undone.again.isEmpty())
                return write(target, undone.again, std::move(*owed));
            const auto changed = undone.isConnected ? (mayComeIn(target.client) ? Result<>() : admit(target, {})) : revoke(target.client);
            (*owed)(changed ? Result<Json>(together(toJson(undone.results))) : failure(changed.error()));
        });
}

void ClientConnector::repair(const Json &parameters, Completion<Json> done)
{
    const auto target = targetOf(parameters);
    if (!target)
        return done(failure(target.error()));
    const auto owed = std::make_shared<Completion<Json>>(std::move(done));
    inWorker<QList<SetupOrder>>(
        [this, target = *target] {
            QList<SetupOrder> orders = connectedOrders(setup(), target);
            orders.removeIf([&](const SetupOrder &order) { return !target.means(order.file, order.values); });
            for (SetupOrder &order : orders)
                order.existing = SetupOrder::Existing::Overwrite;
            return orders;
        },
        [this, owed, target = *target](const QList<SetupOrder> &orders) {
            if (orders.isEmpty())
                return (*owed)(failure(Error::Kind::NotFound, QStringLiteral("%1 is not connected. Connect it.").arg(target.kind->name)));
            write(target, orders, std::move(*owed));
        });
}

void ClientConnector::rewrite(const ClientId &client, const QString &token, Completion<Json> done)
{
    auto target = targetOf({{"id", client.text}});
    if (!target)
        return done(Json::array()); // a client of no kind that we write for
    const auto owed = std::make_shared<Completion<Json>>(std::move(done));
    inWorker<QList<SetupResult>>(
        [this, target = *target, token] {
            const ClientSetup files = setup();
            QList<SetupResult> results;
            for (SetupOrder order : connectedOrders(files, target)) {
                if (order.way != Way::Http)
                    continue;
                order.existing = SetupOrder::Existing::Overwrite;
                order.values.token = token.toLatin1();
                results.append(files.connect(*target.kind, order));
            }
            return results;
        },
        [this, owed](const QList<SetupResult> &results) {
            Q_EMIT wrote();
            (*owed)(Json(toJson(results)));
        });
}

} // namespace mcpcore
