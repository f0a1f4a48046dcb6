// SPDX-FileCopyrightText: 2026 The Countersign authors
// SPDX-License-Identifier: GPL-3.0-or-later
#include "base/Json.h"
#include "store/MemberReader.h"
#include "store/WorkspaceFile.h"

namespace mcpcore {

namespace {

template <typename Id> std::optional<Id> optionalId(MemberReader &in, const char *key)
{
    return in.has(key) ? std::optional(Id{in.text(key)}) : std::nullopt;
}

// The value with the white space between its tokens left out; numbers and texts stay as written.
QByteArray withoutSpaces(std::string_view json)
{
    QByteArray out;
    bool inText = false;
    for (size_t i = 0; i < json.size(); ++i) {
        const char c = json[i];
        if (inText && c == '\\')
            out += json[i++];
        else if (c == '"')
            inText = !inText;
        if (inText || !(c == ' ' || c == '\n' || c == '\r' || c == '\t'))
            out += json[i];
    }
    return out;
}

Rule readRule(MemberReader &in)
{
    Rule rule;
    rule.id = {in.text("id", {})};
    rule.effect = in.word<Effect>("effect", effectFrom);
    rule.client = optionalId<ClientId>(in, "client");
    rule.connection = optionalId<ConnectionId>(in, "connection");
    rule.environment = optionalId<EnvironmentId>(in, "environment");
    if (in.has("environmentKind"))
        rule.environmentKind = in.word<EnvironmentKind>("environmentKind", environmentKindFrom);
    rule.tool = in.text("tool", {});
    rule.operation = in.text("operation", {});
    if (in.has("tool") && rule.tool.isEmpty())
        in.complain("tool", QStringLiteral("is empty. Leave it out to match every tool"));
    if (in.has("operation") && rule.operation.isEmpty())
        in.complain("operation", QStringLiteral("is empty. Leave it out to match every operation"));
    for (const QString &word : in.texts("class")) {
        if (const auto toolClass = toolClassFrom(word))
            rule.classes.append(*toolClass);
        else
            in.complain("class", QStringLiteral("has the unknown word \"%1\"").arg(word));
    }
    if (in.has("class") && rule.classes.isEmpty())
        in.complain("class", QStringLiteral("is empty. Leave it out to match every class"));
    in.each("where", [&](MemberReader &condition) {
        Condition read;
        read.pointer = condition.text("pointer");
        read.op = condition.text("op");
        read.value = withoutSpaces(condition.value("value").view());
        rule.where.append(read);
    });
    if (in.has("limits"))
        in.complain("limits", QStringLiteral("is not supported yet, and a rule without its limits would allow more. Leave the rule out"));
    if (in.has("expires"))
        rule.expires = in.time("expires");
    rule.note = in.text("note", {});
    rule.created = in.time("created");
    return rule;
}

HttpAuth readAuth(MemberReader &in)
{
    const QString text = in.text("auth");
    if (text == QLatin1String("none"))
        return {HttpAuth::Kind::None, {}};
    if (text == QLatin1String("bearer"))
        return {HttpAuth::Kind::Bearer, {}};
    if (text.startsWith(QLatin1String("header:")))
        return {HttpAuth::Kind::Header, text.mid(7)};
    if (text == QLatin1String("oauth"))
        return {HttpAuth::Kind::OAuth, {}, in.text("clientId", {}), in.text("clientDocument", {})};
    in.complain("auth", QStringLiteral("must be none, bearer, oauth or header:NAME"));
    return {};
}

Connection readConnection(MemberReader &in)
{
    Connection connection;
    connection.id = {in.text("id")};
    connection.vendor = in.text("vendor", {});
    for (const QString &environment : in.texts("environments"))
        connection.environments.append({environment});
    connection.created = in.time("created");
    const QString transport = in.text("transport");
    if (transport == QLatin1String("http")) {
        HttpTarget target;
        in.eachText("urls", [&](const QString &environment, const QString &url) { target.urls.insert({environment}, url); });
        target.auth = readAuth(in);
        in.each("headers", [&](MemberReader &header) { target.headers.append({header.text("name"), header.text("value")}); });
        connection.target = target;
    } else if (transport == QLatin1String("stdio")) {
        connection.target = StdioTarget{in.text("program"), in.texts("arguments"), in.text("secretVariable", {})};
    } else {
        in.complain("transport", QStringLiteral("must be http or stdio"));
    }
    return connection;
}

Client readClient(MemberReader &in)
{
    Client client;
    client.id = {in.text("id")};
    client.label = in.text("label");
    client.kind = in.text("kind");
    client.tokenDigest = in.hex("tokenDigest");
    client.formerTokenDigest = in.hex("formerTokenDigest");
    client.environment = optionalId<EnvironmentId>(in, "environment");
    client.bridgeProgram = in.text("bridgeProgram", {});
    client.revoked = in.flag("revoked", false);
    client.created = in.time("created");
    return client;
}

ToolTrust readTrust(MemberReader &in)
{
    ToolTrust trust;
    trust.connection = {in.text("connection")};
    trust.environment = {in.text("environment")};
    trust.tool = in.text("tool");
    trust.pin = in.hex("pin");
    trust.toolClass = in.word<ToolClass>("class", toolClassFrom);
    return trust;
}

KeyRecord readKey(MemberReader &in)
{
    KeyRecord key;
    key.id = {in.text("id")};
    key.connection = {in.text("connection")};
    key.environment = {in.text("environment")};
    key.client = optionalId<ClientId>(in, "client");
    key.label = in.text("label", {});
    key.destination = in.text("destination");
    key.prefix = in.text("prefix", {});
    key.lastFour = in.text("lastFour", {});
    key.store = in.text("store");
    key.created = in.time("created");
    key.fingerprint = in.hex("fingerprint");
    key.kind = in.text("kind", {});
    key.expires = in.time("expires");
    if (in.has("rotationDays"))
        key.rotationDays = in.number("rotationDays");
    key.foundIn = in.text("foundIn", {});
    in.object("verified", [&](MemberReader &said) {
        key.verified.emplace();
        key.verified->at = said.time("at");
        key.verified->mode = said.word<KeyVerification::Mode>("mode", verifiedModeFrom);
        key.verified->account = said.text("account", {});
        key.verified->accountName = said.text("accountName", {});
        key.verified->abilities = said.texts("abilities");
    });
    return key;
}

Alarm readAlarm(MemberReader &in)
{
    Alarm alarm;
    alarm.connection = {in.text("connection")};
    alarm.environment = {in.text("environment")};
    alarm.what = in.text("what");
    alarm.since = in.time("since");
    return alarm;
}

HiddenTool readHidden(MemberReader &in)
{
    HiddenTool hidden;
    hidden.client = {in.text("client")};
    hidden.connection = {in.text("connection")};
    hidden.environment = {in.text("environment")};
    hidden.tool = in.text("tool");
    return hidden;
}

} // namespace

Result<Rule> ruleFrom(const QByteArray &bytes)
{
    if (const auto json = parseJson({bytes.constData(), size_t(bytes.size())}); !json)
        return failure(Error::Kind::InvalidArgument, json.error().message);
    QString complaint;
    MemberReader in{RawJson(bytes.trimmed()), {}, complaint};
    Rule rule = readRule(in);
    in.finish();
    if (!complaint.isEmpty())
        return failure(Error::Kind::InvalidArgument, complaint);
    if (const auto valid = validate(rule); !valid)
        return failure(valid.error());
    return rule;
}

Result<Workspace> workspaceFrom(const QByteArray &bytes)
{
    if (const auto json = parseJson({bytes.constData(), size_t(bytes.size())}); !json)
        return failure(Error::Kind::InvalidArgument, json.error().message);
    QString complaint;
    MemberReader in{RawJson(bytes.trimmed()), {}, complaint};
    if (const int version = in.number("version"); complaint.isEmpty() && version != 1)
        return failure(Error::Kind::InvalidArgument, QStringLiteral("It has version %1, and this Countersign knows version 1 only. "
                                                                    "Open it with the version that wrote it.")
                                                         .arg(version));
    Workspace workspace;
    workspace.activeEnvironment = {in.text("activeEnvironment")};
    workspace.paused = in.flag("paused", false);
    workspace.ownedByApp = in.flag("ownedByApp", false);
    in.each("environments", [&](MemberReader &one) {
        workspace.environments.append({{one.text("id")}, one.word<EnvironmentKind>("kind", environmentKindFrom)});
    });
    in.each("connections", [&](MemberReader &one) { workspace.connections.append(readConnection(one)); });
    in.each("clients", [&](MemberReader &one) { workspace.clients.append(readClient(one)); });
    in.each("rules", [&](MemberReader &one) { workspace.rules.append(readRule(one)); });
    in.each("trusts", [&](MemberReader &one) { workspace.trusts.append(readTrust(one)); });
    in.each("keys", [&](MemberReader &one) { workspace.keys.append(readKey(one)); });
    in.each("hidden", [&](MemberReader &one) { workspace.hidden.append(readHidden(one)); });
    in.each("alarms", [&](MemberReader &one) { workspace.alarms.append(readAlarm(one)); });
    in.finish();
    if (!complaint.isEmpty())
        return failure(Error::Kind::InvalidArgument, complaint);
    if (const auto valid = validate(workspace); !valid)
        return failure(valid.error());
    return workspace;
}

} // namespace mcpcore
