// SPDX-FileCopyrightText: 2026 The Countersign authors
// SPDX-License-Identifier: GPL-3.0-or-later
#include "gateway/Catalogs.h"
#include "store/WorkspaceFile.h"

namespace mcpcore {

Catalogs::Catalogs(const WorkspaceFile &workspace, const UpstreamAccess &access, KeptTools &kept, QObject *parent)
    : QObject(parent), m_workspace(workspace), m_access(access), m_kept(kept)
{
    connect(&workspace, &WorkspaceFile::changed, this, &Catalogs::dropRemoved);
}

ToolCatalog &Catalogs::at(const ConnectionId &connection, const EnvironmentId &environment, const ServedClient &served)
{
    Entry &entry = m_entries[{connection, environment, served}];
    if (!entry.catalog) {
        entry.catalog = std::make_unique<ToolCatalog>(connection, environment, served, m_workspace, m_access, m_kept, nullptr);
        if (const Connection *known = find(m_workspace.current(), connection))
            entry.destination = destinationOf(*known, environment);
        connect(entry.catalog.get(), &ToolCatalog::changed, this, [this, catalog = entry.catalog.get()] { Q_EMIT changed(catalog); });
    }
    return *entry.catalog;
}

const ToolCatalog *Catalogs::known(const ConnectionId &connection, const EnvironmentId &environment) const
{
    const ToolCatalog *most = nullptr;
    for (const auto &[key, entry] : m_entries) {
        const bool here = std::get<ConnectionId>(key) == connection && std::get<EnvironmentId>(key) == environment;
        if (here && entry.catalog->tools().size() > (most ? most->tools().size() : 0))
            most = entry.catalog.get();
    }
    return most;
}

void Catalogs::dropRemoved()
{
    for (auto it = m_entries.begin(); it != m_entries.end();) {
        const Connection *connection = find(m_workspace.current(), std::get<ConnectionId>(it->first));
        const bool same = connection && destinationOf(*connection, std::get<EnvironmentId>(it->first)) == it->second.destination;
        if (same) {
            ++it;
        } else {
            it->second.catalog.release()->deleteLater(); // this runs inside a signal the catalog may listen to as well
            it = m_entries.erase(it);
        }
    }
}

} // namespace mcpcore
