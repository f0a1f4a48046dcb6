// SPDX-FileCopyrightText: 2026 The Countersign authors
// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once
#include "base/Ids.h"
#include "server/HttpServer.h"
#include "server/McpEndpoint.h"
#include "support/EchoFrontDoor.h"
#include "support/FakeClock.h"
#include "support/RawClient.h"
#include <QTest>

// The endpoint behind its guard, on a port of its own, with a gateway that answers by itself. Time stands still until a test
// moves it.
struct EndpointServer {
    explicit EndpointServer(mcpcore::Limits l = {}) : limits(l)
    {
        http = std::make_unique<mcpcore::HttpServer>(
            mcpcore::GuardRules{limits, clock, [this](std::string_view token) { return front.clientOfToken(token); }, {}},
            [this](const std::shared_ptr<mcpcore::Exchange> &exchange) { endpoint.handle(exchange); });
        port = http->listen(0).value_or(0);
    }
    FakeClock clock;
    mcpcore::SystemIds ids{clock};
    mcpcore::Limits limits;
    EchoFrontDoor front;
    mcpcore::McpEndpoint endpoint{front, ids, clock, limits};
    quint16 port = 0;
    std::unique_ptr<mcpcore::HttpServer> http;
};

// A client with sessions, byte by byte: what the tests of that generation share.
struct SessionClient {
    using Server = EndpointServer;

    // One request as a client of the official SDK sends it; empty values are left out.
    struct Request {
        QByteArray method = "POST";
        QByteArray body = {};
        QByteArray session = {};
        QByteArray version = {};
        QByteArray accept = "application/json, text/event-stream";
        QByteArray token = "cst_a";
        QByteArray path = "/mcp";
    };
    static QByteArray bytesOf(const Server &server, const Request &request)
    {
        QByteArray out = request.method + ' ' + request.path + " HTTP/1.1\r\nHost: 127.0.0.1:" + QByteArray::number(server.port)
                         + "\r\nAuthorization: Bearer " + request.token + "\r\nContent-Type: application/json\r\n";
        if (!request.session.isEmpty())
            out += "Mcp-Session-Id: " + request.session + "\r\n";
        if (!request.version.isEmpty())
            out += "MCP-Protocol-Version: " + request.version + "\r\n";
        if (!request.accept.isEmpty())
            out += "Accept: " + request.accept + "\r\n";
        return out + "Content-Length: " + QByteArray::number(request.body.size()) + "\r\n\r\n" + request.body;
    }
    static RawReply replyTo(Server &server, const Request &request)
    {
        RawClient client(server.port);
        client.send(bytesOf(server, request));
        if (!QTest::qWaitFor([&] { return client.reply().complete; }))
            qWarning("no complete reply: %s", client.received.constData());
        return client.reply();
    }
    // The head of a stream that is not answered at once comes alone, a moment later.
    static bool opens(Server &server, const RawClient &client)
    {
        return QTest::qWaitFor([&] {
            server.clock.advance(server.limits.streamAfter);
            return client.reply().status == 200;
        });
    }
    static QByteArray initializeBody(const QByteArray &version)
    {
        return "{\"jsonrpc\":\"2.0\",\"id\":0,\"method\":\"initialize\",\"params\":{\"protocolVersion\":\"" + version
               + "\",\"capabilities\":{},\"clientInfo\":{\"name\":\"t\",\"version\":\"1\"}}}";
    }
    static QByteArray call(const QByteArray &id, const QByteArray &tool, const QByteArray &arguments = "{}")
    {
        return "{\"jsonrpc\":\"2.0\",\"id\":" + id + ",\"method\":\"tools/call\",\"params\":{\"name\":\"" + tool
               + "\",\"arguments\":" + arguments + "}}";
    }
    // A session's id.
    static QByteArray begin(Server &server, const QByteArray &version = "2025-11-25", const QByteArray &token = "cst_a",
                            const QByteArray &path = "/mcp")
    {
        return replyTo(server, {.body = initializeBody(version), .token = token, .path = path}).field("mcp-session-id");
    }
};
