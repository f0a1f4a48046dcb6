// SPDX-FileCopyrightText: 2026 The Countersign authors
// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once
#include "base/Completion.h"
#include "base/RawJson.h"
#include "model/Client.h"
#include "model/Environment.h"

namespace mcpcore {

// What the server folder sees of the gateway. The HTTP endpoint and the bridge socket both speak to this.

// Which part of the gateway a client reaches by a URL: everything it may use, or one connection in one environment.
struct Scope {
    std::optional<ConnectionId> connection;
    std::optional<EnvironmentId> environment;
};

// Where the messages of one session go. Implemented per transport, called in the session's thread. A message is one
// JSON-RPC message; order is kept.
class SessionOutput
{
public:
    virtual ~SessionOutput() = default;
    // The final answer to a request. `request` is the raw JSON of the request's id.
    virtual void answer(const QByteArray &request, const QByteArray &message) = 0;
    // A notification, or a request to the client. With `request` it goes on that request's stream, before its answer; without,
    // on the session's own stream (HTTP: the GET stream), or is kept or dropped when there is none.
    virtual void push(const QByteArray &request, const QByteArray &message) = 0;
    // Its client speaks 2026-07-28: what only that generation knows stays in results.
    virtual bool isStateless() const { return false; }
    // A request to the client, like push(). `key` is what its server calls it, for clients that are asked in the answer to
    // their own request; empty when the server has no name for it.
    virtual void ask(const QByteArray &request, const QByteArray &key, const QByteArray &message)
    {
        Q_UNUSED(key)
        push(request, message);
    }
};

// One client's conversation from initialize to its end. Destroying it cancels what runs for it.
class ClientSession : public QObject
{
    Q_OBJECT
public:
    using QObject::QObject;
    // Takes one JSON-RPC message: request, notification or response, as received. A request is answered exactly once
    // through SessionOutput::answer; errors are answers too. `message` must be one JSON value (not a batch).
    virtual void receive(const RawJson &message) = 0;
    // The stream of this request is gone and nobody can read its answer. Legacy sessions: not a cancellation by itself
    // (facts/protocol b3); the call may be withdrawn after a grace time.
    virtual void requestStreamLost(const QByteArray &request) = 0;
    // The version agreed in initialize; empty before.
    virtual QString protocolVersion() const = 0;

Q_SIGNALS:
    // Its client may not come in any more: revoked, removed, or its token exchanged. Whoever holds the session ends it and
    // what is open for it at once.
    void shutOut();
};

// The gateway as the server folder knows it: who a client is and how to open its session. Outlives all sessions; core thread.
// Who may come in, and the conversations of those who may. Implemented by Gateway; core thread.
class FrontDoor
{
public:
    virtual ~FrontDoor() = default;
    // The client that owns this bearer token, in constant time; none for unknown and revoked ones.
    virtual std::optional<ClientId> clientOfToken(std::string_view token) const = 0;
    // The client that the bridge says it is. Marks `peer` as a stranger when another program than the recorded one is above
    // the bridge; records the program at the first connection. Unauthorized for unknown and revoked clients.
    virtual Result<ClientId> bridgeClient(const QString &id, Peer &peer) = 0;
    // A new conversation. NotFound when the scope names what does not exist or is not for this client. The output must
    // outlive the session.
    virtual Result<std::unique_ptr<ClientSession>> open(const ClientId &client, const Peer &peer, const Scope &scope,
                                                        SessionOutput &output) = 0;
    // A refused request, for the activity log (bursts are counted into one row).
    virtual void refused(const QString &why) = 0;
};

} // namespace mcpcore
