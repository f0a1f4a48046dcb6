// SPDX-FileCopyrightText: 2026 The Countersign authors
// SPDX-License-Identifier: GPL-3.0-or-later
#include "packs/Packs.h"
#include "packs/PackReader.h"

namespace mcpcore {

namespace {

template <typename Place> const Place *placeFor(EnvironmentKind kind, const QList<Place> &places)
{
    const auto found = std::find_if(places.begin(), places.end(), [kind](const auto &one) { return one.environments.contains(kind); });
    return found == places.end() ? nullptr : &*found;
}

} // namespace

const HostedEndpoint *Pack::hostedIn(EnvironmentKind kind) const
{
    return placeFor(kind, hosted);
}

const RestBase *Pack::restIn(EnvironmentKind kind) const
{
    return placeFor(kind, rest);
}

Result<QList<Pack>> builtInPacks()
{
    QList<Pack> packs;
    for (const char *text : packTexts()) {
        auto pack = readPack(QByteArray(text));
        if (!pack)
            return failure(
                Error::Kind::FileFailed,
                QStringLiteral("A pack of this program cannot be read: %1 Install Countersign again.").arg(toText(pack.error().first())));
        packs.append(std::move(*pack));
    }
    std::sort(packs.begin(), packs.end(), [](const Pack &left, const Pack &right) { return left.id < right.id; });
    return packs;
}

const Pack *packOf(const QList<Pack> &packs, const Connection &connection, const EnvironmentId &environment)
{
    if (const Pack *named = find(packs, connection.vendor))
        return named;
    const QString origin = std::holds_alternative<HttpTarget>(connection.target) ? destinationOf(connection, environment) : QString();
    if (origin.isEmpty())
        return nullptr;
    for (const Pack &pack : packs)
        for (const HostedEndpoint &hosted : pack.hosted)
            if (originOf(hosted.url) == origin)
                return &pack;
    return nullptr;
}

const Pack *find(const QList<Pack> &packs, const QString &id)
{
    const auto found = std::find_if(packs.begin(), packs.end(), [&id](const Pack &pack) { return pack.id == id; });
    return found == packs.end() ? nullptr : &*found;
}

} // namespace mcpcore
