// SPDX-FileCopyrightText: 2026 The Countersign authors
// SPDX-License-Identifier: GPL-3.0-or-later
#include "audit/LogReader.h"
#include "audit/CallTable.h"

namespace mcpcore {

namespace {

constexpr char kRowColumns[] = "SELECT rowid, hash, record, previous FROM rows ";

QByteArray toByteArray(std::string_view bytes)
{
    return {bytes.data(), qsizetype(bytes.size())};
}

tl::unexpected<Error> cannotRead(const Error &error)
{
    return failure(error.kind, QStringLiteral("The activity log cannot be read: %1.").arg(error.message));
}

Result<LogEntry> entryFrom(const Statement &row)
{
    const auto facts = factsOf(row.bytes(2));
    if (!facts)
        return failure(facts.error());
    const auto text = [](const QByteArray &utf8) { return QString::fromUtf8(utf8); };
    return LogEntry{row.integer(0),
                    std::chrono::milliseconds(facts->time),
                    text(facts->kind),
                    text(facts->call),
                    text(facts->client),
                    text(facts->connection),
                    text(facts->environment),
                    text(facts->environmentKind),
                    text(facts->tool),
                    titleOf(*facts),
                    toByteArray(row.bytes(2)),
                    toByteArray(row.bytes(1))};
}

} // namespace

struct LogReader::Private {
    std::unique_ptr<Database> database;

