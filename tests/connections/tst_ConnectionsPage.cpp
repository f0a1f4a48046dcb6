// SPDX-FileCopyrightText: 2026 The Countersign authors
// SPDX-License-Identifier: GPL-3.0-or-later
#include "ConnectionsBench.h"
#include "support/Runner.h"
#include "support/WindowBench.h"
#include <QSignalSpy>

using namespace ui;

namespace {

struct Bench : ConnectionsBench {
    explicit Bench(int width = 1180)
    {
        page.resize(width, 700);
        page.show();
        [&] { QVERIFY(QTest::qWaitForWindowActive(&page)); }();
    }
    template <typename Widget = QWidget> Widget *the(const char *name) { return page.findChild<Widget *>(QLatin1String(name)); }
    ConnectionGrid *grid() { return page.findChild<ConnectionGrid *>(); }
    QString cell(int row, int column) { return grid()->model()->index(row, column).data().toString(); }
    QAbstractButton *act(int row, int column)
    {
        return qobject_cast<QAbstractButton *>(grid()->indexWidget(grid()->model()->index(row, column)));
    }
    bool detailIsOpen() { return the("connections.detail")->isVisible(); }
    QString detailName() { return the<QLabel>("connections.detail.name")->text(); }

    Theme theme;
    ConnectionsPage page{desk, theme, clock};
};

} // namespace

