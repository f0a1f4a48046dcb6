// SPDX-FileCopyrightText: 2026 The Countersign authors
// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once
#include "base/RequestSeal.h"
#include "gateway/FrontDoor.h"
#include "protocol/TranslationInput.h"
#include "server/Listeners.h"
#include "server/ModernRequest.h"
#include <QSet>
#include <map>

namespace mcpcore {

// The stateless requests of one client with one set of capabilities at one address, as one session of the gateway: each
// becomes a request of that session, its disconnect a cancellation, and what a server asks meanwhile an answer that asks.
// A client that comes back with what it was asked is brought to the request that waits for it: nothing is approved or sent
// twice. Owned by the ModernEndpoint; core thread.
class ModernSession final : public QObject, public SessionOutput
{
    Q_OBJECT
public:
    ModernSession(ClientId client, Scope scope, QByteArray capabilities, const RequestSeal &seal, Ids &ids, const Clock &clock,
                  const Limits &limits);
    ~ModernSession() override;
    // Begins; requests may be served at once and wait until it is ready.
    Result<> open(FrontDoor &frontDoor);

    void serve(const std::shared_ptr<Exchange> &exchange, const ModernRequest &request);

    const ClientId &client() const { return m_client; }
    bool isQuiet() const { return m_running.empty() && m_listeners.count() == 0; }
    qsizetype listenerCount() const { return m_listeners.count(); }

    void answer(const QByteArray &request, const QByteArray &message) override;
    void push(const QByteArray &request, const QByteArray &message) override;
    bool isStateless() const override { return true; }
    void ask(const QByteArray &request, const QByteArray &key, const QByteArray &message) override;

Q_SIGNALS:
    void streamOpened(const std::shared_ptr<Exchange> &exchange);
    // It could not begin, or its client may not come in any more. Everything was answered.
    void ended();

private:
    struct Asked {
        InputRequest request;
        QByteArray id; // the session's
    };
    // One request of the session. It outlives the exchanges of its rounds.
    struct Running {
        ModernRequest round;                // the client's request of now
        std::shared_ptr<Exchange> exchange; // of it; null while the client is expected to come back
        QByteArray progressToken;           // of the first round, which the server knows
        std::vector<Asked> asked;           // what the client has not answered
        QByteArray serial;                  // of the requestState that is good now; empty = none
        bool asksSoon = false;
        std::optional<QByteArray> early; // the answer, when it came while nobody waited
    };
    void begun(const RawJson &answer);
    void start(const std::shared_ptr<Exchange> &exchange, const ModernRequest &request);
    void listen(const std::shared_ptr<Exchange> &exchange, const ModernRequest &request);
    void listenerGone(const Exchange *exchange);
    void retry(const std::shared_ptr<Exchange> &exchange, const ModernRequest &request);
    std::map<QByteArray, Running>::iterator onlyOneWithClient();
    Running *runningOf(const ModernRequest &request, QByteArray &id);
    void attach(const QByteArray &id, Running &running, const std::shared_ptr<Exchange> &exchange, const ModernRequest &request);
    void askSoon(const QByteArray &id, Running &running);
    void askClient(const QByteArray &id);
    void cancel(const QByteArray &id, const char *why);
    bool askForPages(const Running &running, const RawJson &answer);
    bool retryAfterPages(const std::shared_ptr<Exchange> &exchange, const ModernRequest &request);
    void openStream(const std::shared_ptr<Exchange> &exchange);
    void finish(const QByteArray &id, const QByteArray &answer);
    void wantLog(LogLevel level);
    void say(const QByteArray &message) { m_session->receive(RawJson(message)); }
    QByteArray binding() const;

    const ClientId m_client;
    const Scope m_scope;
    const QByteArray m_capabilities;
    const RequestSeal &m_seal;
    Ids &m_ids;
    const Clock &m_clock;
    const Limits &m_limits;
    std::map<QByteArray, Running> m_running;                                  // by the session's raw id
    std::vector<std::pair<std::shared_ptr<Exchange>, ModernRequest>> m_early; // before it was ready
    QSet<QByteArray> m_pages; // serials of requests whose clients were sent to a page and may come again
    Listeners m_listeners;
    RawJson m_initialized; // the result of initialize; empty before
    std::optional<LogLevel> m_log;
    qint64 m_lastId = 0;
    std::unique_ptr<ClientSession> m_session; // last: it answers until it is gone
};

} // namespace mcpcore
