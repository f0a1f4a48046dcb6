// SPDX-FileCopyrightText: 2026 The Countersign authors
// SPDX-License-Identifier: GPL-3.0-or-later
#include "audit/ActivityLog.h"
#include "audit/LogWriter.h"
#include "base/EventLoop.h"
#include "base/Post.h"

namespace mcpcore {

namespace {

constexpr qint64 kRowsPerAnchor = 64;
constexpr Milliseconds kAnchorAtLatest{60'000};
constexpr Milliseconds kAnchorNotBefore{100};

QString notSent()
{
    return QStringLiteral("Not sent: the activity log cannot be written (%1). Free space on the disk or check the file, then try again.");
}

QString notWritten()
{
    return QStringLiteral("The activity log cannot be written (%1). Free space on the disk or check the file.");
}

} // namespace

ActivityLog::ActivityLog(QString path, const Clock &clock, Ids &ids, QObject *parent)
    : QObject(parent), m_path(std::move(path)), m_clock(clock), m_writer(new LogWriter(m_path, ids.randomBytes(48)))
{
    m_thread.setObjectName(QStringLiteral("log"));
    m_writer->moveToThread(&m_thread);
    connect(&m_thread, &QThread::finished, m_writer, &QObject::deleteLater);
    useScalingEventLoop(m_thread);
    m_thread.start();
}

ActivityLog::~ActivityLog()
{
    // The writer takes these after the batch it may be busy with; nobody is answered any more.
    post(m_writer, [writer = m_writer, jobs = std::move(m_jobs), wall = m_clock.wall()]() mutable {
        if (!jobs.empty())
            (void)writer->write(std::move(jobs));
        writer->close(wall);
        QThread::currentThread()->quit();
    });
    m_thread.wait();
}

void ActivityLog::setKey(Secret key)
{
    post(m_writer, [writer = m_writer, key = std::move(key)]() mutable { writer->setKey(std::move(key)); });
}

void ActivityLog::setKey(Secret key, Completion<Anchor::Found> done)
{
    auto waiting = std::make_shared<Completion<Anchor::Found>>(std::move(done));
    post(m_writer, [this, writer = m_writer, key = std::move(key), wall = m_clock.wall(), waiting]() mutable {
        const Anchor::Found found = writer->useKey(std::move(key), wall);
        post(this, [waiting = std::move(waiting), found] { (*waiting)(found); });
    });
}

void ActivityLog::markWithoutKey()
{
    post(m_writer, [writer = m_writer] { writer->markWithoutKey(); });
}

void ActivityLog::open(Completion<Opened> done)
{
    // Completions stay in this thread: the writer carries the answer back to where this one waits.
    auto waiting = std::make_shared<Completion<Opened>>(std::move(done));
    auto answer = [this, waiting](Result<LogWriter::Opened> opened) {
        if (!opened) {
            setBroken(opened.error().message);
            return (*waiting)(
                failure(Error::Kind::LogFailed, QStringLiteral("The activity log cannot be opened: %1.").arg(opened.error().message)));
        }
        m_broken = !m_damage.isEmpty();
        m_last = opened->rows;
        m_anchored = opened->anchored;
        anchorInTime();
        post(m_writer, [this, writer = m_writer] {
            writer->checkInBackground([this](const QString &damage) {
                post(this, [this, damage] {
                    m_damage = damage;
                    setBroken(damage);
                });
            });
        });
        (*waiting)(Opened{opened->rows, opened->lastWorkspaceDigest, opened->ownedByApp, opened->log, opened->workspace, opened->seal,
                          opened->movedAside, opened->outcomeUnknown});
    };
    post(m_writer, [this, writer = m_writer, wall = m_clock.wall(), monotonic = m_clock.monotonic(), answer = std::move(answer)]() mutable {
        auto opened = writer->open(wall, monotonic);
        post(this, [answer = std::move(answer), opened = std::move(opened)]() mutable { answer(std::move(opened)); });
    });
}

LogJob ActivityLog::jobFor(LogRow row) const
{
    return {std::move(row), {}, {}, m_clock.wall(), m_clock.monotonic(), LogJob::IfFailed::WriteLater};
}

void ActivityLog::queue(LogJob job)
{
    m_jobs.push_back(std::move(job));
}

void ActivityLog::append(LogRow row)
{
    queue(jobFor(std::move(row)));
    sendLater();
}

void ActivityLog::append(LogRow row, Completion<> durable)
{
    const bool isCall = row.call != nullptr;
    LogJob job = jobFor(std::move(row));
    job.ifFailed = LogJob::IfFailed::Forget;
    queue(std::move(job));
    queueAndSend({{}, {}, std::move(durable), isCall ? notSent() : notWritten()});
}

void ActivityLog::deny(ToolCallPtr call, const Decision &decision, Completion<> written)
{
    LogJob job = jobFor({LogRow::Kind::Decision, std::move(call), {}, {}});
    job.decision = decision;
    job.decision->outcome = Decision::Outcome::Denied;
    queue(std::move(job));
    if (!written)
        return sendLater();
    queueAndSend({{}, {}, std::move(written), notWritten()});
}

void ActivityLog::authorise(ToolCallPtr call, const Decision &decision, Completion<ApprovedCall> done)
{
    if (decision.outcome != Decision::Outcome::Allowed)
        return done(failure(Error::Kind::Denied, QStringLiteral("Not sent: the call was denied.")));
    if (!m_damage.isEmpty())
        return done(failure(Error::Kind::LogFailed, notSent().arg(m_damage)));
    LogJob decided = jobFor({LogRow::Kind::Decision, call, {}, {}});
    decided.decision = decision;
    decided.ifFailed = LogJob::IfFailed::Forget;
    LogJob intent = jobFor({LogRow::Kind::Intent, call, {}, {}});
    intent.ifFailed = LogJob::IfFailed::Forget;
    queue(std::move(decided));
    queue(std::move(intent));
    queueAndSend({std::move(call), std::move(done), {}, notSent()});
}

void ActivityLog::finish(ToolCallPtr call, const CallOutcome &outcome, Completion<> durable)
{
    LogJob job = jobFor({LogRow::Kind::Outcome, std::move(call), {}, {}});
    job.outcome = outcome;
    queue(std::move(job));
    queueAndSend({{}, {}, std::move(durable), notWritten()});
}

void ActivityLog::queueAndSend(Waiting waiting)
{
    m_waiting.push_back(std::move(waiting));
    send();
}

// Rows that nobody waits for go along with the next one that somebody waits for, or at the end of this event.
void ActivityLog::sendLater()
{
    if (std::exchange(m_sendPosted, true))
        return;
    post(this, [this] {
        m_sendPosted = false;
        send();
    });
}

// One batch is on its way at a time: what comes meanwhile shares the next commit.
void ActivityLog::send()
{
    if (m_writing || m_jobs.empty())
        return;
    m_writing = true;
    m_inFlight = std::exchange(m_waiting, {});
    post(m_writer, [this, writer = m_writer, jobs = std::exchange(m_jobs, {})]() mutable {
        auto written = writer->write(std::move(jobs));
        post(this, [this, written = std::move(written)] { answered(written); });
    });
}

void ActivityLog::answered(const Result<qint64> &written)
{
    m_writing = false;
    std::vector<Waiting> waiting = std::exchange(m_inFlight, {});
    send();
    if (written) {
        m_broken = !m_damage.isEmpty();
        ++m_commits;
        m_last = *written;
        anchorInTime();
    } else {
        setBroken(written.error().message);
    }
    const QPointer<ActivityLog> alive(this);
    for (Waiting &one : waiting) {
        const Result<> durable = written ? Result<>() : failure(Error::Kind::LogFailed, one.failedText.arg(written.error().message));
        if (!one.call)
            one.durable(durable);
        else if (durable)
            one.approved(ApprovedCall(std::move(one.call)));
        else
            one.approved(failure(durable.error()));
    }
    if (written && alive)
        Q_EMIT appended(*written);
}

void ActivityLog::setBroken(const QString &why)
{
    if (!std::exchange(m_broken, true))
        Q_EMIT broken(why);
}

// After 64 rows or a minute; under heavy load at most ten times a second.
void ActivityLog::anchorInTime()
{
    const qint64 rows = m_last - m_anchored;
    if (rows <= 0 || m_anchorsSoon)
        return;
    const Milliseconds sinceLast = m_clock.monotonic() - m_anchoredAt;
    if (rows >= kRowsPerAnchor && (m_anchoredAt == Milliseconds() || sinceLast >= kAnchorNotBefore)) {
        anchorNow();
    } else if (rows >= kRowsPerAnchor) {
        m_anchorsSoon = true;
        m_clock.after(kAnchorNotBefore - sinceLast, this, [this] {
            m_anchorsSoon = false;
            anchorNow();
        });
    } else if (!std::exchange(m_anchorsInAMinute, true)) {
        m_clock.after(kAnchorAtLatest, this, [this] {
            m_anchorsInAMinute = false;
            anchorNow();
        });
    }
}

void ActivityLog::anchorNow()
{
    if (m_last <= m_anchored)
        return;
    m_anchoredAt = m_clock.monotonic();
    m_anchored = m_last;
    post(m_writer, [writer = m_writer, wall = m_clock.wall()] { writer->anchor(wall); });
}

} // namespace mcpcore
