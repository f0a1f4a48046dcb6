// SPDX-FileCopyrightText: 2026 The Countersign authors
// SPDX-License-Identifier: GPL-3.0-or-later
#include "ui/activity/ActivityText.h"
#include "base/Json.h"
#include "base/Secret.h"
#include "ui/widgets/VisibleMarks.h"
#include <QDateTime>

namespace ui {

using mcpcore::CallSummary;
using mcpcore::LogEntry;

namespace {

constexpr qsizetype kLongestName = 120;

QDateTime localTime(std::chrono::milliseconds wall)
{
    return QDateTime::fromMSecsSinceEpoch(wall.count());
}

} // namespace

QString ActivityText::name(const QString &text)
{
    QString out = visibleText(text.size() > kLongestName ? text.left(kLongestName) + QStringLiteral("…") : text);
    return out.remove(QLatin1Char('\n'));
}

ActivityText::Line ActivityText::result(const CallSummary &call)
{
    const QString &by = call.decidedBy;
    if (call.decision.isEmpty())
        return {QStringLiteral("person"), tr("Waiting for you"), Tone::Accent};
    if (call.decision == QLatin1String("denied")) {
        if (by == QLatin1String("person"))
            return {QStringLiteral("denied"), tr("You denied"), Tone::Plain};
        if (by == QLatin1String("deadline"))
            return {QStringLiteral("denied"), tr("Nobody answered"), Tone::Plain};
        if (by == QLatin1String("withdrawn"))
            return {QStringLiteral("denied"), tr("No longer waited"), Tone::Plain};
        if (by == QLatin1String("pause"))
            return {QStringLiteral("pause"), tr("Paused"), Tone::Plain};
        if (by == QLatin1String("rule"))
            return {QStringLiteral("rule-check"), tr("Denied by rule"), Tone::Plain};
        if (by == QLatin1String("floor"))
            return {QStringLiteral("refused"), tr("Refused: floor"), Tone::Plain};
        return {QStringLiteral("refused"), call.detail.isEmpty() ? tr("Refused") : tr("Refused: %1").arg(ActivityText::name(call.detail)),
                Tone::Plain};
    }
    if (call.outcome.isEmpty())
        return {QStringLiteral("spinner"), tr("Sent, no answer yet"), Tone::Plain};
    if (call.outcome == QLatin1String("unknown"))
        return {QStringLiteral("unknown"), tr("Outcome unknown"), Tone::Caution};
    if (call.outcome == QLatin1String("cancelled"))
        return {QStringLiteral("denied"), tr("Cancelled"), Tone::Plain};
    if (call.outcome != QLatin1String("succeeded"))
        return {QStringLiteral("failed"), call.detail.isEmpty() ? tr("Failed") : tr("Failed: %1").arg(ActivityText::name(call.detail)),
                Tone::Plain};
    if (by == QLatin1String("person"))
        return {QStringLiteral("person-check"), tr("You allowed"), Tone::Plain};
    if (by == QLatin1String("rule"))
        return {QStringLiteral("rule-check"), tr("Allowed by rule"), Tone::Plain};
    return {QStringLiteral("rule-check"), tr("Allowed by default"), Tone::Plain};
}

QString ActivityText::sentence(const CallSummary &call)
{
    return tr("%1, %2 on %3 in %4: %5", "client, tool, connection, environment, result")
        .arg(ActivityText::name(call.client), ActivityText::name(call.tool), ActivityText::name(call.connection),
             environmentWord(call.environment), result(call).text);
}

QString ActivityText::environmentWord(const QString &environment)
{
    return visibleText(environment.toUpper());
}

QString ActivityText::time(std::chrono::milliseconds wall, std::chrono::milliseconds now)
{
    const QDateTime at = localTime(wall);
    return at.toString(at.date() == localTime(now).date() ? QStringLiteral("hh:mm:ss") : QStringLiteral("MM-dd hh:mm"));
}

QString ActivityText::dateAndTime(std::chrono::milliseconds wall)
{
    return localTime(wall).toString(QStringLiteral("yyyy-MM-dd hh:mm:ss.zzz"));
}

namespace {

// The words of one row. `record` is what was hashed; a member that is absent says nothing.
class StepWriter
{
    Q_DECLARE_TR_FUNCTIONS(ActivityText)
public:
    StepWriter(const LogEntry &entry, const mcpcore::Json &record) : m_entry(entry), m_record(record) {}

