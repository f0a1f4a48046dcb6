// SPDX-FileCopyrightText: 2026 The Countersign authors
// SPDX-License-Identifier: GPL-3.0-or-later
#include "app/DeskLink.h"
#include "base/Json.h"
#include "base/Post.h"
#include "gateway/Gateway.h"
#include "upstream/UpstreamPool.h"
#include "upstream/signin/SignIn.h"
#include <QDateTime>

namespace app {

using namespace mcpcore;

namespace {

std::chrono::milliseconds timeFrom(const QString &iso)
{
    const QDateTime at = QDateTime::fromString(iso, Qt::ISODateWithMs);
    return std::chrono::milliseconds(at.isValid() ? at.toMSecsSinceEpoch() : 0);
}

SignInState signInFrom(const Json &json)
{
    SignInState state;
    state.kind = signInKindFrom(stringAt(json, "state", {})).value_or(SignInState::Kind::Unknown);
    state.account = stringAt(json, "account", {});
    state.at = stringAt(json, "at", {});
    const QByteArray scopes = stringAt(json, "scopes", {}).toUtf8();
    state.scopes = scopes.isEmpty() ? QByteArrayList() : scopes.split(' ');
    state.expires = timeFrom(stringAt(json, "expires", {}));
    state.renews = boolAt(json, "renews", false);
    state.trouble = stringAt(json, "trouble", {});
    return state;
}

ConnectionState stateFrom(const Json &json)
{
    ConnectionState state;
    state.connection = {stringAt(json, "id", {})};
    state.environment = {stringAt(json, "environment", {})};
    state.link = linkFrom(stringAt(json, "link", {})).value_or(ConnectionState::Link::Idle);
    state.server = stringAt(json, "server", {});
    state.protocol = stringAt(json, "protocolVersion", {});
    state.error = stringAt(json, "error", {});
    state.sessionsPage = stringAt(json, "sessionsPage", {});
    if (const Json *tools = memberAt(json, "tools"))
        state.tools = ConnectionState::Tools{int(integerAt(*tools, "trusted", 0)), int(integerAt(*tools, "waiting", 0)),
                                             int(integerAt(*tools, "changed", 0))};
    if (const Json *signIn = memberAt(json, "signIn"))
        state.signIn = signInFrom(*signIn);
    return state;
}

ui::KeyStore storeFrom(const Json &answer)
{
    const Json *keys = memberAt(answer, "keys");
    if (!keys)
        return {};
    return {stringAt(*keys, "store", {}) == QLatin1String("file"), stringAt(*keys, "state", {}) == QLatin1String("locked"),
            stringAt(*keys, "trouble", {})};
}

ui::ListedTool::Definition definitionFrom(const Json &json)
{
    Json rest = json;
    if (rest.is_object())
        rest.erase("description");
    return {stringAt(json, "description", {}), QString::fromUtf8(toIndentedBytes(rest))};
}

ui::ListedTool toolFrom(const Json &json)
{
    ui::ListedTool tool;
    tool.name = stringAt(json, "name", {});
    tool.pin = stringAt(json, "pin", {});
    const QString state = stringAt(json, "state", {});
    tool.state = state == QLatin1String("trusted")   ? Tool::State::Trusted
                 : state == QLatin1String("changed") ? Tool::State::Changed
                                                     : Tool::State::Quarantined;
    tool.accepted = toolClassFrom(stringAt(json, "class", {})).value_or(ToolClass::Unknown);
    const Json *definition = memberAt(json, "definition");
    if (!definition)
        return tool;
    tool.title = stringAt(*definition, "title", {});
    tool.description = stringAt(*definition, "description", {});
    tool.definition = definitionFrom(*definition);
    if (const Json *accepted = memberAt(json, "accepted"))
        tool.before = definitionFrom(*accepted);
    if (const Json *claims = memberAt(*definition, "annotations")) {
        if (tool.title.isEmpty())
            tool.title = stringAt(*claims, "title", {});
        const auto claim = [claims](const char *name) {
            const Json *member = memberAt(*claims, name);
            return member && member->is_boolean() ? std::optional(member->get<bool>()) : std::nullopt;
        };
        tool.readOnly = claim("readOnlyHint");
        tool.destructive = claim("destructiveHint");
        tool.openWorld = claim("openWorldHint");
    }
    const Json *schema = memberAt(*definition, "inputSchema");
    if (const Json *arguments = schema ? memberAt(*schema, "properties") : nullptr; arguments && arguments->is_object())
        for (const auto &[name, about] : arguments->items())
            tool.arguments.append(QString::fromStdString(name));
    return tool;
}

Json placeOf(const ConnectionId &connection, const EnvironmentId &environment)
{
    return {{"id", connection.text}, {"environment", environment.text}};
}

} // namespace

// What changes how connections stand, told in the core's thread.
void DeskLink::followConnections(Core &core)
{
    const auto tell = [this] { post(this, [this] { Q_EMIT connectionsChanged(); }); };
    connect(&core.signIn(), &SignIn::changed, &core, tell);
    connect(&core.upstreams(), &UpstreamPool::started, &core, tell);
    connect(&core.upstreams(), &UpstreamPool::ended, &core, tell);
    connect(&core.gateway().catalogs(), &Catalogs::changed, &core, tell);
}

void DeskLink::connectionStates(Completion<QList<ConnectionState>> done)
{
    auto owed = std::make_shared<Completion<QList<ConnectionState>>>(std::move(done));
    m_composition.command(
        QStringLiteral("connection states"), Json::object(),
        [this, owed](const Result<Json> &answer) {
            if (!answer)
                return (*owed)(failure(answer.error()));
            const ui::KeyStore store = storeFrom(*answer);
            if (std::exchange(m_status.keyStore, store) != store)
                Q_EMIT statusChanged();
            QList<ConnectionState> states;
            if (const Json *listed = memberAt(*answer, "states"))
                for (const Json &state : *listed)
                    states.append(stateFrom(state));
            (*owed)(std::move(states));
        },
        Authority::Window);
}

// Waited for here, not in the page: what comes of it is recorded also when nobody looks.
void DeskLink::signIn(const ConnectionId &connection, const EnvironmentId &environment, Completion<QString> page, Completion<> ended)
{
    struct Owed {
        Completion<QString> page;
        Completion<> ended;
    };
    auto owed = std::make_shared<Owed>(Owed{std::move(page), std::move(ended)});
    Json place = placeOf(connection, environment);
    m_composition.command(
        QStringLiteral("connection sign-in"), place,
        [this, place, owed](const Result<Json> &begun) mutable {
            if (!begun) {
                owed->page(failure(begun.error()));
                return owed->ended(failure(begun.error()));
            }
            owed->page(stringAt(*begun, "url", {}));
            place["attempt"] = integerAt(*begun, "attempt", 0);
            m_composition.command(
                QStringLiteral("connection await-sign-in"), place,
                [this, place, owed](const Result<Json> &signedIn) {
                    owed->ended(signedIn ? Result<>() : failure(signedIn.error()));
                    // Its tools can be looked at now: the page is told when they are known.
                    if (signedIn)
                        m_composition.command(
                            QStringLiteral("connection tools"), place, [](const Result<Json> &) {}, Authority::Window);
                },
                Authority::Window);
        },
        Authority::Window);
}

void DeskLink::cancelSignIn(const ConnectionId &connection, const EnvironmentId &environment)
{
    command(QStringLiteral("connection cancel-sign-in"), placeOf(connection, environment), Completion<>(this, [](Result<>) {}));
}

void DeskLink::signOut(const ConnectionId &connection, const EnvironmentId &environment, Completion<Revoked> done)
{
    auto owed = std::make_shared<Completion<Revoked>>(std::move(done));
    m_composition.command(
        QStringLiteral("connection sign-out"), placeOf(connection, environment),
        [owed](const Result<Json> &answer) {
            if (!answer)
                return (*owed)(failure(answer.error()));
            const QString revoked = stringAt(*answer, "revoked", {});
            (*owed)(revoked == QLatin1String("yes") ? Revoked::Yes : revoked == QLatin1String("no") ? Revoked::No : Revoked::NotOffered);
        },
        Authority::Window);
}

// Made-up data, sandbox only: a first approval needs no key and no account.
void DeskLink::addPractice(Completion<> done)
{
    auto owed = std::make_shared<Completion<>>(std::move(done));
    command(QStringLiteral("connection add"), Json{{"id", "practice"}, {"pack", "practice"}},
            Completion<>(this, [this, owed](Result<> added) {
                if (!added)
                    return (*owed)(failure(added.error()));
                command(QStringLiteral("connection trust"), Json{{"id", "practice"}, {"environment", "sandbox"}, {"all", true}},
                        std::move(*owed));
            }));
}

void DeskLink::addConnection(const ui::ConnectionWish &wish, Completion<> done)
{
    Json parameters{{"id", wish.id.text}};
    for (const EnvironmentId &environment : wish.environments)
        parameters["environments"].push_back(environment.text);
    const auto add = [&parameters](const char *name, const QString &value) {
        if (!value.isEmpty())
            parameters[name] = value;
    };
    add("pack", wish.vendor);
    add("url", wish.url);
    add("auth", wish.way);
    add("secretVariable", wish.secretVariable);
    for (const QString &word : wish.command)
        parameters["stdio"].push_back(word);
    command(QStringLiteral("connection add"), parameters, std::move(done));
}

void DeskLink::placeConnection(const ConnectionId &connection, const EnvironmentId &environment, const QString &address, Completion<> done)
{
    Json parameters = placeOf(connection, environment);
    if (!address.isEmpty())
        parameters["url"] = address;
    command(QStringLiteral("connection environment"), parameters, std::move(done));
}

// Its keys go first, one after the other: a connection that still has one is not removed.
void DeskLink::removeConnection(const ConnectionId &connection, Completion<> done)
{
    for (const KeyRecord &key : m_workspace.keys) {
        if (key.connection != connection)
            continue;
        auto owed = std::make_shared<Completion<>>(std::move(done));
        return deleteKey(key.id, Completion<>(this, [this, connection, id = key.id, owed](Result<> deleted) {
                             if (!deleted && deleted.error().kind != Error::Kind::NotFound)
                                 return (*owed)(failure(deleted.error()));
                             m_workspace.keys.removeIf([&](const KeyRecord &one) { return one.id == id; }); // the core's copy is on its way
                             removeConnection(connection, std::move(*owed));
                         }));
    }
    command(QStringLiteral("connection remove"), Json{{"id", connection.text}}, std::move(done));
}

void DeskLink::resumeConnection(const ConnectionId &connection, const EnvironmentId &environment, Completion<> done)
{
    command(QStringLiteral("connection resume"), placeOf(connection, environment), std::move(done));
}

void DeskLink::tools(const ConnectionId &connection, const EnvironmentId &environment, Completion<QList<ui::ListedTool>> done)
{
    auto owed = std::make_shared<Completion<QList<ui::ListedTool>>>(std::move(done));
    m_composition.command(
        QStringLiteral("connection tools"), placeOf(connection, environment),
        [owed](const Result<Json> &answer) {
            if (!answer)
                return (*owed)(failure(answer.error()));
            QList<ui::ListedTool> tools;
            if (const Json *listed = memberAt(*answer, "tools"))
                for (const Json &tool : *listed)
                    tools.append(toolFrom(tool));
            (*owed)(std::move(tools));
        },
        Authority::Window);
}

void DeskLink::trustTools(const ui::ToolsWish &wish, Completion<> done)
{
    Json parameters = placeOf(wish.connection, wish.environment);
    parameters["tools"] = Json::array();
    parameters["pins"] = Json::object();
    for (auto pin = wish.pins.cbegin(); pin != wish.pins.cend(); ++pin) {
        parameters["tools"].push_back(pin.key());
        parameters["pins"][pin.key().toStdString()] = pin.value();
    }
    parameters["class"] = toText(wish.toolClass);
    command(QStringLiteral("connection trust"), parameters, std::move(done));
}

void DeskLink::openPage(const QString &address)
{
    m_composition.openPage(address);
}

} // namespace app
