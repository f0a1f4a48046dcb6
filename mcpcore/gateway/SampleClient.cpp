// SPDX-FileCopyrightText: 2026 The Countersign authors
// SPDX-License-Identifier: GPL-3.0-or-later
#include "gateway/SampleClient.h"
#include "gateway/Gateway.h"
#include "protocol/Message.h"

namespace mcpcore {

namespace {
// What the test call does where Practice is set up: a change in made-up data that a person is asked for.
const QString kPracticeTool = QStringLiteral("practice__create_refund");
const QByteArray kPracticeArguments = R"({"invoice":"in_practice_1001","amount":1500,"reason":"requested_by_customer"})";
} // namespace

SampleClient::SampleClient(FrontDoor &door, QObject *parent) : QObject(parent), m_door(door) {}

SampleClient::~SampleClient()
{
    m_session.reset();
}

void SampleClient::run(const Peer &peer, const Wish &wish, std::function<void(const QStringList &)> listed, Completion<RawJson> done)
{
    m_wish = wish;
    m_listed = std::move(listed);
    m_done = std::move(done);
    auto session = m_door.open(Gateway::sampleClient().id, peer, {}, *this);
    if (!session)
        return finish(failure(session.error()));
    m_session = std::move(*session);
    m_session->receive(
        RawJson(QByteArray(R"({"jsonrpc":"2.0","id":1,"method":"initialize","params":{"protocolVersion":"2025-11-25","capabilities":{},)"
                           R"("clientInfo":{"name":"countersign-sample","version":"1"}}})")));
}

void SampleClient::answer(const QByteArray &request, const QByteArray &bytes)
{
    const auto message = readMessage(RawJson(bytes));
    if (!message)
        return finish(failure(message.error()));
    if (!message->error.isEmpty())
        return finish(failure(Error::Kind::UpstreamFailed,
                              textOf(memberOf(message->error, "message")).value_or(QStringLiteral("The gateway answered with an error."))));
    // Answers may come before the call that asked has returned: go on from the event loop.
    if (request == "1")
        QMetaObject::invokeMethod(
            this, [this] { initialized(); }, Qt::QueuedConnection);
    else if (request == "2")
        QMetaObject::invokeMethod(
            this, [this, result = message->result] { toolsListed(result); }, Qt::QueuedConnection);
    else
        finish(message->result);
}

void SampleClient::push(const QByteArray &, const QByteArray &) {}

void SampleClient::initialized()
{
    m_session->receive(RawJson(QByteArray(R"({"jsonrpc":"2.0","method":"notifications/initialized"})")));
    m_session->receive(RawJson(QByteArray(R"({"jsonrpc":"2.0","id":2,"method":"tools/list"})")));
}

void SampleClient::toolsListed(const RawJson &result)
{
    QStringList names;
    if (const auto tools = elementsOf(memberOf(result, "tools")))
        for (const RawJson &tool : *tools)
            names.append(textOf(memberOf(tool, "name")).value_or(QString()));
    if (m_listed)
        m_listed(names);
    if (m_wish.tool.isEmpty()) {
        if (!names.contains(kPracticeTool))
            return finish(failure(Error::Kind::NotFound, QStringLiteral("The Practice connection is not set up. Add it, or name a tool.")));
        m_wish = {kPracticeTool, kPracticeArguments};
    }
    const QByteArray params =
        "{\"name\":" + quoted(m_wish.tool) + ",\"arguments\":" + (m_wish.arguments.isEmpty() ? QByteArray("{}") : m_wish.arguments) + '}';
    m_session->receive(RawJson(requestMessage("3", QStringLiteral("tools/call"), params.toStdString())));
}

void SampleClient::finish(Result<RawJson> result)
{
    m_done(std::move(result));
    deleteLater();
}

} // namespace mcpcore
