// SPDX-FileCopyrightText: 2026 The Countersign authors
// SPDX-License-Identifier: GPL-3.0-or-later
#include "SetupBench.h"
#include "support/Runner.h"
#include <QRandomGenerator>

using namespace mcpcore;

namespace {

const int kRounds = qEnvironmentVariableIsSet("COUNTERSIGN_LONG") ? 20 : 2;

} // namespace

// Several entries of ours in one file, put in and taken out in any order.
class tst_SeveralEntries : public QObject
{
    Q_OBJECT

    static SetupOrder orderOf(const SetupBench &bench, const ClientKind &kind, Way way, const char *connection)
    {
        SetupOrder order = bench.order(kind, way);
        order.values.connection = QLatin1String(connection);
        order.values.environment = order.values.connection.isEmpty() ? QString() : QStringLiteral("sandbox");
        order.values.name = usualEntryName(order.values.connection);
        return order;
    }

private Q_SLOTS:
    // Every file of the golden tests: when the last of ours has left it is what it was, and what is left in between is whole.
    void inAnyOrderTheFileIsInTheEndWhatItWas_data()
    {
        QTest::addColumn<QString>("id");
        QTest::addColumn<QString>("before");
        const SetupBench bench;
        for (const ClientKind &kind : bench.catalog.kinds) {
            const QDir folder(QStringLiteral(COUNTERSIGN_SOURCE_DIR "/tests/clientconfig/") + kind.id);
            const QStringList names = folder.entryList({QStringLiteral("before*")});
            for (const QString &name : names)
                QTest::newRow(qPrintable(kind.id + QLatin1Char(' ') + name)) << kind.id << folder.filePath(name);
        }
    }
    void inAnyOrderTheFileIsInTheEndWhatItWas()
    {
        QFETCH(QString, id);
        QFETCH(QString, before);
        SetupBench bench; // no record of another file
        const ClientKind &kind = *bench.catalog.find(id);
        const QByteArray bytes = get(before);
        QRandomGenerator random(quint32(qHash(before, 7)));
        for (int round = 0; round < kRounds; ++round) {
            bench.path = bench.home() + QStringLiteral("/%1-%2-%3").arg(id, QFileInfo(before).fileName()).arg(round);
            put(bench.path, bytes);
            const ClientSetup setup = bench.setup();
            const Way way = kind.has(Way::Http) && random.bounded(2) == 0 ? Way::Http : Way::Bridge;
            QList<SetupOrder> orders{orderOf(bench, kind, way, ""), orderOf(bench, kind, way, "stripe"),
                                     orderOf(bench, kind, way, "statsig")};
            std::shuffle(orders.begin(), orders.end(), random);
            for (const SetupOrder &order : std::as_const(orders))
                QCOMPARE(setup.connect(kind, order).status, SetupResult::Status::Written);
            std::shuffle(orders.begin(), orders.end(), random);
            if (way == Way::Http && random.bounded(2) == 0)
                for (SetupOrder &order : orders) { // as a new token does
                    order.values.token = SetupBench::token('y');
                    order.existing = SetupOrder::Existing::Overwrite;
                    QCOMPARE(setup.connect(kind, order).status, SetupResult::Status::Written);
                }
            std::shuffle(orders.begin(), orders.end(), random);
            while (!orders.isEmpty()) {
                const SetupOrder order = orders.takeLast();
                const SetupResult gone = setup.disconnect(kind, order);
                QVERIFY2(gone.status == SetupResult::Status::Written, qPrintable(gone.reason));
                if (random.bounded(3) == 0) { // taken back, and out again
                    QCOMPARE(setup.undo(kind, order).status, SetupResult::Status::Written);
                    QCOMPARE(setup.disconnect(kind, order).status, SetupResult::Status::Written);
                }
                const bool looks = random.bounded(2) == 0; // at the others, which are as they were
                for (const SetupOrder &other : looks ? orders : QList<SetupOrder>())
                    QCOMPARE(setup.connect(kind, other).status, SetupResult::Status::Unchanged);
            }
            QCOMPARE(get(bench.path), bytes);
        }
    }
};

COUNTERSIGN_TEST(tst_SeveralEntries)
#include "tst_SeveralEntries.moc"
