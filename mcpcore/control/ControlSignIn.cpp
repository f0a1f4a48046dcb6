// SPDX-FileCopyrightText: 2026 The Countersign authors
// SPDX-License-Identifier: GPL-3.0-or-later
#include "audit/ActivityLog.h"
#include "base/Json.h"
#include "control/Control.h"
#include "control/SignInJson.h"
#include "store/WorkspaceFile.h"
#include "upstream/UpstreamPool.h"
#include "upstream/signin/SignIn.h"

namespace mcpcore {

Json toJson(const SignInState &state, const EnvironmentId &environment)
{
    Json out{{"environment", environment.text}, {"state", toText(state.kind)}};
    if (!state.at.isEmpty()) {
        out["account"] = state.account;
        out["at"] = state.at;
        out["scopes"] = QString::fromLatin1(state.scopes.join(' '));
        out["expires"] = state.expires.count() > 0 ? toIsoText(state.expires) : QString();
        out["renews"] = state.renews;
    }
    if (!state.trouble.isEmpty())
        out["trouble"] = state.trouble;
    return out;
}

namespace {

constexpr const char *revokedNames[] = {"yes", "no", "not offered"};

struct Place {
    const Connection *connection;
    const Environment *environment;
};

// A connection that a person signs in to, in one of its environments.
Result<Place> placeAt(const Workspace &workspace, const Json &parameters)
{
    const QString id = stringAt(parameters, "id", {}), environmentId = stringAt(parameters, "environment", {});
    const Place place{find(workspace, ConnectionId{id}), find(workspace, EnvironmentId{environmentId})};
    if (!place.connection || !place.environment || !place.connection->environments.contains(place.environment->id))
        return failure(Error::Kind::NotFound, QStringLiteral("There is no connection %1 in %2.").arg(id, environmentId));
    if (!needsSignIn(*place.connection))
        return failure(Error::Kind::InvalidArgument,
                       QStringLiteral("Nobody signs in to %1. Add the connection with --auth oauth for that.").arg(id));
    return place;
}

} // namespace

void Control::addSignInCommands()
{
    m_commands[QStringLiteral("connection sign-in")] = {
        &Control::beginSignIn, [](const Json &parameters) -> Result<QString> {
            return QStringLiteral("Sign in to %1 in %2?").arg(stringAt(parameters, "id", {}), stringAt(parameters, "environment", {}));
        }};
    m_commands[QStringLiteral("connection await-sign-in")] = {&Control::awaitSignIn, {}};
    m_commands[QStringLiteral("connection cancel-sign-in")] = {&Control::cancelSignIn, {}};
    m_commands[QStringLiteral("connection sign-out")] = {&Control::signOut, {}};
}

// Answers with the page for the browser; "connection await-sign-in" with what came of it.
void Control::beginSignIn(const Json &parameters, Completion<Json> done)
{
    const auto place = placeAt(workspace(), parameters);
    if (!place)
        return done(failure(place.error()));
    const Json *member = memberAt(parameters, "secret");
    const std::string *clientKey = member ? member->get_ptr<const std::string *>() : nullptr;
    const bool opens = boolAt(parameters, "browser", true) && m_services.openBrowser;
    const auto connection = place->connection->id;
    const auto environment = place->environment->id;
    m_services.signIn.begin(
        *place->connection, *place->environment, clientKey ? Secret(*clientKey) : Secret(),
        Completion<SignIn::Page>(this, [this, opens, connection, environment, done = std::move(done)](Result<SignIn::Page> page) mutable {
            if (!page)
                return done(failure(page.error()));
            const QString address = QString::fromLatin1(page->address);
            if (opens)
                m_services.openBrowser(address);
            done(Json{{"id", connection.text},
                      {"environment", environment.text},
                      {"attempt", page->attempt},
                      {"url", address},
                      {"opened", opens}});
        }));
}

void Control::awaitSignIn(const Json &parameters, Completion<Json> done)
{
    const auto place = placeAt(workspace(), parameters);
    if (!place)
        return done(failure(place.error()));
    m_services.signIn.wait(
        integerAt(parameters, "attempt", 0),
        Completion<SignInState>(this, [this, connection = place->connection->id, environment = place->environment->id,
                                       done = std::move(done)](Result<SignInState> state) mutable {
            if (!state)
                return done(failure(state.error()));
            // Links that began without it, or as somebody else, begin again.
            m_services.upstreams.stop(connection);
            m_services.upstreams.forgetFailures(connection);
            m_services.log.append(
                {LogRow::Kind::Key, {}, QStringLiteral("Signed in to %1 in %2.").arg(connection.text, environment.text), {}});
            Json answer = toJson(*state, environment);
            answer["id"] = connection.text;
            done(std::move(answer));
        }));
}

// Who waits for it is told that it was cancelled.
void Control::cancelSignIn(const Json &parameters, Completion<Json> done)
{
    const auto place = placeAt(workspace(), parameters);
    if (!place)
        return done(failure(place.error()));
    const bool any = m_services.signIn.cancel(*place->connection, *place->environment);
    done(Json{{"id", place->connection->id.text}, {"environment", place->environment->id.text}, {"cancelled", any}});
}

void Control::signOut(const Json &parameters, Completion<Json> done)
{
    const auto place = placeAt(workspace(), parameters);
    if (!place)
        return done(failure(place.error()));
    m_services.signIn.signOut(
        *place->connection, *place->environment,
        Completion<SignIn::Revoked>(this, [this, connection = place->connection->id, environment = place->environment->id,
                                           done = std::move(done)](Result<SignIn::Revoked> revoked) mutable {
            if (!revoked)
                return done(failure(revoked.error()));
            m_services.upstreams.stop(connection);
            const QString text = QStringLiteral("Signed out of %1 in %2.").arg(connection.text, environment.text);
            m_services.log.append({LogRow::Kind::Key, {}, text, {}});
            done(Json{{"id", connection.text}, {"environment", environment.text}, {"revoked", revokedNames[size_t(*revoked)]}});
        }));
}

void Control::forgetSignIns(const Connection &connection, QList<EnvironmentId> left, Json forgotten, Completion<Json> done)
{
    if (left.isEmpty())
        return done(std::move(forgotten));
    const EnvironmentId id = left.takeFirst();
    const Environment *environment = find(workspace(), id);
    if (!environment)
        return forgetSignIns(connection, left, std::move(forgotten), std::move(done));
    m_services.signIn.forget(connection, *environment,
                             Completion<SignIn::Revoked>(this, [this, connection, id, left, forgotten = std::move(forgotten),
                                                                done = std::move(done)](Result<SignIn::Revoked> revoked) mutable {
                                 if (!revoked)
                                     return done(failure(revoked.error()));
                                 forgotten[id.text.toStdString()] = revokedNames[size_t(*revoked)];
                                 forgetSignIns(connection, left, std::move(forgotten), std::move(done));
                             }));
}

// Adds how each environment of a connection is signed in to `shown`, then answers with it.
void Control::addSignIns(const Connection &connection, QList<EnvironmentId> left, Json shown, Completion<Json> done)
{
    if (left.isEmpty())
        return done(std::move(shown));
    const EnvironmentId id = left.takeFirst();
    const Environment *environment = find(workspace(), id);
    if (!environment)
        return addSignIns(connection, left, std::move(shown), std::move(done));
    m_services.signIn.state(connection, *environment,
                            Completion<SignInState>(this, [this, connection, id, left, shown = std::move(shown),
                                                           done = std::move(done)](Result<SignInState> state) mutable {
                                if (state)
                                    shown["signIn"].push_back(toJson(*state, id));
                                addSignIns(connection, left, std::move(shown), std::move(done));
                            }));
}

} // namespace mcpcore
