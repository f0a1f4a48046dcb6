// SPDX-FileCopyrightText: 2026 The Countersign authors
// SPDX-License-Identifier: GPL-3.0-or-later
// Production locks when the screen does and before the computer sleeps: the real program, on a system bus of its own with a
// fake logind that sends the documented signals, and with fake screen savers on the session bus.
#include "Programs.h"
#include "support/Runner.h"
#include <QDBusConnection>
#include <QDBusMessage>
#include <QDBusObjectPath>
#include <QDBusUnixFileDescriptor>
#include <poll.h>
#include <unistd.h>

using mcpcore::Json;

// What Countersign asks of logind's manager.
class FakeLogin1 : public QObject
{
    Q_OBJECT
    Q_CLASSINFO("D-Bus Interface", "org.freedesktop.login1.Manager")
public:
    ~FakeLogin1() override { ::close(m_ours); }
    // Whether somebody still keeps the computer from sleeping.
    bool isDelayed() const
    {
        pollfd waiting{m_ours, POLLIN, 0};
        return m_ours >= 0 && ::poll(&waiting, 1, 0) == 0;
    }
    QStringList asked;

public Q_SLOTS:
    QDBusUnixFileDescriptor Inhibit(const QString &what, const QString &, const QString &, const QString &mode)
    {
        asked.append(what + QLatin1Char(' ') + mode);
        int ends[2];
        if (::pipe(ends) != 0)
            return {};
        ::close(std::exchange(m_ours, ends[0]));
        QDBusUnixFileDescriptor theirs;
        theirs.giveFileDescriptor(ends[1]);
        return theirs;
    }
    QDBusObjectPath GetSession(const QString &id) { return QDBusObjectPath(QStringLiteral("/org/freedesktop/login1/session/") + id); }

private:
    int m_ours = -1;
};

class tst_ScreenLock : public QObject
{
    Q_OBJECT

    QProcess m_daemon;
    QTemporaryDir m_folder;
    QString m_address;

