// SPDX-FileCopyrightText: 2026 The Countersign authors
// SPDX-License-Identifier: GPL-3.0-or-later
#include "control/ImportOffer.h"
#include "base/Json.h"
#include "clientconfig/KeyLook.h"
#include "control/FreshId.h"
#include "packs/Packs.h"
#include <QFileInfo>
#include <QSet>

namespace mcpcore {

namespace {

using Transport = FoundServer::Transport;
using Where = KeyPlace::Where;

bool isReferenceIn(const QString &value)
{
    const QByteArray bytes = value.toUtf8();
    return isReference(withoutScheme({bytes.constData(), size_t(bytes.size())}));
}

bool isAuthorization(const QString &header)
{
    return header.compare(QLatin1String("Authorization"), Qt::CaseInsensitive) == 0;
}

QString pluralOf(qsizetype number, const char *one)
{
    return QStringLiteral("%1 %2s").arg(number).arg(QLatin1String(one));
}

// "bearer" or "header:NAME", or why not.
Result<QString> authOf(const QString &header, const QString &scheme)
{
    if (isAuthorization(header) && scheme.compare(QLatin1String("Bearer"), Qt::CaseInsensitive) == 0)
        return QStringLiteral("bearer");
    if (!scheme.isEmpty())
        return failure(
            Error::Kind::InvalidArgument,
            QStringLiteral("It sends its key with the word \"%1\" before it, which Countersign does not. Leave the entry as it is.")
                .arg(scheme.left(20)));
    return QStringLiteral("header:") + header;
}

// Makes one offer, part by part; the first trouble ends it.
class OfferMaking
{
public:
    OfferMaking(const FoundServer &server, const ImportScan &scan, const ImportKnowledge &known)
        : m_server(server), m_scan(scan), m_known(known), m_pack(find(known.packs, server.vendor))
    {
        m_offer.vendor = m_pack ? m_pack->id : QString();
    }

    ImportOffer make(const QList<ConnectionId> &taken)
    {
        if (!oneKey())
            return std::move(m_offer);
        const bool done = isRelay() ? relayed() : m_server.transport == Transport::Http ? address() : program();
        if (!done || !places())
            return std::move(m_offer);
        if (!m_server.isOn)
            say(QStringLiteral("The client has it switched off."));
        useWhatIsThere();
        if (!m_offer.isThere)
            m_offer.connection = {freshId(m_server.place.name, QStringLiteral("server-"), [&](const QString &id) {
                return find(m_known.workspace, ConnectionId{id}) || taken.contains(ConnectionId{id});
            })};
        return std::move(m_offer);
    }

private:
    bool refuse(const QString &why)
    {
        m_offer = {why};
        return false;
    }
    void say(const QString &sentence) { m_offer.note += (m_offer.note.isEmpty() ? QString() : QStringLiteral(" ")) + sentence; }

