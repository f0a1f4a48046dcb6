// SPDX-FileCopyrightText: 2026 The Countersign authors
// SPDX-License-Identifier: GPL-3.0-or-later
#include "server/ModernRequest.h"
#include "protocol/ErrorMapping.h"
#include "protocol/HeaderValue.h"
#include "protocol/StrictJson.h"
#include "protocol/TranslationInput.h"

namespace mcpcore {

namespace {

constexpr int parseErrorCode = -32700;
constexpr int invalidRequestCode = -32600;
constexpr int unknownMethodCode = -32601;
constexpr int invalidParamsCode = -32602;

tl::unexpected<ModernRefusal> refused(const Message &message, int status, int code, const QString &why)
{
    return tl::unexpected<ModernRefusal>(ModernRefusal{status, errorMessage(message.id.bytes(), code, why)});
}

tl::unexpected<ModernRefusal> unsupported(const Message &message, const QString &version)
{
    return tl::unexpected<ModernRefusal>(
        ModernRefusal{400, "{\"jsonrpc\":\"2.0\"," + (message.id.isEmpty() ? QByteArray() : "\"id\":" + message.id.bytes() + ',')
                               + "\"error\":{\"code\":" + QByteArray::number(unsupportedVersionCode)
                               + ",\"message\":\"This version of the protocol is not served.\",\"data\":{\"supported\":[\"" + kModernVersion
                               + "\"],\"requested\":" + quoted(version) + "}}}"});
}

bool isObject(const RawJson &value)
{
    return !value.isEmpty() && value.view().front() == '{';
}

// What Mcp-Name repeats, for the methods that have it.
std::string_view namedBy(const QString &method)
{
    if (method == QLatin1String("tools/call") || method == QLatin1String("prompts/get"))
        return "name";
    return method == QLatin1String("resources/read") ? "uri" : "";
}

bool isServed(const QString &method)
{
    static const QList<QString> served{QStringLiteral("server/discover"),
                                       QStringLiteral("tools/list"),
                                       QStringLiteral("tools/call"),
                                       QStringLiteral("prompts/list"),
                                       QStringLiteral("prompts/get"),
                                       QStringLiteral("resources/list"),
                                       QStringLiteral("resources/templates/list"),
                                       QStringLiteral("resources/read"),
                                       QStringLiteral("completion/complete"),
                                       QStringLiteral("subscriptions/listen")};
    return served.contains(method);
}

tl::expected<void, ModernRefusal> checkNames(const RequestHead &head, const Message &message)
{
    const QByteArray method = message.method.toUtf8();
    const auto said = head.field("mcp-method");
    if (!said || *said != std::string_view(method.constData(), size_t(method.size())))
        return refused(message, 400, headerMismatchCode,
                       said ? QStringLiteral("Mcp-Method differs from the method of the body.") : QStringLiteral("Mcp-Method is missing."));
    const std::string_view key = namedBy(message.method);
    const auto name = key.empty() ? Result<QString>(QString()) : textOf(memberOf(message.params, key));
    if (key.empty() || !name)
        return {}; // without a name there is nothing to compare, and the server says so
    const auto field = head.field("mcp-name");
    const auto decoded = field ? decodedHeaderValue(*field) : std::nullopt;
    if (!decoded || *decoded != name->toUtf8())
        return refused(message, 400, headerMismatchCode,
                       field ? QStringLiteral("Mcp-Name differs from what the body names.") : QStringLiteral("Mcp-Name is missing."));
    return {};
}

} // namespace

tl::expected<ModernRequest, ModernRefusal> readModernRequest(const RequestHead &head, const RawJson &body)
{
    const auto read = readClientMessage(body);
    if (!read) {
        const bool json = checkStrictJson(body.view()).has_value();
        return tl::unexpected<ModernRefusal>(
            ModernRefusal{400, errorMessage(json ? idOfUnreadable(body) : QByteArray(), json ? invalidRequestCode : parseErrorCode,
                                            read.error().message)});
    }
    ModernRequest request;
    request.message = *read;
    const Message &message = request.message;
    if (message.kind == Message::Kind::Response)
        return refused(
            message, 400, invalidRequestCode,
            QStringLiteral("This version of the protocol has no responses from clients. Send the request again with inputResponses."));
    const auto version = head.field("mcp-protocol-version");
    if (!version)
        return refused(message, 400, headerMismatchCode, QStringLiteral("MCP-Protocol-Version is missing."));

    const RawJson metaBytes = memberOf(message.params, "_meta");
    const auto meta = isObject(metaBytes) ? membersOf(metaBytes) : Result<std::vector<RawMember>>(std::vector<RawMember>());
    const auto asked = meta ? textOf(memberOf(*meta, "io.modelcontextprotocol/protocolVersion"))
                            : Result<QString>(failure(Error::Kind::InvalidArgument, {}));
    const RawJson capabilities = meta ? memberOf(*meta, "io.modelcontextprotocol/clientCapabilities") : RawJson();
    if (message.kind == Message::Kind::Notification)
        return request;
    if (!asked || !isObject(capabilities))
        return refused(
            message, 400, invalidParamsCode,
            QStringLiteral("\"_meta\" needs io.modelcontextprotocol/protocolVersion and io.modelcontextprotocol/clientCapabilities."));
    if (asked->toUtf8() != QByteArray(version->data(), qsizetype(version->size())))
        return refused(message, 400, headerMismatchCode, QStringLiteral("MCP-Protocol-Version differs from the version in \"_meta\"."));
    if (*asked != QLatin1String(kModernVersion))
        return unsupported(message, *asked);
    if (const auto names = checkNames(head, message); !names)
        return tl::unexpected<ModernRefusal>(names.error());
    if (!isServed(message.method))
        return refused(message, 404, unknownMethodCode, QStringLiteral("There is no method %1 here.").arg(message.method.left(80)));
    if (namesUnknownLogLevel(message.params))
        return refused(message, 400, invalidParamsCode, QStringLiteral("There is no such log level."));
    request.log = logLevelOf(message.params);
    request.capabilities = capabilities.bytes();
    request.progressToken = memberOf(*meta, "progressToken").bytes();
    const RawJson responses = memberOf(message.params, "inputResponses");
    const RawJson state = memberOf(message.params, "requestState");
    const auto stateText = state.isEmpty() ? Result<QString>(QString()) : textOf(state);
    if ((!responses.isEmpty() && !isObject(responses)) || !stateText)
        return refused(message, 400, invalidParamsCode,
                       QStringLiteral("\"inputResponses\" must be an object and \"requestState\" a string."));
    request.inputResponses = responses;
    request.requestState = stateText->toUtf8();
    request.params = withoutInput(paramsForLegacy(message.params));
    return request;
}

} // namespace mcpcore
