// SPDX-FileCopyrightText: 2026 The Countersign authors
// SPDX-License-Identifier: GPL-3.0-or-later
#include "app/Profile.h"
#include "app/ctl/Doctor.h"
#include "app/ctl/Invocation.h"
#include "approvals/ApprovalQueue.h"
#include "gateway/Session.h"
#include "server/Limits.h"
#include <CLI/CLI.hpp>
#include <unistd.h>

namespace app {

using mcpcore::Json;

namespace {

void printStatus(const Json &status)
{
    const bool running = text(status, "running") == QLatin1String("true");
    say(running ? QStringLiteral("Running at %1 (pid %2).").arg(text(status, "url"), text(status, "pid")) : QStringLiteral("Not running."));
    say(QStringLiteral("Profile %1, %2.")
            .arg(text(status, "profile"), text(status, "ownedBy") == QLatin1String("app")
                                              ? QStringLiteral("belongs to the app")
                                              : QStringLiteral("headless: the command line is the person's word")));
    say(QStringLiteral("Environment %1. %2 calls and %3 questions of servers wait, %4 sessions.")
            .arg(text(status, "environment"), text(status, "waiting"), text(status, "questions"), text(status, "sessions")));
    const bool inFile = text(status["keys"], "store") == QLatin1String("file");
    if (const QString state = text(status["keys"], "state"); inFile || state != QLatin1String("open"))
        say(QStringLiteral("Keys are kept in the %1, which %2.")
                .arg(inFile ? QStringLiteral("key file of the profile") : QStringLiteral("keychain"),
                     state == QLatin1String("open") ? QStringLiteral("is open")
                     : state == QLatin1String("locked")
                         ? QStringLiteral("is locked")
                         : QStringLiteral("is not there: countersignctl key move --to file makes a file instead")));
    if (text(status, "paused") == QLatin1String("true"))
        say(QStringLiteral("Paused: every call is refused. End it with countersignctl resume."));
    for (const Json &client : status["notAsking"])
        say(QStringLiteral(
                "Nobody answered %1: its new calls that need a person are refused until %2. End it with countersignctl resume %1.")
                .arg(text(client, "client"), text(client, "until")));
    if (const QString seal = text(status["seal"], "text"); !seal.isEmpty())
        say(seal);
    for (const Json &alarm : status["alarms"])
        say(QStringLiteral("STOPPED %1 in %2: %3 Look at it, then: countersignctl connection resume %1 %2")
                .arg(text(alarm, "connection"), text(alarm, "environment"), text(alarm, "what")));
    for (const Json &upstream : status["upstreams"])
        say(QStringLiteral("Upstream %1 in %2: %3 %4")
                .arg(text(upstream, "connection"), text(upstream, "environment"), text(upstream, "state"), text(upstream, "error")));
    if (const Json *reminders = mcpcore::memberAt(status, "keyReminders"); reminders && reminders->is_array())
        for (const Json &reminder : *reminders)
            say(text(reminder, "text"));
    if (text(status["log"], "broken") == QLatin1String("true"))
        say(QStringLiteral("The activity log cannot be written: nothing is sent."));
}

int printLimits(const Invocation &invocation)
{
    Json limits = Json::array();
    for (const mcpcore::LimitRow &row : mcpcore::rowsOf(mcpcore::Limits{}))
        limits.push_back({{"name", row.name}, {"value", row.value}, {"unit", row.unit}});
    const mcpcore::ApprovalQueue::Limits cards;
    const auto add = [&limits](const char *name, qint64 value, const char *unit) {
        limits.push_back({{"name", name}, {"value", value}, {"unit", unit}});
    };
    add("calls in flight per client", mcpcore::kMaximumInFlight, "");
    add("cards waiting per client", cards.perClient, "");
    add("cards waiting in all", cards.all, "");
    add("new cards per client", cards.newPerSecond, "per second");
    add("time to answer a card", cards.deadline.count(), "ms");
    if (invocation.json) {
        printAnswer(invocation, Json{{"limits", limits}});
        return kDone;
    }
    for (const Json &row : limits)
        say(QStringLiteral("%1  %2 %3").arg(text(row, "name"), text(row, "value"), text(row, "unit")));
    return kDone;
}

void printTry(const Json &answer)
{
    say(QStringLiteral("The gateway lists %1 tools.").arg(answer["tools"].size()));
    const Json *result = mcpcore::memberAt(answer, "result");
    if (!result)
        return;
    if (mcpcore::boolAt(*result, "isError", false))
        say(QStringLiteral("The call was answered with an error:"));
    else
        say(QStringLiteral("The call was answered:"));
    if (const Json *content = mcpcore::memberAt(*result, "content"); content && content->is_array())
        for (const Json &part : *content)
            say(text(part, "text"));
}

} // namespace

void addStatusCommands(CLI::App &program, Invocation &invocation)
{
    program.add_subcommand("status", "What runs, what waits")->callback([&invocation] {
        invocation.command = QStringLiteral("status");
        invocation.print = printStatus;
    });
    program.add_subcommand("doctor", "Looks for what keeps Countersign from working")->callback([&invocation] {
        invocation.local = doctor;
    });
    program.add_subcommand("limits", "The limits of the endpoint")->callback([&invocation] { invocation.local = printLimits; });
    CLI::App *sample = program.add_subcommand("try", "A sample client: connects, lists, calls one tool through the running gateway");
    sample->add_option_function<std::string>(
        "TOOL", [&invocation](const std::string &tool) { invocation.parameters["tool"] = tool; }, "As the gateway lists it");
    sample->add_option_function<std::string>(
        "--args", [&invocation](const std::string &json) { invocation.parameters["arguments"] = json; }, "A JSON object");
    sample->callback([&invocation] {
        invocation.command = QStringLiteral("try");
        invocation.parameters["pid"] = ::getpid();
        invocation.print = printTry;
    });
    program.add_subcommand("pause", "Refuse every call until resumed")->callback([&invocation] {
        invocation.command = QStringLiteral("pause");
        invocation.print = [](const Json &) { say(QStringLiteral("Paused. Every call is refused until countersignctl resume.")); };
    });
    CLI::App *resume = program.add_subcommand("resume", "End the pause, or let one client ask again whose cards nobody answered");
    resume->add_option_function<std::string>(
        "CLIENT", [&invocation](const std::string &client) { invocation.parameters["client"] = client; }, "The client");
    resume->callback([&invocation] {
        invocation.command = QStringLiteral("resume");
        invocation.print = [](const Json &answer) {
            if (!answer.contains("client"))
                return say(QStringLiteral("Resumed."));
            say((text(answer, "resumed") == QLatin1String("true") ? QStringLiteral("%1 may ask again.")
                                                                  : QStringLiteral("%1 was not kept from asking."))
                    .arg(text(answer, "client")));
        };
    });
}

} // namespace app
