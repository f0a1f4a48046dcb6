// SPDX-FileCopyrightText: 2026 The Countersign authors
// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once
#include "protocol/Message.h"
#include "upstream/Transport.h"
#include <QMetaObject>
#include <QPointer>

// An MCP server in a few lines, without a process or a socket: lists the tools it is given, answers tools/call as told, and
// keeps every message it was sent. Its script is shared by all transports of a test, so that restarts can be seen.
struct FakeServer {
    QByteArray tools = R"({"name":"echo","description":"Says it again","inputSchema":{"type":"object"}})";
    QByteArray result = R"({"content":[{"type":"text","text":"done"}]})";
    std::vector<QByteArray> calls;    // params of each tools/call
    std::vector<QByteArray> received; // every message
    int starts = 0;
    bool holdsCalls = false; // tools/call gets no answer until release()
    bool refusesToStart = false;
    QByteArray losesNext; // at the next request of this method it says that the session is gone
    bool losesAlways = false;
    std::vector<QPointer<mcpcore::Transport>> links;
    qint64 lastCall = 0;
    QByteArray lastProgressToken;

    void say(const QByteArray &message, qint64 related = 0)
    {
        for (const auto &link : links)
            if (link)
                Q_EMIT link->received(mcpcore::readMessage(mcpcore::RawJson(message)).value(), related);
    }
    void release() { say("{\"jsonrpc\":\"2.0\",\"id\":" + QByteArray::number(lastCall) + ",\"result\":" + result + '}', lastCall); }
    // The link breaks: what was sent has an unknown outcome.
    void dropLink()
    {
        for (const auto &link : std::exchange(links, {}))
            if (link) {
                if (lastCall != 0)
                    Q_EMIT link->failed(lastCall, {mcpcore::Error::Kind::OutcomeUnknown, QStringLiteral("The connection was lost.")});
                Q_EMIT link->closed({mcpcore::Error::Kind::UpstreamFailed, QStringLiteral("The connection was lost.")});
            }
    }
};

class ScriptedTransport final : public mcpcore::Transport
{
public:
    explicit ScriptedTransport(FakeServer &server) : m_server(server) {}

    void start() override
    {
        ++m_server.starts;
        m_server.links.push_back(this);
        QMetaObject::invokeMethod(
            this,
            [this] {
                if (m_server.refusesToStart)
                    Q_EMIT closed({mcpcore::Error::Kind::UpstreamFailed, QStringLiteral("It does not start.")});
                else
                    Q_EMIT started();
            },
            Qt::QueuedConnection);
    }
    void send(const QByteArray &bytes, qint64 request) override
    {
        m_server.received.push_back(bytes);
        const auto message = mcpcore::readMessage(mcpcore::RawJson(bytes)).value();
        if (message.method == QLatin1String("initialize"))
            return answer(request,
                          R"({"protocolVersion":"2025-11-25","capabilities":{"tools":{},"resources":{"subscribe":true},"logging":{}},)"
                          R"("serverInfo":{"name":"fake","version":"1"}})");
        if (message.method == QLatin1String(m_server.losesNext) && !m_server.losesNext.isEmpty()) {
            if (!m_server.losesAlways)
                m_server.losesNext.clear();
            QMetaObject::invokeMethod(
                this,
                [this, request] {
                    const mcpcore::Error gone{mcpcore::Error::Kind::UpstreamFailed, QStringLiteral("The server ended the session.")};
                    Q_EMIT failed(request, gone);
                    Q_EMIT closed(gone);
                },
                Qt::QueuedConnection);
            return;
        }
        if (message.method == QLatin1String("tools/list"))
            return answer(request, "{\"tools\":[" + m_server.tools + "]}");
        if (message.method == QLatin1String("tools/call")) {
            m_server.calls.push_back(message.params.bytes());
            m_server.lastCall = request;
            m_server.lastProgressToken = memberOf(memberOf(message.params, "_meta"), "progressToken").bytes();
            if (!m_server.holdsCalls)
                answer(request, m_server.result);
            return;
        }
        if (request != 0)
            answer(request, "{}");
    }
    void abandon(qint64) override {}
    void stop() override {}
    void negotiated(const QString &) override {}

private:
    void answer(qint64 request, const QByteArray &result)
    {
        const QByteArray message = "{\"jsonrpc\":\"2.0\",\"id\":" + QByteArray::number(request) + ",\"result\":" + result + '}';
        QMetaObject::invokeMethod(
            this, [this, message, request] { Q_EMIT received(mcpcore::readMessage(mcpcore::RawJson(message)).value(), request); },
            Qt::QueuedConnection);
    }
    FakeServer &m_server;
};
