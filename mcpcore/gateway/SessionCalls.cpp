// SPDX-FileCopyrightText: 2026 The Countersign authors
// SPDX-License-Identifier: GPL-3.0-or-later
#include "audit/ActivityLog.h"
#include "base/Secret.h"
#include "gateway/Session.h"
#include "protocol/ErrorMapping.h"
#include "protocol/ToolNames.h"
#include "protocol/TranslationResult.h"
#include "store/WorkspaceFile.h"

namespace mcpcore {

namespace {
// While a person decides, whoever asked for progress hears from us; small values leave room for the upstream's own.
constexpr Milliseconds kWaitingProgressEvery = std::chrono::seconds(10);
constexpr double kWaitingProgressStep = 0.0001;
} // namespace

// A call that no upstream gets: the model reads why, and so does who looks at the log.
void Session::refuseCall(const QByteArray &id, const QString &name, const Error &error)
{
    m_services.calls.log.append(
        {LogRow::Kind::Refused, {}, QStringLiteral("Refused a call of %1 to %2: %3").arg(m_client.text, name.left(80), error.message), {}});
    answerResult(id, toolErrorResult(error.message).toStdString());
}

// A name learnt in one environment never acts on another.
Error Session::elsewhere(const QString &name, const ToolPrefix &prefix, const EnvironmentId &now) const
{
    return {Error::Kind::Denied, QStringLiteral("Not sent: %1 is a tool of %2, and this client acts in %3 now. List the tools again.")
                                     .arg(name.left(80), prefix.environment.text, now.text)};
}

void Session::callTool(const Message &message)
{
    const QByteArray id = message.id.bytes();
    const auto name = textOf(memberOf(message.params, "name"));
    if (!name || name->isEmpty())
        return answerError(id, {Error::Kind::InvalidArgument, QStringLiteral("\"name\" is missing or not a string.")});
    const auto environment = environmentNow();
    if (!environment)
        return environment.error().kind == Error::Kind::Denied ? refuseCall(id, *name, environment.error())
                                                               : answerError(id, environment.error());
    const RawJson arguments = memberOf(message.params, "arguments");
    if (!arguments.isEmpty() && arguments.view().front() != '{')
        return answerError(id, {Error::Kind::InvalidArgument, QStringLiteral("\"arguments\" must be an object.")});

    ToolCatalog *catalog = nullptr;
    const Error unknown{Error::Kind::NotFound, QStringLiteral("Unknown tool: %1").arg(name->left(80))};
    if (isDirect()) {
        catalog = &directCatalog();
    } else {
        const auto prefix = prefixOf(*name);
        const Connection *connection = prefix ? find(m_services.calls.workspace.current(), prefix->connection) : nullptr;
        if (connection && prefix->environment != *environment && find(m_services.calls.workspace.current(), prefix->environment))
            return refuseCall(id, *name, elsewhere(*name, *prefix, *environment));
        if (!connection || prefix->environment != *environment || !connection->environments.contains(*environment))
            return answerError(id, unknown);
        catalog = &m_services.catalogs.at(prefix->connection, prefix->environment, m_told);
    }
    const auto start = [this, message, id, name = *name, unknown, catalog = QPointer(catalog)](const Result<> &loaded) {
        if (!loaded)
            return answerResult(id, toolErrorResult(loaded.error().message).toStdString());
        if (!catalog)
            return answerError(id, unknown);
        const Tool *tool = isDirect() ? catalog->find(name) : catalog->findExposed(name);
        // Whether there is such a tool is not known while its server may not be asked.
        if (const auto admitted = m_services.calls.access.admit(m_client, catalog->connection(), catalog->environment());
            !tool && !catalog->isLoaded() && !admitted)
            return refuseCall(id, name, admitted.error());
        if ((!tool && !isDirect()) || hiddenIn(*catalog).contains(tool ? tool->name : name))
            return answerError(id, unknown);
        startCall(message, *catalog, tool ? tool->name : name, tool);
    };
    if (catalog->isLoaded())
        return start({});
    catalog->whenListed(m_client, Completion<>(this, start));
}

void Session::startCall(const Message &message, ToolCatalog &catalog, const QString &toolName, const Tool *listed)
{
    const QByteArray id = message.id.bytes();
    const auto client = clientNow();
    const Workspace &workspace = m_services.calls.workspace.current();
    const Connection *connection = find(workspace, catalog.connection());
    const Environment *environment = find(workspace, catalog.environment());
    if (!client || !connection || !environment || m_running.contains(id))
        return answerError(id, client ? Error{Error::Kind::Conflict, QStringLiteral("The connection changed meanwhile.")} : client.error());

    auto call = std::make_shared<ToolCall>();
    call->id = {m_services.ids.next()};
    call->client = m_client;
    call->clientLabel = client->label;
    call->peer = m_peer;
    call->connection = connection->id;
    call->vendor = connection->vendor;
    call->environment = environment->id;
    call->environmentKind = environment->kind;
    call->tool = toolName;
    call->operation = toolName;
    if (listed) {
        call->toolClass = listed->toolClass;
        call->pin = listed->pin;
        call->toolDefinition = listed->definition;
    }
    call->params = message.params;
    call->arguments = memberOf(message.params, "arguments");
    call->argumentsDigest = sha256(call->arguments.view());
    call->destination = destinationOf(*connection, environment->id);
    if (const KeyRecord *key = needsKey(*connection) ? findKey(workspace, connection->id, environment->id, m_client) : nullptr)
        call->key = key->id;
    call->received = m_services.calls.clock.wall();

    Running &running = m_running[id];
    ++*m_inFlight;
    running.progressToken = memberOf(memberOf(message.params, "_meta"), "progressToken").bytes();
    running.call = std::make_unique<PendingCall>(
        m_services.calls, catalog, std::move(call),
        [this, environment = environment->id, connection = connection->id, toolName]() -> Result<> {
            const auto now = environmentNow();
            if (!now)
                return failure(now.error());
            if (*now != environment)
                return failure(Error::Kind::Denied,
                               QStringLiteral("Not sent: this call was for %1, and the environment was switched to %2 meanwhile.")
                                   .arg(environment.text, now->text));
            if (hiddenTools(m_services.calls.workspace.current(), m_client, connection, environment).contains(toolName))
                return failure(Error::Kind::Denied,
                               QStringLiteral("Not sent: the tool %1 was hidden from this client meanwhile.").arg(toolName));
            return {};
        },
        nullptr);
    PendingCall &pending = *running.call;
    if (m_services.callStarted)
        m_services.callStarted(pending);
    if (!running.progressToken.isEmpty())
        waitingProgress(id);
    pending.start([this, id](const UpstreamMessage &fromUpstream) { relayed(id, fromUpstream); },
                  Completion<UpstreamAnswer>(this, [this, id](Result<UpstreamAnswer> answer) { callAnswered(id, std::move(answer)); }));
}

void Session::waitingProgress(const QByteArray &id)
{
    m_services.calls.clock.after(kWaitingProgressEvery, this, [this, id] {
        const auto running = m_running.find(id);
        if (running == m_running.end() || !running->second.call || running->second.call->state() != PendingCall::State::Waiting)
            return;
        Running &waiting = running->second;
        waiting.lastProgress = kWaitingProgressStep * ++waiting.waitingTicks;
        m_output.push(id, requestMessage({}, QStringLiteral("notifications/progress"),
                                         ("{\"progressToken\":" + waiting.progressToken + ",\"progress\":"
                                          + QByteArray::number(waiting.lastProgress, 'f', 4) + ",\"message\":\"waiting for approval\"}")
                                             .toStdString()));
        waitingProgress(id);
    });
}

void Session::relayed(const QByteArray &id, const UpstreamMessage &message)
{
    const auto running = m_running.find(id);
    if (running == m_running.end())
        return;
    if (message.kind == UpstreamMessage::Kind::Request)
        return askClient(id, running->second.call ? running->second.call->upstream() : running->second.upstream.data(), message);
    // Progress must rise (protocol brief b5): a value not above what we said while waiting is left out.
    if (message.method == QLatin1String("notifications/progress") && running->second.waitingTicks > 0) {
        const double progress = memberOf(message.params, "progress").bytes().toDouble();
        if (progress <= running->second.lastProgress)
            return;
        running->second.lastProgress = progress;
    }
    if (wants(message.method, message.params))
        m_output.push(id, requestMessage({}, message.method, message.params.view()));
}

void Session::callAnswered(const QByteArray &id, Result<UpstreamAnswer> answer)
{
    const auto running = m_running.find(id);
    if (running == m_running.end())
        return; // cancelled: not answered
    const Upstream *upstream = running->second.call ? running->second.call->upstream() : running->second.upstream.data();
    if (answer && upstream && upstream->generation() == Generation::Stateless && !m_output.isStateless())
        answer = forThisClient(running->second.call ? QStringLiteral("tools/call") : running->second.relayed, std::move(*answer));
    if (answer && !answer->error.isEmpty() && running->second.call && askForPages(running->second.call->sharedCall(), answer->error))
        answer->result =
            RawJson(toolErrorResult(QStringLiteral("Not done: the server wants a page visited first. The person was asked to open "
                                                   "it in Countersign. Make the call again when that is done.")));
    // The call may still be on the stack.
    if (Running ended = over(running); ended.call)
        ended.call.release()->deleteLater();
    if (!answer)
        return answerError(id, answer.error());
    if (!answer->result.isEmpty())
        return answerResult(id, answer->result.view());
    m_output.answer(id, "{\"jsonrpc\":\"2.0\",\"id\":" + id + ",\"error\":" + answer->error.bytes() + '}');
}

Session::Running Session::over(Runnings::iterator running)
{
    const QByteArray id = running->first;
    Running ended = std::move(running->second);
    m_running.erase(running);
    --*m_inFlight;
    withdrawQuestions(id);
    return ended;
}

// What a stateless server answered, as clients with sessions know it.
UpstreamAnswer Session::forThisClient(const QString &method, UpstreamAnswer answer) const
{
    if (answer.error.isEmpty())
        return {resultForLegacy(method, answer.result, m_version), {}};
    const RawJson error = errorForLegacy(method, answer.error);
    if (memberOf(error, "code").view() != "-32021" || method != QLatin1String("tools/call"))
        return {{}, error};
    return {RawJson(toolErrorResult(textOf(memberOf(error, "message")).value_or(QStringLiteral("The client lacks an ability.")))), {}};
}

void Session::requestStreamLost(const QByteArray &request)
{
    const auto running = m_running.find(request);
    if (running == m_running.end() || !running->second.call)
        return;
    // Not a cancellation (protocol brief b3): what was sent runs on and is recorded. But nobody can read the answer of a
    // call that still waits, so it is not asked for any longer.
    running->second.call->abandon(QStringLiteral("The client no longer waits. Nothing was sent."), PendingCall::IfSent::LetRun);
    if (!running->second.call->isOver())
        return;
    over(running).call.release()->deleteLater();
}

} // namespace mcpcore
