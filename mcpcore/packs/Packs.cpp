// SPDX-FileCopyrightText: 2026 The Countersign authors
// SPDX-License-Identifier: GPL-3.0-or-later
#include "packs/Packs.h"
#include "packs/PackReader.h"

namespace mcpcore {

const HostedEndpoint *Pack::hostedIn(EnvironmentKind kind) const
{
    const auto found = std::find_if(hosted.begin(), hosted.end(), [kind](const auto &one) { return one.environments.contains(kind); });
    return found == hosted.end() ? nullptr : &*found;
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

const Pack *find(const QList<Pack> &packs, const QString &id)
{
    const auto found = std::find_if(packs.begin(), packs.end(), [&id](const Pack &pack) { return pack.id == id; });
    return found == packs.end() ? nullptr : &*found;
}

} // namespace mcpcore
