// SPDX-FileCopyrightText: 2026 The Countersign authors
// SPDX-License-Identifier: GPL-3.0-or-later
#include "app/Profile.h"
#include "app/ctl/Invocation.h"
#include "app/ctl/KeychainKey.h"
#include "app/ctl/Receipt.h"
#include "audit/Exporters.h"
#include "audit/LogReader.h"
#include "audit/Verifier.h"
#include "base/Clock.h"
#include <CLI/CLI.hpp>
#include <QCoreApplication>
#include <QDateTime>
#include <QFile>
#include <QTimer>

namespace app {

using namespace mcpcore;

namespace {

Result<std::unique_ptr<LogReader>> readerOf(const Invocation &invocation)
{
    const auto profile = Profile::at(invocation.profile);
    return profile ? LogReader::open(profile->activity()) : failure(profile.error());
}

// "2026-11-21", "2026-11-21T10:00:00", or a span back from now: 90s, 15m, 2h, 7d.
Result<std::chrono::milliseconds> sinceFrom(const QString &text)
{
    static const QHash<QChar, qint64> units{
        {QLatin1Char('s'), 1000}, {QLatin1Char('m'), 60'000}, {QLatin1Char('h'), 3'600'000}, {QLatin1Char('d'), 86'400'000}};
    bool number = false;
    const qint64 count = text.chopped(1).toLongLong(&number);
    if (number && count >= 0 && units.contains(text.back()))
        return SystemClock().wall() - std::chrono::milliseconds(count * units[text.back()]);
    const QDateTime time = QDateTime::fromString(text, Qt::ISODate);
    if (time.isValid())
        return std::chrono::milliseconds(time.toMSecsSinceEpoch());
    return failure(Error::Kind::InvalidArgument,
                   QStringLiteral("--since takes a time such as 2026-11-21T10:00:00, or a span such as 15m, 2h or 7d."));
}

Json toJson(const LogEntry &entry)
{
    Json out{{"sequence", entry.sequence}, {"hash", QString::fromLatin1(entry.hash.toHex())}};
    out["record"] = parseJson(entry.record.toStdString()).value_or(Json());
    return out;
}

// `limit` calls, and whether there are more; 0 = all.
int list(const Invocation &invocation, const QString &since, int limit)
{
    LogReader::Filter filter;
    if (!since.isEmpty()) {
        const auto from = sinceFrom(since);
        if (!from)
            return fail(invocation, from.error());
        filter.since = *from;
    }
    const auto reader = readerOf(invocation);
    const int wanted = limit > 0 ? limit : std::numeric_limits<int>::max() - 1;
    auto calls = reader ? (*reader)->calls(filter, 0, wanted + 1) : failure(reader.error());
    if (!calls)
        return fail(invocation, calls.error());
    const bool more = calls->size() > wanted;
    if (more)
        calls->removeLast();
    if (invocation.json) {
        Json out = Json::array();
        for (const CallSummary &call : *calls)
            out.push_back(app::toJson(call));
        printAnswer(invocation, Json{{"calls", out}, {"more", more}});
        return kDone;
    }
    for (const CallSummary &call : *calls)
        say(QStringLiteral("%1  %2  %3  %4 %5 %6  %7 %8  %9")
                .arg(toIsoText(call.time), call.call, call.client, call.connection, call.environment, call.tool,
                     call.decision.isEmpty() ? QStringLiteral("waits") : call.decision, call.outcome, call.detail));
    if (more)
        say(QStringLiteral("These are the newest %1. For more: --limit N, or --limit 0 for all.").arg(limit));
    return kDone;
}

int show(const Invocation &invocation, const QString &call)
{
    const auto reader = readerOf(invocation);
    const auto story = reader ? (*reader)->story(call) : failure(reader.error());
    if (!story)
        return fail(invocation, story.error());
    if (invocation.json) {
        Json rows = Json::array();
        for (const LogEntry &entry : *story)
            rows.push_back(toJson(entry));
        printAnswer(invocation, Json{{"call", call}, {"rows", rows}});
        return kDone;
    }
    for (const LogEntry &entry : *story) {
        say(QStringLiteral("%1  %2  %3  row %4").arg(toIsoText(entry.time), entry.kind, entry.title).arg(entry.sequence));
        say(QStringLiteral("    %1").arg(QString::fromUtf8(entry.record)));
    }
    return kDone;
}

// Prints rows as they come, until interrupted.
int tail(const Invocation &invocation)
{
    auto reader = readerOf(invocation);
    if (!reader)
        return fail(invocation, reader.error());
    qint64 last = (*reader)->rowCount().value_or(0);
    QTimer timer;
    QObject::connect(&timer, &QTimer::timeout, [&] {
        const auto rows = (*reader)->rowsAfter(last, 500);
        if (!rows)
            return;
        for (const LogEntry &entry : *rows) {
            last = entry.sequence;
            if (invocation.json)
                printAnswer(invocation, toJson(entry));
            else
                say(QStringLiteral("%1  %2  %3 %4  %5").arg(toIsoText(entry.time), entry.kind, entry.client, entry.tool, entry.title));
        }
    });
    timer.start(250);
    return QCoreApplication::exec();
}

int check(const Invocation &invocation, const QString &file, bool strict)
{
    const auto profile = Profile::at(invocation.profile);
    if (!profile)
        return fail(invocation, profile.error());
    const QString path = file.isEmpty() ? profile->activity() : file;
    Verification verdict = verifyLog(path);
    // The keychain is asked only where there is something to check with it.
    if (verdict.anchor == Verification::AnchorState::NotChecked) {
        const auto key = keychainKeyOf(invocation, *profile);
        if (key) {
            const Secret secret = key->keyFor(ProfileKey::Purpose::Log);
            verdict = verifyLog(path, &secret);
        } else {
            verdict.text += QLatin1Char(' ') + key.error().message;
        }
    }
    if (invocation.json)
        printAnswer(invocation, Json{{"status", toText(verdict.status)},
                                     {"rows", verdict.rows},
                                     {"notAnchored", verdict.notAnchored},
                                     {"firstBad", verdict.firstBad},
                                     {"check", verdict.check},
                                     {"anchor", toText(verdict.anchor)},
                                     {"head", QString::fromLatin1(verdict.head.toHex())},
                                     {"text", verdict.text}});
    else
        say(verdict.text);
    switch (verdict.status) {
    case Verification::Status::Intact: return strict && verdict.notAnchored > 0 ? 4 : 0;
    case Verification::Status::Tampered: return 1;
    case Verification::Status::Truncated: return 2;
    case Verification::Status::Unreadable: return 3;
    }
    Q_UNREACHABLE();
}

int exportAll(const Invocation &invocation, ExportFormat format)
{
    const auto profile = Profile::at(invocation.profile);
    if (!profile)
        return fail(invocation, profile.error());
    QFile out;
    if (!out.open(stdout, QIODevice::WriteOnly))
        return fail(invocation, {Error::Kind::FileFailed, QStringLiteral("Standard output cannot be written.")});
    const auto written = exportLog(profile->activity(), format, out);
    return written ? kDone : fail(invocation, written.error());
}

} // namespace

void addLogCommands(CLI::App &program, Invocation &invocation)
{
    CLI::App *log = program.add_subcommand("log", "The activity log");
    log->require_subcommand(1);
    CLI::App *listing = log->add_subcommand("list", "Calls, newest first");
    auto *since = listing->add_option("--since", "A time, or a span such as 2h");
    auto *limit = listing->add_option("--limit", "How many, 0 for all (1000 when not given)")->check(CLI::Range(0, 1'000'000'000));
    listing->callback([&invocation, since, limit] {
        invocation.local = [from = since->count() ? QString::fromStdString(since->as<std::string>()) : QString(),
                            most = limit->count() ? limit->as<int>() : 1'000](const Invocation &now) { return list(now, from, most); };
    });
    log->add_subcommand("tail", "Rows as they come")->callback([&invocation] { invocation.local = tail; });
    CLI::App *showing = log->add_subcommand("show", "Every row of one call");
    auto *call = showing->add_option("CALL", "Its id, or the beginning of it")->required();
    showing->callback([&invocation, call] {
        invocation.local = [id = QString::fromStdString(call->as<std::string>())](const Invocation &now) { return show(now, id); };
    });
    CLI::App *summing = log->add_subcommand("receipt", "What one client asked for and what became of it");
    auto *whose = summing->add_option("CLIENT", "Its id, or try for the sample client")->required();
    auto *from = summing->add_option("--since", "A time, or a span such as 2h");
    summing->callback([&invocation, whose, from] {
        invocation.local = [client = QString::fromStdString(whose->as<std::string>()),
                            start = from->count() ? QString::fromStdString(from->as<std::string>()) : QString()](const Invocation &now) {
            if (start.isEmpty())
                return receipt(now, client, std::nullopt);
            const auto begin = sinceFrom(start);
            return begin ? receipt(now, client, *begin) : fail(now, begin.error());
        };
    });
    CLI::App *verifying = log->add_subcommand("verify", "Checks the chain: 0 intact, 1 tampered, 2 truncated or rolled back, 3 unreadable");
    auto *file = verifying->add_option("--file", "An exported JSONL file");
    auto *strict = verifying->add_flag_callback(
        "--strict", [] {}, "4 when rows are not anchored");
    verifying->callback([&invocation, file, strict] {
        invocation.local = [path = file->count() ? QString::fromStdString(file->as<std::string>()) : QString(),
                            isStrict = strict->count() > 0](const Invocation &now) { return check(now, path, isStrict); };
    });
    CLI::App *exporting = log->add_subcommand("export", "Print all of it");
    auto *format =
        exporting->add_option("--format", "jsonl (verifiable), csv or otlp")->required()->check(CLI::IsMember({"jsonl", "csv", "otlp"}));
    exporting->callback([&invocation, format] {
        const auto wanted = exportFormatFrom(QString::fromStdString(format->as<std::string>()));
        invocation.local = [wanted = *wanted](const Invocation &now) { return exportAll(now, wanted); };
    });
}

} // namespace app
