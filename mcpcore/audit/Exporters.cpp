// SPDX-FileCopyrightText: 2026 The Countersign authors
// SPDX-License-Identifier: GPL-3.0-or-later
#include "audit/Exporters.h"
#include "audit/CallTable.h"
#include "audit/ExportHeader.h"
#include "audit/HashChain.h"
#include "base/Json.h"
#include "base/Secret.h"

namespace mcpcore {

namespace {

std::string_view view(const QByteArray &bytes)
{
    return {bytes.constData(), size_t(bytes.size())};
}

QByteArray toByteArray(std::string_view bytes)
{
    return {bytes.data(), qsizetype(bytes.size())};
}

Result<> write(QIODevice &out, const QByteArray &bytes)
{
    if (out.write(bytes) == bytes.size())
        return {};
    return failure(Error::Kind::FileFailed, QStringLiteral("The export cannot be written: %1.").arg(out.errorString()));
}

// Calls `each` for all rows that `select` yields; the number of them.
template <typename Each> Result<qint64> forEach(Result<Statement> select, Each each)
{
    if (!select)
        return failure(select.error());
    for (qint64 count = 0;; ++count) {
        const auto row = select->step();
        if (!row)
            return failure(row.error());
        if (!*row)
            return count;
        if (const Result<> done = each(*select); !done)
            return failure(done.error());
    }
}

// A field that no spreadsheet takes for a formula, quoted as RFC 4180 says.
QByteArray field(QByteArray text)
{
    if (!text.isEmpty() && QByteArrayView("=+-@\t\r").contains(text.front()))
        text.prepend('\'');
    if (text.contains(',') || text.contains('"') || text.contains('\n') || text.contains('\r'))
        return '"' + text.replace('"', "\"\"") + '"';
    return text;
}

Result<QByteArray> hashOf(const Database &database, qint64 sequence)
{
    if (sequence == 0)
        return hashBeforeFirstRow();
    auto select = database.prepare("SELECT hash FROM rows WHERE rowid = ?");
    if (!select)
        return failure(select.error());
    const auto found = select->bind(1, sequence).step();
    if (!found || !*found)
        return failure(found ? Error{Error::Kind::NotFound, QStringLiteral("row %1 is missing").arg(sequence)} : found.error());
    return toByteArray(select->bytes(0));
}

Result<qint64> exportJsonl(const Database &database, QIODevice &out, qint64 first, std::optional<Anchor> anchor)
{
    const auto last = database.number("SELECT max(rowid) FROM rows");
    const auto genesis = database.number("SELECT count(*) FROM rows WHERE rowid = 1");
    if (!last || !genesis)
        return failure(last ? genesis.error() : last.error());
    if (*genesis == 0)
        return failure(Error::Kind::NotFound, QStringLiteral("the log is empty"));
    if (first > *last)
        return 0;
    const auto before = hashOf(database, first - 1);
    const auto head = hashOf(database, *last);
    auto record = database.prepare("SELECT record FROM rows WHERE rowid = 1");
    if (!before || !head || !record || !record->step())
        return failure(Error::Kind::FileFailed, QStringLiteral("its first or last row cannot be read"));
    const auto parsed = parseJson(record->bytes(0));
    const Json *detail = parsed ? memberAt(*parsed, "detail") : nullptr;
    const ExportHeader header{detail ? stringAt(*detail, "log", {}) : QString(), first, *last, *before, *head, std::move(anchor)};
    if (const auto written = write(out, header.toLine()); !written)
        return failure(written.error());
    const QByteArray select = "SELECT rowid, hash, record FROM rows WHERE rowid >= " + QByteArray::number(first) + " ORDER BY rowid";
    return forEach(database.prepare(select.constData()),
                   [&](const Statement &row) { return write(out, ExportLine::toLine(row.integer(0), row.bytes(1), row.bytes(2))); });
}

Result<qint64> exportCsv(const Database &database, QIODevice &out, qint64 first)
{
    if (const auto written = write(
            out,
            "sequence,time,kind,call,client,connection,environment,environment kind,tool,decision,decided by,outcome,took ms,text\r\n");
        !written)
        return failure(written.error());
    const QByteArray select = "SELECT rowid, record FROM rows WHERE rowid >= " + QByteArray::number(first) + " ORDER BY rowid";
    return forEach(database.prepare(select.constData()), [&](const Statement &row) -> Result<> {
        const auto facts = factsOf(row.bytes(1));
        if (!facts)
            return failure(facts.error());
        const QList<QByteArray> fields{QByteArray::number(row.integer(0)),
                                       toIsoText(Milliseconds(facts->time)).toLatin1(),
                                       field(facts->kind),
                                       field(facts->call),
                                       field(facts->client),
                                       field(facts->connection),
                                       field(facts->environment),
                                       field(facts->environmentKind),
                                       field(facts->tool),
                                       field(facts->decision),
                                       field(facts->decidedBy),
                                       field(facts->outcome),
                                       facts->took < 0 ? QByteArray() : QByteArray::number(facts->took),
                                       field(titleOf(*facts).toUtf8())};
        return write(out, fields.join(',') + "\r\n");
    });
}

Json attribute(const char *key, const QByteArray &value)
{
    return {{"key", key}, {"value", {{"stringValue", QString::fromUtf8(value)}}}};
}

// One call as a span. The id of a call is a UUID: 16 bytes, as a trace id has.
Json spanOf(const CallState &call, qint64 ended)
{
    const auto nanoseconds = [](qint64 milliseconds) { return std::to_string(milliseconds) + "000000"; };
    Json attributes = Json::array();
    const auto add = [&attributes](const char *key, const QByteArray &value) {
        if (!value.isEmpty())
            attributes.push_back(attribute(key, value));
    };
    const bool failed = call.decision == "denied" || (!call.outcome.isEmpty() && call.outcome != "succeeded");
    add("mcp.method.name", "tools/call");
    add("gen_ai.operation.name", "execute_tool");
    add("gen_ai.tool.name", call.tool);
    add("error.type", !failed                     ? QByteArray()
                      : call.decision == "denied" ? QByteArrayLiteral("denied")
                                                  : QByteArray(call.outcome).replace('-', '_'));
    add("countersign.call", call.call);
    add("countersign.client", call.client);
    add("countersign.connection", call.connection);
    add("countersign.environment", call.environment);
    add("countersign.environment.kind", call.environmentKind);
    add("countersign.decision", call.decision);
    add("countersign.decision.by", call.decidedBy);
    add("countersign.outcome", call.outcome);
    Json status = Json::object();
    if (failed)
        status = {{"code", 2}, {"message", QString::fromUtf8(call.detail)}};
    else if (call.outcome == "succeeded")
        status = {{"code", 1}};
    return {{"traceId", QByteArray(call.call).replace('-', "").toStdString()},
            {"spanId", sha256(view(call.call)).left(8).toHex().toStdString()},
            {"name", "tools/call " + call.tool.toStdString()},
            {"kind", 2}, // server: the call was made of us
            {"startTimeUnixNano", nanoseconds(call.received)},
            {"endTimeUnixNano", nanoseconds(ended)},
            {"attributes", std::move(attributes)},
            {"status", std::move(status)}};
}

Result<qint64> exportOtlp(const Database &database, QIODevice &out, std::optional<Milliseconds> since)
{
    QByteArray sql = QByteArrayLiteral("SELECT ") + kCallColumns + ", (SELECT time FROM rows WHERE rowid = calls.last) FROM calls";
    if (since)
        sql += " WHERE received >= " + QByteArray::number(qint64(since->count()));
    sql += " ORDER BY call";
    const Json resource{{"attributes", {attribute("service.name", "countersign"), attribute("service.version", COUNTERSIGN_VERSION)}}};
    return forEach(database.prepare(sql.constData()), [&](const Statement &row) {
        Json scope{{"scope", {{"name", "countersign.activity"}}}, {"spans", Json::array({spanOf(callFrom(row), row.integer(13))})}};
        return write(out, toBytes(Json{{"resourceSpans",
                                        Json::array({Json{{"resource", resource}, {"scopeSpans", Json::array({std::move(scope)})}}})}})
                              + '\n');
    });
}

} // namespace

std::optional<ExportFormat> exportFormatFrom(const QString &text)
{
    if (text == QLatin1String("jsonl"))
        return ExportFormat::Jsonl;
    if (text == QLatin1String("csv"))
        return ExportFormat::Csv;
    if (text == QLatin1String("otlp"))
        return ExportFormat::Otlp;
    return std::nullopt;
}

Result<qint64> exportLog(const QString &path, ExportFormat format, QIODevice &out, std::optional<Milliseconds> since)
{
    auto anchor = Anchor::read(Anchor::pathFor(path)); // before the rows: a writer at work can only be ahead of it
    const auto database = Database::open(path, Database::Mode::ReadOnly);
    const auto snapshot = database ? (*database)->execute("BEGIN") : Result<>();
    const QByteArray selectFirst = "SELECT min(rowid) FROM rows WHERE time >= " + QByteArray::number(since ? qint64(since->count()) : 0);
    const auto first = !since ? Result<qint64>(1) : database ? (*database)->number(selectFirst.constData()) : Result<qint64>(0);
    Result<qint64> written = !database ? failure(database.error()) : !snapshot ? failure(snapshot.error()) : first;
    if (written && *first == 0)
        return 0;
    if (written) {
        switch (format) {
        case ExportFormat::Jsonl:
            written = exportJsonl(**database, out, *first, anchor ? std::optional<Anchor>(std::move(*anchor)) : std::nullopt);
            break;
        case ExportFormat::Csv: written = exportCsv(**database, out, *first); break;
        case ExportFormat::Otlp: written = exportOtlp(**database, out, since); break;
        }
    }
    if (!written)
        return failure(written.error().kind, QStringLiteral("The activity log cannot be exported: %1").arg(written.error().message));
    return written;
}

} // namespace mcpcore
