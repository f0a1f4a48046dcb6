// SPDX-FileCopyrightText: 2026 The Countersign authors
// SPDX-License-Identifier: GPL-3.0-or-later
#include "support/EchoFrontDoor.h"
#include "protocol/ErrorMapping.h"

using namespace mcpcore;

std::optional<ClientId> EchoFrontDoor::clientOfToken(std::string_view token) const
{
    const auto found = clientsByToken.constFind(QString::fromLatin1(token.data(), qsizetype(token.size())));
    return found == clientsByToken.cend() ? std::nullopt : std::optional(ClientId{*found});
}

Result<ClientId> EchoFrontDoor::bridgeClient(const QString &id, Peer &peer)
{
    lastPeer = peer;
    if (!clientsByToken.values().contains(id))
        return failure(Error::Kind::Unauthorized, QStringLiteral("There is no client of this name."));
    return ClientId{id};
}

Result<std::unique_ptr<ClientSession>> EchoFrontDoor::open(const ClientId &, const Peer &, const Scope &scope, SessionOutput &output)
{
    lastScope = scope;
    if (scope.connection && scope.connection->text == QLatin1String("nothing"))
        return failure(Error::Kind::NotFound, QStringLiteral("There is no such connection."));
    return std::make_unique<EchoSession>(*this, output);
}

void EchoFrontDoor::answerHeld()
{
    for (EchoSession *session : sessions)
        session->answerHeld();
}

void EchoSession::receive(const RawJson &bytes)
{
    const auto message = readMessage(bytes);
    if (!message)
        return m_output.answer({}, errorMessage({}, message.error()));
    const QByteArray id = message->id.bytes();
    if (message->kind == Message::Kind::Response && !m_asking.isEmpty()) {
        received.push_back(bytes.bytes());
        return m_output.answer(std::exchange(m_asking, {}),
                               resultMessage(memberOf(RawJson(bytes.bytes()), "id").bytes(), message->result.view()));
    }
    if (message->kind != Message::Kind::Request)
        return received.push_back(bytes.bytes());
    if (message->method == QLatin1String("initialize"))
        return initialize(*message);
    if (message->method == QLatin1String("tools/call"))
        return call(*message);
    if (message->method == QLatin1String("ping"))
        return m_output.answer(id, resultMessage(id, "{}"));
    if (message->method.startsWith(QLatin1String("resources/")) || message->method == QLatin1String("logging/setLevel")) {
        received.push_back(bytes.bytes());
        return m_output.answer(id, errorMessage(id, -32002, QStringLiteral("There is no such resource.")));
    }
    if (message->method == QLatin1String("tools/list"))
        return m_output.answer(id, resultMessage(id, R"({"tools":[{"name":"echo","inputSchema":{"type":"object"}}]})"));
    m_output.answer(id, errorMessage(id, Error{Error::Kind::UnknownMethod, QStringLiteral("There is no such method.")}));
}

void EchoSession::initialize(const Message &message)
{
    const QByteArray id = message.id.bytes();
    if (m_frontDoor.refusesInitialize)
        return m_output.answer(id, errorMessage(id, Error{Error::Kind::InvalidArgument, QStringLiteral("No.")}));
    const auto version = textOf(memberOf(message.params, "protocolVersion"));
    m_version = version ? *version : QStringLiteral("2025-11-25");
    const QByteArray result =
        "{\"protocolVersion\":" + quoted(m_version)
        + R"(,"capabilities":{"tools":{"listChanged":true},"resources":{"subscribe":true}},"serverInfo":{"name":"echo","version":"1"}})";
    m_output.answer(id, resultMessage(id, {result.constData(), size_t(result.size())}));
}

void EchoSession::call(const Message &message)
{
    const QByteArray id = message.id.bytes();
    const auto tool = textOf(memberOf(message.params, "name"));
    const QByteArray arguments = memberOf(message.params, "arguments").bytes();
    if (tool && *tool == QLatin1String("hold"))
        return held.push_back(id);
    if (tool && *tool == QLatin1String("ask")) {
        m_asking = id;
        return m_output.ask(id, "who", requestMessage("\"question\"", QStringLiteral("elicitation/create"), "{}"));
    }
    if (tool && *tool == QLatin1String("page") && m_pagesShown++ == 0)
        return m_output.answer(id, "{\"jsonrpc\":\"2.0\",\"id\":" + id
                                       + ",\"error\":{\"code\":-32042,\"message\":\"m\",\"data\":{\"elicitations\":[{\"mode\":\"url\","
                                         "\"elicitationId\":\"e\",\"url\":\"https://pay.example.com/\",\"message\":\"Pay\"}]}}}");
    if (tool && *tool == QLatin1String("progress"))
        for (int i = 1; i <= 3; ++i) {
            const QByteArray params = "{\"progressToken\":1,\"progress\":" + QByteArray::number(i) + '}';
            m_output.push(id, requestMessage({}, QStringLiteral("notifications/progress"), {params.constData(), size_t(params.size())}));
        }
    const QByteArray result = "{\"content\":[],\"structuredContent\":" + (arguments.isEmpty() ? QByteArrayLiteral("{}") : arguments) + '}';
    m_output.answer(id, resultMessage(id, {result.constData(), size_t(result.size())}));
}

void EchoSession::answerHeld()
{
    for (const QByteArray &id : std::exchange(held, {}))
        m_output.answer(id, resultMessage(id, R"({"content":[]})"));
}
