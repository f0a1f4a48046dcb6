// SPDX-FileCopyrightText: 2026 The Countersign authors
// SPDX-License-Identifier: GPL-3.0-or-later
#include "audit/ActivityLog.h"
#include "audit/LogReader.h"
#include "base/Json.h"
#include "control/Control.h"
#include "gateway/Gateway.h"
#include "policy/Policy.h"
#include "store/MemberReader.h"
#include "store/WorkspaceFile.h"

namespace mcpcore {

namespace {

// A call to be judged by the rules of now.
struct Question {
    ToolCall call;
    bool listed = true;    // by its server, when it was called
    bool redacted = false; // what the log kept is not all that was sent
    Json then;             // what was decided when it was called; null for a call that never was
};

QString textAt(const RawJson &record, std::string_view key)
{
    return textOf(memberOf(record, key)).value_or(QString());
}

// The class that the person accepted for the tool; unknown while nobody has trusted it.
ToolClass classNow(const Workspace &workspace, const ToolCall &call)
{
    const ToolTrust *trust = findTrust(workspace, call.connection, call.environment, call.tool);
    return trust ? trust->toolClass : ToolClass::Unknown;
}

Result<Question> loggedCall(const QString &path, const Workspace &workspace, const QString &id)
{
    const auto reader = LogReader::open(path);
    const auto story = reader ? (*reader)->story(id) : failure(reader.error());
    if (!story)
        return failure(story.error());
    Question question;
    ToolCall &call = question.call;
    for (const LogEntry &entry : *story) {
        const RawJson record(entry.record);
        if (entry.kind == QLatin1String("decision"))
            question.then = Json{{"decision", textAt(record, "decision")},
                                 {"by", textAt(record, "by")},
                                 {"rule", textAt(record, "rule")},
                                 {"reason", textAt(record, "reason")}};
        if (entry.kind != QLatin1String("received"))
            continue;
        call.id = {entry.call};
        call.client = {entry.client};
        call.connection = {entry.connection};
        call.environment = {entry.environment};
        call.environmentKind = environmentKindFrom(entry.environmentKind).value_or(EnvironmentKind::Production);
        call.tool = entry.tool;
        call.operation = textAt(record, "operation");
        const Client *client = find(workspace, call.client);
        call.peer.stranger =
            memberOf(record, "stranger").view() == "true" && !(client && client->bridgeProgram == textAt(record, "program"));
        const QByteArray arguments = textAt(record, "arguments").toUtf8();
        call.arguments = RawJson(arguments);
        const QByteArray sent = QByteArray::fromHex(textAt(record, "argumentsDigest").toLatin1());
        question.redacted = sha256({arguments.constData(), size_t(arguments.size())}) != sent;
        question.listed = !memberOf(record, "pin").isEmpty();
    }
    if (call.id.isEmpty())
        return failure(Error::Kind::NotFound, QStringLiteral("The activity log does not say what the call %1 was.").arg(id.left(60)));
    call.toolClass = classNow(workspace, call);
    return question;
}

Result<Question> imaginedCall(const Workspace &workspace, const QByteArray &bytes)
{
    if (const auto parsed = parseJson({bytes.constData(), size_t(bytes.size())}); !parsed)
        return failure(Error::Kind::InvalidArgument, parsed.error().message);
    QString complaint;
    MemberReader in{RawJson(bytes.trimmed()), {}, complaint};
    Question question;
    ToolCall &call = question.call;
    call.client = {in.text("client", {})};
    call.connection = {in.text("connection")};
    call.environment = {in.text("environment")};
    call.tool = in.text("tool");
    call.operation = in.text("operation", call.tool);
    call.arguments = in.value("arguments");
    call.toolClass = in.has("class") ? in.word<ToolClass>("class", toolClassFrom) : classNow(workspace, call);
    if (in.has("arguments") && !call.arguments.view().starts_with('{'))
        in.complain("arguments", QStringLiteral("must be an object"));
    in.finish();
    if (!complaint.isEmpty())
        return failure(Error::Kind::InvalidArgument, complaint);
    const Connection *connection = find(workspace, call.connection);
    if (!connection || !connection->environments.contains(call.environment))
        return failure(Error::Kind::NotFound,
                       QStringLiteral("There is no connection %1 in %2.").arg(call.connection.text, call.environment.text));
    if (!call.client.isEmpty() && !find(workspace, call.client))
        return failure(Error::Kind::NotFound, QStringLiteral("There is no client %1.").arg(call.client.text));
    call.environmentKind = find(workspace, call.environment)->kind;
    return question;
}

QString toText(Verdict::By by)
{
    switch (by) {
    case Verdict::By::Default: return QStringLiteral("default");
    case Verdict::By::Floor: return QStringLiteral("floor");
    case Verdict::By::Rule: return QStringLiteral("rule");
    }
    return {};
}

} // namespace

// What refuses such a call before any rule is looked at; empty when nothing does.
QString Control::refusalBeforeRules(const ToolCall &call, bool listed) const
{
    const bool sample = call.client == Gateway::sampleClient().id;
    const Client *client = find(workspace(), call.client);
    if (!call.client.isEmpty() && !sample) {
        if (!client || client->revoked)
            return QStringLiteral("The client %1 was removed or revoked.").arg(call.client.text);
        if (const EnvironmentId now = environmentOf(workspace(), *client); now != call.environment)
            return QStringLiteral("%1 acts in %2 now.").arg(call.client.text, now.text);
    }
    if (const auto admitted = m_services.gateway.access().admit(call.client, call.connection, call.environment); !admitted)
        return admitted.error().message;
    if (listed && !findTrust(workspace(), call.connection, call.environment, call.tool))
        return QStringLiteral("The tool %1 is in quarantine: nobody has trusted it.").arg(call.tool);
    if (hiddenTools(workspace(), call.client, call.connection, call.environment).contains(call.tool))
        return QStringLiteral("The tool %1 is hidden from %2.").arg(call.tool, call.client.text);
    return {};
}

void Control::explainCall(const Json &parameters, Completion<Json> done)
{
    const QString asked = stringAt(parameters, "call", {}).trimmed();
    if (asked.isEmpty())
        return done(failure(Error::Kind::InvalidArgument,
                            QStringLiteral("Say which call: its id from the log, or {\"connection\":,\"environment\":,\"tool\":,...}.")));
    const auto question = asked.startsWith(QLatin1Char('{')) ? imaginedCall(workspace(), asked.toUtf8())
                                                             : loggedCall(m_services.log.path(), workspace(), asked);
    if (!question)
        return done(failure(question.error()));
    const ToolCall &call = question->call;
    const Milliseconds now = m_services.clock.wall();
    const Verdict verdict = decide(workspace().rules, call, now);
    Json out = Json::object();
    if (!call.id.isEmpty())
        out["call"] = call.id.text;
    if (!call.client.isEmpty())
        out["client"] = call.client.text;
    out.update(Json{{"connection", call.connection.text},
                    {"environment", call.environment.text},
                    {"tool", call.tool},
                    {"class", mcpcore::toText(raisedClass(call))},
                    {"effect", mcpcore::toText(verdict.effect)},
                    {"by", toText(verdict.by)}});
    if (verdict.by == Verdict::By::Rule)
        out["rule"] = verdict.rule.text;
    out["reason"] = verdict.reason;
    if (const QString refusal = refusalBeforeRules(call, question->listed); !refusal.isEmpty())
        out["refused"] = refusal;
    Json matching = Json::array();
    for (const Rule &rule : workspace().rules)
        if (matches(rule, call, now))
            matching.push_back({{"id", rule.id.text}, {"sentence", describe(rule)}});
    out["matching"] = matching;
    out["redacted"] = question->redacted;
    if (!question->then.is_null())
        out["then"] = question->then;
    done(std::move(out));
}

} // namespace mcpcore
