// SPDX-FileCopyrightText: 2026 The Countersign authors
// SPDX-License-Identifier: GPL-3.0-or-later
#include "audit/ActivityLog.h"
#include "base/Json.h"
#include "clientconfig/ConfigFile.h"
#include "control/ClientImports.h"
#include "control/ClientSights.h"
#include "gateway/Locks.h"
#include "secrets/KeyRing.h"
#include "store/WorkspaceFile.h"

// An import is taken back: the file gets its old bytes, and with them its keys out of the keychain.

namespace mcpcore {

// One import on its way back.
struct ClientImports::Undoing {
    Target target;
    ImportRecord record;
    QStringList names; // of keys that are still to be read
    std::vector<ImportedKey> keys;
    Completion<Json> done;
};

// Of several files the one that was imported from last; one that was changed since only where nothing else can be taken back.
void ClientImports::undo(const Json &parameters, Completion<Json> done)
{
    const auto target = m_connector.targetOf(parameters);
    if (!target)
        return done(failure(target.error()));
    struct Found {
        std::optional<ImportRecord> import;
        bool isChanged = false; // its file, since
        bool isOther = false;   // there is a change by connect or disconnect
        Milliseconds other{};   // when; wall
    };
    const auto owed = std::make_shared<Completion<Json>>(std::move(done));
    m_connector.inWorker<Found>(
        [this, target = *target] {
            Found found;
            const ClientSetup files = m_connector.setup();
            for (const EntryRecord &entry : files.records().all()) {
                if (entry.client != target.client.text || !entry.last || (!target.order.file.isEmpty() && entry.path != target.order.file))
                    continue;
                found.isOther = true;
                found.other = std::max(found.other, entry.last->time);
            }
            for (const ImportRecord &record : ImportRecords(m_services.profile + QStringLiteral("/imported")).all()) {
                if (record.client != target.client.text || (!target.order.file.isEmpty() && record.file != target.order.file))
                    continue;
                const auto file = readConfigFile(m_connector.m_steps, record.file);
                const bool isChanged = !file || file->digest != record.after;
                if (!found.import || (found.isChanged && !isChanged)) {
                    found.import = record;
                    found.isChanged = isChanged;
                }
            }
            return found;
        },
        [this, owed, parameters, target = *target](const Found &found) {
            if (!found.import || (found.isOther && (found.isChanged || found.other > found.import->time)))
                return m_connector.undo(parameters, std::move(*owed));
            // A key that comes out of the keychain into a file is seen by whoever reads that.
            if (m_services.locks.isHeld())
                return (*owed)(failure(Error::Kind::Paused, QStringLiteral("Everything is held: unlock first. Nothing was written.")));
            const auto undoing = std::make_shared<Undoing>();
            undoing->target = target;
            undoing->record = *found.import;
            undoing->names = found.import->keys();
            undoing->done = std::move(*owed);
            readNext(undoing);
        });
}

// A key that is not there any more is left out: ClientImport says then what is missing.
void ClientImports::readNext(const std::shared_ptr<Undoing> &undoing)
{
    if (undoing->names.isEmpty())
        return putBack(undoing);
    const QString name = undoing->names.takeFirst();
    const Workspace &workspace = m_services.workspace.current();
    const auto key = std::find_if(workspace.keys.begin(), workspace.keys.end(), [&](const KeyRecord &one) { return one.id.text == name; });
    const Environment *place = key == workspace.keys.end() ? nullptr : find(workspace, key->environment);
    if (!place)
        return readNext(undoing);
    if (m_services.locks.isLocked(*place))
        return undoing->done(
            failure(Error::Kind::Locked, QStringLiteral("A key of %1 would be in a file again. Unlock %1 first, if that is what "
                                                        "you want. Nothing was written.")
                                             .arg(place->id.text)));
    m_services.keys.read(key->id, place->kind, key->destination, Completion<Secret>(this, [this, undoing, name](Result<Secret> secret) {
                             if (!secret)
                                 return undoing->done(failure(secret.error()));
                             undoing->keys.push_back({name, std::move(*secret)});
                             readNext(undoing);
                         }));
}

void ClientImports::putBack(const std::shared_ptr<Undoing> &undoing)
{
    struct Done {
        ImportResult result;
        bool isConnected = false; // by another entry
    };
    m_connector.inWorker<Done>(
        [this, undoing] {
            Done done{ClientImport(m_connector.surroundings()).undo(*undoing->target.kind, undoing->record, undoing->keys)};
            done.isConnected = !m_connector.connectedOrders(m_connector.setup(), undoing->target).isEmpty();
            return done;
        },
        [this, undoing](const Done &done) {
            Json answer = toJson(done.result.result);
            if (!isDone(done.result.result))
                return undoing->done(std::move(answer));
            Q_EMIT m_connector.wrote();
            m_services.log.append({LogRow::Kind::Client,
                                   {},
                                   QStringLiteral("Took the import from %1 back: %2 is in the file again%3.")
                                       .arg(undoing->record.file, undoing->record.taken.join(QStringLiteral(", ")),
                                            undoing->keys.empty() ? QString() : QStringLiteral(", with its key in plain text")),
                                   {}});
            if (!done.isConnected)
                if (const auto revoked = m_connector.revoke(undoing->target.client); !revoked)
                    return undoing->done(failure(revoked.error()));
            undoing->done(std::move(answer));
        });
}

} // namespace mcpcore
