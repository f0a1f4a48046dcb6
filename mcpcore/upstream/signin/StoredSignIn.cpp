// SPDX-FileCopyrightText: 2026 The Countersign authors
// SPDX-License-Identifier: GPL-3.0-or-later
#include "upstream/signin/StoredSignIn.h"
#include "base/Json.h"

namespace mcpcore {

namespace {

std::string textOf(const QByteArray &bytes)
{
    return bytes.toStdString();
}

QByteArray bytesAt(const Json &object, const char *key)
{
    return stringAt(object, key, {}).toUtf8();
}

} // namespace

void StoredSignIn::take(TokenAnswer answer, Milliseconds now)
{
    access = std::move(answer.access);
    if (!answer.refresh.isEmpty())
        refresh = std::move(answer.refresh);
    if (!answer.account.isEmpty())
        account = answer.account;
    expires = renewAt = {};
    if (!answer.lifetime)
        return;
    const Milliseconds lifetime = *answer.lifetime;
    expires = now + lifetime;
    renewAt = expires - std::min<Milliseconds>(std::chrono::minutes(1), lifetime / 4);
}

// One line of JSON without secrets, then a line for each secret: they hold no line breaks, and are never parsed as text.
Secret StoredSignIn::toItem() const
{
    QByteArray item = toBytes(Json{{"version", 1},
                                   {"kind", int(client.kind)},
                                   {"auth", int(client.auth)},
                                   {"issuer", textOf(client.issuer)},
                                   {"client", textOf(client.id)},
                                   {"port", client.port},
                                   {"clientEnds", client.secretEnds.count()},
                                   {"resource", textOf(resource)},
                                   {"token", textOf(tokenEndpoint)},
                                   {"revocation", textOf(revocationEndpoint)},
                                   {"scopes", textOf(scopes.join(' '))},
                                   {"account", account},
                                   {"expires", expires.count()},
                                   {"renewAt", renewAt.count()}});
    qsizetype size = item.size();
    for (const Secret *part : {&client.secret, &access, &refresh})
        size += qsizetype(part->reveal().size()) + 1;
    item.reserve(size + 1); // no copy is left behind by growing
    for (const Secret *part : {&client.secret, &access, &refresh}) {
        item += '\n';
        item.append(part->reveal().data(), qsizetype(part->reveal().size()));
    }
    Secret stored(std::string_view(item.constData(), size_t(item.size())));
    wipe(item);
    return stored;
}

Result<StoredSignIn> StoredSignIn::fromItem(const Secret &item)
{
    const auto damaged = failure(Error::Kind::InvalidRequest, QStringLiteral("The stored sign-in is damaged. Sign in again."));
    std::string_view rest = item.reveal();
    std::array<std::string_view, 4> lines;
    for (size_t i = 0; i < lines.size(); ++i) {
        const size_t end = i + 1 < lines.size() ? rest.find('\n') : rest.size();
        if (end == std::string_view::npos)
            return damaged;
        lines[i] = rest.substr(0, end);
        rest.remove_prefix(std::min(end + 1, rest.size()));
    }
    const auto json = parseJson(lines[0]);
    const qint64 kind = json ? integerAt(*json, "kind", -1) : -1;
    const qint64 auth = json ? integerAt(*json, "auth", -1) : -1;
    if (!json || integerAt(*json, "version", 0) != 1 || kind < 0 || kind > 2 || auth < 0 || auth > 2)
        return damaged;
    StoredSignIn read;
    read.client.kind = OAuthClient::Kind(kind);
    read.client.auth = OAuthClient::Auth(auth);
    read.client.issuer = bytesAt(*json, "issuer");
    read.client.id = bytesAt(*json, "client");
    read.client.secret = Secret(lines[1]);
    read.client.port = quint16(integerAt(*json, "port", 0));
    read.client.secretEnds = Milliseconds(integerAt(*json, "clientEnds", 0));
    read.resource = bytesAt(*json, "resource");
    read.tokenEndpoint = bytesAt(*json, "token");
    read.revocationEndpoint = bytesAt(*json, "revocation");
    read.scopes = scopesIn(stringAt(*json, "scopes", {}).toStdString());
    read.account = stringAt(*json, "account", {});
    read.expires = Milliseconds(integerAt(*json, "expires", 0));
    read.renewAt = Milliseconds(integerAt(*json, "renewAt", 0));
    read.access = Secret(lines[2]);
    read.refresh = Secret(lines[3]);
    return read;
}

} // namespace mcpcore
