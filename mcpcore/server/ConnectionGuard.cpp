// SPDX-FileCopyrightText: 2026 The Countersign authors
// SPDX-License-Identifier: GPL-3.0-or-later
#include "server/ConnectionGuard.h"
#include "base/Post.h"
#include "protocol/ErrorMapping.h"
#include "server/GuardedTcpServer.h"
#include "server/SocketCalls.h"

namespace mcpcore {

ConnectionGuard::ConnectionGuard(GuardedTcpServer &server, QTcpSocket &socket)
    : QObject(&socket),
      m_server(server),
      m_socket(socket),
      m_peerPort(socket.peerPort()),
      m_reader(server.rules().limits),
      m_deadline(GuardedTcpServer::never)
{
    connect(&socket, &QTcpSocket::readyRead, this, &ConnectionGuard::onReadyRead);
    connect(&socket, &QTcpSocket::disconnected, this, &ConnectionGuard::onDisconnected);
    const Limits &limits = server.rules().limits;
    m_headerEnd = server.rules().clock.monotonic() + limits.headerTime;
    server.counted(Standing::Unknown, 1);
    setDeadline(server.count(Standing::Unknown) > limits.unauthenticated ? std::min(limits.unauthenticatedGrace, limits.headerTime)
                                                                         : limits.headerTime);
}

ConnectionGuard::~ConnectionGuard()
{
    onDisconnected();
}

void ConnectionGuard::onReadyRead()
{
    const qint64 available = m_socket.bytesAvailable();
    if (available <= 0)
        return;
    switch (m_state) {
    case State::Idle:
        m_state = State::Head;
        if (isKnown())
            m_headerEnd = m_server.rules().clock.monotonic() + m_server.rules().limits.headerTime;
        [[fallthrough]];
    case State::Head: return readHead(available);
    case State::Body: return readBody(available);
    case State::Received: return;
    case State::Answering:
        // Another request before the answer to this one: Qt would mix up the order. It is dropped and the connection closed.
        m_closeAfter = true;
        return readNothingMore();
    case State::Closing:
    case State::Refused:
    case State::Closed: return drain();
    }
}

void ConnectionGuard::readHead(qint64 available)
{
    const Limits &limits = m_server.rules().limits;
    const QByteArray bytes = m_socket.peek(std::min<qint64>(available, limits.url + limits.header + 64));
    const auto taken = m_reader.take({bytes.constData(), size_t(bytes.size())});
    if (!taken)
        return refuse(taken.error());
    if (!m_reader.isComplete()) {
        if (m_deadline > m_headerEnd)
            setDeadline(m_headerEnd - m_server.rules().clock.monotonic());
        return;
    }
    auto head = parseHead(m_reader.finish(), limits);
    if (!head)
        return refuse(head.error());
    auto admitted = admit(*head, m_socket.localPort(), limits, m_server.rules().clientOfToken);
    if (!admitted)
        return refuse(admitted.error());
    m_head = std::move(*head);
    m_admitted = std::move(*admitted);
    setStanding(Standing::Known);
    m_closeAfter = !m_head.keepAlive;
    enterBody();
    m_remaining = m_head.contentLength;
    if (m_chunks || m_remaining > 0)
        readBody(available - *taken);
    else
        m_state = State::Received;
    if (m_state == State::Body)
        setDeadline(limits.bodyTime);
}

void ConnectionGuard::enterBody()
{
    m_state = State::Body;
    m_chunks.reset();
    if (m_head.chunked)
        m_chunks.emplace(m_server.rules().limits.body);
#if QT_VERSION < QT_VERSION_CHECK(6, 5, 0)
    if (m_head.expectsContinue) {
        m_socket.write("HTTP/1.1 100 Continue\r\n\r\n");
        m_socket.flush();
    }
#endif
}

// `available` bytes at the end of what can be peeked belong to the body or come after it.
void ConnectionGuard::readBody(qint64 available)
{
    if (m_chunks) {
        const QByteArray bytes = m_socket.peek(m_socket.bytesAvailable());
        const qint64 skip = bytes.size() - available;
        const auto taken = m_chunks->take({bytes.constData() + skip, size_t(available)});
        if (!taken)
            return refuse(taken.error());
        if (m_chunks->isComplete())
            m_state = State::Received;
    } else {
        m_remaining -= std::min(available, m_remaining);
        if (m_remaining == 0)
            m_state = State::Received;
    }
}

std::shared_ptr<Exchange> ConnectionGuard::begin(const QByteArray &body)
{
    if (m_state != State::Received)
        return nullptr;
    m_state = State::Answering;
    m_deadline = GuardedTcpServer::never;
    auto exchange = std::make_shared<Exchange>(*this, std::move(m_head), std::move(m_admitted), body);
    m_exchange = exchange;
    return exchange;
}

void ConnectionGuard::hold(std::shared_ptr<void> lock)
{
    m_lock = std::move(lock);
}

void ConnectionGuard::send(const std::vector<QByteArray> &pieces)
{
    if (m_state != State::Answering)
        return;
    if (m_socket.bytesToWrite() > m_server.rules().limits.queuedOutput)
        return m_socket.abort();
    qint64 sent = m_socket.bytesToWrite() == 0 ? sendNow(m_socket.socketDescriptor(), pieces) : 0;
    if (sent < 0)
        return m_socket.abort();
    for (const QByteArray &piece : pieces) {
        if (sent < piece.size())
            m_socket.write(sent == 0 ? piece : piece.mid(sent));
        sent = std::max<qint64>(0, sent - piece.size());
    }
    if (m_socket.bytesToWrite() > 0 && m_deadline == GuardedTcpServer::never) {
        m_queued = m_socket.bytesToWrite();
        setDeadline(m_server.rules().limits.stalledOutput);
    }
}

void ConnectionGuard::finish()
{
    if (m_state != State::Answering)
        return;
    m_exchange.reset();
    if (m_closeAfter) {
        close();
    } else {
        m_state = State::Idle;
        setDeadline(m_server.rules().limits.idleTime);
    }
    releaseLock();
}

void ConnectionGuard::close()
{
    m_state = State::Closing;
    m_queued = m_socket.bytesToWrite();
    setDeadline(m_queued > 0 ? m_server.rules().limits.stalledOutput : m_server.rules().limits.lingerTime);
    readNothingMore();
    m_socket.disconnectFromHost();
}

void ConnectionGuard::refuse(const Refusal &refusal)
{
    if (m_state == State::Closing || m_state == State::Refused || m_state == State::Closed)
        return;
    const bool surplus = m_standing == Standing::Unknown && m_server.count(Standing::Unknown) > m_server.rules().limits.unauthenticated;
    const Refusal why = surplus ? Refusal{503, QStringLiteral("Too many connections without a token are open. Try again.")} : refusal;
    m_state = State::Refused;
    setStanding(Standing::Refused);
    readNothingMore();
    std::vector<HeaderField> fields;
    if (why.status == 401)
        fields.push_back({"WWW-Authenticate", "Bearer"});
    else if (why.status == 405)
        fields.push_back({"Allow", "POST, GET, DELETE"});
    const QByteArray body = errorMessage({}, -32600, why.why);
    m_socket.write(responseHead(why.status, "application/json", body, AfterResponse::CloseConnection, fields) + body);
    m_socket.flush();
    if (m_state != State::Refused)
        return;
    // Says that nothing more comes, and reads what is still on its way, so that the answer is not lost with a reset.
    if (m_socket.bytesToWrite() == 0)
        shutDownWriting(m_socket.socketDescriptor());
    setDeadline(m_server.rules().limits.lingerTime);
    if (why.status != 404 && m_server.rules().refused)
        m_server.rules().refused(why);
}

void ConnectionGuard::readNothingMore()
{
    QObject::disconnect(&m_socket, &QTcpSocket::readyRead, nullptr, nullptr);
    connect(&m_socket, &QTcpSocket::readyRead, this, &ConnectionGuard::drain);
    drain();
}

void ConnectionGuard::drain()
{
    m_socket.skip(m_socket.bytesAvailable());
    if (m_socket.isTransactionStarted())
        m_socket.commitTransaction();
}

void ConnectionGuard::onDeadline()
{
    const Limits &limits = m_server.rules().limits;
    m_deadline = GuardedTcpServer::never;
    switch (m_state) {
    case State::Idle:
        if (isKnown())
            return m_socket.bytesToWrite() > 0 ? m_socket.abort() : close();
        [[fallthrough]];
    case State::Head: {
        // A surplus connection has had its grace; refuse() makes this a 503.
        const Milliseconds left = m_headerEnd - m_server.rules().clock.monotonic();
        if (left > Milliseconds(0) && (isKnown() || m_server.count(Standing::Unknown) <= limits.unauthenticated))
            return setDeadline(left);
        return refuse({408, QStringLiteral("The header did not arrive in time.")});
    }
    case State::Body:
    case State::Received: return refuse({408, QStringLiteral("The body did not arrive in time.")});
    case State::Answering:
    case State::Closing: {
        const qint64 queued = m_socket.bytesToWrite();
        if (queued > 0 && queued < m_queued) {
            m_queued = queued;
            return setDeadline(limits.stalledOutput);
        }
        if (queued > 0 || m_state == State::Closing)
            m_socket.abort();
        return;
    }
    case State::Refused:
    case State::Closed: return m_socket.abort();
    }
}

void ConnectionGuard::onDisconnected()
{
    if (m_state == State::Closed)
        return;
    m_state = State::Closed;
    m_deadline = GuardedTcpServer::never;
    setStanding(Standing::Gone);
    m_server.removed(m_peerPort);
    if (const auto exchange = m_exchange.lock())
        exchange->connectionLost();
    releaseLock();
}

void ConnectionGuard::setDeadline(Milliseconds fromNow)
{
    m_deadline = m_server.rules().clock.monotonic() + fromNow;
    m_server.wakeAt(m_deadline);
}

void ConnectionGuard::setStanding(Standing standing)
{
    m_server.counted(m_standing, -1);
    m_standing = standing;
    m_server.counted(m_standing, 1);
}

void ConnectionGuard::releaseLock()
{
    if (m_lock)
        post(&m_server, [lock = std::move(m_lock)]() mutable { lock.reset(); });
}

} // namespace mcpcore
