// SPDX-FileCopyrightText: 2026 The Countersign authors
// SPDX-License-Identifier: GPL-3.0-or-later
#include "WriterBench.h"
#include "support/Runner.h"
#include <atomic>
#include <csignal>
#include <fcntl.h>
#include <random>
#include <sched.h>
#include <sys/mman.h>
#include <sys/wait.h>
#include <thread>
#include <unistd.h>

using namespace mcpcore;
using Step = FileSteps::Step;

namespace {

// What a racing program and the test tell each other, in memory that both have.
struct Signals {
    std::atomic<int> wanted{0};  // the update that the racer shall write now
    std::atomic<int> begun{0};   // the one that it is about to write
    std::atomic<int> written{0}; // the last one that it has written
    std::atomic<bool> end{false};
};

// In the racer: only calls that are safe in a forked child.
struct Racer {
    enum class Way { Truncate, Overwrite, Rename, Twice };
    Way way;
    char path[512] = {};
    char beside[520] = {};

    Racer(Way which, const QString &file) : way(which)
    {
        qstrncpy(path, QFile::encodeName(file).constData(), sizeof path);
        qstrncpy(beside, (QFile::encodeName(file) + ".tmp").constData(), sizeof beside);
    }
    void writeTo(const char *where, int flags, int update) const
    {
        char text[200];
        const int length = std::snprintf(text, sizeof text, "{\"update\": %d, \"more\": \"%0*d\"}\n", update, 20 + update % 50, 0);
        const int fd = ::open(where, O_WRONLY | O_CREAT | flags, 0600);
        if (fd < 0 || ::write(fd, text, size_t(length)) != length || ::ftruncate(fd, length) != 0 || ::close(fd) != 0)
            ::abort();
    }
    void write(int update) const
    {
        switch (way) {
        case Way::Truncate: return writeTo(path, O_TRUNC, update);
        case Way::Overwrite: return writeTo(path, 0, update);
        case Way::Twice: // the older one first
            writeTo(beside, O_TRUNC, update - 1'000'000);
            if (::rename(beside, path) != 0)
                ::abort();
            [[fallthrough]];
        case Way::Rename:
            writeTo(beside, O_TRUNC, update);
            if (::rename(beside, path) != 0)
                ::abort();
        }
    }
    void run(Signals &signals) const
    {
        while (!signals.end) {
            const int wanted = signals.wanted;
            if (wanted == signals.written) {
                ::sched_yield();
                continue;
            }
            signals.begun = wanted;
            write(wanted);
            signals.written = wanted;
        }
    }
};

struct SharedSignals {
    Signals *signals = new (::mmap(nullptr, sizeof(Signals), PROT_READ | PROT_WRITE, MAP_SHARED | MAP_ANONYMOUS, -1, 0)) Signals;
    ~SharedSignals() { ::munmap(signals, sizeof(Signals)); }
};

int rounds()
{
    return qEnvironmentVariableIsSet("COUNTERSIGN_LONG") ? 1000 : 100;
}

const QByteArray kEntry("// countersign\n");

} // namespace

// Another program rewrites the file, once a round, somewhere between our reading and the end of our writing. Whatever happens, what it wrote is
// there in the end.
class tst_Racers : public QObject
{
    Q_OBJECT

    int m_conflicts = 0;
    int m_written = 0;

    void race(Signals &signals, WriterBench &bench)
    {
        CountedSteps steps;
        ConfigWriter writer = bench.writer(steps);
        std::mt19937 random(7345);
        m_conflicts = m_written = 0;
        for (int round = 1; round <= rounds(); ++round) {
            // At a step of our writing, before or after it, and some instructions later.
            const int at = int(random() % 30);
            const bool before = random() % 2 == 0;
            const int later = int(random() % 4 == 0 ? random() % 200'000 : random() % 2'000);
            const bool meet = random() % 4 != 0;
            const auto let = [&] {
                signals.wanted = round;
                while (meet && signals.begun != round)
                    ::sched_yield();
                for (int i = 0; i < later; ++i)
                    std::atomic_signal_fence(std::memory_order_seq_cst);
            };
            const auto old = readConfigFile(steps, bench.path);
            QVERIFY2(old, old ? "" : qPrintable(old.error().message));
            steps.count = 0;
            steps.onBefore = [&](int number, Step) { return before && number == at ? (let(), 0) : 0; };
            steps.onAfter = [&](int number, Step) { !before &&number == at ? let() : void(); };
            const auto written = writer.write(bench.kind, *old, kEntry + old->bytes);
            written ? ++m_written : ++m_conflicts;
            if (!written)
                QVERIFY2(written.error().kind == Error::Kind::Conflict, qPrintable(written.error().message));
            steps.onBefore = nullptr;
            steps.onAfter = nullptr;
            signals.wanted = round;
            while (signals.written != round)
                ::sched_yield();
            const QByteArray now = get(bench.path);
            QVERIFY2(now.contains("\"update\": " + QByteArray::number(round) + ","),
                     "round " + QByteArray::number(round) + ", let at " + QByteArray::number(at) + (before ? " before: " : " after: ") + now
                         + (written ? ", we wrote" : ", conflict"));
            QVERIFY2(!bench.beside().join(QLatin1Char(' ')).contains(QStringLiteral("countersign")),
                     qPrintable(bench.beside().join(QLatin1Char(' '))));
        }
    }

