// SPDX-FileCopyrightText: 2026 The Countersign authors
// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once
#include "base/Completion.h"
#include "base/Secret.h"
#include "protocol/Message.h"
#include <QByteArrayList>
#include <functional>

namespace mcpcore {

// Gives the key of one connection in one environment, asked each time it is needed. Null = the upstream needs none.
using KeySource = std::function<void(Completion<Secret>)>;

// One link to one MCP server that carries JSON-RPC messages. Knows framing and connection, not the protocol's methods.
// Never sends a message twice. Lives in the core thread.
class Transport : public QObject
{
    Q_OBJECT
public:
    using QObject::QObject;
    // Emits started() or closed(), not before it returns.
    virtual void start() = 0;
    // `message` is one JSON-RPC message without line breaks. `request` is its id when it is a request (ids are ours:
    // positive numbers), 0 for notifications and responses. Signals may be emitted before it returns.
    virtual void send(const QByteArray &message, qint64 request) = 0;
    // The same for a request that belongs to no session (2026-07-28); it is not taken up again when its stream breaks.
    // `fields` ("Name: value") go into the head of an HTTP request; programs get none.
    virtual void sendStateless(const QByteArray &message, qint64 request, const QByteArrayList &fields)
    {
        Q_UNUSED(fields)
        send(message, request);
    }
    // Gives a request up: HTTP ends its connection, stdio forgets it (the caller sends notifications/cancelled). Nothing
    // is emitted for it any more.
    virtual void abandon(qint64 request) = 0;
    // True: giving up a stateless request tells the server by itself, because its connection ends.
    virtual bool isHttp() const { return false; }
    // Starts again as if nothing had been sent; also after closed(). What was open gets no answer.
    virtual void restart() { start(); }
    // Orderly end; nothing is emitted any more.
    virtual void stop() = 0;
    // After the initialize exchange and before notifications/initialized is sent: what later messages must carry (HTTP
    // headers), and the GET stream may be opened.
    virtual void negotiated(const QString &protocolVersion) = 0;

Q_SIGNALS:
    void started();
    // A message arrived, in arrival order, as slices of the buffer it was received in. It holds no line breaks, so that it
    // can be framed again as it is. `relatedRequest` is the request on whose stream it came, 0 when that
    // cannot be known, -1 when it came on the stream for what belongs to no request.
    void received(const mcpcore::Message &message, qint64 relatedRequest);
    // This request will get no answer. OutcomeUnknown: its first byte had left, and the server did not refuse it. Every
    // other kind: it was not carried out.
    void failed(qint64 request, const mcpcore::Error &error);
    // The whole link is gone; every open request was failed before.
    void closed(const mcpcore::Error &error);
};

} // namespace mcpcore
