// SPDX-FileCopyrightText: 2026 The Countersign authors
// SPDX-License-Identifier: GPL-3.0-or-later
// countersignctl as a person and as a script use it.
#include "Terminal.h"
#include "support/Runner.h"

using mcpcore::Json;

class tst_Commands : public QObject
{
    Q_OBJECT
    static void addPractice(const Setup &setup)
    {
        setup.must({QStringLiteral("connection"), QStringLiteral("add"), QStringLiteral("practice"), QStringLiteral("--pack"),
                    QStringLiteral("practice")});
        setup.trust("practice");
    }

private Q_SLOTS:
    void exitCodesAndErrorsTellWhatIsWrong_data()
    {
        QTest::addColumn<QStringList>("words");
        QTest::addColumn<int>("code");
        QTest::addColumn<QString>("kind");
        const auto words = [](const char *line) { return QString::fromLatin1(line).split(QLatin1Char(' ')); };
        QTest::newRow("unknown command") << words("frobnicate") << 64 << QString();
        QTest::newRow("missing argument") << words("connection add") << 64 << QString();
        QTest::newRow("unknown environment") << words("env use nowhere") << 1 << "not-found";
        QTest::newRow("locked name") << words("env add live --kind sandbox") << 1 << "invalid-argument";
        QTest::newRow("bad kind") << words("env add mine --kind purple") << 1 << "invalid-argument";
        QTest::newRow("bad URL") << words("connection add x --url ftp://example.com") << 1 << "invalid-argument";
        QTest::newRow("plain HTTP to elsewhere") << words("connection add x --url http://example.com/mcp") << 1 << "invalid-argument";
        QTest::newRow("no target") << words("connection add x") << 1 << "invalid-argument";
        QTest::newRow("unknown pack") << words("connection add x --pack nobody") << 1 << "not-found";
        QTest::newRow("no such program") << words("connection add x --stdio -- /nonexistent/program") << 1 << "not-found";
        QTest::newRow("trust without a choice") << words("connection trust practice sandbox") << 1 << "not-found";
        QTest::newRow("unlock for too long") << words("env unlock production --minutes 600 --reason because") << 1 << "invalid-argument";
        QTest::newRow("try without a gateway") << words("try") << 1 << "not-found";
        QTest::newRow("rule file missing") << words("rule add --json-file /nonexistent") << 1 << "not-found";
        QTest::newRow("receipt of nobody") << words("log receipt hal") << 1 << "not-found";
        QTest::newRow("receipt since never") << words("log receipt try --since yesterday") << 1 << "invalid-argument";
        QTest::newRow("unknown preset") << words("rule preset nope") << 1 << "not-found";
        QTest::newRow("rules to import missing") << words("rule import /nonexistent") << 1 << "not-found";
        QTest::newRow("import of something else") << words("rule import /etc/hostname") << 1 << "invalid-request";
        QTest::newRow("explain an unknown call") << words("rule explain 0123") << 1 << "not-found";
        QTest::newRow("hide without a client") << words("connection tools acme sandbox --hide echo") << 64 << QString();
        QTest::newRow("hide and show at once") << words("connection tools acme sandbox --client cursor --hide echo --show echo") << 64
                                               << QString();
        QTest::newRow("move keys to nowhere") << words("key move --to paper") << 1 << "invalid-argument";
        QTest::newRow("pack file missing") << words("pack check /nonexistent") << 1 << "not-found";
        QTest::newRow("pack without a sandbox") << words("connection add x --pack stack") << 1 << "invalid-argument";
        QTest::newRow("test a key of nothing") << words("key test acme sandbox") << 1 << "not-found";
        QTest::newRow("resume an unknown client") << words("resume hal") << 1 << "not-found";
        QTest::newRow("log of nothing") << words("log show 0123") << 1 << "not-found";
    }
    void exitCodesAndErrorsTellWhatIsWrong()
    {
        QFETCH(QStringList, words);
        QFETCH(int, code);
        QFETCH(QString, kind);
        Setup setup;
        setup.must({QStringLiteral("env"), QStringLiteral("list")});
        const Setup::Done done = setup.ctl(words);
        QVERIFY2(done.code == code, done.err + done.out);
        if (!kind.isEmpty()) {
            QVERIFY2(done.answer.contains("error"), done.out.constData());
            QCOMPARE(QString::fromStdString(done.answer["error"].value("kind", "")), kind);
            QVERIFY(!done.answer["error"].value("message", "").empty());
        }
        QVERIFY(!done.err.isEmpty());
    }
    void packsAreListedAndCheckedWithEveryFault()
    {
        Setup setup;
        const auto packs = setup.must({QStringLiteral("pack"), QStringLiteral("list")}).value("packs", Json::array());
        QCOMPARE(packs.size(), size_t(4));
        QVERIFY(!setup.ctl({QStringLiteral("pack"), QStringLiteral("list")}).out.contains("null"));
        const QString path = setup.profile() + QStringLiteral("/acme.json");
        QFile file(path);
        const auto check = [&] { return setup.ctl({QStringLiteral("pack"), QStringLiteral("check"), path}); };
        QVERIFY(QFile::copy(QStringLiteral(COUNTERSIGN_SOURCE_DIR "/resources/packs/stripe.json"), path));
        const Setup::Done good = check();
        QCOMPARE(good.code, 0);
        QCOMPARE(QString::fromStdString(good.answer.value("id", "")), QStringLiteral("stripe"));
        QVERIFY(file.open(QIODevice::WriteOnly | QIODevice::Truncate));
        file.write("{\n  \"format\": 2,\n  \"operations\": {}\n}\n");
        file.close();
        const Setup::Done bad = check();
        QCOMPARE(bad.code, 1);
        const Json faults = bad.answer.value("faults", Json::array());
        QCOMPARE(faults.size(), size_t(7)); // format, operations, and five members that are missing
        QCOMPARE(faults[0].value("line", 0), 2);
    }
    void aCommandGoesToTheOwnerWhileOneRuns()
    {
        Setup setup;
        addPractice(setup);
        Gateway gateway;
        gateway.serve(setup);
        const Json status = setup.must({QStringLiteral("status")});
        QCOMPARE(status.value("pid", 0), int(gateway.processId()));
        QVERIFY(!setup
                     .must({QStringLiteral("env"), QStringLiteral("add"), QStringLiteral("mine"), QStringLiteral("--kind"),
                            QStringLiteral("staging")})
                     .empty());
        QCOMPARE(setup.must({QStringLiteral("env"), QStringLiteral("list")}).value("environments", Json::array()).size(), size_t(4));
        Gateway second;
        second.start(binary("countersignctl"), {QStringLiteral("--profile"), setup.profile(), QStringLiteral("serve"),
                                                QStringLiteral("--port"), QStringLiteral("0")});
        QVERIFY(second.waitForFinished());
        QCOMPARE(second.exitCode(), 1);
    }
    void aTakenPortIsAnErrorAndNotAnotherPort()
    {
        Setup one, two;
        Gateway gateway;
        gateway.serve(one);
        Gateway other;
        other.start(binary("countersignctl"), {QStringLiteral("--profile"), two.profile(), QStringLiteral("serve"),
                                               QStringLiteral("--port"), QString::number(QUrl(gateway.url).port())});
        QVERIFY(other.waitForFinished());
        QCOMPARE(other.exitCode(), 1);
        QCOMPARE(other.readAllStandardOutput(), QByteArray());
    }
    void onATerminalTheTypedWordsAllow()
    {
        Setup setup;
        addPractice(setup);
        Terminal terminal(setup);
        QVERIFY2(terminal.shows("\"event\":\"ready\""), terminal.seen.constData());
        QProcess sample;
        sample.start(binary("countersignctl"), {QStringLiteral("--profile"), setup.profile(), QStringLiteral("try")});
        QVERIFY2(terminal.shows("Type: allow create_refund"), terminal.seen.constData());
        QVERIFY(terminal.seen.contains("SANDBOX"));
        terminal.type("yes\n");
        QVERIFY2(terminal.shows("Not understood"), terminal.seen.constData());
        terminal.type("allow create_refund\n");
        QVERIFY2(terminal.shows("Allowed."), terminal.seen.constData());
        QVERIFY(sample.waitForFinished());
        const QByteArray said = sample.readAllStandardOutput();
        QVERIFY2(sample.exitCode() == 0 && said.contains("The call was answered:"), said.constData());
        QCOMPARE(setup.calls()[0].value("decidedBy", ""), std::string("person"));
    }
    void onATerminalDenyTellsTheReason()
    {
        Setup setup;
        addPractice(setup);
        Terminal terminal(setup);
        QVERIFY(terminal.shows("\"event\":\"ready\""));
        QProcess sample;
        sample.start(binary("countersignctl"), {QStringLiteral("--profile"), setup.profile(), QStringLiteral("try")});
        QVERIFY(terminal.shows("Type: allow"));
        terminal.type("deny not today\n");
        QVERIFY(sample.waitForFinished());
        const QByteArray said = sample.readAllStandardOutput();
        QVERIFY2(said.contains("Denied by the person: not today"), said.constData());
    }
    void exportsCanBeVerified()
    {
        Setup setup;
        setup.must({QStringLiteral("pause")});
        const Setup::Done exported =
            setup.ctl({QStringLiteral("log"), QStringLiteral("export"), QStringLiteral("--format"), QStringLiteral("jsonl")});
        QCOMPARE(exported.code, 0);
        const auto verify = [&](const QByteArray &bytes) {
            QFile file(setup.file("export.jsonl"));
            return file.open(QIODevice::WriteOnly) && file.write(bytes) == bytes.size() && file.flush()
                       ? setup.ctl({QStringLiteral("log"), QStringLiteral("verify"), QStringLiteral("--file"), file.fileName()}).code
                       : -1;
        };
        QCOMPARE(verify(exported.out), 0);
        QCOMPARE(verify(QByteArray(exported.out).replace("Paused", "Passed")), 1);
    }
    void rulesGoFromOneProfileToAnother()
    {
        Setup from, to;
        from.must({QStringLiteral("rule"), QStringLiteral("preset"), QStringLiteral("read-only")});
        QProcess process;
        process.start(binary("countersignctl"),
                      {QStringLiteral("--profile"), from.profile(), QStringLiteral("rule"), QStringLiteral("export")});
        QVERIFY(process.waitForFinished());
        const QByteArray file = process.readAllStandardOutput();
        const QStringList words{QStringLiteral("rule"), QStringLiteral("import"), QStringLiteral("-")};
        QVERIFY(to.ctl(words, "[1]").err.contains("This is no file of rules"));
        QCOMPARE(to.must(words, file)["rules"].size(), size_t(2));
        QVERIFY(to.must({QStringLiteral("rule"), QStringLiteral("export")})
                == from.must({QStringLiteral("rule"), QStringLiteral("export")}));
    }
    void aReceiptTellsWhatAClientDid()
    {
        Setup setup;
        addPractice(setup);
        Gateway gateway;
        gateway.serve(setup);
        setup.must({QStringLiteral("try"), QStringLiteral("practice__list_plans")});
        setup.must({QStringLiteral("try")}); // nobody can be asked
        const Json receipt = setup.must({QStringLiteral("log"), QStringLiteral("receipt"), QStringLiteral("try")});
        QVERIFY(receipt["totals"] == (Json{{"calls", 2}, {"allowed", 1}, {"succeeded", 1}, {"denied", 1}}));
        QCOMPARE(receipt["calls"].size(), size_t(2));
        QCOMPARE(receipt["calls"][0].value("tool", ""), std::string("list_plans"));
        QCOMPARE(receipt["tools"].size(), size_t(2));
        QCOMPARE(receipt["tools"][1].value("denied", 0), 1);
        // The head is that of the log.
        const Json verdict = setup.must({QStringLiteral("log"), QStringLiteral("verify")});
        QVERIFY(receipt["log"]["head"] == verdict["head"]);
        QVERIFY(receipt["log"]["rows"] == verdict["rows"]);
        const Json why =
            setup.must({QStringLiteral("rule"), QStringLiteral("explain"), QString::fromStdString(receipt["calls"][0].value("call", ""))});
        QCOMPARE(why.value("by", ""), std::string("default"));
    }
    void aHiddenToolIsGoneFromTheListOfThatClient()
    {
        Setup setup;
        addPractice(setup);
        setup.addClient();
        const QStringList tools{QStringLiteral("connection"), QStringLiteral("tools"),    QStringLiteral("practice"),
                                QStringLiteral("sandbox"),    QStringLiteral("--client"), QStringLiteral("tester")};
        QVERIFY(setup.must(tools + QStringList{QStringLiteral("--hide"), QStringLiteral("delete_gate")}).value("hidden", false));
        const auto hidden = [&] {
            int count = 0;
            const Json listed = setup.must(tools);
            for (const Json &tool : listed["tools"])
                count += int(tool["hiddenFrom"].size());
            return count;
        };
        QCOMPARE(hidden(), 1);
        QVERIFY(!setup.must(tools + QStringList{QStringLiteral("--show"), QStringLiteral("delete_gate")}).value("hidden", true));
        QCOMPARE(hidden(), 0);
    }
    void noKeyringMeansAClearErrorAndNothingStored()
    {
        Setup setup;
        setup.must({QStringLiteral("connection"), QStringLiteral("add"), QStringLiteral("acme"), QStringLiteral("--url"),
                    QStringLiteral("http://127.0.0.1:9/mcp"), QStringLiteral("--auth"), QStringLiteral("bearer")});
        QProcessEnvironment environment = QProcessEnvironment::systemEnvironment();
        environment.remove(QStringLiteral("DBUS_SESSION_BUS_ADDRESS"));
        environment.remove(QStringLiteral("DISPLAY"));
        environment.insert(QStringLiteral("XDG_RUNTIME_DIR"), setup.profile());
        QProcess process;
        process.setProcessEnvironment(environment);
        process.start(binary("countersignctl"),
                      {QStringLiteral("--json"), QStringLiteral("--profile"), setup.profile(), QStringLiteral("key"), QStringLiteral("set"),
                       QStringLiteral("acme"), QStringLiteral("sandbox")});
        process.write("sk_test_0123456789abcdef\n");
        process.closeWriteChannel();
        QVERIFY(process.waitForFinished());
        QCOMPARE(process.exitCode(), 1);
        const QByteArray out = process.readAllStandardOutput();
        QVERIFY2(out.contains("secret-unavailable"), out.constData());
        QCOMPARE(setup.must({QStringLiteral("key"), QStringLiteral("list")}).value("keys", Json::array()).size(), size_t(0));
    }
};

COUNTERSIGN_TEST(tst_Commands)
#include "tst_Commands.moc"
