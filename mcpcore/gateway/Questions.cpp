// SPDX-FileCopyrightText: 2026 The Countersign authors
// SPDX-License-Identifier: GPL-3.0-or-later
#include "gateway/Questions.h"
#include "audit/ActivityLog.h"
#include "base/Ids.h"
#include "base/Json.h"
#include "protocol/Elicitation.h"
#include <algorithm>

namespace mcpcore {

namespace {

const QByteArray kCancelled = QByteArrayLiteral(R"({"action":"cancel"})");

QString namesOf(const Question &question)
{
    QStringList names;
    for (const QuestionField &field : question.fields)
        names.append(field.name.left(60));
    if (question.kind == Question::Kind::Url)
        return QStringLiteral("to open a page of %1")
            .arg(question.urlHost.isEmpty() ? QStringLiteral("an unknown host") : question.urlHost);
    return names.isEmpty() ? QStringLiteral("for a confirmation") : QStringLiteral("for %1").arg(names.join(QStringLiteral(", ")));
}

} // namespace

Questions::Questions(ActivityLog &log, const Clock &clock, Ids &ids, std::function<void(const QString &url)> openPage, Limits limits,
                     QObject *parent)
    : QObject(parent), m_log(log), m_clock(clock), m_ids(ids), m_openPage(std::move(openPage)), m_limits(limits)
{}

Questions::~Questions() = default;

CallId Questions::ask(Question question, const ToolCallPtr &call, const QByteArray &key, Completion<RawJson> done)
{
    if (std::any_of(m_open.begin(), m_open.end(), [&](const Open &open) { return open.key == key; }))
        return {};
    const auto ofClient =
        std::count_if(m_open.begin(), m_open.end(), [&](const Open &open) { return open.question.client == question.client; });
    if (ofClient >= m_limits.perClient || int(m_open.size()) >= m_limits.all) {
        record(question, call, QStringLiteral("%1 asked %2. Refused: too many questions wait.").arg(question.asker, namesOf(question)),
               "refused");
        done(failure(Error::Kind::Busy, QStringLiteral("Too many questions wait for the person already.")));
        return {};
    }
    question.id = {m_ids.next()};
    question.asked = m_clock.wall();
    question.deadline = question.asked + m_limits.deadline;
    record(question, call, QStringLiteral("%1 asked the person %2.").arg(question.asker, namesOf(question)), "asked");
    m_open.push_back({question, call, key, std::move(done), m_clock.monotonic() + m_limits.deadline, {}, m_limits.reading});
    arm(m_open.back());
    Q_EMIT added(question);
    return question.id;
}

Result<> Questions::answer(const CallId &id, const QuestionAnswer &answer)
{
    const auto open = find(id);
    if (open == m_open.end())
        return failure(Error::Kind::NotFound, QStringLiteral("The server no longer waits for this answer."));
    const auto result = elicitationResult(open->question, answer);
    if (!result)
        return failure(result.error());
    const bool accepted = answer.action == QuestionAnswer::Action::Accept;
    if (accepted && open->question.kind == Question::Kind::Url && m_openPage)
        m_openPage(open->question.url);
    end(open, accepted ? QuestionEnd::Answered : QuestionEnd::Declined, *result);
    return {};
}

void Questions::arm(Open &open)
{
    open.timer = ++m_lastTimer;
    const Milliseconds span = open.readingSince ? open.readingLeft : open.deadline - m_clock.monotonic();
    m_clock.after(span, this, [this, id = open.question.id, timer = open.timer] { onTimer(id, timer); });
}

void Questions::onTimer(const CallId &id, quint64 timer)
{
    const auto open = find(id);
    if (open == m_open.end() || open->timer != timer)
        return;
    if (open->readingSince)
        setReading(id, false);
    else
        end(open, QuestionEnd::Expired, kCancelled);
}

void Questions::setReading(const CallId &id, bool reading)
{
    const auto open = find(id);
    if (open == m_open.end() || reading == open->readingSince.has_value() || (reading && open->readingLeft <= Milliseconds()))
        return;
    if (reading) {
        open->readingSince = m_clock.monotonic();
        return arm(*open);
    }
    const Milliseconds spent = std::min(m_clock.monotonic() - *std::exchange(open->readingSince, std::nullopt), open->readingLeft);
    open->readingLeft -= spent;
    open->deadline += spent;
    open->question.deadline += spent;
    arm(*open);
    Q_EMIT changed(open->question);
}

void Questions::withdraw(const CallId &id)
{
    if (const auto open = find(id); open != m_open.end())
        end(open, QuestionEnd::Withdrawn, kCancelled);
}

QList<Question> Questions::pending() const
{
    QList<Question> questions;
    for (const Open &open : m_open)
        questions.append(open.question);
    return questions;
}

std::vector<Questions::Open>::iterator Questions::find(const CallId &id)
{
    return std::find_if(m_open.begin(), m_open.end(), [&](const Open &open) { return open.question.id == id; });
}

void Questions::end(std::vector<Open>::iterator open, QuestionEnd how, const QByteArray &result)
{
    Open ended = std::move(*open);
    m_open.erase(open);
    const QString &asker = ended.question.asker;
    switch (how) {
    case QuestionEnd::Answered: record(ended.question, ended.call, QStringLiteral("The person answered %1.").arg(asker), "answered"); break;
    case QuestionEnd::Declined:
        record(ended.question, ended.call, QStringLiteral("The person declined to answer %1.").arg(asker), "declined");
        break;
    case QuestionEnd::Expired:
        record(ended.question, ended.call, QStringLiteral("Nobody answered %1 in time.").arg(asker), "expired");
        break;
    case QuestionEnd::Withdrawn:
        record(ended.question, ended.call, QStringLiteral("%1 no longer waits for an answer.").arg(asker), "withdrawn");
        break;
    }
    Q_EMIT removed(ended.question.id, how);
    ended.done(RawJson(result));
}

void Questions::record(const Question &question, const ToolCallPtr &call, const QString &title, const char *what) const
{
    Json names = Json::array();
    for (const QuestionField &field : question.fields)
        names.push_back(field.name);
    Json detail{{"question", question.id.text},
                {"what", what},
                {"asker", question.asker},
                {"client", question.client.text},
                {"connection", question.connection.text},
                {"environment", question.environment.text},
                {"tool", question.tool},
                {"fields", std::move(names)}};
    if (question.kind == Question::Kind::Url)
        detail["host"] = question.urlHost;
    m_log.append({LogRow::Kind::Question, call, title, toBytes(detail)});
}

} // namespace mcpcore
