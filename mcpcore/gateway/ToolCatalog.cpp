// SPDX-FileCopyrightText: 2026 The Countersign authors
// SPDX-License-Identifier: GPL-3.0-or-later
#include "gateway/ToolCatalog.h"
#include "protocol/Message.h"
#include "protocol/ToolHeaders.h"
#include "protocol/ToolNames.h"
#include "store/WorkspaceFile.h"
#include "upstream/Upstream.h"

namespace mcpcore {

namespace {
constexpr int kMaximumPages = 100;
}

ToolCatalog::ToolCatalog(ConnectionId connection, EnvironmentId environment, ServedClient served, const WorkspaceFile &workspace,
                         const UpstreamAccess &access, KeptTools &kept, QObject *parent)
    : QObject(parent),
      m_connection(std::move(connection)),
      m_environment(std::move(environment)),
      m_served(std::move(served)),
      m_workspace(workspace),
      m_access(access),
      m_kept(kept)
{
    connect(&workspace, &WorkspaceFile::changed, this, [this] {
        const QByteArray before = m_listed;
        judge();
        if (m_everLoaded && before != m_listed)
            Q_EMIT changed();
        if (m_loaded)
            m_kept.keep(m_connection, m_environment, m_tools);
    });
}

void ToolCatalog::whenLoaded(const ClientId &client, Completion<> done)
{
    if (m_loaded)
        return done({});
    m_waiting.push_back(std::move(done));
    m_client = client;
    if (!m_loading)
        load();
}

void ToolCatalog::whenListed(const ClientId &client, Completion<> done)
{
    const auto admitted = m_loaded ? Result<>() : m_access.admit(client, m_connection, m_environment);
    const bool shut = !admitted && (admitted.error().kind == Error::Kind::Locked || admitted.error().kind == Error::Kind::Paused);
    if (!shut)
        return whenLoaded(client, std::move(done));
    if (!m_everLoaded) {
        m_everLoaded = true; // what differs from it later is a change
        m_tools = m_kept.at(m_connection, m_environment);
        judge();
    }
    done({});
}

void ToolCatalog::reload()
{
    if (m_loading) {
        m_reloadAfter = true;
        return;
    }
    if (m_loaded)
        load();
}

void ToolCatalog::load()
{
    m_loading = true;
    m_incoming.clear();
    m_pages = 0;
    m_access.get(m_client, m_connection, m_environment, m_served, Completion<Upstream *>(this, [this](Result<Upstream *> upstream) {
                     if (!upstream)
                         return finishLoading(failure(upstream.error()));
                     follow(*upstream);
                     askPage(*upstream, {});
                 }));
}

void ToolCatalog::follow(Upstream *upstream)
{
    if (m_source == upstream)
        return;
    m_source = upstream;
    const auto forget = [this] { m_loaded = false; };
    connect(upstream, &Upstream::closed, this, forget);
    connect(upstream, &QObject::destroyed, this, forget);
    connect(upstream, &Upstream::unsolicited, this, [this](const UpstreamMessage &message) {
        if (message.method == QLatin1String("notifications/tools/list_changed"))
            reload();
    });
}

void ToolCatalog::askPage(Upstream *upstream, const QByteArray &cursor)
{
    const RawJson params(cursor.isEmpty() ? QByteArray() : "{\"cursor\":" + cursor + '}');
    upstream->request(
        QStringLiteral("tools/list"), params, {},
        Completion<UpstreamAnswer>(this, [this, cursor, upstream = QPointer(upstream)](Result<UpstreamAnswer> answer) {
            if (!answer)
                return finishLoading(failure(answer.error()));
            const auto page = membersOf(answer->result);
            const auto tools = page ? elementsOf(memberOf(*page, "tools")) : failure(Error::Kind::UpstreamFailed, {});
            if (!tools)
                return finishLoading(
                    failure(Error::Kind::UpstreamFailed,
                            QStringLiteral("%1 did not list its tools: the answer is not a tools list.").arg(m_connection.text)));
            for (const RawJson &definition : *tools) {
                const auto name = textOf(memberOf(definition, "name"));
                const auto pin = pinOf(definition);
                // A tool without a name, or one that cannot be read, cannot be trusted either.
                if (name && !name->isEmpty() && pin)
                    m_incoming.append({*name, RawJson(definition.bytes()), *pin, Tool::State::Quarantined, ToolClass::Unknown});
            }
            const RawJson next = memberOf(*page, "nextCursor");
            if (next.isEmpty() || next.view() == "null" || next.bytes() == cursor || ++m_pages >= kMaximumPages || !upstream)
                return finishLoading({});
            askPage(upstream, next.bytes());
        }));
}

void ToolCatalog::finishLoading(Result<> result)
{
    m_loading = false;
    if (result) {
        const QByteArray before = m_listed;
        const bool first = std::exchange(m_everLoaded, true) == false;
        m_tools = std::exchange(m_incoming, {});
        m_loaded = true;
        judge();
        m_kept.keep(m_connection, m_environment, m_tools);
        if (!first && before != m_listed)
            Q_EMIT changed();
    }
    for (auto &waiting : std::exchange(m_waiting, {}))
        waiting(result);
    if (std::exchange(m_reloadAfter, false))
        load();
}

RawJson ToolCatalog::acceptedDefinition(const QString &name) const
{
    const ToolTrust *trust = findTrust(m_workspace.current(), m_connection, m_environment, name);
    const QList<Tool> kept = m_kept.at(m_connection, m_environment);
    for (const Tool &tool : kept)
        if (trust && tool.name == name && tool.pin == trust->pin)
            return tool.definition;
    return {};
}

void ToolCatalog::judge()
{
    m_byName.clear();
    m_byExposedName.clear();
    m_listed.clear();
    m_listedExposed.clear();
    for (int i = 0; i < m_tools.size(); ++i) {
        Tool &tool = m_tools[i];
        const ToolTrust *trust = findTrust(m_workspace.current(), m_connection, m_environment, tool.name);
        const QString exposed = exposedToolName(m_connection, m_environment, tool.name);
        // Two tools of one name would make the approved one and the called one different things.
        const bool ambiguous = m_byName.contains(tool.name) || m_byExposedName.contains(exposed);
        tool.state = !trust || ambiguous ? Tool::State::Quarantined : trust->pin == tool.pin ? Tool::State::Trusted : Tool::State::Changed;
        tool.toolClass = trust ? trust->toolClass : ToolClass::Unknown;
        if (ambiguous) {
            m_tools[m_byName.value(tool.name, m_byExposedName.value(exposed))].state = Tool::State::Quarantined;
            continue;
        }
        m_byName.insert(tool.name, i);
        m_byExposedName.insert(exposed, i);
    }
    for (const Tool &tool : std::as_const(m_tools)) {
        if (tool.state != Tool::State::Trusted)
            continue;
        m_listed += (m_listed.isEmpty() ? "" : ",") + elementFor(tool, Names::Own);
        m_listedExposed += (m_listedExposed.isEmpty() ? "" : ",") + elementFor(tool, Names::Exposed);
    }
}

QByteArray ToolCatalog::listedWithout(const QStringList &hidden, Names names) const
{
    if (hidden.isEmpty())
        return names == Names::Own ? m_listed : m_listedExposed;
    QByteArray listed;
    for (const Tool &tool : m_tools)
        if (tool.state == Tool::State::Trusted && !hidden.contains(tool.name))
            listed += (listed.isEmpty() ? "" : ",") + elementFor(tool, names);
    return listed;
}

// One tool as an element of a list. Clients are not asked for the headers that a server wants of us.
QByteArray ToolCatalog::elementFor(const Tool &tool, Names names) const
{
    const RawJson definition = withoutToolHeaders(tool.definition);
    return names == Names::Own ? definition.bytes()
                               : withMembers(definition, {{"name", quoted(exposedToolName(m_connection, m_environment, tool.name))}});
}

const Tool *ToolCatalog::find(const QString &name) const
{
    const auto at = m_byName.constFind(name);
    return at == m_byName.cend() ? nullptr : &m_tools[*at];
}

const Tool *ToolCatalog::findExposed(const QString &exposedName) const
{
    const auto at = m_byExposedName.constFind(exposedName);
    return at == m_byExposedName.cend() ? nullptr : &m_tools[*at];
}

} // namespace mcpcore
