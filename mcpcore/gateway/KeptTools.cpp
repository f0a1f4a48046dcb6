// SPDX-FileCopyrightText: 2026 The Countersign authors
// SPDX-License-Identifier: GPL-3.0-or-later
#include "gateway/KeptTools.h"
#include "base/AtomicFile.h"
#include "base/Json.h"
#include "base/Secret.h"
#include "protocol/Message.h"
#include "store/WorkspaceFile.h"
#include <algorithm>

namespace mcpcore {

namespace {

constexpr int kVersion = 1;

auto named(const QString &name)
{
    return [name](const Tool &tool) { return tool.name == name; };
}

} // namespace

Result<QByteArray> pinOf(const RawJson &definition)
{
    const auto tree = parseJson(definition.view());
    if (!tree)
        return failure(tree.error());
    const QByteArray canonical = canonicalBytes(*tree);
    return sha256({canonical.constData(), size_t(canonical.size())});
}

KeptTools::KeptTools(QString path, const WorkspaceFile &workspace) : m_path(std::move(path)), m_workspace(workspace)
{
    read();
}

void KeptTools::read()
{
    const auto bytes = readFile(m_path);
    const auto file = bytes ? parseJson({bytes->constData(), size_t(bytes->size())}) : failure(bytes.error());
    const Json *tools = file && integerAt(*file, "version", 0) == kVersion ? memberAt(*file, "tools") : nullptr;
    if (!tools || !tools->is_array())
        return;
    for (const Json &kept : *tools) {
        const Place place{{stringAt(kept, "connection", {})}, {stringAt(kept, "environment", {})}};
        const RawJson definition(stringAt(kept, "definition", {}).toUtf8());
        const auto pin = pinOf(definition);
        // The name is that of the definition, whatever stands beside it.
        const auto name = pin ? textOf(memberOf(definition, "name")) : failure(pin.error());
        if (name && std::none_of(m_places[place].cbegin(), m_places[place].cend(), named(*name)))
            m_places[place].append({*name, definition, *pin, Tool::State::Quarantined, ToolClass::Unknown});
    }
}

QList<Tool> KeptTools::at(const ConnectionId &connection, const EnvironmentId &environment) const
{
    return m_places.value({connection, environment});
}

void KeptTools::keep(const ConnectionId &connection, const EnvironmentId &environment, const QList<Tool> &tools)
{
    const Workspace &workspace = m_workspace.current();
    // Servers list by what a client can do: what only others are shown stays.
    const QList<Tool> before = at(connection, environment);
    QList<Tool> now;
    for (const Tool &tool : tools)
        if (tool.state == Tool::State::Trusted)
            now.append(tool);
    for (const Tool &tool : before)
        if (std::none_of(now.cbegin(), now.cend(), named(tool.name)))
            now.append(tool);
    now.removeIf([&](const Tool &tool) {
        const ToolTrust *trust = findTrust(workspace, connection, environment, tool.name);
        return !trust || trust->pin != tool.pin;
    });
    const bool same = std::equal(before.begin(), before.end(), now.begin(), now.end(),
                                 [](const Tool &a, const Tool &b) { return a.definition.view() == b.definition.view(); });
    if (same)
        return;
    m_places[{connection, environment}] = now;
    write();
}

// One that cannot be written is no reason to stop anything: locked tools are then not shown after the next start.
void KeptTools::write()
{
    Json tools = Json::array();
    const auto places = m_places.keys();
    for (const Place &place : places) {
        const Connection *connection = find(m_workspace.current(), place.first);
        if (!connection || !connection->environments.contains(place.second)) {
            m_places.remove(place);
            continue;
        }
        for (const Tool &tool : m_places.value(place))
            tools.push_back({{"connection", place.first.text},
                             {"environment", place.second.text},
                             {"definition", QString::fromUtf8(tool.definition.bytes())}});
    }
    (void)writeFile(m_path, toIndentedBytes(Json{{"version", kVersion}, {"tools", tools}}));
}

} // namespace mcpcore
