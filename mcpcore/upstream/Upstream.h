// SPDX-FileCopyrightText: 2026 The Countersign authors
// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once
#include "base/Clock.h"
#include "model/ApprovedCall.h"
#include "upstream/Transport.h"
#include <map>

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
    // Of a Request that a server of 2026-07-28 made: what its answer goes under (its key in inputRequests, still escaped).
    // Clients of that generation are asked under the same.
    QByteArray key = {};
};

// One MCP session with one server, as its client: initialize, ids, progress tokens, pending requests, cancellation.
// Owns its transport. One per connection + environment + key + declared client capabilities. Lives in the core thread.
class Upstream : public QObject
{
    Q_OBJECT
public:
    using Relay = std::function<void(const UpstreamMessage &)>;
    // `clientCapabilities` is the raw JSON object that initialize declares.
    Upstream(std::unique_ptr<Transport> transport, const Clock &clock, QByteArray clientCapabilities, QObject *parent = nullptr);
    ~Upstream() override;

    // Connects and initializes; answers when the server is ready. Requests made before that wait for it.
    void start(Completion<> ready);
    // Sends an approved call, once: it is used up. The caller's progress token is replaced on the way out and restored in
    // what `relay` gets. Returns the handle for cancel(). `done` is never answered before this returns.
    qint64 call(ApprovedCall approved, Relay relay, Completion<UpstreamAnswer> done);
    // Any other request; refuses tools/call. `params` as received, or empty.
    qint64 request(const QString &method, const RawJson &params, Relay relay, Completion<UpstreamAnswer> done);
    // Dropped while the server is not ready.
    void notify(const QString &method, const RawJson &params);
    // Answers a request of the server; exactly one of result and error is set. An id that is not open is ignored.
    void respond(const RawJson &id, const RawJson &result, const RawJson &error);
    // Tells the server (notifications/cancelled) and answers Cancelled at once. Unknown handles are ignored.
    void cancel(qint64 handle, const QString &reason);
    // Ends the session; what is pending is answered. closed() is not emitted.
    void stop();

    bool isReady() const { return m_state == State::Ready; }
    // No request is pending or waiting.
    bool isIdle() const { return m_pending.empty(); }
    RawJson serverCapabilities() const { return m_serverCapabilities; }
    RawJson serverInfo() const { return m_serverInfo; }
    QString instructions() const { return m_instructions; }
    QString protocolVersion() const { return m_protocolVersion; }

Q_SIGNALS:
    // Belongs to no request of ours: list_changed, resources/updated, log messages, requests of the server. A request is
    // refused with -32601 when nobody is connected.
    void unsolicited(const mcpcore::UpstreamMessage &message);
    // After a successful start, the session ended by itself; every pending request was answered before.
    void closed(const mcpcore::Error &error);

private:
    enum class State { New, Starting, Ready, Ended };
    struct Pending {
        QByteArray message;    // while it waits for the server to be ready
        RawJson progressToken; // the caller's, as it wrote it
        Relay relay;
        Completion<UpstreamAnswer> done;
    };

    void initialize();
    void takeInitialized(const Result<UpstreamAnswer> &result);
    qint64 submit(const QString &method, const RawJson &params, Relay relay, Completion<UpstreamAnswer> done);
    qint64 refuse(Error error, Completion<UpstreamAnswer> done);
    void take(const Message &message, qint64 relatedRequest);
    void takeResponse(const Message &message);
    void takeNotification(const Message &message, qint64 relatedRequest);
    void takeRequest(const Message &message, qint64 relatedRequest);
    void deliver(qint64 request, const UpstreamMessage &message);
    qint64 ownerOf(qint64 relatedRequest) const;
    void answer(qint64 request, Result<UpstreamAnswer> result);
    void sendResponse(const RawJson &id, const RawJson &result, const RawJson &error);
    void end(const Error &error);
    void finish(const Error &why);

    std::unique_ptr<Transport> m_transport;
    const Clock &m_clock;
    const QByteArray m_clientCapabilities;
    State m_state = State::New;
    Completion<> m_ready;
    qint64 m_lastId = 0;
    qint64 m_submitting = 0;                    // its answer, should it come now, waits until submit() has returned
    std::map<qint64, Pending> m_pending;        // by id, in the order they were made
    QHash<QByteArray, qint64> m_serverRequests; // open requests of the server, and which of ours they belong to
    RawJson m_serverCapabilities;
    RawJson m_serverInfo;
    QString m_instructions;
    QString m_protocolVersion;
};

} // namespace mcpcore
