// SPDX-FileCopyrightText: 2026 The Countersign authors
// SPDX-License-Identifier: GPL-3.0-or-later
#include "clientconfig/SetupPlan.h"
#include "base/Json.h"
#include "clientconfig/EntryCheck.h"

namespace mcpcore {

namespace {

using Status = SetupResult::Status;

} // namespace

SetupResult resultOf(const SetupOrder &order, Status status, const QString &reason)
{
    return {order.values.client, order.file, status, 0, 0, reason};
}

SetupResult resultOf(const SetupOrder &order, const Error &error)
{
    return resultOf(order, error.kind == Error::Kind::Conflict ? Status::Conflict : Status::Refused, error.message);
}

SetupResult resultOf(const SetupOrder &order, const ConfigFault &fault)
{
    SetupResult result = resultOf(order, Status::Refused, fault.reason);
    result.line = fault.line;
    result.column = fault.column;
    return result;
}

QByteArray stateOf(const ConfigFile &file)
{
    return file.isThere ? file.digest : QByteArray();
}

QByteArray stateOf(const std::optional<QByteArray> &bytes)
{
    return bytes ? digestOf(*bytes) : QByteArray();
}

ConfigDialect dialectFor(const ClientKind &kind, const ConfigFile &file)
{
    ConfigDialect dialect = kind.dialect;
    dialect.emptyFile = dialect.emptyFile || !file.isThere;
    return dialect;
}

EntryPlace placeOf(const EntryShape &shape, const SetupOrder &order)
{
    return {shape.path, order.values.name, shape.holder};
}

ConfigResult<ConfigValue> documentOf(const ClientKind &kind, const ConfigFile &file, const EntryPlace &place)
{
    const ConfigDialect dialect = dialectFor(kind, file);
    auto document = meaningOf(file.bytes, dialect);
    if (document)
        return document;
    const auto edit = insertEntry(file.bytes, dialect, place, Json::object());
    return edit ? document : tl::unexpected(edit.error());
}

std::optional<SetupResult> ClientSetup::impossible(const ClientKind &kind, const SetupOrder &order) const
{
    if (!kind.unreachableReason.isEmpty())
        return resultOf(order, Status::Refused, kind.unreachableReason + QLatin1Char(' ') + kind.instead);
    if (kind.files.isEmpty())
        return resultOf(order, Status::Refused, QStringLiteral("%1 has no file to write to. %2").arg(kind.name, kind.paste));
    if (!kind.has(order.way))
        return resultOf(order, Status::Refused,
                        QStringLiteral("%1 starts programs only, and reads no address. Choose Bridge.").arg(kind.name));
    const QString versioned = order.way == Way::Http ? versionControlAbove(order.file, m_around.machine.home) : QString();
    if (!versioned.isEmpty())
        return resultOf(order, Status::Refused,
                        QStringLiteral("%1 is under version control (%2), where a token would be shared. Choose Bridge, which needs none.")
                            .arg(order.file, versioned));
    return {};
}

std::optional<SetupResult> ClientSetup::running(const ClientKind &kind, const SetupOrder &order) const
{
    const QStringList programs = kind.quitPrograms.value(m_around.machine.system);
    if (programs.isEmpty() || !m_around.running || m_around.running(programs).isEmpty())
        return {};
    return resultOf(order, Status::Refused,
                    QStringLiteral("%1 is running. %2 Quit it first, then try again.").arg(kind.name, kind.quitReason));
}

tl::expected<ClientSetup::Plan, SetupResult> ClientSetup::plan(const ClientKind &kind, const SetupOrder &order) const
{
    if (const auto never = impossible(kind, order))
        return tl::unexpected(*never);
    const auto file = readConfigFile(m_around.steps, order.file);
    if (!file)
        return tl::unexpected(resultOf(order, file.error()));
    const auto makesItself = [](const ClientFileKind &one) { return one.create == ClientFileKind::Create::Never; };
    if (!file->isThere && std::all_of(kind.files.begin(), kind.files.end(), makesItself))
        return tl::unexpected(
            resultOf(order, Status::Refused, QStringLiteral("%1 is not there. Start %2 once, which makes it.").arg(order.file, kind.name)));
    const ConfigDialect dialect = dialectFor(kind, *file);
    const auto document = documentOf(kind, *file, placeOf(kind.shapes.last(), order));
    if (!document)
        return tl::unexpected(resultOf(order, document.error()));
    const EntryShape &shape = shapeFor(kind, *document);
    const auto entry = entryOf(kind, shape, order.way, order.values);
    if (!entry)
        return tl::unexpected(resultOf(order, entry.error()));
    auto record = m_records.find(order.values.client, order.file, order.values.name);
    if (!record)
        return tl::unexpected(resultOf(order, record.error()));
    Plan plan{*file, *document, placeOf(shape, order), *record, {}, false, false};
    EntryChange change = EntryChange::Insert;
    if (const ConfigValue *old = entryAt(plan.document, plan.place)) {
        plan.isThere = sameMeaning(*old, configValue(*entry));
        const bool ours = (plan.record && plan.record->isConnected) || leadsToUs(*old, order.values);
        if (!plan.isThere && !ours && order.existing == SetupOrder::Existing::Keep)
            return tl::unexpected(
                resultOf(order, Status::Conflict,
                         QStringLiteral("The file has an entry \"%1\" of somebody else. Choose another name, or overwrite it.")
                             .arg(order.values.name)));
        // Names are cut: two connections may come to the same one.
        if (plan.record && plan.record->isConnected && plan.record->connection != order.values.connection
            && order.existing == SetupOrder::Existing::Keep)
            return tl::unexpected(
                resultOf(order, Status::Conflict,
                         QStringLiteral("The entry \"%1\" is there already, for %2. Choose another name, or overwrite it.")
                             .arg(order.values.name,
                                  plan.record->connection.isEmpty() ? QStringLiteral("all connections") : plan.record->connection)));
        plan.replaces = true;
        change = EntryChange::Replace;
    }
    if (plan.isThere) {
        plan.edited.bytes = file->bytes;
        return plan;
    }
    const auto edited = changedFile(file->bytes, dialect, plan.place, change, *entry, 0);
    if (!edited)
        return tl::unexpected(resultOf(order, edited.error()));
    plan.edited = *edited;
    return plan;
}

} // namespace mcpcore
