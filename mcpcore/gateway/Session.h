// SPDX-FileCopyrightText: 2026 The Countersign authors
// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once
#include "base/Ids.h"
#include "gateway/Catalogs.h"
#include "gateway/FrontDoor.h"
#include "gateway/PendingCall.h"
#include "model/Question.h"
#include "model/Workspace.h"
#include "protocol/Message.h"
#include "protocol/ToolNames.h"

namespace mcpcore {

class Questions;

inline constexpr int kMaximumInFlight = 256; // requests that run for one client, over all its sessions

// What a session shares with the others of the gateway.
struct SessionServices {
    CallServices calls;
    Catalogs &catalogs;
    Ids &ids;
    Questions *questions;                                // null: there is no person to ask
    std::function<void(PendingCall &)> callStarted;      // for live state; the call is about to start
    std::function<void(const QString &version)> greeted; // the client has said which version it is; may be empty
};

// One client's conversation over the legacy generations (2024-11-05 to 2025-11-25): lifecycle, lists, calls, and on a
// direct scope everything else of its upstream. Owned by the endpoint that opened it. Lives in the core thread.
class Session final : public ClientSession
{
    Q_OBJECT
public:
    // `inFlight` counts the requests that run for this client over all its sessions.
    Session(SessionServices services, Client client, Peer peer, Scope scope, std::shared_ptr<int> inFlight, SessionOutput &output);
    ~Session() override;

    void receive(const RawJson &message) override;
    void requestStreamLost(const QByteArray &request) override;
    QString protocolVersion() const override { return m_version; }

    // What upstreams are told that a client with these capabilities can do: with a person to ask, also elicitations.
    static ServedClient toldOf(const QByteArray &clientCapabilities, Generation generation, const Questions *questions);

private:
    // Session.cpp: lifecycle and lists
    void dispatch(const Message &message);
    void notified(const Message &message);
    void initialize(const Message &message);
    void initialized(const QByteArray &id, Upstream *upstream);
    void listTools(const Message &message);
    void setLevel(const Message &message);
    void answerResult(const QByteArray &id, std::string_view result);
    void answerError(const QByteArray &id, const Error &error);
    Result<Client> clientNow() const;
    Result<EnvironmentId> environmentNow() const;
    bool isDirect() const { return m_scope.connection.has_value(); }
    ToolCatalog &directCatalog() const;
    QStringList hiddenIn(const ToolCatalog &catalog) const;
    QList<HiddenTool> hiddenNow() const;
    // Where it acts and what it does not see there: when that changes, its list of tools does.
    struct View {
        EnvironmentId environment; // empty: nowhere
        QList<HiddenTool> hidden;
        friend bool operator==(const View &, const View &) = default;
    };
    View viewNow() const;
    // Whether anything of this client may go to the upstream of its direct scope now.
    bool mayReachUpstream() const;

    // SessionCalls.cpp: tools/call
    void callTool(const Message &message);
    void refuseCall(const QByteArray &id, const QString &name, const Error &error);
    Error elsewhere(const QString &name, const ToolPrefix &prefix, const EnvironmentId &now) const;
    void startCall(const Message &message, ToolCatalog &catalog, const QString &tool, const Tool *listed);
    void waitingProgress(const QByteArray &id);
    void relayed(const QByteArray &id, const UpstreamMessage &message);
    void callAnswered(const QByteArray &id, Result<UpstreamAnswer> answer);
    UpstreamAnswer forThisClient(const QString &method, UpstreamAnswer answer) const;

    // SessionQuestions.cpp: what servers ask the person in the client's place
    void askPerson(const QByteArray &request, Upstream *upstream, const UpstreamMessage &message);
    Result<Question> questionFor(const ToolCallPtr &call, const RawJson &params) const;
    bool askForPages(const ToolCallPtr &call, const RawJson &error);
    void withdrawQuestions(const QByteArray &request);

    // SessionRelay.cpp: the rest of a direct scope's upstream, and its requests to the client
    void relayRequest(const Message &message);
    enum class Attempt { First, Again };
    void relay(const QByteArray &id, const Message &message, Attempt attempt);
    void relayAnswered(const QByteArray &id, const Message &message, const Result<UpstreamAnswer> &answer);
    bool wants(const QString &method, const RawJson &params) const;
    void subscribeAgain();
    void unsubscribeAll();
    void leaveUpstream();
    void withUpstream(Completion<Upstream *> done);
    void follow(Upstream *upstream);
    void unsolicited(const UpstreamMessage &message);
    void askClient(const QByteArray &relatedRequest, Upstream *upstream, const UpstreamMessage &message);
    void clientAnswered(const Message &message);

    struct Running {
        std::unique_ptr<PendingCall> call; // null for a relayed request
        QString relayed;                   // the method of that
        QPointer<Upstream> upstream;
        qint64 handle = 0;
        QByteArray progressToken;
        double lastProgress = 0;
        int waitingTicks = 0;
    };
    using Runnings = std::map<QByteArray, Running>; // by raw request id
    Running over(Runnings::iterator running);
    struct Asked {
        QPointer<Upstream> upstream;
        RawJson id; // the upstream's
    };

    SessionServices m_services;
    ClientId m_client;
    Peer m_peer;
    Scope m_scope;
    std::shared_ptr<int> m_inFlight;
    SessionOutput &m_output;
    QString m_version;
    QByteArray m_clientCapabilities = QByteArrayLiteral("{}"); // what may be relayed to this client
    ServedClient m_told;                                       // what upstreams are told of it
    Runnings m_running;
    QHash<QByteArray, Asked> m_asked;                 // requests to the client, by our id
    QList<std::pair<CallId, QByteArray>> m_questions; // to the person, and the request each belongs to; empty = not known
    QPointer<Upstream> m_upstream;                    // of a direct scope
    QHash<QByteArray, RawJson> m_subscribed;          // parameters by uri
    std::optional<LogLevel> m_logLevel;               // the least grave message this client wants; empty = whatever comes
    qint64 m_lastAskId = 0;
    bool m_initialized = false;
};

} // namespace mcpcore
