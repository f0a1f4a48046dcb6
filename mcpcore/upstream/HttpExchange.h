// SPDX-FileCopyrightText: 2026 The Countersign authors
// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once
#include "protocol/SseReader.h"
#include "upstream/HttpTransport.h"

namespace mcpcore {

// One POST of a message with its answer, the GET stream of the session, or the stream of 2024-11-05 that carries all answers.
// A stream that breaks before the answer came is taken up again under the same exchange. Shared, because what it emits may end it.
class HttpExchange final : public HttpReceiver, public std::enable_shared_from_this<HttpExchange>
{
public:
    enum class Kind { Message, Stateless, Stream, Endpoint };
    HttpExchange(HttpTransport &transport, Kind kind, qint64 number, QByteArray message, QByteArrayList fields = {})
        : m_transport(&transport), m_kind(kind), m_number(number), m_message(std::move(message)), m_fields(std::move(fields))
    {}

    qint64 number() const { return m_number; }
    qint64 request() const { return std::max<qint64>(m_number, 0); }
    bool isOpen() const { return m_transport; }
    // What its refusal says to people.
    Error refusal() const { return refusalOf(m_transport->m_host); }
    // Some of the message may have left.
    bool wasSent() const { return m_sent; }
    // Sends the message, the first time; after that takes its stream up again.
    void start(Secret secret);
    // The same message again, to another address: the first one refused it.
    void startOver() { m_sent = false; }
    // Nothing is told any more.
    void giveUp();

    bool takeHead(const HttpHead &head) override;
    bool takeBody(std::string_view bytes) override;
    void takeEnd(const HttpEnd &end) override;

private:
    enum class Form { None, Json, Events };
    bool takeEvents(std::string_view bytes);
    void takeLines();
    void takeEvent(const SseEvent &event);
    void deliver(const RawJson &bytes);
    void deliverOne(const RawJson &bytes);
    bool canResume() const;
    void startAgain();
    void endMessage(const HttpEnd &end);
    void endStream();
    void endEndpoint(const HttpEnd &end);
    Error errorOf(const HttpEnd &end) const;
    Error refusalOf(const QString &host) const;

    HttpTransport *m_transport; // null when given up
    const Kind m_kind;
    const qint64 m_number;
    const QByteArray m_message;
    const QByteArrayList m_fields; // of this message alone
    qint64 m_exchange = 0;         // of the loop
    bool m_sent = false;
    bool m_answered = false;
    bool m_sessionIsGone = false;
    bool m_resumed = false;
    bool m_wasOpen = false; // the stream of events was open once
    int m_attempts = 0;     // to start again, since the last event
    QByteArray m_lastEventId;
    std::optional<Milliseconds> m_retry;

    // Of the answer that is being read.
    int m_status = 0;
    Form m_form = Form::None;
    QString m_redirectedTo;
    QString m_fault;   // half a sentence
    QString m_refusal; // what the sign-in says of a refusal
    qsizetype m_skipped = 0;
    QByteArray m_json;
    bool m_isOneJson = false; // its lines are no messages of their own
    SseReader m_events;
};

} // namespace mcpcore
