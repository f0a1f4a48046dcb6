// SPDX-FileCopyrightText: 2026 The Countersign authors
// SPDX-License-Identifier: GPL-3.0-or-later
#include "TestLog.h"
#include "support/Runner.h"
#include <csignal>
#include <cstdio>
#include <unistd.h>

using namespace mcpcore;

// The program that tst_LogRecovery kills; does nothing by itself. KILLED_WRITER is "between PATH" (kills itself after an
// intent) or "forever PATH" (prints the id of each call that is approved or finished, until it is killed).
class KilledWriter : public QObject
{
    Q_OBJECT
private Q_SLOTS:
    void write()
    {
        const QStringList order = qEnvironmentVariable("KILLED_WRITER").split(QLatin1Char(' '));
        if (order.size() != 2)
            return;
        TestLog t;
        t.folder.remove(); // the log is elsewhere, and nobody cleans up after a killed program
        SystemIds ids(t.clock);
        t.log = std::make_unique<ActivityLog>(order.last(), t.clock, ids);
        if (!t.open())
            _exit(1);
        if (order.first() == QLatin1String("between")) {
            t.wholeCall();
            t.log->append({LogRow::Kind::Received, t.call(), {}, {}});
            if (t.authorise(t.call("{\"in\":\"doubt\"}")))
                kill(getpid(), SIGKILL);
            _exit(1);
        }
        for (qint64 count = 0;; ++count) {
            const auto call = t.call();
            auto copy = *call;
            copy.id = {ids.next()};
            const auto own = std::make_shared<const ToolCall>(copy);
            if (!t.authorise(own))
                _exit(1);
            std::printf("sent %s\n", own->id.text.toLatin1().constData());
            std::fflush(stdout);
            std::optional<bool> finished;
            t.log->finish(own, TestLog::succeeded(), {&t.guard, [&](Result<> durable) { finished = durable.has_value(); }});
            if (!QTest::qWaitFor([&] { return finished.has_value(); }) || !*finished)
                _exit(1);
            std::printf("done %s\n", own->id.text.toLatin1().constData());
            std::fflush(stdout);
        }
    }
};

COUNTERSIGN_TEST(KilledWriter)
#include "KilledWriter.moc"
