// SPDX-FileCopyrightText: 2026 The Countersign authors
// SPDX-License-Identifier: GPL-3.0-or-later
#include "server/ModernAnswer.h"
#include "protocol/ErrorMapping.h"
#include "protocol/Message.h"
#include "protocol/TranslationRequest.h"
#include "protocol/TranslationResult.h"
#include "server/Exchange.h"
#include "server/ModernRequest.h"

namespace mcpcore {

namespace {

constexpr const char *serverInfo = R"({"name":"countersign","title":"Countersign","version":")" COUNTERSIGN_VERSION R"("})";

int statusOf(const RawJson &error)
{
    const int code = memberOf(error, "code").bytes().toInt();
    if (code == -32601)
        return 404;
    return code == headerMismatchCode || code == missingCapabilityCode || code == unsupportedVersionCode ? 400 : 200;
}

} // namespace

ModernAnswer modernAnswer(const QByteArray &id, const QString &method, const RawJson &params, const RawJson &answer)
{
    const auto members = membersOf(answer);
    const RawJson error = members ? memberOf(*members, "error") : RawJson();
    if (error.isEmpty())
        return {200, modernResultMessage(id, resultForModern(method, members ? memberOf(*members, "result") : RawJson()))};
    const RawJson told = errorForModern(method, params, error);
    return {statusOf(told), "{\"jsonrpc\":\"2.0\",\"id\":" + id + ",\"error\":" + told.bytes() + '}'};
}

QByteArray modernResultMessage(const QByteArray &id, const RawJson &result)
{
    const RawJson meta = memberOf(result, "_meta");
    const QByteArray signedResult =
        withMembers(result, {{"_meta", withMembers(meta, {{"io.modelcontextprotocol/serverInfo", serverInfo}})}});
    return resultMessage(id, {signedResult.constData(), size_t(signedResult.size())});
}

RawJson discovered(const RawJson &initialized)
{
    QByteArray result =
        "{\"supportedVersions\":[\"" + QByteArray(kModernVersion) + "\"],\"capabilities\":" + memberOf(initialized, "capabilities").bytes();
    if (const RawJson instructions = memberOf(initialized, "instructions"); !instructions.isEmpty())
        result += ",\"instructions\":" + instructions.bytes();
    return resultForModern(QStringLiteral("server/discover"), RawJson(result + '}'));
}

void respond(Exchange &exchange, const ModernAnswer &answer)
{
    if (exchange.isStreaming())
        exchange.endStream(answer.message);
    else
        exchange.respond(answer.status, QByteArrayLiteral("application/json"), answer.message);
}

} // namespace mcpcore