    // The newest call that has a row at or before `sequence`: pages begin below it.
    Result<QByteArray> callAt(qint64 sequence) const;
    Result<std::vector<CallState>> callsWithPrefix(const QByteArray &prefix, int count) const;
};

LogReader::LogReader() = default;
LogReader::~LogReader() = default;

Result<std::unique_ptr<LogReader>> LogReader::open(const QString &path)
{
    auto database = Database::open(path, Database::Mode::ReadOnly);
    if (!database)
        return cannotRead(database.error());
    std::unique_ptr<LogReader> reader(new LogReader);
    reader->d = std::make_unique<Private>();
    reader->d->database = std::move(*database);
    if (const auto rows = reader->rowCount(); !rows)
        return failure(rows.error());
    return reader;
}

Result<QList<CallSummary>> LogReader::calls(const Filter &filter, qint64 beforeSequence, int count) const
{
    QByteArray sql = QByteArrayLiteral("SELECT ") + kCallColumns + " FROM calls WHERE 1";
    std::vector<QByteArray> texts;
    const auto where = [&](const char *condition, const QString &value) {
        if (value.isEmpty())
            return;
        sql += condition;
        texts.push_back(value.toUtf8());
    };
    if (beforeSequence > 0) {
        const auto before = d->callAt(beforeSequence);
        if (!before)
            return cannotRead(before.error());
        if (before->isEmpty())
            return QList<CallSummary>();
        where(" AND call < ?", QString::fromUtf8(*before));
    }
    where(" AND client = ?", filter.client);
    where(" AND connection = ?", filter.connection);
    where(" AND environment = ?", filter.environment);
    where(" AND tool = ?", filter.tool);
    where(" AND decision = ?", filter.decision);
    if (filter.since)
        sql += " AND received >= " + QByteArray::number(qint64(filter.since->count()));
    sql += " ORDER BY call DESC LIMIT " + QByteArray::number(std::max(count, 0));
    auto select = d->database->prepare(sql.constData());
    if (!select)
        return cannotRead(select.error());
    for (size_t i = 0; i < texts.size(); ++i)
        select->bindText(int(i) + 1, {texts[i].constData(), size_t(texts[i].size())});
    QList<CallSummary> calls;
    for (;;) {
        const auto row = select->step();
        if (!row)
            return cannotRead(row.error());
        if (!*row)
            return calls;
        calls.append(summaryOf(callFrom(*select)));
    }
}

Result<QByteArray> LogReader::Private::callAt(qint64 sequence) const
{
    auto select = database->prepare("SELECT call FROM rows WHERE rowid <= ? AND call IS NOT NULL ORDER BY rowid DESC LIMIT 1");
    if (!select)
        return failure(select.error());
    const auto row = select->bind(1, sequence).step();
    if (!row)
        return failure(row.error());
    return *row ? toByteArray(select->bytes(0)) : QByteArray();
}

Result<std::vector<CallState>> LogReader::Private::callsWithPrefix(const QByteArray &prefix, int count) const
{
    const QByteArray sql = QByteArrayLiteral("SELECT ") + kCallColumns + " FROM calls WHERE call >= ? AND call < ? ORDER BY call LIMIT "
                           + QByteArray::number(count);
    const QByteArray above = prefix + "\xf4\x8f\xbf\xbf"; // the last character there is
    auto select = database->prepare(sql.constData());
    if (!select)
        return failure(select.error());
    select->bindText(1, {prefix.constData(), size_t(prefix.size())}).bindText(2, {above.constData(), size_t(above.size())});
    std::vector<CallState> calls;
    for (;;) {
        const auto row = select->step();
        if (!row)
            return failure(row.error());
        if (!*row)
            return calls;
        calls.push_back(callFrom(*select));
    }
}

Result<QList<LogEntry>> LogReader::story(const QString &call) const
{
    const auto matching = d->callsWithPrefix(call.toUtf8(), 2);
    if (!matching)
        return cannotRead(matching.error());
    if (matching->empty() || call.isEmpty())
        return failure(Error::Kind::NotFound, QStringLiteral("The activity log has no call %1.").arg(call));
    if (matching->size() > 1 && matching->front().call != call.toUtf8())
        return failure(Error::Kind::Conflict, QStringLiteral("More than one call begins with %1. Give more of its id.").arg(call));
    auto select = d->database->prepare((QByteArray(kRowColumns) + "WHERE rowid = ?").constData());
    if (!select)
        return cannotRead(select.error());
    QList<LogEntry> story;
    for (qint64 sequence = matching->front().last; sequence > 0;) {
        const auto found = select->bind(1, sequence).step();
        if (!found || !*found)
            return cannotRead(found ? Error{Error::Kind::FileFailed, QStringLiteral("row %1 is missing").arg(sequence)} : found.error());
        auto entry = entryFrom(*select);
        if (!entry)
            return cannotRead(entry.error());
        const qint64 previous = select->integer(3);
        select->reset();
        story.prepend(std::move(*entry));
        sequence = previous < sequence ? previous : 0;
    }
    return story;
}

Result<QList<LogEntry>> LogReader::rowsAfter(qint64 sequence, int count) const
{
    auto select = d->database->prepare((QByteArray(kRowColumns) + "WHERE rowid > ? ORDER BY rowid LIMIT ?").constData());
    if (!select)
        return cannotRead(select.error());
    select->bind(1, sequence).bind(2, std::max(count, 0));
    QList<LogEntry> rows;
    for (;;) {
        const auto row = select->step();
        if (!row)
            return cannotRead(row.error());
        if (!*row)
            return rows;
        auto entry = entryFrom(*select);
        if (!entry)
            return cannotRead(entry.error());
        rows.append(std::move(*entry));
    }
}

// Only records have the key: no column and no index is for it, and none is worth its cost on the path of every call.
Result<QList<KeyUse>> LogReader::keyUses(qint64 rows) const
{
    const auto newest = rowCount();
    if (!newest)
        return failure(newest.error());
    auto select = d->database->prepare("SELECT record FROM rows WHERE rowid > ? AND kind = 'intent' ORDER BY rowid DESC");
    if (!select)
        return cannotRead(select.error());
    select->bind(1, *newest - rows);
    QList<KeyUse> uses;
    for (;;) {
        const auto row = select->step();
        if (!row)
            return cannotRead(row.error());
        if (!*row)
            return uses;
        const auto facts = factsOf(select->bytes(0));
        if (!facts)
            return failure(facts.error());
        const QString key = QString::fromUtf8(facts->key), client = QString::fromUtf8(facts->client);
        const auto isKnown = [&](const KeyUse &use) { return use.key == key && use.client == client; };
        if (!key.isEmpty() && std::none_of(uses.begin(), uses.end(), isKnown))
            uses.append({key, client, std::chrono::milliseconds(facts->time)});
    }
}

Result<qint64> LogReader::rowCount() const
{
    const auto last = d->database->number("SELECT max(rowid) FROM rows"); // sequences have no gaps
    return last ? *last : Result<qint64>(cannotRead(last.error()));
}

} // namespace mcpcore
