// SPDX-FileCopyrightText: 2026 The Countersign authors
// SPDX-License-Identifier: GPL-3.0-or-later
#include "app/bridge/SocketPath.h"
#include "server/SocketPath.h"
#include "support/Runner.h"
#include <QDir>
#include <QFile>
#include <QTemporaryDir>

class tst_SocketPath : public QObject
{
    Q_OBJECT
private Q_SLOTS:
    void aShortPathIsUsedAsItIs()
    {
        QTemporaryDir folder;
        const QByteArray canonical = QFile::encodeName(QDir(folder.path()).canonicalPath());
        const auto paths = app::socketPaths(folder.path().toStdString(), "bridge.sock");
        QCOMPARE(paths.size(), size_t(1));
        QCOMPARE(QByteArray::fromStdString(paths[0]), canonical + "/bridge.sock");
    }
    void aLinkToTheProfileLeadsToTheSameSocket()
    {
        QTemporaryDir folder;
        QVERIFY(QDir(folder.path()).mkdir(QStringLiteral("real")));
        QVERIFY(QFile::link(folder.filePath(QStringLiteral("real")), folder.filePath(QStringLiteral("link"))));
        QVERIFY(app::socketPaths(folder.filePath(QStringLiteral("link")).toStdString(), "bridge.sock")
                == app::socketPaths(folder.filePath(QStringLiteral("real")).toStdString(), "bridge.sock"));
    }
    void aLongPathBecomesAHashInTheRuntimeFolder()
    {
        QTemporaryDir folder;
        const QString profile = folder.filePath(QString(120, QLatin1Char('x')));
        QVERIFY(QDir().mkpath(profile));
        qputenv("XDG_RUNTIME_DIR", "/run/elsewhere");
        const auto paths = app::socketPaths(profile.toStdString(), "bridge.sock");
        QCOMPARE(paths.size(), size_t(3));
        QVERIFY(QString::fromStdString(paths[0]).startsWith(QStringLiteral("/run/elsewhere/countersign-")));
        QVERIFY(QString::fromStdString(paths[1]).startsWith(QStringLiteral("/run/user/%1/countersign-").arg(getuid())));
        qunsetenv("XDG_RUNTIME_DIR");
        QCOMPARE(app::socketPaths(profile.toStdString(), "bridge.sock").at(0), paths[1]);
    }
    void theServerListensWhereTheBridgeLooks_data()
    {
        QTest::addColumn<int>("length");
        QTest::addColumn<QByteArray>("runtime");
        QTest::addColumn<int>("place");
        QTest::newRow("short") << 5 << QByteArray("/run/elsewhere") << 0;
        QTest::newRow("long") << 120 << QByteArray("/run/elsewhere") << 0;
        QTest::newRow("long, no runtime folder") << 120 << QByteArray() << 1;
        QTest::newRow("long, relative runtime folder") << 120 << QByteArray("run") << 1;
    }
    void theServerListensWhereTheBridgeLooks()
    {
        QFETCH(int, length);
        QFETCH(QByteArray, runtime);
        QFETCH(int, place);
        QTemporaryDir folder;
        const QString profile = QDir(folder.path()).canonicalPath() + QLatin1Char('/') + QString(length, QLatin1Char('x'));
        QVERIFY(QDir().mkpath(profile));
        if (runtime.isNull())
            qunsetenv("XDG_RUNTIME_DIR");
        else
            qputenv("XDG_RUNTIME_DIR", runtime);
        QCOMPARE(app::socketPaths(profile.toStdString(), "bridge.sock").at(size_t(place)),
                 mcpcore::socketPathFor(profile.toStdString(), "bridge.sock"));
    }
    void exactlyOneHundredBytesAreNotTooLong()
    {
        QTemporaryDir folder;
        const QString base = QDir(folder.path()).canonicalPath();
        const QString profile = base + QLatin1Char('/') + QString(100 - 12 - 1 - base.size(), QLatin1Char('x'));
        QVERIFY(QDir().mkpath(profile) && QDir().mkpath(profile + QLatin1Char('y')));
        QCOMPARE(app::socketPaths(profile.toStdString(), "bridge.sock").at(0).size(), size_t(100));
        QVERIFY(app::socketPaths((profile + QLatin1Char('y')).toStdString(), "bridge.sock").at(0).find("/countersign-")
                != std::string::npos);
    }
    void aMissingProfileHasNoSocket() { QVERIFY(app::socketPaths("/nonexistent/profile", "bridge.sock").empty()); }
    void theStandardProfileFollowsTheVariables()
    {
        qputenv("XDG_DATA_HOME", "/data");
        QCOMPARE(app::standardProfile(), std::string("/data/countersign"));
        qputenv("XDG_DATA_HOME", "not/absolute");
        qputenv("HOME", "/home/someone");
        QCOMPARE(app::standardProfile(), std::string("/home/someone/.local/share/countersign"));
        qunsetenv("XDG_DATA_HOME");
        QCOMPARE(app::standardProfile(), std::string("/home/someone/.local/share/countersign"));
    }
};

COUNTERSIGN_TEST(tst_SocketPath)
#include "tst_SocketPath.moc"
