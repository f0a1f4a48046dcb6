// SPDX-FileCopyrightText: 2026 The Countersign authors
// SPDX-License-Identifier: GPL-3.0-or-later
#include "audit/Verifier.h"
#include "audit/CallTable.h"
#include "audit/ChainCheck.h"
#include "audit/ExportHeader.h"
#include "audit/HashChain.h"
#include "base/Json.h"
#include "store/WalCheck.h"
#include <QFile>
#include <QStringList>

namespace mcpcore {

namespace {

using Status = Verification::Status;

std::string_view view(const QByteArray &bytes)
{
    return {bytes.constData(), size_t(bytes.size())};
}

// Every statement that makes up the schema, in a fixed order.
Result<QStringList> schemaOf(const Database &database)
{
    auto select = database.prepare("SELECT rowid, quote(type), quote(name), quote(tbl_name), quote(sql) FROM sqlite_schema ORDER BY rowid");
    if (!select)
        return failure(select.error());
    QStringList schema;
    for (;;) {
        const auto row = select->step();
        if (!row)
            return failure(row.error());
        if (!*row)
            return schema;
        for (int column = 0; column < 5; ++column)
            schema << select->text(column);
    }
}

// Checks an activity.db: derives everything anew from the records and compares.
class DatabaseCheck
{
public:
    DatabaseCheck(const Database &database, ChainCheck &check) : m_database(database), m_check(check) {}

    void run()
    {
        if (!checkSchema() || !checkRows() || !checkCalls())
            return;
        const auto structure = m_database.checkStructure("integrity_check");
        if (!structure || *structure != QLatin1String("ok"))
            m_check.tampered("structure", 0, structure ? *structure : structure.error().message);
    }

private:
    bool checkSchema()
    {
        const auto version = m_database.schemaVersion();
        const std::vector<const char *> &known = activityMigrations();
        if (!version)
            return m_check.tampered("structure", 0, version.error().message);
        if (*version < 1 || *version > qint64(known.size()))
            return m_check.unreadable(*version < 1
                                          ? QStringLiteral("This is no activity log.")
                                          : QStringLiteral("A newer version of Countersign wrote this log. Check it with that one."));
        const auto expected = Database::inMemory();
        if (!expected || !(*expected)->migrate({known.begin(), known.begin() + *version}))
            return m_check.unreadable(QStringLiteral("The expected schema cannot be built."));
        const auto found = schemaOf(m_database);
        const auto wanted = schemaOf(**expected);
        if (!found)
            return m_check.tampered("structure", 0, found.error().message);
        return *found == *wanted
               || m_check.tampered("schema", 0, QStringLiteral("tables, indexes or triggers are not those of an activity log"));
    }

    bool checkRows()
    {
        auto select = m_database.prepare("SELECT rowid, hash, record, time, kind, call, previous, open FROM rows ORDER BY rowid");
        auto call = m_database.prepare((QByteArrayLiteral("SELECT ") + kCallColumns + " FROM calls WHERE call = ?").constData());
        if (!select || !call)
            return m_check.tampered("structure", 0, select ? call.error().message : select.error().message);
        m_selectCall = std::move(*call);
        for (;;) {
            const auto row = select->step();
            const qint64 sequence = m_check.found.rows + 1;
            if (!row)
                return m_check.tampered("structure", sequence, row.error().message);
            if (!*row)
                return sequence > 1 || m_check.truncated(QStringLiteral("The log has no rows, not even its first."));
            if (select->type(0) != Statement::Type::Integer || select->integer(0) != sequence)
                return m_check.tampered("sequence", sequence, QStringLiteral("it is missing or out of order"));
            if (select->type(1) != Statement::Type::Blob || select->type(2) != Statement::Type::Blob)
                return m_check.tampered("columns", sequence, QStringLiteral("hash or record is not of its type"));
            if (!m_check.chain(sequence, select->bytes(1), select->bytes(2)) || !checkColumns(*select, sequence))
                return false;
        }
    }

    bool checkColumns(const Statement &row, qint64 sequence)
    {
        const auto facts = factsOf(row.bytes(2));
        if (!facts || (sequence == 1) != (facts->kind == "genesis"))
            return m_check.tampered("record", sequence,
                                    facts ? QStringLiteral("its kind is not one for its place") : facts.error().message);
        const CallLedger::Derived derived = m_ledger.apply(sequence, *facts);
        using Type = Statement::Type;
        const bool callAgrees =
            facts->call.isEmpty() ? row.type(5) == Type::Null : row.type(5) == Type::Text && row.bytes(5) == view(facts->call);
        const bool agree = row.type(3) == Type::Integer && row.integer(3) == facts->time && row.type(4) == Type::Text
                           && row.bytes(4) == view(facts->kind) && callAgrees && row.type(6) == Type::Integer
                           && row.integer(6) == derived.previous && row.type(7) == Type::Integer && row.integer(7) == derived.open;
        if (!agree)
            return m_check.tampered("columns", sequence, QStringLiteral("a column says other than the record"));
        // The last row of a call that is over: its summary must say what the rows said. Others are compared at the end.
        if (const CallState *state = m_ledger.find(facts->call); state && state->isClosed()) {
            const auto listed = this->listed(state->call);
            if (!listed)
                return m_check.tampered("calls", sequence, listed.error().message);
            if (listed->last == sequence) {
                if (*listed != *state)
                    return m_check.tampered(
                        "calls", sequence,
                        QStringLiteral("the summary of call %1 says other than its rows").arg(QString::fromUtf8(state->call)));
                m_ledger.forget(facts->call);
                ++m_compared;
            }
        }
        return true;
    }

