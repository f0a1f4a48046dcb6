// SPDX-FileCopyrightText: 2026 The Countersign authors
// SPDX-License-Identifier: GPL-3.0-or-later
#include "clientconfig/KeyLook.h"
#include "control/ImportOffer.h"

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

// What only the client could fill in, or what was a secret.
bool isWhole(const QString &text)
{
    return !text.isEmpty() && !text.contains(kHidden) && !text.contains(QStringLiteral("${"));
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
    for (const QString &word : server.arguments)
        if (target.url.isEmpty() && word.contains(QStringLiteral("://")) && isWhole(word) && !word.contains(QLatin1Char(' ')))
            target.url = word;
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

// What a program is started with besides its key: by env(1), since a connection has no variables of its own.
QStringList environmentWords(const FoundServer &server)
{
    QStringList words;
    if (!server.folder.isEmpty())
        words.append(QStringLiteral("--chdir=") + server.folder);
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
    if (!isWhole(target.text()))
        return refused(QStringLiteral("Its command line is not whole in this file. Add it by hand."));
    return target;
}

} // namespace

Result<ImportTarget> importTargetOf(const FoundServer &server, const Pack *pack)
{
    if (isRelay(server))
        return relayedBy(server, pack);
    auto target = server.transport == Transport::Http ? addressOf(server, pack) : programOf(server, pack);
    if (!target)
        return target;
    if (const auto good = checkElsewhere(server); !good)
        return failure(good.error());
    if (!server.elsewhere.isEmpty())
        target->notes.append(QStringLiteral("Its key (%1) is not in this file: set it for the connection.").arg(server.elsewhere.first()));
    return target;
}

} // namespace mcpcore
