// SPDX-FileCopyrightText: 2026 The Countersign authors
// SPDX-License-Identifier: GPL-3.0-or-later
#include "audit/CallTable.h"
#include "audit/HashChain.h"
#include "audit/LogWriter.h"
#include "base/Json.h"
#include <QDateTime>
#include <QFile>
#include <QFileInfo>

// Opening the log, and opening it again after a failed write.

namespace mcpcore {

namespace {

constexpr qint64 kTailRows = 1'000;

std::string_view view(const QByteArray &bytes)
{
    return {bytes.constData(), size_t(bytes.size())};
}

tl::unexpected<Error> damaged(const QString &what)
{
    return failure(Error::Kind::LogFailed,
                   QStringLiteral("%1. Run \"countersignctl log verify\", then move the file away to start a new log").arg(what));
}

// The newest row of `kind`, or empty.
Result<QByteArray> newestRecord(const Database &database, const char *kind)
{
    auto select = database.prepare("SELECT record FROM rows WHERE call IS NULL AND kind = ? ORDER BY rowid DESC LIMIT 1");
    if (!select)
        return failure(select.error());
    const auto found = select->bindText(1, kind).step();
    if (!found)
        return failure(found.error());
    return *found ? QByteArray(select->bytes(0).data(), qsizetype(select->bytes(0).size())) : QByteArray();
}

// The member "detail" of a record, an object; empty when there is none.
QByteArray detailOf(const QByteArray &record)
{
    const auto parsed = parseJson(view(record));
    const Json *detail = parsed ? memberAt(*parsed, "detail") : nullptr;
    return detail && detail->is_object() ? toBytes(*detail) : QByteArray();
}

QString memberOf(const QByteArray &detail, std::string_view name)
{
    const auto parsed = parseJson(view(detail));
    return parsed ? stringAt(*parsed, name, {}) : QString();
}

} // namespace

Result<LogWriter::Opened> LogWriter::open(Milliseconds wall, Milliseconds monotonic)
{
    discard();
    m_opened = false;
    Opened opened;
    Result<> started = start(wall, monotonic);
    if (!started) {
        discard();
        // What cannot be read as a database is kept and a new log begins, which says so. One that can be read and was altered
        // is left where it is: going on would overwrite the only sign of it.
        if (const QString damage = Database::damageOf(m_path); !damage.isEmpty())
            if (const auto moved = moveAside(wall))
                started = start(wall, monotonic);
    }
    if (!started) {
        discard();
        return failure(started.error());
    }
    const CallOutcome unknown{
        CallOutcome::Kind::Unknown, QStringLiteral("Countersign ended before the answer came."), 0, {}, Milliseconds(-1)};
    const auto ended = endOpenCalls(0, LogRow::Kind::Recovery, unknown,
                                    QStringLiteral("Found at start: sent or about to be sent, outcome unknown."), wall, monotonic);
    const auto workspace = newestRecord(*m_database, "workspace");
    const auto seal = newestRecord(*m_database, "seal");
    const auto owner = newestRecord(*m_database, "owner");
    if (!ended || !workspace || !seal || !owner) {
        discard();
        return failure(!ended ? ended.error() : !workspace ? workspace.error() : !seal ? seal.error() : owner.error());
    }
    opened.outcomeUnknown = *ended;
    opened.rows = m_committed.sequence;
    opened.log = m_logId;
    opened.workspace = detailOf(*workspace);
    opened.seal = detailOf(*seal);
    opened.lastWorkspaceDigest = QByteArray::fromHex(memberOf(opened.workspace, "after").toLatin1());
    opened.ownedByApp = !owner->isEmpty();
    opened.movedAside = m_movedAside;
    opened.anchored = m_foundAnchor ? m_foundAnchor->sequence : 0;
    m_opened = true;
    m_failed = false;
    return opened;
}

Result<> LogWriter::start(Milliseconds wall, Milliseconds monotonic)
{
    if (auto ready = prepare(); !ready)
        return ready;
    if (QFileInfo(m_path).size() <= kLargeFile) {
        const auto sound = m_database->checkStructure("quick_check");
        if (!sound || *sound != QLatin1String("ok"))
            return damaged(sound ? *sound : sound.error().message);
    }
    const auto last = lastRow();
    if (!last)
        return failure(last.error());
    m_committed = *last;
    if (auto anchored = checkAnchor(); !anchored)
        return anchored;
    if (m_committed.sequence == 0)
        return writeGenesis(wall, monotonic);
    if (auto intact = checkTail(); !intact)
        return intact;
    return loadOpenCalls();
}

// The file with all that belongs to it gets another name. The new log begins with what the last anchor said of it.
Result<> LogWriter::moveAside(Milliseconds wall)
{
    const QFileInfo file(m_path);
    const QString time = QDateTime::fromMSecsSinceEpoch(wall.count()).toUTC().toString(QStringLiteral("yyyyMMdd'T'HHmmss'Z'"));
    const QString base = file.absolutePath() + QLatin1Char('/') + file.completeBaseName();
    QString kept = base + QStringLiteral(".damaged-") + time;
    for (int n = 2; QFileInfo::exists(kept + QStringLiteral(".db")); ++n)
        kept = base + QStringLiteral(".damaged-%1-%2").arg(time).arg(n);
    const auto anchor = Anchor::read(Anchor::pathFor(m_path));
    const auto move = [](const QString &from, const QString &to) {
        return !QFileInfo::exists(from) || (QFile::rename(from, to) && QFile::setPermissions(to, QFileDevice::ReadOwner));
    };
    // The database last: as long as it has its name, the next start does all of this again.
    if (!move(m_path + QStringLiteral("-wal"), kept + QStringLiteral(".db-wal"))
        || !move(m_path + QStringLiteral("-shm"), kept + QStringLiteral(".db-shm"))
        || !move(Anchor::pathFor(m_path), kept + QStringLiteral(".anchor")) || !move(m_path, kept + QStringLiteral(".db")))
        return failure(Error::Kind::FileFailed, QStringLiteral("the damaged log cannot be moved aside"));
    m_movedAside = kept + QStringLiteral(".db");
    Json previous{{"file", QFileInfo(m_movedAside).fileName()}};
    if (anchor) {
        previous["log"] = anchor->log;
        previous["sequence"] = anchor->sequence;
        previous["head"] = anchor->head.toHex().toStdString();
    }
    m_previousLog = toBytes(previous);
    return {};
}

Result<> LogWriter::prepare()
{
    auto database = Database::open(m_path, Database::Mode::ReadWrite);
    if (!database)
        return failure(database.error());
    m_database = std::move(*database);
    if (auto migrated = m_database->migrate(activityMigrations()); !migrated)
        return migrated;
    const auto prepareInto = [this](Statement &statement, const QByteArray &sql) -> Result<> {
        auto prepared = m_database->prepare(sql.constData());
        if (!prepared)
            return failure(prepared.error());
        statement = std::move(*prepared);
        return {};
    };
    Result<> done = prepareInto(m_insertRow,
                                "INSERT INTO rows (rowid, time, kind, call, previous, open, hash, record) VALUES (?, ?, ?, ?, ?, ?, ?, ?)");
    if (done)
        done = prepareInto(m_selectCall, QByteArrayLiteral("SELECT ") + kCallColumns + " FROM calls WHERE call = ?");
    if (done)
        done = prepareInto(m_insertCall,
                           QByteArrayLiteral("INSERT INTO calls (") + kCallColumns + ") VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?)");
    if (done)
        done =
            prepareInto(m_updateCall,
                        "UPDATE calls SET last = ?2, decision = ?3, decided_by = ?4, outcome = ?5, detail = ?6, took = ?7 WHERE call = ?1");
    return done;
}

// After a failed write it is not known whether the rows reached the disk (a sync may fail after the write). The file says.
Result<> LogWriter::reopen(const std::vector<LogJob> &next)
{
    discard();
    if (!QFileInfo::exists(m_path))
        return failure(Error::Kind::LogFailed, QStringLiteral("the file was moved or deleted"));
    if (auto ready = prepare(); !ready)
        return ready;
    // A failed sync is not repeated by syncing again: all of the WAL goes into the file by another way.
    if (auto safe = m_database->checkpointAll(); !safe)
        return safe;
    const auto last = lastRow();
    auto known = m_database->prepare("SELECT hash FROM rows WHERE rowid = ?");
    if (!last || !known)
        return failure(last ? known.error() : last.error());
    const auto found = known->bind(1, m_committed.sequence).step();
    if (!found || !*found || known->bytes(0) != view(m_committed.hash))
        return damaged(QStringLiteral("the file is no longer the log that was open"));
    known->reset();
    const qint64 promised = std::exchange(m_committed, *last).sequence;
    if (auto loaded = loadOpenCalls(); !loaded)
        return loaded;
    const Milliseconds wall = next.empty() ? Milliseconds() : next.front().wall;
    const Milliseconds monotonic = next.empty() ? Milliseconds() : next.front().monotonic;
    if (last->sequence > promised) {
        m_later.clear();
        const CallOutcome notSent{CallOutcome::Kind::Failed, QStringLiteral("Not sent: the activity log could not be written."), 0, {}, {}};
        if (auto ended = endOpenCalls(promised, LogRow::Kind::Outcome, notSent, {}, wall, monotonic); !ended)
            return failure(ended.error());
    }
    if (m_forgotten > 0) {
        LogRow row{LogRow::Kind::Recovery,
                   {},
                   QStringLiteral("%1 rows were lost while the activity log could not be written.").arg(m_forgotten),
                   {}};
        m_later.insert(m_later.begin(), LogJob{std::move(row), {}, {}, wall, monotonic, LogJob::IfFailed::Forget});
    }
    m_failed = false;
    return {};
}

Result<LogWriter::Head> LogWriter::lastRow() const
{
    auto select = m_database->prepare("SELECT rowid, hash FROM rows ORDER BY rowid DESC LIMIT 1");
    if (!select)
        return failure(select.error());
    const auto found = select->step();
    if (!found)
        return failure(found.error());
    if (!*found)
        return Head{0, hashBeforeFirstRow()};
    return Head{select->integer(0), QByteArray(select->bytes(1).data(), qsizetype(select->bytes(1).size()))};
}

Result<> LogWriter::writeGenesis(Milliseconds wall, Milliseconds monotonic)
{
    m_logId = QString::fromLatin1(m_randomBytes.left(16).toHex());
    LogRow row{LogRow::Kind::Genesis, {}, QStringLiteral("The activity log begins."), "{\"log\":\"" + m_logId.toLatin1() + "\"}"};
    if (!m_previousLog.isEmpty()) {
        row.title = QStringLiteral("The activity log begins anew: the one before was damaged and is kept as %1.")
                        .arg(QFileInfo(m_movedAside).fileName());
        row.detail.chop(1);
        row.detail += ",\"previous\":" + m_previousLog + '}';
    }
    return commit({LogJob{std::move(row), {}, {}, wall, monotonic, LogJob::IfFailed::Forget}});
}

Result<> LogWriter::checkTail() const
{
    auto select = m_database->prepare("SELECT rowid, hash, record FROM rows WHERE rowid >= ? ORDER BY rowid");
    if (!select)
        return failure(select.error());
    const qint64 first = std::max<qint64>(0, m_committed.sequence - kTailRows);
    select->bind(1, first);
    QByteArray previous = first == 0 ? hashBeforeFirstRow() : QByteArray();
    for (qint64 expected = std::max<qint64>(1, first);; ++expected) {
        const auto row = select->step();
        if (!row)
            return damaged(row.error().message);
        if (!*row)
            return {};
        if (select->integer(0) != expected || select->bytes(1).size() != 32
            || (!previous.isEmpty() && view(chainHash(expected, view(previous), select->bytes(2))) != select->bytes(1)))
            return damaged(QStringLiteral("row %1 was altered").arg(expected));
        previous = QByteArray(select->bytes(1).data(), 32);
    }
}

Result<> LogWriter::readLogId()
{
    auto select = m_database->prepare("SELECT record FROM rows WHERE rowid = 1");
    if (!select)
        return failure(select.error());
    const auto found = select->step();
    if (!found)
        return failure(found.error());
    m_logId = *found ? memberOf(detailOf(QByteArray(select->bytes(0).data(), qsizetype(select->bytes(0).size()))), "log") : QString();
    return {};
}

// A log behind its anchor lost rows or was exchanged: going on would overwrite the only sign of it.
Result<> LogWriter::checkAnchor()
{
    if (auto read = readLogId(); !read)
        return read;
    m_foundAnchor.reset();
    const QString path = Anchor::pathFor(m_path);
    const auto refuse = [&path](const QString &what) {
        return failure(Error::Kind::LogFailed, QStringLiteral("%1. Move %2 away to go on with the log as it is").arg(what, path));
    };
    const auto anchor = Anchor::read(path);
    if (!anchor)
        return anchor.error().kind == Error::Kind::NotFound ? Result<>() : refuse(QStringLiteral("its anchor cannot be read"));
    m_foundAnchor = *anchor;
    if (m_key && anchor->isSigned() && !anchor->isSignedWith(*m_key))
        return refuse(QStringLiteral("its anchor was altered or made with another key"));
    if (anchor->log != m_logId)
        return refuse(QStringLiteral("the anchor belongs to another log: this one was exchanged"));
    if (anchor->sequence > m_committed.sequence)
        return refuse(QStringLiteral("rows %1 to %2 are missing").arg(m_committed.sequence + 1).arg(anchor->sequence));
    auto select = m_database->prepare("SELECT hash FROM rows WHERE rowid = ?");
    if (!select)
        return failure(select.error());
    const auto found = select->bind(1, anchor->sequence).step();
    if (!found || !*found || select->bytes(0) != view(anchor->head))
        return refuse(QStringLiteral("row %1 is not the anchored one: the log was rewritten").arg(anchor->sequence));
    return {};
}

Result<> LogWriter::loadOpenCalls()
{
    m_ledger = {};
    const auto oldest = m_database->number("SELECT open FROM rows ORDER BY rowid DESC LIMIT 1");
    if (!oldest)
        return failure(oldest.error());
    if (*oldest == 0)
        return {};
    auto select = m_database->prepare("SELECT rowid, call FROM rows WHERE rowid >= ? AND kind = 'intent' ORDER BY rowid");
    if (!select)
        return failure(select.error());
    select->bind(1, *oldest);
    for (;;) {
        const auto row = select->step();
        if (!row)
            return failure(row.error());
        if (!*row)
            return {};
        const QByteArray call(select->bytes(1).data(), qsizetype(select->bytes(1).size()));
        if (m_ledger.find(call))
            continue;
        if (auto loaded = loadCall(call); !loaded)
            return loaded;
        const CallState *state = m_ledger.find(call);
        if (!state)
            return damaged(QStringLiteral("a call of row %1 is not listed").arg(select->integer(0)));
        CallState open = *state;
        m_ledger.forget(call);
        if (open.outcome.isEmpty()) {
            open.intent = select->integer(0);
            m_ledger.insert(std::move(open));
        }
    }
}

Result<QList<CallSummary>> LogWriter::endOpenCalls(qint64 sequence, LogRow::Kind kind, const CallOutcome &outcome, const QString &title,
                                                   Milliseconds wall, Milliseconds monotonic)
{
    QList<CallSummary> summaries;
    const QList<CallState> open = m_ledger.open();
    if (open.isEmpty())
        return summaries;
    const auto done = inTransaction([&]() -> Result<> {
        for (const CallState &state : open) {
            if (state.intent <= sequence)
                continue;
            RowFacts facts;
            facts.kind = toText(kind).toUtf8();
            facts.time = wall.count();
            facts.call = state.call;
            facts.client = state.client;
            facts.connection = state.connection;
            facts.environment = state.environment;
            facts.environmentKind = state.environmentKind;
            facts.tool = state.tool;
            facts.outcome = toText(outcome.kind).toUtf8();
            facts.outcomeDetail = outcome.detail.toUtf8();
            facts.took = outcome.took.count();
            facts.title = title.toUtf8();
            m_records.write(facts, monotonic);
            if (auto placed = place(facts); !placed)
                return placed;
            summaries.append(summaryOf(*m_ledger.find(state.call)));
        }
        return {};
    });
    return done ? Result<QList<CallSummary>>(summaries) : failure(done.error());
}

} // namespace mcpcore