    static void addWays()
    {
        QTest::addColumn<int>("way");
        QTest::newRow("truncates and writes in place") << int(Racer::Way::Truncate);
        QTest::newRow("writes in place") << int(Racer::Way::Overwrite);
        QTest::newRow("renames over") << int(Racer::Way::Rename);
        QTest::newRow("renames over twice") << int(Racer::Way::Twice);
    }

private Q_SLOTS:
    void noUpdateOfAnotherProcessIsLost_data() { addWays(); }
    void noUpdateOfAnotherProcessIsLost()
    {
        QFETCH(int, way);
        WriterBench bench;
        bench.setClock({});
        put(bench.path, "{\"update\": 0, }\n");
        const SharedSignals shared;
        const Racer racer(Racer::Way(way), bench.path);
        const pid_t child = ::fork();
        if (child == 0) {
            racer.run(*shared.signals);
            ::_exit(0);
        }
        race(*shared.signals, bench);
        shared.signals->end = true;
        int status = 0;
        QCOMPARE(::waitpid(child, &status, 0), child);
        QVERIFY(WIFEXITED(status));
        qInfo("%d conflicts, %d written", m_conflicts, m_written);
        QVERIFY(m_conflicts > 0 && m_written > 0);
    }
    void noUpdateOfAnotherThreadIsLost_data() { addWays(); }
    void noUpdateOfAnotherThreadIsLost()
    {
        QFETCH(int, way);
        WriterBench bench;
        bench.setClock({});
        put(bench.path, "{\"update\": 0, }\n");
        Signals signals;
        const Racer racer(Racer::Way(way), bench.path);
        std::thread thread([&] { racer.run(signals); });
        race(signals, bench);
        signals.end = true;
        thread.join();
        QVERIFY(m_conflicts > 0 && m_written > 0);
    }
    // Each step of ours in its turn, the racer's whole update inside it: no luck needed.
    void noUpdateInsideAnyStepIsLost_data() { addWays(); }
    void noUpdateInsideAnyStepIsLost()
    {
        QFETCH(int, way);
        for (int at = 0;; ++at) {
            WriterBench bench;
            bench.setClock({});
            put(bench.path, "{\"update\": 0, }\n");
            const Racer racer(Racer::Way(way), bench.path);
            CountedSteps steps;
            const auto old = readConfigFile(steps, bench.path);
            QVERIFY(old);
            const int first = steps.count;
            pid_t child = 0; // in place it waits for our lease
            const auto act = [&] {
                if ((child = ::fork()) == 0) {
                    racer.write(7);
                    ::_exit(0);
                }
                if (way == int(Racer::Way::Rename) || way == int(Racer::Way::Twice))
                    ::waitpid(std::exchange(child, 0), nullptr, 0);
                else
                    for (int i = 0; i < 200 && ::waitpid(child, nullptr, WNOHANG) != child; ++i)
                        ::sched_yield();
            };
            steps.onBefore = [&](int number, Step) { return (number - first) * 2 == at ? (act(), 0) : 0; };
            steps.onAfter = [&](int number, Step) { (number - first) * 2 + 1 == at ? act() : void(); };
            const auto written = bench.writer(steps).write(bench.kind, *old, kEntry + old->bytes);
            if (child > 0)
                ::waitpid(child, nullptr, 0);
            if ((steps.count - first) * 2 <= at)
                break;
            QVERIFY2(get(bench.path).contains("\"update\": 7"), "at " + QByteArray::number(at) + ": " + get(bench.path));
            QVERIFY(written || written.error().kind == Error::Kind::Conflict);
        }
    }
};

COUNTERSIGN_TEST(tst_Racers)
#include "tst_Racers.moc"
