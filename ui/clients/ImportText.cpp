// SPDX-FileCopyrightText: 2026 The Countersign authors
// SPDX-License-Identifier: GPL-3.0-or-later
#include "ui/clients/ImportText.h"
#include "ui/connections/ConnectionText.h"
#include "ui/widgets/VisibleMarks.h"

namespace ui {

using Where = ImportKey::Where;
using Kind = mcpcore::Error::Kind;

namespace {

QString placeOf(const ImportKey &key)
{
    const QString name = visibleText(key.name);
    switch (key.where) {
    case Where::Variable: return name.isEmpty() ? ImportText::tr("in a variable") : ImportText::tr("in the variable %1").arg(name);
    case Where::Header: return name.isEmpty() ? ImportText::tr("in a header") : ImportText::tr("in the header %1").arg(name);
    case Where::Argument: return name.isEmpty() ? ImportText::tr("in an argument") : ImportText::tr("in the argument %1").arg(name);
    case Where::Address: return name.isEmpty() ? ImportText::tr("in the address") : ImportText::tr("in the address, as %1").arg(name);
    case Where::Other: return name.isEmpty() ? ImportText::tr("in the entry") : ImportText::tr("in the member %1").arg(name);
    }
    Q_UNREACHABLE();
}

// A program of the person's is given its key without a word of the vendor, and a key that is there already was asked about.
bool isAskedAbout(const ImportServer &server)
{
    return server.proposal && !server.proposal->exists && server.proposal->target.startsWith(QLatin1String("https://"));
}

} // namespace

QString ImportText::key(const ImportKey &key)
{
    if (key.prefix.isEmpty() && key.lastFour.isEmpty())
        return tr("too short to show a part of");
    return (visibleText(key.prefix) + QStringLiteral(" ··· ") + visibleText(key.lastFour)).trimmed();
}

QString ImportText::keyPlace(const ImportKey &key)
{
    QStringList parts;
    for (const QString &part : {visibleText(key.vendorName), visibleText(key.kind), placeOf(key)})
        if (!part.isEmpty())
            parts.append(part);
    return parts.join(QStringLiteral(", "));
}

QString ImportText::now(const ImportServer &server)
{
    return server.program.isEmpty() ? server.url : ConnectionText::commandLine(QStringList(server.program) + server.arguments);
}

bool ImportText::isUsual(const ImportServer &server)
{
    return canCome(server) && (!server.keys.isEmpty() || (!server.vendorName.isEmpty() && server.on));
}

QString ImportText::servers(const QList<ImportServer> &servers)
{
    return servers.size() == 1 ? tr("the server %1").arg(ConnectionText::name(servers.first().name)) : tr("%1 servers").arg(servers.size());
}

QString ImportText::asked(const QList<ImportServer> &servers)
{
    QStringList vendors;
    for (const ImportServer &server : servers)
        for (const ImportKey &key : isAskedAbout(server) ? server.keys : QList<ImportKey>())
            if (const QString name = visibleText(key.vendorName); !name.isEmpty() && !vendors.contains(name))
                vendors.append(name);
    if (vendors.size() > 2)
        return tr("the vendors");
    return vendors.size() == 2 ? tr("%1 and %2", "two vendors").arg(vendors.first(), vendors.last()) : vendors.value(0);
}

bool ImportText::mayGoUnverified(Kind kind)
{
    return kind == Kind::UpstreamFailed || kind == Kind::Unauthorized || kind == Kind::Expired;
}

} // namespace ui
