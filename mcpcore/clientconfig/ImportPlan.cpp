// SPDX-FileCopyrightText: 2026 The Countersign authors
// SPDX-License-Identifier: GPL-3.0-or-later
#include "clientconfig/ImportPlan.h"
#include "base/Json.h"
#include "clientconfig/EntryCheck.h"
#include "clientconfig/ImportScan.h"
#include <algorithm>

namespace mcpcore {

namespace {

using Status = SetupResult::Status;

constexpr size_t kShortestKey = 8; // as the scan finds them

bool isSame(const EntryPlace &left, const EntryPlace &right)
{
    return left.path == right.path && left.name == right.name;
}

bool holdsAnywhere(const ConfigValue &value, const Secret &key)
{
    return holds(value.text, key)
           || std::any_of(value.items.begin(), value.items.end(), [&](const ConfigValue &item) { return holdsAnywhere(item, key); })
           || std::any_of(value.members.begin(), value.members.end(),
                          [&](const auto &member) { return holds(member.first, key) || holdsAnywhere(member.second, key); });
}

// What stands in the way of taking these entries with these keys; empty when nothing does.
QString whyNot(const ImportOrder &order, const ImportScan &scan)
{
    if (order.entries.isEmpty())
        return QStringLiteral("No entry of %1 was chosen.").arg(order.setup.file);
    for (const ImportedKey &key : order.keys)
        if (key.name.isEmpty() || key.secret.size() < kShortestKey)
            return QStringLiteral("A key without a name, or with fewer than 8 characters, cannot be moved.");
    for (const EntryPlace &place : order.entries) {
        const auto server =
            std::find_if(scan.servers.begin(), scan.servers.end(), [&](const FoundServer &one) { return isSame(one.place, place); });
        if (server == scan.servers.end())
            return QStringLiteral("There is no entry \"%1\" of somebody else in %2. Look again.").arg(place.name, order.setup.file);
        for (const KeyPlace &found : server->keys)
            if (std::none_of(order.keys.begin(), order.keys.end(),
                             [&](const ImportedKey &key) { return equalInConstantTime(key.secret, scan.keys[size_t(found.key)].secret); }))
                return QStringLiteral(
                           "The entry \"%1\" holds a key (%2) that was not moved to the keychain. Move it too, or leave the entry.")
                    .arg(place.name, found.name.isEmpty() ? QStringLiteral("without a name") : found.name);
    }
    return {};
}

// Whether no key can be read out of the masked text: one that is written with escapes is not found by its bytes.
bool isHidden(const ClientKind &kind, const MaskedText &text, const std::vector<ImportedKey> &keys)
{
    const auto document = meaningOf(text.withStandIns(), kind.dialect);
    return document && std::none_of(keys.begin(), keys.end(), [&](const ImportedKey &key) { return holdsAnywhere(*document, key.secret); });
}

} // namespace

tl::expected<ClientImport::Plan, SetupResult> ClientImport::plan(const ClientKind &kind, const ImportOrder &order) const
{
    const auto refused = [&](const QString &reason) { return tl::unexpected(resultOf(order.setup, Status::Refused, reason)); };
    if (const auto never = m_setup.impossible(kind, order.setup))
        return tl::unexpected(*never);
    const auto file = readConfigFile(m_around.steps, order.setup.file);
    if (!file)
        return tl::unexpected(resultOf(order.setup, file.error()));
    if (!file->isThere)
        return refused(QStringLiteral("%1 is not there any more.").arg(order.setup.file));
    if (!order.digest.isEmpty() && order.digest != file->digest)
        return tl::unexpected(resultOf(order.setup, Status::Conflict,
                                       QStringLiteral("%1 was changed since you looked at it. Look again.").arg(order.setup.file)));
    auto scan = scanForImport(file->bytes, kind, m_around.packs, order.setup.values);
    if (!scan)
        return tl::unexpected(resultOf(order.setup, scan.error()));
    if (const QString reason = whyNot(order, *scan); !reason.isEmpty())
        return refused(reason);
    Plan plan{*file, file->bytes, masked(file->bytes, order.keys), {}};
    if (!isHidden(kind, plan.kept, order.keys))
        return refused(
            QStringLiteral("A key in %1 is written with escapes, so that copies of the file would keep it. Write it plainly, then try "
                           "again.")
                .arg(order.setup.file));
    for (const EntryPlace &place : order.entries) {
        const auto edited = changedFile(plan.bytes, kind.dialect, place, EntryChange::Remove, Json(), 0);
        if (!edited)
            return tl::unexpected(resultOf(order.setup, edited.error()));
        plan.bytes = edited->bytes;
    }
    if (const auto wrong = putOurs(kind, order.setup, plan))
        return tl::unexpected(*wrong);
    for (FoundKey &key : scan->keys)
        plan.hidden.push_back({QStringLiteral("key"), std::move(key.secret)});
    return plan;
}

// Our entry, where there is none yet. What is wrong with it, if anything.
std::optional<SetupResult> ClientImport::putOurs(const ClientKind &kind, const SetupOrder &order, Plan &plan) const
{
    auto previous = m_setup.records().find(order.values.client, order.file, order.values.name);
    if (!previous)
        return resultOf(order, previous.error());
    plan.previous = *previous;
    const auto document = meaningOf(plan.bytes, kind.dialect);
    if (!document)
        return resultOf(order, document.error());
    const EntryShape &shape = shapeFor(kind, *document);
    plan.ours = placeOf(shape, order);
    EntryChange change = EntryChange::Insert;
    if (const ConfigValue *there = entryAt(*document, plan.ours)) {
        if ((plan.previous && plan.previous->isConnected) || leadsToUs(*there, order.values))
            return {};
        if (order.existing == SetupOrder::Existing::Keep)
            return resultOf(order, Status::Refused,
                            QStringLiteral("The file has an entry \"%1\" of somebody else. Choose another name, or overwrite it.")
                                .arg(order.values.name));
        change = EntryChange::Replace;
    }
    const auto entry = entryOf(kind, shape, order.way, order.values);
    if (!entry)
        return resultOf(order, entry.error());
    const auto edited = changedFile(plan.bytes, kind.dialect, plan.ours, change, *entry, 0);
    if (!edited)
        return resultOf(order, edited.error());
    plan.bytes = edited->bytes;
    plan.created = edited->created;
    plan.putsOurs = true;
    return {};
}

} // namespace mcpcore
