// SPDX-FileCopyrightText: 2026 The Countersign authors
// SPDX-License-Identifier: GPL-3.0-or-later
#include "store/ConnectionCheck.h"
#include "store/SecretLooks.h"
#include <QRegularExpression>
#include <QSet>
#include <QUrl>
#include <QUrlQuery>
#include <algorithm>

namespace mcpcore {

namespace {

tl::unexpected<Error> wrong(const QString &message)
{
    return failure(Error::Kind::InvalidArgument, message);
}

const QRegularExpression &tokenForm() // RFC 9110
{
    static const QRegularExpression form(QStringLiteral("\\A[!#$%&'*+.^_`|~0-9A-Za-z-]{1,64}\\z"));
    return form;
}

bool isLoopback(const QString &host)
{
    static const QRegularExpression address(QStringLiteral("\\A(localhost|127(\\.[0-9]{1,3}){3}|::1)\\z"));
    return address.match(host).hasMatch();
}

Result<> checkUrl(const QString &where, const QString &text)
{
    const QUrl url(text, QUrl::StrictMode);
    const QString scheme = url.scheme();
    if (!url.isValid() || url.host().isEmpty() || url.port(1) == 0 || (scheme != QLatin1String("https") && scheme != QLatin1String("http")))
        return wrong(QStringLiteral("%1 needs a URL such as https://host/mcp.").arg(where));
    if (scheme == QLatin1String("http") && !isLoopback(url.host()))
        return wrong(QStringLiteral("%1 needs a URL with https. Plain http is for this machine only.").arg(where));
    if (!url.userInfo().isEmpty())
        return wrong(QStringLiteral("%1 has a user name or password in its URL. Set the key with \"key set\" instead.").arg(where));
    if (url.hasFragment())
        return wrong(QStringLiteral("%1 has a # part in its URL. Leave it out.").arg(where));
    const auto items = QUrlQuery(url).queryItems(QUrl::FullyDecoded);
    const bool secretItem = std::any_of(items.begin(), items.end(), [](const auto &item) { return isSecretName(item.first); });
    if (secretItem || looksLikeKey(QUrl::fromPercentEncoding(text.toUtf8())))
        return wrong(QStringLiteral("%1 seems to hold a key in its URL. Set the key with \"key set\" instead.").arg(where));
    return {};
}

Result<> checkHeader(const QString &where, const QString &name, const QString &value)
{
    static const QSet<QString> ours{QStringLiteral("host"),
                                    QStringLiteral("content-length"),
                                    QStringLiteral("content-type"),
                                    QStringLiteral("content-encoding"),
                                    QStringLiteral("transfer-encoding"),
                                    QStringLiteral("connection"),
                                    QStringLiteral("keep-alive"),
                                    QStringLiteral("upgrade"),
                                    QStringLiteral("te"),
                                    QStringLiteral("trailer"),
                                    QStringLiteral("expect"),
                                    QStringLiteral("origin"),
                                    QStringLiteral("accept"),
                                    QStringLiteral("accept-encoding"),
                                    QStringLiteral("last-event-id")};
    if (!tokenForm().match(name).hasMatch())
        return wrong(QStringLiteral("%1 has a header whose name is not one: \"%2\".").arg(where, name));
    if (ours.contains(name.toLower()) || name.startsWith(QLatin1String("mcp-"), Qt::CaseInsensitive)
        || name.startsWith(QLatin1String("proxy-"), Qt::CaseInsensitive))
        return wrong(QStringLiteral("%1 sets the header %2, which Countersign sets itself.").arg(where, name));
    static const QRegularExpression valueForm(QStringLiteral("\\A[\\x21-\\x7e]([\\x20-\\x7e\\t]{0,4094}[\\x21-\\x7e])?\\z"));
    if (!valueForm.match(value).hasMatch())
        return wrong(QStringLiteral("%1 has a header %2 whose value is not plain text on one line.").arg(where, name));
    if (isSecretName(name) || looksLikeKey(value))
        return wrong(QStringLiteral("%1 seems to hold a key in the header %2. Use auth header:%2 and set the key with \"key set\".")
                         .arg(where, name));
    return {};
}

Result<> checkTarget(const QString &where, const Connection &connection, const HttpTarget &http)
{
    for (const EnvironmentId &environment : connection.environments)
        if (const auto url = checkUrl(where + QStringLiteral(" in ") + environment.text, http.urls.value(environment)); !url)
            return url;
    for (auto it = http.urls.begin(); it != http.urls.end(); ++it)
        if (!connection.environments.contains(it.key()))
            return wrong(QStringLiteral("%1 has a URL for %2, which is not among its environments.").arg(where, it.key().text));
    QSet<QString> names;
    if (http.auth.kind == HttpAuth::Kind::Header) {
        if (!tokenForm().match(http.auth.header).hasMatch() || http.auth.header.startsWith(QLatin1String("mcp-"), Qt::CaseInsensitive)
            || http.auth.header.compare(QLatin1String("host"), Qt::CaseInsensitive) == 0)
            return wrong(QStringLiteral("%1 cannot send its key in a header called \"%2\".").arg(where, http.auth.header));
        names.insert(http.auth.header.toLower());
    } else if (!http.auth.header.isEmpty()) {
        return wrong(QStringLiteral("%1 names a header for its key but does not use one.").arg(where));
    }
    if (http.auth.kind != HttpAuth::Kind::OAuth && !(http.auth.clientId.isEmpty() && http.auth.clientDocument.isEmpty()))
        return wrong(QStringLiteral("%1 has a client id for a sign-in, but no sign-in.").arg(where));
    if (const QString id = http.auth.clientId;
        id.size() > 512 || std::any_of(id.begin(), id.end(), [](QChar c) { return c.unicode() < 0x21 || c.unicode() > 0x7e; }))
        return wrong(QStringLiteral("%1 has a client id that is not plain text without spaces.").arg(where));
    if (const QUrl document(http.auth.clientDocument, QUrl::StrictMode);
        !http.auth.clientDocument.isEmpty()
        && (!document.isValid() || document.scheme() != QLatin1String("https") || document.host().isEmpty() || document.path().size() < 2
            || document.hasFragment() || !document.userInfo().isEmpty()))
        return wrong(QStringLiteral("%1 names its client document with something that is not an https address with a path.").arg(where));
    for (const auto &[name, value] : http.headers) {
        if (const auto header = checkHeader(where, name, value); !header)
            return header;
        if (names.contains(name.toLower()))
            return wrong(QStringLiteral("%1 sets the header %2 twice.").arg(where, name));
        names.insert(name.toLower());
    }
    return {};
}

Result<> checkTarget(const QString &where, const StdioTarget &stdio)
{
    if (stdio.program.isEmpty() || stdio.program.contains(QChar(0)))
        return wrong(QStringLiteral("%1 needs a program.").arg(where));
    for (const QString &argument : stdio.arguments)
        if (argument.contains(QChar(0)))
            return wrong(QStringLiteral("%1 has an argument with a zero byte.").arg(where));
    if (const QString option = secretArgument(stdio.arguments); !option.isEmpty())
        return wrong(QStringLiteral("%1 seems to hold a key in its argument %2, which every program here can read. "
                                    "Use --secret-env NAME and set the key with \"key set\".")
                         .arg(where, option));
    static const QRegularExpression variable(QStringLiteral("\\A[A-Za-z_][A-Za-z0-9_]{0,127}\\z"));
    if (!stdio.secretVariable.isEmpty() && !variable.match(stdio.secretVariable).hasMatch())
        return wrong(QStringLiteral("%1 cannot pass its key in a variable called \"%2\".").arg(where, stdio.secretVariable));
    return {};
}

} // namespace

Result<> checkConnection(const Workspace &workspace, const Connection &connection)
{
    const QString where = QStringLiteral("The connection %1").arg(connection.id.text);
    QSet<EnvironmentId> seen;
    for (const EnvironmentId &environment : connection.environments) {
        if (!find(workspace, environment))
            return wrong(QStringLiteral("%1 names the environment %2, which does not exist.").arg(where, environment.text));
        if (seen.contains(environment))
            return wrong(QStringLiteral("%1 names the environment %2 twice.").arg(where, environment.text));
        seen.insert(environment);
    }
    if (seen.isEmpty())
        return wrong(QStringLiteral("%1 is in no environment.").arg(where));
    if (const auto *http = std::get_if<HttpTarget>(&connection.target))
        return checkTarget(where, connection, *http);
    return checkTarget(where, std::get<StdioTarget>(connection.target));
}

} // namespace mcpcore
