// SPDX-FileCopyrightText: 2026 The Countersign authors
// SPDX-License-Identifier: GPL-3.0-or-later
#include "app/practice/PracticeServer.h"
#include "app/practice/Arguments.h"
#include "base/Json.h"
#include "protocol/ErrorMapping.h"
#include <QFile>
#include <QStringList>

using namespace mcpcore;

namespace app {

namespace {

constexpr int parseErrorCode = -32700;

QByteArray textContent(const QString &text)
{
    return "{\"type\":\"text\",\"text\":" + quoted(text) + '}';
}

// The records once more as text, for clients that show nothing else to the model.
QByteArray toolResult(const Business::Answer &answer)
{
    return "{\"content\":[" + textContent(answer.sentence) + ',' + textContent(QString::fromUtf8(answer.data))
           + "],\"structuredContent\":" + answer.data + '}';
}

QByteArray toolResult(const Error &error)
{
    return "{\"content\":[" + textContent(error.message) + "],\"structuredContent\":{\"error\":{\"kind\":" + quoted(nameOf(error.kind))
           + ",\"message\":" + quoted(error.message) + "}},\"isError\":true}";
}

} // namespace

PracticeServer::PracticeServer(Business business, QByteArray listing) : m_business(std::move(business)), m_listing(std::move(listing)) {}

Result<PracticeServer> PracticeServer::open(Business business)
{
    QFile file(QStringLiteral(":/practice/tools.json"));
    if (!file.open(QIODevice::ReadOnly))
        return failure(Error::Kind::FileFailed, file.errorString());
    const auto tools = parseJson(file.readAll().toStdString());
    if (!tools)
        return failure(tools.error());
    return PracticeServer(std::move(business), toBytes(Json{{"tools", *tools}}));
}

QByteArray PracticeServer::receive(const QByteArray &line)
{
    const RawJson bytes(line);
    if (line.trimmed().isEmpty())
        return {};
    const auto parsed = parseJson(bytes.view());
    if (!parsed)
        return errorMessage("null", parseErrorCode, parsed.error().message);
    const auto message = readMessage(bytes);
    if (!message) {
        const QByteArray id = idOfUnreadable(bytes);
        return errorMessage(id.isEmpty() ? QByteArrayLiteral("null") : id, message.error());
    }
    return message->kind == Message::Kind::Request ? answer(*message) : QByteArray();
}

QByteArray PracticeServer::answer(const Message &request)
{
    Result<QByteArray> result = QByteArrayLiteral("{}");
    if (request.method == QLatin1String("initialize"))
        result = initialize(request.params);
    else if (request.method == QLatin1String("tools/list"))
        result = m_listing;
    else if (request.method == QLatin1String("tools/call"))
        result = callTool(request.params);
    else if (request.method != QLatin1String("ping"))
        result = failure(Error::Kind::UnknownMethod, QStringLiteral("The practice server does not know %1.").arg(request.method));
    if (!result)
        return errorMessage(request.id.bytes(), result.error());
    return resultMessage(request.id.bytes(), {result->constData(), size_t(result->size())});
}

Result<QByteArray> PracticeServer::initialize(const RawJson &params) const
{
    static const QStringList versions{QStringLiteral("2025-11-25"), QStringLiteral("2025-06-18"), QStringLiteral("2025-03-26"),
                                      QStringLiteral("2024-11-05")};
    const auto wanted = textOf(memberOf(params, "protocolVersion"));
    return toBytes(Json{{"protocolVersion", wanted && versions.contains(*wanted) ? *wanted : versions.first()},
                        {"capabilities", {{"tools", Json::object()}}},
                        {"serverInfo", {{"name", "countersign-practice"}, {"title", "Practice"}, {"version", COUNTERSIGN_VERSION}}},
                        {"instructions", "A practice business with invented customers and feature gates. Nothing here is real. "
                                         "Amounts are in minor units: 1500 usd are 15.00 USD."}});
}

Result<QByteArray> PracticeServer::callTool(const RawJson &params)
{
    const auto parsed = parseJson(params.view());
    if (!parsed)
        return failure(Error::Kind::InvalidArgument, QStringLiteral("The parameters of tools/call are missing."));
    const auto name = stringAt(*parsed, "name");
    if (!name)
        return failure(Error::Kind::InvalidArgument, name.error().message);
    if (!m_business.has(name->toStdString()))
        return failure(Error::Kind::InvalidArgument, QStringLiteral("There is no tool %1.").arg(*name));
    const Json *given = memberAt(*parsed, "arguments");
    const Json arguments = given ? *given : Json::object();

    const auto listing = parseJson({m_listing.constData(), size_t(m_listing.size())});
    if (!listing)
        return failure(listing.error());
    Result<> checked;
    for (const Json &tool : listing->at("tools")) {
        if (tool.at("name").get<QString>() == *name)
            checked = checkArguments(tool.at("inputSchema"), arguments);
    }
    const auto answer = checked ? m_business.call(name->toStdString(), arguments) : failure(checked.error());
    return answer ? toolResult(*answer) : toolResult(answer.error());
}

} // namespace app
