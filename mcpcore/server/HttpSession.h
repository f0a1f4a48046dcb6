// SPDX-FileCopyrightText: 2026 The Countersign authors
// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once
#include "gateway/FrontDoor.h"
#include "server/EventLog.h"
#include "server/Exchange.h"
#include <QHash>
#include <deque>

namespace mcpcore {

// One legacy session over HTTP: brings the answers of its ClientSession to the exchanges that wait for them, and what
// belongs to no request to the GET stream, or keeps it until there is one. Owned by the endpoint; core thread.
class HttpSession final : public QObject, public SessionOutput
{
    Q_OBJECT
public:
    // How the answer to a POST goes out. A stream that is not answered soon begins before its answer (openStreams()); whole
    // bodies turn into streams when a notification or a request to the client comes first and the client reads streams.
    enum class Reply { Whole, Stream };

    HttpSession(QByteArray id, ClientId client, Scope scope, const Clock &clock, const Limits &limits)
        : m_id(std::move(id)), m_client(std::move(client)), m_scope(std::move(scope)), m_clock(clock), m_limits(limits), m_log(limits)
    {}
    Result<> open(FrontDoor &frontDoor);

    const QByteArray &id() const { return m_id; }
    const ClientId &client() const { return m_client; }
    bool isReachableBy(const Exchange &exchange) const;
    QString protocolVersion() const { return m_session->protocolVersion(); }
    bool isWaitingFor(const QByteArray &request) const { return m_waiting.contains(request); }
    bool isListening() const { return m_stream && m_stream->isStreaming(); }
    // Nothing is open: no GET stream and no request that somebody waits for.
    bool isQuiet() const { return !isListening() && m_waiting.isEmpty(); }

    // The answers to these requests go to this exchange; the messages follow through receive().
    void expect(const std::shared_ptr<Exchange> &exchange, const QList<QByteArray> &requests, Reply reply);
    // The same for initialize, whose answer tells the session's id.
    void expectBeginning(const std::shared_ptr<Exchange> &exchange, const QByteArray &request);
    void receive(const RawJson &message, const QByteArray &request = {});
    // A cancelled request is never answered; its exchange ends without one.
    void cancelled(const QByteArray &request);
    void listen(const std::shared_ptr<Exchange> &exchange);
    // A client comes back for what it missed on one of its streams, and goes on with it. False when there is no such stream.
    bool resume(const std::shared_ptr<Exchange> &exchange, std::string_view lastEventId);
    // Begins the streams whose answer did not come at once, so that nobody takes the silence for a dead connection.
    void openStreams();
    // Ends every open exchange.
    void close();

    void answer(const QByteArray &request, const QByteArray &message) override;
    void push(const QByteArray &request, const QByteArray &message) override;

Q_SIGNALS:
    void streamOpened(const std::shared_ptr<Exchange> &exchange);
    void streamOwed(); // openStreams() is to be called soon
    // initialize failed, or its client left: nobody knows the id.
    void neverBegan();
    void shutOut(); // see ClientSession

private:
    struct Waiting {
        std::shared_ptr<Exchange> exchange;
        QList<QByteArray> requests; // still owed
        Reply reply = Reply::Whole;
        bool isBeginning = false;
        qint64 stream = 0;      // its number, once it began
        bool isAwaited = false; // the client lost it and may come back
    };
    void wait(const std::shared_ptr<Waiting> &waiting);
    void watch(const std::shared_ptr<Waiting> &waiting);
    void lost(const std::shared_ptr<Waiting> &waiting);
    void giveUp(const std::shared_ptr<Waiting> &waiting);
    void stream(Waiting &waiting);
    void send(Waiting &waiting, const QByteArray &message);
    void sendUnrelated(const QByteArray &message) { m_stream->event(message, m_log.add(m_streamNumber, message)); }
    bool canPrime() const { return m_session && m_session->protocolVersion() >= QLatin1String("2025-11-25"); }
    void keep(const QByteArray &message);

    const QByteArray m_id;
    const ClientId m_client;
    const Scope m_scope;
    const Clock &m_clock;
    const Limits &m_limits;
    EventLog m_log;
    qint64 m_streamNumber = 0;                             // of the session's own stream
    QHash<QByteArray, std::shared_ptr<Waiting>> m_waiting; // by raw request id
    std::shared_ptr<Exchange> m_stream;
    std::deque<QByteArray> m_kept;
    qsizetype m_keptBytes = 0;
    QByteArray m_receiving;                   // the id of the request that is being handed over
    std::unique_ptr<ClientSession> m_session; // last: it answers until it is gone
};

} // namespace mcpcore
