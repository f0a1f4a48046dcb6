// SPDX-FileCopyrightText: 2026 The Countersign authors
// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once
#include "RecordingServer.h"
#include "Terminal.h"
#include "support/RawClient.h"
#include <QLocalSocket>

inline QStringList words(const char *line)
{
    return QString::fromLatin1(line).split(QLatin1Char(' '));
}

inline const QByteArray kStreams = QByteArrayLiteral("Accept: application/json, text/event-stream\r\n");
inline const QByteArray kStateless = kStreams + "MCP-Protocol-Version: 2026-07-28\r\nMcp-Method: tools/call\r\n";

inline QByteArray request(const char *method, const QByteArray &params, const QByteArray &id = "7")
{
    return "{\"jsonrpc\":\"2.0\",\"id\":" + id + ",\"method\":\"" + QByteArray(method) + "\",\"params\":" + params + '}';
}

inline QByteArray call(const QByteArray &tool, const QByteArray &id = "7")
{
    return request("tools/call", "{\"name\":\"" + tool + "\",\"arguments\":{\"amount\":5000}}", id);
}

inline QByteArray statelessCall(const QByteArray &tool, const QByteArray &more = {})
{
    return request("tools/call", "{\"name\":\"" + tool
                                     + "\",\"arguments\":{},\"_meta\":{\"io.modelcontextprotocol/protocolVersion\":\"2026-07-28\","
                                       "\"io.modelcontextprotocol/clientInfo\":{\"name\":\"walker\",\"version\":\"1\"},"
                                       "\"io.modelcontextprotocol/clientCapabilities\":{}}"
                                     + more + '}');
}

// Servers, profile, gateway and two clients: "tester" of the sandbox and "prod", which is pinned to production.
struct World {
    RecordingServer sandbox, production, elsewhere;
    Setup setup;
    std::unique_ptr<Terminal> gateway;
    QByteArray token, liveToken;
    int port = 0;

    bool serve()
    {
        gateway = std::make_unique<Terminal>(setup);
        port = gateway->port();
        return port != 0;
    }
    // A command to the owner of the profile, as countersignctl gives it.
    mcpcore::Json tell(const char *command, const mcpcore::Json &parameters) const
    {
        QLocalSocket socket;
        socket.connectToServer(setup.file("control.sock"));
        QByteArray answer;
        if (socket.waitForConnected(10'000))
            socket.write(mcpcore::toBytes(mcpcore::Json{{"command", command}, {"parameters", parameters}}) + '\n');
        while (!answer.contains('\n') && socket.waitForReadyRead(20'000))
            answer += socket.readAll();
        const auto said = mcpcore::parseJson(answer.trimmed().toStdString());
        if (!said || !said->contains("result"))
            qWarning("%s: %s", command, answer.constData());
        return said ? said->value("result", mcpcore::Json::object()) : mcpcore::Json::object();
    }
    void moveTo(const char *client, const char *environment) const
    {
        tell("client environment", {{"id", client}, {"environment", environment}});
    }
    void use(const char *environment) const { tell("env use", {{"id", environment}}); }
    void prepare()
    {
        QVERIFY2(serve(), "the gateway did not start");
        tell("env add", {{"id", "eu-prod"}, {"kind", "production"}});
        for (const char *place : {"production", "eu-prod"})
            tell("env unlock", {{"id", place}, {"minutes", 60}, {"reason", "walking"}});
        tell(
            "connection add",
            {{"id", "acme"}, {"endpoints", {{"sandbox", sandbox.url()}, {"production", production.url()}, {"eu-prod", production.url()}}}});
        for (const char *place : {"sandbox", "production", "eu-prod"}) {
            tell("connection trust", {{"id", "acme"}, {"environment", place}, {"tools", {"echo"}}, {"class", "read"}});
            tell("connection trust", {{"id", "acme"}, {"environment", place}, {"tools", {"refund"}}, {"class", "money"}});
        }
        setup.addRule(R"({"effect":"allow"})");
        token = QByteArray::fromStdString(tell("client add", {{"name", "Tester"}}).value("token", ""));
        liveToken = QByteArray::fromStdString(tell("client add", {{"name", "Prod"}, {"environment", "production"}}).value("token", ""));
        QVERIFY(!token.isEmpty() && !liveToken.isEmpty());
        sandbox.forget();
        production.forget();
    }
    // What the gateway answers to one request; an event stream with all that came on it.
    RawReply send(const QByteArray &verb, const QByteArray &path, const QByteArray &body, const QByteArray &fields) const
    {
        RawClient client((quint16(port)));
        client.send(verb + ' ' + path + " HTTP/1.1\r\nHost: 127.0.0.1:" + QByteArray::number(port)
                    + "\r\nContent-Type: application/json\r\n" + fields + "Content-Length: " + QByteArray::number(body.size()) + "\r\n\r\n"
                    + body);
        [&] { QTRY_VERIFY_WITH_TIMEOUT(client.reply().complete || client.isClosed(), 20'000); }();
        return client.reply();
    }
    QByteArray post(const QByteArray &path, const QByteArray &body, const QByteArray &fields = {}) const
    {
        const RawReply reply = send("POST", path, body, "Authorization: Bearer " + token + "\r\n" + fields);
        return QByteArray::number(reply.status) + ' ' + reply.body;
    }
    static QByteArray sessionField(const QByteArray &session)
    {
        return kStreams + "Mcp-Session-Id: " + session + "\r\nMCP-Protocol-Version: 2025-11-25\r\n";
    }
    // The id of a new session of this client; empty when it was refused.
    QByteArray open(const QByteArray &path, const QByteArray &whose, const char *version = "2025-11-25") const
    {
        const RawReply reply = send("POST", path,
                                    request("initialize", "{\"protocolVersion\":\"" + QByteArray(version)
                                                              + "\",\"capabilities\":{\"roots\":{\"listChanged\":true}},"
                                                                "\"clientInfo\":{\"name\":\"walker\",\"version\":\"1\"}}"),
                                    kStreams + "Authorization: Bearer " + whose + "\r\n");
        const QByteArray session = reply.field("mcp-session-id");
        if (!session.isEmpty())
            send("POST", path, R"({"jsonrpc":"2.0","method":"notifications/initialized"})",
                 "Authorization: Bearer " + whose + "\r\n" + sessionField(session));
        return session;
    }
    QByteArray in(const QByteArray &session, const QByteArray &path, const QByteArray &body, const QByteArray &whose) const
    {
        const RawReply reply = send("POST", path, body, "Authorization: Bearer " + whose + "\r\n" + sessionField(session));
        return QByteArray::number(reply.status) + ' ' + reply.body;
    }
    // The files of the profile edited while nobody has it open, and started again.
    void editOnDisk(const std::function<void(mcpcore::Json &)> &edit)
    {
        gateway.reset();
        QFile file(setup.file("workspace.json"));
        QVERIFY(file.open(QIODevice::ReadWrite));
        auto tree = mcpcore::parseJson(file.readAll().toStdString());
        QVERIFY(tree);
        edit(*tree);
        file.resize(0);
        file.seek(0);
        file.write(mcpcore::toIndentedBytes(*tree));
        file.close();
        (void)serve();
        production.forget();
        sandbox.forget();
    }
};
