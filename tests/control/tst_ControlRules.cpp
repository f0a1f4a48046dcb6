// SPDX-FileCopyrightText: 2026 The Countersign authors
// SPDX-License-Identifier: GPL-3.0-or-later
#include "ControlFixture.h"
#include "support/Runner.h"

using namespace mcpcore;

namespace {

Json allowEcho()
{
    return {{"effect", "allow"}, {"connection", "acme"}, {"tool", "echo"}};
}

} // namespace

class tst_ControlRules : public QObject
{
    Q_OBJECT
private Q_SLOTS:
    void whatIsExportedCanBeImportedIntoAnotherProfile()
    {
        ControlFixture from;
        from.must("rule add", {{"rule", allowEcho()}});
        from.must("rule add",
                  {{"rule", {{"effect", "deny"}, {"where", {{{"pointer", "/amount"}, {"op", ">"}, {"value", 5000}}}}, {"note", "much"}}}});
        const Json file = from.must("rule export");
        QCOMPARE(file["rules"].size(), size_t(2));
        QVERIFY(!file["rules"][0].contains("id") && !file["rules"][0].contains("created") && !file["rules"][0].contains("sentence"));
        ControlFixture to;
        const Json imported = to.must("rule import", file);
        QCOMPARE(imported["rules"].size(), size_t(2));
        QVERIFY(sameJson(to.must("rule export"), file));
    }
    void importingTheSameAgainChangesNothing()
    {
        ControlFixture fixture;
        fixture.must("rule add", {{"rule", allowEcho()}});
        const Json again = fixture.must("rule import", {{"rules", {allowEcho(), allowEcho(), {{"effect", "ask"}, {"note", "new"}}}}});
        QCOMPARE(again["rules"].size(), size_t(1));
        QCOMPARE(again["unchanged"].get<int>(), 2);
        QCOMPARE(fixture.space().rules.size(), 2);
    }
    void aFileWithOneBadRuleAddsNothing_data()
    {
        QTest::addColumn<QString>("file");
        QTest::addColumn<QString>("says");
        const auto row = [](const char *name, const char *file, const char *says) {
            QTest::newRow(name) << QString::fromLatin1(file) << QString::fromLatin1(says);
        };
        row("no rules", "{}", "This is no file of rules");
        row("something else beside them", "{\"rules\":[{\"effect\":\"ask\"}],\"keys\":[]}", "This is no file of rules");
        row("no list", "{\"rules\":{}}", "This is no file of rules");
        row("an empty list", "{\"rules\":[]}", "1 to 1000 rules");
        row("no effect", "{\"rules\":[{\"effect\":\"ask\"},{\"tool\":\"x\"}]}", "Rule 2 of the file cannot be used: \"effect\" is missing");
        row("an unknown member", "{\"rules\":[{\"effect\":\"ask\",\"sentence\":\"x\"}]}", "\"sentence\" is not known");
        row("a connection that is not here", "{\"rules\":[{\"effect\":\"ask\"},{\"effect\":\"allow\",\"connection\":\"nobody\"}]}",
            "Rule 2 of the file cannot be used: it names the connection nobody, which does not exist.");
        row("an environment that is not here", "{\"rules\":[{\"effect\":\"ask\",\"environment\":\"mars\"}]}", "the environment mars");
        row("a client that is not here", "{\"rules\":[{\"effect\":\"ask\",\"client\":\"hal\"}]}", "the client hal");
        row("limits", "{\"rules\":[{\"effect\":\"allow\",\"limits\":{}}]}", "limits");
    }
    void aFileWithOneBadRuleAddsNothing()
    {
        QFETCH(QString, file);
        QFETCH(QString, says);
        ControlFixture fixture;
        const QString refusal = refusalOf(fixture.run("rule import", *parseJson(file.toStdString())));
        QVERIFY2(refusal.contains(says), qPrintable(refusal));
        QVERIFY(fixture.space().rules.isEmpty());
    }
    void onAnAppOwnedProfileOnlyWhatAllowsIsAsked()
    {
        ControlFixture fixture;
        fixture.giveToApp();
        QVERIFY(fixture.run("rule import", {{"rules", {{{"effect", "deny"}}, {{"effect", "ask"}}}}}));
        QCOMPARE(fixture.question, QString());
        QCOMPARE(fixture.run("rule import", {{"rules", {{{"effect", "ask-typed"}}, allowEcho()}}}).error().kind, Error::Kind::NeedsPerson);
        QCOMPARE(fixture.question, QStringLiteral("Import 2 rules? This allows: Allow the tool echo of acme."));
        QVERIFY(fixture.questionDetail.contains(QStringLiteral("ask-typed")));
        QCOMPARE(fixture.space().rules.size(), 2);
        fixture.personIsThere = true;
        QVERIFY(fixture.run("rule import", {{"rules", {{{"effect", "ask-typed"}}, allowEcho()}}}));
        QCOMPARE(fixture.space().rules.size(), 4);
        // It is all there by now: nothing is widened.
        QVERIFY(fixture.run("rule import", {{"rules", {allowEcho()}}}));
        QCOMPARE(fixture.question, QString());
    }
    void aPresetIsAddedOnceAndItsRulesAreRulesLikeOthers()
    {
        ControlFixture fixture;
        QCOMPARE(fixture.must("rule presets")["presets"].size(), size_t(3));
        QCOMPARE(fixture.must("rule preset", {{"name", "read-only"}})["rules"].size(), size_t(2));
        const Json again = fixture.must("rule preset", {{"name", "read-only"}});
        QCOMPARE(again["rules"].size(), size_t(0));
        QCOMPARE(again["unchanged"].get<int>(), 2);
        const Json rules = fixture.must("rule list")["rules"];
        QCOMPARE(rules.size(), size_t(2));
        QVERIFY(fixture.run("rule remove", {{"id", rules[0]["id"]}}));
        QCOMPARE(fixture.space().rules.size(), 1);
        const QString refusal = refusalOf(fixture.run("rule preset", {{"name", "nope"}}));
        QVERIFY2(refusal.contains(QStringLiteral("There are: read-only, ask-everything, sandbox-free.")), qPrintable(refusal));
    }
    void explainTellsTheRuleTheFloorAndTheDefault()
    {
        ControlFixture fixture;
        const auto explain = [&](const char *description) { return fixture.must("rule explain", {{"call", description}}); };
        Json answer = explain("{\"connection\":\"acme\",\"environment\":\"sandbox\",\"tool\":\"pay\",\"class\":\"write\"}");
        QCOMPARE(answer["effect"].get<QString>(), QStringLiteral("allow"));
        QCOMPARE(answer["by"].get<QString>(), QStringLiteral("default"));
        fixture.must("rule preset", {{"name", "sandbox-free"}});
        fixture.must("rule add", {{"rule", {{"effect", "allow"}, {"client", "cursor"}}}});
        answer =
            explain("{\"client\":\"cursor\",\"connection\":\"acme\",\"environment\":\"production\",\"tool\":\"pay\",\"class\":\"money\"}");
        QCOMPARE(answer["effect"].get<QString>(), QStringLiteral("ask-typed"));
        QCOMPARE(answer["by"].get<QString>(), QStringLiteral("floor"));
        QCOMPARE(answer["matching"].size(), size_t(1));
        QVERIFY(answer["refused"].get<QString>().contains(QStringLiteral("cursor acts in sandbox now")));
        fixture.must("rule add", {{"rule", {{"effect", "deny"}, {"where", {{{"pointer", "/n"}, {"op", ">"}, {"value", 5}}}}}}});
        answer =
            explain("{\"connection\":\"acme\",\"environment\":\"sandbox\",\"tool\":\"pay\",\"class\":\"read\",\"arguments\":{\"n\":6}}");
        QCOMPARE(answer["effect"].get<QString>(), QStringLiteral("deny"));
        QCOMPARE(answer["by"].get<QString>(), QStringLiteral("rule"));
        QCOMPARE(answer["rule"].get<QString>(), fixture.space().rules.last().id.text);
        answer =
            explain("{\"connection\":\"acme\",\"environment\":\"sandbox\",\"tool\":\"pay\",\"class\":\"read\",\"arguments\":{\"n\":5}}");
        QCOMPARE(answer["effect"].get<QString>(), QStringLiteral("allow"));
        // Nobody has trusted it.
        QVERIFY(answer["refused"].get<QString>().contains(QStringLiteral("quarantine")));
        // A name that says more than the class.
        answer = explain(
            "{\"connection\":\"acme\",\"environment\":\"sandbox\",\"tool\":\"delete_x\",\"class\":\"read\",\"arguments\":{\"n\":1}}");
        QCOMPARE(answer["class"].get<QString>(), QStringLiteral("destructive"));
    }
    void explainReplaysALoggedCallAgainstTheRulesOfNow()
    {
        ControlFixture fixture;
        fixture.trust(QStringLiteral("sandbox"), ToolClass::Write);
        fixture.connectClient();
        fixture.call("1", "{\"n\":6}");
        QTRY_VERIFY(fixture.answers.contains("1"));
        const auto reader = LogReader::open(fixture.logPath());
        const QString call = (*reader)->calls({}, 0, 1)->first().call;
        Json answer = fixture.must("rule explain", {{"call", call}});
        QCOMPARE(answer["call"].get<QString>(), call);
        QCOMPARE(answer["effect"].get<QString>(), QStringLiteral("allow"));
        QCOMPARE(answer["then"]["decision"].get<QString>(), QStringLiteral("allowed"));
        QCOMPARE(answer["then"]["by"].get<QString>(), QStringLiteral("default"));
        QCOMPARE(answer["redacted"].get<bool>(), false);
        QVERIFY(!answer.contains("refused"));
        fixture.must("rule add", {{"rule", {{"effect", "deny"}, {"where", {{{"pointer", "/n"}, {"op", ">"}, {"value", 5}}}}}}});
        fixture.must("pause");
        answer = fixture.must("rule explain", {{"call", call}});
        QCOMPARE(answer["effect"].get<QString>(), QStringLiteral("deny"));
        QCOMPARE(answer["then"]["decision"].get<QString>(), QStringLiteral("allowed"));
        QVERIFY(answer["refused"].get<QString>().contains(QStringLiteral("Paused")));
    }
    void explainSaysWhenTheLogDoesNotHoldAllThatWasSent()
    {
        ControlFixture fixture;
        fixture.trust(QStringLiteral("sandbox"), ToolClass::Write);
        fixture.connectClient();
        fixture.call("1", "{\"password\":\"correct horse battery\"}");
        QTRY_VERIFY(fixture.answers.contains("1"));
        const auto reader = LogReader::open(fixture.logPath());
        QCOMPARE(fixture.must("rule explain", {{"call", (*reader)->calls({}, 0, 1)->first().call}})["redacted"].get<bool>(), true);
    }
    void explainSaysWhatIsWrongWithTheQuestion_data()
    {
        QTest::addColumn<QString>("call");
        QTest::addColumn<QString>("says");
        const auto row = [](const char *call, const char *says) {
            QTest::newRow(says) << QString::fromLatin1(call) << QString::fromLatin1(says);
        };
        row("", "Say which call");
        row("0123", "The activity log has no call 0123");
        row("{\"connection\":", "line 1");
        row("{\"connection\":\"acme\",\"tool\":\"x\"}", "\"environment\" is missing");
        row("{\"connection\":\"acme\",\"environment\":\"sandbox\",\"tool\":\"x\",\"colour\":1}", "\"colour\" is not known");
        row("{\"connection\":\"acme\",\"environment\":\"sandbox\",\"tool\":\"x\",\"class\":\"mild\"}", "unknown word \"mild\"");
        row("{\"connection\":\"acme\",\"environment\":\"sandbox\",\"tool\":\"x\",\"arguments\":[]}", "\"arguments\" must be an object");
        row("{\"connection\":\"acme\",\"environment\":\"staging\",\"tool\":\"x\"}", "There is no connection acme in staging");
        row("{\"connection\":\"acme\",\"environment\":\"sandbox\",\"tool\":\"x\",\"client\":\"hal\"}", "There is no client hal");
    }
    void explainSaysWhatIsWrongWithTheQuestion()
    {
        QFETCH(QString, call);
        QFETCH(QString, says);
        ControlFixture fixture;
        const QString refusal = refusalOf(fixture.run("rule explain", {{"call", call}}));
        QVERIFY2(refusal.contains(says), qPrintable(refusal));
    }
};

COUNTERSIGN_TEST(tst_ControlRules)
#include "tst_ControlRules.moc"