    // A connection carries one key.
    bool oneKey()
    {
        QSet<qsizetype> keys;
        for (const KeyPlace &place : m_server.keys)
            keys.insert(place.key);
        if (keys.size() > 1)
            return refuse(
                QStringLiteral("It holds %1, and a connection carries one. Leave it as it is, or add it by hand with one of them.")
                    .arg(pluralOf(keys.size(), "key")));
        if (keys.isEmpty())
            return true;
        m_offer.key = *keys.begin();
        const FoundKey &key = m_scan.keys[size_t(*m_offer.key)];
        if (!key.refused.isEmpty())
            return refuse(QStringLiteral("Its key is %1, which is of no use to tools. Take it out of the file by hand.").arg(key.refused));
        return true;
    }
    const KeyPlace *keyAt(Where where) const
    {
        const auto place =
            std::find_if(m_server.keys.begin(), m_server.keys.end(), [where](const KeyPlace &one) { return one.where == where; });
        return place == m_server.keys.end() ? nullptr : &*place;
    }
    bool isNowhereBut(Where where)
    {
        for (const KeyPlace &place : m_server.keys)
            if (place.where != where)
                return refuse(place.where == Where::Address
                                  ? QStringLiteral("Its key is a part of the address, where logs and others see it, and Countersign sends "
                                                   "keys in headers only. Look whether the server takes one, and add it by hand.")
                                  : QStringLiteral("Its key stands in \"%1\", from where Countersign cannot give it to the server. Add it "
                                                   "by hand.")
                                        .arg(place.name));
        return true;
    }
    bool address()
    {
        if (m_server.url.isEmpty() || m_server.url.contains(kHidden) || m_server.url.contains(QStringLiteral("${")))
            return refuse(QStringLiteral("Its address is not whole in this file. Add it by hand."));
        if (!isNowhereBut(Where::Header))
            return false;
        m_offer.url = m_server.url;
        for (const auto &[name, value] : m_server.headers) {
            if (!isReferenceIn(value)) {
                m_offer.headers.append({name, value});
                continue;
            }
            const bool isBearer = isAuthorization(name) && value.startsWith(QLatin1String("Bearer "), Qt::CaseInsensitive);
            m_offer.auth = isBearer ? QStringLiteral("bearer") : QStringLiteral("header:") + name;
        }
        if (const KeyPlace *key = keyAt(Where::Header)) {
            const auto auth = authOf(key->name, key->scheme);
            if (!auth)
                return refuse(auth.error().message);
            m_offer.auth = *auth;
        } else if (m_offer.auth.isEmpty() && !m_server.elsewhere.isEmpty()) {
            m_offer.auth = QStringLiteral("bearer");
        } else if (m_offer.auth.isEmpty() && m_pack) {
            m_offer.auth = signInOf(*m_pack);
        }
        return elsewhere();
    }
    static QString signInOf(const Pack &pack)
    {
        for (const HostedEndpoint &hosted : pack.hosted)
            for (const PackAuth &auth : hosted.auth)
                if (auth.kind == HttpAuth::Kind::OAuth)
                    return QStringLiteral("oauth");
        return {};
    }
    // A program that only passes an address on: "npx mcp-remote https://... --header ...".
    bool isRelay() const
    {
        return std::any_of(m_server.arguments.begin(), m_server.arguments.end(), [](const QString &word) {
            return word == QLatin1String("mcp-remote") || word.startsWith(QLatin1String("mcp-remote@"));
        });
    }
    bool relayed()
    {
        for (const QString &word : m_server.arguments)
            if (m_offer.url.isEmpty() && word.contains(QStringLiteral("://")) && !word.contains(kHidden)
                && !word.contains(QLatin1Char(' ')))
                m_offer.url = word;
        if (m_offer.url.isEmpty() || !m_server.elsewhere.isEmpty())
            return refuse(QStringLiteral("What it passes on is not whole in this file. Add its address by hand."));
        if (!isNowhereBut(Where::Argument))
            return false;
        say(QStringLiteral("Countersign goes to the address itself, without the program between."));
        if (const KeyPlace *key = keyAt(Where::Argument)) {
            const auto auth = authOf(key->name, key->scheme);
            if (!auth)
                return refuse(auth.error().message);
            m_offer.auth = *auth;
        } else if (m_pack) {
            m_offer.auth = signInOf(*m_pack);
        }
        return true;
    }
    bool program()
    {
        if (m_server.program.isEmpty())
            return refuse(QStringLiteral("It names neither a program nor an address. Add it by hand."));
        QStringList words = m_server.arguments;
        if (const KeyPlace *key = keyAt(Where::Argument)) {
            // What stands in a command line is read by every program of this computer.
            if (!m_pack || m_pack->local.isEmpty())
                return refuse(
                    QStringLiteral("Its key (%1) is a word of its command line, and Countersign gives keys to programs in variables "
                                   "only. Look which one it takes, and add it by hand.")
                        .arg(key->name.isEmpty() ? QStringLiteral("without a name") : key->name));
            m_offer.secretVariable = m_pack->local[0].secretVariable;
            say(QStringLiteral("The program gets its key in %1 and no longer in its command line, where every program could read it.")
                    .arg(m_offer.secretVariable));
            takeOut(words, *key);
        }
        for (const KeyPlace &place : m_server.keys) {
            if (place.where != Where::Argument && place.where != Where::Environment)
                return isNowhereBut(Where::Environment);
            if (place.where == Where::Environment && m_offer.secretVariable.isEmpty())
                m_offer.secretVariable = place.name;
        }
        if (words.join(QLatin1Char(' ')).contains(kHidden) || words.join(QLatin1Char(' ')).contains(QStringLiteral("${")))
            return refuse(QStringLiteral("Its command line is not whole in this file. Add it by hand."));
        m_offer.command = environmentWords() + QStringList{m_server.program} + words;
        return elsewhere();
    }
    static void takeOut(QStringList &words, const KeyPlace &key)
    {
        for (qsizetype i = words.size() - 1; i >= 0; --i) {
            if (!words[i].contains(kHidden))
                continue;
            const bool alone = words[i] == kHidden;
            words.removeAt(i);
            if (alone && i > 0 && words[i - 1].startsWith(QLatin1Char('-')) && words[i - 1].endsWith(key.name))
                words.removeAt(i - 1);
        }
    }
    // What the program is started with besides its key: by env(1), since a connection has no variables of its own.
    QStringList environmentWords() const
    {
        QStringList words;
        for (const auto &[name, value] : m_server.environment)
            if (!isReferenceIn(value))
                words.append(name + QLatin1Char('=') + value);
        if (!m_server.folder.isEmpty())
            words.prepend(QStringLiteral("--chdir=") + m_server.folder);
        if (!words.isEmpty())
            words.prepend(QStringLiteral("env"));
        return words;
    }
    // What the client takes from somewhere else cannot be taken over.
    bool elsewhere()
    {
        if (m_server.elsewhere.isEmpty())
            return true;
        if (m_server.elsewhere.size() > 1 || m_offer.key)
            return refuse(QStringLiteral("The client takes %1 from elsewhere, and a connection carries one key. Add it by hand.")
                              .arg(m_server.elsewhere.join(QStringLiteral(", "))));
        if (!m_offer.command.isEmpty())
            m_offer.secretVariable = m_server.elsewhere.first();
        say(QStringLiteral("Its key (%1) is not in this file: set it for the connection.").arg(m_server.elsewhere.first()));
        return true;
    }
    // Where it may be: as its key and its vendor say.
    bool places()
    {
        const QList<EnvironmentKind> kinds = m_offer.key ? m_scan.keys[size_t(*m_offer.key)].environments : QList<EnvironmentKind>();
        QString why;
        for (const Environment &place : m_known.workspace.environments) {
            if (!kinds.isEmpty() && !kinds.contains(place.kind))
                continue;
            if (const QString no = m_pack ? m_pack->impossibleIn(place.kind) : QString(); !no.isEmpty()) {
                why = no;
                continue;
            }
            m_offer.environments.append(place.id);
        }
        if (m_offer.environments.isEmpty())
            return refuse(why.isEmpty() ? QStringLiteral("There is no environment that its key is for. Add one first.") : why);
        // A key for test data is for the first such environment, which is sandbox unless there is none.
        const bool isSaid = !kinds.isEmpty() && (kinds.size() == 1 || !kinds.contains(EnvironmentKind::Production));
        if (isSaid || m_offer.environments.size() == 1)
            m_offer.environment = m_offer.environments.first();
        return true;
    }
    bool goesThere(const Connection &connection) const
    {
        if (const auto *http = std::get_if<HttpTarget>(&connection.target))
            return !m_offer.url.isEmpty() && http->urls.values().contains(m_offer.url);
        const auto &stdio = std::get<StdioTarget>(connection.target);
        return !m_offer.command.isEmpty() && stdio.arguments == m_offer.command.mid(1)
               && QFileInfo(stdio.program).fileName() == QFileInfo(m_offer.command.first()).fileName();
    }
    void useWhatIsThere()
    {
        const auto use = [this](const Connection &connection, const QList<EnvironmentId> &environments) {
            m_offer.isThere = true;
            m_offer.connection = connection.id;
            m_offer.environments = environments;
            m_offer.environment = environments.size() == 1 ? environments.first() : EnvironmentId{};
        };
        if (!m_offer.key) {
            for (const Connection &connection : m_known.workspace.connections)
                if (!m_offer.isThere && goesThere(connection))
                    use(connection, connection.environments);
            return;
        }
        const QByteArray fingerprint = m_known.fingerprintOf(m_scan.keys[size_t(*m_offer.key)].secret);
        for (const KeyRecord &key : m_known.workspace.keys) {
            const Connection *connection = find(m_known.workspace, key.connection);
            const bool isIt = connection && !key.client && !fingerprint.isEmpty() && key.fingerprint == fingerprint
                              && (goesThere(*connection) || (m_pack && connection->vendor == m_pack->id));
            if (isIt && !m_offer.isThere)
                use(*connection, {key.environment});
        }
    }

    const FoundServer &m_server;
    const ImportScan &m_scan;
    const ImportKnowledge &m_known;
    const Pack *m_pack;
    ImportOffer m_offer;
};

} // namespace

Json ImportOffer::added(const ConnectionId &id, const EnvironmentId &place) const
{
    Json parameters{{"id", id.text}, {"environments", {place.text}}};
    if (!vendor.isEmpty())
        parameters["pack"] = vendor;
    if (command.isEmpty()) {
        parameters["url"] = url;
        if (!auth.isEmpty())
            parameters["auth"] = auth;
        for (const auto &[name, value] : headers)
            parameters["headers"][name.toStdString()] = value;
        return parameters;
    }
    parameters["stdio"] = Json::array();
    for (const QString &word : command)
        parameters["stdio"].push_back(word);
    if (!secretVariable.isEmpty())
        parameters["secretVariable"] = secretVariable;
    return parameters;
}

ImportOffer offerFor(const FoundServer &server, const ImportScan &scan, const ImportKnowledge &known, const QList<ConnectionId> &taken)
{
    return OfferMaking(server, scan, known).make(taken);
}

} // namespace mcpcore
