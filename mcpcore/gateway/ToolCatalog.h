// SPDX-FileCopyrightText: 2026 The Countersign authors
// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once
#include "base/Completion.h"
#include "gateway/KeptTools.h"
#include "gateway/UpstreamAccess.h"
#include <QHash>
#include <QStringList>

namespace mcpcore {

// The tools one upstream lists (connection + environment + declared client capabilities: servers list by capability), each
// with its pin and what the person accepted. A tool is listed to clients and callable only while its definition is the
// accepted one; a restarted upstream is asked again before anything is called. Keeps the lists it hands out serialized.
// Lives in the core thread, as long as the connection.
class ToolCatalog : public QObject
{
    Q_OBJECT
public:
    ToolCatalog(ConnectionId connection, EnvironmentId environment, ServedClient served, const WorkspaceFile &workspace,
                const UpstreamAccess &access, KeptTools &kept, QObject *parent);

    const ConnectionId &connection() const { return m_connection; }
    const EnvironmentId &environment() const { return m_environment; }

    // Answers once the upstream's tools are known; lists them if they are not.
    void whenLoaded(const ClientId &client, Completion<> done);
    // Answers once there is something to show: like whenLoaded(), but what a person has locked or paused is not asked for its
    // tools: the ones it had are shown, and a call to them is refused with the reason.
    void whenListed(const ClientId &client, Completion<> done);
    // Lists again, e.g. after notifications/tools/list_changed; changed() follows when something differs.
    void reload();
    bool isLoaded() const { return m_loaded; }
    const ServedClient &served() const { return m_served; }

    const QList<Tool> &tools() const { return m_tools; }
    const Tool *find(const QString &name) const;
    // The definition a person accepted, of a tool that is another one by now; empty when it was not kept.
    RawJson acceptedDefinition(const QString &name) const;
    const Tool *findExposed(const QString &exposedName) const;
    // The trusted tools as the elements of a JSON array, without brackets: under their own names, or the names of /mcp.
    QByteArray listed() const { return m_listed; }
    QByteArray listedExposed() const { return m_listedExposed; }
    // The same without the tools of these names, for a client that does not see them.
    enum class Names { Own, Exposed };
    QByteArray listedWithout(const QStringList &hidden, Names names) const;

Q_SIGNALS:
    void changed();

private:
    void load();
    void follow(Upstream *upstream);
    void askPage(Upstream *upstream, const QByteArray &cursor);
    void finishLoading(Result<> result);
    QByteArray elementFor(const Tool &tool, Names names) const;
    void judge(); // states and lists from the workspace's trust

    ConnectionId m_connection;
    EnvironmentId m_environment;
    ServedClient m_served;
    const WorkspaceFile &m_workspace;
    const UpstreamAccess &m_access;
    KeptTools &m_kept;
    ClientId m_client; // whose key lists
    QPointer<Upstream> m_source;
    QList<Tool> m_tools;
    QList<Tool> m_incoming;
    QHash<QString, int> m_byName;
    QHash<QString, int> m_byExposedName;
    QByteArray m_listed;
    QByteArray m_listedExposed;
    std::vector<Completion<>> m_waiting;
    int m_pages = 0;
    bool m_loaded = false;
    bool m_everLoaded = false;
    bool m_loading = false;
    bool m_reloadAfter = false;
};

} // namespace mcpcore
