// SPDX-FileCopyrightText: 2026 The Countersign authors
// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once
#include "server/Admission.h"
#include "server/Response.h"
#include <QPointer>

namespace mcpcore {

class ConnectionGuard;

// One admitted request and the way to answer it: whole, or as a stream of events. Held by whoever owes the answer; dropped
// unanswered it answers 500. Everything is silent once the client is gone. Core thread.
class Exchange
{
public:
    Exchange(ConnectionGuard &connection, RequestHead head, Admitted admitted, QByteArray body);
    Exchange(const Exchange &) = delete;
    Exchange &operator=(const Exchange &) = delete;
    ~Exchange();

    const RequestHead &head() const { return m_head; }
    const ClientId &client() const { return m_admitted.client; }
    const Scope &scope() const { return m_admitted.scope; }
    // Padded for reading (base/RawJson.h).
    const QByteArray &body() const { return m_body; }

    void respond(int status, const QByteArray &contentType, const QByteArray &body, const std::vector<HeaderField> &fields = {});
    // Sends the head at once; events and the end follow.
    void beginStream();
    void event(const QByteArray &message, const QByteArray &id = {});
    // An event without a message, which tells where the stream begins.
    void prime(const QByteArray &id);
    void endStream();
    // The last event and the end in one write, with the head if the stream was not begun.
    void endStream(const QByteArray &lastMessage, const QByteArray &id = {});
    // A comment, when nothing was sent between the last two calls of this.
    void keepAlive();

    bool isStreaming() const { return m_state == State::Streaming && !m_connection.isNull(); }
    // Runs from the event loop, in `context`'s life, when the client went away before the answer was complete.
    void onGone(QObject *context, std::function<void()> function);

    // Called by the connection.
    void connectionLost();

private:
    enum class State { Waiting, Streaming, Answered };
    void send(const std::vector<QByteArray> &pieces);
    void finished();
    QPointer<ConnectionGuard> m_connection;
    const RequestHead m_head;
    const Admitted m_admitted;
    const QByteArray m_body;
    State m_state = State::Waiting;
    int m_quietTicks = 0;
    bool m_lost = false;
    QPointer<QObject> m_goneContext;
    std::function<void()> m_gone;
};

} // namespace mcpcore
