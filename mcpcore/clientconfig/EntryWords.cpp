// SPDX-FileCopyrightText: 2026 The Countersign authors
// SPDX-License-Identifier: GPL-3.0-or-later
#include "clientconfig/EntryWords.h"
#include <QUrl>
#include <algorithm>

namespace mcpcore {

namespace {

// Every word of every text in it, and the names of its members.
void collectWords(const ConfigValue &value, QByteArrayList &words)
{
    if (value.kind == ConfigValue::Kind::Text)
        words += value.text.split(' ');
    for (const ConfigValue &item : value.items)
        collectWords(item, words);
    for (const auto &[name, member] : value.members) {
        words.append(name);
        collectWords(member, words);
    }
}

bool isHostOf(const QByteArray &word, const Pack &pack)
{
    if (!word.contains("://"))
        return false;
    const QString host = QUrl(QString::fromUtf8(word)).host();
    return !host.isEmpty() && std::any_of(pack.hosted.begin(), pack.hosted.end(), [&](const HostedEndpoint &hosted) {
        return QUrl(hosted.url).host().compare(host, Qt::CaseInsensitive) == 0;
    });
}

// "@stripe/mcp", "@stripe/mcp@latest".
bool isPackageOf(const QByteArray &word, const LocalBridge &local)
{
    for (const QString &argument : local.arguments) {
        const QByteArray package = argument.chopped(std::min(argument.size(), local.version.size() + 1)).toUtf8();
        if (argument.endsWith(QLatin1Char('@') + local.version) && (word == package || word.startsWith(package + '@')))
            return true;
    }
    return false;
}

} // namespace

EntryWord wordOf(const QByteArray &member)
{
    static const QList<QPair<EntryWord, QByteArrayList>> words{
        {EntryWord::Environment, {"env", "envs", "environment"}},
        {EntryWord::Headers, {"headers", "http_headers", "httpHeaders"}},
        {EntryWord::Elsewhere, {"env_keys", "env_vars", "env_http_headers", "bearer_token_env_var"}},
        {EntryWord::Arguments, {"args", "arguments"}},
        {EntryWord::Program, {"command", "cmd"}},
        {EntryWord::Folder, {"cwd", "workingDirectory"}},
        {EntryWord::Address, {"url", "uri", "httpUrl", "serverUrl"}},
        {EntryWord::Switch, {"enabled", "disabled"}},
    };
    for (const auto &[word, names] : words)
        if (names.contains(member))
            return word;
    return EntryWord::None;
}

QString vendorOf(const ConfigValue &entry, const QList<Pack> &packs)
{
    QByteArrayList words;
    collectWords(entry, words);
    const auto any = [&](const auto &isMark) { return std::any_of(words.begin(), words.end(), isMark); };
    for (const Pack &pack : packs) {
        if (any([&](const QByteArray &word) { return isHostOf(word, pack); }))
            return pack.id;
        for (const LocalBridge &local : pack.local)
            if (any([&](const QByteArray &word) { return isPackageOf(word, local); }))
                return pack.id;
    }
    for (const Pack &pack : packs)
        for (const LocalBridge &local : pack.local)
            if (any([&](const QByteArray &word) { return !word.isEmpty() && word == local.secretVariable.toUtf8(); }))
                return pack.id;
    return {};
}

} // namespace mcpcore
