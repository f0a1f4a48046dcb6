// SPDX-FileCopyrightText: 2026 The Countersign authors
// SPDX-License-Identifier: GPL-3.0-or-later
#include "KeysBench.h"
#include "support/Runner.h"
#include <QLineEdit>
#include <QSignalSpy>

using namespace ui;

namespace {

struct Bench : KeysPage {
    Bench()
    {
        for (mcpcore::Connection &connection : desk.space.connections)
            if (connection.id.text == QLatin1String("stripe"))
                connection.environments = {sandbox};
        addConnection("mine", "https://mcp.mine.example/mcp").vendor.clear();
        desk.space.connections.last().environments = {sandbox};
        desk.space.connections.append(
            {{QStringLiteral("local")},
             {},
             {sandbox},
             mcpcore::StdioTarget{QStringLiteral("/usr/bin/server"), {QStringLiteral("--folder"), QStringLiteral("my files")}, {}},
             {}});
        Q_EMIT desk.workspaceChanged();
        settle();
    }
    QLineEdit *address() { return the<QLineEdit>("place.address"); }
};

} // namespace

// A connection comes to another environment.
class tst_PlacePanel : public QObject
{
    Q_OBJECT
private Q_SLOTS:
    void theEmptyCellLeadsToTheVendorsServer()
    {
        Bench bench;
        QSignalSpy said(&bench.page, &Page::said);
        bench.click("connections.act.stripe.production");
        QCOMPARE(bench.address()->text(), QStringLiteral("https://mcp.stripe.com"));
        QVERIFY(bench.address()->hasFocus());
        QCOMPARE(bench.text("place.what"), QStringLiteral("https://mcp.stripe.com"));
        QCOMPARE(bench.the<QAbstractButton>("place.add")->accessibleName(), QStringLiteral("Use it in PRODUCTION"));
        QVERIFY(!bench.shows("key.card"));
        QCOMPARE(faultsOf(bench.page).join(QLatin1Char(';')), QString());
        bench.click("place.add"); // not armed
        QVERIFY(bench.desk.placed.isEmpty());
        bench.clickArmed("place.add");
        QCOMPARE(bench.desk.placed.size(), 1);
        QCOMPARE(bench.desk.placed[0].first.first.text, QStringLiteral("stripe"));
        QCOMPARE(bench.desk.placed[0].first.second, bench.production);
        QCOMPARE(bench.desk.placed[0].second, QStringLiteral("https://mcp.stripe.com"));
        QCOMPARE(said.last().first().toString(), QStringLiteral("stripe can be used in PRODUCTION now."));
        QVERIFY(!bench.shows("place"));
        QVERIFY(bench.shows("key.card"));
    }
    void whereNoPackKnowsTheServerItsAddressIsGiven()
    {
        Bench bench;
        bench.click("connections.act.mine.staging");
        QCOMPARE(bench.address()->text(), QString()); // that of another environment would be the wrong one
        for (int step = 0; step < 30; ++step)
            bench.clock.advance(std::chrono::milliseconds(100));
        QVERIFY(!bench.the("place.add")->isEnabled());
        QTest::keyClicks(bench.address(), QStringLiteral("https://staging.mine.example/mcp"));
        QCOMPARE(bench.text("place.what"), QStringLiteral("https://staging.mine.example"));
        bench.clickArmed("place.add");
        QCOMPARE(bench.desk.placed.last().second, QStringLiteral("https://staging.mine.example/mcp"));
    }
    void anotherAddressHasToBeLookedAtAgain()
    {
        Bench bench;
        bench.click("connections.act.stripe.production");
        bench.arm("place.add");
        QTest::keyClicks(bench.address(), QStringLiteral(".example"));
        QVERIFY(!bench.the<ArmedButton>("place.add")->isArmed());
    }
    void aProgramIsShownAsItWillBeRun()
    {
        Bench bench;
        bench.click("connections.act.local.production");
        QVERIFY(!bench.shows("place.address"));
        QCOMPARE(bench.text("place.what"), QStringLiteral("/usr/bin/server --folder 'my files'"));
        bench.clickArmed("place.add");
        QCOMPARE(bench.desk.placed.last().second, QString());
    }
    void whatIsRefusedIsSaid()
    {
        Bench bench;
        bench.click("connections.act.stripe.production");
        bench.desk.refusal = QStringLiteral("Nothing was changed.");
        bench.clickArmed("place.add");
        QCOMPARE(bench.note("place.trouble"), QStringLiteral("Nothing was changed."));
        bench.open("stripe", bench.staging);
        QVERIFY(!bench.shows("place.trouble"));
    }
    void whereItCannotBeNothingIsOffered()
    {
        Bench bench;
        bench.open("stack", bench.sandbox); // the vendor has none
        QVERIFY(!bench.shows("place"));
        QVERIFY(!bench.page.findChild<QWidget *>(QStringLiteral("connections.act.stack.sandbox")));
        bench.open("stripe", bench.sandbox); // it is there
        QVERIFY(!bench.shows("place"));
    }
};

COUNTERSIGN_TEST(tst_PlacePanel)
#include "tst_PlacePanel.moc"
