// SPDX-FileCopyrightText: 2026 The Countersign authors
// SPDX-License-Identifier: GPL-3.0-or-later
#include "clientconfig/ClientImport.h"
#include "base/Json.h"
#include "clientconfig/ConfigWriter.h"
#include "clientconfig/EntryCheck.h"
#include "clientconfig/ImportPlan.h"
#include "clientconfig/ImportScan.h"
#include <algorithm>

namespace mcpcore {

namespace {

using Status = SetupResult::Status;
using What = ImportWarning::What;

constexpr int kTries = 3;

// To be looked at.
QByteArray shown(const QByteArray &bytes, const std::vector<ImportedKey> &hidden)
{
    QByteArray text = masked(bytes, hidden).bytes;
    return text.replace(kMovedMark, kHidden.toUtf8());
}

template <typename Act> ImportResult repeated(const Act &act)
{
    ImportResult result = act();
    for (int i = 1; i < kTries && result.result.status == Status::Conflict && !result.mayBeOut; ++i)
        result = act();
    return result;
}

} // namespace

ClientImport::ClientImport(const ClientSetup::Surroundings &surroundings)
    : m_around(surroundings), m_setup(surroundings), m_imports(m_around.profile + QStringLiteral("/imported"))
{}

ImportResult ClientImport::takeOver(const ClientKind &kind, const ImportOrder &order) const
{
    return repeated([&] { return tryTakeOver(kind, order); });
}

ImportResult ClientImport::undo(const ClientKind &kind, const ImportRecord &record, const std::vector<ImportedKey> &keys) const
{
    return repeated([&] { return tryUndo(kind, record, keys); });
}

ImportResult ClientImport::preview(const ClientKind &kind, const ImportOrder &order) const
{
    const auto plan = this->plan(kind, order);
    if (!plan)
        return {plan.error()};
    ImportResult preview{resultOf(order.setup, Status::Written), {}, warnings(order, *plan)};
    preview.result.diff = diffLines(shown(plan->file.bytes, plan->hidden), shown(plan->bytes, plan->hidden), order.setup.linesAround,
                                    order.setup.values.token);
    if (const auto first = m_setup.running(kind, order.setup))
        preview.warnings.prepend({What::MustQuit, first->reason});
    return preview;
}

QList<ImportWarning> ClientImport::warnings(const ImportOrder &order, const Plan &plan) const
{
    QList<ImportWarning> warnings;
    int last = 0;
    const MaskedText left = masked(plan.bytes, order.keys);
    for (const MaskedText::Hole &hole : left.holes) {
        const int line = int(left.bytes.left(hole.offset).count('\n')) + 1;
        if (line != last)
            warnings.append(
                {What::StaysInFile,
                 QStringLiteral("The key also stands in line %1 of %2, outside of the entry, and stays there. Take it out by hand.")
                     .arg(line)
                     .arg(order.setup.file),
                 line});
        last = line;
    }
    const QString folder = versionControlAbove(order.setup.file, m_around.machine.home);
    if (!order.keys.empty() && !folder.isEmpty())
        warnings.append({What::Versioned,
                         QStringLiteral("%1 is under version control (%2): its older versions may keep the key. Make a new key, and revoke "
                                        "this one.")
                             .arg(order.setup.file, folder)});
    return warnings;
}

// Another program may have written its text over ours, without a key that stood in the file before.
bool ClientImport::isWithout(const QString &path, const std::vector<ImportedKey> &keys) const
{
    const auto file = readConfigFile(m_around.steps, path);
    return std::any_of(keys.begin(), keys.end(), [&](const ImportedKey &key) { return !file || !holds(file->bytes, key.secret); });
}

// The records first: killed in between, they say what we did, and the file shows that we did not.
ImportResult ClientImport::tryTakeOver(const ClientKind &kind, const ImportOrder &order) const
{
    if (const auto first = m_setup.running(kind, order.setup))
        return {*first};
    const auto plan = this->plan(kind, order);
    if (!plan)
        return {plan.error()};
    const QByteArray after = digestOf(plan->bytes);
    const bool wasConnected = plan->previous && plan->previous->isConnected;
    EntryRecord entry =
        wasConnected ? *plan->previous
                     : EntryRecord{order.setup.values.client, kind.id, order.setup.file, plan->ours, order.setup.way, plan->created, true,
                                   plan->file.digest};
    if (plan->putsOurs)
        entry.way = order.setup.way;
    entry.isExact = false; // going back to the original would bring the keys back
    entry.last.reset();
    entry.written = after;
    ImportRecord record{{},        entry.client, kind.id,       order.setup.file,  m_around.clock.wall(),
                        {},        plan->ours,   !wasConnected, plan->file.digest, after,
                        plan->kept};
    for (const EntryPlace &place : order.entries)
        record.taken.append(place.name);
    record.id = ImportRecords::idOf(record);
    Result<> done = m_imports.save(record);
    if (done)
        done = m_setup.records().save(entry);
    if (done)
        done = write(kind, plan->file, plan->bytes, plan->kept.bytes);
    if (!done && isWithout(order.setup.file, order.keys)) {
        ImportResult result{resultOf(order.setup, done.error())};
        result.result.reason += QStringLiteral(" The entries may be out of the file already. Their keys are in the keychain.");
        result.mayBeOut = true;
        return result;
    }
    if (!done) {
        m_imports.forget(record);
        plan->previous ? void(m_setup.records().save(*plan->previous)) : m_setup.records().forget(entry);
        return {resultOf(order.setup, done.error())};
    }
    m_setup.records().tidy(entry);
    ImportResult result{resultOf(order.setup, Status::Written), record.id, warnings(order, *plan)};
    for (const QString &copy : hideInCopies(m_around.profile, m_imports, order.keys))
        result.warnings.append({What::CopyLeft, QStringLiteral("The copy %1 may still hold the key. Delete it.").arg(copy)});
    return result;
}

ImportResult ClientImport::tryUndo(const ClientKind &kind, const ImportRecord &record, const std::vector<ImportedKey> &keys) const
{
    SetupOrder order;
    order.file = record.file;
    order.values.client = record.client;
    order.values.name = record.ours.name;
    const auto refused = [&](const QString &reason) { return ImportResult{resultOf(order, Status::Refused, reason)}; };
    if (const auto first = m_setup.running(kind, order))
        return {*first};
    for (const QString &name : record.keys())
        if (std::none_of(keys.begin(), keys.end(), [&](const ImportedKey &key) { return key.name == name && !key.secret.isEmpty(); }))
            return refused(
                QStringLiteral("The key %1 is not in the keychain, and the old entry was not without it. Nothing was written.").arg(name));
    const QByteArray before = record.kept.restored([&](const QString &name) -> const Secret & {
        return std::find_if(keys.begin(), keys.end(), [&](const ImportedKey &key) { return key.name == name; })->secret;
    });
    if (digestOf(before) != record.before)
        return refused(QStringLiteral("A key is another one than that which was in %1: it was exchanged since. Put the entry back by hand.")
                           .arg(record.file));
    const auto file = readConfigFile(m_around.steps, record.file);
    if (!file)
        return {resultOf(order, file.error())};
    if (stateOf(*file) == record.before) { // killed before the file was written, or put back by hand
        m_imports.forget(record);
        return {resultOf(order, Status::Unchanged)};
    }
    const MaskedText now = masked(file->bytes, keys);
    if (stateOf(*file) != record.after) {
        ImportResult result =
            refused(QStringLiteral("%1 was changed since, and undo would lose that. Put the entry back by hand.").arg(record.file));
        result.result.diff = diffLines(record.kept.bytes, now.bytes, order.linesAround);
        return result;
    }
    auto entry = m_setup.records().find(record.client, record.file, record.ours.name);
    if (!entry)
        return {resultOf(order, entry.error())};
    if (const auto written = write(kind, *file, before, now.bytes); !written)
        return {resultOf(order, written.error())};
    if (*entry && record.hasConnected) {
        m_setup.records().forget(**entry);
    } else if (*entry) {
        (*entry)->written = record.before;
        (*entry)->last.reset();
        if (const auto saved = m_setup.records().save(**entry); !saved)
            return {resultOf(order, saved.error())};
    }
    m_imports.forget(record);
    return {resultOf(order, Status::Written)};
}

Result<> ClientImport::write(const ClientKind &kind, const ConfigFile &file, const QByteArray &bytes, const QByteArray &kept) const
{
    removeLeftOvers(m_around.steps, m_imports, m_around.clock.wall(), file.path);
    ConfigWriter writer(m_around.steps, m_around.clock, m_around.profile + QStringLiteral("/backups"));
    const auto written = writer.write(kind, file, bytes, kept);
    return written ? Result<>() : failure(written.error());
}

} // namespace mcpcore