    static QStringList words(const char *line) { return QString::fromLatin1(line).split(QLatin1Char(' ')); }
    static QString heard(const Setup &setup)
    {
        QStringList all;
        for (const Json &way : setup.ctl(words("status")).answer.value("screenLock", Json::array()))
            all.append(QString::fromStdString(way.get<std::string>()));
        return all.join(QLatin1Char(','));
    }
    static bool isLocked(const Setup &setup)
    {
        for (const Json &environment : setup.ctl(words("env list")).answer.value("environments", Json::array()))
            if (environment.value("id", "") == "production")
                return environment.value("locked", true);
        return true;
    }
    static bool logHas(const Setup &setup, const char *text) { return setup.ctl(words("log export --format jsonl")).out.contains(text); }
    void serve(Gateway &gateway, const Setup &setup, const QString &systemBus) const
    {
        QProcessEnvironment environment = QProcessEnvironment::systemEnvironment();
        environment.insert(QStringLiteral("DBUS_SYSTEM_BUS_ADDRESS"), systemBus);
        environment.insert(QStringLiteral("XDG_SESSION_ID"), QStringLiteral("c1"));
        gateway.setProcessEnvironment(environment);
        gateway.serve(setup);
    }

private Q_SLOTS:
    void initTestCase()
    {
        QFile config(m_folder.filePath(QStringLiteral("bus.conf")));
        QVERIFY(config.open(QIODevice::WriteOnly));
        config.write("<busconfig><type>custom</type><listen>unix:dir=" + m_folder.path().toUtf8()
                     + "</listen><auth>EXTERNAL</auth><policy context=\"default\"><allow send_destination=\"*\" eavesdrop=\"true\"/>"
                       "<allow own=\"*\"/><allow receive_sender=\"*\"/></policy></busconfig>");
        config.close();
        m_daemon.start(QStringLiteral("dbus-daemon"),
                       {QStringLiteral("--nofork"), QStringLiteral("--print-address"), QStringLiteral("--config-file"), config.fileName()});
        QTRY_VERIFY(m_daemon.canReadLine() || m_daemon.waitForReadyRead(100));
        m_address = QString::fromUtf8(m_daemon.readLine()).trimmed();
    }
    void cleanupTestCase()
    {
        m_daemon.terminate();
        m_daemon.waitForFinished();
    }
    void productionLocks_data()
    {
        QTest::addColumn<QString>("bus");
        QTest::addColumn<QString>("path");
        QTest::addColumn<QString>("signal");
        QTest::addColumn<QVariantList>("arguments");
        QTest::addColumn<QByteArray>("row");
        const QByteArray screen("Locked production: the screen was locked."), sleep("Locked production: the computer went to sleep.");
        const QString session = QStringLiteral("/org/freedesktop/login1/session/c1");
        QTest::newRow("logind locks the session")
            << "system" << session << "org.freedesktop.login1.Session.Lock" << QVariantList() << screen;
        QTest::newRow("the session says that it is locked")
            << "system" << session << "org.freedesktop.DBus.Properties.PropertiesChanged"
            << QVariantList{QStringLiteral("org.freedesktop.login1.Session"), QVariantMap{{QStringLiteral("LockedHint"), true}},
                            QStringList()}
            << screen;
        QTest::newRow("the computer goes to sleep") << "system"
                                                    << "/org/freedesktop/login1"
                                                    << "org.freedesktop.login1.Manager.PrepareForSleep" << QVariantList{true} << sleep;
        QTest::newRow("a desktop's screen saver") << "session"
                                                  << "/org/freedesktop/ScreenSaver"
                                                  << "org.freedesktop.ScreenSaver.ActiveChanged" << QVariantList{true} << screen;
        QTest::newRow("the screen saver of Gnome") << "session"
                                                   << "/org/gnome/ScreenSaver"
                                                   << "org.gnome.ScreenSaver.ActiveChanged" << QVariantList{true} << screen;
    }
    void productionLocks()
    {
        QFETCH(QString, bus);
        QFETCH(QString, path);
        QFETCH(QString, signal);
        QFETCH(QVariantList, arguments);
        QFETCH(QByteArray, row);
        const QString interface = signal.section(QLatin1Char('.'), 0, -2), member = signal.section(QLatin1Char('.'), -1);
        FakeLogin1 login;
        QDBusConnection system = QDBusConnection::connectToBus(m_address, QStringLiteral("fake"));
        QDBusConnection desktop = QDBusConnection::sessionBus();
        QVERIFY(system.registerObject(QStringLiteral("/org/freedesktop/login1"), &login, QDBusConnection::ExportAllSlots));
        QVERIFY(system.registerService(QStringLiteral("org.freedesktop.login1")));
        const bool saver = bus == QLatin1String("session");
        if (saver)
            QVERIFY(desktop.registerService(interface));

        Setup setup;
        Gateway gateway;
        serve(gateway, setup, m_address);
        QTRY_VERIFY_WITH_TIMEOUT(heard(setup).contains(QStringLiteral("suspend (logind)"))
                                     && heard(setup).contains(QStringLiteral("screen lock (logind)"))
                                     && (!saver || heard(setup).contains(interface)),
                                 20'000);
        QCOMPARE(login.asked, QStringList{QStringLiteral("sleep delay")});
        QVERIFY(login.isDelayed());
        QVERIFY(setup.ctl(words("doctor")).out.contains("Production locks on: "));
        setup.must(words("env unlock production --minutes 15 --reason because"));
        QVERIFY(!isLocked(setup));
        QDBusMessage message = QDBusMessage::createSignal(path, interface, member);
        message.setArguments(arguments);
        QVERIFY((saver ? desktop : system).send(message));
        QTRY_VERIFY_WITH_TIMEOUT(isLocked(setup), 20'000);
        QTRY_VERIFY_WITH_TIMEOUT(logHas(setup, row), 20'000);
        // The computer sleeps once production is locked, and not later.
        const bool sleeps = member == QLatin1String("PrepareForSleep");
        QTRY_COMPARE_WITH_TIMEOUT(login.isDelayed(), !sleeps, 20'000);
        if (sleeps) {
            QDBusMessage awake = QDBusMessage::createSignal(path, interface, member);
            awake.setArguments({false});
            QVERIFY(system.send(awake));
            QTRY_VERIFY_WITH_TIMEOUT(login.isDelayed(), 20'000); // for the next time
            QVERIFY(isLocked(setup));
        }
        if (saver)
            desktop.unregisterService(interface);
        QDBusConnection::disconnectFromBus(QStringLiteral("fake"));
    }
    void anotherSessionsLockIsNotOurs()
    {
        FakeLogin1 login;
        QDBusConnection system = QDBusConnection::connectToBus(m_address, QStringLiteral("fake"));
        QVERIFY(system.registerObject(QStringLiteral("/org/freedesktop/login1"), &login, QDBusConnection::ExportAllSlots));
        QVERIFY(system.registerService(QStringLiteral("org.freedesktop.login1")));
        Setup setup;
        Gateway gateway;
        serve(gateway, setup, m_address);
        QTRY_VERIFY_WITH_TIMEOUT(heard(setup).contains(QStringLiteral("screen lock (logind)")), 20'000);
        setup.must(words("env unlock production --minutes 15 --reason because"));
        const auto lock = [&system](const char *session) {
            return system.send(QDBusMessage::createSignal(QLatin1String(session), QStringLiteral("org.freedesktop.login1.Session"),
                                                          QStringLiteral("Lock")));
        };
        QVERIFY(lock("/org/freedesktop/login1/session/c2"));
        // A delay is asked for anew when the computer wakes: by then what was sent before has been heard.
        QDBusMessage awake = QDBusMessage::createSignal(
            QStringLiteral("/org/freedesktop/login1"), QStringLiteral("org.freedesktop.login1.Manager"), QStringLiteral("PrepareForSleep"));
        awake.setArguments({false});
        QVERIFY(system.send(awake));
        QTRY_COMPARE_WITH_TIMEOUT(login.asked.size(), 2, 20'000);
        QVERIFY(!isLocked(setup));
        QDBusConnection::disconnectFromBus(QStringLiteral("fake"));
    }
    void withoutABusNothingIsLostAndDoctorSaysSo()
    {
        Setup setup;
        Gateway gateway;
        serve(gateway, setup, QStringLiteral("unix:path=/nonexistent/bus"));
        setup.must(words("env unlock production --minutes 15 --reason because"));
        QVERIFY(!isLocked(setup));
        QCOMPARE(heard(setup), QString());
        const Json checks = setup.ctl(words("doctor")).answer.value("checks", Json::array());
        const auto lock =
            std::find_if(checks.begin(), checks.end(), [](const Json &one) { return one.value("check", "") == "screen lock"; });
        QVERIFY(lock != checks.end() && lock->value("ok", false));
        QVERIFY(lock->value("detail", "").find("Not seen") == 0);
    }
    void quitPausePersonAndTheRemovalOfAnEnvironmentLeaveTheirRows()
    {
        Setup setup;
        {
            Gateway gateway;
            serve(gateway, setup, QStringLiteral("unix:path=/nonexistent/bus"));
            const auto unlock = [&setup](const char *environment) {
                setup.must({QStringLiteral("env"), QStringLiteral("unlock"), QLatin1String(environment), QStringLiteral("--minutes"),
                            QStringLiteral("5"), QStringLiteral("--reason"), QStringLiteral("because")});
            };
            unlock("production");
            setup.must(words("env lock production"));
            unlock("production");
            setup.must(words("pause"));
            QVERIFY(isLocked(setup));
            const Setup::Done refused = setup.ctl(words("env unlock production --minutes 5 --reason because"));
            QVERIFY2(refused.code == 1 && refused.err.contains("Resume first"), refused.err);
            setup.must(words("resume"));
            QVERIFY(isLocked(setup));
            setup.must(words("env add eu-prod --kind production"));
            unlock("eu-prod");
            setup.must(words("env remove eu-prod"));
            setup.must(words("env add eu-prod --kind production"));
            QVERIFY(setup.ctl(words("env list")).out.contains("eu-prod"));
            unlock("production");
        }
        for (const char *row : {"Locked production: a person locked it.", "Locked production: everything was paused.",
                                "Locked eu-prod: it was removed.", "Locked production: Countersign ended."})
            QVERIFY2(logHas(setup, row), row);
    }
};

COUNTERSIGN_TEST(tst_ScreenLock)
#include "tst_ScreenLock.moc"
