// SPDX-FileCopyrightText: 2026 The Countersign authors
// SPDX-License-Identifier: GPL-3.0-or-later
#include "protocol/TranslationInput.h"
#include "protocol/Message.h"
#include <algorithm>

namespace mcpcore {

namespace {

constexpr size_t maximumRequests = 32;

bool isElicitation(const QString &method)
{
    return method == QLatin1String("elicitation/create");
}

bool isByUrl(const QString &method, const RawJson &params)
{
    return isElicitation(method) && !params.isEmpty() && memberOf(params, "mode").view() == "\"url\"";
}

bool isObject(const RawJson &value)
{
    return !value.isEmpty() && value.view().front() == '{';
}

const char *capabilityOf(const QString &method)
{
    if (isElicitation(method))
        return "elicitation";
    if (method == QLatin1String("sampling/createMessage"))
        return "sampling";
    return method == QLatin1String("roots/list") ? "roots" : nullptr;
}

tl::unexpected<Error> unreadable(const char *what)
{
    return failure(Error::Kind::InvalidRequest,
                   QStringLiteral("The server asks for something that cannot be read (%1).").arg(QLatin1String(what)));
}

} // namespace

bool mayRequireInput(const QString &method)
{
    return method == QLatin1String("tools/call") || method == QLatin1String("prompts/get") || method == QLatin1String("resources/read");
}

Result<std::optional<InputRequired>> inputRequiredOf(const RawJson &result)
{
    if (result.view().find("input_required") == std::string_view::npos || memberOf(result, "resultType").view() != "\"input_required\"")
        return std::nullopt;
    InputRequired input;
    input.state = memberOf(result, "requestState");
    if (!input.state.isEmpty() && input.state.view().front() != '"')
        return unreadable("requestState");
    const RawJson requests = memberOf(result, "inputRequests");
    if (requests.isEmpty())
        return input.state.isEmpty() ? Result<std::optional<InputRequired>>(unreadable("inputRequests")) : std::optional(input);
    const auto members = membersOf(requests);
    if (!members || members->size() > maximumRequests)
        return unreadable("inputRequests");
    for (const RawMember &member : *members) {
        const auto method = textOf(memberOf(member.value, "method"));
        const RawJson params = memberOf(member.value, "params");
        if (!method || !capabilityOf(*method) || (!params.isEmpty() && !isObject(params)))
            return unreadable("inputRequests");
        input.requests.push_back({QByteArray(member.key.data(), qsizetype(member.key.size())), *method, params});
    }
    return input;
}

QByteArray inputRequiredResult(const InputRequired &input)
{
    QByteArray out("{\"resultType\":\"input_required\"");
    if (!input.requests.empty()) {
        out += ",\"inputRequests\":{";
        for (const InputRequest &request : input.requests) {
            if (&request != &input.requests.front())
                out += ',';
            out += '"' + request.key + "\":{\"method\":" + quoted(request.method);
            if (!request.params.isEmpty())
                out += ",\"params\":" + request.params.bytes();
            out += '}';
        }
        out += '}';
    }
    if (!input.state.isEmpty())
        out += ",\"requestState\":" + input.state.bytes();
    return out + '}';
}

QByteArray retryParams(const RawJson &params, const std::vector<InputResponse> &responses, const RawJson &state)
{
    QByteArray given;
    for (const InputResponse &response : responses)
        given += (given.isEmpty() ? "\"" : ",\"") + response.key + "\":" + response.result.bytes();
    return withMembers(params, {{"inputResponses", responses.empty() ? QByteArray() : '{' + given + '}'}, {"requestState", state.bytes()}});
}

RawJson withoutInput(const RawJson &params)
{
    const bool none =
        params.view().find("inputResponses") == std::string_view::npos && params.view().find("requestState") == std::string_view::npos;
    return none ? params : RawJson(withMembers(params, {{"inputResponses", {}}, {"requestState", {}}}));
}

RawJson inputParamsForLegacy(const InputRequest &request, const QString &newId)
{
    if (!isByUrl(request.method, request.params) || !memberOf(request.params, "elicitationId").isEmpty())
        return request.params;
    return RawJson(withMembers(request.params, {{"elicitationId", quoted(newId)}}));
}

RawJson inputParamsForModern(const QString &method, const RawJson &params)
{
    return isByUrl(method, params) ? RawJson(withMembers(params, {{"elicitationId", {}}})) : params;
}

std::optional<InputRequired> urlElicitationsOf(const RawJson &error)
{
    if (memberOf(error, "code").view() != "-32042")
        return std::nullopt;
    const RawJson data = memberOf(error, "data");
    const auto list = elementsOf(isObject(data) ? memberOf(data, "elicitations") : RawJson());
    if (!list || list->empty() || list->size() > maximumRequests)
        return std::nullopt;
    InputRequired input;
    for (const RawJson &element : *list) {
        if (!isObject(element) || memberOf(element, "url").isEmpty())
            return std::nullopt;
        const QString method = QStringLiteral("elicitation/create");
        const RawJson params(withMembers(element, {{"mode", "\"url\""}}));
        input.requests.push_back(
            {"page-" + QByteArray::number(int(input.requests.size()) + 1), method, inputParamsForModern(method, params)});
    }
    return input;
}

bool isDeclared(const RawJson &capabilities, const QString &method, const RawJson &params)
{
    const char *name = capabilityOf(method);
    const RawJson capability = name && isObject(capabilities) ? memberOf(capabilities, name) : RawJson();
    if (!isObject(capability) || !isElicitation(method))
        return isObject(capability);
    const RawJson form = memberOf(capability, "form"), url = memberOf(capability, "url");
    return isByUrl(method, params) ? !url.isEmpty() : !form.isEmpty() || url.isEmpty();
}

QByteArray capabilityNeeded(const QString &method, const RawJson &params)
{
    const char *name = capabilityOf(method);
    if (!name)
        return "{}";
    const QByteArray inner = !isElicitation(method) ? "{}" : isByUrl(method, params) ? "{\"url\":{}}" : "{\"form\":{}}";
    return '{' + ('"' + QByteArray(name)) + "\":" + inner + '}';
}

QByteArray refusalOfInput(const QString &method, const RawJson &capabilities)
{
    const bool otherKind = isElicitation(method) && isObject(capabilities) && !memberOf(capabilities, "elicitation").isEmpty();
    const QString text = otherKind ? QStringLiteral("The client does not have this kind of elicitation.")
                                   : QStringLiteral("The client cannot answer %1.").arg(method.left(80));
    return QByteArray(otherKind ? "{\"code\":-32602" : "{\"code\":-32601") + ",\"message\":" + quoted(text) + '}';
}

RawJson inputAfterError(const QString &method)
{
    return isElicitation(method) ? RawJson(QByteArrayLiteral("{\"action\":\"cancel\"}")) : RawJson();
}

Result<> checkInput(const QString &method, const RawJson &result)
{
    const auto invalid = [](const char *what) {
        return failure(Error::Kind::InvalidArgument, QStringLiteral("The answer to the server is not valid: %1.").arg(QLatin1String(what)));
    };
    if (!isObject(result))
        return invalid("it must be an object");
    if (isElicitation(method)) {
        const RawJson action = memberOf(result, "action"), content = memberOf(result, "content");
        if (action.view() != "\"accept\"" && action.view() != "\"decline\"" && action.view() != "\"cancel\"")
            return invalid("\"action\" must be accept, decline or cancel");
        return content.isEmpty() || isObject(content) ? Result<>() : invalid("\"content\" must be an object");
    }
    if (method == QLatin1String("roots/list"))
        return elementsOf(memberOf(result, "roots")) ? Result<>() : invalid("\"roots\" must be a list");
    const bool complete =
        !memberOf(result, "role").isEmpty() && !memberOf(result, "content").isEmpty() && !memberOf(result, "model").isEmpty();
    return complete ? Result<>() : invalid("\"role\", \"content\" or \"model\" is missing");
}

} // namespace mcpcore
