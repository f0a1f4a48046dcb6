// SPDX-FileCopyrightText: 2026 The Countersign authors
// SPDX-License-Identifier: GPL-3.0-or-later
#include "base/Json.h"
#include "clientconfig/EntryCheck.h"
#include "clientconfig/SetupPlan.h"

namespace mcpcore {

namespace {

using Status = SetupResult::Status;

QString inWords(std::chrono::seconds time)
{
    const auto count = [](qint64 number, const char *one) {
        return QStringLiteral("%1 %2%3").arg(number).arg(QLatin1String(one), QLatin1String(number == 1 ? "" : "s"));
    };
    if (time.count() % 3600 == 0)
        return count(time.count() / 3600, "hour");
    return time.count() % 60 == 0 ? count(time.count() / 60, "minute") : count(time.count(), "second");
}

} // namespace

SetupPreview ClientSetup::preview(const ClientKind &kind, const SetupOrder &order) const
{
    SetupPreview preview{resultOf(order, Status::Written)};
    const auto plan = this->plan(kind, order);
    if (!plan) {
        preview.result = plan.error();
        return preview;
    }
    const bool isNew = !plan->file.isThere;
    if (plan->isThere)
        preview.result.status = Status::Unchanged;
    preview.replaces = plan->replaces;
    preview.bytesAdded = plan->edited.bytes.size() - plan->file.bytes.size();
    preview.result.diff = diffLines(plan->file.bytes, plan->edited.bytes, order.linesAround, order.values.token);
    preview.checked = {
        QStringLiteral("Read back with %1's own rules: the old meaning %2")
            .arg(kind.name, plan->replaces ? QStringLiteral("with one entry exchanged") : QStringLiteral("plus one entry")),
        isNew ? QStringLiteral("A new file, for you only. Undo takes it away") : QStringLiteral("A backup is kept. Undo at any time"),
        order.way == Way::Bridge ? QStringLiteral("No secret in the entry: the bridge proves itself to this app")
                                 : QStringLiteral("The token in the file is for this client only, and void once it is disconnected")};
    if (!order.values.connection.isEmpty())
        preview.checked.append(QStringLiteral("It reaches %1 in %2 only, under the names that %1 gives its tools")
                                   .arg(order.values.connection, order.values.environment));
    if (const auto timeout = kind.timeouts.constFind(order.way); timeout != kind.timeouts.constEnd())
        preview.timeout = QStringLiteral("Timeout raised from %1 to %2, so that you have time to decide")
                              .arg(inWords(timeout->was), inWords(timeout->now));
    preview.restart = kind.restart;
    preview.warnings = warnings(kind, order, *plan);
    return preview;
}

QList<SetupWarning> ClientSetup::warnings(const ClientKind &kind, const SetupOrder &order, const Plan &plan) const
{
    using What = SetupWarning::What;
    QList<SetupWarning> warnings;
    if (const auto refused = running(kind, order))
        warnings.append({What::MustQuit, refused->reason});
    if (const QString folder = versionControlAbove(order.file, m_around.machine.home); !folder.isEmpty())
        warnings.append(
            {What::Versioned,
             QStringLiteral("The file is under version control (%1): who gets its next version gets the entry, without a secret.")
                 .arg(folder)});
    if (order.way == Way::Http && plan.file.isThere && (plan.file.look.mode & 0077) != 0)
        warnings.append(
            {What::OthersMayRead,
             QStringLiteral(
                 "Other users of this computer may read the file, and the token in it. Choose Bridge, or make the file private.")});
    if (const QString reason = leftOut(kind, plan.document, order.values.name); !reason.isEmpty())
        warnings.append({What::LeftOut, reason});
    for (const Bypass &bypass : bypasses(plan.document, plan.place, m_around.packs))
        warnings.append(
            {What::Bypass,
             QStringLiteral("It also talks to %1 directly: the entry \"%2\" goes around Countersign.").arg(bypass.vendor, bypass.entry),
             bypass.entry, bypass.vendor});
    return warnings;
}

Result<QByteArray> ClientSetup::snippet(const ClientKind &kind, Way way, const EntryValues &values)
{
    if (kind.shapes.isEmpty())
        return failure(Error::Kind::InvalidArgument, kind.unreachableReason + QLatin1Char(' ') + kind.instead);
    const EntryShape &shape = kind.shapes.last();
    const auto entry = entryOf(kind, shape, way, values);
    if (!entry)
        return failure(entry.error());
    const auto file = changedFile({}, dialectFor(kind, {}), {shape.path, values.name, shape.holder}, EntryChange::Insert, *entry, 0);
    if (!file)
        return failure(Error::Kind::InvalidArgument, file.error().reason);
    return file->bytes;
}

} // namespace mcpcore
