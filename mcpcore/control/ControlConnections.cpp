// SPDX-FileCopyrightText: 2026 The Countersign authors
// SPDX-License-Identifier: GPL-3.0-or-later
#include "base/Json.h"
#include "control/Control.h"
#include "gateway/Gateway.h"
#include "packs/Packs.h"
#include "store/WorkspaceFile.h"
#include "upstream/signin/SignIn.h"
#include <QDir>
#include <QFileInfo>
#include <QStandardPaths>

namespace mcpcore {

namespace {

Json toJson(const Connection &connection)
{
    Json environments = Json::array();
    for (const EnvironmentId &environment : connection.environments)
        environments.push_back(environment.text);
    Json out{{"id", connection.id.text}, {"vendor", connection.vendor}, {"environments", environments}};
    if (const auto *http = std::get_if<HttpTarget>(&connection.target)) {
        out["transport"] = "http";
        Json urls = Json::object();
        for (auto url = http->urls.cbegin(); url != http->urls.cend(); ++url)
            urls[url.key().text.toStdString()] = url.value();
        out["urls"] = urls;
        out["auth"] = toText(http->auth.kind, http->auth.header);
    } else {
        const auto &stdio = std::get<StdioTarget>(connection.target);
        out["transport"] = "stdio";
        out["program"] = stdio.program;
        Json arguments = Json::array();
        for (const QString &argument : stdio.arguments)
            arguments.push_back(argument);
        out["arguments"] = arguments;
        if (!stdio.secretVariable.isEmpty())
            out["secretVariable"] = stdio.secretVariable;
    }
    out["needsKey"] = needsKey(connection);
    return out;
}

Result<HttpAuth> authFrom(const Json &parameters)
{
    const QString text = stringAt(parameters, "auth", {});
    if (text.isEmpty() || text == QLatin1String("none"))
        return HttpAuth{};
    if (text == QLatin1String("bearer"))
        return HttpAuth{HttpAuth::Kind::Bearer, {}};
    if (text == QLatin1String("oauth"))
        return HttpAuth{HttpAuth::Kind::OAuth, {}, stringAt(parameters, "clientId", {}), stringAt(parameters, "clientDocument", {})};
    if (text.startsWith(QLatin1String("header:")) && text.size() > 7)
        return HttpAuth{HttpAuth::Kind::Header, text.mid(7)};
    return failure(Error::Kind::InvalidArgument, QStringLiteral("--auth must be none, bearer, oauth or header:NAME."));
}

// Program names are resolved once, here: what is consented to is what runs, also when PATH changes.
Result<QString> resolvedProgram(const QString &program)
{
    const QString found =
        program.contains(QLatin1Char('/')) ? QFileInfo(program).absoluteFilePath() : QStandardPaths::findExecutable(program);
    if (!found.isEmpty() && QFileInfo(found).isExecutable() && QFileInfo(found).isFile())
        return QDir::cleanPath(found);
    return failure(Error::Kind::NotFound,
                   QStringLiteral("There is no program %1. Name one on the PATH, or give its whole path.").arg(program));
}

// The addresses and headers in the parameters.
void addGiven(const Json &parameters, const QList<EnvironmentId> &environments, HttpTarget &target)
{
    const QString url = stringAt(parameters, "url", {});
    for (const EnvironmentId &environment : environments)
        if (!url.isEmpty())
            target.urls[environment] = url;
    if (const Json *endpoints = memberAt(parameters, "endpoints"); endpoints && endpoints->is_object())
        for (const auto &[environment, address] : endpoints->items())
            if (address.is_string())
                target.urls[EnvironmentId{QString::fromStdString(environment)}] = address.get<QString>();
    if (const Json *headers = memberAt(parameters, "headers"); headers && headers->is_object())
        for (const auto &[name, value] : headers->items())
            if (value.is_string())
                target.headers.append({QString::fromStdString(name), value.get<QString>()});
}

Result<std::variant<HttpTarget, StdioTarget>> targetFrom(const Json &parameters, const QList<EnvironmentId> &environments)
{
    if (const Json *stdio = memberAt(parameters, "stdio"); stdio && stdio->is_array() && !stdio->empty()) {
        StdioTarget target;
        for (const Json &word : *stdio) {
            if (!word.is_string())
                return failure(Error::Kind::InvalidArgument, QStringLiteral("The command must be a list of words."));
            target.arguments.append(word.get<QString>());
        }
        const auto program = resolvedProgram(target.arguments.takeFirst());
        if (!program)
            return failure(program.error());
        target.program = *program;
        target.secretVariable = stringAt(parameters, "secretVariable", {});
        return target;
    }
    HttpTarget target;
    const auto auth = authFrom(parameters);
    if (!auth)
        return failure(auth.error());
    target.auth = *auth;
    addGiven(parameters, environments, target);
    if (target.urls.isEmpty())
        return failure(Error::Kind::InvalidArgument,
                       QStringLiteral("Say where the connection goes: --url URL, --endpoint ENV=URL, or --stdio -- PROGRAM ARG..."));
    return target;
}

bool takes(const HostedEndpoint &server, const HttpAuth &auth)
{
    return std::any_of(server.auth.begin(), server.auth.end(), [&auth](const PackAuth &one) {
        return one.kind == auth.kind && one.header.compare(auth.header, Qt::CaseInsensitive) == 0;
    });
}

// The vendor's own server in each environment, as its pack says, but for what the person gave.
Result<std::variant<HttpTarget, StdioTarget>> targetFrom(const Json &parameters, const Pack &pack, const QList<Environment> &places)
{
    const bool ownCommand = memberAt(parameters, "stdio") != nullptr;
    QList<EnvironmentId> environments;
    for (const Environment &place : places)
        environments.append(place.id);
    if (ownCommand || memberAt(parameters, "url"))
        return targetFrom(parameters, environments);
    if (stringAt(parameters, "transport", {}) == QLatin1String("stdio"))
        return failure(Error::Kind::InvalidArgument,
                       pack.local.isEmpty() ? QStringLiteral("%1 has no local program.").arg(pack.name)
                                            : QStringLiteral("Give the command yourself: --secret-env %1 --stdio -- %2 %3. %4")
                                                  .arg(pack.local[0].secretVariable, pack.local[0].program,
                                                       pack.local[0].arguments.join(QLatin1Char(' ')), pack.local[0].discloses));
    const auto chosen = authFrom(parameters);
    if (!chosen)
        return failure(chosen.error());
    HttpTarget target;
    target.auth = *chosen;
    for (const Environment &place : places) {
        const HostedEndpoint *server = pack.hostedIn(place.kind);
        if (!server)
            return failure(Error::Kind::InvalidArgument,
                           QStringLiteral("%1 has no server of its own for %2. Give an address with --url.").arg(pack.name, place.id.text));
        if (target.auth.kind == HttpAuth::Kind::None && stringAt(parameters, "auth", {}).isEmpty())
            target.auth = {server->auth[0].kind, server->auth[0].header};
        if (!takes(*server, target.auth)) {
            QStringList ways;
            for (const PackAuth &one : server->auth)
                ways.append(toText(one.kind, one.header));
            return failure(Error::Kind::InvalidArgument,
                           QStringLiteral("%1 takes keys by %2 only.").arg(pack.name, ways.join(QStringLiteral(" or "))));
        }
        target.urls[place.id] = server->url;
    }
    addGiven(parameters, {}, target);
    return target;
}

QList<EnvironmentId> environmentsFrom(const Json &parameters)
{
    QList<EnvironmentId> environments;
    const auto add = [&environments](const QString &id) {
        if (!environments.contains(EnvironmentId{id}))
            environments.append(EnvironmentId{id});
    };
    if (const Json *named = memberAt(parameters, "environments"); named && named->is_array())
        for (const Json &environment : *named)
            if (environment.is_string())
                add(environment.get<QString>());
    if (const Json *endpoints = memberAt(parameters, "endpoints"); endpoints && endpoints->is_object())
        for (const auto &[environment, url] : endpoints->items())
            add(QString::fromStdString(environment));
    if (environments.isEmpty())
        add(QStringLiteral("sandbox"));
    return environments;
}

// Leaves out the environments that are impossible with the vendor. `more` gets those with their reasons, and where keys for
// the others are made.
Result<std::variant<HttpTarget, StdioTarget>> targetByPack(const QList<Pack> &packs, const Workspace &workspace, const Json &parameters,
                                                           Connection &connection, Json &more)
{
    const Pack *pack = find(packs, connection.vendor);
    if (!pack) {
        QStringList ids{QStringLiteral("practice")};
        for (const Pack &one : packs)
            ids.append(one.id);
        return failure(Error::Kind::NotFound,
                       QStringLiteral("There is no pack %1. Packs are: %2. For others give --url, or a command with --stdio.")
                           .arg(connection.vendor, ids.join(QStringLiteral(", "))));
    }
    QList<Environment> places;
    Json left = Json::array(), keys = Json::array();
    QString why;
    for (const EnvironmentId &id : std::as_const(connection.environments)) {
        const Environment *place = find(workspace, id);
        if (!place)
            return failure(Error::Kind::InvalidArgument, QStringLiteral("There is no environment %1.").arg(id.text));
        const PackEnvironment there = pack->environments.value(place->kind);
        if (!there.impossible.isEmpty()) {
            why = there.impossible;
            left.push_back({{"environment", id.text}, {"reason", why}});
            continue;
        }
        keys.push_back({{"environment", id.text}, {"url", there.keysUrl}, {"steps", there.keysSteps}});
        places.append(*place);
    }
    if (places.isEmpty())
        return failure(Error::Kind::InvalidArgument, QStringLiteral("%1 Name another environment with --env.").arg(why));
    connection.environments.clear();
    for (const Environment &place : std::as_const(places))
        connection.environments.append(place.id);
    if (!left.empty())
        more["left"] = left;
    more["makeKeys"] = keys;
    return targetFrom(parameters, *pack, places);
}

} // namespace

void Control::addConnectionCommands()
{
    const auto asks = [](const char *sentence) {
        return [text = QString::fromLatin1(sentence)](const Json &parameters) -> Result<QString> {
            return text.arg(stringAt(parameters, "id", {}));
        };
    };
    m_commands[QStringLiteral("connection add")] = {&Control::addConnection,
                                                    asks("Add the connection %1, with this address or command line?")};
    m_commands[QStringLiteral("connection list")] = {&Control::listConnections, {}};
    m_commands[QStringLiteral("connection states")] = {&Control::listStates, {}};
    m_commands[QStringLiteral("connection show")] = {&Control::showConnection, {}};
    m_commands[QStringLiteral("connection remove")] = {&Control::removeConnection, {}};
    m_commands[QStringLiteral("connection resume")] = {&Control::resumeConnection, [](const Json &parameters) -> Result<QString> {
                                                           return QStringLiteral("Let calls go to %1 in %2 again?")
                                                               .arg(stringAt(parameters, "id", {}),
                                                                    stringAt(parameters, "environment", {}));
                                                       }};
}

void Control::addConnection(const Json &parameters, Completion<Json> done)
{
    const auto id = stringAt(parameters, "id");
    if (!id)
        return done(failure(id.error()));
    Connection connection{{*id}, stringAt(parameters, "pack", {}), environmentsFrom(parameters), {}, m_services.clock.wall()};
    Json more = Json::object(); // what the pack says besides
    if (connection.vendor == QLatin1String("practice")) {
        if (connection.environments != QList<EnvironmentId>{EnvironmentId{QStringLiteral("sandbox")}})
            return done(failure(Error::Kind::InvalidArgument, QStringLiteral("Practice is for sandbox only.")));
        connection.target = StdioTarget{
            m_services.practiceProgram, {QStringLiteral("--database"), m_services.profile + QStringLiteral("/practice.db")}, {}};
    } else {
        auto target = connection.vendor.isEmpty() ? targetFrom(parameters, connection.environments)
                                                  : targetByPack(m_services.packs, workspace(), parameters, connection, more);
        if (!target)
            return done(failure(target.error()));
        connection.target = std::move(*target);
    }
    const auto changed = change(QStringLiteral("Added the connection %1.").arg(*id), [&](Workspace &edited) -> Result<> {
        if (find(edited, connection.id))
            return failure(Error::Kind::Conflict,
                           QStringLiteral("There is a connection %1 already. Remove it first, or choose another name.").arg(*id));
        edited.connections.append(connection);
        return {};
    });
    if (!changed)
        return done(failure(changed.error()));
    Json answer = toJson(connection);
    answer.update(more);
    done(std::move(answer));
}

void Control::listConnections(const Json &, Completion<Json> done)
{
    Json connections = Json::array();
    for (const Connection &connection : workspace().connections)
        connections.push_back(toJson(connection));
    done(Json{{"connections", connections}});
}

void Control::showConnection(const Json &parameters, Completion<Json> done)
{
    const QString id = stringAt(parameters, "id", {});
    const Connection *connection = find(workspace(), ConnectionId{id});
    if (!connection)
        return done(failure(Error::Kind::NotFound, QStringLiteral("There is no connection %1.").arg(id)));
    Json out = toJson(*connection);
    Json trusted = Json::array();
    for (const ToolTrust &trust : workspace().trusts)
        if (trust.connection == connection->id)
            trusted.push_back({{"environment", trust.environment.text}, {"tool", trust.tool}, {"class", toText(trust.toolClass)}});
    out["trusted"] = trusted;
    Json keys = Json::array();
    for (const KeyRecord &key : workspace().keys)
        if (key.connection == connection->id)
            keys.push_back({{"id", key.id.text}, {"environment", key.environment.text}});
    out["keys"] = keys;
    const Pack *pack = find(m_services.packs, connection->vendor);
    for (const Environment &place : workspace().environments)
        if (const QString why = pack ? pack->impossibleIn(place.kind) : QString(); !why.isEmpty())
            out["impossible"].push_back({{"environment", place.id.text}, {"reason", why}});
    if (!needsSignIn(*connection))
        return done(std::move(out));
    out["signIn"] = Json::array();
    addSignIns(*connection, connection->environments, std::move(out), std::move(done));
}

// Its sign-ins go first: what cannot be deleted from the keychain must not be left there without a name.
void Control::removeConnection(const Json &parameters, Completion<Json> done)
{
    const ConnectionId id{stringAt(parameters, "id", {})};
    const Connection *connection = find(workspace(), id);
    if (!connection)
        return done(failure(Error::Kind::NotFound, QStringLiteral("There is no connection %1.").arg(id.text)));
    const auto keys = workspace().keys;
    if (std::any_of(keys.begin(), keys.end(), [&](const KeyRecord &key) { return key.connection == id; }))
        return done(failure(Error::Kind::Conflict,
                            QStringLiteral("There are keys for %1. Delete them first: countersignctl key list.").arg(id.text)));
    if (!needsSignIn(*connection))
        return dropConnection(*connection, {}, std::move(done));
    forgetSignIns(*connection, connection->environments, Json::object(),
                  Completion<Json>(this, [this, id, was = *connection, done = std::move(done)](Result<Json> forgotten) mutable {
                      if (!forgotten)
                          return done(
                              failure(forgotten.error().kind, QStringLiteral("%1 was not removed: its sign-in is still in the keychain. %2")
                                                                  .arg(id.text, forgotten.error().message)));
                      dropConnection(was, std::move(*forgotten), std::move(done));
                  }));
}

void Control::dropConnection(const Connection &connection, Json forgotten, Completion<Json> done)
{
    const Connection dropped = connection; // it may be the one in the workspace, which goes
    const ConnectionId id = dropped.id;
    const auto changed = change(QStringLiteral("Removed the connection %1.").arg(id.text), [&](Workspace &edited) -> Result<> {
        if (!find(edited, id))
            return failure(Error::Kind::NotFound, QStringLiteral("There is no connection %1.").arg(id.text));
        edited.connections.removeIf([&](const Connection &one) { return one.id == id; });
        edited.trusts.removeIf([&](const ToolTrust &trust) { return trust.connection == id; });
        edited.rules.removeIf([&](const Rule &rule) { return rule.connection == id; });
        edited.hidden.removeIf([&](const HiddenTool &hidden) { return hidden.connection == id; });
        edited.alarms.removeIf([&](const Alarm &alarm) { return alarm.connection == id; });
        return {};
    });
    if (!changed)
        return done(failure(changed.error()));
    if (needsSignIn(dropped)) // one may have begun meanwhile
        for (const EnvironmentId &environment : dropped.environments)
            if (const Environment *place = find(workspace(), environment))
                m_services.signIn.cancel(dropped, *place);
    Json answer{{"removed", id.text}};
    if (forgotten.is_object())
        answer["revoked"] = std::move(forgotten);
    done(std::move(answer));
}

// A person has looked at what an alarm told of.
void Control::resumeConnection(const Json &parameters, Completion<Json> done)
{
    const ConnectionId id{stringAt(parameters, "id", {})};
    const EnvironmentId environment{stringAt(parameters, "environment", {})};
    if (!findAlarm(workspace(), id, environment))
        return done(failure(Error::Kind::NotFound, QStringLiteral("No alarm stopped %1 in %2.").arg(id.text, environment.text)));
    const auto changed =
        change(QStringLiteral("Let calls go to %1 in %2 again after an alarm.").arg(id.text, environment.text),
               [&](Workspace &edited) -> Result<> {
                   edited.alarms.removeIf([&](const Alarm &alarm) { return alarm.connection == id && alarm.environment == environment; });
                   return {};
               });
    if (!changed)
        return done(failure(changed.error()));
    done(Json{{"id", id.text}, {"environment", environment.text}, {"resumed", true}});
}

} // namespace mcpcore
