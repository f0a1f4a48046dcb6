// SPDX-FileCopyrightText: 2026 The Countersign authors
// SPDX-License-Identifier: GPL-3.0-or-later
// What somebody who can write the files of a profile, but has neither its keychain nor its window, must not get.
#include "Programs.h"
#include "support/Runner.h"
#include <QDir>

using mcpcore::Json;

class tst_Trust : public QObject
{
    Q_OBJECT

    static QStringList words(const char *line) { return QString::fromLatin1(line).split(QLatin1Char(' ')); }
    static void remove(const Setup &setup, const QStringList &names)
    {
        for (const QString &name : names)
            QFile::remove(setup.profile() + QLatin1Char('/') + name);
    }
    static QByteArray read(const QString &path)
    {
        QFile file(path);
        return file.open(QIODevice::ReadOnly) ? file.readAll() : QByteArray();
    }
    static bool write(const QString &path, const QByteArray &bytes)
    {
        QFile file(path);
        return file.open(QIODevice::WriteOnly) && file.write(bytes) == bytes.size();
    }
    static QString text(const Json &object, const char *member) { return QString::fromStdString(object.value(member, "")); }
    static Json sealOf(const Setup &setup) { return setup.must(words("status")).value("seal", Json::object()); }
    static bool isPaused(const Setup &setup) { return setup.must(words("status")).value("paused", false); }
    // The command without a session bus, and so without a keychain.
    static Setup::Done withoutKeychain(const Setup &setup, const QStringList &line)
    {
        const QByteArray bus = qgetenv("DBUS_SESSION_BUS_ADDRESS");
        const QByteArray runtime = qgetenv("XDG_RUNTIME_DIR");
        const QByteArray display = qgetenv("DISPLAY");
        qunsetenv("DBUS_SESSION_BUS_ADDRESS");
        qunsetenv("DISPLAY");
        qputenv("XDG_RUNTIME_DIR", setup.profile().toLocal8Bit());
        const Setup::Done done = setup.ctl(line);
        qputenv("DBUS_SESSION_BUS_ADDRESS", bus);
        qputenv("XDG_RUNTIME_DIR", runtime);
        qputenv("DISPLAY", display);
        return done;
    }
    static void openOnceWithTheApp(const Setup &setup)
    {
        Gateway app;
        app.start(binary("countersign"), {QStringLiteral("--profile"), setup.profile(), QStringLiteral("--port"), QStringLiteral("0")});
        QTRY_VERIFY_WITH_TIMEOUT(setup.ctl(words("status")).answer.value("running", false), 20'000);
    }

private Q_SLOTS:
    void whatTheAppOpenedBelongsToItWhateverBecomesOfTheFiles_data()
    {
        QTest::addColumn<QStringList>("gone");
        const QString database = QStringLiteral("activity.db"), anchor = QStringLiteral("activity.anchor"),
                      workspace = QStringLiteral("workspace.json");
        QTest::newRow("nothing") << QStringList{};
        QTest::newRow("workspace.json") << QStringList{workspace};
        QTest::newRow("the log") << QStringList{database, anchor};
        QTest::newRow("both") << QStringList{database, anchor, workspace};
    }
    void whatTheAppOpenedBelongsToItWhateverBecomesOfTheFiles()
    {
        QFETCH(QStringList, gone);
        Setup setup;
        openOnceWithTheApp(setup);
        remove(setup, gone);
        for (const char *line : {"client add Mine", "resume", "env use staging"}) {
            const Setup::Done done = setup.ctl(words(line));
            QCOMPARE(done.code, 1);
            QVERIFY2(done.err.contains("open Countersign to confirm"), done.err.constData());
        }
        QCOMPARE(text(setup.must(words("status")), "ownedBy"), QStringLiteral("app"));
        QVERIFY2(isPaused(setup) == !gone.isEmpty(), qPrintable(text(sealOf(setup), "text")));
    }
    void aLogWithoutItsDatabaseDoesNotStart()
    {
        Setup setup;
        openOnceWithTheApp(setup);
        remove(setup, {QStringLiteral("activity.db"), QStringLiteral("workspace.json")});
        const Setup::Done done = setup.ctl(words("client add Mine"));
        QCOMPARE(done.code, 1);
        QVERIFY2(done.err.contains("exchanged"), done.err.constData());
    }
    void anEditByHandPausesAndNamesWhatDiffers()
    {
        Setup setup;
        QVERIFY(!setup.addClient().isEmpty());
        QCOMPARE(text(sealOf(setup), "state"), QStringLiteral("sealed"));
        QVERIFY(write(setup.file("workspace.json"), read(setup.file("workspace.json")).replace("\"Tester\"", "\"Claude\"")));
        const Json seal = sealOf(setup);
        QVERIFY(isPaused(setup));
        QCOMPARE(text(seal, "differs"), QStringLiteral("clients"));
        QVERIFY(text(seal, "text").contains(QStringLiteral("changed outside Countersign")));
        const Setup::Done log = setup.ctl(words("log export --format jsonl"));
        QVERIFY(log.out.contains("workspace.json was changed outside Countersign (clients)"));
        setup.must(words("resume"));
        QVERIFY(!isPaused(setup) && text(sealOf(setup), "text").isEmpty());
    }
    // All files as they were before a client was revoked: every digest and anchor in them is right.
    void anOlderStateOfAllFilesIsNotTaken()
    {
        Setup setup;
        QVERIFY(!setup.addClient().isEmpty());
        const QList<const char *> names{"workspace.json", "activity.db", "activity.anchor"};
        QList<QByteArray> older;
        for (const char *name : names)
            older << read(setup.file(name));
        setup.must(words("client revoke tester"));
        for (int i = 0; i < names.size(); ++i)
            QVERIFY(write(setup.file(names[i]), older[i]));
        QVERIFY(isPaused(setup));
        QVERIFY(text(sealOf(setup), "text").contains(QStringLiteral("turned back")));
    }
    void withoutAKeychainAProfileWorksAndSaysThatItIsNotSealed()
    {
        Setup setup;
        QCOMPARE(withoutKeychain(setup, words("client add Tester")).code, 0);
        const Json status = withoutKeychain(setup, words("status")).answer;
        QCOMPARE(text(status.value("seal", Json::object()), "state"), QStringLiteral("unsigned"));
        QVERIFY(!status.value("paused", true));
        QVERIFY(withoutKeychain(setup, words("log export --format jsonl")).out.contains("There is no keychain here"));
        QVERIFY(withoutKeychain(setup, words("doctor")).out.contains("are not signed"));
        QCOMPARE(text(withoutKeychain(setup, words("log verify")).answer, "anchor"), QStringLiteral("unsigned"));
    }
    void aProfileWithAKeySendsNothingWithoutItsKeychain()
    {
        Setup setup;
        QVERIFY(!setup.addClient().isEmpty());
        const Setup::Done widening = withoutKeychain(setup, words("client add Second"));
        QCOMPARE(widening.code, 1);
        QVERIFY2(widening.err.contains("Nothing is sent: this profile has a key in a keychain"), widening.err.constData());
        QCOMPARE(withoutKeychain(setup, words("resume")).code, 1);
        QCOMPARE(text(withoutKeychain(setup, words("status")).answer.value("seal", Json::object()), "state"), QStringLiteral("held"));
        QCOMPARE(withoutKeychain(setup, words("pause")).code, 0); // tightening is always possible
        // Back with the keychain: the change without a seal is shown, nothing else.
        QCOMPARE(text(sealOf(setup), "state"), QStringLiteral("sealed"));
        QVERIFY(isPaused(setup));
        setup.must(words("resume"));
        QVERIFY(!isPaused(setup));
    }
    void aRunningGatewayWithoutItsKeyRefusesCalls()
    {
        Setup setup;
        setup.must(words("connection add practice --pack practice"));
        setup.trust("practice");
        setup.addRule(R"({"effect":"allow","connection":"practice","environment":"sandbox"})");
        Gateway gateway;
        QProcessEnvironment environment = QProcessEnvironment::systemEnvironment();
        environment.remove(QStringLiteral("DBUS_SESSION_BUS_ADDRESS"));
        environment.remove(QStringLiteral("DISPLAY"));
        gateway.setProcessEnvironment(environment);
        gateway.serve(setup);
        const Setup::Done tried = setup.ctl(words("try practice__list_customers"));
        QVERIFY2(tried.out.contains("Nothing is sent") || tried.err.contains("Nothing is sent"), tried.out + tried.err);
    }
    void theAnchorIsCheckedWithTheKeyWhereItCanBeHad()
    {
        Setup setup;
        setup.must(words("pause"));
        const Setup::Done with = setup.ctl(words("log verify --strict"));
        QCOMPARE(with.code, 0);
        QCOMPARE(text(with.answer, "anchor"), QStringLiteral("signed"));
        const Setup::Done without = withoutKeychain(setup, words("log verify"));
        QCOMPARE(without.code, 0);
        QCOMPARE(text(without.answer, "anchor"), QStringLiteral("not checked"));
        QVERIFY(text(without.answer, "text").contains(QStringLiteral("keychain cannot be used")));
        QByteArray anchor = read(setup.file("activity.anchor"));
        const auto parsed = mcpcore::parseJson(anchor.toStdString());
        QVERIFY(parsed);
        Json forged = *parsed;
        forged["code"] = QString::fromStdString(forged.value("code", "")).replace(0, 8, QStringLiteral("00000000")).toStdString();
        QVERIFY(write(setup.file("activity.anchor"), mcpcore::toBytes(forged)));
        QCOMPARE(setup.ctl(words("log verify")).code, 1);
        QFile::remove(setup.file("activity.anchor"));
        QCOMPARE(setup.ctl(words("log verify")).code, 1);
    }
    void whatARevokedClientHasOpenIsClosed_data()
    {
        QTest::addColumn<QString>("line");
        QTest::addColumn<bool>("bridgeStays");
        QTest::newRow("revoked") << "client revoke tester" << false;
        QTest::newRow("another token") << "client token tester --rotate" << true;
    }
    void whatARevokedClientHasOpenIsClosed()
    {
        QFETCH(QString, line);
        QFETCH(bool, bridgeStays);
        Setup setup;
        const QString token = setup.addClient();
        Gateway gateway;
        gateway.serve(setup);
        SdkClient bridge;
        bridge.connectTo(setup, gateway, {}, SdkClient::Way::Bridge);
        SdkClient http;
        http.connectTo(setup, gateway, token, SdkClient::Way::Http);
        const auto sessions = [&] { return setup.must(words("status")).value("sessions", -1); };
        QCOMPARE(sessions(), 2);
        setup.must(line.split(QLatin1Char(' ')));
        QTRY_COMPARE_WITH_TIMEOUT(sessions(), bridgeStays ? 1 : 0, 10'000);
    }
    void aDamagedLogIsKeptAndANewOneSaysSo()
    {
        Setup setup;
        QVERIFY(!setup.addClient().isEmpty());
        const QByteArray damaged = QByteArray(read(setup.file("activity.db"))).replace(4096, 4096, QByteArray(4096, '\xa5'));
        QVERIFY(write(setup.file("activity.db"), damaged));
        Gateway gateway;
        gateway.serve(setup);
        const Json status = setup.must(words("status"));
        QVERIFY(status.value("paused", false));
        const QStringList kept = QDir(setup.profile()).entryList({QStringLiteral("activity.damaged-*.db")});
        QCOMPARE(kept.size(), 1);
        QCOMPARE(read(setup.profile() + QLatin1Char('/') + kept.first()), damaged);
        QVERIFY(text(status.value("seal", Json::object()), "text").contains(kept.first()));
        const Setup::Done log = setup.ctl(words("log export --format jsonl"));
        QVERIFY(log.out.contains("The activity log begins anew"));
        QCOMPARE(setup.ctl(words("log verify")).code, 0);
        setup.must(words("resume"));
        QVERIFY(!isPaused(setup));
    }
};

COUNTERSIGN_TEST(tst_Trust)
#include "tst_Trust.moc"
