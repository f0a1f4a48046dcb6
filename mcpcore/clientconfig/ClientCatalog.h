// SPDX-FileCopyrightText: 2026 The Countersign authors
// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once
#include "base/Result.h"
#include "clientconfig/ClientKind.h"
#include <vector>

namespace mcpcore {

// The texts of resources/clients, as they were when the program was built.
const std::vector<const char *> &clientKindTexts();

// The kinds of clients that this program knows, in the order of their names. Read once; a plain value.
struct ClientCatalog {
    QList<ClientKind> kinds;

    static Result<ClientCatalog> builtIn();
    // The kind with this id, or null.
    const ClientKind *find(const QString &id) const;
};

} // namespace mcpcore
