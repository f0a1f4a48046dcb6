// SPDX-FileCopyrightText: 2026 The Countersign authors
// SPDX-License-Identifier: GPL-3.0-or-later
#include "audit/LogWriter.h"
#include "audit/CallTable.h"
#include "audit/HashChain.h"
#include "base/AtomicFile.h"
#include <QFileInfo>

namespace mcpcore {

namespace {

constexpr size_t kMostLaterRows = 4'096;
constexpr int kPagesPerCheckpoint = 1'000;
constexpr int kPagesTooMany = 32'000; // no pause for a background checkpoint to catch up in

std::string_view view(const QByteArray &bytes)
{
    return {bytes.constData(), size_t(bytes.size())};
}

} // namespace

LogWriter::LogWriter(QString path, QByteArray randomBytes)
    : m_path(std::move(path)), m_randomBytes(std::move(randomBytes)), m_records(Redactor(Secret(view(m_randomBytes).substr(16))))
{
    Q_ASSERT(m_randomBytes.size() == 48);
    m_background.setMaxThreadCount(1);
    m_background.setExpiryTimeout(2'000);
}

LogWriter::~LogWriter() = default;

void LogWriter::setKey(Secret key)
{
    const QByteArray forMarks = authenticationCode("redaction", key);
    m_records = RecordWriter(Redactor(Secret(view(forMarks))));
    m_key = std::move(key);
}

Anchor::Found LogWriter::useKey(Secret key, Milliseconds wall)
{
    const Anchor::Found found = !m_foundAnchor                     ? Anchor::Found::Missing
                                : !m_foundAnchor->isSigned()       ? Anchor::Found::Unsigned
                                : m_foundAnchor->isSignedWith(key) ? Anchor::Found::Signed
                                                                   : Anchor::Found::SignedByOther;
    setKey(std::move(key));
    // At once and here: a log that ever had a key has a signed anchor, whenever the program may end.
    if (found != Anchor::Found::Signed && m_opened)
        (void)writeFile(Anchor::pathFor(m_path), currentAnchor(wall).toBytes());
    return found;
}

void LogWriter::markWithoutKey()
{
    m_records = RecordWriter(Redactor(Secret()));
}

Result<qint64> LogWriter::write(std::vector<LogJob> jobs)
{
    Result<> ready = m_opened ? Result<>() : failure(Error::Kind::LogFailed, QStringLiteral("it is not open"));
    if (ready && m_failed)
        ready = reopen(jobs);
    if (ready && m_database->wasMoved())
        ready = failure(Error::Kind::LogFailed, QStringLiteral("the file was moved or deleted"));
    if (!m_later.empty()) {
        m_later.insert(m_later.end(), std::make_move_iterator(jobs.begin()), std::make_move_iterator(jobs.end()));
        jobs = std::exchange(m_later, {});
    }
    if (ready)
        ready = commit(jobs);
    if (!ready) {
        keepForLater(std::move(jobs));
        return failure(ready.error());
    }
    m_forgotten = 0;
    checkpointInBackground();
    return m_committed.sequence;
}

void LogWriter::keepForLater(std::vector<LogJob> jobs)
{
    m_failed = true;
    discard();
    for (LogJob &job : jobs) {
        if (job.ifFailed == LogJob::IfFailed::Forget)
            continue;
        if (m_later.size() < kMostLaterRows)
            m_later.push_back(std::move(job));
        else
            ++m_forgotten;
    }
}

Result<> LogWriter::commit(const std::vector<LogJob> &jobs)
{
    return inTransaction([&]() -> Result<> {
        for (const LogJob &job : jobs)
            if (auto placed = place(m_records.write(job)); !placed)
                return placed;
        return {};
    });
}

Result<> LogWriter::inTransaction(const std::function<Result<>()> &write)
{
    m_head = m_committed;
    m_touched.clear();
    Result<> done = m_database->begin();
    if (done)
        done = write();
    if (done)
        done = writeCalls();
    if (done)
        done = m_database->commit();
    if (!done) {
        m_database->rollback();
        return done;
    }
    m_committed = m_head;
    for (auto it = m_touched.cbegin(); it != m_touched.cend(); ++it)
        if (m_ledger.find(it.key())->isClosed())
            m_ledger.forget(it.key());
    return {};
}

// Chains and inserts the row whose record was written last.
Result<> LogWriter::place(const RowFacts &facts)
{
    if (!facts.call.isEmpty() && !m_touched.contains(facts.call)) {
        if (!m_ledger.find(facts.call))
            if (auto loaded = loadCall(facts.call); !loaded)
                return loaded;
        m_touched.insert(facts.call, m_ledger.find(facts.call) != nullptr);
    }
    const qint64 sequence = m_head.sequence + 1;
    const CallLedger::Derived derived = m_ledger.apply(sequence, facts);
    const QByteArray hash = chainHash(sequence, view(m_head.hash), m_records.record());
    m_insertRow.bind(1, sequence).bind(2, facts.time).bindText(3, view(facts.kind));
    if (facts.call.isEmpty())
        m_insertRow.bindNull(4);
    else
        m_insertRow.bindText(4, view(facts.call));
    m_insertRow.bind(5, derived.previous).bind(6, derived.open).bindBlob(7, view(hash)).bindBlob(8, m_records.record());
    m_head = {sequence, hash};
    return m_insertRow.run();
}

Result<> LogWriter::loadCall(const QByteArray &call)
{
    const auto found = m_selectCall.bindText(1, view(call)).step();
    if (!found)
        return failure(found.error());
    if (*found)
        m_ledger.insert(callFrom(m_selectCall));
    m_selectCall.reset();
    return {};
}

// Once for each call of the transaction, however many of its rows are in it.
Result<> LogWriter::writeCalls()
{
    for (auto it = m_touched.cbegin(); it != m_touched.cend(); ++it) {
        const CallState &state = *m_ledger.find(it.key());
        if (it.value()) {
            m_updateCall.bindText(1, view(state.call))
                .bind(2, state.last)
                .bindText(3, view(state.decision))
                .bindText(4, view(state.decidedBy));
            m_updateCall.bindText(5, view(state.outcome)).bindText(6, view(state.detail)).bind(7, state.took);
        } else {
            bindCall(m_insertCall, state);
        }
        if (auto done = (it.value() ? m_updateCall : m_insertCall).run(); !done)
            return done;
    }
    return {};
}

Anchor LogWriter::currentAnchor(Milliseconds wall) const
{
    Anchor anchor{m_logId, m_committed.sequence, m_committed.hash, wall, {}};
    if (m_key)
        anchor.sign(*m_key);
    return anchor;
}

void LogWriter::anchor(Milliseconds wall)
{
    if (m_opened && mayAnchor())
        m_background.start([bytes = currentAnchor(wall).toBytes(), path = Anchor::pathFor(m_path)] { (void)writeFile(path, bytes); });
}

void LogWriter::checkInBackground(std::function<void(QString)> damaged)
{
    if (QFileInfo(m_path).size() <= kLargeFile)
        return;
    m_background.start([path = m_path, damaged = std::move(damaged)] {
        const auto database = Database::open(path, Database::Mode::ReadOnly);
        if (!database)
            return;
        const auto checked = (*database)->checkStructure("quick_check");
        if (!checked || *checked != QLatin1String("ok"))
            damaged(checked ? *checked : checked.error().message);
    });
}

// A checkpoint beside the writer, so that no call waits for it. Skipped while the background thread is busy.
void LogWriter::checkpointInBackground()
{
    const int pages = m_database->walPages();
    if (pages > kPagesTooMany) {
        (void)m_database->checkpoint();
        m_checkpointedPages = 0;
        return;
    }
    m_checkpointedPages = std::min(m_checkpointedPages, pages);
    if (pages - m_checkpointedPages < kPagesPerCheckpoint)
        return;
    const bool started = m_background.tryStart([path = m_path] {
        if (!QFileInfo::exists(path))
            return;
        if (const auto database = Database::open(path, Database::Mode::ReadWrite))
            (void)(*database)->checkpoint();
    });
    if (started)
        m_checkpointedPages = pages;
}

void LogWriter::close(Milliseconds wall)
{
    m_background.waitForDone();
    if (m_database) {
        (void)m_database->checkpointAll();
        if (m_opened && mayAnchor())
            (void)writeFile(Anchor::pathFor(m_path), currentAnchor(wall).toBytes());
    }
    m_opened = false;
    discard();
}

void LogWriter::discard()
{
    m_insertRow = {};
    m_selectCall = {};
    m_insertCall = {};
    m_updateCall = {};
    m_database.reset();
    m_ledger = {};
    m_checkpointedPages = 0;
}

} // namespace mcpcore
