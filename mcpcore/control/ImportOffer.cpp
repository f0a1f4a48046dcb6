// SPDX-FileCopyrightText: 2026 The Countersign authors
// SPDX-License-Identifier: GPL-3.0-or-later
#include "control/ImportOffer.h"
#include "base/Json.h"
#include "control/FreshId.h"
#include "packs/Packs.h"
#include <QDir>
#include <QFileInfo>
#include <QSet>
#include <QStandardPaths>

namespace mcpcore {

namespace {

// The key that a connection would carry: one, or none.
Result<std::optional<qsizetype>> keyOf(const FoundServer &server, const ImportScan &scan)
{
    QSet<qsizetype> keys;
    for (const KeyPlace &place : server.keys)
        keys.insert(place.key);
    if (keys.isEmpty())
        return std::optional<qsizetype>();
    if (keys.size() > 1)
        return failure(
            Error::Kind::InvalidArgument,
            QStringLiteral("It holds %1 keys, and a connection carries one. Leave it as it is, or add it by hand with one of them.")
                .arg(keys.size()));
    if (const QString &refused = scan.keys[size_t(*keys.begin())].refused; !refused.isEmpty())
        return failure(Error::Kind::InvalidArgument,
                       QStringLiteral("Its key is %1, which is of no use to tools. Take it out of the file by hand.").arg(refused));
    return std::optional(*keys.begin());
}

// Where it may be: as its key and its vendor say.
Result<> addPlaces(const ImportKnowledge &known, const QList<EnvironmentKind> &kinds, const Pack *pack, ImportOffer &offer)
{
    QString why;
    for (const Environment &place : known.workspace.environments) {
        if (!kinds.isEmpty() && !kinds.contains(place.kind))
            continue;
        const QString impossible = pack ? pack->impossibleIn(place.kind) : QString();
        if (impossible.isEmpty())
            offer.environments.append(place.id);
        else
            why = impossible;
    }
    if (offer.environments.isEmpty())
        return failure(Error::Kind::NotFound,
                       why.isEmpty() ? QStringLiteral("There is no environment that its key is for. Add one first.") : why);
    // A key for test data is for the first such environment, which is sandbox unless there is none.
    const bool isSaid = !kinds.isEmpty() && (kinds.size() == 1 || !kinds.contains(EnvironmentKind::Production));
    if (isSaid || offer.environments.size() == 1)
        offer.environment = offer.environments.first();
    return {};
}

// As `connection add` finds it; empty when it is not there.
QString resolved(const QString &program)
{
    return program.contains(QLatin1Char('/')) ? QDir::cleanPath(QFileInfo(program).absoluteFilePath())
                                              : QDir::cleanPath(QStandardPaths::findExecutable(program));
}

bool isSameHttp(const HttpTarget &http, const ImportTarget &target)
{
    const QString auth = toText(http.auth.kind, http.auth.header);
    return auth.compare(target.auth.isEmpty() ? QStringLiteral("none") : target.auth, Qt::CaseInsensitive) == 0
           && http.headers == target.headers;
}

// The environments in which a connection is the very same server.
QList<EnvironmentId> sameIn(const Connection &connection, const ImportTarget &target)
{
    if (const auto *http = std::get_if<HttpTarget>(&connection.target)) {
        QList<EnvironmentId> same;
        for (const EnvironmentId &environment : connection.environments)
            if (!target.url.isEmpty() && http->urls.value(environment) == target.url && isSameHttp(*http, target))
                same.append(environment);
        return same;
    }
    const auto &stdio = std::get<StdioTarget>(connection.target);
    const bool isSame = !target.command.isEmpty() && stdio.arguments == target.command.mid(1)
                        && stdio.program == resolved(target.command.first()) && stdio.secretVariable == target.secretVariable;
    return isSame ? connection.environments : QList<EnvironmentId>();
}

// A connection that is the same server, with this very key, or where the server takes none.
void useWhatIsThere(const ImportKnowledge &known, const Secret *secret, ImportOffer &offer)
{
    const QByteArray fingerprint = secret ? known.fingerprintOf(*secret) : QByteArray();
    for (const Connection &connection : known.workspace.connections) {
        QList<EnvironmentId> there = sameIn(connection, offer.target);
        if (secret)
            there.removeIf([&](const EnvironmentId &environment) {
                return fingerprint.isEmpty()
                       || std::none_of(known.workspace.keys.begin(), known.workspace.keys.end(), [&](const KeyRecord &key) {
                              return key.connection == connection.id && key.environment == environment && !key.client
                                     && key.fingerprint == fingerprint;
                          });
            });
        if (there.isEmpty())
            continue;
        offer.isThere = true;
        offer.connection = connection.id;
        offer.environments = there;
        offer.environment = there.size() == 1 ? there.first() : EnvironmentId{};
        return;
    }
}

} // namespace

QString ImportTarget::missingProgram() const
{
    QStringList words = command;
    if (!words.isEmpty() && words.first() == QLatin1String("env")) {
        words.removeFirst();
        while (!words.isEmpty() && words.first().contains(QLatin1Char('=')))
            words.removeFirst();
    }
    if (words.isEmpty())
        return {};
    const QString found = resolved(words.first());
    return QFileInfo(found).isFile() && QFileInfo(found).isExecutable() ? QString() : words.first();
}

Json ImportOffer::added(const ConnectionId &id, const EnvironmentId &place) const
{
    Json parameters{{"id", id.text}, {"environments", {place.text}}};
    if (!vendor.isEmpty())
        parameters["pack"] = vendor;
    if (target.command.isEmpty()) {
        parameters["url"] = target.url;
        if (!target.auth.isEmpty())
            parameters["auth"] = target.auth;
        for (const auto &[name, value] : target.headers)
            parameters["headers"][name.toStdString()] = value;
        return parameters;
    }
    parameters["stdio"] = Json::array();
    for (const QString &word : target.command)
        parameters["stdio"].push_back(word);
    if (!target.secretVariable.isEmpty())
        parameters["secretVariable"] = target.secretVariable;
    return parameters;
}

ImportOffer offerFor(const FoundServer &server, const ImportScan &scan, const ImportKnowledge &known, const QList<ConnectionId> &taken)
{
    const Pack *pack = find(known.packs, server.vendor);
    const auto key = keyOf(server, scan);
    if (!key)
        return {key.error().message};
    auto target = importTargetOf(server, pack);
    if (!target)
        return {target.error().message};
    ImportOffer offer;
    offer.key = *key;
    offer.vendor = pack ? pack->id : QString();
    offer.target = std::move(*target);
    const FoundKey *found = offer.key ? &scan.keys[size_t(*offer.key)] : nullptr;
    if (const auto placed = addPlaces(known, found ? found->environments : QList<EnvironmentKind>(), pack, offer); !placed)
        return {placed.error().message};
    if (!server.isOn)
        offer.target.notes.append(QStringLiteral("The client has it switched off."));
    useWhatIsThere(known, found ? &found->secret : nullptr, offer);
    if (!offer.isThere)
        offer.connection = {freshId(server.place.name, QStringLiteral("server-"), [&](const QString &id) {
            return find(known.workspace, ConnectionId{id}) || taken.contains(ConnectionId{id});
        })};
    return offer;
}

} // namespace mcpcore
