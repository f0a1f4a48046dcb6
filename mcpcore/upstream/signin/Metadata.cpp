// SPDX-FileCopyrightText: 2026 The Countersign authors
// SPDX-License-Identifier: GPL-3.0-or-later
#include "upstream/signin/Metadata.h"
#include "base/Json.h"
#include "upstream/Addresses.h"
#include <QUrl>
#include <algorithm>

namespace mcpcore {

namespace {

using Reach = HttpRequest::Reach;

QByteArray bytesAt(const Json &object, std::string_view key)
{
    const Json *member = memberAt(object, key);
    const std::string *text = member ? member->get_ptr<const std::string *>() : nullptr;
    return text ? QByteArray(text->data(), qsizetype(text->size())) : QByteArray();
}

QByteArrayList listAt(const Json &object, std::string_view key)
{
    QByteArrayList list;
    if (const Json *member = memberAt(object, key); member && member->is_array())
        for (const Json &element : *member)
            if (const std::string *text = element.get_ptr<const std::string *>())
                list += QByteArray(text->data(), qsizetype(text->size()));
    return list;
}

tl::unexpected<Error> wrong(const QString &why)
{
    return failure(Error::Kind::InvalidRequest, why);
}

QString hostOf(const QByteArray &address)
{
    return QUrl(QString::fromUtf8(address)).host().left(253);
}

// An address as its origin and what follows, without a slash at the end.
struct Parts {
    QByteArray origin;
    QByteArray path;
};

Parts partsOf(QByteArray address)
{
    address.truncate(std::min(address.indexOf('?') < 0 ? address.size() : address.indexOf('?'),
                              address.indexOf('#') < 0 ? address.size() : address.indexOf('#')));
    const qsizetype border = address.indexOf('/', address.indexOf("://") + 3);
    if (border < 0)
        return {address, {}};
    QByteArray path = address.mid(border);
    while (path.endsWith('/'))
        path.chop(1);
    return {address.left(border), path};
}

int portOf(const QUrl &url)
{
    return url.port(url.scheme() == QLatin1String("https") ? 443 : 80);
}

// The identifier names this server, or a folder that it is in.
bool covers(const QByteArray &resource, const QString &serverUrl)
{
    const QUrl named(QString::fromUtf8(resource), QUrl::StrictMode), server(serverUrl, QUrl::StrictMode);
    if (!named.isValid() || named.scheme() != server.scheme() || named.host() != server.host() || portOf(named) != portOf(server)
        || named.hasFragment() || (named.hasQuery() && named.query() != server.query()))
        return false;
    const auto path = [](const QUrl &url) {
        QString text = url.path(QUrl::FullyEncoded);
        while (text.endsWith(QLatin1Char('/')))
            text.chop(1);
        return text;
    };
    const QString folder = path(named);
    return path(server) == folder || path(server).startsWith(folder + QLatin1Char('/'));
}

} // namespace

Result<> checkAddress(const QByteArray &address, Reach reach, const QString &what)
{
    const bool plain = std::all_of(address.begin(), address.end(), [](char c) { return c > 0x20 && c < 0x7f; });
    const QUrl url(QString::fromLatin1(address), QUrl::StrictMode);
    if (!plain || address.size() > 2048 || !url.isValid() || url.host().isEmpty() || !url.userInfo().isEmpty() || url.hasFragment())
        return wrong(QStringLiteral("The %1 is not a valid address.").arg(what));
    const QString host = url.host().left(253);
    if (reach == Reach::Public && isPrivateHost(host))
        return wrong(
            QStringLiteral("The %1 leads into a private network (%2), and the connection does not. It is not used.").arg(what, host));
    if (url.scheme() == QLatin1String("https"))
        return {};
    if (url.scheme() != QLatin1String("http") || reach == Reach::Public || !isLoopbackHost(host))
        return wrong(QStringLiteral("The %1 must start with https (%2). It is not used.").arg(what, host));
    return {};
}

Reach reachFor(const QString &serverUrl)
{
    return isPrivateHost(QUrl(serverUrl).host()) ? Reach::Anywhere : Reach::Public;
}

QByteArrayList resourceMetadataAddresses(const QString &serverUrl)
{
    const Parts parts = partsOf(QUrl(serverUrl).toEncoded());
    const QByteArray root = parts.origin + "/.well-known/oauth-protected-resource";
    return parts.path.isEmpty() ? QByteArrayList{root} : QByteArrayList{root + parts.path, root};
}

QByteArrayList serverMetadataAddresses(const QByteArray &issuer)
{
    const Parts parts = partsOf(issuer);
    QByteArrayList addresses{parts.origin + "/.well-known/oauth-authorization-server" + parts.path,
                             parts.origin + "/.well-known/openid-configuration" + parts.path};
    if (!parts.path.isEmpty())
        addresses += parts.origin + parts.path + "/.well-known/openid-configuration";
    return addresses;
}

Result<ResourceMetadata> readResourceMetadata(const QByteArray &body, const QString &serverUrl)
{
    const QString host = QUrl(serverUrl).host();
    const auto json = parseJson({body.constData(), size_t(body.size())});
    if (!json || !json->is_object())
        return wrong(QStringLiteral("%1 does not say in a valid form where to sign in.").arg(host));
    ResourceMetadata read;
    read.resource = bytesAt(*json, "resource");
    if (!covers(read.resource, serverUrl))
        return wrong(
            QStringLiteral("%1 describes the sign-in of another server (%2). Nothing is signed in to.").arg(host, hostOf(read.resource)));
    const QByteArrayList servers = listAt(*json, "authorization_servers");
    if (servers.isEmpty())
        return wrong(QStringLiteral("%1 does not name an authorization server to sign in at.").arg(host));
    read.issuer = servers.first();
    read.scopes = scopesIn(listAt(*json, "scopes_supported").join(' ').toStdString());
    return read;
}

Result<ServerMetadata> readServerMetadata(const QByteArray &body, const QByteArray &issuer, Reach reach)
{
    const QString host = hostOf(issuer);
    const auto json = parseJson({body.constData(), size_t(body.size())});
    if (!json || !json->is_object())
        return wrong(QStringLiteral("%1 does not describe its sign-in in a valid form.").arg(host));
    ServerMetadata read;
    read.issuer = bytesAt(*json, "issuer");
    if (read.issuer != issuer)
        return wrong(
            QStringLiteral("%1 describes the sign-in of somebody else (%2). Nothing is signed in to.").arg(host, hostOf(read.issuer)));
    if (!listAt(*json, "code_challenge_methods_supported").contains("S256"))
        return wrong(QStringLiteral("%1 does not offer PKCE (S256), which a safe sign-in needs.").arg(host));
    const auto endpoint = [&](const char *key, const char *what) -> Result<QByteArray> {
        const QByteArray address = bytesAt(*json, key);
        if (const auto checked = checkAddress(address, reach, QStringLiteral("%1 of %2").arg(QLatin1String(what), host)); !checked)
            return failure(checked.error());
        return address;
    };
    const auto authorization = endpoint("authorization_endpoint", "sign-in page");
    const auto token = authorization ? endpoint("token_endpoint", "token endpoint") : authorization;
    if (!token)
        return failure(token.error());
    read.authorizationEndpoint = *authorization;
    read.tokenEndpoint = *token;
    read.registrationEndpoint = endpoint("registration_endpoint", "registration").value_or(QByteArray());
    read.revocationEndpoint = endpoint("revocation_endpoint", "revocation").value_or(QByteArray());
    read.tokenAuthMethods = listAt(*json, "token_endpoint_auth_methods_supported");
    read.scopes = scopesIn(listAt(*json, "scopes_supported").join(' ').toStdString());
    read.saysIssuer = boolAt(*json, "authorization_response_iss_parameter_supported", false);
    read.takesClientDocuments = boolAt(*json, "client_id_metadata_document_supported", false);
    return read;
}

} // namespace mcpcore
