// SPDX-FileCopyrightText: 2026 The Countersign authors
// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once
#include "base/Clock.h"
#include "base/Completion.h"
#include "model/Approval.h"
#include "model/Decision.h"
#include "upstream/Upstream.h"

namespace mcpcore {

class ActivityLog;
class ApprovalQueue;
class ToolCatalog;
class UpstreamAccess;
class WorkspaceFile;

// What a call needs of the rest of the core.
struct CallServices {
    const WorkspaceFile &workspace;
    const UpstreamAccess &access;
    ActivityLog &log;
    ApprovalQueue &approvals;
    const Clock &clock;
    // An answer came from another environment than the call went to; `what` is a sentence.
    std::function<void(const ToolCall &call, const QString &what)> alarm;
};

// The life of one tools/call (DESIGN 4): recorded, judged, asked for, re-checked, recorded again, sent once, recorded,
// answered. A child of its session; destroying it withdraws the card, or cancels what was sent. Lives in the core thread.
class PendingCall : public QObject
{
    Q_OBJECT
public:
    // Waiting for a person; allowed and on its way; sent; and how it ended. Done is also the end of what was not allowed.
    enum class State { Waiting, Sending, Sent, Done, Failed, Unknown };

    // `stillValid` answers whether the client may still make this call (its environment may have been switched).
    PendingCall(const CallServices &services, ToolCatalog &catalog, ToolCallPtr call, std::function<Result<>()> stillValid,
                QObject *parent);
    ~PendingCall() override;

    // `relay` gets what the upstream says while the call runs; `done` the answer. A denial is an answer: an isError result
    // that says why. Errors are those of the protocol.
    void start(Upstream::Relay relay, Completion<UpstreamAnswer> done);
    // The client took it back or can no longer read the answer. Not sent yet: the card is withdrawn. Sent: `ifSent` decides.
    enum class IfSent { Cancel, LetRun };
    void abandon(const QString &why, IfSent ifSent);

    const ToolCall &call() const { return *m_call; }
    const ToolCallPtr &sharedCall() const { return m_call; }
    // Where it was sent; null before that.
    Upstream *upstream() const { return m_upstream; }
    State state() const { return m_state; }
    bool isOver() const { return m_state == State::Done || m_state == State::Failed || m_state == State::Unknown; }

Q_SIGNALS:
    void stateChanged(mcpcore::PendingCall::State state, const QString &detail);

private:
    Result<> check() const;
    Result<> checkTool() const;
    Result<> checkEnvironment() const;
    void refuse(const Error &error, Decision::By by);
    void deny(const Decision &decision, Result<UpstreamAnswer> answer);
    void ask(const Verdict &verdict);
    void answered(Result<Answer> answer, Milliseconds asked);
    void forward(const Decision &decision);
    void send(ApprovedCall approved, Upstream *upstream);
    void received(Result<UpstreamAnswer> answer);
    void checkAnswer(const RawJson &result);
    void finish(const CallOutcome &outcome, Result<UpstreamAnswer> answer);
    void deliver(Result<UpstreamAnswer> answer);
    void setState(State state, const QString &detail = {});

    CallServices m_services;
    QPointer<ToolCatalog> m_catalog;
    ToolCallPtr m_call;
    std::function<Result<>()> m_stillValid;
    Upstream::Relay m_relay;
    Completion<UpstreamAnswer> m_done;
    QPointer<Upstream> m_upstream;
    qint64 m_handle = 0;
    Milliseconds m_sentAt{};
    QString m_abandoned; // why, once the client is gone
    State m_state = State::Waiting;
    bool m_recorded = false; // the received row is queued
    bool m_decided = false;  // a decision row is queued
};

} // namespace mcpcore
