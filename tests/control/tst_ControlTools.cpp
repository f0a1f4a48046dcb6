// SPDX-FileCopyrightText: 2026 The Countersign authors
// SPDX-License-Identifier: GPL-3.0-or-later
#include "ControlFixture.h"
#include "support/Runner.h"

using namespace mcpcore;

namespace {

Json place(const char *id = "acme", const char *environment = "sandbox")
{
    return {{"id", id}, {"environment", environment}};
}

Json from(const char *client, const char *tool)
{
    Json parameters = place();
    parameters["client"] = client;
    parameters["tool"] = tool;
    return parameters;
}

} // namespace

class tst_ControlTools : public QObject
{
    Q_OBJECT
private Q_SLOTS:
    void toolsAreListedWithTheirStateAndTrusted()
    {
        ControlFixture fixture;
        Json tools = fixture.must("connection tools", place())["tools"];
        QCOMPARE(tools.size(), size_t(1));
        QCOMPARE(tools[0]["name"].get<QString>(), QStringLiteral("echo"));
        QCOMPARE(tools[0]["state"].get<QString>(), QStringLiteral("quarantined"));
        QCOMPARE(tools[0]["hiddenFrom"].size(), size_t(0));
        Json parameters = place();
        parameters["tools"] = {"echo"};
        parameters["class"] = "read";
        QCOMPARE(fixture.must("connection trust", parameters)["trusted"].get<int>(), 1);
        tools = fixture.must("connection tools", place())["tools"];
        QCOMPARE(tools[0]["state"].get<QString>(), QStringLiteral("trusted"));
        QCOMPARE(tools[0]["class"].get<QString>(), QStringLiteral("read"));
    }
    void trustNamesWhatItCannotDo_data()
    {
        QTest::addColumn<QString>("parameters");
        QTest::addColumn<QString>("says");
        const auto row = [](const char *parameters, const char *says) {
            QTest::newRow(says) << QString::fromLatin1(parameters) << QString::fromLatin1(says);
        };
        row("{\"id\":\"nobody\",\"environment\":\"sandbox\",\"all\":true}", "There is no connection nobody");
        row("{\"id\":\"acme\",\"environment\":\"staging\",\"all\":true}", "acme has no environment staging");
        row("{\"id\":\"acme\",\"environment\":\"sandbox\"}", "Name the tools to trust, or say --all");
        row("{\"id\":\"acme\",\"environment\":\"sandbox\",\"all\":true,\"class\":\"mild\"}", "There is no class mild");
        row("{\"id\":\"acme\",\"environment\":\"sandbox\",\"tools\":[\"gone\"]}", "acme lists no tool gone");
    }
    void trustNamesWhatItCannotDo()
    {
        QFETCH(QString, parameters);
        QFETCH(QString, says);
        ControlFixture fixture;
        const QString refusal = refusalOf(fixture.run("connection trust", *parseJson(parameters.toStdString())));
        QVERIFY2(refusal.contains(says), qPrintable(refusal));
        QVERIFY(fixture.space().trusts.isEmpty());
    }
    void aToolIsHiddenFromOneClientAndShownAgain()
    {
        ControlFixture fixture;
        fixture.addClient();
        QCOMPARE(fixture.must("connection hide", from("cursor", "echo"))["hidden"].get<bool>(), true);
        QCOMPARE(fixture.must("connection hide", from("cursor", "echo"))["hidden"].get<bool>(), true); // once more is no harm
        QCOMPARE(fixture.space().hidden.size(), 1);
        Json parameters = place();
        const auto hiddenFrom = [&] { return fixture.must("connection tools", parameters)["tools"][0]["hiddenFrom"]; };
        QCOMPARE(hiddenFrom()[0].get<QString>(), QStringLiteral("cursor"));
        parameters["client"] = "zed";
        QCOMPARE(hiddenFrom().size(), size_t(0));
        // It is in the file, not only in memory.
        const auto read = WorkspaceFile::open(fixture.folder.filePath(QStringLiteral("workspace.json")));
        QVERIFY(read);
        QCOMPARE((*read)->current().hidden, fixture.space().hidden);
        QCOMPARE(fixture.must("connection unhide", from("cursor", "echo"))["hidden"].get<bool>(), false);
        QVERIFY(fixture.space().hidden.isEmpty());
    }
    void hidingWorksWhileTheServerIsAwayWhenTheToolIsTrusted()
    {
        ControlFixture fixture;
        fixture.trust();
        fixture.server.refusesToStart = true;
        QVERIFY(fixture.run("connection hide", from("cursor", "echo")));
        QCOMPARE(fixture.space().hidden.size(), 1);
    }
    void hidingNamesWhatItCannotDo_data()
    {
        QTest::addColumn<QString>("parameters");
        QTest::addColumn<QString>("says");
        const auto row = [](const char *client, const char *tool, const char *says) {
            QTest::newRow(says) << QString::fromUtf8(toBytes(from(client, tool))) << QString::fromLatin1(says);
        };
        row("", "echo", "Name the client and the tool");
        row("cursor", "", "Name the client and the tool: --client C --hide TOOL");
        row("hal", "echo", "There is no client hal");
        row("cursor", "ecoh", "acme lists no tool ecoh");
    }
    void hidingNamesWhatItCannotDo()
    {
        QFETCH(QString, parameters);
        QFETCH(QString, says);
        ControlFixture fixture;
        const QString refusal = refusalOf(fixture.run("connection hide", *parseJson(parameters.toStdString())));
        QVERIFY2(refusal.contains(says), qPrintable(refusal));
        QVERIFY(fixture.space().hidden.isEmpty());
    }
    void showingWhatIsNotHiddenIsSaid()
    {
        ControlFixture fixture;
        const QString refusal = refusalOf(fixture.run("connection unhide", from("cursor", "echo")));
        QCOMPARE(refusal, QStringLiteral("The tool echo is not hidden from cursor."));
    }
    void whatIsHiddenGoesWithItsConnection()
    {
        ControlFixture fixture;
        fixture.trust();
        fixture.must("connection hide", from("cursor", "echo"));
        QVERIFY(fixture.run("connection remove", {{"id", "acme"}}));
        QVERIFY(fixture.space().hidden.isEmpty() && fixture.space().trusts.isEmpty());
    }
};

COUNTERSIGN_TEST(tst_ControlTools)
#include "tst_ControlTools.moc"
