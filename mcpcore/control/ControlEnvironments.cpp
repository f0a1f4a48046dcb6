// SPDX-FileCopyrightText: 2026 The Countersign authors
// SPDX-License-Identifier: GPL-3.0-or-later
#include "approvals/ApprovalQueue.h"
#include "audit/ActivityLog.h"
#include "base/Json.h"
#include "control/Control.h"
#include "control/KeyFacts.h"
#include "control/ProfileSeal.h"
#include "gateway/Gateway.h"
#include "gateway/Questions.h"
#include "store/WorkspaceFile.h"
#include "upstream/UpstreamPool.h"
#include <QCoreApplication>

namespace mcpcore {

namespace {

Json toJson(const Environment &environment, const Workspace &workspace, const Locks &locks)
{
    return Json{{"id", environment.id.text},
                {"kind", toText(environment.kind)},
                {"active", environment.id == workspace.activeEnvironment},
                {"locked", locks.isLocked(environment)}};
}

Result<Environment> environmentAt(const Workspace &workspace, const Json &parameters)
{
    const auto id = stringAt(parameters, "id");
    if (!id)
        return failure(id.error());
    if (const Environment *environment = find(workspace, EnvironmentId{*id}))
        return *environment;
    QStringList known;
    for (const Environment &environment : workspace.environments)
        known.append(environment.id.text);
    return failure(Error::Kind::NotFound,
                   QStringLiteral("There is no environment %1. There are: %2.").arg(*id, known.join(QStringLiteral(", "))));
}

} // namespace

void Control::addEnvironmentCommands()
{
    m_commands[QStringLiteral("status")] = {&Control::status, {}};
    m_commands[QStringLiteral("env list")] = {&Control::listEnvironments, {}};
    m_commands[QStringLiteral("env add")] = {&Control::addEnvironment, {}};
    m_commands[QStringLiteral("env use")] = {
        &Control::useEnvironment, [this](const Json &parameters) -> Result<QString> {
            const auto to = environmentAt(workspace(), parameters);
            if (!to)
                return failure(to.error());
            const Environment *from = find(workspace(), workspace().activeEnvironment);
            return from && to->kind <= from->kind
                       ? QString()
                       : QStringLiteral("Switch from %1 to %2?").arg(workspace().activeEnvironment.text, to->id.text);
        }};
    m_commands[QStringLiteral("env unlock")] = {
        &Control::unlockEnvironment, [](const Json &parameters) -> Result<QString> {
            return QStringLiteral("Unlock %1 for %2 minutes?").arg(stringAt(parameters, "id", {})).arg(integerAt(parameters, "minutes", 0));
        }};
    m_commands[QStringLiteral("env lock")] = {&Control::lockEnvironment, {}};
    m_commands[QStringLiteral("env remove")] = {&Control::removeEnvironment, {}};
    m_commands[QStringLiteral("pause")] = {&Control::pause, {}};
    m_commands[QStringLiteral("resume")] = {&Control::resume, [](const Json &parameters) -> Result<QString> {
                                                const QString client = stringAt(parameters, "client", {});
                                                return client.isEmpty() ? QStringLiteral("Resume everything that is paused?")
                                                                        : QStringLiteral("Let %1 ask for approvals again?").arg(client);
                                            }};
}

void Control::status(const Json &, Completion<Json> done)
{
    Json environments = Json::array();
    for (const Environment &environment : workspace().environments)
        environments.push_back(toJson(environment, workspace(), m_services.locks));
    Json upstreams = Json::array();
    for (const UpstreamStatus &upstream : m_services.upstreams.status()) {
        static constexpr const char *states[] = {"starting", "running", "failed"};
        upstreams.push_back({{"connection", upstream.id.connection.text},
                             {"environment", upstream.id.environment.text},
                             {"state", states[size_t(upstream.state)]},
                             {"server", upstream.serverName},
                             {"error", upstream.lastError}});
    }
    int sessions = 0;
    for (const int count : m_services.gateway.sessions())
        sessions += count;
    Json resting = Json::array();
    const auto coolingDown = m_services.approvals.coolingDown();
    for (auto it = coolingDown.cbegin(); it != coolingDown.cend(); ++it)
        resting.push_back({{"client", it.key().text}, {"until", toIsoText(it.value())}});
    Json screenLock = Json::array();
    for (const QString &heard : m_services.screenHeard ? m_services.screenHeard() : QStringList())
        screenLock.push_back(heard);
    Json alarms = Json::array();
    for (const Alarm &alarm : workspace().alarms)
        alarms.push_back({{"connection", alarm.connection.text},
                          {"environment", alarm.environment.text},
                          {"what", alarm.what},
                          {"since", toIsoText(alarm.since)}});
    const QString url = m_services.endpoint();
    done(Json{{"running", !url.isEmpty()},
              {"url", url},
              {"pid", QCoreApplication::applicationPid()},
              {"profile", m_services.profile},
              {"ownedBy", workspace().ownedByApp ? "app" : "command line"},
              {"paused", workspace().paused},
              {"environment", workspace().activeEnvironment.text},
              {"environments", environments},
              {"waiting", m_services.approvals.pending().size()},
              {"questions", m_services.questions ? m_services.questions->pending().size() : 0},
              {"notAsking", resting},
              {"alarms", alarms},
              {"sessions", sessions},
              {"screenLock", screenLock},
              {"upstreams", upstreams},
              {"keyReminders", remindersOf(workspace(), m_services.clock.wall())},
              {"keys", keyStore()},
              {"seal",
               {{"state", toText(m_services.seal.state())},
                {"text", m_services.seal.text()},
                {"differs", m_services.seal.differingSections().join(QLatin1Char(' '))}}},
              {"log", {{"path", m_services.log.path()}, {"broken", m_services.log.isBroken()}}}});
}

void Control::listEnvironments(const Json &, Completion<Json> done)
{
    Json environments = Json::array();
    for (const Environment &environment : workspace().environments)
        environments.push_back(toJson(environment, workspace(), m_services.locks));
    done(Json{{"environments", environments}});
}

void Control::addEnvironment(const Json &parameters, Completion<Json> done)
{
    const auto id = stringAt(parameters, "id");
    const auto kind = environmentKindFrom(stringAt(parameters, "kind", {}));
    if (!id)
        return done(failure(id.error()));
    if (!kind)
        return done(failure(Error::Kind::InvalidArgument, QStringLiteral("The kind must be sandbox, staging or production.")));
    const auto changed =
        change(QStringLiteral("Added the environment %1 of kind %2.").arg(*id, toText(*kind)), [&](Workspace &edited) -> Result<> {
            if (find(edited, EnvironmentId{*id}))
                return failure(Error::Kind::Conflict, QStringLiteral("There is an environment %1 already.").arg(*id));
            edited.environments.append({{*id}, *kind});
            return {};
        });
    if (!changed)
        return done(failure(changed.error()));
    done(toJson(*find(workspace(), EnvironmentId{*id}), workspace(), m_services.locks));
}

void Control::useEnvironment(const Json &parameters, Completion<Json> done)
{
    const auto environment = environmentAt(workspace(), parameters);
    if (!environment)
        return done(failure(environment.error()));
    const auto changed = change(QStringLiteral("Switched to %1.").arg(environment->id.text), [&](Workspace &edited) -> Result<> {
        edited.activeEnvironment = environment->id;
        return {};
    });
    if (!changed)
        return done(failure(changed.error()));
    m_services.gateway.warmUp(environment->id);
    done(toJson(*environment, workspace(), m_services.locks));
}

void Control::unlockEnvironment(const Json &parameters, Completion<Json> done)
{
    const auto environment = environmentAt(workspace(), parameters);
    if (!environment)
        return done(failure(environment.error()));
    if (workspace().paused)
        return done(failure(Error::Kind::Paused,
                            QStringLiteral("Everything is paused, which keeps %1 locked. Resume first.").arg(environment->id.text)));
    const std::chrono::minutes span(integerAt(parameters, "minutes", 0));
    const QString reason = stringAt(parameters, "reason", {});
    if (const auto unlocked = m_services.locks.unlock(*environment, span, reason); !unlocked)
        return done(failure(unlocked.error()));
    m_services.log.append(
        {LogRow::Kind::Environment,
         {},
         QStringLiteral("Unlocked %1 for %2 minutes: %3").arg(environment->id.text).arg(span.count()).arg(reason.left(200)),
         {}});
    m_services.gateway.warmUp(environment->id);
    done(toJson(*environment, workspace(), m_services.locks));
}

void Control::lockEnvironment(const Json &parameters, Completion<Json> done)
{
    const auto environment = environmentAt(workspace(), parameters);
    if (!environment)
        return done(failure(environment.error()));
    if (environment->kind != EnvironmentKind::Production)
        return done(
            failure(Error::Kind::InvalidArgument, QStringLiteral("Only production environments are locked; pause stops the others.")));
    m_services.locks.lock(environment->id, LockCause::Person);
    done(toJson(*environment, workspace(), m_services.locks));
}

void Control::removeEnvironment(const Json &parameters, Completion<Json> done)
{
    const auto environment = environmentAt(workspace(), parameters);
    if (!environment)
        return done(failure(environment.error()));
    const EnvironmentId id = environment->id;
    const auto changed = change(QStringLiteral("Removed the environment %1.").arg(id.text), [&](Workspace &edited) -> Result<> {
        if (edited.activeEnvironment == id)
            return failure(Error::Kind::Conflict,
                           QStringLiteral("%1 is the active environment. Switch to another one first.").arg(id.text));
        if (id.text == QLatin1String("sandbox"))
            return failure(Error::Kind::Conflict, QStringLiteral("sandbox stays: it is where new clients begin."));
        const bool used =
            std::any_of(edited.connections.begin(), edited.connections.end(),
                        [&](const Connection &c) { return c.environments.contains(id); })
            || std::any_of(edited.clients.begin(), edited.clients.end(), [&](const Client &c) { return c.environment == id; });
        if (used)
            return failure(Error::Kind::Conflict, QStringLiteral("Connections or clients use %1. Remove or move them first.").arg(id.text));
        edited.environments.removeIf([&](const Environment &e) { return e.id == id; });
        return {};
    });
    if (!changed)
        return done(failure(changed.error()));
    m_services.locks.lock(id, LockCause::Removed); // one of the same name begins locked
    done(Json{{"removed", id.text}});
}

void Control::pause(const Json &, Completion<Json> done)
{
    const auto changed = change(QStringLiteral("Paused everything."), [](Workspace &edited) -> Result<> {
        edited.paused = true;
        return {};
    });
    if (!changed)
        return done(failure(changed.error()));
    m_services.log.append({LogRow::Kind::Pause, {}, QStringLiteral("Paused everything."), {}});
    done(Json{{"paused", true}});
}

// A client whose cards nobody answered may ask again at once.
void Control::resumeClient(const ClientId &client, Completion<Json> done)
{
    const bool rested = m_services.approvals.coolingDown().contains(client);
    if (!rested && !find(workspace(), client) && client != Gateway::sampleClient().id)
        return done(failure(Error::Kind::NotFound,
                            QStringLiteral("There is no client %1. See: countersignctl client list.").arg(client.text.left(60))));
    m_services.approvals.resume(client);
    if (rested)
        m_services.log.append({LogRow::Kind::Pause, {}, QStringLiteral("Let %1 ask for approvals again.").arg(client.text), {}});
    done(Json{{"client", client.text}, {"resumed", rested}});
}

void Control::resume(const Json &parameters, Completion<Json> done)
{
    if (const ClientId client{stringAt(parameters, "client", {})}; !client.isEmpty())
        return resumeClient(client, std::move(done));
    m_services.seal.resume(Completion<>(this, [this, done = std::move(done)](Result<> released) mutable {
        if (!released)
            return done(failure(released.error()));
        const auto changed = change(QStringLiteral("Resumed."), [](Workspace &edited) -> Result<> {
            edited.paused = false;
            return {};
        });
        if (!changed)
            return done(failure(changed.error()));
        m_services.log.append({LogRow::Kind::Pause, {}, QStringLiteral("Resumed."), {}});
        done(Json{{"paused", false}});
    }));
}

} // namespace mcpcore
