// SPDX-FileCopyrightText: 2026 The Countersign authors
// SPDX-License-Identifier: GPL-3.0-or-later
#include "protocol/ErrorMapping.h"
#include "base/RawJson.h"

namespace mcpcore {

namespace {

struct Row {
    int code;
    int status;
    const char *name;
};

Row rowOf(Error::Kind kind)
{
    using Kind = Error::Kind;
    switch (kind) {
    case Kind::Denied: return {-32603, 403, "denied"};
    case Kind::Expired: return {-32603, 408, "expired"};
    case Kind::Cancelled: return {-32603, 499, "cancelled"};
    case Kind::Abandoned: return {-32603, 500, "abandoned"};
    case Kind::Paused: return {-32603, 503, "paused"};
    case Kind::Locked: return {-32603, 423, "locked"};
    case Kind::Quarantined: return {-32602, 403, "quarantined"};
    case Kind::Busy: return {-32603, 429, "busy"};
    case Kind::InvalidRequest: return {-32600, 400, "invalid-request"};
    case Kind::InvalidArgument: return {-32602, 400, "invalid-argument"};
    case Kind::UnknownMethod: return {-32601, 404, "unknown-method"};
    case Kind::NotFound: return {-32602, 404, "not-found"};
    case Kind::Conflict: return {-32603, 409, "conflict"};
    case Kind::NeedsPerson: return {-32603, 403, "needs-person"};
    case Kind::Unauthorized: return {-32603, 401, "unauthorized"};
    case Kind::UpstreamFailed: return {-32603, 502, "upstream-failed"};
    case Kind::OutcomeUnknown: return {-32603, 502, "outcome-unknown"};
    case Kind::LogFailed: return {-32603, 503, "log-failed"};
    case Kind::SecretUnavailable: return {-32603, 503, "secret-unavailable"};
    case Kind::FileFailed: return {-32603, 500, "file-failed"};
    }
    Q_UNREACHABLE();
}

} // namespace

int jsonRpcCodeOf(Error::Kind kind)
{
    return rowOf(kind).code;
}
int httpStatusOf(Error::Kind kind)
{
    return rowOf(kind).status;
}
QString nameOf(Error::Kind kind)
{
    return QString::fromLatin1(rowOf(kind).name);
}

std::optional<Error::Kind> errorKindFrom(const QString &name)
{
    for (int kind = 0; kind <= int(Error::Kind::FileFailed); ++kind)
        if (nameOf(Error::Kind(kind)) == name)
            return Error::Kind(kind);
    return std::nullopt;
}

QByteArray errorMessage(const QByteArray &id, int code, const QString &message)
{
    QByteArray out = QByteArrayLiteral("{\"jsonrpc\":\"2.0\",");
    if (!id.isEmpty())
        out += "\"id\":" + id + ',';
    return out + "\"error\":{\"code\":" + QByteArray::number(code) + ",\"message\":" + quoted(message) + "}}";
}

QByteArray errorMessage(const QByteArray &id, const Error &error)
{
    return errorMessage(id, jsonRpcCodeOf(error.kind), error.message);
}

QByteArray resultMessage(const QByteArray &id, std::string_view result)
{
    QByteArray out;
    out.reserve(id.size() + qsizetype(result.size()) + 40);
    out += "{\"jsonrpc\":\"2.0\",\"id\":";
    out += id;
    out += ",\"result\":";
    out.append(result.data(), qsizetype(result.size()));
    out += '}';
    return out;
}

QByteArray toolErrorResult(const QString &text)
{
    return "{\"content\":[{\"type\":\"text\",\"text\":" + quoted(text) + "}],\"isError\":true}";
}

} // namespace mcpcore
