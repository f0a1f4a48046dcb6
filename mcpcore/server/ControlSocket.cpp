// SPDX-FileCopyrightText: 2026 The Countersign authors
// SPDX-License-Identifier: GPL-3.0-or-later
#include "server/ControlSocket.h"
#include "base/Post.h"
#include "protocol/ErrorMapping.h"
#include "server/Response.h"
#include <QPointer>

namespace mcpcore {

ControlSocket::ControlSocket(ControlPort &port, const Limits &limits, QObject *parent)
    : QObject(parent),
      m_port(port),
      m_limits(limits),
      m_listener(limits, [this](QLocalSocket *socket) { new ControlConnection(m_port, m_limits, *socket); })
{}

ControlConnection::ControlConnection(ControlPort &port, const Limits &limits, QLocalSocket &socket)
    : QObject(&socket), m_port(port), m_limits(limits), m_socket(socket), m_lines(limits.controlLine)
{
    connect(&socket, &QLocalSocket::readyRead, this, &ControlConnection::onReadyRead);
}

void ControlConnection::onReadyRead()
{
    if (!m_lines.read(m_socket))
        return refuse(QStringLiteral("A request is longer than %1 bytes.").arg(m_limits.controlLine));
    handleNext();
}

void ControlConnection::handleNext()
{
    if (m_busy || m_socket.state() != QLocalSocket::ConnectedState)
        return;
    const auto line = m_lines.next();
    if (!line)
        return;
    if (line->size() > m_limits.controlLine || !membersOf(RawJson(*line)))
        return refuse(QStringLiteral("A request is one JSON object on one line."));
    m_busy = true;
    // The port may keep `reply` longer than the connection lives, and call it more often than it should.
    m_port.handle(RawJson(*line), [self = QPointer(this), ended = std::make_shared<bool>(false)](const QByteArray &answer, bool last) {
        if (!self || *ended)
            return;
        *ended = last;
        self->send(answer);
        if (self && last) {
            self->m_busy = false;
            post(self.data(), [self] { self->handleNext(); });
        }
    });
}

void ControlConnection::refuse(const QString &why)
{
    send("{\"error\":{\"kind\":" + quoted(nameOf(Error::Kind::InvalidRequest)) + ",\"message\":" + quoted(why) + "}}");
    m_socket.disconnectFromServer();
}

void ControlConnection::send(const QByteArray &line)
{
    if (m_socket.state() != QLocalSocket::ConnectedState)
        return;
    if (m_socket.bytesToWrite() > m_limits.queuedOutput)
        return m_socket.abort();
    m_socket.write(onOneLine(line) + '\n');
    m_socket.flush();
}

} // namespace mcpcore
