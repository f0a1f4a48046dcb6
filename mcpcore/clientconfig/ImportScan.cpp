// SPDX-FileCopyrightText: 2026 The Countersign authors
// SPDX-License-Identifier: GPL-3.0-or-later
#include "clientconfig/ImportScan.h"
#include "clientconfig/EntryCheck.h"
#include "clientconfig/EntryWords.h"
#include "clientconfig/KeyLook.h"
#include <QUrl>
#include <algorithm>

namespace mcpcore {

namespace {

using Kind = ConfigValue::Kind;
using Where = KeyPlace::Where;

constexpr size_t kShortestToShowOf = 20;

std::string_view viewOf(const QByteArray &bytes)
{
    return {bytes.constData(), size_t(bytes.size())};
}

QByteArray bytesOf(std::string_view view)
{
    return {view.data(), qsizetype(view.size())};
}

QString textOf(std::string_view view)
{
    return QString::fromUtf8(view.data(), qsizetype(view.size()));
}

// One entry, read member by member.
class EntryReading
{
public:
    EntryReading(FoundServer &server, std::vector<FoundKey> &keys, const QList<Pack> &packs)
        : m_server(server), m_keys(keys), m_packs(packs)
    {}

    void read(const ConfigValue &entry)
    {
        for (const auto &[name, value] : entry.members) {
            if (name == "type" || name == "transport")
                m_server.type = QString::fromUtf8(value.text);
            else if (wordOf(name) == EntryWord::None)
                m_server.members.append(QString::fromUtf8(name));
            member(name, value, Where::Other);
        }
        if (m_server.transport == FoundServer::Transport::Unknown && !m_server.program.isEmpty())
            m_server.transport = FoundServer::Transport::Stdio;
    }

private:
    void member(const QByteArray &name, const ConfigValue &value, Where where)
    {
        switch (where == Where::Other ? wordOf(name) : EntryWord::None) {
        case EntryWord::Environment: return pairs(value, Where::Environment, m_server.environment);
        case EntryWord::Headers: return pairs(value, Where::Header, m_server.headers);
        case EntryWord::Elsewhere: return names(value);
        case EntryWord::Arguments: m_server.arguments += arguments(value.items); return;
        case EntryWord::Program: return program(value);
        case EntryWord::Folder: m_server.folder = QString::fromUtf8(value.text); return;
        case EntryWord::Address:
            if (value.kind == Kind::Text)
                address(value.text);
            return;
        case EntryWord::Switch: m_server.isOn = m_server.isOn && value.text == (name == "enabled" ? "true" : "false"); return;
        case EntryWord::None: break;
        }
        if (value.kind == Kind::Text)
            text(where, name, value.text);
        for (const auto &[inner, one] : value.members)
            member(inner, one, where);
        arguments(value.items);
    }
    void pairs(const ConfigValue &map, Where where, QList<QPair<QString, QString>> &open)
    {
        for (const auto &[name, value] : map.members)
            if (value.kind != Kind::Text && value.kind != Kind::Number)
                member(name, value, where);
            else if (!text(where, name, value.text))
                open.append({QString::fromUtf8(name), QString::fromUtf8(value.text)});
        arguments(map.items);
    }
    // A key that stands where the name of a variable belongs is one all the same.
    void names(const ConfigValue &value)
    {
        if (value.kind == Kind::Text && !value.text.isEmpty() && !text(Where::Other, {}, value.text))
            m_server.elsewhere.append(QString::fromUtf8(value.text));
        for (const ConfigValue &item : value.items)
            names(item);
        for (const auto &[header, variable] : value.members)
            m_server.elsewhere.append(QString::fromUtf8(header));
    }
    // A command, a list that begins with it, or a map around it.
    void program(const ConfigValue &value)
    {
        for (const auto &[name, one] : value.members)
            name == "path" ? program(one) : member(name, one, Where::Other);
        const QStringList words = value.kind == Kind::Text ? arguments({value}) : arguments(value.items);
        if (words.isEmpty())
            return;
        m_server.program = words.first();
        m_server.arguments = words.mid(1) + m_server.arguments;
    }
    // As they may be shown.
    QStringList arguments(const std::vector<ConfigValue> &items)
    {
        QStringList shown;
        QByteArray option; // which the next word belongs to
        for (const ConfigValue &item : items) {
            for (const auto &[name, value] : item.members)
                member(name, value, Where::Other);
            if (item.kind != Kind::Text && item.kind != Kind::Number)
                continue;
            shown.append(argument(option, item.text));
            option = item.text.startsWith('-') && !item.text.contains('=') ? item.text : QByteArray();
        }
        return shown;
    }
    QString argument(const QByteArray &option, const QByteArray &word)
    {
        const qsizetype mark = nameEnd(word);
        const QByteArray name = mark > 0 ? word.left(mark) : QByteArray();
        const std::string_view all = viewOf(word);
        std::string_view value = mark > 0 ? all.substr(size_t(mark) + 1) : all;
        if (mark > 0 && word[mark] == '=') // of a line for a shell
            value = value.substr(0, value.find(' '));
        const QByteArray owner = name.isEmpty() ? option : name;
        const bool isCut = value.data() + value.size() != all.data() + all.size();
        QList<std::string_view> found;
        if (namesSecret(viewOf(owner)) || isBearer(value)) {
            found = take(Where::Argument, owner, value);
            if (!found.isEmpty() && isCut)
                m_server.keys.last().isWhole = false;
            if (isReference(withoutScheme(value)))
                m_server.elsewhere.append(bareName(owner));
        }
        if (found.isEmpty() && word.contains("://"))
            found = parameters(value, Where::Argument);
        if (found.isEmpty())
            for (const std::string_view key : keysIn(all, m_packs))
                found.append(keep(Where::Argument, owner, key, {}, key.size() == all.size()));
        return QString::fromUtf8(dotted(all, found));
    }
    // Where NAME=VALUE or "Name: VALUE" is divided; -1 where the word is no such pair.
    static qsizetype nameEnd(const QByteArray &word)
    {
        for (qsizetype i = 0; i < word.size(); ++i) {
            const bool isName = (uchar(word[i]) | 0x20) >= 'a' && (uchar(word[i]) | 0x20) <= 'z';
            if (!isName && !(word[i] >= '0' && word[i] <= '9') && word[i] != '-' && word[i] != '_' && word[i] != '.')
                return i > 0 && (word[i] == '=' || word[i] == ':') && !word.mid(i).startsWith("://") ? i : -1;
        }
        return -1;
    }
    void address(const QByteArray &text)
    {
        m_server.transport = FoundServer::Transport::Http;
        const auto found = parameters(viewOf(text), Where::Address);
        QUrl url(QString::fromUtf8(dotted(viewOf(text), found)), QUrl::StrictMode);
        if (!url.isValid() || url.host().isEmpty()) {
            m_server.url = QString::fromUtf8(dotted(viewOf(text), found));
            return;
        }
        const bool hasUser = !url.userInfo().isEmpty();
        url.setUserInfo(QString());
        if (!found.isEmpty())
            url.setQuery(QString());
        m_server.url = url.toString();
        if (hasUser)
            m_server.url.replace(QStringLiteral("://"), QStringLiteral("://") + kHidden + QLatin1Char('@'));
    }
    // Of an address: what is in it for a secret, and the password.
    QList<std::string_view> parameters(std::string_view text, Where where)
    {
        QList<std::string_view> found;
        const qsizetype first = m_server.keys.size();
        const size_t host = text.find("://");
        const size_t path = text.find_first_of("/?#", host == std::string_view::npos ? 0 : host + 3);
        const std::string_view authority = host == std::string_view::npos ? std::string_view() : text.substr(host + 3, path - host - 3);
        if (const size_t at = authority.rfind('@'), colon = authority.find(':'); at != std::string_view::npos && colon < at)
            found += take(where, "password", authority.substr(colon + 1, at - colon - 1));
        const size_t query = text.find('?');
        for (size_t start = query; start != std::string_view::npos && start + 1 < text.size();) {
            const size_t end = text.find_first_of("&#", start + 1);
            const std::string_view pair = text.substr(start + 1, end == std::string_view::npos ? end : end - start - 1);
            const size_t equals = pair.find('=');
            if (equals != std::string_view::npos && namesSecret(pair.substr(0, equals)))
                found += take(where, bytesOf(pair.substr(0, equals)), pair.substr(equals + 1));
            start = end != std::string_view::npos && text[end] == '&' ? end : std::string_view::npos;
        }
        if (found.isEmpty())
            for (const std::string_view key : keysIn(text, m_packs))
                found.append(keep(where, {}, key, {}, false));
        for (qsizetype i = first; i < m_server.keys.size(); ++i)
            m_server.keys[i].isWhole = false;
        return found;
    }
    // Whether there is a secret in it.
    bool text(Where where, const QByteArray &name, const QByteArray &value)
    {
        const std::string_view all = viewOf(value);
        const bool isNamed = namesSecret(viewOf(name)) || (where != Where::Other && isBearer(all));
        if (isReference(withoutScheme(all)) && (isNamed || where != Where::Other))
            m_server.elsewhere.append(QString::fromUtf8(name));
        if (isNamed && !take(where, name, all).isEmpty())
            return true;
        if (value.contains("://") && !parameters(all, where).isEmpty())
            return true;
        const auto found = keysIn(all, m_packs);
        for (const std::string_view key : found)
            keep(where, name, key, {}, key.size() == all.size());
        return !found.empty();
    }
    QList<std::string_view> take(Where where, const QByteArray &name, std::string_view value)
    {
        const std::string_view secret = withoutScheme(value);
        if (!looksSecret(secret))
            return {};
        const std::string_view scheme = value.substr(0, size_t(secret.data() - value.data()));
        return {keep(where, name, secret, textOf(scheme).trimmed(), true)};
    }
    std::string_view keep(Where where, const QByteArray &name, std::string_view secret, const QString &scheme, bool isWhole)
    {
        Secret taken(secret);
        const auto known =
            std::find_if(m_keys.begin(), m_keys.end(), [&](const FoundKey &key) { return equalInConstantTime(key.secret, taken); });
        const qsizetype index = known - m_keys.begin();
        if (known == m_keys.end()) {
            const KeyLook look = lookOf(secret, m_packs, m_server.vendor);
            const bool isLong = secret.size() >= kShortestToShowOf;
            m_keys.push_back({std::move(taken), look.vendor, look.kind, look.prefix,
                              isLong ? textOf(secret.substr(secret.size() - 4)) : QString(), look.refused, look.environments});
        }
        m_server.keys.append({where, bareName(name), index, scheme, isWhole});
        return secret;
    }
    static QString bareName(QByteArray name)
    {
        while (name.startsWith('-'))
            name.remove(0, 1);
        return QString::fromUtf8(name);
    }
    static QByteArray dotted(std::string_view text, const QList<std::string_view> &secrets)
    {
        QByteArray shown;
        const char *at = text.data();
        for (const std::string_view secret : secrets) {
            shown.append(at, secret.data() - at).append(kHidden.toUtf8());
            at = secret.data() + secret.size();
        }
        return shown.append(at, text.data() + text.size() - at);
    }

