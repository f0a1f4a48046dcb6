// SPDX-FileCopyrightText: 2026 The Countersign authors
// SPDX-License-Identifier: GPL-3.0-or-later
#include "upstream/signin/Authorization.h"
#include <QUrl>
#include <QUrlQuery>
#include <algorithm>

namespace mcpcore {

namespace {

const QByteArray offlineAccess = QByteArrayLiteral("offline_access");

QByteArray base64(const QByteArray &bytes)
{
    return bytes.toBase64(QByteArray::Base64UrlEncoding | QByteArray::OmitTrailingEquals);
}

std::string_view viewOf(const QByteArray &bytes)
{
    return {bytes.constData(), size_t(bytes.size())};
}

// Nothing when an escape is not one.
std::optional<QByteArray> decoded(std::string_view text)
{
    QByteArray out;
    out.reserve(qsizetype(text.size()));
    for (size_t i = 0; i < text.size(); ++i) {
        if (text[i] != '%') {
            out += text[i] == '+' ? ' ' : text[i];
            continue;
        }
        const QByteArray byte = QByteArray::fromHex(QByteArray(text.substr(i + 1, 2).data(), qsizetype(text.substr(i + 1, 2).size())));
        if (text.size() < i + 3 || byte.size() != 1)
            return std::nullopt;
        out += byte;
        i += 2;
    }
    return out;
}

tl::unexpected<Error> refused(const QString &why)
{
    return failure(Error::Kind::Denied, why);
}

} // namespace

Proof newProof(Ids &ids)
{
    QByteArray verifier = base64(ids.randomBytes(32));
    Proof proof{Secret(viewOf(verifier)), base64(sha256(viewOf(verifier)))};
    wipe(verifier);
    return proof;
}

QByteArray authorizationAddress(const QByteArray &endpoint, const AuthorizationRequest &request)
{
    QByteArray address = endpoint;
    char border = endpoint.contains('?') ? '&' : '?';
    const auto add = [&](const char *name, const QByteArray &value) {
        address += border + QByteArray(name) + '=' + value.toPercentEncoding();
        border = '&';
    };
    add("response_type", "code");
    add("client_id", request.clientId);
    add("redirect_uri", request.redirect);
    add("code_challenge", request.challenge);
    add("code_challenge_method", "S256");
    add("state", request.state);
    add("resource", request.resource);
    if (!request.scopes.isEmpty())
        add("scope", request.scopes.join(' '));
    if (request.scopes.contains(offlineAccess))
        add("prompt", "consent"); // OpenID Connect gives offline access for an express consent only
    return address;
}

QByteArrayList scopesToAsk(const std::optional<Challenge> &challenge, const ResourceMetadata &resource, const ServerMetadata &server,
                           const QByteArrayList &before)
{
    const bool wantsMore = challenge && challenge->error == "insufficient_scope";
    QByteArrayList scopes = wantsMore ? before : QByteArrayList();
    const QByteArrayList wanted = challenge && challenge->scopes ? *challenge->scopes : wantsMore ? QByteArrayList() : resource.scopes;
    for (const QByteArray &scope : wanted)
        if (!scopes.contains(scope))
            scopes += scope;
    if (!scopes.isEmpty() && !scopes.contains(offlineAccess) && server.scopes.contains(offlineAccess))
        scopes += offlineAccess;
    return scopes;
}

Result<CallbackAnswer> readCallback(std::string_view query)
{
    const auto invalid =
        failure(Error::Kind::InvalidRequest, QStringLiteral("The browser came back with something that is no answer to a sign-in."));
    CallbackAnswer answer;
    QByteArrayList seen;
    while (!query.empty()) {
        const size_t size = std::min(query.find('&'), query.size());
        const std::string_view pair = query.substr(0, size);
        query.remove_prefix(std::min(size + 1, query.size()));
        const size_t border = std::min(pair.find('='), pair.size());
        const auto name = decoded(pair.substr(0, border));
        auto value = decoded(pair.substr(std::min(border + 1, pair.size())));
        if (!name || !value || seen.contains(*name))
            return invalid;
        seen += *name;
        if (*name == "code") {
            answer.code = Secret(viewOf(*value));
            wipe(*value);
        } else if (*name == "state") {
            answer.state = *value;
        } else if (*name == "iss") {
            answer.issuer = *value;
        } else if (*name == "error") {
            answer.error = *value;
        } else if (*name == "error_description") {
            answer.description = plain(viewOf(*value));
        }
    }
    return answer;
}

Result<Secret> codeOf(CallbackAnswer answer, const ServerMetadata &server)
{
    const QString host = QUrl(QString::fromUtf8(server.issuer)).host();
    if (answer.issuer ? *answer.issuer != server.issuer : server.saysIssuer)
        return refused(QStringLiteral("The answer to the sign-in did not come from %1. Nothing was sent. Try to sign in again.").arg(host));
    if (!answer.error.isEmpty()) {
        const QString error = plain(viewOf(answer.error));
        return refused(answer.description.isEmpty()
                           ? QStringLiteral("%1 did not sign you in (%2).").arg(host, error)
                           : QStringLiteral("%1 did not sign you in (%2): %3").arg(host, error, answer.description));
    }
    if (answer.code.isEmpty())
        return refused(QStringLiteral("%1 did not sign you in and did not say why. Try again.").arg(host));
    return std::move(answer.code);
}

QString plain(std::string_view bytes)
{
    QString text = QString::fromUtf8(bytes.data(), qsizetype(std::min<size_t>(bytes.size(), 1000)));
    for (QChar &c : text)
        if (!c.isPrint() || c.category() == QChar::Other_Format)
            c = QLatin1Char(' ');
    return text.simplified().left(200);
}

} // namespace mcpcore
