// SPDX-FileCopyrightText: 2026 The Countersign authors
// SPDX-License-Identifier: GPL-3.0-or-later
#include "gateway/PendingCall.h"
#include "approvals/ApprovalQueue.h"
#include "audit/ActivityLog.h"
#include "base/Secret.h"
#include "gateway/ToolCatalog.h"
#include "gateway/UpstreamAccess.h"
#include "policy/Policy.h"
#include "protocol/ErrorMapping.h"
#include "store/WorkspaceFile.h"

namespace mcpcore {

namespace {

// A failure before anything was sent is told to the model as a result it can read; faults of the protocol stay errors.
Result<UpstreamAnswer> toldToClient(const Error &error)
{
    using Kind = Error::Kind;
    if (error.kind == Kind::InvalidRequest || error.kind == Kind::InvalidArgument || error.kind == Kind::NotFound
        || error.kind == Kind::Cancelled)
        return failure(error);
    return UpstreamAnswer{RawJson(toolErrorResult(error.message)), {}};
}

bool saysError(const RawJson &result)
{
    return result.view().find("\"isError\"") != std::string_view::npos && memberOf(result, "isError").view() == "true";
}

} // namespace

PendingCall::PendingCall(const CallServices &services, ToolCatalog &catalog, ToolCallPtr call, std::function<Result<>()> stillValid,
                         QObject *parent)
    : QObject(parent), m_services(services), m_catalog(&catalog), m_call(std::move(call)), m_stillValid(std::move(stillValid))
{}

PendingCall::~PendingCall()
{
    abandon(QStringLiteral("The client's session ended."), IfSent::Cancel);
    // The intent is on its way to the log, and nobody will be here to send it.
    if (m_state == State::Sending && m_decided)
        m_services.log.finish(m_call, {CallOutcome::Kind::Cancelled, QStringLiteral("Not sent: the client's session ended."), 0, {}, {}},
                              {});
}

void PendingCall::start(Upstream::Relay relay, Completion<UpstreamAnswer> done)
{
    m_relay = std::move(relay);
    m_done = std::move(done);
    if (m_services.log.isBroken())
        return deliver(failure(Error::Kind::LogFailed, QStringLiteral("Not sent: the activity log cannot be written.")));
    if (const auto allowed = check(); !allowed)
        return refuse(allowed.error(), allowed.error().kind == Error::Kind::Paused ? Decision::By::Pause : Decision::By::Refusal);

    const Verdict verdict = decide(m_services.workspace.current().rules, *m_call, m_services.clock.wall());
    switch (verdict.effect) {
    case Effect::Allow:
        m_services.log.append({LogRow::Kind::Received, m_call, {}, {}});
        m_recorded = true;
        return forward({Decision::Outcome::Allowed,
                        verdict.rule.isEmpty() ? Decision::By::Default : Decision::By::Rule,
                        verdict.rule,
                        verdict.reason,
                        {},
                        {}});
    case Effect::Deny:
        return refuse({Error::Kind::Denied, QStringLiteral("Denied by a rule: %1").arg(verdict.reason)},
                      verdict.rule.isEmpty() ? Decision::By::Floor : Decision::By::Rule);
    case Effect::Ask:
    case Effect::AskTyped: return ask(verdict);
    }
}

// Everything that must hold to send the call, looked at before it is shown and again before it leaves.
Result<> PendingCall::check() const
{
    if (const auto valid = m_stillValid(); !valid)
        return valid;
    if (const auto admitted = m_services.access.admit(m_call->client, m_call->connection, m_call->environment); !admitted)
        return admitted;
    if (const auto agrees = checkEnvironment(); !agrees)
        return agrees;
    return checkTool();
}

// DESIGN 4, step 4: admit() has compared the key with the slot; the arguments must agree with both.
Result<> PendingCall::checkEnvironment() const
{
    const auto slot = m_services.access.slotFor(m_call->client, m_call->connection, m_call->environment);
    return slot ? checkArguments(*slot, m_call->arguments) : Result<>();
}

// A slot that answers with data of another environment holds the wrong key or the wrong endpoint: nothing more goes there.
void PendingCall::checkAnswer(const RawJson &result)
{
    const auto slot = m_services.access.slotFor(m_call->client, m_call->connection, m_call->environment);
    const QString what = slot ? contradictionIn(*slot, m_call->tool, result) : QString();
    if (!what.isEmpty())
        m_services.alarm(*m_call, what);
}

Result<> PendingCall::checkTool() const
{
    const Connection *connection = find(m_services.workspace.current(), m_call->connection);
    if (!connection || destinationOf(*connection, m_call->environment) != m_call->destination)
        return failure(Error::Kind::Conflict,
                       QStringLiteral("Not sent: the connection %1 was changed meanwhile.").arg(m_call->connection.text));
    const KeyRecord *key =
        needsKey(*connection) ? findKey(m_services.workspace.current(), m_call->connection, m_call->environment, m_call->client) : nullptr;
    if ((key ? key->id : KeyId()) != m_call->key)
        return failure(Error::Kind::Conflict,
                       QStringLiteral("Not sent: the key of %1 was changed meanwhile. Make the call again.").arg(m_call->connection.text));
    const Tool *tool = m_catalog ? m_catalog->find(m_call->tool) : nullptr;
    if (!tool)
        return m_call->pin.isEmpty()
                   ? Result<>()
                   : failure(Error::Kind::Quarantined,
                             QStringLiteral("Not sent: the tool %1 is no longer listed by its server.").arg(m_call->tool));
    if (tool->state == Tool::State::Quarantined)
        return failure(Error::Kind::Quarantined,
                       QStringLiteral("The tool %1 waits in quarantine until a person trusts it in Countersign.").arg(m_call->tool));
    if (tool->state == Tool::State::Changed || tool->pin != m_call->pin)
        return failure(Error::Kind::Quarantined,
                       QStringLiteral("The server changed the tool %1. A person must look at it in Countersign first.").arg(m_call->tool));
    return {};
}

void PendingCall::refuse(const Error &error, Decision::By by)
{
    if (!m_recorded)
        m_services.log.append({LogRow::Kind::Received, m_call, {}, {}});
    m_recorded = true;
    const bool decided = m_decided;
    if (m_state == State::Sending)
        setState(State::Failed, error.message);
    if (decided)
        return deliver(toldToClient(error));
    deny({Decision::Outcome::Denied, by, {}, error.message, {}, {}}, toldToClient(error));
}

// The client is told once it is written: who asks the log then finds what was answered. A log that cannot write denies all
// the same.
void PendingCall::deny(const Decision &decision, Result<UpstreamAnswer> answer)
{
    m_decided = true;
    m_services.log.deny(m_call, decision, Completion<>(this, [this, answer = std::move(answer)](const Result<> &) { deliver(answer); }));
}

void PendingCall::ask(const Verdict &verdict)
{
    m_recorded = true;
    m_services.log.append({LogRow::Kind::Received, m_call, {}, {}}, Completion<>(this, [this, verdict](Result<> durable) {
                              if (!durable)
                                  return deliver(toldToClient(durable.error()));
                              if (isOver())
                                  return;
                              // The card would be void at once when something changed while the disk was busy.
                              if (const auto still = check(); !still)
                                  return refuse(still.error(), Decision::By::Refusal);
                              m_services.approvals.request(
                                  m_call, verdict,
                                  Completion<Answer>(this, [this, asked = m_services.clock.monotonic()](Result<Answer> answer) {
                                      answered(std::move(answer), asked);
                                  }));
                          }));
}

void PendingCall::answered(Result<Answer> answer, Milliseconds asked)
{
    if (m_state != State::Waiting)
        return;
    const Milliseconds waited = m_services.clock.monotonic() - asked;
    if (!answer) {
        if (answer.error().kind == Error::Kind::Expired)
            return refuse({Error::Kind::Expired, QStringLiteral("Denied: nobody answered in time.")}, Decision::By::Deadline);
        // A card that became void: the client reads what made it so.
        const Result<> still = check();
        return refuse(still ? answer.error() : still.error(), Decision::By::Refusal);
    }
    Decision decision{Decision::Outcome::Allowed, Decision::By::Person, {}, answer->reason, answer->where, waited};
    if (answer->kind == Answer::Kind::Allow)
        return forward(decision);
    decision.outcome = Decision::Outcome::Denied;
    deny(decision,
         UpstreamAnswer{RawJson(toolErrorResult(answer->reason.isEmpty() ? QStringLiteral("Denied by the person.")
                                                                         : QStringLiteral("Denied by the person: %1").arg(answer->reason))),
                        {}});
}

void PendingCall::forward(const Decision &decision)
{
    setState(State::Sending);
    // The upstream is made ready first: an intent is written only for what can be sent.
    m_services.access.get(
        m_call->client, m_call->connection, m_call->environment, m_catalog ? m_catalog->served() : ServedClient("{}"),
        Completion<Upstream *>(this, [this, decision](Result<Upstream *> upstream) {
            if (!m_abandoned.isEmpty())
                return;
            if (!upstream)
                return refuse(upstream.error(), Decision::By::Refusal);
            m_upstream = *upstream;
            // A freshly started upstream lists its tools anew; what was approved must still be what it offers.
            m_catalog->whenLoaded(
                m_call->client, Completion<>(this, [this, decision](Result<> loaded) {
                    if (!m_abandoned.isEmpty())
                        return;
                    const Result<> ready = loaded ? check() : loaded;
                    if (!ready)
                        return refuse(ready.error(), Decision::By::Refusal);
                    m_decided = true;
                    m_services.log.authorise(
                        m_call, decision, Completion<ApprovedCall>(this, [this](Result<ApprovedCall> approved) {
                            if (!approved)
                                return deliver(toldToClient(approved.error()));
                            const Result<> still = !m_abandoned.isEmpty() ? failure(Error::Kind::Cancelled, m_abandoned) : check();
                            if (!still || !m_upstream)
                                return finish({CallOutcome::Kind::Cancelled,
                                               QStringLiteral("Not sent: ")
                                                   + (still ? QStringLiteral("the upstream went away.") : still.error().message),
                                               0,
                                               {},
                                               {}},
                                              toldToClient(still ? Error{Error::Kind::UpstreamFailed,
                                                                         QStringLiteral("Not sent: the upstream went away.")}
                                                                 : still.error()));
                            send(std::move(*approved), m_upstream);
                        }));
                }));
        }));
}

void PendingCall::send(ApprovedCall approved, Upstream *upstream)
{
    m_sentAt = m_services.clock.monotonic();
    setState(State::Sent);
    m_handle = upstream->call(std::move(approved), m_relay,
                              Completion<UpstreamAnswer>(this, [this](Result<UpstreamAnswer> answer) { received(std::move(answer)); }));
}

void PendingCall::received(Result<UpstreamAnswer> answer)
{
    CallOutcome outcome;
    outcome.took = m_services.clock.monotonic() - m_sentAt;
    if (!answer) {
        outcome.kind = answer.error().kind == Error::Kind::OutcomeUnknown ? CallOutcome::Kind::Unknown
                       : answer.error().kind == Error::Kind::Cancelled    ? CallOutcome::Kind::Cancelled
                                                                          : CallOutcome::Kind::Failed;
        outcome.detail = answer.error().message;
        const bool unknown = outcome.kind == CallOutcome::Kind::Unknown;
        return finish(
            outcome,
            unknown
                ? UpstreamAnswer{RawJson(toolErrorResult(QStringLiteral("Sent, outcome unknown. Do not repeat. %1").arg(outcome.detail))),
                                 {}}
                : toldToClient(answer.error()));
    }
    const RawJson &body = answer->error.isEmpty() ? answer->result : answer->error;
    outcome.kind = !answer->error.isEmpty()    ? CallOutcome::Kind::ProtocolError
                   : saysError(answer->result) ? CallOutcome::Kind::ToolError
                                               : CallOutcome::Kind::Succeeded;
    if (outcome.kind == CallOutcome::Kind::ProtocolError)
        outcome.detail = textOf(memberOf(answer->error, "message")).value_or(QString());
    if (outcome.kind == CallOutcome::Kind::ToolError)
        outcome.detail = QStringLiteral("The tool answered with an error.");
    outcome.resultSize = body.size();
    outcome.resultDigest = sha256(body.view());
    checkAnswer(answer->result);
    finish(outcome, std::move(answer));
}

// The effect has happened (or not): the answer follows the record, and also when the record fails.
void PendingCall::finish(const CallOutcome &outcome, Result<UpstreamAnswer> answer)
{
    m_handle = 0;
    switch (outcome.kind) {
    case CallOutcome::Kind::Succeeded: setState(State::Done); break;
    case CallOutcome::Kind::Unknown: setState(State::Unknown, outcome.detail); break;
    case CallOutcome::Kind::ToolError:
    case CallOutcome::Kind::ProtocolError:
    case CallOutcome::Kind::Failed:
    case CallOutcome::Kind::Cancelled: setState(State::Failed, outcome.detail); break;
    }
    m_services.log.finish(m_call, outcome,
                          Completion<>(this, [this, answer = std::move(answer)](Result<>) mutable { deliver(std::move(answer)); }));
}

void PendingCall::deliver(Result<UpstreamAnswer> answer)
{
    if (!isOver())
        m_state = State::Done; // never sent: the card has ended already
    m_done(std::move(answer));
}

void PendingCall::abandon(const QString &why, IfSent ifSent)
{
    switch (m_state) {
    case State::Waiting:
    case State::Sending:
        m_abandoned = why;
        if (!m_decided && m_recorded) {
            m_services.log.deny(m_call, {Decision::Outcome::Denied, Decision::By::Withdrawn, {}, why, {}, {}});
            m_decided = true;
            m_state = State::Done;
        }
        m_services.approvals.withdraw(m_call->id);
        break;
    case State::Sent:
        if (ifSent == IfSent::Cancel && m_upstream && m_handle != 0)
            m_upstream->cancel(m_handle, why);
        break;
    case State::Done:
    case State::Failed:
    case State::Unknown: break;
    }
}

void PendingCall::setState(State state, const QString &detail)
{
    m_state = state;
    Q_EMIT stateChanged(state, detail);
}

} // namespace mcpcore
