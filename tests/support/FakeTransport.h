// SPDX-FileCopyrightText: 2026 The Countersign authors
// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once
#include "upstream/Transport.h"
#include <QPointer>

// A link with no server: remembers what is sent, and says what a test tells it to. Answers initialize by itself unless
// told not to.
class FakeTransport final : public mcpcore::Transport
{
public:
    enum class Initialize { Answered, Silent };
    enum class Discover { Refused, Silent }; // while there is nothing in `discovered`
    explicit FakeTransport(Initialize initialize = Initialize::Answered) : m_initialize(initialize) {}

    void start() override
    {
        ++starts;
        QMetaObject::invokeMethod(this, &Transport::started, Qt::QueuedConnection);
    }
    void send(const QByteArray &message, qint64 request) override
    {
        if (message.contains("\"method\":\"server/discover\"") && discovered.isEmpty()
            && discovers == Discover::Refused) // what a server with sessions says
            return say("{\"jsonrpc\":\"2.0\",\"id\":" + QByteArray::number(request)
                       + ",\"error\":{\"code\":-32601,\"message\":\"Method not found\"}}");
        sent += message;
        lastRequest = request;
        if (onSend)
            onSend(message, request);
        if (m_initialize == Initialize::Answered && message.contains("\"method\":\"initialize\""))
            say("{\"jsonrpc\":\"2.0\",\"id\":" + QByteArray::number(request)
                + ",\"result\":{\"protocolVersion\":\"2025-11-25\",\"capabilities\":{},\"serverInfo\":{\"name\":\"fake\"}}}");
    }
    void sendStateless(const QByteArray &message, qint64 request, const QByteArrayList &fields) override
    {
        lastFields = fields;
        send(message, request);
        if (message.contains("\"method\":\"server/discover\"") && !discovered.isEmpty())
            say("{\"jsonrpc\":\"2.0\",\"id\":" + QByteArray::number(request) + ",\"result\":" + discovered + '}');
    }
    bool isHttp() const override { return http; }
    void abandon(qint64 request) override { abandoned += request; }
    void stop() override { stopped = true; }
    void negotiated(const QString &protocolVersion) override { negotiatedVersion = protocolVersion; }

    // The server says something.
    void say(const QByteArray &message, qint64 relatedRequest = 0)
    {
        if (const auto read = mcpcore::readMessage(mcpcore::RawJson(message)))
            Q_EMIT received(*read, relatedRequest);
        else
            qFatal("not a message: %s", message.constData());
    }

    Discover discovers = Discover::Refused;
    QByteArray discovered; // what server/discover says, if anything
    bool http = false;
    QByteArrayList lastFields;
    QByteArrayList sent;
    QList<qint64> abandoned;
    qint64 lastRequest = 0;
    int starts = 0;
    bool stopped = false;
    QString negotiatedVersion;
    std::function<void(const QByteArray &, qint64)> onSend;

private:
    Initialize m_initialize;
};
