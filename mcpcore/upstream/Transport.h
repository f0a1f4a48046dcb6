// SPDX-FileCopyrightText: 2026 The Countersign authors
// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once
#include "base/Error.h"
#include "base/RawJson.h"
#include <QObject>

namespace mcpcore {

// One link to one MCP server that carries JSON-RPC messages. Knows framing and connection, not the protocol's methods.
// Never sends a message twice. Lives in the core thread.
class Transport : public QObject
{
    Q_OBJECT
public:
    using QObject::QObject;
    // Emits started() or closed().
    virtual void start() = 0;
    // `message` is one JSON-RPC message without line breaks at its end. `request` is its id when it is a request (ids are
    // ours: positive numbers), 0 for notifications and responses.
    virtual void send(const QByteArray &message, qint64 request) = 0;
    // Gives a request up: HTTP ends its connection, stdio does nothing (the caller sends notifications/cancelled).
    virtual void abandon(qint64 request) = 0;
    // Orderly end; closed() is not emitted.
    virtual void stop() = 0;
    // After the initialize exchange: what later messages must carry (HTTP headers), and the GET stream may be opened.
    virtual void negotiated(const QString &protocolVersion) = 0;

Q_SIGNALS:
    void started();
    // A message arrived, in arrival order. `relatedRequest` is the request on whose stream it came, 0 when not known.
    void received(const mcpcore::RawJson &message, qint64 relatedRequest);
    // This request will get no answer. UpstreamFailed: it was not sent. OutcomeUnknown: its first byte had left.
    void failed(qint64 request, const mcpcore::Error &error);
    // The whole link is gone; every open request was failed before.
    void closed(const mcpcore::Error &error);
};

} // namespace mcpcore
