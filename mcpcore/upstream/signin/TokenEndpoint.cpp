// SPDX-FileCopyrightText: 2026 The Countersign authors
// SPDX-License-Identifier: GPL-3.0-or-later
#include "upstream/signin/TokenEndpoint.h"
#include "base/Json.h"
#include "base/RawJson.h"
#include "upstream/Addresses.h"
#include <QUrl>
#include <algorithm>
#include <charconv>

namespace mcpcore {

namespace {

constexpr size_t maximumToken = 16 * 1024;

QString hostOf(const QByteArray &issuer)
{
    return QUrl(QString::fromUtf8(issuer)).host().left(253);
}

std::string_view viewOf(const QByteArray &bytes)
{
    return {bytes.constData(), size_t(bytes.size())};
}

void appendEncoded(QByteArray &to, std::string_view value)
{
    static constexpr char digits[] = "0123456789ABCDEF";
    for (const char c : value) {
        const bool unreserved =
            (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || (c >= '0' && c <= '9') || c == '-' || c == '.' || c == '_';
        if (unreserved) {
            to += c;
        } else {
            to += '%';
            to += digits[uchar(c) >> 4];
            to += digits[uchar(c) & 15];
        }
    }
}

// The text of a JSON string that may be in a header, without making it text: tokens are printable ASCII.
std::optional<Secret> tokenIn(std::string_view json)
{
    if (json.size() < 2 || json.front() != '"' || json.back() != '"' || json.size() > maximumToken)
        return std::nullopt;
    json = json.substr(1, json.size() - 2);
    QByteArray bytes;
    bytes.reserve(qsizetype(json.size()));
    bool valid = true;
    for (size_t i = 0; i < json.size(); ++i) {
        char c = json[i];
        if (c == '\\' && i + 1 < json.size()) {
            c = json[++i];
            if (c == 'u') {
                unsigned code = 0x100;
                const std::string_view hex = json.substr(std::min(i + 1, json.size()), 4);
                std::from_chars(hex.data(), hex.data() + hex.size(), code, 16);
                valid = valid && hex.size() == 4 && code < 0x80;
                c = char(code);
                i += 4;
            } else {
                valid = valid && (c == '/' || c == '"' || c == '\\');
            }
        }
        valid = valid && c > 0x20 && c < 0x7f;
        bytes += c;
    }
    std::optional<Secret> token;
    if (valid)
        token.emplace(viewOf(bytes));
    wipe(bytes);
    return token;
}

// Whom an ID token names. It came over TLS from its issuer: its signature proves nothing more, and it is only shown.
QString accountIn(const RawJson &idToken)
{
    const auto text = textOf(idToken);
    const QByteArrayList parts = text ? text->toLatin1().split('.') : QByteArrayList();
    if (parts.size() != 3 || parts[1].size() > 16 * 1024)
        return {};
    const QByteArray claims = QByteArray::fromBase64(parts[1], QByteArray::Base64UrlEncoding);
    const auto json = parseJson(viewOf(claims));
    if (!json)
        return {};
    for (const char *claim : {"email", "preferred_username", "name"})
        if (const QString value = stringAt(*json, claim, {}); !value.isEmpty())
            return plain(value.toStdString());
    return {};
}

// "invalid_grant", or nothing.
QByteArray errorIn(const RawJson &body)
{
    const auto error = textOf(memberOf(body, "error"));
    const QByteArray name = error ? error->toLatin1().left(60) : QByteArray();
    const bool valid = std::all_of(name.begin(), name.end(), [](char c) { return (c >= 'a' && c <= 'z') || c == '_'; });
    return valid ? name : QByteArray();
}

QString descriptionIn(const RawJson &body)
{
    const auto text = textOf(memberOf(body, "error_description"));
    return text ? plain(text->toStdString()) : QString();
}

} // namespace

OAuthClient OAuthClient::duplicate() const
{
    return {kind, auth, issuer, id, secret.duplicate(), port, secretEnds};
}

QByteArray registrationBody(const QByteArray &redirect, const ServerMetadata &server)
{
    const bool isPublic = server.tokenAuthMethods.isEmpty() || server.tokenAuthMethods.contains("none");
    const char *method = isPublic                                                  ? "none"
                         : server.tokenAuthMethods.contains("client_secret_basic") ? "client_secret_basic"
                         : server.tokenAuthMethods.contains("client_secret_post")  ? "client_secret_post"
                                                                                   : "none";
    return toBytes(Json{{"client_name", "Countersign"},
                        {"application_type", "native"},
                        {"redirect_uris", {redirect.toStdString()}},
                        {"grant_types", {"authorization_code", "refresh_token"}},
                        {"response_types", {"code"}},
                        {"token_endpoint_auth_method", method}});
}

Result<OAuthClient> readRegistration(int status, const QByteArray &body, const ServerMetadata &server)
{
    const QString host = hostOf(server.issuer);
    const RawJson json(body);
    if (status != 201 && status != 200) {
        const QString why = descriptionIn(json);
        return failure(Error::Kind::UpstreamFailed,
                       QStringLiteral("%1 does not register Countersign (%2). Register it there yourself, and name its --client-id.")
                           .arg(host, !why.isEmpty()             ? why
                                      : !errorIn(json).isEmpty() ? QString::fromLatin1(errorIn(json))
                                                                 : QStringLiteral("status %1").arg(status)));
    }
    const auto id = textOf(memberOf(json, "client_id"));
    const RawJson ownSecret = memberOf(json, "client_secret");
    auto token = ownSecret.isEmpty() || ownSecret.view() == "null" ? std::optional<Secret>(std::in_place) : tokenIn(ownSecret.view());
    if (!id || id->isEmpty() || id->size() > 2048 || !token)
        return failure(Error::Kind::UpstreamFailed, QStringLiteral("%1 answered the registration with something that is none.").arg(host));
    OAuthClient client;
    client.kind = OAuthClient::Kind::Registered;
    client.issuer = server.issuer;
    client.id = id->toUtf8();
    client.secret = std::move(*token);
    const auto method = textOf(memberOf(json, "token_endpoint_auth_method"));
    if (method && *method == QLatin1String("client_secret_basic"))
        client.auth = OAuthClient::Auth::Basic;
    else if (method && *method == QLatin1String("client_secret_post"))
        client.auth = OAuthClient::Auth::Post;
    else if (!method)
        client.auth = authFor(server, client.secret);
    if (client.secret.isEmpty())
        client.auth = OAuthClient::Auth::None;
    const std::string_view ends = memberOf(json, "client_secret_expires_at").view();
    qint64 seconds = 0;
    std::from_chars(ends.data(), ends.data() + ends.size(), seconds);
    client.secretEnds = std::chrono::seconds(std::clamp<qint64>(seconds, 0, qint64(1) << 40));
    return client;
}

OAuthClient::Auth authFor(const ServerMetadata &server, const Secret &secret)
{
    if (secret.isEmpty())
        return OAuthClient::Auth::None;
    const QByteArrayList &methods = server.tokenAuthMethods;
    if (methods.contains("client_secret_basic"))
        return OAuthClient::Auth::Basic;
    if (methods.contains("client_secret_post"))
        return OAuthClient::Auth::Post;
    return methods.contains("none") ? OAuthClient::Auth::None : OAuthClient::Auth::Basic;
}

HttpRequest formRequest(const QByteArray &endpoint, const OAuthClient &client, const std::vector<FormField> &fields,
                        HttpRequest::Reach reach)
{
    HttpRequest request;
    request.method = HttpRequest::Method::Post;
    request.reach = reach;
    request.url = endpoint;
    request.limit = std::chrono::seconds(30);
    request.fields = {QByteArrayLiteral("Content-Type: application/x-www-form-urlencoded"), QByteArrayLiteral("Accept: application/json"),
                      QByteArrayLiteral("User-Agent: countersign/" COUNTERSIGN_VERSION)};
    if (isLoopbackHost(QUrl(QString::fromUtf8(endpoint)).host()))
        request.proxy = HttpRequest::Proxy::None;
    request.body.reserve(8192); // secrets are in it: nothing is left behind by growing
    const auto add = [&request](const char *name, std::string_view value) {
        if (!request.body.isEmpty())
            request.body += '&';
        request.body += name;
        request.body += '=';
        appendEncoded(request.body, value);
    };
    for (const auto &[name, value] : fields)
        if (!value.empty())
            add(name, value);
    switch (client.auth) {
    case OAuthClient::Auth::None: add("client_id", viewOf(client.id)); break;
    case OAuthClient::Auth::Post:
        add("client_id", viewOf(client.id));
        add("client_secret", client.secret.reveal());
        break;
    case OAuthClient::Auth::Basic: {
        QByteArray pair;
        pair.reserve(4096);
        appendEncoded(pair, viewOf(client.id));
        pair += ':';
        appendEncoded(pair, client.secret.reveal());
        QByteArray encoded = pair.toBase64();
        wipe(pair);
        request.secretField = QByteArrayLiteral("Authorization: Basic ");
        request.secret = Secret(viewOf(encoded));
        wipe(encoded);
        break;
    }
    }
    return request;
}

Result<TokenAnswer> readTokenAnswer(int status, const QByteArray &body, const QByteArray &issuer)
{
    const QString host = hostOf(issuer);
    const RawJson json(body);
    if (status != 200) {
        const QByteArray error = errorIn(json);
        const QString description = descriptionIn(json);
        const QString said = error.isEmpty() ? QStringLiteral("status %1").arg(status) : QString::fromLatin1(error);
        return failure(error == "invalid_grant" ? Error::Kind::Unauthorized : Error::Kind::UpstreamFailed,
                       description.isEmpty() ? QStringLiteral("%1 gave no access (%2).").arg(host, said)
                                             : QStringLiteral("%1 gave no access (%2): %3").arg(host, said, description));
    }
    const auto invalid = [&](const char *what) {
        return failure(Error::Kind::UpstreamFailed, QStringLiteral("%1 answered the sign-in %2.").arg(host, QLatin1String(what)));
    };
    const auto type = textOf(memberOf(json, "token_type"));
    auto access = tokenIn(memberOf(json, "access_token").view());
    if (!access || access->isEmpty())
        return invalid("without a token that can be used");
    if (!type || type->compare(QLatin1String("bearer"), Qt::CaseInsensitive) != 0)
        return invalid("with a kind of token that is not supported");
    TokenAnswer answer;
    answer.access = std::move(*access);
    if (const RawJson refresh = memberOf(json, "refresh_token"); !refresh.isEmpty() && refresh.view() != "null") {
        auto token = tokenIn(refresh.view());
        if (!token)
            return invalid("with a refresh token that cannot be used");
        answer.refresh = std::move(*token);
    }
    std::string_view lifetime = memberOf(json, "expires_in").view();
    if (lifetime.size() > 2 && lifetime.front() == '"')
        lifetime = lifetime.substr(1, lifetime.size() - 2);
    qint64 seconds = -1;
    std::from_chars(lifetime.data(), lifetime.data() + lifetime.size(), seconds);
    if (seconds >= 0)
        answer.lifetime = std::chrono::seconds(std::min<qint64>(seconds, qint64(10) * 365 * 24 * 3600));
    if (const auto scope = textOf(memberOf(json, "scope")))
        answer.scopes = scopesIn(scope->toStdString());
    answer.account = accountIn(memberOf(json, "id_token"));
    return answer;
}

} // namespace mcpcore