    FoundServer &m_server;
    std::vector<FoundKey> &m_keys;
    const QList<Pack> &m_packs;
};

// Where entries stand: what the client's shapes say, and the same in each project of the file.
QList<EntryPlace> holdersOf(const ConfigValue &document, const ClientKind &kind)
{
    QList<EntryPlace> holders;
    const ConfigValue *projects = document.member("projects");
    for (const EntryShape &shape : kind.shapes) {
        holders.append({shape.path, {}, shape.holder});
        for (const auto &[folder, project] : projects ? projects->members : decltype(projects->members)())
            holders.append({QStringList{QStringLiteral("projects"), QString::fromUtf8(folder)} + shape.path, {}, shape.holder});
    }
    return holders;
}

bool looksLikeEntry(const ConfigValue &value)
{
    return std::any_of(value.members.begin(), value.members.end(), [](const auto &member) {
        const EntryWord word = wordOf(member.first);
        return word == EntryWord::Program || word == EntryWord::Address;
    });
}

} // namespace

ConfigResult<ImportScan> scanForImport(const QByteArray &file, const ClientKind &kind, const QList<Pack> &packs, const EntryValues &ours)
{
    const auto document = meaningOf(file, kind.dialect);
    if (!document)
        return tl::unexpected(document.error());
    ImportScan scan;
    for (const EntryPlace &holder : holdersOf(*document, kind))
        for (const auto &[name, entry] : entriesOf(*document, holder)) {
            if (!looksLikeEntry(*entry) || leadsToUs(*entry, ours))
                continue;
            FoundServer server;
            server.place = {holder.path, name, holder.holder};
            server.vendor = vendorOf(*entry, packs);
            EntryReading(server, scan.keys, packs).read(*entry);
            scan.servers.append(server);
        }
    return scan;
}

int plainKeys(const QByteArray &file, const ClientKind &kind, const QList<Pack> &packs, const EntryValues &ours)
{
    const auto scan = scanForImport(file, kind, packs, ours);
    return scan ? int(scan->keys.size()) : 0;
}

} // namespace mcpcore