    Result<CallState> listed(const QByteArray &call)
    {
        const auto found = m_selectCall.bindText(1, view(call)).step();
        if (!found || !*found)
            return failure(found ? Error{Error::Kind::NotFound, QStringLiteral("call %1 has no summary").arg(QString::fromUtf8(call))}
                                 : found.error());
        for (int column = 0; column < 13; ++column) {
            const bool isNumber = column == 1 || column == 2 || column == 12;
            if (m_selectCall.type(column) != (isNumber ? Statement::Type::Integer : Statement::Type::Text)) {
                m_selectCall.reset();
                return failure(Error::Kind::InvalidRequest, QStringLiteral("a column of a summary is not of its type"));
            }
        }
        CallState state = callFrom(m_selectCall);
        m_selectCall.reset();
        return state;
    }

    bool checkCalls()
    {
        for (CallState state : m_ledger.states()) {
            const auto listed = this->listed(state.call);
            state.intent = 0; // not in the table
            if (!listed || *listed != state)
                return m_check.tampered(
                    "calls", state.last,
                    QStringLiteral("the summary of call %1 says other than its rows").arg(QString::fromUtf8(state.call)));
            ++m_compared;
        }
        const auto count = m_database.number("SELECT count(*) FROM calls");
        if (!count || *count != m_compared)
            return m_check.tampered("calls", 0,
                                    count ? QStringLiteral("there are summaries of calls without rows") : count.error().message);
        return true;
    }

    const Database &m_database;
    ChainCheck &m_check;
    Statement m_selectCall;
    CallLedger m_ledger;
    qint64 m_compared = 0;
};

void checkDatabase(const QString &path, ChainCheck &check)
{
    // Read before the rows are: a writer at work can only be ahead of it.
    const auto anchor = Anchor::read(Anchor::pathFor(path));
    const QString walDamage = damageOfWal(path);
    const auto database = Database::open(path, Database::Mode::ReadOnly);
    if (!database) {
        check.unreadable(QStringLiteral("It cannot be read as an activity log: %1.").arg(database.error().message));
        return;
    }
    if (const auto snapshot = (*database)->execute("BEGIN"); !snapshot) {
        check.unreadable(QStringLiteral("It cannot be read as an activity log: %1.").arg(snapshot.error().message));
        return;
    }
    if (anchor)
        check.expect(*anchor);
    DatabaseCheck(**database, check).run();
    if (check.isIntact() && !walDamage.isEmpty())
        check.tampered("structure", 0, walDamage);
    if (check.isIntact() && !anchor && anchor.error().kind != Error::Kind::NotFound)
        check.tampered("anchor", 0, QStringLiteral("the anchor file cannot be read"));
    if (check.isIntact())
        check.compareWith(anchor ? std::optional<Anchor>(*anchor) : std::nullopt);
}

void checkExport(QFile &file, ChainCheck &check)
{
    const auto header = ExportHeader::fromLine(file.readLine(1024 * 1024));
    if (!header) {
        check.unreadable(QStringLiteral("This is neither an activity log nor an export of one."));
        return;
    }
    if (header->first == 1 && header->before != hashBeforeFirstRow()) {
        check.tampered("form", 0, QStringLiteral("the first line contradicts itself"));
        return;
    }
    check.startAt(header->first, header->before);
    check.found.log = header->log;
    if (header->anchor)
        check.expect(*header->anchor);
    qint64 expected = header->first;
    while (!file.atEnd()) {
        const QByteArray bytes = file.readLine();
        const auto line = ExportLine::fromLine(view(bytes));
        if (!line) {
            if (file.atEnd() && !bytes.endsWith('\n'))
                break; // cut off in the middle of a line
            check.tampered("form", expected, line.error().message);
            return;
        }
        if (line->sequence != expected || expected > header->last) {
            check.tampered("sequence", expected, QStringLiteral("it is missing or out of order"));
            return;
        }
        if (!check.chain(expected, view(line->hash), line->record))
            return;
        const auto facts = factsOf(line->record);
        if (!facts || (expected == 1) != (facts->kind == "genesis")) {
            check.tampered("record", expected, facts ? QStringLiteral("its kind is not one for its place") : facts.error().message);
            return;
        }
        ++expected;
    }
    if (expected <= header->last)
        check.truncated(QStringLiteral("Rows %1 to %2 are missing.").arg(expected).arg(header->last));
    else if (check.found.log != header->log)
        check.tampered("form", 0, QStringLiteral("the first line names another log"));
    else if (check.found.head != header->head)
        check.tampered("hash", header->last, QStringLiteral("it is not the row that the first line names"));
    else
        check.compareWith(header->anchor);
}

} // namespace

QString toText(Verification::Status status)
{
    switch (status) {
    case Status::Intact: return QStringLiteral("intact");
    case Status::Tampered: return QStringLiteral("tampered");
    case Status::Truncated: return QStringLiteral("truncated");
    case Status::Unreadable: return QStringLiteral("unreadable");
    }
    Q_UNREACHABLE();
}

QString toText(Verification::AnchorState anchor)
{
    switch (anchor) {
    case Verification::AnchorState::None: return QStringLiteral("none");
    case Verification::AnchorState::Unsigned: return QStringLiteral("unsigned");
    case Verification::AnchorState::NotChecked: return QStringLiteral("not checked");
    case Verification::AnchorState::Valid: return QStringLiteral("signed");
    }
    Q_UNREACHABLE();
}

Verification verifyLog(const QString &path, const Secret *key)
{
    ChainCheck check(key);
    QFile file(path);
    if (!file.open(QIODevice::ReadOnly))
        check.unreadable(QStringLiteral("%1 cannot be read: %2.").arg(path, file.errorString()));
    else if (file.peek(1) == "{")
        checkExport(file, check);
    else
        checkDatabase(path, check);
    return check.take();
}

} // namespace mcpcore
