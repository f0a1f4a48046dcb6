// SPDX-FileCopyrightText: 2026 The Countersign authors
// SPDX-License-Identifier: GPL-3.0-or-later
#include "clientconfig/ClientCatalog.h"
#include "clientconfig/ClientReader.h"

namespace mcpcore {

Result<ClientCatalog> ClientCatalog::builtIn()
{
    ClientCatalog catalog;
    for (const char *text : clientKindTexts()) {
        auto kind = readClientKind(QByteArray(text));
        if (!kind)
            return failure(Error::Kind::FileFailed,
                           QStringLiteral("What this program knows of a client cannot be read: %1 Install Countersign again.")
                               .arg(toText(kind.error().first())));
        catalog.kinds.append(std::move(*kind));
    }
    std::sort(catalog.kinds.begin(), catalog.kinds.end(),
              [](const ClientKind &left, const ClientKind &right) { return left.name.compare(right.name, Qt::CaseInsensitive) < 0; });
    return catalog;
}

const ClientKind *ClientCatalog::find(const QString &id) const
{
    const auto found = std::find_if(kinds.begin(), kinds.end(), [&id](const ClientKind &kind) { return kind.id == id; });
    return found == kinds.end() ? nullptr : &*found;
}

} // namespace mcpcore
