// SPDX-FileCopyrightText: 2026 The Countersign authors
// SPDX-License-Identifier: GPL-3.0-or-later
#include "base/Json.h"
#include "clientconfig/ConfigWriter.h"
#include "clientconfig/ImportCopies.h"
#include "clientconfig/SetupPlan.h"

namespace mcpcore {

namespace {

using Status = SetupResult::Status;

constexpr int kTries = 3;

} // namespace

ClientSetup::ClientSetup(Surroundings surroundings)
    : m_around(std::move(surroundings)), m_records(m_around.profile + QStringLiteral("/connected"))
{}

SetupResult ClientSetup::repeated(Act act, const ClientKind &kind, const SetupOrder &order) const
{
    SetupResult result = (this->*act)(kind, order);
    for (int i = 1; i < kTries && result.status == Status::Conflict; ++i)
        result = (this->*act)(kind, order);
    return result;
}

SetupResult ClientSetup::connect(const ClientKind &kind, const SetupOrder &order) const
{
    return repeated(&ClientSetup::tryConnect, kind, order);
}

SetupResult ClientSetup::disconnect(const ClientKind &kind, const SetupOrder &order) const
{
    return repeated(&ClientSetup::tryDisconnect, kind, order);
}

SetupResult ClientSetup::undo(const ClientKind &kind, const SetupOrder &order) const
{
    return repeated(&ClientSetup::tryUndo, kind, order);
}

SetupResult ClientSetup::tryConnect(const ClientKind &kind, const SetupOrder &order) const
{
    if (const auto never = impossible(kind, order))
        return *never;
    if (const auto first = running(kind, order))
        return *first;
    const auto plan = this->plan(kind, order);
    if (!plan)
        return plan.error();
    const QByteArray before = stateOf(plan->file);
    const bool goesOn = plan->record && plan->record->isConnected;
    EntryRecord record = goesOn ? *plan->record : EntryRecord();
    if (goesOn) {
        // What others changed in between must not be lost when the original comes back.
        record.isExact = record.isExact && record.written == before;
    } else {
        record.client = order.values.client;
        record.kind = kind.id;
        record.path = order.file;
        record.place = plan->place;
        record.created = plan->edited.created;
        record.original = before;
        record.isExact = !plan->isThere;
        record.isConnected = true;
    }
    record.way = order.way;
    record.connection = order.values.connection;
    record.environment = order.values.environment;
    if (plan->isThere) { // an entry like ours stands there: it is ours from now on
        record.written = before;
        const auto saved = m_records.save(record);
        return saved ? resultOf(order, Status::Unchanged) : resultOf(order, saved.error());
    }
    return change(kind, order, plan->file, plan->edited.bytes, record, plan->record);
}

// The record first: killed in between, it says that we connected, and the file shows that we did not.
SetupResult ClientSetup::change(const ClientKind &kind, const SetupOrder &order, const ConfigFile &file,
                                const std::optional<QByteArray> &bytes, EntryRecord record, const std::optional<EntryRecord> &old) const
{
    record.last = EntryRecord::Change{stateOf(file), stateOf(bytes), old && old->isConnected, old ? old->written : QByteArray(),
                                      m_around.clock.wall()};
    record.written = record.last->after;
    Result<> done = file.isThere ? m_records.keep(record, file.bytes) : Result<>();
    if (done)
        done = m_records.save(record);
    if (!done)
        return resultOf(order, done.error());
    done = write(kind, file, bytes);
    if (done) {
        m_records.tidy(record);
        return resultOf(order, Status::Written);
    }
    old ? void(m_records.save(*old)) : m_records.forget(record);
    return resultOf(order, done.error());
}

Result<> ClientSetup::write(const ClientKind &kind, const ConfigFile &file, const std::optional<QByteArray> &bytes) const
{
    removeLeftOvers(m_around.steps, ImportRecords(m_around.profile + QStringLiteral("/imported")), m_around.clock.wall(), file.path);
    ConfigWriter writer(m_around.steps, m_around.clock, m_around.profile + QStringLiteral("/backups"));
    if (!bytes)
        return writer.remove(kind, file);
    const auto written = writer.write(kind, file, *bytes);
    return written ? Result<>() : failure(written.error());
}

} // namespace mcpcore
