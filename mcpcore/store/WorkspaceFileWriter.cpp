// SPDX-FileCopyrightText: 2026 The Countersign authors
// SPDX-License-Identifier: GPL-3.0-or-later
#include "base/Clock.h"
#include "base/RawJson.h"
#include "store/WorkspaceFile.h"

namespace mcpcore {

namespace {

// Writes JSON as text, so that the numbers of rules stay as the person wrote them.
class ObjectText
{
public:
    ObjectText &add(const char *key, const QByteArray &json)
    {
        m_text += (m_text.isEmpty() ? "\"" : ",\"") + QByteArray(key) + "\":" + json;
        return *this;
    }
    ObjectText &add(const char *key, const QString &text) { return add(key, quoted(text)); }
    ObjectText &add(const char *key, bool flag) { return add(key, QByteArray(flag ? "true" : "false")); }
    ObjectText &addUnlessEmpty(const char *key, const QString &text) { return text.isEmpty() ? *this : add(key, text); }
    template <typename Id> ObjectText &addIf(const char *key, const std::optional<Id> &id) { return id ? add(key, id->text) : *this; }
    ObjectText &addIf(const char *key, const QByteArray &json) { return json.isEmpty() ? *this : add(key, json); }
    ObjectText &addUnless(const char *key, int number, int usual) { return number == usual ? *this : add(key, QByteArray::number(number)); }
    ObjectText &addTime(const char *key, Milliseconds wall) { return wall.count() == 0 ? *this : add(key, toIsoText(wall)); }
    QByteArray done() const { return '{' + m_text + '}'; }

private:
    QByteArray m_text;
};

template <typename List, typename Function> QByteArray listText(const List &list, Function toText)
{
    QByteArray text;
    for (const auto &item : list)
        text += (text.isEmpty() ? "" : ",") + toText(item);
    return '[' + text + ']';
}

// Breaks compact JSON into indented lines; lists of plain values and empty ones stay on one line.
QByteArray indented(const QByteArray &compact)
{
    QByteArray out;
    QByteArray open; // of the brackets around us: '{' and '[' break lines, 'i' is a list on one line
    const auto newLine = [&](qsizetype depth) { out += '\n' + QByteArray(2 * depth, ' '); };
    bool inText = false;
    for (qsizetype i = 0; i < compact.size(); ++i) {
        const char c = compact[i];
        if (inText || c == '"') {
            out += c;
            if (c == '\\')
                out += compact[++i];
            else if (c == '"')
                inText = !inText;
        } else if (c == '{' || c == '[') {
            out += c;
            const bool empty = compact[i + 1] == '}' || compact[i + 1] == ']';
            const bool breaks = !empty && (c == '{' || compact[i + 1] == '{' || compact[i + 1] == '[');
            open += breaks ? c : 'i';
            if (breaks)
                newLine(open.size());
        } else if (c == '}' || c == ']') {
            const bool breaks = open.back() != 'i';
            open.chop(1);
            if (breaks)
                newLine(open.size());
            out += c;
        } else if (c == ',') {
            out += c;
            if (open.back() == 'i')
                out += ' ';
            else
                newLine(open.size());
        } else {
            out += c;
            if (c == ':')
                out += ' ';
        }
    }
    return out + '\n';
}

QByteArray textOf(const Environment &environment)
{
    return ObjectText().add("id", environment.id.text).add("kind", toText(environment.kind)).done();
}

QString textOf(const HttpAuth &auth)
{
    switch (auth.kind) {
    case HttpAuth::Kind::None: return QStringLiteral("none");
    case HttpAuth::Kind::Bearer: return QStringLiteral("bearer");
    case HttpAuth::Kind::Header: return QStringLiteral("header:") + auth.header;
    case HttpAuth::Kind::OAuth: return QStringLiteral("oauth");
    }
    return {};
}

QByteArray textOf(const Connection &connection)
{
    ObjectText out;
    out.add("id", connection.id.text).addUnlessEmpty("vendor", connection.vendor);
    out.add("environments", listText(connection.environments, [](const EnvironmentId &id) { return quoted(id.text); }));
    if (const auto *http = std::get_if<HttpTarget>(&connection.target)) {
        ObjectText urls;
        for (auto it = http->urls.begin(); it != http->urls.end(); ++it)
            urls.add(it.key().text.toUtf8().constData(), it.value());
        out.add("transport", QStringLiteral("http")).add("urls", urls.done()).add("auth", textOf(http->auth));
        out.addUnlessEmpty("clientId", http->auth.clientId).addUnlessEmpty("clientDocument", http->auth.clientDocument);
        out.add("headers", listText(http->headers, [](const QPair<QString, QString> &header) {
                    return ObjectText().add("name", header.first).add("value", header.second).done();
                }));
    } else {
        const auto &stdio = std::get<StdioTarget>(connection.target);
        out.add("transport", QStringLiteral("stdio")).add("program", stdio.program);
        out.add("arguments", listText(stdio.arguments, [](const QString &argument) { return quoted(argument); }));
        out.addUnlessEmpty("secretVariable", stdio.secretVariable);
    }
    return out.addTime("created", connection.created).done();
}

QByteArray textOf(const Client &client)
{
    ObjectText out;
    out.add("id", client.id.text).add("label", client.label).add("kind", client.kind);
    out.addUnlessEmpty("tokenDigest", QString::fromLatin1(client.tokenDigest.toHex()));
    out.addUnlessEmpty("formerTokenDigest", QString::fromLatin1(client.formerTokenDigest.toHex())).addIf("environment", client.environment);
    out.addUnlessEmpty("bridgeProgram", client.bridgeProgram);
    if (client.revoked)
        out.add("revoked", true);
    return out.addTime("created", client.created).done();
}

QByteArray textOf(const ToolTrust &trust)
{
    return ObjectText()
        .add("connection", trust.connection.text)
        .add("environment", trust.environment.text)
        .add("tool", trust.tool)
        .add("pin", QString::fromLatin1(trust.pin.toHex()))
        .add("class", toText(trust.toolClass))
        .done();
}

QByteArray textOf(const KeyVerification &said)
{
    ObjectText out;
    out.addTime("at", said.at).add("mode", toText(said.mode)).addUnlessEmpty("account", said.account);
    out.addUnlessEmpty("accountName", said.accountName);
    if (!said.abilities.isEmpty())
        out.add("abilities", listText(said.abilities, [](const QString &ability) { return quoted(ability); }));
    return out.done();
}

QByteArray textOf(const KeyRecord &key)
{
    return ObjectText()
        .add("id", key.id.text)
        .add("connection", key.connection.text)
        .add("environment", key.environment.text)
        .addIf("client", key.client)
        .addUnlessEmpty("label", key.label)
        .add("destination", key.destination)
        .addUnlessEmpty("prefix", key.prefix)
        .addUnlessEmpty("lastFour", key.lastFour)
        .add("store", key.store)
        .addTime("created", key.created)
        .addUnlessEmpty("fingerprint", QString::fromLatin1(key.fingerprint.toHex()))
        .addUnlessEmpty("kind", key.kind)
        .addTime("expires", key.expires)
        .addUnless("rotationDays", key.rotationDays, kUsualRotationDays)
        .addUnlessEmpty("foundIn", key.foundIn)
        .addIf("verified", key.verified ? textOf(*key.verified) : QByteArray())
        .done();
}

QByteArray textOf(const Alarm &alarm)
{
    return ObjectText()
        .add("connection", alarm.connection.text)
        .add("environment", alarm.environment.text)
        .add("what", alarm.what)
        .addTime("since", alarm.since)
        .done();
}

QByteArray textOf(const HiddenTool &hidden)
{
    return ObjectText()
        .add("client", hidden.client.text)
        .add("connection", hidden.connection.text)
        .add("environment", hidden.environment.text)
        .add("tool", hidden.tool)
        .done();
}

QByteArray textOf(const Condition &condition)
{
    ObjectText out;
    out.add("pointer", condition.pointer).add("op", condition.op);
    if (!condition.value.isEmpty())
        out.add("value", condition.value);
    return out.done();
}

} // namespace

QByteArray toRuleBytes(const Rule &rule)
{
    ObjectText out;
    out.addUnlessEmpty("id", rule.id.text).add("effect", toText(rule.effect)).addIf("client", rule.client);
    out.addIf("connection", rule.connection).addIf("environment", rule.environment);
    if (rule.environmentKind)
        out.add("environmentKind", toText(*rule.environmentKind));
    out.addUnlessEmpty("tool", rule.tool).addUnlessEmpty("operation", rule.operation);
    if (!rule.classes.isEmpty())
        out.add("class", listText(rule.classes, [](ToolClass toolClass) { return quoted(toText(toolClass)); }));
    if (!rule.where.isEmpty())
        out.add("where", listText(rule.where, [](const Condition &condition) { return textOf(condition); }));
    if (rule.expires)
        out.add("expires", toIsoText(*rule.expires));
    return out.addUnlessEmpty("note", rule.note).addTime("created", rule.created).done();
}

QByteArray toFileBytes(const Workspace &workspace)
{
    const auto text = [](const auto &item) { return textOf(item); };
    ObjectText out;
    out.add("version", QByteArray("1")).add("activeEnvironment", workspace.activeEnvironment.text);
    out.add("paused", workspace.paused).add("ownedByApp", workspace.ownedByApp);
    out.add("environments", listText(workspace.environments, text)).add("connections", listText(workspace.connections, text));
    out.add("clients", listText(workspace.clients, text)).add("rules", listText(workspace.rules, toRuleBytes));
    out.add("trusts", listText(workspace.trusts, text)).add("keys", listText(workspace.keys, text));
    out.add("hidden", listText(workspace.hidden, text));
    if (!workspace.alarms.isEmpty())
        out.add("alarms", listText(workspace.alarms, text));
    return indented(out.done());
}

} // namespace mcpcore
