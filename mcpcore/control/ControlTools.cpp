// SPDX-FileCopyrightText: 2026 The Countersign authors
// SPDX-License-Identifier: GPL-3.0-or-later
#include "base/Json.h"
#include "control/Control.h"
#include "gateway/Gateway.h"
#include "store/WorkspaceFile.h"
#include "upstream/UpstreamPool.h"

namespace mcpcore {

namespace {

// The classes of the Practice tools, made by us: its rows are not a vendor's.
ToolClass practiceClass(const QString &tool)
{
    if (tool.startsWith(QLatin1String("list_")) || tool.startsWith(QLatin1String("get_")))
        return tool.contains(QLatin1String("customer")) ? ToolClass::ReadPersonal : ToolClass::Read;
    if (tool.contains(QLatin1String("refund")))
        return ToolClass::Money;
    if (tool.startsWith(QLatin1String("create_")))
        return ToolClass::Write;
    if (tool.startsWith(QLatin1String("delete_")) || tool.startsWith(QLatin1String("cancel_"))
        || tool.startsWith(QLatin1String("replace_")))
        return ToolClass::Destructive;
    return ToolClass::Change;
}

struct Place {
    ConnectionId connection;
    EnvironmentId environment;
};

Result<Place> placeFrom(const Workspace &workspace, const Json &parameters)
{
    const Place place{{stringAt(parameters, "id", {})}, {stringAt(parameters, "environment", {})}};
    const Connection *connection = find(workspace, place.connection);
    if (!connection)
        return failure(Error::Kind::NotFound, QStringLiteral("There is no connection %1.").arg(place.connection.text));
    if (!connection->environments.contains(place.environment))
        return failure(Error::Kind::NotFound,
                       QStringLiteral("%1 has no environment %2.").arg(place.connection.text, place.environment.text));
    return place;
}

// What is to be hidden or shown: the place, the client and the tool's name, all of them there.
Result<HiddenTool> hiddenFrom(const Workspace &workspace, const Json &parameters)
{
    const auto place = placeFrom(workspace, parameters);
    if (!place)
        return failure(place.error());
    const HiddenTool hidden{{stringAt(parameters, "client", {})}, place->connection, place->environment, stringAt(parameters, "tool", {})};
    if (hidden.client.isEmpty() || hidden.tool.isEmpty())
        return failure(Error::Kind::InvalidArgument, QStringLiteral("Name the client and the tool: --client C --hide TOOL."));
    if (!find(workspace, hidden.client))
        return failure(Error::Kind::NotFound,
                       QStringLiteral("There is no client %1. See: countersignctl client list.").arg(hidden.client.text.left(60)));
    return hidden;
}

Json toJson(const HiddenTool &hidden, bool isHidden)
{
    return Json{{"client", hidden.client.text},
                {"connection", hidden.connection.text},
                {"environment", hidden.environment.text},
                {"tool", hidden.tool},
                {"hidden", isHidden}};
}

// The person looked at a list that may be old by now: what was seen is told by its pins.
Result<> checkSeen(const ToolCatalog &catalog, const Json &parameters)
{
    const Json *pins = memberAt(parameters, "pins");
    for (const Tool &tool : catalog.tools())
        if (const Json *seen = pins ? memberAt(*pins, tool.name.toStdString()) : nullptr;
            seen && *seen != Json(QString::fromLatin1(tool.pin.toHex())))
            return failure(
                Error::Kind::Conflict,
                QStringLiteral("Nothing was trusted: the server changed %1 while you looked. Look at it again.").arg(tool.name.left(80)));
    return {};
}

Json toJson(const Tool &tool)
{
    static constexpr const char *states[] = {"quarantined", "trusted", "changed"};
    Json out{{"name", tool.name},
             {"state", states[size_t(tool.state)]},
             {"class", toText(tool.toolClass)},
             {"pin", QString::fromLatin1(tool.pin.toHex())}};
    if (const auto definition = parseJson(tool.definition.view()))
        out["definition"] = *definition;
    return out;
}

} // namespace

void Control::addToolCommands()
{
    m_commands[QStringLiteral("connection test")] = {&Control::testConnection, {}};
    m_commands[QStringLiteral("connection tools")] = {&Control::listTools, {}};
    m_commands[QStringLiteral("connection trust")] = {
        &Control::trustTools, [](const Json &parameters) -> Result<QString> {
            return QStringLiteral("Trust tools of %1: list them to clients and let them be called?").arg(stringAt(parameters, "id", {}));
        }};
    m_commands[QStringLiteral("connection hide")] = {&Control::hideTool, {}};
    m_commands[QStringLiteral("connection unhide")] = {&Control::showTool, [this](const Json &parameters) -> Result<QString> {
                                                           const auto wanted = hiddenFrom(workspace(), parameters);
                                                           if (!wanted)
                                                               return failure(wanted.error());
                                                           return QStringLiteral("Show the tool %1 of %2 in %3 to %4 again?")
                                                               .arg(wanted->tool, wanted->connection.text, wanted->environment.text,
                                                                    wanted->client.text);
                                                       }};
}

void Control::testConnection(const Json &parameters, Completion<Json> done)
{
    const auto place = placeFrom(workspace(), parameters);
    if (!place)
        return done(failure(place.error()));
    m_services.upstreams.forgetFailures(place->connection);
    m_services.gateway.access().get(
        {}, place->connection, place->environment, kEverything,
        Completion<Upstream *>(this, [place = *place, done = std::move(done)](Result<Upstream *> upstream) mutable {
            if (!upstream)
                return done(failure(upstream.error()));
            const RawJson info = (*upstream)->serverInfo();
            done(Json{{"connection", place.connection.text},
                      {"environment", place.environment.text},
                      {"reachable", true},
                      {"server", textOf(memberOf(info, "name")).value_or(QString())},
                      {"version", textOf(memberOf(info, "version")).value_or(QString())},
                      {"protocolVersion", (*upstream)->protocolVersion()}});
        }));
}

void Control::listTools(const Json &parameters, Completion<Json> done)
{
    const auto place = placeFrom(workspace(), parameters);
    if (!place)
        return done(failure(place.error()));
    const ClientId client{stringAt(parameters, "client", {})};
    if (!client.isEmpty() && !find(workspace(), client))
        return done(failure(Error::Kind::NotFound,
                            QStringLiteral("There is no client %1. See: countersignctl client list.").arg(client.text.left(60))));
    ToolCatalog &catalog = m_services.gateway.catalogs().at(place->connection, place->environment, kEverything);
    catalog.whenLoaded(
        {}, Completion<>(this, [this, client, catalog = QPointer(&catalog), done = std::move(done)](Result<> loaded) mutable {
            if (!loaded || !catalog)
                return done(failure(loaded ? Error{Error::Kind::NotFound, QStringLiteral("The connection was removed.")} : loaded.error()));
            Json tools = Json::array();
            for (const Tool &tool : catalog->tools()) {
                tools.push_back(toJson(tool));
                if (tool.state == Tool::State::Changed)
                    if (const auto accepted = parseJson(catalog->acceptedDefinition(tool.name).view()))
                        tools.back()["accepted"] = *accepted;
                Json from = Json::array(); // whom it is hidden from
                for (const HiddenTool &hidden : workspace().hidden)
                    if (hidden.connection == catalog->connection() && hidden.environment == catalog->environment()
                        && hidden.tool == tool.name && (client.isEmpty() || hidden.client == client))
                        from.push_back(hidden.client.text);
                tools.back()["hiddenFrom"] = from;
            }
            done(Json{{"tools", tools}});
        }));
}

void Control::hideTool(const Json &parameters, Completion<Json> done)
{
    const auto wanted = hiddenFrom(workspace(), parameters);
    if (!wanted)
        return done(failure(wanted.error()));
    const auto hide = [this, wanted = *wanted]() -> Result<Json> {
        if (workspace().hidden.contains(wanted))
            return toJson(wanted, true);
        const auto changed = change(QStringLiteral("Hid the tool %1 of %2 in %3 from %4.")
                                        .arg(wanted.tool, wanted.connection.text, wanted.environment.text, wanted.client.text),
                                    [&](Workspace &edited) -> Result<> {
                                        edited.hidden.append(wanted);
                                        return {};
                                    });
        return changed ? Result<Json>(toJson(wanted, true)) : failure(changed.error());
    };
    // One that is trusted is known without its server. Of others the server is asked: a name nobody lists hides nothing.
    if (findTrust(workspace(), wanted->connection, wanted->environment, wanted->tool))
        return done(hide());
    ToolCatalog &catalog = m_services.gateway.catalogs().at(wanted->connection, wanted->environment, kEverything);
    catalog.whenLoaded(
        {}, Completion<>(this, [wanted = *wanted, hide, catalog = QPointer(&catalog), done = std::move(done)](Result<> loaded) mutable {
            if (!loaded)
                return done(failure(loaded.error()));
            if (!catalog || !catalog->find(wanted.tool))
                return done(failure(Error::Kind::NotFound,
                                    QStringLiteral("%1 lists no tool %2.").arg(wanted.connection.text, wanted.tool.left(80))));
            done(hide());
        }));
}

void Control::showTool(const Json &parameters, Completion<Json> done)
{
    const auto wanted = hiddenFrom(workspace(), parameters);
    if (!wanted)
        return done(failure(wanted.error()));
    const auto changed =
        change(QStringLiteral("Showed the tool %1 of %2 in %3 to %4 again.")
                   .arg(wanted->tool, wanted->connection.text, wanted->environment.text, wanted->client.text),
               [&](Workspace &edited) -> Result<> {
                   if (edited.hidden.removeAll(*wanted) == 0)
                       return failure(Error::Kind::NotFound,
                                      QStringLiteral("The tool %1 is not hidden from %2.").arg(wanted->tool.left(80), wanted->client.text));
                   return {};
               });
    if (!changed)
        return done(failure(changed.error()));
    done(toJson(*wanted, false));
}

void Control::trustTools(const Json &parameters, Completion<Json> done)
{
    const auto place = placeFrom(workspace(), parameters);
    if (!place)
        return done(failure(place.error()));
    const QString className = stringAt(parameters, "class", {});
    const auto accepted = className.isEmpty() ? std::optional(ToolClass::Unknown) : toolClassFrom(className);
    if (!accepted)
        return done(
            failure(Error::Kind::InvalidArgument,
                    QStringLiteral(
                        "There is no class %1. Classes: read, read-personal, write, change, destructive, money, secret, control, unknown.")
                        .arg(className)));
    QStringList names;
    if (const Json *tools = memberAt(parameters, "tools"); tools && tools->is_array())
        for (const Json &tool : *tools)
            names.append(tool.is_string() ? tool.get<QString>() : QString());
    const bool all = boolAt(parameters, "all", false);
    if (names.isEmpty() != all)
        return done(failure(Error::Kind::InvalidArgument, QStringLiteral("Name the tools to trust, or say --all.")));

    ToolCatalog &catalog = m_services.gateway.catalogs().at(place->connection, place->environment, kEverything);
    catalog.whenLoaded(
        {}, Completion<>(this, [this, place = *place, names, all, accepted = *accepted, explicitly = !className.isEmpty(), parameters,
                                catalog = QPointer(&catalog), done = std::move(done)](Result<> loaded) mutable {
            if (!loaded || !catalog)
                return done(failure(loaded ? Error{Error::Kind::NotFound, QStringLiteral("The connection was removed.")} : loaded.error()));
            if (const auto seen = checkSeen(*catalog, parameters); !seen)
                return done(failure(seen.error()));
            const Connection *connection = find(workspace(), place.connection);
            const bool practice = connection && connection->vendor == QLatin1String("practice");
            QList<ToolTrust> trusts;
            for (const Tool &tool : catalog->tools())
                if (all || names.removeAll(tool.name) > 0)
                    trusts.append({place.connection, place.environment, tool.name, tool.pin,
                                   practice && !explicitly ? practiceClass(tool.name) : accepted});
            if (!names.isEmpty())
                return done(failure(Error::Kind::NotFound,
                                    QStringLiteral("%1 lists no tool %2.").arg(place.connection.text, names.join(QStringLiteral(", ")))));
            const auto changed = change(
                QStringLiteral("Trusted %1 tools of %2 in %3.").arg(trusts.size()).arg(place.connection.text, place.environment.text),
                [&](Workspace &edited) -> Result<> {
                    for (const ToolTrust &trust : trusts) {
                        edited.trusts.removeIf([&](const ToolTrust &old) {
                            return old.connection == trust.connection && old.environment == trust.environment && old.tool == trust.tool;
                        });
                        edited.trusts.append(trust);
                    }
                    return {};
                });
            if (!changed)
                return done(failure(changed.error()));
            Json tools = Json::array();
            for (const ToolTrust &trust : trusts)
                tools.push_back({{"name", trust.tool}, {"class", toText(trust.toolClass)}});
            done(Json{{"connection", place.connection.text},
                      {"environment", place.environment.text},
                      {"trusted", trusts.size()},
                      {"tools", tools}});
        }));
}

} // namespace mcpcore
