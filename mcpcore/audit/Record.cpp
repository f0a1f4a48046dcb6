// SPDX-FileCopyrightText: 2026 The Countersign authors
// SPDX-License-Identifier: GPL-3.0-or-later
#include "audit/Record.h"
#include "base/Json.h"
#include "base/RawJson.h"
#include <array>
#include <charconv>

namespace mcpcore {

namespace {

std::string_view view(const QByteArray &bytes)
{
    return {bytes.constData(), size_t(bytes.size())};
}

// Appends members to an object without building a tree.
class ObjectWriter
{
public:
    explicit ObjectWriter(std::string &out) : m_out(out) { m_out.assign(1, '{'); }
    void close() { m_out += '}'; }
    void number(std::string_view name, qint64 value)
    {
        char digits[24];
        const auto end = std::to_chars(digits, digits + sizeof digits, value).ptr;
        this->name(name);
        m_out.append(digits, size_t(end - digits));
    }
    // Nothing for empty text.
    void text(std::string_view name, std::string_view utf8)
    {
        if (utf8.empty())
            return;
        this->name(name);
        m_out += '"';
        size_t copied = 0;
        for (size_t i = 0; i < utf8.size(); ++i) {
            const uchar c = uchar(utf8[i]);
            if (!needsEscape[c])
                continue;
            m_out.append(utf8, copied, i - copied);
            escape(c);
            copied = i + 1;
        }
        m_out.append(utf8, copied);
        m_out += '"';
    }
    void text(std::string_view name, const QByteArray &utf8) { text(name, view(utf8)); }
    void text(std::string_view name, const char *ascii) { text(name, std::string_view(ascii)); }
    void hex(std::string_view name, const QByteArray &bytes)
    {
        if (bytes.isEmpty())
            return;
        this->name(name);
        size_t at = m_out.size();
        m_out.resize(at + size_t(bytes.size()) * 2 + 2, '"');
        for (const char c : bytes) {
            m_out[++at] = hexDigits[uchar(c) >> 4];
            m_out[++at] = hexDigits[uchar(c) & 15];
        }
    }
    void raw(std::string_view name, std::string_view json)
    {
        this->name(name);
        m_out += json;
    }

private:
    static constexpr char hexDigits[] = "0123456789abcdef";
    static constexpr std::array<bool, 256> needsEscape = [] {
        std::array<bool, 256> table{};
        for (size_t c = 0; c < 0x20; ++c)
            table[c] = true;
        table['"'] = table['\\'] = true;
        return table;
    }();
    void name(std::string_view name) { m_out.append(m_out.size() > 1 ? ",\"" : "\"").append(name).append("\":", 2); }
    void escape(uchar c)
    {
        switch (c) {
        case '"': m_out += "\\\""; break;
        case '\\': m_out += "\\\\"; break;
        case '\n': m_out += "\\n"; break;
        case '\r': m_out += "\\r"; break;
        case '\t': m_out += "\\t"; break;
        default:
            m_out += "\\u00";
            m_out += hexDigits[c >> 4];
            m_out += hexDigits[c & 15];
        }
    }
    std::string &m_out;
};

const char *toText(Peer::Way way)
{
    switch (way) {
    case Peer::Way::Http: return "http";
    case Peer::Way::Bridge: return "bridge";
    case Peer::Way::Terminal: return "terminal";
    }
    Q_UNREACHABLE();
}

void writeHead(ObjectWriter &object, const RowFacts &facts, Milliseconds monotonic)
{
    object.text("kind", facts.kind);
    object.number("time", facts.time);
    object.number("monotonic", monotonic.count());
    object.text("app", COUNTERSIGN_VERSION);
    object.text("call", facts.call);
    object.text("client", facts.client);
    object.text("connection", facts.connection);
    object.text("environment", facts.environment);
    object.text("environmentKind", facts.environmentKind);
    object.text("tool", facts.tool);
}

// What is sent where: the same members on the row of the request and on the row before the first byte leaves.
void writeTarget(ObjectWriter &object, const ToolCall &call)
{
    object.text("operation", call.operation.toUtf8());
    object.text("class", mcpcore::toText(call.toolClass).toUtf8());
    object.hex("pin", call.pin);
    object.text("destination", call.destination.toUtf8());
    if (!call.key.isEmpty())
        object.text("key", call.key.text.toUtf8());
    object.hex("argumentsDigest", call.argumentsDigest);
}

void writeRequest(ObjectWriter &object, const ToolCall &call, const Redactor &redactor)
{
    object.text("clientLabel", call.clientLabel.toUtf8());
    object.text("way", toText(call.peer.way));
    if (call.peer.pid != 0)
        object.number("pid", call.peer.pid);
    object.text("program", call.peer.program.toUtf8());
    if (call.peer.stranger)
        object.raw("stranger", "true");
    object.text("vendor", call.vendor.toUtf8());
    object.number("received", call.received.count());
    writeTarget(object, call);
    const std::string_view arguments = call.arguments.view();
    if (const auto redacted = redactor.json(arguments))
        object.text("arguments", *redacted);
    else if (QUtf8StringView(arguments.data(), qsizetype(arguments.size())).isValidUtf8())
        object.text("arguments", arguments);
    else
        object.text("arguments", QString::fromUtf8(arguments.data(), qsizetype(arguments.size())).toUtf8());
}

// Redacted, on one line; whatever is no JSON object is kept as a string.
void writeDetail(ObjectWriter &object, const QByteArray &detail, const Redactor &redactor)
{
    if (detail.isEmpty())
        return;
    const auto redacted = redactor.json(view(detail));
    const QByteArray &safe = redacted ? *redacted : detail;
    const auto parsed = parseJson(view(safe));
    if (parsed && parsed->is_object())
        object.raw("detail", view(toBytes(*parsed)));
    else
        object.text("detail", QString::fromUtf8(safe).toUtf8());
}

struct Member {
    std::string_view name;
    QByteArray RowFacts::*text;
};

constexpr Member textMembers[] = {{"kind", &RowFacts::kind},
                                  {"call", &RowFacts::call},
                                  {"client", &RowFacts::client},
                                  {"connection", &RowFacts::connection},
                                  {"environment", &RowFacts::environment},
                                  {"environmentKind", &RowFacts::environmentKind},
                                  {"tool", &RowFacts::tool},
                                  {"decision", &RowFacts::decision},
                                  {"by", &RowFacts::decidedBy},
                                  {"rule", &RowFacts::rule},
                                  {"reason", &RowFacts::reason},
                                  {"outcome", &RowFacts::outcome},
                                  {"outcomeDetail", &RowFacts::outcomeDetail},
                                  {"title", &RowFacts::title},
                                  {"key", &RowFacts::key}};

bool readNumber(const RawJson &value, qint64 &number)
{
    const std::string_view digits = value.view();
    const auto [end, error] = std::from_chars(digits.data(), digits.data() + digits.size(), number);
    return error == std::errc() && end == digits.data() + digits.size();
}

bool readMember(const RawMember &member, RowFacts &facts)
{
    if (member.key == "time")
        return readNumber(member.value, facts.time);
    if (member.key == "took")
        return readNumber(member.value, facts.took);
    for (const Member &known : textMembers) {
        if (known.name != member.key)
            continue;
        const std::string_view raw = member.value.view();
        if (raw.size() >= 2 && raw.front() == '"' && raw.find('\\') == std::string_view::npos) {
            facts.*known.text = QByteArray(raw.data() + 1, qsizetype(raw.size()) - 2);
            return true;
        }
        const auto text = textOf(member.value);
        if (text)
            facts.*known.text = text->toUtf8();
        return text.has_value();
    }
    return true;
}

} // namespace

void RecordWriter::setCall(const ToolCallPtr &call)
{
    if (call == m_call)
        return;
    m_call = call;
    m_callFacts = {};
    if (!call)
        return;
    m_callFacts.call = call->id.text.toUtf8();
    m_callFacts.client = call->client.text.toUtf8();
    m_callFacts.connection = call->connection.text.toUtf8();
    m_callFacts.environment = call->environment.text.toUtf8();
    m_callFacts.environmentKind = mcpcore::toText(call->environmentKind).toUtf8();
    m_callFacts.tool = m_redactor.apply(call->tool);
}

RowFacts RecordWriter::write(const LogJob &job)
{
    setCall(job.row.call);
    RowFacts facts = m_callFacts;
    facts.kind = mcpcore::toText(job.row.kind).toUtf8();
    facts.time = job.wall.count();
    facts.title = m_redactor.apply(job.row.title);
    ObjectWriter object(m_record);
    writeHead(object, facts, job.monotonic);
    if (job.row.call && job.row.kind == LogRow::Kind::Received)
        writeRequest(object, *job.row.call, m_redactor);
    if (job.row.call && job.row.kind == LogRow::Kind::Intent)
        writeTarget(object, *job.row.call);
    if (const auto &decision = job.decision) {
        facts.decision = decision->outcome == Decision::Outcome::Allowed ? "allowed" : "denied";
        facts.decidedBy = mcpcore::toText(decision->by).toUtf8();
        facts.rule = decision->rule.text.toUtf8();
        facts.reason = m_redactor.apply(decision->reason);
        object.text("decision", facts.decision);
        object.text("by", facts.decidedBy);
        object.text("rule", facts.rule);
        object.text("reason", facts.reason);
        object.text("where", decision->where.toUtf8());
        object.number("waited", decision->waited.count());
    }
    if (const auto &outcome = job.outcome) {
        facts.outcome = mcpcore::toText(outcome->kind).toUtf8();
        facts.outcomeDetail = m_redactor.apply(outcome->detail);
        facts.took = outcome->took.count();
        object.text("outcome", facts.outcome);
        object.text("outcomeDetail", facts.outcomeDetail);
        object.number("resultSize", outcome->resultSize);
        object.hex("resultDigest", outcome->resultDigest);
        object.number("took", facts.took);
    }
    object.text("title", facts.title);
    writeDetail(object, job.row.detail, m_redactor);
    object.close();
    return facts;
}

void RecordWriter::write(const RowFacts &facts, Milliseconds monotonic)
{
    ObjectWriter object(m_record);
    writeHead(object, facts, monotonic);
    if (!facts.outcome.isEmpty()) {
        object.text("outcome", facts.outcome);
        object.text("outcomeDetail", facts.outcomeDetail);
        object.number("took", facts.took);
    }
    object.text("title", facts.title);
    object.close();
}

Result<RowFacts> factsOf(std::string_view record)
{
    QByteArray bytes(record.data(), qsizetype(record.size()));
    padForReading(bytes);
    const auto members = membersOf(RawJson(bytes));
    if (!members)
        return failure(members.error());
    RowFacts facts;
    for (const RawMember &member : *members)
        if (!readMember(member, facts))
            return failure(Error::Kind::InvalidRequest, QStringLiteral("A record of the activity log is malformed."));
    if (facts.kind.isEmpty())
        return failure(Error::Kind::InvalidRequest, QStringLiteral("A record of the activity log has no kind."));
    return facts;
}

QString titleOf(const RowFacts &facts)
{
    const auto text = [](const QByteArray &utf8) { return QString::fromUtf8(utf8); };
    if (!facts.title.isEmpty())
        return text(facts.title);
    if (facts.kind == "received")
        return QStringLiteral("%1 asked to call %2.").arg(text(facts.client), text(facts.tool));
    if (facts.kind == "intent")
        return QStringLiteral("Recorded before sending.");
    if (facts.kind == "decision") {
        const QString decided = facts.decision == "allowed" ? QStringLiteral("Allowed") : QStringLiteral("Denied");
        const QString by = facts.rule.isEmpty() ? text(facts.decidedBy) : QStringLiteral("rule ") + text(facts.rule);
        return facts.reason.isEmpty() ? QStringLiteral("%1 by %2.").arg(decided, by)
                                      : QStringLiteral("%1 by %2: %3").arg(decided, by, text(facts.reason));
    }
    if (facts.kind == "outcome") {
        QString outcome = text(facts.outcome);
        if (!outcome.isEmpty())
            outcome[0] = outcome[0].toUpper();
        return facts.outcomeDetail.isEmpty() ? QStringLiteral("%1 after %2 ms.").arg(outcome).arg(facts.took)
                                             : QStringLiteral("%1: %2").arg(outcome, text(facts.outcomeDetail));
    }
    return text(facts.kind);
}

} // namespace mcpcore
