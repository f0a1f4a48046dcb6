// SPDX-FileCopyrightText: 2026 The Countersign authors
// SPDX-License-Identifier: GPL-3.0-or-later
#include "app/ctl/Receipt.h"
#include "app/Profile.h"
#include "audit/LogReader.h"
#include "base/Clock.h"
#include <algorithm>

namespace app {

using namespace mcpcore;

namespace {

constexpr int kPage = 1000;

// Oldest first.
Result<QList<CallSummary>> callsOf(const LogReader &reader, const LogReader::Filter &filter)
{
    QList<CallSummary> calls;
    for (qint64 before = 0;;) {
        const auto page = reader.calls(filter, before, kPage);
        if (!page)
            return failure(page.error());
        calls += *page;
        if (page->size() < kPage)
            break;
        before = page->last().sequence;
    }
    std::reverse(calls.begin(), calls.end());
    return calls;
}

QString decisionOf(const CallSummary &call)
{
    return call.decision.isEmpty() ? QStringLiteral("waiting") : call.decision;
}

// How many calls ended in which way; and the same for each tool of each place.
void count(Json &totals, const CallSummary &call)
{
    const auto add = [&totals](const QString &what) {
        Json &number = totals[what.toStdString()];
        number = number.is_null() ? 1 : number.get<int>() + 1;
    };
    add(QStringLiteral("calls"));
    add(decisionOf(call));
    if (!call.outcome.isEmpty())
        add(call.outcome);
}

Json byTool(const QList<CallSummary> &calls)
{
    Json tools = Json::array();
    for (const CallSummary &call : calls) {
        const Json place{{"connection", call.connection}, {"environment", call.environment}, {"tool", call.tool}};
        auto row = std::find_if(tools.begin(), tools.end(), [&](const Json &one) { return one["of"] == place; });
        if (row == tools.end()) {
            tools.push_back({{"of", place}, {"totals", Json::object()}});
            row = tools.end() - 1;
        }
        count((*row)["totals"], call);
    }
    Json flat = Json::array();
    for (Json &row : tools) {
        row["of"].update(row["totals"]);
        flat.push_back(row["of"]);
    }
    return flat;
}

QString sentenceOf(const Json &totals)
{
    QStringList words;
    for (const auto &[what, number] : totals.items())
        words.append(QStringLiteral("%1 %2").arg(number.get<int>()).arg(QString::fromStdString(what)));
    return words.join(QStringLiteral(", "));
}

void print(const Json &receipt)
{
    say(QStringLiteral("Receipt for %1, %2 to %3: %4.")
            .arg(text(receipt, "client"), text(receipt, "from"), text(receipt, "to"), sentenceOf(receipt["totals"])));
    for (const Json &call : receipt["calls"])
        say(QStringLiteral("%1  %2 %3 %4  %5 by %6  %7  %8")
                .arg(text(call, "time"), text(call, "environment"), text(call, "connection"), text(call, "tool"),
                     text(call, "decision").isEmpty() ? QStringLiteral("waiting") : text(call, "decision"), text(call, "decidedBy"),
                     text(call, "outcome"), text(call, "detail")));
    say(QStringLiteral("Up to row %1 of the activity log, whose hash is %2. Check the log: countersignctl log verify.")
            .arg(text(receipt["log"], "rows"), text(receipt["log"], "head")));
}

} // namespace

Json toJson(const CallSummary &call)
{
    return Json{{"call", call.call},
                {"time", toIsoText(call.time)},
                {"client", call.client},
                {"connection", call.connection},
                {"environment", call.environment},
                {"tool", call.tool},
                {"decision", call.decision},
                {"decidedBy", call.decidedBy},
                {"outcome", call.outcome},
                {"detail", call.detail},
                {"tookMilliseconds", call.tookMilliseconds}};
}

int receipt(const Invocation &invocation, const QString &client, std::optional<std::chrono::milliseconds> since)
{
    const auto profile = Profile::at(invocation.profile);
    const auto reader = profile ? LogReader::open(profile->activity()) : failure(profile.error());
    LogReader::Filter filter;
    filter.client = client;
    filter.since = since;
    const auto calls = reader ? callsOf(**reader, filter) : failure(reader.error());
    if (!calls)
        return fail(invocation, calls.error());
    if (client.isEmpty() || calls->isEmpty())
        return fail(invocation,
                    {Error::Kind::NotFound, QStringLiteral("The activity log has no call of %1%2. See: countersignctl log list.")
                                                .arg(client, since ? QStringLiteral(" since then") : QString())});
    const auto rows = (*reader)->rowCount();
    const auto head = rows ? (*reader)->rowsAfter(*rows - 1, 1) : failure(rows.error());
    if (!head || head->isEmpty())
        return fail(invocation, head ? Error{Error::Kind::FileFailed, QStringLiteral("The activity log has no rows.")} : head.error());

    Json receipt{{"client", client},
                 {"from", toIsoText(calls->first().time)},
                 {"to", toIsoText(calls->last().time)},
                 {"totals", Json::object()},
                 {"tools", byTool(*calls)},
                 {"calls", Json::array()},
                 {"log", {{"rows", head->first().sequence}, {"head", QString::fromLatin1(head->first().hash.toHex())}}}};
    for (const CallSummary &call : *calls) {
        count(receipt["totals"], call);
        receipt["calls"].push_back(toJson(call));
    }
    if (invocation.json)
        printAnswer(invocation, receipt);
    else
        print(receipt);
    return kDone;
}

} // namespace app
