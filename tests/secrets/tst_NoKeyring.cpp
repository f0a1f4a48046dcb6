// SPDX-FileCopyrightText: 2026 The Countersign authors
// SPDX-License-Identifier: GPL-3.0-or-later
#include "secrets/StoreInCore.h"
#include "support/Runner.h"
#include <QDirIterator>
#include <QTemporaryDir>

using namespace mcpcore;

// A session without a bus, as on a server: a clear error, and nothing is stored anywhere.
class tst_NoKeyring : public QObject
{
    Q_OBJECT
private:
    SystemClock m_clock;
    QTemporaryDir m_home;

private Q_SLOTS:
    void initTestCase()
    {
        for (const char *name : {"DBUS_SESSION_BUS_ADDRESS", "DISPLAY", "WAYLAND_DISPLAY"})
            qunsetenv(name);
        for (const char *name : {"HOME", "XDG_RUNTIME_DIR", "XDG_CONFIG_HOME", "XDG_DATA_HOME"})
            qputenv(name, m_home.path().toUtf8());
    }
    void nothingIsStoredAndTheErrorSaysWhatToDo()
    {
        StoreInCore store(
            [this] { return std::make_unique<KeychainStore>(QStringLiteral("io.countersign/none"), m_clock, std::chrono::seconds(20)); });
        const auto written = store.write("k", "secret-canary");
        QVERIFY(!written);
        QCOMPARE(written.error().kind, Error::Kind::SecretUnavailable);
        QVERIFY2(written.error().message.contains(QStringLiteral("Nothing was stored"))
                     && written.error().message.contains(QStringLiteral("Start a keyring")),
                 qPrintable(written.error().message));
        QVERIFY(!written.error().message.contains(QStringLiteral("canary")));
        const auto read = store.read("k");
        QCOMPARE(read.error().kind, Error::Kind::SecretUnavailable);
        QVERIFY2(read.error().message.contains(QStringLiteral("Start a keyring")), qPrintable(read.error().message));
        const auto removed = store.remove("k");
        QCOMPARE(removed.error().kind, Error::Kind::SecretUnavailable);
        QVERIFY2(removed.error().message.contains(QStringLiteral("Start a keyring")), qPrintable(removed.error().message));
        QVERIFY(store.probe()); // nobody would be asked
        QDirIterator it(m_home.path(), QDir::Files | QDir::Hidden, QDirIterator::Subdirectories);
        while (it.hasNext()) {
            QFile file(it.next());
            QVERIFY(file.open(QIODevice::ReadOnly));
            QVERIFY2(!file.readAll().contains("canary"), qPrintable(file.fileName()));
        }
    }
};

COUNTERSIGN_TEST(tst_NoKeyring)
#include "tst_NoKeyring.moc"
