// SPDX-FileCopyrightText: 2026 The Countersign authors
// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once
#include "base/Clock.h"
#include "model/Connection.h"
#include "upstream/CurlLoop.h"
#include "upstream/Transport.h"

namespace mcpcore {

// Where an HTTP upstream is and how its key travels.
struct HttpEndpoint {
    QString url;
    QString destination; // the one origin the key may be given to (model/Connection.h destinationOf)
    HttpAuth auth;
    QList<QPair<QString, QString>> headers; // fixed, not secret
    // Told when the server refuses a request (401, 403), with the lines of its head; returns the sentence for people. Null
    // when nobody signs in to it.
    std::function<QString(int status, std::string_view head)> refused = {};
};

class HttpExchange;

// Streamable HTTP as its client: a POST for each message, sent exactly once; answers as JSON or as an event stream. With
// sessions (2025-03-26 to 2025-11-25) the session's GET stream beside it, and lost streams taken up again by Last-Event-ID.
// A server that refuses initialize may be one of 2024-11-05, with a stream for all answers: that is tried next.
class HttpTransport final : public Transport
{
    Q_OBJECT
public:
    // The key is asked for before each request and attached only while the address has the origin the key is for.
    HttpTransport(CurlLoop &loop, const Clock &clock, HttpEndpoint endpoint, KeySource keys, QObject *parent = nullptr);
    ~HttpTransport() override;

    void start() override;
    void send(const QByteArray &message, qint64 request) override;
    void sendStateless(const QByteArray &message, qint64 request, const QByteArrayList &fields) override;
    bool isHttp() const override { return true; }
    void abandon(qint64 request) override;
    void stop() override;
    void negotiated(const QString &protocolVersion) override;

private:
    friend class HttpExchange;
    Result<> prepare();
    void withKey(QObject *guard, std::function<void(Result<Secret>)> use);
    HttpRequest requestFor(HttpRequest::Method method) const;
    void launch(const std::shared_ptr<HttpExchange> &exchange);
    void openStream();
    // What an exchange tells.
    void takeSession(std::string_view session);
    void takeEnd(const std::shared_ptr<HttpExchange> &exchange, const std::optional<Error> &error);
    void loseSession();
    // 2024-11-05: one stream carries all answers, and its first event says where to send to.
    bool triesOlder(const std::shared_ptr<HttpExchange> &refused);
    void takeEndpoint(const QByteArray &reference);
    void settle(qint64 request);
    void loseAnswers(const QString &why);
    void loseAll(const QString &sentence);

    CurlLoop &m_loop;
    const Clock &m_clock;
    const HttpEndpoint m_endpoint;
    const KeySource m_keys;
    QString m_host; // for error texts
    QByteArray m_url;
    HttpRequest::Proxy m_proxy = HttpRequest::Proxy::OfSystem;
    QByteArrayList m_fields; // of every request
    QByteArrayList m_postFields;
    QByteArray m_session;
    bool m_negotiated = false;
    bool m_ended = false;
    // The first message after the negotiation (notifications/initialized) is through before the next one leaves.
    bool m_firstIsNext = false;
    std::shared_ptr<HttpExchange> m_first;
    std::vector<std::shared_ptr<HttpExchange>> m_held;
    std::unordered_map<qint64, std::shared_ptr<HttpExchange>> m_exchanges; // by request; others count down from -1
    qint64 m_lastOther = 0;
    std::shared_ptr<HttpExchange> m_answers; // the stream of 2024-11-05
    std::shared_ptr<HttpExchange> m_refused; // what waits for the address it tells
    bool m_hasEndpoint = false;
};

} // namespace mcpcore
