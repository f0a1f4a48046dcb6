// SPDX-FileCopyrightText: 2026 The Countersign authors
// SPDX-License-Identifier: GPL-3.0-or-later
#include "base/Secret.h"
#include "model/Decision.h"
#include "model/LogRow.h"
#include "model/Workspace.h"
#include <QRegularExpression>
#include <QUrl>
#include <algorithm>
#include <array>

namespace mcpcore {

namespace {

// The texts of a closed set, in the order of its enumerators.
template <typename Enum, size_t Count> std::optional<Enum> fromText(const std::array<QLatin1String, Count> &texts, const QString &text)
{
    for (size_t i = 0; i < Count; ++i)
        if (text == texts[i])
            return Enum(i);
    return std::nullopt;
}

constexpr std::array<QLatin1String, 3> environmentKinds{QLatin1String("sandbox"), QLatin1String("staging"), QLatin1String("production")};
constexpr std::array<QLatin1String, 9> toolClasses{QLatin1String("read"),   QLatin1String("read-personal"), QLatin1String("write"),
                                                   QLatin1String("change"), QLatin1String("destructive"),   QLatin1String("money"),
                                                   QLatin1String("secret"), QLatin1String("control"),       QLatin1String("unknown")};
constexpr std::array<QLatin1String, 4> effects{QLatin1String("allow"), QLatin1String("ask"), QLatin1String("ask-typed"),
                                               QLatin1String("deny")};
constexpr std::array<QLatin1String, 8> deciders{QLatin1String("rule"),   QLatin1String("default"),  QLatin1String("floor"),
                                                QLatin1String("person"), QLatin1String("deadline"), QLatin1String("withdrawn"),
                                                QLatin1String("pause"),  QLatin1String("refusal")};
constexpr std::array<QLatin1String, 6> outcomes{QLatin1String("succeeded"), QLatin1String("tool-error"), QLatin1String("protocol-error"),
                                                QLatin1String("failed"),    QLatin1String("unknown"),    QLatin1String("cancelled")};
constexpr std::array<QLatin1String, 17> rowKinds{
    QLatin1String("genesis"),     QLatin1String("received"),  QLatin1String("decision"), QLatin1String("intent"), QLatin1String("outcome"),
    QLatin1String("recovery"),    QLatin1String("workspace"), QLatin1String("key"),      QLatin1String("client"), QLatin1String("trust"),
    QLatin1String("environment"), QLatin1String("pause"),     QLatin1String("refused"),  QLatin1String("owner"),  QLatin1String("anchor"),
    QLatin1String("seal"),        QLatin1String("question")};

template <typename List, typename Id> auto *findIn(List &list, const Id &id)
{
    const auto it = std::find_if(list.begin(), list.end(), [&](const auto &item) { return item.id == id; });
    return it == list.end() ? nullptr : &*it;
}

} // namespace

bool isValidName(const QString &text)
{
    static const QRegularExpression form(QStringLiteral("\\A[a-z][a-z0-9-]{0,19}\\z"));
    return text != QLatin1String("live") && form.match(text).hasMatch();
}

QString toText(EnvironmentKind kind)
{
    return environmentKinds[size_t(kind)];
}
QString toText(ToolClass toolClass)
{
    return toolClasses[size_t(toolClass)];
}
QString toText(Effect effect)
{
    return effects[size_t(effect)];
}
QString toText(Decision::By by)
{
    return deciders[size_t(by)];
}
QString toText(CallOutcome::Kind kind)
{
    return outcomes[size_t(kind)];
}
QString toText(LogRow::Kind kind)
{
    return rowKinds[size_t(kind)];
}
std::optional<EnvironmentKind> environmentKindFrom(const QString &text)
{
    return fromText<EnvironmentKind>(environmentKinds, text);
}
std::optional<ToolClass> toolClassFrom(const QString &text)
{
    return fromText<ToolClass>(toolClasses, text);
}
std::optional<Effect> effectFrom(const QString &text)
{
    return fromText<Effect>(effects, text);
}

QString originOf(const QString &address)
{
    const QUrl url(address, QUrl::StrictMode);
    if (!url.isValid() || url.host().isEmpty())
        return {};
    const QString host = url.host(QUrl::FullyEncoded);
    return QStringLiteral("%1://%2:%3")
        .arg(url.scheme(), host.contains(QLatin1Char(':')) ? QLatin1Char('[') + host + QLatin1Char(']') : host)
        .arg(url.port(url.scheme() == QLatin1String("https") ? 443 : 80));
}

QString destinationOf(const Connection &connection, const EnvironmentId &environment)
{
    if (!connection.environments.contains(environment))
        return {};
    if (const auto *http = std::get_if<HttpTarget>(&connection.target))
        return originOf(http->urls.value(environment));
    const auto &stdio = std::get<StdioTarget>(connection.target);
    QByteArray command = stdio.program.toUtf8();
    for (const QString &argument : stdio.arguments)
        command += '\0' + argument.toUtf8();
    command += QByteArrayLiteral("\0=") + stdio.secretVariable.toUtf8();
    return QStringLiteral("command:") + QString::fromLatin1(sha256({command.constData(), size_t(command.size())}).toHex());
}

QString toText(HttpAuth::Kind kind, const QString &header)
{
    switch (kind) {
    case HttpAuth::Kind::None: return QStringLiteral("none");
    case HttpAuth::Kind::Bearer: return QStringLiteral("bearer");
    case HttpAuth::Kind::Header: return QStringLiteral("header:") + header;
    case HttpAuth::Kind::OAuth: return QStringLiteral("oauth");
    }
    Q_UNREACHABLE();
}

bool needsKey(const Connection &connection)
{
    if (const auto *http = std::get_if<HttpTarget>(&connection.target))
        return http->auth.kind == HttpAuth::Kind::Bearer || http->auth.kind == HttpAuth::Kind::Header;
    return !std::get<StdioTarget>(connection.target).secretVariable.isEmpty();
}

bool needsSignIn(const Connection &connection)
{
    const auto *http = std::get_if<HttpTarget>(&connection.target);
    return http && http->auth.kind == HttpAuth::Kind::OAuth;
}

Workspace newWorkspace()
{
    Workspace workspace;
    workspace.environments = {{{QStringLiteral("sandbox")}, EnvironmentKind::Sandbox},
                              {{QStringLiteral("staging")}, EnvironmentKind::Staging},
                              {{QStringLiteral("production")}, EnvironmentKind::Production}};
    workspace.activeEnvironment = {QStringLiteral("sandbox")};
    return workspace;
}

const Environment *find(const Workspace &workspace, const EnvironmentId &id)
{
    return findIn(workspace.environments, id);
}
const Connection *find(const Workspace &workspace, const ConnectionId &id)
{
    return findIn(workspace.connections, id);
}
const Client *find(const Workspace &workspace, const ClientId &id)
{
    return findIn(workspace.clients, id);
}

const ToolTrust *findTrust(const Workspace &workspace, const ConnectionId &connection, const EnvironmentId &environment,
                           const QString &tool)
{
    for (const ToolTrust &trust : workspace.trusts)
        if (trust.connection == connection && trust.environment == environment && trust.tool == tool)
            return &trust;
    return nullptr;
}

const Alarm *findAlarm(const Workspace &workspace, const ConnectionId &connection, const EnvironmentId &environment)
{
    for (const Alarm &alarm : workspace.alarms)
        if (alarm.connection == connection && alarm.environment == environment)
            return &alarm;
    return nullptr;
}

QString toText(KeyVerification::Mode mode)
{
    switch (mode) {
    case KeyVerification::Mode::NotSaid: return QStringLiteral("not said");
    case KeyVerification::Mode::Test: return QStringLiteral("test");
    case KeyVerification::Mode::Live: return QStringLiteral("live");
    }
    Q_UNREACHABLE();
}

std::optional<KeyVerification::Mode> verifiedModeFrom(const QString &text)
{
    for (int mode = 0; mode <= int(KeyVerification::Mode::Live); ++mode)
        if (text == toText(KeyVerification::Mode(mode)))
            return KeyVerification::Mode(mode);
    return std::nullopt;
}

QStringList hiddenTools(const Workspace &workspace, const ClientId &client, const ConnectionId &connection,
                        const EnvironmentId &environment)
{
    QStringList names;
    for (const HiddenTool &hidden : workspace.hidden)
        if (hidden.client == client && hidden.connection == connection && hidden.environment == environment)
            names.append(hidden.tool);
    return names;
}

const KeyRecord *findKey(const Workspace &workspace, const ConnectionId &connection, const EnvironmentId &environment,
                         const ClientId &client)
{
    const KeyRecord *common = nullptr;
    for (const KeyRecord &key : workspace.keys) {
        if (key.connection != connection || key.environment != environment)
            continue;
        if (key.client == client)
            return &key;
        if (!key.client)
            common = &key;
    }
    return common;
}

EnvironmentId environmentOf(const Workspace &workspace, const Client &client)
{
    return client.environment.value_or(workspace.activeEnvironment);
}

} // namespace mcpcore
