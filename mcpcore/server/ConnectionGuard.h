// SPDX-FileCopyrightText: 2026 The Countersign authors
// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once
#include "server/ChunkScanner.h"
#include "server/Exchange.h"
#include <QTcpSocket>

namespace mcpcore {

class GuardedTcpServer;

// What a connection counts as: it has not shown a token yet, it has, it is told to go, it is gone.
enum class Standing { Unknown, Known, Refused, Gone };

// Watches one connection in front of Qt HttpServer, which by itself has no limits, accepts what should be refused and loses
// track of clients that leave (facts/qt.md 2). It peeks, so Qt reads the same bytes right after: a request reaches the
// application only when both have seen it whole. A child of its socket; core thread.
class ConnectionGuard final : public QObject
{
    Q_OBJECT
public:
    // Connects to readyRead, so it must be made before Qt HttpServer sees the socket.
    ConnectionGuard(GuardedTcpServer &server, QTcpSocket &socket);
    ~ConnectionGuard() override;

    // Answers why and closes; nothing after this reaches Qt.
    void refuse(const Refusal &refusal);
    // The request that Qt has just read; nothing when the guard has not passed one.
    std::shared_ptr<Exchange> begin(const QByteArray &body);
    // Kept until the answer is complete, then released from the event loop (Qt 6.5 and later: the responder, which keeps
    // Qt from reading the next request).
    void hold(std::shared_ptr<void> lock);
    bool isAnswering() const { return m_state == State::Answering; }

    void abort() { m_socket.abort(); }
    Milliseconds deadline() const { return m_deadline; }
    void onDeadline();

    // For the exchange.
    AfterResponse afterResponse() const { return m_closeAfter ? AfterResponse::CloseConnection : AfterResponse::KeepConnection; }
    void send(const std::vector<QByteArray> &pieces);
    void finish();

private:
    enum class State { Idle, Head, Body, Received, Answering, Closing, Refused, Closed };
    void onReadyRead();
    void readHead(qint64 available);
    void enterBody();
    void readBody(qint64 available);
    void close();
    void readNothingMore();
    void drain();
    void onDisconnected();
    void setDeadline(Milliseconds fromNow);
    void releaseLock();
    void setStanding(Standing standing);
    bool isKnown() const { return m_standing == Standing::Known; }

    GuardedTcpServer &m_server;
    QTcpSocket &m_socket;
    const quint16 m_peerPort;
    State m_state = State::Idle;
    Standing m_standing = Standing::Unknown;
    bool m_closeAfter = false;
    HeadReader m_reader;
    RequestHead m_head;
    Admitted m_admitted;
    std::optional<ChunkScanner> m_chunks;
    qint64 m_remaining = 0;
    qint64 m_queued = 0;
    Milliseconds m_deadline;
    Milliseconds m_headerEnd;
    std::weak_ptr<Exchange> m_exchange;
    std::shared_ptr<void> m_lock;
};

} // namespace mcpcore
