// SPDX-FileCopyrightText: 2026 The Countersign authors
// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once
#include "base/Clock.h"
#include "model/ApprovedCall.h"
#include "protocol/TranslationInput.h"
#include "protocol/TranslationRequest.h"
#include "upstream/ServedClient.h"
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

class Listener;

// One MCP server, as its client: initialize or server/discover, ids, progress tokens, pending requests, cancellation. Looks the
// same for both generations, like the one with sessions: what a stateless server wants to know arrives as a request of the
// server, and when it is answered the call goes on, under the approval it was made with. Results keep their bytes.
// Owns its transport. One per connection + environment + key + declared client capabilities. Lives in the core thread.
class Upstream : public QObject
{
    Q_OBJECT
public:
    using Relay = std::function<void(const UpstreamMessage &)>;
    Upstream(std::unique_ptr<Transport> transport, const Clock &clock, ServedClient client, QObject *parent = nullptr);
    ~Upstream() override;

    // Connects, finds out which generation the server speaks unless it is `known`, and initializes; answers when the server
    // is ready. A server that refuses sessions, whether known for them or wanted with them, is asked whether it is stateless.
    // Requests made before that wait for it.
    void start(Completion<> ready, Generation known = Generation::Unknown);
    // Sends an approved call, once: it is used up. The caller's progress token is replaced on the way out and restored in
    // what `relay` gets. Returns the handle for cancel(). `done` is never answered before this returns.
    qint64 call(ApprovedCall approved, Relay relay, Completion<UpstreamAnswer> done);
    // Any other request; refuses tools/call. `params` as received, or empty. Subscriptions to resources are counted: the server
    // hears of the first and of the end of the last.
    qint64 request(const QString &method, const RawJson &params, Relay relay, Completion<UpstreamAnswer> done);
    // Dropped while the server is not ready.
    void notify(const QString &method, const RawJson &params);
    // Answers a request of the server; exactly one of result and error is set. An id that is not open is ignored.
    void respond(const RawJson &id, const RawJson &result, const RawJson &error);
    // Tells the server (notifications/cancelled) and answers Cancelled at once. Unknown handles are ignored.
    void cancel(qint64 handle, const QString &reason);
    // Ends the session; what is pending is answered. closed() is not emitted.
    void stop();

    // The most talkative level anybody asked for.
    std::optional<LogLevel> logLevel() const { return m_logLevel; }
    bool isReady() const { return m_state == State::Ready; }
    Generation generation() const { return m_generation; }
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
    // What a stateless server asked for before it goes on with a request of ours.
    struct Round {
        struct Question {
            QByteArray id; // as its relay got it
            InputRequest asked;
            RawJson answer;
        };
        std::vector<Question> questions;
        RawJson state;
    };
    struct Pending {
        QString method;
        RawJson params;        // as sent, or to be sent
        RawJson progressToken; // the caller's, as it wrote it
        bool hasMeta = false;  // in its params, as far as can be told
        QByteArrayList fields; // Mcp-Param-* of a tool
        qint64 sentAs = 0;     // the id on the wire; 0 while it waits for the server to be ready or for answers
        int rounds = 0;        // how often the server asked
        std::optional<Round> round;
        Relay relay;
        Completion<UpstreamAnswer> done;
    };
    using Pendings = std::map<qint64, Pending>;

    // UpstreamStart.cpp
    void begin();
    void discover();
    void takeDiscovered(const Result<UpstreamAnswer> &result);
    void becomeStateless(const RawJson &discovered);
    void initialize();
    void takeInitialized(const Result<UpstreamAnswer> &result);
    bool startsAgain();
    void becomeReady();
    qint64 ask(const QString &method, const QByteArray &params, void (Upstream::*taker)(const Result<UpstreamAnswer> &));

    // UpstreamStateless.cpp
    void listen();
    void giveUp(qint64 sentAs, const QString &reason);
    QByteArray statelessParams(const RawJson &params, std::optional<LogLevel> level) const;
    void transmitStateless(qint64 handle, Pending &pending);
    void answerLater(Result<UpstreamAnswer> answer, Completion<UpstreamAnswer> done);
    bool answersItself(const QString &method, const RawJson &params, Completion<UpstreamAnswer> &done);
    void takeStatelessResponse(qint64 handle, Pending &pending, const Message &message);
    void takeInput(qint64 handle, const Result<std::optional<InputRequired>> &input);
    void takeInputAnswer(qint64 handle, const QByteArray &id, const RawJson &result, const RawJson &error);
    void goOn(qint64 handle);
    void forgetQuestions(const Pending &pending);

    qint64 subscribe(const QString &method, const RawJson &params, Completion<UpstreamAnswer> done);
    qint64 submit(const QString &method, const RawJson &params, QByteArrayList fields, Relay relay, Completion<UpstreamAnswer> done);
    qint64 refuse(Error error, Completion<UpstreamAnswer> done);
    void transmit(qint64 handle, Pending &pending);
    void wantLogs(LogLevel level);
    void take(const Message &message, qint64 relatedRequest);
    void takeResponse(const Message &message);
    void takeFailure(qint64 sentAs, const Error &error);
    void takeNotification(const Message &message, qint64 relatedRequest);
    void takeRequest(const Message &message, qint64 relatedRequest);
    bool deliver(qint64 request, const UpstreamMessage &message);
    qint64 ownerOf(qint64 relatedRequest) const;
    Pendings::iterator findSent(qint64 sentAs);
    void answer(qint64 request, Result<UpstreamAnswer> result);
    void sendResponse(const RawJson &id, const RawJson &result, const RawJson &error);
    void end(const Error &error);
    void finish(const Error &why);

    std::unique_ptr<Transport> m_transport;
    const Clock &m_clock;
    const ServedClient m_client;
    State m_state = State::New;
    Generation m_generation = Generation::Unknown;
    qint64 m_probe = 0;             // the server/discover that is not answered yet
    int m_probes = 0;               // how many were sent
    bool m_restarted = false;       // because a program took the probe badly
    std::optional<Error> m_refused; // initialize, by a server that was asked for a session first
    Completion<> m_ready;
    qint64 m_lastId = 0;
    qint64 m_submitting = 0;                    // its answer, should it come now, waits until submit() has returned
    Pendings m_pending;                         // by handle, in the order they were made; the handle is the first id on the wire
    QHash<qint64, qint64> m_later;              // ids of later rounds, and whose they are
    QHash<QByteArray, qint64> m_serverRequests; // open requests of the server, and which of ours they belong to
    std::optional<LogLevel> m_logLevel;         // the most talkative asked for
    QHash<QByteArray, int> m_subscribers;       // of a server with sessions, by uri
    std::unique_ptr<Listener> m_listener;       // of a stateless server
    RawJson m_serverCapabilities;
    RawJson m_serverInfo;
    QString m_instructions;
    QString m_protocolVersion;
};

} // namespace mcpcore
