// SPDX-FileCopyrightText: 2026 The Countersign authors
// SPDX-License-Identifier: GPL-3.0-or-later
#include "clientconfig/KeyLook.h"
#include "control/ImportOffer.h"
#include <QRegularExpression>

// The server of an entry without the key in it: what it is started with, or where it is.

namespace mcpcore {

namespace {

using Transport = FoundServer::Transport;
using Where = KeyPlace::Where;

tl::unexpected<Error> refused(const QString &why)
{
    return failure(Error::Kind::InvalidArgument, why);
}

bool isReferenceIn(const QString &value)
{
    const QByteArray bytes = value.toUtf8();
    return isReference(withoutScheme({bytes.constData(), size_t(bytes.size())}));
}

// Not what only the client could fill in, nor what was a secret.
bool isWhole(const QString &text)
{
    return !text.isEmpty() && !text.contains(kHidden) && !isReferenceIn(text);
}

bool areWhole(const QStringList &words)
{
    return std::all_of(words.begin(), words.end(), [](const QString &word) { return word.isEmpty() || isWhole(word); });
}

// Whether a variable may hold a secret that nobody recognised: its name says so, or a password is in an address.
bool mayBeSecret(const QString &name, const QString &value)
{
    static const QRegularExpression names(QStringLiteral("(PWD|PASS|PASSWORD|TOKEN|KEY|SECRET|AUTH|CREDENTIALS?|DSN)$"),
                                          QRegularExpression::CaseInsensitiveOption);
    static const QRegularExpression user(QStringLiteral("://[^/@]+@"));
    return names.match(name).hasMatch() || user.match(value).hasMatch();
}

bool isAuthorization(const QString &header)
{
    return header.compare(QLatin1String("Authorization"), Qt::CaseInsensitive) == 0;
}

// "bearer" or "header:NAME".
Result<QString> authOf(const KeyPlace &key)
{
    if (isAuthorization(key.name) && key.scheme.compare(QLatin1String("Bearer"), Qt::CaseInsensitive) == 0)
        return QStringLiteral("bearer");
    if (!key.scheme.isEmpty())
        return refused(
            QStringLiteral("It sends its key with the word \"%1\" before it, which Countersign does not. Leave the entry as it is.")
                .arg(key.scheme.left(20)));
    return QStringLiteral("header:") + key.name;
}

QString signInOf(const Pack *pack)
{
    if (pack)
        for (const HostedEndpoint &hosted : pack->hosted)
            for (const PackAuth &auth : hosted.auth)
                if (auth.kind == HttpAuth::Kind::OAuth)
                    return QStringLiteral("oauth");
    return {};
}

const KeyPlace *keyAt(const FoundServer &server, Where where)
{
    const auto place = std::find_if(server.keys.begin(), server.keys.end(), [where](const KeyPlace &one) { return one.where == where; });
    return place == server.keys.end() ? nullptr : &*place;
}

Result<> checkPlaces(const FoundServer &server, std::initializer_list<Where> good)
{
    for (const KeyPlace &place : server.keys) {
        if (!place.isWhole && place.where != Where::Address)
            return refused(QStringLiteral("Its key is a part of a longer text (%1), which Countersign cannot put together. Add it by hand.")
                               .arg(place.name.isEmpty() ? QStringLiteral("without a name") : place.name));
        if (std::find(good.begin(), good.end(), place.where) != good.end())
            continue;
        if (place.where == Where::Address)
            return refused(QStringLiteral("Its key is a part of the address, where logs and others see it, and Countersign sends keys in "
                                          "headers only. Look whether the server takes one, and add it by hand."));
        return refused(QStringLiteral("Its key stands in \"%1\", from where Countersign cannot give it to the server. Add it by hand.")
                           .arg(place.name));
    }
    return {};
}

// What the client takes from somewhere else cannot be taken over: at most one, and then it is the key.
Result<> checkElsewhere(const FoundServer &server)
{
    if (server.elsewhere.size() > 1 || (!server.elsewhere.isEmpty() && !server.keys.isEmpty()))
        return refused(QStringLiteral("The client takes %1 from elsewhere, and a connection carries one key. Add it by hand.")
                           .arg(server.elsewhere.join(QStringLiteral(", "))));
    return {};
}

Result<ImportTarget> addressOf(const FoundServer &server, const Pack *pack)
{
    if (!isWhole(server.url))
        return refused(QStringLiteral("Its address is not whole in this file. Add it by hand."));
    if (const auto good = checkPlaces(server, {Where::Header}); !good)
        return failure(good.error());
    ImportTarget target;
    target.url = server.url;
    for (const auto &[name, value] : server.headers) {
        if (!isReferenceIn(value))
            target.headers.append({name, value});
        else if (isAuthorization(name) && value.startsWith(QLatin1String("Bearer "), Qt::CaseInsensitive))
            target.auth = QStringLiteral("bearer");
        else
            target.auth = QStringLiteral("header:") + name;
    }
    if (const KeyPlace *key = keyAt(server, Where::Header)) {
        const auto auth = authOf(*key);
        if (!auth)
            return failure(auth.error());
        target.auth = *auth;
    } else if (target.auth.isEmpty()) {
        target.auth = server.elsewhere.isEmpty() ? signInOf(pack) : QStringLiteral("bearer");
        if (target.auth.isEmpty() && target.url.startsWith(QLatin1String("https:")))
            target.notes.append(
                QStringLiteral("It has no key here. If it asks for a sign-in, add it by hand with --auth oauth instead of this."));
    }
    return target;
}

// A program that only passes an address on: "npx mcp-remote https://... --header ...".
bool isRelay(const FoundServer &server)
{
    return std::any_of(server.arguments.begin(), server.arguments.end(), [](const QString &word) {
        return word == QLatin1String("mcp-remote") || word.startsWith(QLatin1String("mcp-remote@"));
    });
}

Result<ImportTarget> relayedBy(const FoundServer &server, const Pack *pack)
{
    ImportTarget target;
    QString option;
    for (const QString &word : server.arguments) {
        const bool isHeader = option == QLatin1String("--header");
        const qsizetype colon = word.indexOf(QLatin1Char(':'));
        if (isHeader && isWhole(word) && colon > 0)
            target.headers.append({word.left(colon), word.mid(colon + 1).trimmed()});
        else if (!isHeader && target.url.isEmpty() && word.contains(QStringLiteral("://")) && isWhole(word))
            target.url = word;
        else if (word.startsWith(QLatin1Char('-'))
                 && !QStringList({QStringLiteral("-y"), QStringLiteral("--yes"), QStringLiteral("--header")}).contains(word))
            return refused(
                QStringLiteral("It passes on with %1, which Countersign does not know. Add its address by hand.").arg(word.left(40)));
        option = word;
    }
    if (target.url.isEmpty() || !server.elsewhere.isEmpty())
        return refused(QStringLiteral("What it passes on is not whole in this file. Add its address by hand."));
    if (const auto good = checkPlaces(server, {Where::Argument}); !good)
        return failure(good.error());
    const KeyPlace *key = keyAt(server, Where::Argument);
    const auto auth = key ? authOf(*key) : Result<QString>(signInOf(pack));
    if (!auth)
        return failure(auth.error());
    target.auth = *auth;
    target.notes.append(QStringLiteral("Countersign goes to the address itself, without the program between."));
    return target;
}

// Without the words of the key: "--api-key=X", or "--api-key" and "X".
QStringList withoutKey(QStringList words, const KeyPlace &key)
{
    for (qsizetype i = words.size() - 1; i >= 0; --i) {
        if (!words[i].contains(kHidden))
            continue;
        const bool isAlone = words[i] == kHidden;
        words.removeAt(i);
        if (isAlone && i > 0 && words[i - 1].startsWith(QLatin1Char('-')) && words[i - 1].endsWith(key.name))
            words.removeAt(i - 1);
    }
    return words;
}

// The folder whose own entry it is in a file of all projects; empty: it is of none.
QString projectOf(const FoundServer &server)
{
    return server.place.path.size() > 1 && server.place.path.first() == QLatin1String("projects") ? server.place.path[1] : QString();
}

// What a program is started with besides its key: by env(1), since a connection has no variables of its own.
QStringList environmentWords(const FoundServer &server)
{
    QStringList words;
    if (const QString folder = server.folder.isEmpty() ? projectOf(server) : server.folder; !folder.isEmpty())
        words.append(QStringLiteral("--chdir=") + folder);
    for (const auto &[name, value] : server.environment)
        if (!isReferenceIn(value))
            words.append(name + QLatin1Char('=') + value);
    return words.isEmpty() ? words : QStringList{QStringLiteral("env")} + words;
}

Result<ImportTarget> programOf(const FoundServer &server, const Pack *pack)
{
    if (server.program.isEmpty())
        return refused(QStringLiteral("It names neither a program nor an address. Add it by hand."));
    if (const auto good = checkPlaces(server, {Where::Argument, Where::Environment}); !good)
        return failure(good.error());
    const bool isRelative = server.program.startsWith(QLatin1Char('.'))
                            || std::any_of(server.arguments.begin(), server.arguments.end(), [](const QString &word) {
                                   return word.startsWith(QLatin1String("./")) || word.startsWith(QLatin1String("../"));
                               });
    if (isRelative && server.folder.isEmpty() && projectOf(server).isEmpty())
        return refused(QStringLiteral("It starts in a folder that only the client knows. Write whole paths into the file first."));
    for (const auto &[name, value] : server.environment)
        if (!isReferenceIn(value) && mayBeSecret(name, value))
            return refused(
                QStringLiteral("Its variable %1 may be a secret, and would stand in a command line, where every program could read "
                               "it. Add it by hand, with this as its key.")
                    .arg(name));
    ImportTarget target;
    QStringList words = server.arguments;
    if (const KeyPlace *key = keyAt(server, Where::Argument)) {
        // What stands in a command line is read by every program of this computer.
        if (!pack || pack->local.isEmpty())
            return refused(QStringLiteral("Its key (%1) is a word of its command line, and Countersign gives keys to programs in variables "
                                          "only. Look which one it takes, and add it by hand.")
                               .arg(key->name.isEmpty() ? QStringLiteral("without a name") : key->name));
        target.secretVariable = pack->local[0].secretVariable;
        target.notes.append(
            QStringLiteral("The program gets its key in %1 and no longer in its command line, where every program could read it.")
                .arg(target.secretVariable));
        words = withoutKey(words, *key);
    } else if (const KeyPlace *variable = keyAt(server, Where::Environment)) {
        target.secretVariable = variable->name;
    } else if (!server.elsewhere.isEmpty()) {
        target.secretVariable = server.elsewhere.first();
    }
    target.command = environmentWords(server) + QStringList{server.program} + words;
    if (!areWhole(target.command))
        return refused(QStringLiteral("Its command line is not whole in this file. Add it by hand."));
    return target;
}

} // namespace

Result<ImportTarget> importTargetOf(const FoundServer &server, const Pack *pack)
{
    static const QStringList unknown{QStringLiteral("envFile"), QStringLiteral("headersHelper"), QStringLiteral("oauth"),
                                     QStringLiteral("authProviderType")};
    static const QStringList filters{QStringLiteral("includeTools"),   QStringLiteral("excludeTools"),  QStringLiteral("enabled_tools"),
                                     QStringLiteral("disabled_tools"), QStringLiteral("disabledTools"), QStringLiteral("tools"),
                                     QStringLiteral("available_tools")};
    if (server.type == QLatin1String("sse") || server.type == QLatin1String("ws"))
        return refused(
            QStringLiteral("It speaks %1, an older transport that Countersign does not. Look whether the server has another address.")
                .arg(server.type));
    for (const QString &member : server.members)
        if (unknown.contains(member))
            return refused(QStringLiteral("It uses %1, which only the client knows. Add it by hand.").arg(member));
    auto target = isRelay(server)                       ? relayedBy(server, pack)
                  : server.transport == Transport::Http ? addressOf(server, pack)
                                                        : programOf(server, pack);
    if (!target)
        return target;
    if (const auto good = checkElsewhere(server); !good)
        return failure(good.error());
    if (!server.elsewhere.isEmpty())
        target->notes.append(QStringLiteral("Its key (%1) is not in this file: set it for the connection.").arg(server.elsewhere.first()));
    for (const QString &member : server.members)
        if (filters.contains(member))
            target->notes.append(
                QStringLiteral("In the file %1 limits its tools. Behind Countersign you choose which ones you trust.").arg(member));
    if (const QString project = projectOf(server); !project.isEmpty())
        target->notes.append(QStringLiteral("It was there in %1 only, and is for all projects of the client then.").arg(project));
    return target;
}

} // namespace mcpcore