    ActivityText::Step write() const
    {
        using Tone = ActivityText::Tone;
        const QString &kind = m_entry.kind;
        if (kind == QLatin1String("received"))
            return {{QStringLiteral("clients"), tr("From %1").arg(text("clientLabel", m_entry.client)), Tone::Plain}, origin(), {}};
        if (kind == QLatin1String("decision"))
            return decision();
        if (kind == QLatin1String("intent"))
            return {{QStringLiteral("shield-check"), tr("Intent stored, row %1").arg(m_entry.sequence), Tone::Plain},
                    tr("to %1").arg(text("destination")),
                    {}};
        if (kind == QLatin1String("outcome"))
            return outcome();
        if (kind == QLatin1String("recovery"))
            return {{QStringLiteral("unknown"), tr("Outcome unknown"), Tone::Caution}, tr("Countersign ended before an answer came."), {}};
        const bool asked = kind == QLatin1String("question");
        return {{asked ? QStringLiteral("server") : QStringLiteral("info"), visibleText(m_entry.title), Tone::Plain}, {}, {}};
    }

private:
    QString text(const char *member, const QString &otherwise = {}) const
    {
        return ActivityText::name(mcpcore::stringAt(m_record, member, otherwise));
    }
    QString origin() const
    {
        const QString way = mcpcore::stringAt(m_record, "way", {});
        const QString by = way == QLatin1String("bridge") ? tr("bridge") : way == QLatin1String("terminal") ? tr("terminal") : tr("HTTP");
        const qint64 pid = mcpcore::integerAt(m_record, "pid", 0);
        const QString program = text("program");
        if (pid == 0)
            return by;
        return program.isEmpty() ? tr("%1, pid %2 (not verified)").arg(by, QString::number(pid))
                                 : tr("%1, %2, pid %3 (not verified)").arg(by, program, QString::number(pid));
    }
    ActivityText::Step decision() const
    {
        const bool allowed = text("decision") == QLatin1String("allowed");
        const QString by = text("by");
        const double seconds = double(mcpcore::integerAt(m_record, "waited", 0)) / 1'000;
        const QString waited = QString::number(seconds, 'f', 1);
        QString what;
        if (by == QLatin1String("person"))
            what = allowed ? tr("Allowed by you after %1 s").arg(waited) : tr("Denied by you after %1 s").arg(waited);
        else if (by == QLatin1String("rule"))
            what = allowed ? tr("Allowed by rule %1").arg(text("rule")) : tr("Denied by rule %1").arg(text("rule"));
        else if (by == QLatin1String("deadline"))
            what = tr("Nobody answered in %1 s").arg(waited);
        else if (by == QLatin1String("withdrawn"))
            what = tr("The client no longer waited");
        else if (by == QLatin1String("pause"))
            what = tr("Denied: everything was paused");
        else if (by == QLatin1String("floor"))
            what = tr("Refused by a floor, no rule can lower it");
        else if (by == QLatin1String("default"))
            what = allowed ? tr("Allowed by default") : tr("Denied by default");
        else
            what = tr("Refused");
        const QString icon = allowed ? (by == QLatin1String("person") ? QStringLiteral("person-check") : QStringLiteral("rule-check"))
                                     : QStringLiteral("denied");
        return {{icon, what, ActivityText::Tone::Plain}, text("reason"), {}};
    }
    ActivityText::Step outcome() const
    {
        const QString kind = text("outcome");
        const QString took = QString::number(mcpcore::integerAt(m_record, "took", 0));
        const QString detail = text("outcomeDetail");
        if (kind == QLatin1String("succeeded"))
            return {{QStringLiteral("check"), tr("Done in %1 ms").arg(took), ActivityText::Tone::Plain},
                    tr("%1 bytes of answer").arg(mcpcore::integerAt(m_record, "resultSize", 0)),
                    {}};
        if (kind == QLatin1String("unknown"))
            return {{QStringLiteral("unknown"), tr("No answer, outcome unknown"), ActivityText::Tone::Caution}, detail, {}};
        if (kind == QLatin1String("cancelled"))
            return {{QStringLiteral("denied"), tr("Cancelled after %1 ms").arg(took), ActivityText::Tone::Plain}, detail, {}};
        return {{QStringLiteral("failed"), tr("Failed after %1 ms").arg(took), ActivityText::Tone::Plain}, detail, {}};
    }

    const LogEntry &m_entry;
    const mcpcore::Json &m_record;
};

mcpcore::Json recordOf(const LogEntry &entry)
{
    auto record = mcpcore::parseJson({entry.record.constData(), size_t(entry.record.size())});
    return record ? std::move(*record) : mcpcore::Json();
}

} // namespace

QList<ActivityText::Step> ActivityText::story(const QList<LogEntry> &entries)
{
    QList<Step> steps;
    for (const LogEntry &entry : entries) {
        const mcpcore::Json record = recordOf(entry);
        Step step = StepWriter(entry, record).write();
        const qint64 since = (entry.time - entries.first().time).count();
        step.time = steps.isEmpty() ? localTime(entry.time).toString(QStringLiteral("hh:mm:ss.zzz"))
                                    : tr("+%1 s").arg(QString::number(double(since) / 1'000, 'f', 3));
        steps.append(step);
    }
    return steps;
}

ActivityText::Arguments ActivityText::arguments(const QList<LogEntry> &entries)
{
    for (const LogEntry &entry : entries) {
        if (entry.kind != QLatin1String("received"))
            continue;
        const mcpcore::Json record = recordOf(entry);
        Arguments found;
        found.bytes = mcpcore::stringAt(record, "arguments", {}).toUtf8();
        found.digest = QByteArray::fromHex(mcpcore::stringAt(record, "argumentsDigest", {}).toLatin1());
        found.whole = mcpcore::sha256({found.bytes.constData(), size_t(found.bytes.size())}) == found.digest;
        return found;
    }
    return {};
}

QString ActivityText::argumentsLine(const Arguments &arguments)
{
    if (arguments.bytes.isEmpty())
        return tr("none");
    if (!arguments.whole)
        return tr("secrets left out, sha256 %1").arg(shortDigest(arguments.digest));
    return tr("%1 bytes, sha256 %2").arg(QString::number(arguments.bytes.size()), shortDigest(arguments.digest));
}

QString ActivityText::shortDigest(const QByteArray &digest)
{
    const QString hex = QString::fromLatin1(digest.toHex());
    return hex.size() < 12 ? hex : tr("%1 … %2", "parts of a digest").arg(hex.left(4), hex.right(4));
}

QString ActivityText::chainPosition(const QList<LogEntry> &entries)
{
    if (entries.isEmpty())
        return {};
    return tr("Rows %1 to %2, head %3")
        .arg(QString::number(entries.first().sequence), QString::number(entries.last().sequence), shortDigest(entries.last().hash));
}

} // namespace ui
