// SPDX-FileCopyrightText: 2026 The Countersign authors
// SPDX-License-Identifier: GPL-3.0-or-later
#include "base/Json.h"
#include "control/Control.h"
#include "packs/Packs.h"
#include "store/WorkspaceFile.h"
#include "upstream/signin/SignIn.h"

// A connection comes to another environment, or leaves one.

namespace mcpcore {

namespace {

// Where it goes there: what was given, else the vendor's own server.
Result<QString> addressFor(const QList<Pack> &packs, const Connection &connection, const Environment &place, const QString &given)
{
    const Pack *pack = find(packs, connection.vendor);
    if (const QString why = pack ? pack->impossibleIn(place.kind) : QString(); !why.isEmpty())
        return failure(Error::Kind::InvalidArgument, why);
    if (!given.isEmpty())
        return given;
    if (const HostedEndpoint *server = pack ? pack->hostedIn(place.kind) : nullptr)
        return server->url;
    return failure(Error::Kind::InvalidArgument,
                   QStringLiteral("Say where %1 goes in %2: --url URL.").arg(connection.id.text, place.id.text));
}

} // namespace

void Control::addPlaceCommands()
{
    m_commands[QStringLiteral("connection environment")] = {
        &Control::placeConnection, [](const Json &parameters) -> Result<QString> {
            const QString question = QStringLiteral("Use the connection %1 in %2 as well?");
            return boolAt(parameters, "remove", false)
                       ? QString()
                       : question.arg(stringAt(parameters, "id", {}), stringAt(parameters, "environment", {}));
        }};
}

void Control::placeConnection(const Json &parameters, Completion<Json> done)
{
    const ConnectionId id{stringAt(parameters, "id", {})};
    const EnvironmentId environment{stringAt(parameters, "environment", {})};
    const Connection *connection = find(workspace(), id);
    const Environment *place = find(workspace(), environment);
    if (!connection || !place)
        return done(failure(Error::Kind::NotFound, connection ? QStringLiteral("There is no environment %1.").arg(environment.text)
                                                              : QStringLiteral("There is no connection %1.").arg(id.text)));
    if (boolAt(parameters, "remove", false))
        return takeFrom(*connection, *place, std::move(done));
    if (connection->vendor == QLatin1String("practice"))
        return done(failure(Error::Kind::InvalidArgument, QStringLiteral("Practice is for sandbox only.")));
    if (connection->environments.contains(environment))
        return done(failure(Error::Kind::Conflict, QStringLiteral("%1 is in %2 already.").arg(id.text, environment.text)));
    QString address;
    if (std::holds_alternative<HttpTarget>(connection->target)) {
        const auto found = addressFor(m_services.packs, *connection, *place, stringAt(parameters, "url", {}));
        if (!found)
            return done(failure(found.error()));
        address = *found;
    } else if (memberAt(parameters, "url")) {
        return done(failure(Error::Kind::InvalidArgument, QStringLiteral("%1 is a program: it has no address.").arg(id.text)));
    }
    const auto changed =
        change(QStringLiteral("Put the connection %1 into %2.").arg(id.text, environment.text), [&](Workspace &edited) -> Result<> {
            for (Connection &one : edited.connections) {
                if (one.id != id)
                    continue;
                one.environments.append(environment);
                if (auto *http = std::get_if<HttpTarget>(&one.target))
                    http->urls[environment] = address;
            }
            return {};
        });
    if (!changed)
        return done(failure(changed.error()));
    Json answer{{"id", id.text}, {"environment", environment.text}};
    if (!address.isEmpty())
        answer["url"] = address;
    done(std::move(answer));
}

// What was trusted and hidden there goes with it. A key or a sign-in is the person's to delete first: nothing is left in a
// store without a name.
void Control::takeFrom(const Connection &connection, const Environment &place, Completion<Json> done)
{
    const ConnectionId id = connection.id;
    const EnvironmentId environment = place.id;
    if (!connection.environments.contains(environment))
        return done(failure(Error::Kind::NotFound, QStringLiteral("%1 is not in %2.").arg(id.text, environment.text)));
    if (connection.environments.size() == 1)
        return done(failure(Error::Kind::Conflict,
                            QStringLiteral("%1 is in %2 only. Remove the connection instead.").arg(id.text, environment.text)));
    if (needsSignIn(connection))
        return done(failure(Error::Kind::Conflict, QStringLiteral("%1 is signed in to. Remove the connection instead.").arg(id.text)));
    const auto &keys = workspace().keys;
    if (std::any_of(keys.begin(), keys.end(), [&](const KeyRecord &key) { return key.connection == id && key.environment == environment; }))
        return done(
            failure(Error::Kind::Conflict, QStringLiteral("There is a key for %1 in %2. Delete it first.").arg(id.text, environment.text)));
    const auto changed =
        change(QStringLiteral("Took the connection %1 out of %2.").arg(id.text, environment.text), [&](Workspace &edited) -> Result<> {
            for (Connection &one : edited.connections) {
                if (one.id != id)
                    continue;
                one.environments.removeAll(environment);
                if (auto *http = std::get_if<HttpTarget>(&one.target))
                    http->urls.remove(environment);
            }
            const auto there = [&](const auto &item) { return item.connection == id && item.environment == environment; };
            edited.trusts.removeIf(there);
            edited.hidden.removeIf(there);
            edited.alarms.removeIf(there);
            return {};
        });
    if (!changed)
        return done(failure(changed.error()));
    done(Json{{"id", id.text}, {"removed", environment.text}});
}

} // namespace mcpcore
