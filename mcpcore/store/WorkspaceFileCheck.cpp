// SPDX-FileCopyrightText: 2026 The Countersign authors
// SPDX-License-Identifier: GPL-3.0-or-later
#include "base/Json.h"
#include "store/ConnectionCheck.h"
#include "store/SecretLooks.h"
#include "store/WorkspaceFile.h"
#include <QRegularExpression>
#include <QSet>

namespace mcpcore {

namespace {

tl::unexpected<Error> wrong(const QString &message)
{
    return failure(Error::Kind::InvalidArgument, message);
}

// Each id has the right form and occurs once.
template <typename List> Result<> checkIds(const List &list, const QString &what)
{
    QSet<QString> seen;
    for (const auto &item : list) {
        if (!isValidName(item.id.text))
            return wrong(QStringLiteral("\"%1\" cannot be the id of %2. Use up to 20 of a-z, 0-9 and -, a letter first, and not \"live\".")
                             .arg(item.id.text, what));
        if (seen.contains(item.id.text))
            return wrong(QStringLiteral("There is %1 with the id %2 already.").arg(what, item.id.text));
        seen.insert(item.id.text);
    }
    return {};
}

template <typename List> Result<> checkRecordIds(const List &list, const QString &what)
{
    static const QRegularExpression form(QStringLiteral("\\A[A-Za-z0-9][A-Za-z0-9._-]{0,127}\\z"));
    QSet<QString> seen;
    for (const auto &item : list) {
        if (!form.match(item.id.text).hasMatch() || seen.contains(item.id.text))
            return wrong(QStringLiteral("%1 needs an id of its own; \"%2\" is none.").arg(what, item.id.text));
        seen.insert(item.id.text);
    }
    return {};
}

// What rules, trusts and keys refer to exists.
Result<> checkReferences(const Workspace &workspace, const QString &where, const std::optional<ConnectionId> &connection,
                         const std::optional<EnvironmentId> &environment, const std::optional<ClientId> &client)
{
    const QString missing = QStringLiteral("%1 names the %2 %3, which does not exist.");
    if (connection && !find(workspace, *connection))
        return wrong(missing.arg(where, QStringLiteral("connection"), connection->text));
    if (environment && !find(workspace, *environment))
        return wrong(missing.arg(where, QStringLiteral("environment"), environment->text));
    if (client && !find(workspace, *client))
        return wrong(missing.arg(where, QStringLiteral("client"), client->text));
    return {};
}

Result<> checkEnvironments(const Workspace &workspace)
{
    if (const auto ids = checkIds(workspace.environments, QStringLiteral("an environment")); !ids)
        return ids;
    // Tool names say "sandbox" and "live" by these two ids (DESIGN 2), so they must not lie.
    for (const Environment &environment : workspace.environments)
        if ((environment.id.text == QLatin1String("sandbox") && environment.kind != EnvironmentKind::Sandbox)
            || (environment.id.text == QLatin1String("production") && environment.kind != EnvironmentKind::Production))
            return wrong(
                QStringLiteral("The environment %1 must be of the kind %1. Add one with another name instead.").arg(environment.id.text));
    if (!find(workspace, workspace.activeEnvironment))
        return wrong(QStringLiteral("The active environment \"%1\" does not exist.").arg(workspace.activeEnvironment.text));
    return {};
}

Result<> checkClients(const Workspace &workspace)
{
    if (const auto ids = checkIds(workspace.clients, QStringLiteral("a client")); !ids)
        return ids;
    QSet<QByteArray> digests;
    for (const Client &client : workspace.clients) {
        if (const auto found = checkReferences(workspace, QStringLiteral("The client ") + client.id.text, {}, client.environment, {});
            !found)
            return found;
        if (client.tokenDigest.isEmpty())
            continue;
        if (client.tokenDigest.size() != 32 || digests.contains(client.tokenDigest))
            return wrong(QStringLiteral("The client %1 needs a token of its own.").arg(client.id.text));
        digests.insert(client.tokenDigest);
    }
    return {};
}

Result<> checkRecords(const Workspace &workspace)
{
    if (const auto ids = checkRecordIds(workspace.rules, QStringLiteral("A rule")); !ids)
        return ids;
    for (const Rule &rule : workspace.rules) {
        const QString where = QStringLiteral("The rule ") + rule.id.text;
        if (const auto found = checkReferences(workspace, where, rule.connection, rule.environment, rule.client); !found)
            return found;
        if (const auto valid = validate(rule); !valid)
            return wrong(QStringLiteral("%1: %2").arg(where, valid.error().message));
    }
    QSet<QString> trusted;
    for (const ToolTrust &trust : workspace.trusts) {
        const QString where = QStringLiteral("The trust of the tool ") + trust.tool;
        if (const auto found = checkReferences(workspace, where, trust.connection, trust.environment, {}); !found)
            return found;
        const QString key = trust.connection.text + QLatin1Char('/') + trust.environment.text + QLatin1Char('/') + trust.tool;
        if (trust.tool.isEmpty() || trust.pin.size() != 32 || trusted.contains(key))
            return wrong(QStringLiteral("%1 must be there once and with its pin.").arg(where));
        trusted.insert(key);
    }
    if (const auto ids = checkRecordIds(workspace.keys, QStringLiteral("A key")); !ids)
        return ids;
    QSet<QString> places;
    for (const KeyRecord &key : workspace.keys) {
        const QString where = QStringLiteral("The key ") + key.id.text;
        if (const auto found = checkReferences(workspace, where, key.connection, key.environment, key.client); !found)
            return found;
        if (key.store != QLatin1String("keychain") && key.store != QLatin1String("file"))
            return wrong(QStringLiteral("%1 must be in the store keychain or file.").arg(where));
        if (key.fingerprint.size() != 0 && key.fingerprint.size() != 16)
            return wrong(QStringLiteral("%1 has a fingerprint that is not one.").arg(where));
        if (key.rotationDays < 0 || key.rotationDays > 3650)
            return wrong(QStringLiteral("%1 must be reminded of after 0 to 3650 days.").arg(where));
        if (key.lastFour.size() > 4 || key.prefix.size() > 16 || looksLikeKey(key.label))
            return wrong(QStringLiteral("%1 shows more of the secret than its prefix and last four.").arg(where));
        const QString slot =
            key.connection.text + QLatin1Char('/') + key.environment.text + QLatin1Char('/') + key.client.value_or(ClientId{}).text;
        if (places.contains(slot))
            return wrong(QStringLiteral("%1 is the second one for the same connection, environment and client.").arg(where));
        places.insert(slot);
    }
    return {};
}

Result<> checkHidden(const Workspace &workspace)
{
    QList<HiddenTool> seen;
    for (const HiddenTool &hidden : workspace.hidden) {
        const QString where = QStringLiteral("The hidden tool ") + hidden.tool;
        if (const auto found = checkReferences(workspace, where, hidden.connection, hidden.environment, hidden.client); !found)
            return found;
        if (hidden.tool.isEmpty() || seen.contains(hidden))
            return wrong(QStringLiteral("%1 must be there once and with its name.").arg(where));
        seen.append(hidden);
    }
    return {};
}

Result<> checkAlarms(const Workspace &workspace)
{
    for (const Alarm &alarm : workspace.alarms)
        if (const auto found = checkReferences(workspace, QStringLiteral("An alarm"), alarm.connection, alarm.environment, {}); !found)
            return found;
    return {};
}

Result<> checkCondition(const Condition &condition)
{
    const QString where = QStringLiteral("The condition on \"%1\"").arg(condition.pointer);
    static const QRegularExpression pointer(QStringLiteral("\\A(/([^~/]|~0|~1)*)*\\z"));
    if (!pointer.match(condition.pointer).hasMatch())
        return wrong(QStringLiteral("%1 needs a JSON Pointer such as /amount or /items/0/price.").arg(where));
    if (condition.op == QLatin1String("absent"))
        return condition.value.isEmpty() ? Result<>() : wrong(where + QStringLiteral(" needs no value for \"absent\"."));
    const auto value = parseJson({condition.value.constData(), size_t(condition.value.size())});
    if (!value)
        return wrong(where + QStringLiteral(" needs a value."));
    const auto isPlain = [](const Json &json) { return json.is_primitive(); };
    if (condition.op == QLatin1String("=") || condition.op == QLatin1String("!="))
        return isPlain(*value) ? Result<>() : wrong(where + QStringLiteral(" compares with a text, a number, true, false or null only."));
    if (condition.op == QLatin1String("in"))
        return value->is_array() && !value->empty() && std::all_of(value->begin(), value->end(), isPlain)
                   ? Result<>()
                   : wrong(where + QStringLiteral(" needs a list of plain values for \"in\"."));
    if (condition.op == QLatin1String("prefix"))
        return value->is_string() && !value->get<QString>().isEmpty() ? Result<>()
                                                                      : wrong(where + QStringLiteral(" needs a text for \"prefix\"."));
    static const QSet<QString> orders{QStringLiteral("<"), QStringLiteral("<="), QStringLiteral(">"), QStringLiteral(">=")};
    if (orders.contains(condition.op))
        return value->is_number() ? Result<>() : wrong(where + QStringLiteral(" needs a number for \"%1\".").arg(condition.op));
    return wrong(where + QStringLiteral(" has the unknown operator \"%1\". Known are = != < <= > >= in prefix absent.").arg(condition.op));
}

} // namespace

Result<> validate(const Rule &rule)
{
    for (const Condition &condition : rule.where)
        if (const auto valid = checkCondition(condition); !valid)
            return valid;
    return {};
}

Result<> validate(const Workspace &workspace)
{
    if (const auto valid = checkEnvironments(workspace); !valid)
        return valid;
    if (const auto ids = checkIds(workspace.connections, QStringLiteral("a connection")); !ids)
        return ids;
    for (const Connection &connection : workspace.connections)
        if (const auto valid = checkConnection(workspace, connection); !valid)
            return valid;
    if (const auto valid = checkClients(workspace); !valid)
        return valid;
    if (const auto valid = checkRecords(workspace); !valid)
        return valid;
    if (const auto valid = checkAlarms(workspace); !valid)
        return valid;
    return checkHidden(workspace);
}

} // namespace mcpcore
