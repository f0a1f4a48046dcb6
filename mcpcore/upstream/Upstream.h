// SPDX-FileCopyrightText: 2026 The Countersign authors
// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once
#include "base/Clock.h"
#include "base/Completion.h"
#include "model/ApprovedCall.h"
#include "upstream/Transport.h"
#include <QHash>

namespace mcpcore {

// The answer of an upstream to one request, as bytes: exactly one of the two is set.
struct UpstreamAnswer {
    RawJson result;
    RawJson error; // the JSON-RPC error object
};

// What an upstream sends while one of our requests runs, and what belongs to none. Messages keep their order, and all of
// them come before the request's answer.
struct UpstreamMessage {
    enum class Kind { Notification, Request };
    Kind kind;
    QString method;
    RawJson params;
    RawJson id; // of a Request, to be answered with Upstream::respond
};

// One MCP session with one server, as its client: initialize, ids, progress tokens, pending requests, cancellation.
// Owns its transport. One per connection + environment + key + declared client capabilities. Lives in the core thread.
class Upstream : public QObject
{
    Q_OBJECT
public:
    using Relay = std::function<void(const UpstreamMessage &)>;
    Upstream(std::unique_ptr<Transport> transport, const Clock &clock, QByteArray clientCapabilities, QObject *parent = nullptr);

    // Connects and initializes; answers when the server is ready. Requests made before that wait for it.
    void start(Completion<> ready);
    // Sends an approved call. The caller's progress token is replaced on the way out and restored in what `relay` gets.
    // Returns the handle for cancel().
    qint64 call(const ApprovedCall &approved, Relay relay, Completion<UpstreamAnswer> done);
    // Any other request; refuses tools/call. `params` as received, or empty.
    qint64 request(const QString &method, const RawJson &params, Relay relay, Completion<UpstreamAnswer> done);
    void notify(const QString &method, const RawJson &params);
    // Answers a request of the server; exactly one of result and error is set.
    void respond(const RawJson &id, const RawJson &result, const RawJson &error);
    // Tells the server (notifications/cancelled) and answers Cancelled. Unknown handles are ignored.
    void cancel(qint64 handle, const QString &reason);
    void stop();

    RawJson serverCapabilities() const;
    RawJson serverInfo() const;
    QString instructions() const;
    QString protocolVersion() const;

Q_SIGNALS:
    // Belongs to no request of ours: list_changed, resources/updated, log messages, requests of the server.
    void unsolicited(const mcpcore::UpstreamMessage &message);
    void closed(const mcpcore::Error &error);
};

} // namespace mcpcore
