// SPDX-FileCopyrightText: 2026 The Countersign authors
// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once
#include "gateway/ToolCatalog.h"
#include <map>

namespace mcpcore {

// The tool catalogs of all connections, made when first asked for and dropped with their connection. Lives in the core
// thread.
class Catalogs : public QObject
{
    Q_OBJECT
public:
    Catalogs(const WorkspaceFile &workspace, const UpstreamAccess &access, KeptTools &kept, QObject *parent = nullptr);

    ToolCatalog &at(const ConnectionId &connection, const EnvironmentId &environment, const ServedClient &served);
    // The one that knows most of the tools there, without asking anybody; null while none was listed.
    const ToolCatalog *known(const ConnectionId &connection, const EnvironmentId &environment) const;

Q_SIGNALS:
    void changed(mcpcore::ToolCatalog *catalog);

private:
    void dropRemoved();

    const WorkspaceFile &m_workspace;
    const UpstreamAccess &m_access;
    KeptTools &m_kept;
    // By connection, environment, and for which client; the target tells a connection from a later one of the same name.
    struct Entry {
        std::unique_ptr<ToolCatalog> catalog;
        QString destination;
    };
    std::map<std::tuple<ConnectionId, EnvironmentId, ServedClient>, Entry> m_entries;
};

} // namespace mcpcore
