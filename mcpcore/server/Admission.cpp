// SPDX-FileCopyrightText: 2026 The Countersign authors
// SPDX-License-Identifier: GPL-3.0-or-later
#include "server/Admission.h"

namespace mcpcore {

namespace {

tl::unexpected<Refusal> refused(int status, const char *why)
{
    return tl::unexpected<Refusal>(Refusal{status, QString::fromLatin1(why)});
}

QByteArray asBytes(std::string_view text)
{
    return QByteArray(text.data(), qsizetype(text.size()));
}

bool isOurs(std::string_view host, quint16 port)
{
    const QByteArray suffix = ':' + QByteArray::number(port);
    const std::string_view end(suffix.constData(), size_t(suffix.size()));
    if (host.size() <= end.size() || host.substr(host.size() - end.size()) != end)
        return false;
    host.remove_suffix(end.size());
    return host == "127.0.0.1" || host == "localhost" || host == "[::1]";
}

// Web pages reach loopback ports: by their own origin, by a name that resolves to us, or without an origin.
tl::expected<void, Refusal> checkSource(const RequestHead &head, quint16 port)
{
    const auto host = head.field("host");
    if (!host)
        return refused(400, "The Host field is missing.");
    if (!isOurs(*host, port))
        return refused(403, "The Host field does not name this server.");
    if (const auto origin = head.field("origin"))
        if (origin->substr(0, 7) != "http://" || origin->substr(7) != *host)
            return refused(403, "Web pages may not use this server.");
    if (const auto site = head.field("sec-fetch-site"); site && *site != "none")
        return refused(403, "Web pages may not use this server.");
    return {};
}

// Clients look for sign-in metadata there; a plain 404 without a token keeps them from starting OAuth against us.
bool isWellKnown(std::string_view path)
{
    return path.find("/.well-known/") != std::string_view::npos;
}

std::optional<Scope> scopeOf(std::string_view path)
{
    if (path == "/mcp")
        return Scope{};
    if (path.substr(0, 5) != "/mcp/")
        return std::nullopt;
    path.remove_prefix(5);
    const size_t slash = path.find('/');
    if (slash == std::string_view::npos)
        return std::nullopt;
    const QString connection = QString::fromLatin1(asBytes(path.substr(0, slash)));
    const QString environment = QString::fromLatin1(asBytes(path.substr(slash + 1)));
    if (!isValidName(connection) || !isValidName(environment))
        return std::nullopt;
    return Scope{ConnectionId{connection}, EnvironmentId{environment}};
}

std::string_view bearerOf(std::string_view authorization)
{
    static constexpr std::string_view scheme = "bearer ";
    if (authorization.size() <= scheme.size())
        return {};
    for (size_t i = 0; i < scheme.size(); ++i)
        if ((authorization[i] >= 'A' && authorization[i] <= 'Z' ? char(authorization[i] + 32) : authorization[i]) != scheme[i])
            return {};
    return authorization.substr(scheme.size());
}

bool isJson(std::string_view contentType)
{
    const QByteArray type = asBytes(contentType).toLower();
    const qsizetype semicolon = type.indexOf(';');
    if ((semicolon < 0 ? type : type.left(semicolon)).trimmed() != "application/json")
        return false;
    const QByteArray parameters = semicolon < 0 ? QByteArray() : type.mid(semicolon + 1).replace('"', "").replace(' ', "");
    return !parameters.contains("charset=") || parameters.contains("charset=utf-8");
}

} // namespace

tl::expected<Admitted, Refusal> admit(const RequestHead &head, quint16 port, const Limits &limits, const TokenCheck &clientOfToken)
{
    if (const auto source = checkSource(head, port); !source)
        return tl::unexpected<Refusal>(source.error());
    const size_t question = head.target.find('?');
    const std::string_view path = head.target.substr(0, question);
    if (isWellKnown(path))
        return refused(404, "There is no such address here.");
    if (question != std::string_view::npos || asBytes(head.field("cookie").value_or("")).contains("cst_"))
        return refused(400, "No address here takes a query, and a token goes into the Authorization field only.");
    if (head.method == RequestHead::Method::Other)
        return refused(405, "Only POST, GET and DELETE are served.");
    std::optional<ClientId> client;
    if (const std::string_view token = bearerOf(head.field("authorization").value_or("")); !token.empty())
        client = clientOfToken(token);
    if (!client)
        return refused(401, "A valid token of this client is needed: Authorization: Bearer cst_...");
    const auto scope = scopeOf(path);
    if (!scope)
        return refused(404, "There is no such address here. Use /mcp or /mcp/{connection}/{environment}.");
    if (head.method == RequestHead::Method::Post && !isJson(head.field("content-type").value_or("")))
        return refused(415, "The body must be sent as application/json.");
    if (head.contentLength > limits.body)
        return refused(413, "The body is too large.");
    return Admitted{std::move(*client), *scope};
}

} // namespace mcpcore
