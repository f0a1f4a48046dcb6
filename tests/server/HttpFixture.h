// SPDX-FileCopyrightText: 2026 The Countersign authors
// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once
#include "server/HttpServer.h"
#include "support/FakeClock.h"
#include "support/RawClient.h"
#include <QTest>
#include <deque>

// The guard and Qt HttpServer together, on a real port, in front of something that echoes bodies or holds requests. Time
// stands still until a test moves it.
struct HttpFixture {
    explicit HttpFixture(mcpcore::Limits l = {}) : limits(l)
    {
        http = std::make_unique<mcpcore::HttpServer>(
            mcpcore::GuardRules{limits, clock,
                                [](std::string_view token) {
                                    return token == "cst_a" ? std::optional(mcpcore::ClientId{QStringLiteral("a")}) : std::nullopt;
                                },
                                [this](const mcpcore::Refusal &refusal) { refusals.push_back(refusal.status); }},
            [this](std::shared_ptr<mcpcore::Exchange> exchange) { handle(std::move(exchange)); });
        port = http->listen(0).value_or(0);
    }
    void handle(std::shared_ptr<mcpcore::Exchange> exchange)
    {
        bodies.push_back(exchange->body());
        if (holds) {
            exchange->onGone(&context, [this] { ++gone; });
            held.push_back(std::move(exchange));
        } else {
            exchange->respond(200, "application/json", exchange->body());
        }
    }
    QByteArray head(const QByteArray &line, const QByteArray &fields = {}) const
    {
        return line + " HTTP/1.1\r\nHost: 127.0.0.1:" + QByteArray::number(port)
               + "\r\nAuthorization: Bearer cst_a\r\nContent-Type: application/json\r\n" + fields + "\r\n";
    }
    QByteArray post(const QByteArray &body, const QByteArray &fields = {}) const
    {
        return head("POST /mcp", fields + "Content-Length: " + QByteArray::number(body.size()) + "\r\n") + body;
    }
    // The status that one more client gets.
    int statusOfOne()
    {
        RawClient client(port);
        client.send(post("{}"));
        return QTest::qWaitFor([&] { return client.reply().status != 0; }) ? client.reply().status : 0;
    }
    // When another client has been served, everything that was on its way before has arrived.
    void roundTrip()
    {
        const bool before = std::exchange(holds, false);
        QCOMPARE(statusOfOne(), 200);
        holds = before;
    }

    FakeClock clock;
    mcpcore::Limits limits;
    QObject context;
    QList<int> refusals;
    QList<QByteArray> bodies;
    std::deque<std::shared_ptr<mcpcore::Exchange>> held;
    bool holds = false;
    int gone = 0;
    quint16 port = 0;
    std::unique_ptr<mcpcore::HttpServer> http;
};
