// SPDX-FileCopyrightText: 2026 The Countersign authors
// SPDX-License-Identifier: GPL-3.0-or-later
// The app's real window on a real X server, answered as a person does: by keys, once the button is armed.
#include "RealApp.h"
#include "bench/HttpCaller.h"
#include "support/Runner.h"
#include <QDir>
#include <QElapsedTimer>
#include <QScopeGuard>
#include <QThread>
#include <atomic>

using mcpcore::Json;

class tst_RealWindow : public QObject
{
    Q_OBJECT

    using App = RealApp;

    static int waiting(const Setup &setup) { return setup.ctl({QStringLiteral("status")}).answer.value("waiting", -1); }
    static void prepare(const Setup &setup, QString &token)
    {
        setup.addStdio("peer", {peer("node"), peer("echo-server.mjs")});
        token = setup.addClient();
    }

private Q_SLOTS:
    void allowSendsAndDenyDoesNot_data()
    {
        QTest::addColumn<bool>("throughBridge");
        QTest::newRow("client over HTTP") << false;
        QTest::newRow("client through the bridge") << true;
    }
    void allowSendsAndDenyDoesNot()
    {
        QFETCH(bool, throughBridge);
        Setup setup;
        QString token;
        prepare(setup, token);
        App app;
        app.open(setup);
        App::bringToFront();
        App::shot("empty");
        SdkClient client;
        client.connectTo(setup, app, token, throughBridge ? SdkClient::Way::Bridge : SdkClient::Way::Http);
        client.call("1", "peer__echo", {{"amount", 5000}, {"customer", "cus_NffrFeUfNV2Hib"}});
        QTRY_COMPARE_WITH_TIMEOUT(waiting(setup), 1, 20'000);
        App::press("Return"); // never allows
        // The button arms after a second in front; a press before that does nothing.
        QTRY_COMPARE_WITH_TIMEOUT((App::press("ctrl+shift+a"), waiting(setup)), 0, 20'000);
        App::shot("allowed");
        const Json allowed = client.outcome("1");
        QVERIFY2(allowed.contains("result") && allowed["result"].dump().find("cus_NffrFeUfNV2Hib") != std::string::npos,
                 allowed.dump().c_str());

        client.call("2", "peer__echo", {{"amount", 1}});
        QTRY_COMPARE_WITH_TIMEOUT(waiting(setup), 1, 20'000);
        App::press("alt+Down"); // the card of the first call stays until the person goes on
        App::shot("card");
        QTRY_COMPARE_WITH_TIMEOUT((App::press("Escape"), waiting(setup)), 0, 20'000);
        const Json denied = client.outcome("2");
        QVERIFY2(denied["result"].value("isError", false) && denied.dump().find("Denied by the person") != std::string::npos,
                 denied.dump().c_str());
        client.say({{"do", "call"}, {"tag", "3"}, {"name", "peer__count"}, {"arguments", Json::object()}});
        QTRY_COMPARE_WITH_TIMEOUT(waiting(setup), 1, 20'000);
        App::press("alt+Down");
        QTRY_COMPARE_WITH_TIMEOUT((App::press("ctrl+shift+a"), waiting(setup)), 0, 20'000);
        QVERIFY(client.outcome("3").contains("result"));
        const Json calls = setup.calls();
        QCOMPARE(calls.size(), size_t(3));
        QCOMPARE(calls[1].value("decision", ""), std::string("denied"));
        QCOMPARE(calls[2].value("decidedBy", ""), std::string("person"));
    }
    // What a server asks a client that cannot answer is answered in the window; a page opens only by a press of its button.
    void aServersQuestionIsAnsweredInTheWindow_data()
    {
        QTest::addColumn<bool>("accepts");
        QTest::newRow("accepted") << true;
        QTest::newRow("declined") << false;
    }
    void aServersQuestionIsAnsweredInTheWindow()
    {
        QFETCH(bool, accepts);
        Setup setup;
        const QString opened = setup.file("opened"), browser = setup.file("xdg-open");
        QFile script(browser);
        QVERIFY(script.open(QIODevice::WriteOnly));
        script.write("#!/bin/sh\nprintf '%s\\n' \"$1\" >>" + opened.toUtf8() + "\n");
        script.close();
        QVERIFY(script.setPermissions(QFile::ReadOwner | QFile::ExeOwner));
        const QByteArray path = qgetenv("PATH");
        qputenv("PATH", QFileInfo(browser).path().toUtf8() + ':' + path);
        const auto restored = qScopeGuard([&] { qputenv("PATH", path); });
        setup.addStdio("everything", {peer("node"), ReferenceServer::script(), QStringLiteral("stdio")});
        setup.addRule(R"({"effect":"allow","environment":"sandbox"})");
        const QString token = setup.addClient();
        App app;
        app.open(setup);
        App::bringToFront();
        SdkClient client;
        client.connectTo(setup, app, token, SdkClient::Way::Http);
        client.call("1", "everything__trigger-url-elicitation", {{"url", "https://pay.example.com/x?y=1"}, {"message", "Pay here"}});
        const auto questions = [&] { return setup.ctl({QStringLiteral("status")}).answer.value("questions", -1); };
        QTRY_COMPARE_WITH_TIMEOUT(questions(), 1, 20'000);
        App::press("Return");       // neither answers
        App::press("ctrl+shift+a"); // nor does the key for calls
        App::shot("question");
        QCOMPARE(questions(), 1);
        QVERIFY(!QFile::exists(opened));
        if (accepts) {
            QTRY_COMPARE_WITH_TIMEOUT((App::clickFooterButton(), questions()), 0, 20'000);
        } else {
            QTRY_COMPARE_WITH_TIMEOUT((App::press("Escape"), questions()), 0, 20'000);
        }
        const std::string outcome = client.outcome("1").dump();
        QVERIFY2(outcome.find(accepts ? "accept" : "decline") != std::string::npos, outcome.c_str());
        if (accepts)
            QTRY_VERIFY(QFile::exists(opened));
        QFile pages(opened);
        QCOMPARE(pages.open(QIODevice::ReadOnly), accepts);
        if (accepts)
            QCOMPARE(pages.readAll(), QByteArray("https://pay.example.com/x?y=1\n"));
    }
    // Pages are turned while every call of 64 clients at once shows up in them.
    void theWindowAnswersWhileABurstRuns()
    {
        Setup setup;
        setup.must({QStringLiteral("connection"), QStringLiteral("add"), QStringLiteral("practice"), QStringLiteral("--pack"),
                    QStringLiteral("practice")});
        setup.trust("practice");
        const std::string token = setup.addClient().toStdString();
        App app;
        app.open(setup);
        App::bringToFront();
        std::atomic<bool> enough = false;
        std::atomic<bool> failed = false;
        std::atomic<int> answered = 0;
        std::string problem; // read when the burst is over
        const std::unique_ptr<QThread> burst(QThread::create([&] {
            try {
                std::vector<bench::HttpCaller> callers;
                for (int i = 0; i < 64; ++i) {
                    callers.emplace_back(app.port, "/mcp", token);
                    callers.back().initialize();
                }
                while (!enough) {
                    for (bench::HttpCaller &caller : callers)
                        caller.send(caller.callMessage("practice__list_plans", "{}"));
                    for (bench::HttpCaller &caller : callers)
                        if (caller.receive().find("plan_practice") != std::string::npos)
                            ++answered;
                        else
                            problem = "an answer without its plans";
                }
            } catch (const std::exception &error) {
                problem = error.what();
            }
            failed = !problem.empty();
        }));
        const auto end = [&] {
            enough = true;
            burst->wait();
        };
        const auto always = qScopeGuard(end);
        burst->start();
        const auto title = [] { return App::xdo({QStringLiteral("getactivewindow"), QStringLiteral("getwindowname")}); };
        qint64 slowest = 0;
        for (int turn = 0; turn < 10; ++turn) {
            const int before = answered;
            QTRY_VERIFY_WITH_TIMEOUT(answered >= before + 64 || failed, 20'000);
            const bool activity = turn % 2 == 0;
            QElapsedTimer clock;
            clock.start();
            App::press(activity ? "ctrl+2" : "ctrl+1");
            while (!title().contains(activity ? "Activity" : "Approvals"))
                QVERIFY(clock.elapsed() < 20'000);
            slowest = std::max(slowest, clock.elapsed());
        }
        App::shot("burst");
        end();
        QVERIFY2(problem.empty(), problem.c_str());
        QVERIFY(answered >= 640);
        qInfo("%d calls answered, slowest turn of a page %lld ms", int(answered), slowest);
    }
    void aClientThatGoesAwayTakesItsCardAlong()
    {
        Setup setup;
        QString token;
        prepare(setup, token);
        App app;
        app.open(setup);
        App::bringToFront();
        {
            SdkClient client;
            client.connectTo(setup, app, token, SdkClient::Way::Http);
            client.call("1", "peer__echo", Json::object());
            QTRY_COMPARE_WITH_TIMEOUT(waiting(setup), 1, 20'000);
            client.kill();
            client.waitForFinished();
        }
        QTRY_COMPARE_WITH_TIMEOUT(waiting(setup), 0, 20'000);
        App::shot("withdrawn");
        QCOMPARE(setup.calls()[0].value("decidedBy", ""), std::string("withdrawn"));
    }
    void whatWidensNeedsTheWindow()
    {
        Setup setup;
        QString token;
        prepare(setup, token);
        {
            App app;
            app.open(setup);
            QVERIFY(setup.ctl({QStringLiteral("pause")}).code == 0);
            app.terminate();
            QVERIFY(app.waitForFinished());
        }
        const Setup::Done resumed = setup.ctl({QStringLiteral("resume")});
        QCOMPARE(resumed.code, 1);
        QVERIFY2(resumed.err.contains("open Countersign to confirm"), resumed.err.constData());
        QCOMPARE(setup.ctl({QStringLiteral("client"), QStringLiteral("add"), QStringLiteral("Other")}).code, 1);
        QCOMPARE(setup
                     .ctl({QStringLiteral("rule"), QStringLiteral("add"), QStringLiteral("--json-file"), QStringLiteral("-")},
                          R"({"effect":"allow"})")
                     .code,
                 1);
        QCOMPARE(setup
                     .ctl({QStringLiteral("rule"), QStringLiteral("add"), QStringLiteral("--json-file"), QStringLiteral("-")},
                          R"({"effect":"deny"})")
                     .code,
                 0);
        QCOMPARE(setup.ctl({QStringLiteral("client"), QStringLiteral("revoke"), QStringLiteral("tester")}).code, 0);
    }
    void theFirstStartHasPracticeReady()
    {
        Setup setup;
        App app;
        app.open(setup);
        App::bringToFront();
        QTRY_COMPARE_WITH_TIMEOUT(
            setup.ctl({QStringLiteral("connection"), QStringLiteral("list")}).answer.value("connections", Json::array()).size(), size_t(1),
            20'000);
        QTRY_VERIFY_WITH_TIMEOUT(!setup.ctl({QStringLiteral("connection"), QStringLiteral("show"), QStringLiteral("practice")})
                                      .answer.value("trusted", Json::array())
                                      .empty(),
                                 20'000);
        QProcess sample;
        sample.start(binary("countersignctl"), {QStringLiteral("--profile"), setup.profile(), QStringLiteral("try")});
        QTRY_COMPARE_WITH_TIMEOUT(waiting(setup), 1, 20'000);
        App::shot("practice");
        QTRY_COMPARE_WITH_TIMEOUT((App::press("ctrl+shift+a"), waiting(setup)), 0, 20'000);
        QVERIFY(sample.waitForFinished());
        QCOMPARE(sample.exitCode(), 0);
    }
};

COUNTERSIGN_TEST(tst_RealWindow)
#include "tst_RealWindow.moc"
