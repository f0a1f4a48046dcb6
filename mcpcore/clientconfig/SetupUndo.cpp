// SPDX-FileCopyrightText: 2026 The Countersign authors
// SPDX-License-Identifier: GPL-3.0-or-later
#include "base/Json.h"
#include "clientconfig/EntryCheck.h"
#include "clientconfig/SetupPlan.h"

namespace mcpcore {

namespace {

using Status = SetupResult::Status;

} // namespace

SetupResult ClientSetup::tryDisconnect(const ClientKind &kind, const SetupOrder &order) const
{
    if (const auto first = running(kind, order))
        return *first;
    if (kind.shapes.isEmpty())
        return resultOf(order, Status::Unchanged);
    const auto found = m_records.find(order.values.client, order.file, order.values.name);
    const auto file = readConfigFile(m_around.steps, order.file);
    if (!found || !file)
        return resultOf(order, found ? file.error() : found.error());
    const std::optional<EntryRecord> record = *found && (*found)->isConnected ? *found : std::nullopt;
    if (!file->isThere) {
        if (record)
            m_records.forget(*record);
        return resultOf(order, Status::Unchanged);
    }
    if (!record || !record->isExact || record->written != file->digest)
        return takeOut(kind, order, *file, record);
    EntryRecord after = *record;
    after.isConnected = false;
    if (record->original.isEmpty())
        return change(kind, order, *file, std::nullopt, after, record);
    const auto original = m_records.kept(*record, record->original);
    return original ? change(kind, order, *file, *original, after, record) : takeOut(kind, order, *file, record);
}

// Others have changed the file since: the entry alone goes, and what we made around it.
SetupResult ClientSetup::takeOut(const ClientKind &kind, const SetupOrder &order, const ConfigFile &file,
                                 const std::optional<EntryRecord> &record) const
{
    const auto document = documentOf(kind, file, placeOf(kind.shapes.last(), order));
    if (!document)
        return resultOf(order, document.error());
    const EntryPlace place = record ? record->place : placeOf(shapeFor(kind, *document), order);
    const ConfigValue *entry = entryAt(*document, place);
    if (!entry) {
        if (record)
            m_records.forget(*record);
        return resultOf(order, Status::Unchanged);
    }
    if (!record && !leadsToUs(*entry, order.values))
        return resultOf(order, Status::Refused,
                        QStringLiteral("The entry \"%1\" was not made by Countersign. Take it out by hand.").arg(place.name));
    const auto edited = changedFile(file.bytes, kind.dialect, place, EntryChange::Remove, Json(), record ? record->created : 0);
    if (!edited)
        return resultOf(order, edited.error());
    EntryRecord after = record.value_or(EntryRecord{order.values.client, kind.id, order.file, place});
    after.isConnected = false;
    after.isExact = false;
    const SetupResult result = change(kind, order, file, edited->bytes, after, record);
    if (record && result.status == Status::Written)
        handOver(*record, file.digest, digestOf(edited->bytes));
    return result;
}

// Another entry of ours beside it takes over what it knew: the holders that we made, and where it came right behind, what was there before both.
void ClientSetup::handOver(const EntryRecord &gone, const QByteArray &before, const QByteArray &after) const
{
    for (EntryRecord other : m_records.all()) {
        if (!other.isConnected || other.path != gone.path || other.place.path != gone.place.path || other.place.name == gone.place.name)
            continue;
        if (other.created == 0)
            other.created = gone.created;
        const auto original = gone.original.isEmpty() ? Result<QByteArray>(QByteArray()) : m_records.kept(gone, gone.original);
        if (gone.isExact && other.isExact && other.original == gone.written && other.written == before && original
            && (gone.original.isEmpty() || m_records.keep(other, *original))) {
            other.original = gone.original;
            other.written = after;
        }
        if (m_records.save(other))
            m_records.tidy(other);
    }
}

SetupResult ClientSetup::tryUndo(const ClientKind &kind, const SetupOrder &order) const
{
    if (const auto first = running(kind, order))
        return *first;
    const auto found = m_records.find(order.values.client, order.file, order.values.name);
    if (!found)
        return resultOf(order, found.error());
    if (!*found || !(*found)->last)
        return resultOf(order, Status::Refused, QStringLiteral("There is nothing to undo in %1.").arg(order.file));
    const EntryRecord record = **found;
    const auto file = readConfigFile(m_around.steps, order.file);
    if (!file)
        return resultOf(order, file.error());
    std::optional<QByteArray> before;
    if (!record.last->before.isEmpty()) {
        const auto kept = m_records.kept(record, record.last->before);
        if (!kept)
            return resultOf(order, kept.error());
        before = *kept;
    }
    if (stateOf(*file) != record.last->after) {
        SetupResult result = resultOf(
            order, Status::Refused,
            QStringLiteral("%1 was changed since, and undo would lose that. Disconnect takes out the entry alone.").arg(order.file));
        result.diff = diffLines(before.value_or(QByteArray()), file->bytes, order.linesAround, order.values.token);
        return result;
    }
    if (!file->isThere && !before)
        return resultOf(order, Status::Unchanged);
    const auto written = write(kind, *file, before);
    if (!written)
        return resultOf(order, written.error());
    EntryRecord after = record;
    after.isConnected = record.last->wasConnected;
    after.written = record.last->writtenBefore;
    after.last.reset();
    if (!after.isConnected)
        m_records.forget(record);
    else if (const auto saved = m_records.save(after); !saved)
        return resultOf(order, saved.error());
    return resultOf(order, Status::Written);
}

} // namespace mcpcore