class tst_ConnectionsPage : public QObject
{
    Q_OBJECT
private Q_SLOTS:
    void theGridIsConnectionsByEnvironments()
    {
        Bench bench;
        const auto *model = bench.grid()->model();
        QCOMPARE(model->rowCount(), 4);
        QCOMPARE(model->columnCount(), 3);
        QCOMPARE(model->headerData(2, Qt::Horizontal, Qt::DisplayRole).toString(), QStringLiteral("PRODUCTION"));
        QCOMPARE(model->headerData(0, Qt::Vertical, Qt::DisplayRole).toString(), QStringLiteral("acme"));
        QCOMPARE(bench.cell(0, 0), QStringLiteral("Signed in"));
        QCOMPARE(bench.cell(0, 1), QStringLiteral("Not signed in"));
        QCOMPARE(bench.cell(1, 2), QStringLiteral("Does not connect"));
        QCOMPARE(bench.cell(2, 0), QStringLiteral("9 tools wait"));
        QVERIFY(model->index(1, 0).data(Qt::AccessibleTextRole).toString().startsWith(QStringLiteral("stripe, sandbox, Connected, key")));
    }
    void aUserNamedEnvironmentIsAColumnOfItsOwn()
    {
        Bench bench;
        bench.desk.space.environments.append({{QStringLiteral("eu-west")}, mcpcore::EnvironmentKind::Production});
        Q_EMIT bench.desk.workspaceChanged();
        const auto *model = bench.grid()->model();
        QCOMPARE(model->columnCount(), 4);
        QCOMPARE(model->headerData(3, Qt::Horizontal, Qt::DisplayRole).toString(), QStringLiteral("EU-WEST"));
        QVERIFY(model->index(1, 3).data(Qt::AccessibleTextRole).toString().startsWith(QStringLiteral("stripe, eu-west")));
    }
    void aCellHasOneButtonWhereSomethingIsMissing()
    {
        Bench bench;
        QVERIFY(!bench.act(0, 0));
        QVERIFY(bench.act(0, 1));
        QCOMPARE(bench.act(0, 2)->accessibleName(), QStringLiteral("Sign in again: acme, production, The sign-in ended, locked"));
        QVERIFY(bench.act(1, 1));
        QVERIFY(bench.act(2, 1));
        QVERIFY(!bench.act(3, 2));
        // It lies inside its cell, below the words.
        const QRect cell = bench.grid()->visualRect(bench.grid()->model()->index(0, 1));
        QVERIFY(cell.contains(bench.act(0, 1)->geometry()));
        QVERIFY(bench.act(0, 1)->y() > cell.center().y() - 10);
    }
    void theButtonOfACellBeginsTheSignIn()
    {
        Bench bench;
        QTest::mouseClick(bench.act(0, 2), Qt::LeftButton);
        QCOMPARE(bench.desk.signIns.size(), size_t(1));
        QCOMPARE(bench.desk.signIns[0].connection.text, QStringLiteral("acme"));
        QCOMPARE(bench.desk.signIns[0].environment, bench.production);
        QVERIFY(bench.detailIsOpen());
        QCOMPARE(bench.cell(0, 2), QStringLiteral("Asking where to sign in"));
        QTRY_VERIFY(!bench.act(0, 2));
        QVERIFY(bench.grid()->hasFocus()); // not the button of another cell
        QCOMPARE(bench.grid()->selected().environment, bench.production);
    }
    void theButtonOfAMissingKeyOpensItsForm()
    {
        Bench bench;
        QTest::mouseClick(bench.act(1, 1), Qt::LeftButton);
        QVERIFY(bench.detailIsOpen());
        QVERIFY(bench.the("key.form")->isVisible());
        QVERIFY(bench.the("key.secret")->hasFocus());
        QVERIFY(bench.desk.signIns.empty());
    }
    void theStatesAreAskedWhenShownAndWhenTheDeskTells()
    {
        Bench bench;
        QCOMPARE(bench.desk.statesAsked, 1);
        Q_EMIT bench.desk.connectionsChanged();
        QCOMPARE(bench.desk.statesAsked, 2);
        bench.clock.advance(std::chrono::minutes(30)); // nothing polls
        QCOMPARE(bench.desk.statesAsked, 2);
        bench.page.hide();
        Q_EMIT bench.desk.connectionsChanged();
        Q_EMIT bench.desk.workspaceChanged();
        QCOMPARE(bench.desk.statesAsked, 2);
        bench.page.show();
        QCOMPARE(bench.desk.statesAsked, 3);
    }
    void anAccessThatEndsIsLookedAtAgain()
    {
        Bench bench;
        const int asked = bench.desk.statesAsked;
        auto &signIn = *bench.state("acme", bench.sandbox).signIn;
        signIn.kind = mcpcore::SignInState::Kind::SignInAgain;
        bench.clock.advance(std::chrono::minutes(59));
        QCOMPARE(bench.desk.statesAsked, asked);
        bench.clock.advance(std::chrono::minutes(2));
        QCOMPARE(bench.desk.statesAsked, asked + 1);
        QCOMPARE(bench.cell(0, 0), QStringLiteral("The sign-in ended"));
    }
    void whatCannotBeAskedIsSaid()
    {
        Bench bench;
        bench.desk.refusal = QStringLiteral("Countersign could not start.");
        Q_EMIT bench.desk.connectionsChanged();
        QVERIFY(bench.the("connections.problem")->isVisible());
        bench.desk.refusal.clear();
        Q_EMIT bench.desk.connectionsChanged();
        QVERIFY(!bench.the("connections.problem")->isVisible());
    }
    void arrowsMoveEnterOpensEscapeCloses()
    {
        Bench bench;
        QVERIFY(bench.grid()->hasFocus());
        QTest::keyClick(bench.grid(), Qt::Key_Down);
        QTest::keyClick(bench.grid(), Qt::Key_Return);
        QVERIFY(bench.detailIsOpen());
        QTest::keyClick(bench.grid(), Qt::Key_Down);
        const QString second = bench.detailName();
        QTest::keyClick(bench.grid(), Qt::Key_Down);
        QVERIFY(bench.detailName() != second);
        QVERIFY(bench.page.leave());
        QVERIFY(!bench.detailIsOpen());
        QVERIFY(bench.grid()->hasFocus());
        QVERIFY(!bench.page.leave());
    }
    void theDetailFollowsItsPlaceAndGoesWithIt()
    {
        Bench bench;
        bench.grid()->select({{QStringLiteral("stripe")}, bench.sandbox});
        QCOMPARE(bench.detailName(), QStringLiteral("stripe"));
        bench.desk.space.connections.removeFirst();
        Q_EMIT bench.desk.workspaceChanged();
        QVERIFY(bench.detailIsOpen());
        QCOMPARE(bench.detailName(), QStringLiteral("stripe"));
        QCOMPARE(bench.grid()->selected().connection.text, QStringLiteral("stripe"));
        bench.desk.space.connections.removeFirst();
        Q_EMIT bench.desk.workspaceChanged();
        QVERIFY(!bench.detailIsOpen());
    }
    void belowItsWidthTheDetailCoversTheGrid()
    {
        Bench bench(1039);
        QVERIFY(bench.grid()->isVisible());
        QTest::keyClick(bench.grid(), Qt::Key_Down); // moving alone covers nothing
        QVERIFY(bench.grid()->isVisible());
        QTest::mouseClick(bench.grid()->viewport(), Qt::LeftButton, {},
                          bench.grid()->visualRect(bench.grid()->model()->index(0, 0)).center());
        QVERIFY(bench.detailIsOpen());
        QVERIFY(!bench.grid()->isVisible());
        QVERIFY(bench.page.leave());
        QVERIFY(bench.grid()->isVisible());
        bench.page.resize(1040, 700);
        QTRY_COMPARE(bench.page.width(), 1040);
        bench.grid()->select({{QStringLiteral("acme")}, bench.sandbox});
        QVERIFY(bench.detailIsOpen());
        QVERIFY(bench.grid()->isVisible());
    }
    void withoutConnectionsThePageSaysWhatToDo()
    {
        Bench bench;
        bench.desk.space.connections.clear();
        Q_EMIT bench.desk.workspaceChanged();
        QCOMPARE(bench.the<QLabel>("empty.title")->text(), QStringLiteral("No vendor is connected"));
        QVERIFY(bench.the("empty.title")->isVisible());
        QVERIFY(!bench.grid()->isVisible());
        QTest::mouseClick(bench.the<QAbstractButton>("connections.add-first"), Qt::LeftButton);
        QVERIFY(bench.the("add")->isVisible());
        QVERIFY(bench.page.leave());
        QVERIFY(!bench.detailIsOpen());
        QTest::mouseClick(bench.the<QAbstractButton>("connections.practice"), Qt::LeftButton);
        QCOMPARE(bench.desk.practices, 1);
        QSignalSpy said(&bench.page, &Page::said);
        bench.desk.refusal = QStringLiteral("The keychain is locked.");
        QTest::mouseClick(bench.the<QAbstractButton>("connections.practice"), Qt::LeftButton);
        QCOMPARE(said.last().first().toString(), QStringLiteral("The keychain is locked."));
        QVERIFY(bench.the("connections.practice")->isEnabled());
    }
    void longAndHostileNamesStayPlainAndInTheirPlace()
    {
        Bench bench;
        auto &hostile = bench.desk.space.connections[0];
        hostile.id.text = QStringLiteral("<a href='x'>\u202E&") + QString(200, QLatin1Char('W'));
        bench.desk.space.environments[0].id.text = QStringLiteral("s\u200Bandbox<b>");
        Q_EMIT bench.desk.workspaceChanged();
        const auto *model = bench.grid()->model();
        QVERIFY(model->headerData(0, Qt::Vertical, Qt::DisplayRole).toString().startsWith(QStringLiteral("<a href='x'>[U+202E]&")));
        QCOMPARE(model->headerData(0, Qt::Horizontal, Qt::DisplayRole).toString(), QStringLiteral("S[U+200B]ANDBOX<B>"));
        bench.grid()->select({hostile.id, bench.desk.space.environments[0].id});
        QVERIFY(bench.detailIsOpen());
        QVERIFY(bench.the("connections.detail")->width() <= 400);
        QCOMPARE(faultsOf(bench.page).join(QLatin1Char(';')), QString());
        QVERIFY(!bench.grid()->grab().isNull()); // and it is painted
    }
    void everythingHasANameForReaders()
    {
        Bench bench;
        for (const char *connection : {"acme", "stripe", "billing", "practice"}) {
            for (const auto &environment : {bench.sandbox, bench.staging, bench.production}) {
                bench.grid()->select({{QLatin1String(connection)}, environment});
                QCOMPARE(faultsOf(bench.page).join(QLatin1Char(';')), QString());
            }
        }
    }
    void inTheWindowItIsAPageLikeTheOthers()
    {
        WindowBench window;
        auto *page = new ConnectionsPage(window.desk, window.themes.theme(), window.clock);
        window.window.addPage(page);
        window.show();
        QTest::keyClick(&window.window, Qt::Key_3, Qt::ControlModifier);
        QCOMPARE(window.window.currentPage(), page);
        QCOMPARE(window.desk.statesAsked, 1);
    }
};

COUNTERSIGN_TEST(tst_ConnectionsPage)
#include "tst_ConnectionsPage.moc"
