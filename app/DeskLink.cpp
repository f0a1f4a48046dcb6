// SPDX-FileCopyrightText: 2026 The Countersign authors
// SPDX-License-Identifier: GPL-3.0-or-later
#include "app/DeskLink.h"
#include "app/KnownVendors.h"
#include "approvals/ApprovalQueue.h"
#include "audit/ActivityLog.h"
#include "base/Json.h"
#include "base/Post.h"
#include "control/ClientGuardian.h"
#include "control/ProfileSeal.h"
#include "gateway/Gateway.h"
#include "gateway/Questions.h"
#include "store/WorkspaceFile.h"
#include <QDateTime>
#include <QUrl>

namespace app {

using namespace mcpcore;

DeskLink::DeskLink(Composition &composition, const Profile &profile, QObject *parent)
    : ui::Desk(parent), m_composition(composition), m_logPath(profile.activity())
{}

void DeskLink::fail(const QString &problem)
{
    m_status.problem = problem;
    Q_EMIT statusChanged();
}

// The slots below run in this object's thread; what they need of the core is copied in the core's.
void DeskLink::attach(Core &core)
{
    m_core = &core;
    m_vendors = knownVendors(core.packs());
    const QUrl url(m_composition.url());
    m_status.endpoint = url.host() + QLatin1Char(':') + QString::number(url.port());
    m_status.logState = QStringLiteral("Log checked %1").arg(QDateTime::currentDateTime().toString(QStringLiteral("HH:mm")));
    Q_EMIT statusChanged();

    connect(&core.approvals(), &ApprovalQueue::added, this, [this](const Approval &approval) {
        m_approvals.append(approval);
        Q_EMIT approvalAdded(approval);
    });
    connect(&core.approvals(), &ApprovalQueue::removed, this, [this](const CallId &call, ApprovalEnd end) {
        m_approvals.removeIf([&](const Approval &approval) { return approval.call->id == call; });
        Q_EMIT approvalRemoved(call, end);
    });
    connect(&core.approvals(), &ApprovalQueue::changed, this, [this](const Approval &approval) {
        for (Approval &known : m_approvals)
            if (known.call->id == approval.call->id)
                known = approval;
        Q_EMIT approvalChanged(approval);
    });
    if (core.questions()) {
        connect(core.questions(), &Questions::added, this, [this](const Question &question) {
            m_questions.append(question);
            Q_EMIT questionAdded(question);
        });
        connect(core.questions(), &Questions::changed, this, [this](const Question &question) {
            for (Question &known : m_questions)
                if (known.id == question.id)
                    known = question;
            Q_EMIT questionChanged(question);
        });
        connect(core.questions(), &Questions::removed, this, [this](const CallId &id, QuestionEnd end) {
            m_questions.removeIf([&](const Question &question) { return question.id == id; });
            Q_EMIT questionRemoved(id, end);
        });
    }
    connect(&core.log(), &ActivityLog::appended, this, &DeskLink::logAppended);
    connect(&core.log(), &ActivityLog::broken, this, [this](const QString &why) { fail(why); });
    connect(&core.gateway(), &Gateway::callStateChanged, this,
            [this](const CallId &call, PendingCall::State state, const QString &detail, std::chrono::milliseconds took) {
                switch (state) {
                case PendingCall::State::Waiting: return;
                case PendingCall::State::Sending: return Q_EMIT callStateChanged(call, CallState::Sending, detail, took);
                case PendingCall::State::Sent: return Q_EMIT callStateChanged(call, CallState::Waiting, detail, took);
                case PendingCall::State::Done: return Q_EMIT callStateChanged(call, CallState::Done, detail, took);
                case PendingCall::State::Failed: return Q_EMIT callStateChanged(call, CallState::Failed, detail, took);
                case PendingCall::State::Unknown: return Q_EMIT callStateChanged(call, CallState::OutcomeUnknown, detail, took);
                }
            });
    connect(&core.seal(), &ProfileSeal::problemChanged, this, &DeskLink::fail);
    // These read the core's state, so they run there and post copies.
    connect(&core.workspace(), &WorkspaceFile::changed, &core,
            [this, &core] { post(this, [this, workspace = core.workspace().current()] { takeWorkspace(workspace); }); });
    connect(&core.locks(), &Locks::changed, &core, [this, &core](const EnvironmentId &environment) {
        post(this, [this, environment, until = core.locks().unlockedUntil(environment)] {
            m_unlocked[environment] = until;
            Q_EMIT locksChanged();
        });
    });
    connect(&core.gateway(), &Gateway::sessionsChanged, &core, [this, &core] {
        post(this, [this, clients = int(core.gateway().sessions().size())] {
            m_status.connectedClients = clients;
            Q_EMIT statusChanged();
            Q_EMIT clientsChanged();
        });
    });
    const auto tellClients = [this] { post(this, [this] { Q_EMIT clientsChanged(); }); };
    connect(&core.gateway(), &Gateway::clientsSeenChanged, &core, tellClients);
    if (core.guardian())
        connect(core.guardian(), &ClientGuardian::changed, &core, tellClients);
    followConnections(core);
    post(&core, [this, &core] {
        post(this, [this, workspace = core.workspace().current(), waiting = core.approvals().pending(), problem = core.seal().problem()] {
            takeWorkspace(workspace);
            if (!problem.isEmpty())
                fail(problem);
            for (const Approval &approval : waiting)
                if (std::none_of(m_approvals.begin(), m_approvals.end(),
                                 [&](const Approval &known) { return known.call->id == approval.call->id; })) {
                    m_approvals.append(approval);
                    Q_EMIT approvalAdded(approval);
                }
        });
    });
}

void DeskLink::takeWorkspace(const Workspace &workspace)
{
    m_workspace = workspace;
    const bool ready = std::any_of(workspace.connections.begin(), workspace.connections.end(),
                                   [](const Connection &connection) { return connection.vendor == QLatin1String("practice"); });
    if (std::exchange(m_status.practiceReady, ready) != ready)
        Q_EMIT statusChanged();
    Q_EMIT workspaceChanged();
}

void DeskLink::command(const QString &name, const Json &parameters, Completion<> done)
{
    auto owed = std::make_shared<Completion<>>(std::move(done));
    m_composition.command(
        name, parameters, [owed](Result<Json> answer) { (*owed)(answer ? Result<>() : failure(answer.error())); }, Authority::Window);
}

void DeskLink::answer(const CallId &call, const Answer &answer, Completion<> done)
{
    auto owed = std::make_shared<Completion<>>(std::move(done));
    Core *core = m_composition.core();
    post(core,
         [this, core, call, answer, owed] { post(this, [owed, result = core->approvals().answer(call, answer)] { (*owed)(result); }); });
}

void DeskLink::answerQuestion(const CallId &question, const QuestionAnswer &answer, Completion<> done)
{
    auto owed = std::make_shared<Completion<>>(std::move(done));
    Core *core = m_composition.core();
    post(core, [this, core, question, answer, owed] {
        post(this, [owed, result = core->questions()->answer(question, answer)] { (*owed)(result); });
    });
}

void DeskLink::setReading(const CallId &call, bool reading)
{
    Core *core = m_composition.core();
    post(core, [core, call, reading] {
        core->approvals().setReading(call, reading);
        if (core->questions())
            core->questions()->setReading(call, reading);
    });
}

void DeskLink::useEnvironment(const EnvironmentId &environment, Completion<> done)
{
    command(QStringLiteral("env use"), Json{{"id", environment.text}}, std::move(done));
}

void DeskLink::unlock(const EnvironmentId &environment, std::chrono::minutes span, const QString &reason, Completion<> done)
{
    command(QStringLiteral("env unlock"), Json{{"id", environment.text}, {"minutes", span.count()}, {"reason", reason}}, std::move(done));
}

void DeskLink::lock(const EnvironmentId &environment)
{
    command(QStringLiteral("env lock"), Json{{"id", environment.text}}, Completion<>(this, [](Result<>) {}));
}

void DeskLink::addEnvironment(const Environment &environment, Completion<> done)
{
    command(QStringLiteral("env add"), Json{{"id", environment.id.text}, {"kind", toText(environment.kind)}}, std::move(done));
}

void DeskLink::removeEnvironment(const EnvironmentId &environment, Completion<> done)
{
    command(QStringLiteral("env remove"), Json{{"id", environment.text}}, std::move(done));
}

void DeskLink::setPaused(bool paused)
{
    command(paused ? QStringLiteral("pause") : QStringLiteral("resume"), Json::object(), Completion<>(this, [this](Result<> done) {
                if (!done)
                    fail(done.error().message);
            }));
}

void DeskLink::sendTestCall(Completion<> done)
{
    command(QStringLiteral("try"), Json::object(), std::move(done));
}

} // namespace app
