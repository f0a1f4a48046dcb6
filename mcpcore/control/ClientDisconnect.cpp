// SPDX-FileCopyrightText: 2026 The Countersign authors
// SPDX-License-Identifier: GPL-3.0-or-later
#include "audit/ActivityLog.h"
#include "base/Json.h"
#include "control/ClientConnector.h"
#include "control/ClientSights.h"
#include "store/WorkspaceFile.h"

// What becomes of entries that are there: taken out, put back, written again.

namespace mcpcore {

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
            [this, target, orders = found.orders] {
                const ClientSetup files = setup();
                QList<SetupResult> results;
                for (const SetupOrder &order : orders)
                    results.append(files.disconnect(*target.kind, order));
                return results;
            },
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
    inWorker<Found>(
        [this, target = *target] {
            const ClientSetup files = setup();
            Found found;
            for (const SetupOrder &order : connectedOrders(files, target)) {
                if (target.order.file.isEmpty() || order.file == target.order.file)
                    found.orders.append(order);
                else
                    found.isLast = false;
            }
            if (found.orders.isEmpty())
                found.orders = ordersOf(files, target);
            return found;
        },
        end);
}

void ClientConnector::undo(const Json &parameters, Completion<Json> done)
{
    auto target = targetOf(parameters);
    if (!target)
        return done(failure(target.error()));
    struct Undone {
        QList<SetupResult> results;
        QList<SetupOrder> again; // whose token is needed anew
        bool isConnected = false;
    };
    const auto owed = std::make_shared<Completion<Json>>(std::move(done));
    inWorker<Undone>(
        [this, target = *target] {
            const ClientSetup files = setup();
            Undone undone;
            for (const EntryRecord &record : files.records().all()) {
                if (record.client != target.client.text)
                    continue;
                if (!record.last || (!target.order.file.isEmpty() && record.path != target.order.file)) {
                    undone.isConnected |= record.isConnected;
                    continue;
                }
                SetupOrder order = target.order;
                order.file = record.path;
                order.way = record.way;
                order.values.name = record.place.name;
                undone.results.append(files.undo(*target.kind, order));
                const bool isBack = isDone(undone.results.last()) ? !record.isConnected : record.isConnected;
                undone.isConnected |= isBack;
                if (isBack && record.way == Way::Http && isDone(undone.results.last()))
                    undone.again.append(order);
            }
            return undone;
        },
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
            orders.removeIf([&](const SetupOrder &order) { return !target.order.file.isEmpty() && order.file != target.order.file; });
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
